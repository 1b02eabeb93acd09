// chart/plot.ts: a uPlot that keeps the scales and the grid of a column chart.
//
// uPlot knows one series, the height of each column; the columns themselves are drawn by draw.ts.
// SPDX-License-Identifier: MIT

import uPlot from "uplot";
import { axisFont, colour, drawColumns, type Picture } from "./draw";
import { scaleFor } from "./scale";
import { height } from "./stack";

export const GUTTER = 44;
const HEIGHT = 260;
const LABELS = 28;

export interface Plot {
  show(picture: Picture): void;
  resize(width: number): void;
  free(): void;
}

export interface PlotOptions {
  format: (value: number) => string;
  /** the column under the pointer, or null when it has left */
  onPoint: (column: number | null) => void;
}

/** A finger that has gone leaves its column marked: it has nothing to hover with. */
function watchPointer(
  area: HTMLElement, count: () => number, onPoint: PlotOptions["onPoint"]): void {
  const point = (event: PointerEvent): void => {
    const column = Math.floor((event.offsetX / area.clientWidth) * count());
    onPoint(Math.min(count() - 1, Math.max(0, column)));
  };
  area.addEventListener("pointerdown", point);
  area.addEventListener("pointermove", point);
  area.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch")
      onPoint(null);
  });
}

const EMPTY: Picture = { columns: [], colours: [], hidden: new Set() };

export function makePlot(box: HTMLElement, width: number, options: PlotOptions): Plot {
  let picture = EMPTY;
  let scale = scaleFor(0, 5);

  const plot = new uPlot({
    width,
    height: HEIGHT,
    padding: [10, 0, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: () => [-0.5, Math.max(1, picture.columns.length) - 0.5] },
      y: { range: () => [0, scale.max] },
    },
    series: [{}, { paths: () => null, points: { show: false } }],
    axes: [
      { size: LABELS, splits: () => [], grid: { show: false }, ticks: { show: false } },
      {
        size: GUTTER, gap: 10, font: axisFont(),
        stroke: () => colour("--ink-3"),
        splits: () => scale.ticks,
        values: (_, ticks) => ticks.map(options.format),
        grid: { stroke: () => colour("--line"), width: 1 },
        ticks: { show: false },
      },
    ],
    hooks: { draw: [(self) => drawColumns(self, picture)] },
  }, [[], []], box);
  watchPointer(plot.over, () => picture.columns.length, options.onPoint);

  return {
    show(next) {
      picture = next;
      const heights = next.columns.map((c) => height(c.values, next.hidden));
      scale = scaleFor(Math.max(0, ...heights), 5);
      plot.setData([heights.map((_, i) => i), heights]);
    },
    resize(to) {
      plot.setSize({ width: to, height: HEIGHT });
    },
    free() {
      plot.destroy();
    },
  };
}
