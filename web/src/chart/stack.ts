// chart/stack.ts: where the pieces of a stacked column lie.
//
// Pure geometry: values in, rectangles out. Knows nothing of canvas, colours or tokens.
// SPDX-License-Identifier: MIT

export interface Segment {
  /** which of the values */
  series: number;
  from: number;
  to: number;
}

/** Piles the values up from zero, in order; hidden ones and zeros take no room. */
export function stack(values: readonly number[], hidden: ReadonlySet<number>): Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  values.forEach((value, series) => {
    if (value <= 0 || hidden.has(series))
      return;
    segments.push({ series, from: at, to: at + value });
    at += value;
  });
  return segments;
}

export function height(values: readonly number[], hidden: ReadonlySet<number>): number {
  return stack(values, hidden).at(-1)?.to ?? 0;
}

export interface Piece {
  series: number;
  y: number;
  height: number;
  /** of the two upper corners */
  radius: number;
}

const THIN = 4;      // a segment below this, or a column below twice this, keeps no gap
const LEAST = 0.75;  // what is there is seen
const ROUND = 2;

/** In pixels, y growing downwards. One pixel of ground shows between two segments. */
export function pieces(
  segments: readonly Segment[], toY: (value: number) => number, width: number): Piece[] {
  return segments.map((segment, i) => {
    const last = i === segments.length - 1;
    const bottom = toY(segment.from);
    const full = bottom - toY(segment.to);
    const gap = last || width < 2 * THIN || full < THIN ? 0 : 1;
    const tall = Math.max(LEAST, full - gap);
    const radius = last ? Math.min(ROUND, width / 4, tall) : 0;
    return { series: segment.series, y: bottom - tall, height: tall, radius };
  });
}

/** Wide enough to be hit, narrow enough to be told from its neighbours. */
export function columnWidth(slot: number, n: number): number {
  return Math.min(44, Math.max(1, Math.round(slot * (n > 40 ? 0.78 : 0.62))));
}
