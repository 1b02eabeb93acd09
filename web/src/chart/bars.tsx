// chart/bars.tsx: a stacked column chart that a pointer, a finger and a keyboard can read.
//
// To a screen reader it is a slider along the columns: the arrow keys walk, and each column is read
// out with its sum. The tooltip stands beside its column and never leaves the chart.
// SPDX-License-Identifier: MIT

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Column } from "./columns";
import { GUTTER, makePlot, type Plot } from "./plot";
import { columnWidth, height } from "./stack";

export interface Series {
  name: string;
  colour: string;
}

interface BarsProps {
  label: string;
  columns: readonly Column[];
  series: readonly Series[];
  hidden: ReadonlySet<number>;
  format: (value: number) => string;
  /** any word that changes with the colours */
  shade: string;
}

export function Bars(props: BarsProps) {
  const box = useRef<HTMLDivElement>(null);
  const [on, setOn] = useState<number | null>(null);
  const width = usePlot(box, props, setOn);
  const { columns, hidden, format } = props;
  const at = on !== null && on < columns.length ? on : null;
  const column = at === null ? undefined : columns[at];
  const last = columns.findIndex((c) => c.strong);
  const resting = last >= 0 ? last : columns.length - 1;

  function onKeyDown(event: KeyboardEvent): void {
    const to = step(event.key, at, resting, columns.length - 1);
    if (to === undefined)
      return;
    event.preventDefault();
    setOn(to);
  }

  return (
    <div
      class="chart" role="slider" tabIndex={0} aria-label={props.label}
      aria-valuemin={0} aria-valuemax={Math.max(1, columns.length - 1)}
      aria-valuenow={at ?? resting}
      aria-valuetext={spoken(column ?? columns[resting], hidden, format)}
      onKeyDown={onKeyDown} onBlur={() => setOn(null)}
    >
      <div ref={box} />
      {column !== undefined && at !== null && width > 0 && (
        <Tip {...props} column={column} at={at} width={width} />
      )}
    </div>
  );
}

/** Keeps a plot in the box, as wide as the box; answers how wide that is. */
function usePlot(
  box: { current: HTMLDivElement | null }, props: BarsProps,
  onPoint: (column: number | null) => void): number {
  const plot = useRef<Plot | null>(null);
  const [width, setWidth] = useState(0);

  useEffect(() => {
    const element = box.current;
    if (element === null)
      return;
    const mine = makePlot(element, element.clientWidth, { format: props.format, onPoint });
    plot.current = mine;
    const watcher = new ResizeObserver(() => {
      setWidth(element.clientWidth);
      mine.resize(element.clientWidth);
    });
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      mine.free();
    };
  }, []);

  useEffect(() => {
    const colours = props.series.map((s) => s.colour);
    plot.current?.show({ columns: props.columns, colours, hidden: props.hidden });
  }, [props.columns, props.hidden, props.shade]);

  return width;
}

/** Where a key leads to; undefined if it is none of ours. */
function step(
  key: string, at: number | null, resting: number, last: number): number | null | undefined {
  switch (key) {
  case "ArrowLeft":
  case "ArrowDown":
    return at === null ? resting : Math.max(0, at - 1);
  case "ArrowRight":
  case "ArrowUp":
    return at === null ? resting : Math.min(last, at + 1);
  case "Home":
    return 0;
  case "End":
    return last;
  case "Escape":
    return at === null ? undefined : null;
  default:
    return undefined;
  }
}

function spoken(
  column: Column | undefined, hidden: ReadonlySet<number>,
  format: (value: number) => string): string {
  if (column === undefined)
    return "";
  const sum = height(column.values, hidden);
  return `${column.title}: ${sum > 0 ? `${format(sum)} tokens` : empty(column)}`;
}

function empty(column: Column): string {
  return column.future ? "Nothing yet" : "Nothing";
}

interface TipProps extends BarsProps {
  column: Column;
  at: number;
  width: number;
}

const ASIDE = 10;
const OVER = 12; // into the padding around the chart, where it is narrow

function Tip({ column, at, width, columns, series, hidden, format }: TipProps) {
  const tip = useRef<HTMLDivElement>(null);
  const band = useRef<HTMLDivElement>(null);
  const slot = (width - GUTTER) / columns.length;
  const sum = height(column.values, hidden);

  useLayoutEffect(() => {
    if (tip.current === null || band.current === null)
      return;
    const centre = GUTTER + slot * (at + 0.5);
    const half = columnWidth(slot, columns.length) / 2 + ASIDE;
    const own = tip.current.offsetWidth;
    const right = centre + half;
    const left = right + own <= width + OVER ? right : Math.max(-OVER, centre - half - own);
    tip.current.style.left = `${left}px`;
    band.current.style.left = `${centre - slot / 2}px`;
    band.current.style.width = `${slot}px`;
  }, [column, width, columns.length]);

  const shown = series.map((s, i) => ({ ...s, value: column.values[i] ?? 0, i }))
    .filter((s) => s.value > 0 && !hidden.has(s.i)).reverse();
  return (
    <>
      <div class="band" ref={band} />
      <div class="tip" ref={tip} aria-hidden="true">
        <p class="tip-head">{column.title}</p>
        {shown.map((s) => (
          <div class="tip-row" key={s.name}>
            <span class="swatch" style={{ background: `var(${s.colour})` }} />
            {s.name}<b>{format(s.value)}</b>
          </div>
        ))}
        <div class="tip-sum">
          {sum > 0 ? <>Total<b>{format(sum)}</b></> : empty(column)}
        </div>
      </div>
    </>
  );
}
