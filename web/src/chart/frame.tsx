// chart/frame.tsx: what charts have in common: how wide they are, and their y axis.
//
// All charts are SVG: they read the custom properties of the theme by themselves.
// SPDX-License-Identifier: MIT

import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { freeLabels, type Scale } from "./scale";

export const GUTTER = 44;
export const TOP = 10;
export const BOTTOM = 26;
const CHARACTER = 6.2; // of the axis font, on average

/** The width of the box in whole pixels; 0 until it is known. */
export function useWidth(box: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null)
      return;
    const measure = (): void => setWidth(Math.floor(element.clientWidth));
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    measure();
    return () => watcher.disconnect();
  }, []);
  return width;
}

export interface Plane {
  width: number;
  height: number;
  scale: Scale;
}

export function foot(plane: Plane): number {
  return plane.height - BOTTOM;
}

export function yOf(plane: Plane, value: number): number {
  return TOP + (foot(plane) - TOP) * (1 - value / plane.scale.max);
}

interface SheetProps {
  plane: Plane;
  format: (value: number) => string;
  children: ComponentChildren;
}

/** The paper that a chart is drawn on, hairlines and their figures included. */
export function Sheet({ plane, format, children }: SheetProps) {
  const { width, height } = plane;
  return (
    <svg class="plot" viewBox={`0 0 ${width} ${height}`} height={height} aria-hidden="true">
      {plane.scale.ticks.map((value) => {
        const y = Math.round(yOf(plane, value)) + 0.5;
        return (
          <g key={value}>
            <line class={value === 0 ? "ground" : "hair"} x1={GUTTER} x2={width} y1={y} y2={y} />
            <text class="figure-y" x={GUTTER - 10} y={y + 3.5}>{format(value)}</text>
          </g>
        );
      })}
      {children}
    </svg>
  );
}

interface LabelsProps {
  plane: Plane;
  labels: readonly { text: string; strong: boolean }[];
}

/** Labels below the slots of a row of columns, thinned until they stand free. */
export function SlotLabels({ plane, labels }: LabelsProps) {
  const slot = (plane.width - GUTTER) / labels.length;
  const widest = Math.max(0, ...labels.map((l) => l.text.length)) * CHARACTER;
  return (
    <>
      {freeLabels(labels.length, slot, widest).map((i) => {
        const label = labels[i];
        const half = ((label?.text.length ?? 0) * CHARACTER) / 2;
        const x = Math.min(GUTTER + slot * (i + 0.5), plane.width - half); // stays on the sheet
        return (
          <text key={i} class={label?.strong ? "label strong" : "label"} x={x} y={plane.height - 6}>
            {label?.text}
          </text>
        );
      })}
    </>
  );
}
