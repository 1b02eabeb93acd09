// chart/draw.ts: puts columns, their baseline and their labels on a uPlot canvas.
//
// Canvas knows no custom properties: the colours are resolved here, at every drawing, so that a
// change of theme needs nothing but another drawing.
// SPDX-License-Identifier: MIT

import type uPlot from "uplot";
import type { Column } from "./columns";
import { freeLabels } from "./scale";
import { columnWidth, type Piece, pieces, stack } from "./stack";

export interface Picture {
  columns: readonly Column[];
  /** the custom property of each series' colour */
  colours: readonly string[];
  hidden: ReadonlySet<number>;
}

export function colour(property: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(property).trim();
}

export function axisFont(): string {
  return `11px ${colour("--font")}`;
}

/** All lengths below are CSS pixels: the canvas is scaled once, here. */
export function drawColumns(plot: uPlot, picture: Picture): void {
  const ratio = devicePixelRatio;
  const { ctx } = plot;
  ctx.save();
  ctx.scale(ratio, ratio);
  const left = plot.bbox.left / ratio;
  const top = plot.bbox.top / ratio;
  const width = plot.bbox.width / ratio;
  const bottom = top + plot.bbox.height / ratio;
  const slot = width / picture.columns.length;
  const fills = picture.colours.map(colour);

  picture.columns.forEach((column, i) => {
    const wide = columnWidth(slot, picture.columns.length);
    const x = Math.round(left + slot * (i + 0.5) - wide / 2);
    const toY = (value: number): number => top + plot.valToPos(value, "y");
    for (const piece of pieces(stack(column.values, picture.hidden), toY, wide)) {
      ctx.fillStyle = fills[piece.series] ?? "";
      fillPiece(ctx, piece, x, wide);
    }
  });
  ctx.fillStyle = colour("--line-strong");
  ctx.fillRect(left, Math.round(bottom) - 0.5, width, 1);
  drawLabels(ctx, picture.columns, { left, width, baseline: bottom + 18 });
  ctx.restore();
}

function fillPiece(ctx: CanvasRenderingContext2D, piece: Piece, x: number, width: number): void {
  const { y, radius: r } = piece;
  const foot = y + piece.height;
  ctx.beginPath();
  ctx.moveTo(x, foot);
  ctx.lineTo(x, y + r);
  ctx.quadraticCurveTo(x, y, x + r, y);
  ctx.lineTo(x + width - r, y);
  ctx.quadraticCurveTo(x + width, y, x + width, y + r);
  ctx.lineTo(x + width, foot);
  ctx.fill();
}

interface Line {
  left: number;
  width: number;
  baseline: number;
}

function drawLabels(
  ctx: CanvasRenderingContext2D, columns: readonly Column[], line: Line): void {
  const slot = line.width / columns.length;
  ctx.font = axisFont();
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  const widest = Math.max(...columns.map((c) => ctx.measureText(c.label).width));
  for (const i of freeLabels(columns.length, slot, widest)) {
    const column = columns[i];
    if (column === undefined)
      continue;
    ctx.fillStyle = colour(column.strong ? "--ink" : "--ink-3");
    const half = ctx.measureText(column.label).width / 2;
    const x = Math.min(slot * (i + 0.5), line.width - half); // the last one stays on the canvas
    ctx.fillText(column.label, line.left + x, line.baseline);
  }
}
