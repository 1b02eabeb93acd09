// dates.test.ts: calendar days, zones and windows.
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import * as dates from "../src/dates";
import { chartRange, figureRange, inRange, windowOf } from "../src/window";

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

test("a window covers its whole days, those to come included", () => {
  assert.deepEqual(figureRange("week", "2026-11-18"),
    { since: "2026-11-16", until: "2026-11-22" });
  assert.deepEqual(figureRange("day", "2026-11-18"), { since: "2026-11-18", until: "2026-11-18" });
  assert.deepEqual(figureRange("all", "2026-11-18"), { since: null, until: null });
});

test("a day's chart shows the week that led to it", () => {
  assert.deepEqual(chartRange("day", "2026-11-02"), { since: "2026-10-27", until: "2026-11-02" });
});

test("a range without bounds holds every day", () => {
  assert.ok(inRange("1970-01-01", { since: null, until: null }));
  assert.ok(!inRange("2026-11-15", figureRange("week", "2026-11-18")));
  assert.ok(!inRange("2026-11-23", figureRange("week", "2026-11-18")));
});

test("an unknown window falls back to the week", () => {
  assert.equal(windowOf("all"), "all");
  assert.equal(windowOf("decade"), "week");
  assert.equal(windowOf(null), "week");
});
