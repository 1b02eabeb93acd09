// state/report.ts: the last few reports, and the days that the page draws from the one it shows.
//
// A report is kept under the address that was asked: two windows may ask the same, and one that is
// chosen again is shown at once, while its report is fetched anew. An answer that was overtaken by
// the answer to a later question is dropped.
// SPDX-License-Identifier: MIT

import { computed, signal } from "@preact/signals";
import { ApiError, getReport, reportPath } from "../api/http";
import type { Report } from "../api/types";
import type { CostId } from "../cost";
import { type DayUse, daysOf, withToday } from "../usage";
import { chartRange, type Range } from "../window";
import { now, today, zone } from "./clock";
import { figuresAt } from "./connection";
import { live } from "./live";
import { route } from "./route";

export interface Entry {
  path: string;
  report: Report | null;
  error: string | null;
}

const MOST = 3;

const entries = signal<readonly Entry[]>([]); // the newest first
let asked = 0;
let answered = 0;

function range(): Range {
  return chartRange(route.value.window, today.value);
}

function address(): string {
  return reportPath(range(), route.value.cost);
}

export const entry = computed<Entry>(() => {
  const path = address();
  return kept(path) ?? { path, report: null, error: null };
});

function kept(path: string): Entry | undefined {
  return entries.value.find((e) => e.path === path);
}

function keep(to: Entry): void {
  const others = entries.value.filter((e) => e.path !== to.path);
  entries.value = [to, ...others].slice(0, MOST);
}

/** The cost that the figures are of: the address's, else the daemon's. */
export const shownCost = computed<CostId>(() =>
  route.value.cost ?? entry.value.report?.costMode ?? live.value?.costMode ?? "list");

/** Oldest first, today as fresh as the live frame; null until there is a report. */
export const days = computed<DayUse[] | null>(() => {
  const report = entry.value.report;
  return report === null ? null : withToday(daysOf(report), live.value, shownCost.value);
});

export async function loadReport(): Promise<void> {
  const path = address();
  const mine = ++asked;
  try {
    const report = await getReport(path);
    if (overtaken(mine))
      return;
    keep({ path, report, error: null });
    figuresAt.value = now.value;
    if (live.value === null)
      zone.value = report.timezone;
  } catch (error) {
    if (overtaken(mine))
      return;
    const report = kept(path)?.report ?? null;
    if (report !== null && error instanceof ApiError && error.status === 0)
      return; // the connection has been lost, and says so itself
    keep({ path, report, error: (error as Error).message });
  }
}

/** A later question has been answered already. */
function overtaken(question: number): boolean {
  if (question < answered)
    return true;
  answered = question;
  return false;
}
