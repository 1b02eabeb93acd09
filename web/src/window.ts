// window.ts: the three windows of time that the page knows, and the days that each one covers.
//
// Pure calendar arithmetic: `today` and the oldest day are handed in.
// SPDX-License-Identifier: MIT

import { addDays, type Day, mondayOf } from "./dates";

export type WindowId = "day" | "week" | "all";

export interface WindowName {
  id: WindowId;
  label: string;
  phrase: string;
}

export const WINDOWS: readonly WindowName[] = [
  { id: "day", label: "Day", phrase: "tokens today" },
  { id: "week", label: "Week", phrase: "tokens this week" },
  { id: "all", label: "All", phrase: "tokens in all" },
];

export const DEFAULT_WINDOW: WindowId = "week";

export function windowOf(text: string | null): WindowId {
  return WINDOWS.find((w) => w.id === text)?.id ?? DEFAULT_WINDOW;
}

export interface Range {
  /** null: as far back as the ledger goes */
  since: Day | null;
  until: Day | null;
}

/** The days that the figures of a window are summed over. */
export function figureRange(id: WindowId, today: Day): Range {
  switch (id) {
  case "day":
    return { since: today, until: today };
  case "week":
    return { since: mondayOf(today), until: addDays(mondayOf(today), 6) };
  case "all":
    return { since: null, until: null };
  }
}

/** The days that its chart shows: one lonely column says nothing, so a day brings its week. */
export function chartRange(id: WindowId, today: Day): Range {
  return id === "day" ? { since: addDays(today, -6), until: today } : figureRange(id, today);
}

export function inRange(day: Day, range: Range): boolean {
  const isBefore = range.since !== null && day < range.since;
  const isAfter = range.until !== null && day > range.until;
  return !isBefore && !isAfter;
}
