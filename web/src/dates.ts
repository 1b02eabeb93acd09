// dates.ts: calendar days, written YYYY-MM-DD, and what a clock shows in the report's zone.
//
// Days are counted as plain calendar days, so no daylight saving can lose or double one. Only
// `dayIn` and `clockIn` know of zones, and they ask the browser. Never reads the clock.
// SPDX-License-Identifier: MIT

export type Day = string;

const MS_PER_DAY = 86_400_000;
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August",
  "September", "October", "November", "December"];

/** Days since 1970-01-01. */
export function dayNumber(day: Day): number {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  return Math.round(Date.UTC(year, month - 1, date) / MS_PER_DAY);
}

export function dayOf(number: number): Day {
  return new Date(number * MS_PER_DAY).toISOString().slice(0, 10);
}

export function addDays(day: Day, n: number): Day {
  return dayOf(dayNumber(day) + n);
}

/** Monday is 0. */
export function weekday(day: Day): number {
  return (((dayNumber(day) + 3) % 7) + 7) % 7;
}

export function mondayOf(day: Day): Day {
  return addDays(day, -weekday(day));
}

export function firstOfMonth(day: Day): Day {
  return `${day.slice(0, 7)}-01`;
}

export function firstOfYear(day: Day): Day {
  return `${yearOf(day)}-01-01`;
}

export function yearOf(day: Day): string {
  return day.slice(0, 4);
}

/** Both ends included; empty if they are the wrong way round. */
export function daysBetween(first: Day, last: Day): Day[] {
  const from = dayNumber(first);
  const n = Math.max(0, dayNumber(last) - from + 1);
  return Array.from({ length: n }, (_, i) => dayOf(from + i));
}

interface Names {
  weekday: string;
  date: number;
  month: string;
  year: string;
}

function names(day: Day): Names {
  return {
    weekday: WEEKDAYS[(weekday(day) + 1) % 7] ?? "",
    date: Number(day.slice(8, 10)),
    month: MONTHS[Number(day.slice(5, 7)) - 1] ?? "",
    year: yearOf(day),
  };
}

/** Mon */
export function shortWeekday(day: Day): string {
  return names(day).weekday.slice(0, 3);
}

/** 16 Nov */
export function dateAndMonth(day: Day): string {
  const n = names(day);
  return `${n.date} ${n.month.slice(0, 3)}`;
}

/** Nov 2026 */
export function monthAndYear(day: Day): string {
  const n = names(day);
  return `${n.month.slice(0, 3)} ${n.year}`;
}

/** Thursday 19 November; with the year when it is another than that of `today`. */
export function longDay(day: Day, today: Day): string {
  const n = names(day);
  const year = n.year === yearOf(today) ? "" : ` ${n.year}`;
  return `${n.weekday} ${n.date} ${n.month}${year}`;
}

/** Mon 16 Nov; with the year when it is another than that of `today`. */
export function mediumDay(day: Day, today: Day): string {
  const year = yearOf(day) === yearOf(today) ? "" : ` ${yearOf(day)}`;
  return `${shortWeekday(day)} ${dateAndMonth(day)}${year}`;
}

export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

const formats = new Map<string, Intl.DateTimeFormat>(); // they are dear to make

/** A zone that this browser does not know falls back to its own, as it would for no zone. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const options: Intl.DateTimeFormatOptions = {
    year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  };
  let format = formats.get(zone);
  if (format !== undefined)
    return format;
  try {
    format = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
  } catch {
    format = new Intl.DateTimeFormat("en-GB", options);
  }
  formats.set(zone, format);
  return format;
}

function partsIn(zone: string, atMs: number): Record<string, string> {
  const format = formatOf(zone);
  return Object.fromEntries(format.formatToParts(atMs).map((p) => [p.type, p.value]));
}

/** The calendar day that the zone lives at a moment. */
export function dayIn(zone: string, atMs: number): Day {
  const p = partsIn(zone, atMs);
  return `${p["year"]?.padStart(4, "0")}-${p["month"]}-${p["day"]}`;
}

/** When that day begins in the zone, in ms; good to the hour where clocks are moved that day. */
export function startOfDay(zone: string, day: Day): number {
  const guess = dayNumber(day) * MS_PER_DAY;
  const shown = (at: number): number => {
    const p = partsIn(zone, at);
    return Date.UTC(Number(p["year"]), Number(p["month"]) - 1, Number(p["day"]),
      Number(p["hour"]), Number(p["minute"]));
  };
  const first = guess - (shown(guess) - guess);
  return first - (shown(first) - guess);
}

/** "14:32" on the same day, else "Mon 16 Nov 14:32"; within a week "Mon 14:32". */
export function momentIn(zone: string, atMs: number, nowMs: number): string {
  const day = dayIn(zone, atMs);
  const today = dayIn(zone, nowMs);
  const clock = clockIn(zone, atMs);
  const away = Math.abs(dayNumber(day) - dayNumber(today));
  if (away === 0)
    return clock;
  return `${away < 7 ? shortWeekday(day) : mediumDay(day, today)} ${clock}`;
}

/** 14:32 */
export function clockIn(zone: string, atMs: number): string {
  const p = partsIn(zone, atMs);
  return `${p["hour"]}:${p["minute"]}`;
}
