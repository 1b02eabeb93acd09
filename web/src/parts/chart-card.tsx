// parts/chart-card.tsx: a card with a chart, the same numbers as a table, and a way to take them.
// SPDX-License-Identifier: MIT

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { Column } from "../chart/columns";
import type { Series } from "../chart/bars";
import { exact, NONE, tokens } from "../format";
import type { Cell, Grid } from "../grid";
import { tableShown } from "../state/keys";
import { Copy } from "./copy";
import { Icon } from "./icon";

interface ChartCardProps {
  id: string;
  title: string;
  /** instead of the title's words alone */
  heading?: ComponentChildren;
  /** between title and buttons */
  aside?: ComponentChildren;
  /** before the buttons */
  controls?: ComponentChildren;
  grid: () => Grid;
  children: ComponentChildren;
  foot?: ComponentChildren;
  plain?: boolean;
}

export function ChartCard(props: ChartCardProps) {
  const { id, title, heading, aside, controls, grid, children, foot, plain = false } = props;
  const chart = useRef<HTMLDivElement>(null);
  return (
    <section class={plain ? "plain" : "card"} aria-labelledby={id}>
      <div class="card-head">
        <h2 id={id}>{heading ?? title}</h2>
        {aside}
        <div class="end">
          {controls}
          <TableButton />
          <Copy title={title} grid={grid} {...(tableShown.value ? {} : { chart })} />
        </div>
      </div>
      <div ref={chart}>
        {tableShown.value ? <GridTable grid={grid()} title={title} /> : children}
      </div>
      {foot}
    </section>
  );
}

function TableButton() {
  const label = tableShown.value ? "Show as chart" : "Show as table";
  return (
    <button
      class="icon-button" type="button" title={`${label} (t)`} aria-label={label}
      aria-pressed={tableShown.value} onClick={() => { tableShown.value = !tableShown.value; }}
    >
      <Icon name="table" />
    </button>
  );
}

function shown(cell: Cell | undefined): string {
  if (cell === null || cell === undefined || cell === 0)
    return NONE;
  return typeof cell === "number" ? exactly(cell) : cell;
}

function exactly(n: number): string {
  return Number.isInteger(n) ? exact(n) : String(n);
}

export function GridTable({ grid, title }: { grid: Grid; title: string }) {
  const [first = "", ...rest] = grid.head;
  return (
    <div class="scroller" role="region" aria-label={`${title}, as a table`} tabIndex={0}>
      <table class="table numbers">
        <caption class="sr">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {rest.map((name) => <th key={name} scope="col" class="n">{name}</th>)}
          </tr>
        </thead>
        <tbody>
          {grid.rows.map((row, i) => (
            <tr key={i}>
              <th scope="row">{row[0]}</th>
              {rest.map((name, k) => <td key={name} class="n">{shown(row[k + 1])}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The numbers behind stacked columns, from the top of the stack down. */
export function columnsGrid(
  head: string, columns: readonly Column[], series: readonly Series[], mark?: string): Grid {
  const order = series.map((s, i) => ({ name: s.name, i })).reverse();
  return {
    head: [head, ...order.map((s) => s.name), "Total", ...(mark === undefined ? [] : [mark])],
    rows: columns.map((c) => [
      c.title, ...order.map((s) => c.values[s.i] ?? 0), c.values.reduce((a, b) => a + b, 0),
      ...(mark === undefined ? [] : [c.mark ?? null]),
    ]),
  };
}

interface LegendProps {
  columns: readonly Column[];
  series: readonly Series[];
  hidden: ReadonlySet<number>;
  onHide: (hidden: ReadonlySet<number>) => void;
  format?: (value: number) => string;
  mark?: string | undefined;
}

/** Entries are buttons that hide a kind. What never occurs is not listed. */
export function Legend({ columns, series, hidden, onHide, format = tokens, mark }: LegendProps) {
  const sums = series.map((s, i) =>
    ({ ...s, i, sum: columns.reduce((n, c) => n + (c.values[i] ?? 0), 0) }));

  function toggle(i: number): void {
    const next = new Set(hidden);
    if (!next.delete(i))
      next.add(i);
    onHide(next);
  }

  return (
    <div class="legend" role="group" aria-label="Kinds">
      {sums.filter((s) => s.sum > 0).reverse().map(({ name, colour, i, sum }) => (
        <button
          key={name} type="button" aria-pressed={!hidden.has(i)} title={format(sum)}
          onClick={() => toggle(i)}
        >
          <span class="swatch" style={{ background: `var(${colour})` }} />
          {name} <b>{format(sum)}</b>
        </button>
      ))}
      {mark !== undefined && <span class="low"><span class="swatch-mark" />{mark}</span>}
    </div>
  );
}
