// chart/bars.tsx: a stacked column chart that a pointer, a finger and a keyboard can read.
//
// To a screen reader it is a slider along the columns: the arrow keys walk, and each column is read
// out with its sum. The tooltip stands beside its column and never leaves the chart.
// SPDX-License-Identifier: MIT

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Column } from "./columns";
import { BOTTOM, GUTTER, type Plane, Sheet, SlotLabels, TOP, useWidth, yOf } from "./frame";
import { scaleFor } from "./scale";
import { columnWidth, height as heightOf, type Piece, pieces, stack } from "./stack";

export interface Series {
  name: string;
  colour: string;
}

interface BarsProps {
  label: string;
  columns: readonly Column[];
  series: readonly Series[];
  hidden?: ReadonlySet<number> | undefined;
  format: (value: number) => string;
  /** what is counted, for who listens */
  unit?: string;
  height?: number;
  /** what the mark on a column says */
  markName?: string;
}

const NOTHING_HIDDEN: ReadonlySet<number> = new Set();

export function Bars(props: BarsProps) {
  const { columns, format, height = 288, hidden = NOTHING_HIDDEN } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [on, setOn] = useState<number | null>(null);
  const at = on !== null && on < columns.length ? on : null;
  const column = at === null ? undefined : columns[at];
  const last = columns.findIndex((c) => c.strong);
  const resting = last >= 0 ? last : columns.length - 1;
  const tops = columns.flatMap((c) => [heightOf(c.values, hidden), c.mark ?? 0]);
  const scale = scaleFor(Math.max(0, ...tops), height < 240 ? 3 : 5);
  const plane: Plane = { width, height, scale };

  function onKeyDown(event: KeyboardEvent): void {
    const to = step(event.key, at, resting, columns.length - 1);
    if (to === undefined)
      return;
    event.preventDefault();
    setOn(to);
  }

  function onPoint(event: PointerEvent): void {
    const x = event.clientX - (box.current?.getBoundingClientRect().left ?? 0) - GUTTER;
    const to = Math.floor((x / (width - GUTTER)) * columns.length);
    setOn(x < 0 || columns.length === 0 ? null : Math.min(columns.length - 1, to));
  }

  return (
    <div
      class="chart" role="slider" tabIndex={0} aria-label={props.label}
      aria-valuemin={0} aria-valuemax={Math.max(1, columns.length - 1)}
      aria-valuenow={Math.max(0, at ?? resting)}
      aria-valuetext={spoken(column ?? columns[resting], props)}
      onKeyDown={onKeyDown} onBlur={() => setOn(null)}
    >
      <div
        ref={box} class="plot-box" style={{ height: `${height}px` }}
        onPointerMove={onPoint} onPointerDown={onPoint}
        onPointerLeave={(event) => event.pointerType !== "touch" && setOn(null)}
      >
        {width > 0 && (
          <Sheet plane={plane} format={format}>
            <Columns {...props} plane={plane} hidden={hidden} />
            <SlotLabels
              plane={plane} labels={columns.map((c) => ({ text: c.label, strong: c.strong }))}
            />
          </Sheet>
        )}
      </div>
      {column !== undefined && at !== null && width > 0 && (
        <Tip {...props} column={column} at={at} plane={plane} hidden={hidden} />
      )}
    </div>
  );
}

type DrawnProps = BarsProps & { plane: Plane; hidden: ReadonlySet<number> };

function Columns({ columns, series, plane, hidden }: DrawnProps) {
  const slot = (plane.width - GUTTER) / columns.length;
  const wide = columnWidth(slot, columns.length);
  const toY = (value: number): number => yOf(plane, value);
  return (
    <>
      {columns.map((column, i) => {
        const x = Math.round(GUTTER + slot * (i + 0.5) - wide / 2);
        return (
          <g key={column.key}>
            {pieces(stack(column.values, hidden), toY, wide).map((piece) => (
              <path
                key={piece.series} d={outline(piece, x, wide)}
                style={{ fill: `var(${series[piece.series]?.colour})` }}
              />
            ))}
            {column.mark !== undefined && (
              <Mark x={x} wide={wide} y={yOf(plane, column.mark)} />
            )}
          </g>
        );
      })}
    </>
  );
}

function outline({ y, height, radius: r }: Piece, x: number, width: number): string {
  return `M${x} ${y + height}V${y + r}q0 ${-r} ${r} ${-r}h${width - 2 * r}q${r} 0 ${r} ${r}`
    + `V${y + height}z`;
}

/** What the column before it came to, seen on any ground. */
function Mark({ x, wide, y }: { x: number; wide: number; y: number }) {
  const out = Math.min(5, wide / 4);
  return (
    <>
      <line class="mark-halo" x1={x - out} x2={x + wide + out} y1={y} y2={y} />
      <line class="mark-line" x1={x - out} x2={x + wide + out} y1={y} y2={y} />
    </>
  );
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

function spoken(column: Column | undefined, props: BarsProps): string {
  if (column === undefined)
    return "Nothing";
  const sum = heightOf(column.values, props.hidden ?? NOTHING_HIDDEN);
  const unit = props.unit ?? "tokens";
  return `${column.title}: ${sum > 0 ? `${props.format(sum)} ${unit}`.trim() : empty(column)}`;
}

function empty(column: Column): string {
  return column.future ? "Nothing yet" : "Nothing";
}

type TipProps = DrawnProps & { column: Column; at: number };

const ASIDE = 10;
const OVER = 12; // into the padding around the chart, where it is narrow

function Tip({ column, at, plane, columns, series, hidden, format, markName }: TipProps) {
  const tip = useRef<HTMLDivElement>(null);
  const { width } = plane;
  const slot = (width - GUTTER) / columns.length;
  const centre = GUTTER + slot * (at + 0.5);
  const sum = heightOf(column.values, hidden);

  useLayoutEffect(() => {
    if (tip.current === null)
      return;
    const half = columnWidth(slot, columns.length) / 2 + ASIDE;
    const own = tip.current.offsetWidth;
    const right = centre + half;
    const left = right + own <= width + OVER ? right : Math.max(-OVER, centre - half - own);
    tip.current.style.left = `${left}px`;
  }, [column, width, columns.length]);

  const shown = series.map((s, i) => ({ ...s, value: column.values[i] ?? 0, i }))
    .filter((s) => s.value > 0 && !hidden.has(s.i)).reverse();
  const band = {
    left: `${centre - slot / 2}px`, width: `${slot}px`, top: `${TOP}px`,
    bottom: `${BOTTOM}px`,
  };
  return (
    <>
      <div class="band" style={band} />
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
        {column.mark !== undefined && (
          <div class="tip-sum">{markName}<b>{format(column.mark)}</b></div>
        )}
      </div>
    </>
  );
}
