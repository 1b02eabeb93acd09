// chart/scale.ts: round steps for an axis, and which labels below it stand free.
// SPDX-License-Identifier: MIT

const ROUND_STEPS = [1, 2, 2.5, 5, 10];

export interface Scale {
  max: number;
  ticks: number[];
}

/** From zero to a round number at or above `top`, in at most `steps` steps. Counts are whole. */
export function scaleFor(top: number, steps: number): Scale {
  const raw = Math.max(top, 1) / steps;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = ROUND_STEPS.find((s) => s * power >= raw * (1 - 1e-9)) ?? 10;
  const step = Math.max(1, factor * power);
  const n = Math.max(1, Math.ceil(top / step - 1e-9));
  return { max: n * step, ticks: Array.from({ length: n + 1 }, (_, i) => i * step) };
}

/** Every n-th label, so that the widest keeps its distance; counted back from the last. */
export function freeLabels(n: number, slot: number, widest: number): number[] {
  const every = Math.max(1, Math.ceil((widest + 20) / slot));
  const shown: number[] = [];
  for (let i = n - 1; i >= 0; i -= every)
    shown.unshift(i);
  return shown;
}
