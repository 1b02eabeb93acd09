// views/usage/by-day.tsx: the stacked columns of a window, their legend, and the table behind them.
// SPDX-License-Identifier: MIT

import { useMemo, useState } from "preact/hooks";
import { Bars } from "../../chart/bars";
import { type Column, columnsOf, type Grain, grainFor, spanOf } from "../../chart/columns";
import { exact, NONE, tokens } from "../../format";
import { Icon } from "../../parts/icon";
import { today } from "../../state/clock";
import { tableShown } from "../../state/keys";
import { refresh } from "../../state/start";
import { shade } from "../../state/theme";
import { type DayUse, KINDS } from "../../usage";
import { chartRange, type WindowId } from "../../window";

interface ByDayProps {
  days: readonly DayUse[];
  window: WindowId;
  error: string | null;
}

const TITLES: Record<Grain, string> = {
  day: "By day", week: "By week", month: "By month", year: "By year",
};
const TOP_DOWN = KINDS.map((kind, series) => ({ ...kind, series })).reverse();

export function ByDay({ days, window, error }: ByDayProps) {
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const day = today.value;
  const { columns, grain } = useMemo(() => {
    const span = spanOf(days, chartRange(window, day), day);
    const grain = grainFor(span.length);
    return { columns: columnsOf(days, span, grain, day), grain };
  }, [days, window, day]);
  const title = window === "day" ? "Last 7 days" : TITLES[grain];

  function toggle(series: number): void {
    const next = new Set(hidden);
    if (!next.delete(series))
      next.add(series);
    setHidden(next);
  }

  return (
    <section class="card" aria-labelledby="by-day">
      <div class="card-head">
        <h2 id="by-day">{title}</h2>
        <Legend columns={columns} hidden={hidden} onToggle={toggle} />
        <TableButton />
      </div>
      {error !== null && (
        <p class="note" role="status">
          <Icon name="warn" />
          <span><b>The last refresh failed.</b> {error}{" "}
            <button class="link" type="button" onClick={refresh}>Try again</button>
          </span>
        </p>
      )}
      {tableShown.value
        ? <NumbersTable columns={columns} title={title} />
        : (
          <Bars
            label={`Tokens ${title.toLowerCase()}, stacked by kind`} columns={columns}
            series={KINDS} hidden={hidden} format={tokens} shade={shade.value}
          />
        )}
    </section>
  );
}

interface LegendProps {
  columns: readonly Column[];
  hidden: ReadonlySet<number>;
  onToggle: (series: number) => void;
}

function Legend({ columns, hidden, onToggle }: LegendProps) {
  return (
    <div class="legend" role="group" aria-label="Kinds of token">
      {TOP_DOWN.map(({ id, name, colour, series }) => {
        const sum = columns.reduce((n, c) => n + (c.values[series] ?? 0), 0);
        return (
          <button
            key={id} type="button" aria-pressed={!hidden.has(series)} title={exact(sum)}
            onClick={() => onToggle(series)}
          >
            <span class="swatch" style={{ background: `var(${colour})` }} />
            {name} <b>{tokens(sum)}</b>
          </button>
        );
      })}
    </div>
  );
}

function TableButton() {
  const label = tableShown.value ? "Show as chart" : "Show as table";
  return (
    <button
      class="icon-button end" type="button" title={`${label} (t)`} aria-label={label}
      aria-pressed={tableShown.value} onClick={() => { tableShown.value = !tableShown.value; }}
    >
      <Icon name="table" />
    </button>
  );
}

function NumbersTable({ columns, title }: { columns: readonly Column[]; title: string }) {
  return (
    <div class="scroller" role="region" aria-label={`${title}, as a table`} tabIndex={0}>
      <table class="table numbers">
        <caption class="sr">Tokens {title.toLowerCase()}, by kind</caption>
        <thead>
          <tr>
            <th scope="col">Period</th>
            {TOP_DOWN.map((k) => <th key={k.id} scope="col" class="n">{k.name}</th>)}
            <th scope="col" class="n">Total</th>
          </tr>
        </thead>
        <tbody>{columns.map((c) => <NumbersRow key={c.key} column={c} />)}</tbody>
      </table>
    </div>
  );
}

function NumbersRow({ column }: { column: Column }) {
  const sum = column.values.reduce((n, value) => n + value, 0);
  const cell = (n: number) => (n === 0 ? NONE : exact(n));
  return (
    <tr>
      <th scope="row">{column.title}</th>
      {TOP_DOWN.map((k) => <td key={k.id} class="n">{cell(column.values[k.series] ?? 0)}</td>)}
      <td class="n">{cell(sum)}</td>
    </tr>
  );
}
