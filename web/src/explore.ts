// explore.ts: what is asked of the reports: a span, a grouping, filters; and rows as they are shown.
//
// Pure: words come from the address, today is handed in.
// SPDX-License-Identifier: MIT

import type { GroupReport, ListName, ReportRow } from "./api/types";
import { addDays, type Day, daysBetween, firstOfMonth, firstOfYear, mediumDay } from "./dates";
import { type Amount, amountOf } from "./usage";

export interface Grouping {
  id: string;
  label: string;
  list: ListName;
}

export const GROUPINGS: readonly Grouping[] = [
  { id: "day", label: "Day", list: "daily" },
  { id: "week", label: "Week", list: "weekly" },
  { id: "month", label: "Month", list: "monthly" },
  { id: "model", label: "Model", list: "models" },
  { id: "project", label: "Project", list: "projects" },
  { id: "agent", label: "Agent", list: "agents" },
  { id: "session", label: "Session", list: "session" },
  { id: "machine", label: "Machine", list: "machines" },
];

export const USUAL_GROUPING = "model";

export function groupingOf(text: string | null): Grouping {
  const usual = GROUPINGS.find((g) => g.id === USUAL_GROUPING) as Grouping;
  return GROUPINGS.find((g) => g.id === text) ?? usual;
}

export const FILTERS = ["agent", "model", "project", "machine"] as const;
export type FilterName = (typeof FILTERS)[number];

/** The daemon takes filters for globs: what would be one in a name is put in brackets. */
export function globOf(name: string): string {
  return name.replace(/[[*?]/g, "[$&]");
}

export function nameOfGlob(glob: string): string {
  return glob.replace(/\[([[*?])\]/g, "$1");
}

/* ---- spans ---- */

export interface Span {
  since: Day | null;
  until: Day | null;
}

export const SPANS = [
  { id: "7d", label: "Last 7 days" }, { id: "30d", label: "Last 30 days" },
  { id: "90d", label: "Last 90 days" }, { id: "month", label: "This month" },
  { id: "year", label: "This year" }, { id: "all", label: "All" },
] as const;

export const USUAL_SPAN = "30d";
const DAY = /^\d{4}-\d\d-\d\d$/;

/** Two days in the address win over the name of a span. */
export function spanOf(words: Readonly<Record<string, string>>, today: Day): Span {
  const { since = "", until = "", span = USUAL_SPAN } = words;
  if (DAY.test(since) || DAY.test(until))
    return { since: DAY.test(since) ? since : null, until: DAY.test(until) ? until : null };
  switch (span) {
  case "month":
    return { since: firstOfMonth(today), until: today };
  case "year":
    return { since: firstOfYear(today), until: today };
  case "all":
    return { since: null, until: null };
  default: {
    const days = Number(SPANS.find((s) => s.id === span)?.id.slice(0, -1) ?? 30);
    return { since: addDays(today, 1 - days), until: today };
  }
  }
}

export function spanWords(span: Span, today: Day): string {
  if (span.since === null)
    return span.until === null ? "in all" : `until ${mediumDay(span.until, today)}`;
  const days = daysBetween(span.since, span.until ?? today).length;
  return days === 1 ? `on ${mediumDay(span.since, today)}` : `in ${days} days`;
}

/* ---- rows ---- */

export interface Row {
  key: string;
  name: string;
  /** what stands under the name */
  sub: string;
  amount: Amount;
  lastMs: number | null;
}

export function rowsOf(report: GroupReport, grouping: Grouping): Row[] {
  const rows = (report[grouping.list] ?? []).map((row) => rowOf(row, grouping));
  const isPeriod = ["day", "week", "month"].includes(grouping.id);
  return isPeriod ? rows.reverse() : rows.sort((a, b) => b.amount.tokens - a.amount.tokens);
}

function rowOf(row: ReportRow, grouping: Grouping): Row {
  const key = row.period ?? row.name ?? "";
  const last = row.metadata?.lastActivity;
  const isSession = grouping.id === "session";
  return {
    key,
    name: grouping.id === "project" ? folderName(key) : key || "unknown",
    sub: isSession ? folderName(row.metadata?.projectPath ?? "") : subOf(key, grouping),
    amount: amountOf(row),
    lastMs: last === undefined ? null : Date.parse(last),
  };
}

function subOf(key: string, grouping: Grouping): string {
  return grouping.id === "project" && folderName(key) !== key ? key : "";
}

/** The last folder of a path, of any system. */
export function folderName(path: string): string {
  return path.split(/[/\\]/).filter(Boolean).at(-1) ?? path;
}

/** The share of what was sent that came from the cache, 0…1; null where nothing was sent. */
export function readShare({ kinds }: Amount): number | null {
  const sent = kinds.input + kinds.cacheRead + kinds.cacheWrite;
  return sent > 0 ? kinds.cacheRead / sent : null;
}
