// views/limits/over-time.tsx: one window from its start to its reset: used, even pace, forecast.
//
// What was used is known at the window's start, while this page was open, and now.
// SPDX-License-Identifier: MIT

import { Lines, type Line, type Note } from "../../chart/lines";
import { addDays, clockIn, dayIn, momentIn, shortWeekday, startOfDay } from "../../dates";
import { floorPercent, signed } from "../../format";
import type { Grid } from "../../grid";
import { atReset, bucketName, bucketPace, elapsed, type Placed } from "../../limits";
import { accountName } from "../../parts/account-name";
import { ChartCard } from "../../parts/chart-card";
import { now, zone } from "../../state/clock";
import { type Point, trailOf } from "../../state/limits";

const DAY_MS = 86_400_000;
const RULES = [
  { at: 0.9, text: "second warning, 90%", colour: "--red-fill" },
  { at: 0.75, text: "first warning, 75%", colour: "--amber-fill" },
];

export function OverTime({ placed }: { placed: Placed }) {
  const { account, bucket } = placed;
  const { window_started_at: start, reset_at: end } = bucket;
  const title = `${accountName(account.account)}, ${bucketName(bucket.id).toLowerCase()}`;
  if (start === null || end === null)
    return null;
  const measured = measuredOf(placed, start);
  const grid = (): Grid => ({
    head: ["Time", "Used %", "Even pace %"],
    rows: measured.map(([at, used]) => [
      momentIn(zone.value, at, now.value), percent(used), percent((at - start) / (end - start)),
    ]),
  });
  return (
    <ChartCard
      id="over-time" title={title} grid={grid}
      aside={
        <div class="legend flow">
          <span><span class="swatch-line" />Used</span>
          <span><span class="swatch-line even" />Even pace</span>
          <span><span class="swatch-line forecast" />Forecast</span>
        </div>
      }
    >
      <Lines
        label={`${title}: share used over time, with even pace and forecast`} from={start} to={end}
        top={Math.max(1, ...measured.map((p) => p[1]))} step={0.25} format={floorPercent}
        lines={linesOf(placed, measured, start, end)} ticks={ticksOf(start, end)} rules={RULES}
        notes={notesOf(placed)} now={{ x: now.value, y: bucket.utilization }}
      />
    </ChartCard>
  );
}

function percent(fraction: number): number {
  return Math.round(fraction * 1000) / 10;
}

function measuredOf(placed: Placed, start: number): readonly Point[] {
  const trail = trailOf(placed).filter(([at]) => at > start);
  const { utilization, observed_at: seen } = placed.bucket;
  const last = trail.at(-1);
  const isKnown = last !== undefined && last[0] >= seen;
  return [[start, 0], ...trail, ...(isKnown ? [] : [[Math.max(start, seen), utilization] as const]),
    [now.value, utilization]];
}

function linesOf(
  { bucket }: Placed, measured: readonly Point[], start: number, end: number): Line[] {
  const even: Line = { look: "even", points: [[start, 0], [end, 1]] };
  const lines: Line[] = [{ look: "measured", points: measured }, even];
  const from = [now.value, bucket.utilization] as const;
  const share = atReset(bucket, now.value);
  if (bucket.full_at !== null && bucket.full_at < end && bucket.full_at > now.value)
    lines.push({ look: "forecast", points: [from, [bucket.full_at, 1]] });
  else if (share !== null)
    lines.push({ look: "forecast", points: [from, [end, share]] });
  return lines;
}

function notesOf({ bucket }: Placed): Note[] {
  const pace = bucketPace(bucket, now.value);
  const notes: Note[] = [];
  if (pace !== null) {
    const side = pace.points >= 0 ? "ahead of" : "behind";
    const far = signed(Math.abs(pace.points)).replace("+", "");
    notes.push({
      x: now.value, y: 0, dy: -10, text: `now, ${far} ${side} even pace`,
      brief: `${far} ${side.split(" ")[0] ?? ""}`,
    });
  }
  const share = elapsed(bucket, now.value);
  if (bucket.full_at !== null && bucket.full_before_reset === true && share !== null)
    notes.push({
      x: bucket.full_at, y: 1, dy: 16, dx: 10, strong: true,
      text: `Full ${momentIn(zone.value, bucket.full_at, now.value)}`,
    });
  return notes;
}

/** Days of a long window, hours of a short one. */
function ticksOf(start: number, end: number): { at: number; text: string }[] {
  if (end - start <= DAY_MS) {
    const hour = 3_600_000;
    const first = Math.ceil(start / hour) * hour;
    return Array.from({ length: Math.floor((end - first) / hour) + 1 }, (_, i) => first + i * hour)
      .map((at) => ({ at, text: clockIn(zone.value, at) }));
  }
  const ticks: { at: number; text: string }[] = [];
  for (let day = dayIn(zone.value, start); ; day = addDays(day, 1)) {
    const at = startOfDay(zone.value, day);
    if (at > end)
      return ticks;
    if (at >= start)
      ticks.push({ at, text: shortWeekday(day) });
  }
}
