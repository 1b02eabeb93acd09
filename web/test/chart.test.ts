// chart.test.ts: columns, stacks, axes: the geometry of the chart.
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsOf, grainFor } from "../src/chart/columns";
import { heatWeeks, levelsOf } from "../src/chart/heat";
import { freeLabels, scaleFor } from "../src/chart/scale";
import { columnWidth, height, pieces, stack } from "../src/chart/stack";
import { daysBetween } from "../src/dates";
import { type DayUse, nothing } from "../src/usage";

const NONE: ReadonlySet<number> = new Set();
const TODAY = "2026-11-18";

function use(day: string, input: number): DayUse {
  const amount = nothing();
  amount.kinds.input = input;
  amount.tokens = input;
  return { ...amount, day, models: [] };
}

test("values pile up from zero in their order", () => {
  assert.deepEqual(stack([10, 20, 5], NONE), [
    { series: 0, from: 0, to: 10 },
    { series: 1, from: 10, to: 30 },
    { series: 2, from: 30, to: 35 },
  ]);
});

test("hidden kinds and zeros take no room", () => {
  assert.deepEqual(stack([10, 0, 5, 7], new Set([0])), [
    { series: 2, from: 0, to: 5 }, { series: 3, from: 5, to: 12 },
  ]);
  assert.equal(height([10, 20], new Set([1])), 10);
  assert.equal(height([], NONE), 0);
});

test("one pixel of ground shows between two segments, none on top", () => {
  const made = pieces(stack([50, 50], NONE), (v) => 100 - v, 40);
  assert.deepEqual(made, [
    { series: 0, y: 51, height: 49, radius: 0 }, { series: 1, y: 0, height: 50, radius: 2 },
  ]);
});

test("a thin segment or a thin column keeps no gap", () => {
  assert.equal(pieces(stack([3, 50], NONE), (v) => 100 - v, 40)[0]?.height, 3);
  assert.equal(pieces(stack([50, 50], NONE), (v) => 100 - v, 6)[0]?.height, 50);
});

test("what is there is seen, however little", () => {
  const [piece] = pieces(stack([1], NONE), (v) => 100 - v / 1e6, 40);
  assert.equal(piece?.height, 0.75);
});

test("columns are never wider than a thumb nor thinner than a pixel", () => {
  assert.equal(columnWidth(200, 7), 44);
  assert.equal(columnWidth(0.5, 700), 1);
});

test("an axis goes from zero to a round number in whole steps", () => {
  const cases: [number, number, number][] = [
    [1_090_000, 1_250_000, 6], [0, 1, 2], [3, 3, 4], [5, 5, 6], [1_000_000, 1_000_000, 6],
  ];
  for (const [top, max, ticks] of cases) {
    const scale = scaleFor(top, 5);
    assert.deepEqual([scale.max, scale.ticks.length], [max, ticks], String(top));
    assert.ok(scale.ticks.every(Number.isInteger));
  }
});

test("labels are thinned from the last backwards", () => {
  assert.deepEqual(freeLabels(7, 100, 30), [0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual(freeLabels(7, 20, 30), [0, 3, 6]);
  assert.deepEqual(freeLabels(0, 20, 30), []);
});

test("days without use are empty columns, and days to come are told apart", () => {
  const span = daysBetween("2026-11-16", "2026-11-22");
  const columns = columnsOf([use("2026-11-17", 5)], span, "day", TODAY);
  assert.deepEqual(columns.map((c) => c.label), ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
  assert.deepEqual(columns.map((c) => c.values[2]), [0, 5, 0, 0, 0, 0, 0]);
  assert.deepEqual(columns.map((c) => c.future), [false, false, false, true, true, true, true]);
  assert.deepEqual(columns.filter((c) => c.strong).map((c) => c.key), [TODAY]);
});

test("many days become weeks, then months, and lose nothing", () => {
  assert.deepEqual([7, 62, 63, 420, 421, 1860, 1861].map(grainFor),
    ["day", "day", "week", "week", "month", "month", "year"]);
  const days = [use("2026-09-30", 1), use("2026-10-01", 2), use("2026-11-01", 4)];
  const span = daysBetween("2026-09-30", TODAY);
  const months = columnsOf(days, span, "month", TODAY);
  assert.deepEqual(months.map((c) => [c.label, c.values[2]]),
    [["Sep 2026", 1], ["Oct 2026", 2], ["Nov 2026", 4]]);
  const years = columnsOf(days, span, "year", TODAY);
  assert.deepEqual(years.map((c) => [c.label, c.strong, c.values[2]]), [["2026", true, 7]]);
  const weeks = columnsOf(days, span, "week", TODAY);
  assert.equal(weeks[0]?.title, "Week of Mon 28 Sep");
  assert.deepEqual([weeks[0]?.values[2], weeks.length], [3, 8]);
});

test("a year is weeks from Monday that end with today", () => {
  const weeks = heatWeeks(new Map([["2026-11-18", 5]]), TODAY, 2);
  assert.deepEqual(weeks.map((w) => [w[0]?.day, w.length]), [["2026-11-09", 7], ["2026-11-16", 3]]);
  assert.deepEqual(weeks[1]?.map((d) => d.level > 0), [false, false, true]);
});

test("levels part the days of use into quarters, whatever one mad day did", () => {
  const level = levelsOf([0, 1, 2, 3, 1_000_000]);
  assert.deepEqual([0, 1, 2, 3, 1_000_000].map(level), [0, 1, 2, 3, 4]);
  assert.equal(levelsOf([])(7), 1);
});
