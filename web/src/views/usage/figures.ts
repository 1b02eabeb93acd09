// views/usage/figures.ts: the documents that the Usage view draws, gathered for one window.
// SPDX-License-Identifier: MIT

import { reportAddress } from "../../api/report";
import type { BlockReport, Report, UsageWindow } from "../../api/types";
import { addDays, browserZone, type Day, dayIn, daysBetween, startOfDay } from "../../dates";
import { now, zone as daemonZone } from "../../state/clock";
import { useDocument } from "../../state/documents";
import { askedCost } from "../../state/route";
import { type DayUse, daysOf } from "../../usage";
import {
  daysOfWindow, HOUR_MS, type HourUse, hoursOf, spanOfWindow, usedByThen, zoneOfWindow,
} from "../../usage-window";
import type { WindowId } from "../../window";

export interface Figures {
  usage: UsageWindow;
  window: WindowId;
  zone: string;
  /** the day of this moment in that zone */
  today: Day;
  span: readonly Day[];
  /** what the window says, without costs */
  used: readonly DayUse[];
  report: Report | null;
  /** the same days as the report knows them, with models and costs */
  days: readonly DayUse[];
  /** of today, in the window of a day */
  hours: readonly HourUse[] | null;
  startMs: number;
  /** the days of the window before */
  before: readonly DayUse[] | null;
  /** what the window before had used by this time */
  byThen: number | null;
}

const DAYS_BACK: Record<WindowId, number> = { day: 1, week: 7, all: 0 };

export function useFigures(usage: UsageWindow, window: WindowId): Figures {
  const zone = zoneOfWindow(usage.window.since, ["UTC", daemonZone.value, browserZone()]);
  const today = dayIn(zone, now.value);
  const ends = spanOfWindow(usage, window, zone);
  const [since, until] = window === "all" ? [null, null] : ends ?? [today, today];
  const back = DAYS_BACK[window];
  const then = { ms: now.value - back * 24 * HOUR_MS, day: addDays(today, -back) };

  const report = useDocument<Report>(
    reportAddress("day", { since, until, tz: zone, cost: askedCost() }), "ledger").data;
  const hours = useHours(window === "day" ? today : null, zone, "ledger");
  const earlier = useDocument<Report>(since === null ? null : reportAddress("day", {
    since: addDays(since, -back), until: addDays(since, -1), tz: zone,
  }), "settings").data;
  const hoursThen = useHours(back === 0 ? null : then.day, zone, "settings");
  const before = earlier === null ? null : daysOf(earlier);

  return {
    usage, window, zone, today, report, hours, before,
    span: ends === null ? [] : daysBetween(...ends),
    used: daysOfWindow(usage),
    days: report === null ? [] : daysOf(report),
    startMs: startOfDay(zone, today),
    byThen: before === null || hoursThen === null ? null : usedByThen(before, hoursThen, then),
  };
}

/** What is over does not change: its topic is one that seldom has news. */
function useHours(
  day: Day | null, tz: string, topic: "ledger" | "settings"): readonly HourUse[] | null {
  const doc = useDocument<BlockReport>(
    day === null ? null : reportAddress("block", { hours: 1, since: day, until: day, tz }), topic);
  return doc.data === null ? null : hoursOf(doc.data.blocks);
}
