// chart/strip.tsx: a tachograph strip: one row for each day, its hours across.
// SPDX-License-Identifier: MIT

import { useRef } from "preact/hooks";
import { useWidth } from "./frame";

export interface Span {
  key: string;
  /** hours since the day began */
  from: number;
  to: number;
  look: string;
  text?: string;
  title: string;
  href?: string;
}

interface StripProps {
  label: string;
  rows: readonly { name: string; strong?: boolean; spans: readonly Span[] }[];
  rowHeight?: number;
  gutter?: number;
  from?: number;
  to?: number;
  /** hour and row of this moment; no row: through all of them */
  now?: { hour: number; row?: number };
}

const LINE = 24;
const LEAST = 3;

export function Strip(props: StripProps) {
  const { rows, rowHeight = 27, gutter = 44, from = 0, to = 24, now } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const height = rows.length * rowHeight + LINE;
  const toX = (hour: number): number => gutter + ((width - gutter) * (hour - from)) / (to - from);
  const every = width < 520 || to - from <= 6 ? Math.max(1, Math.round((to - from) / 4)) : 3;
  const hours = Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, i) => from + i * every);
  return (
    <div class="chart" role="img" aria-label={props.label}>
      <div ref={box} class="plot-box" style={{ height: `${height}px` }}>
        {width > 0 && (
          <svg class="plot" viewBox={`0 0 ${width} ${height}`} height={height} aria-hidden="true">
            {hours.map((h) => (
              <g key={h}>
                <line class="hair" x1={toX(h)} x2={toX(h)} y1={0} y2={height - 20} />
                <text
                  x={toX(h)} y={height - 5}
                  text-anchor={h === from ? "start" : toX(h) > width - 20 ? "end" : "middle"}
                >
                  {`${String(h % 24).padStart(2, "0")}:00`}
                </text>
              </g>
            ))}
            {rows.map((row, i) => (
              <g key={row.name + i}>
                <text class={row.strong ? "strong" : ""} x={0} y={i * rowHeight + rowHeight / 2 + 4}>
                  {row.name}
                </text>
                {row.spans.map((span) => (
                  <Piece key={span.key} span={span} y={i * rowHeight} rowHeight={rowHeight} toX={toX} />
                ))}
              </g>
            ))}
            {now !== undefined && (
              <line
                class="now" x1={toX(now.hour)} x2={toX(now.hour)} y1={(now.row ?? 0) * rowHeight}
                y2={now.row === undefined ? height - 20 : (now.row + 1) * rowHeight}
              />
            )}
          </svg>
        )}
      </div>
    </div>
  );
}

interface PieceProps {
  span: Span;
  y: number;
  rowHeight: number;
  toX: (hour: number) => number;
}

function Piece({ span, y, rowHeight, toX }: PieceProps) {
  const x = toX(span.from);
  const wide = Math.max(LEAST, toX(span.to) - x - 1);
  const fits = span.text !== undefined && wide > span.text.length * 6 + 12;
  return (
    <g>
      <title>{span.title}</title>
      <rect class={`span ${span.look}`} x={x} y={y + 3} width={wide} height={rowHeight - 6} rx={2} />
      {fits && (
        <text class={`on ${span.look}`} x={x + 7} y={y + rowHeight / 2 + 4}>{span.text}</text>
      )}
    </g>
  );
}
