// chart/columns.ts: days laid out as the columns of a chart, the empty ones included.
//
// More days than fit are drawn as weeks, months, then years: a log may hold any date. Pure; the
// words on a column are made here.
// SPDX-License-Identifier: MIT

import {
  dateAndMonth, type Day, firstOfMonth, firstOfYear, longDay, mediumDay, mondayOf,
  monthAndYear, shortWeekday, yearOf,
} from "../dates";
import { type DayUse, KINDS, sumOf } from "../usage";

export interface Column {
  key: string;
  label: string;
  title: string;
  /** the column of today: its label is ink */
  strong: boolean;
  /** nothing has happened yet, as opposed to nothing has happened */
  future: boolean;
  /** one per series, from the baseline up */
  values: number[];
  /** what the same column came to a window before */
  mark?: number;
}

export type Grain = "day" | "week" | "month" | "year";

const MOST_DAYS = 62;
const MOST_WEEKS = 60;
const MOST_MONTHS = 60;

export function grainFor(nDays: number): Grain {
  if (nDays <= MOST_DAYS)
    return "day";
  if (nDays <= MOST_WEEKS * 7)
    return "week";
  return nDays <= MOST_MONTHS * 31 ? "month" : "year";
}

const STARTS: Record<Grain, (day: Day) => Day> = {
  day: (day) => day,
  week: mondayOf,
  month: firstOfMonth,
  year: firstOfYear,
};

const LABELS: Record<Grain, (start: Day) => string> = {
  day: dateAndMonth,
  week: dateAndMonth,
  month: monthAndYear,
  year: yearOf,
};

const TITLES: Record<Grain, (start: Day, today: Day) => string> = {
  day: longDay,
  week: (start, today) => `Week of ${mediumDay(start, today)}`,
  month: monthAndYear,
  year: yearOf,
};

export function columnsOf(
  days: readonly DayUse[], span: readonly Day[], grain: Grain, today: Day): Column[] {
  const startOf = STARTS[grain];
  const labelOf = span.length <= 7 ? shortWeekday : LABELS[grain];
  const groups = new Map<Day, DayUse[]>(span.map((day) => [startOf(day), []]));
  for (const use of days)
    groups.get(startOf(use.day))?.push(use);
  return [...groups].map(([start, uses]) => {
    const sum = sumOf(uses);
    return {
      key: start,
      label: labelOf(start),
      title: TITLES[grain](start, today),
      strong: start === startOf(today),
      future: start > today,
      values: KINDS.map((kind) => sum.kinds[kind.id]),
    };
  });
}
