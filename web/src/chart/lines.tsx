// chart/lines.tsx: levels over time: what was measured, what would be even, what is expected.
//
// The numbers stand in the table behind the chart; the drawing is for eyes alone.
// SPDX-License-Identifier: MIT

import { useRef } from "preact/hooks";
import { foot, GUTTER, type Plane, Sheet, TOP, useWidth, yOf } from "./frame";

export type Points = readonly (readonly [x: number, y: number])[];

export interface Line {
  points: Points;
  look: "measured" | "even" | "forecast";
}

export interface Note {
  x: number;
  y: number;
  text: string;
  /** where there is little room */
  brief?: string;
  strong?: boolean;
  /** pixels away from its point */
  dx?: number;
  dy?: number;
}

interface LinesProps {
  label: string;
  from: number;
  to: number;
  top: number;
  step: number;
  format: (value: number) => string;
  lines: readonly Line[];
  ticks: readonly { at: number; text: string }[];
  rules?: readonly { at: number; text: string; colour: string }[];
  notes?: readonly Note[];
  now?: { x: number; y: number };
  height?: number;
}

const CHARACTER = 5.8;
const APART = 44;
const NARROW = 520;

export function Lines(props: LinesProps) {
  const { height = 300, top, step, format } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const n = Math.max(1, Math.ceil(top / step - 1e-9));
  const scale = { max: n * step, ticks: Array.from({ length: n + 1 }, (_, i) => i * step) };
  const plane: Plane = { width, height, scale };
  return (
    <div class="chart" role="img" aria-label={props.label}>
      <div ref={box} class="plot-box" style={{ height: `${height}px` }}>
        {width > 0 && (
          <Sheet plane={plane} format={format}><Drawing {...props} plane={plane} /></Sheet>
        )}
      </div>
    </div>
  );
}

function Drawing(props: LinesProps & { plane: Plane }) {
  const { plane, from, to, lines, ticks, rules = [], notes = [], now } = props;
  const toX = (x: number): number =>
    GUTTER + ((plane.width - GUTTER) * (x - from)) / Math.max(1e-9, to - from);
  const base = foot(plane);
  return (
    <>
      {freeTicks(ticks, toX).map((tick) => (
        <g key={tick.at}>
          <line class="ground" x1={toX(tick.at)} x2={toX(tick.at)} y1={base} y2={base + 4} />
          <text class="label" x={within(toX(tick.at), tick.text, plane.width)} y={plane.height - 6}>
            {tick.text}
          </text>
        </g>
      ))}
      {rules.map((rule) => (
        <g key={rule.at}>
          <line
            class="rule" x1={GUTTER} x2={plane.width} y1={yOf(plane, rule.at)}
            y2={yOf(plane, rule.at)} style={{ stroke: `var(${rule.colour})` }}
          />
          <text class="halo" x={GUTTER + 8} y={yOf(plane, rule.at) - 6}>{rule.text}</text>
        </g>
      ))}
      {lines.map((line) => (
        <Trace key={line.look} line={line} plane={plane} toX={toX} />
      ))}
      {now !== undefined && (
        <>
          <line class="now" x1={toX(now.x)} x2={toX(now.x)} y1={TOP - 4} y2={base} />
          <circle class="now-dot" cx={toX(now.x)} cy={yOf(plane, now.y)} r={4} />
        </>
      )}
      {notes.map((note) => <Words key={note.text} note={note} plane={plane} toX={toX} />)}
    </>
  );
}

function freeTicks(ticks: LinesProps["ticks"], toX: (x: number) => number): LinesProps["ticks"] {
  let free = -Infinity;
  return ticks.filter((tick) => {
    const x = toX(tick.at);
    if (x < free)
      return false;
    free = x + Math.max(APART, tick.text.length * CHARACTER + 10);
    return true;
  });
}

function within(x: number, text: string, width: number): number {
  const half = (text.length * CHARACTER) / 2;
  return Math.min(width - half, Math.max(GUTTER + half - 8, x));
}

interface PlacedProps {
  plane: Plane;
  toX: (x: number) => number;
}

function Trace({ line, plane, toX }: PlacedProps & { line: Line }) {
  const path = line.points
    .map(([x, y], i) => `${i === 0 ? "M" : "L"}${toX(x).toFixed(1)} ${yOf(plane, y).toFixed(1)}`)
    .join("");
  const first = line.points[0];
  const last = line.points.at(-1);
  if (first === undefined || last === undefined)
    return null;
  const ground = yOf(plane, 0);
  return (
    <>
      {line.look === "measured" && (
        <path class="area" d={`${path}L${toX(last[0])} ${ground}L${toX(first[0])} ${ground}z`} />
      )}
      <path class={`trace ${line.look}`} d={path} />
    </>
  );
}

/** A note turns to the other side before it leaves the plot. */
function Words({ note, plane, toX }: PlacedProps & { note: Note }) {
  const { dx = 8, dy = -8 } = note;
  const text = plane.width < NARROW ? note.brief ?? note.text : note.text;
  const turns = toX(note.x) + dx + text.length * CHARACTER > plane.width;
  return (
    <text
      class={note.strong ? "halo strong" : "halo"} x={toX(note.x) + (turns ? -dx : dx)}
      y={yOf(plane, note.y) + dy} text-anchor={turns ? "end" : "start"}
    >
      {text}
    </text>
  );
}
