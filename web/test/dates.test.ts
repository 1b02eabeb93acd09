// dates.test.ts: calendar days and zones.
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import * as dates from "../src/dates";
import { windowOf } from "../src/window";

test("days are counted across months, years and leap days", () => {
  const cases: [string, number, string][] = [
    ["2026-11-30", 1, "2026-12-01"], ["2026-12-31", 1, "2027-01-01"],
    ["2028-02-28", 1, "2028-02-29"], ["2026-03-01", -1, "2026-02-28"],
    ["1969-12-31", 1, "1970-01-01"],
  ];
  for (const [day, n, want] of cases)
    assert.equal(dates.addDays(day, n), want);
});

test("a day is a day where the clocks change", () => {
  assert.deepEqual(dates.daysBetween("2026-03-28", "2026-03-30"),
    ["2026-03-28", "2026-03-29", "2026-03-30"]);
  assert.equal(dates.daysBetween("2026-10-01", "2026-10-31").length, 31);
  assert.deepEqual(dates.daysBetween("2026-10-02", "2026-10-01"), []);
});

test("a week begins on Monday", () => {
  const cases: [string, string][] = [
    ["2026-11-16", "2026-11-16"], ["2026-11-22", "2026-11-16"], ["2026-11-23", "2026-11-23"],
    ["2027-01-01", "2026-12-28"], ["1969-12-31", "1969-12-29"],
  ];
  for (const [day, monday] of cases)
    assert.equal(dates.mondayOf(day), monday);
});

test("the day is the one that the zone lives", () => {
  const at = Date.UTC(2026, 10, 22, 23, 30);
  assert.equal(dates.dayIn("UTC", at), "2026-11-22");
  assert.equal(dates.dayIn("Europe/Berlin", at), "2026-11-23");
  assert.equal(dates.dayIn("America/Los_Angeles", at), "2026-11-22");
  assert.equal(dates.dayIn("Pacific/Kiritimati", at), "2026-11-23");
});

test("the clock shows midnight as 00:00, and a zone's quarter hours", () => {
  const midnight = Date.UTC(2026, 10, 22);
  assert.equal(dates.clockIn("UTC", midnight), "00:00");
  assert.equal(dates.clockIn("Asia/Kathmandu", midnight), "05:45");
});

test("a zone that the browser does not know falls back instead of failing", () => {
  assert.match(dates.dayIn("Mars/Olympus", 0), /^19(69|70)-/);
});

test("days are named in words, with the year when it is another", () => {
  assert.equal(dates.longDay("2026-11-19", "2026-11-22"), "Thursday 19 November");
  assert.equal(dates.longDay("2025-11-19", "2026-11-22"), "Wednesday 19 November 2025");
  assert.equal(dates.mediumDay("2026-11-16", "2026-11-22"), "Mon 16 Nov");
  assert.equal(dates.mediumDay("2025-08-03", "2026-11-22"), "Sun 3 Aug 2025");
  assert.equal(dates.monthAndYear("2026-02-01"), "Feb 2026");
});

test("a day begins at the zone's midnight, also when the clocks change", () => {
  const cases: [string, string, string][] = [
    ["UTC", "2026-11-22", "2026-11-22T00:00:00Z"],
    ["Europe/Berlin", "2026-11-22", "2026-11-21T23:00:00Z"],
    ["Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"],
    ["Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z"],
    ["America/Los_Angeles", "2026-11-01", "2026-11-01T07:00:00Z"],
    ["Asia/Kathmandu", "2026-11-22", "2026-11-21T18:15:00Z"],
  ];
  for (const [zone, day, want] of cases)
    assert.equal(dates.startOfDay(zone, day), Date.parse(want), `${zone} ${day}`);
});

test("a moment is told by the clock, with its day as soon as that is another", () => {
  const now = Date.UTC(2026, 10, 22, 12);
  assert.equal(dates.momentIn("UTC", now + 60_000, now), "12:01");
  assert.equal(dates.momentIn("UTC", now + 86_400_000, now), "Mon 12:00");
  assert.equal(dates.momentIn("UTC", now + 9 * 86_400_000, now), "Tue 1 Dec 12:00");
});

test("an unknown window falls back to the week", () => {
  assert.equal(windowOf("all"), "all");
  assert.equal(windowOf("decade"), "week");
  assert.equal(windowOf(null), "week");
});
