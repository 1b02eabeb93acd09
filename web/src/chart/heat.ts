// chart/heat.ts: the year as weeks of days: which level each day has, where months begin.
// SPDX-License-Identifier: MIT

import { addDays, type Day, mondayOf } from "../dates";

export const LEVELS = 4;

export interface HeatDay {
  day: Day;
  tokens: number;
  /** 0: nothing, up to LEVELS */
  level: number;
}

/** Levels part the days of use into quarters, so that one mad day does not pale all others. */
export function levelsOf(amounts: readonly number[]): (tokens: number) => number {
  const sorted = amounts.filter((n) => n > 0).sort((a, b) => a - b);
  const bounds = [1, 2, 3].map((q) => sorted[Math.floor((sorted.length * q) / LEVELS)] ?? Infinity);
  return (tokens) => (tokens <= 0 ? 0 : 1 + bounds.filter((bound) => tokens >= bound).length);
}

/** The last `weeks` weeks, each from Monday; days to come are left out. */
export function heatWeeks(
  amounts: ReadonlyMap<Day, number>, today: Day, weeks: number): HeatDay[][] {
  const first = addDays(mondayOf(today), -7 * (weeks - 1));
  const level = levelsOf([...amounts.values()]);
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: 7 }, (_, d) => addDays(first, 7 * week + d))
      .filter((day) => day <= today)
      .map((day) => {
        const tokens = amounts.get(day) ?? 0;
        return { day, tokens, level: level(tokens) };
      }));
}
