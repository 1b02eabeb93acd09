// window.test.ts: the usage window: its zone, its hours, its bounds, what came before.
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Block, Threshold, UsagePart, UsageWindow } from "../src/api/types";
import type { DayUse } from "../src/usage";
import { nothing } from "../src/usage";
import {
  agentUses, boundsOf, HOUR_MS, hourColumns, hoursOf, spanOfWindow, usedBy, usedByThen, zoneOfWindow,
} from "../src/usage-window";

const MONDAY = Date.parse("2026-11-16T00:00:00Z");

function part(input: number): UsagePart {
  return { tasks: 1, turns: 1, input_tokens: input, output_tokens: 0, cache_read: 0, cache_creation: 0 };
}

function usage(more: Partial<UsageWindow> = {}): UsageWindow {
  return {
    window: { since: "2026-11-16T00:00:00Z", reset_at: "2026-11-23T00:00:00Z" }, totals: part(0),
    by_agent: [], by_day: [], used: 0, threshold: null, ...more,
  };
}

function block(start: string, input: number, isGap = false): Block {
  return {
    id: start, isGap, isActive: false, startTime: start, endTime: start, actualEndTime: null,
    totalTokens: input, costUSD: 0, unpricedTokens: 0, models: [], burnRate: null, projection: null,
    tokenCounts: {
      inputTokens: input, outputTokens: 0, cacheCreationInputTokens: 0, cacheReadInputTokens: 0,
    },
  };
}

function day(name: string, tokens: number): DayUse {
  return { ...nothing(), tokens, day: name, models: [] };
}

test("the window's zone is the first in which it begins at midnight", () => {
  const zones = ["UTC", "Europe/Berlin"];
  assert.equal(zoneOfWindow("2026-11-16T00:00:00Z", zones), "UTC");
  assert.equal(zoneOfWindow("2026-11-15T23:00:00Z", zones), "Europe/Berlin");
  assert.equal(zoneOfWindow("2026-11-15T05:30:00Z", zones), "UTC");
  assert.equal(zoneOfWindow(null, zones), "UTC");
});

test("a week shows its whole width, everything what there is", () => {
  const doc = usage({ by_day: [{ day: "2026-11-16", ...part(1) }, { day: "2026-11-17", ...part(1) }] });
  assert.deepEqual(spanOfWindow(doc, "week", "UTC"), ["2026-11-16", "2026-11-22"]);
  assert.deepEqual(spanOfWindow(doc, "all", "UTC"), ["2026-11-16", "2026-11-17"]);
  const none = usage({ window: { since: null, reset_at: null } });
  assert.equal(spanOfWindow(none, "all", "UTC"), null);
});

test("hours of a day stand in their column; gaps are nothing", () => {
  const hours = hoursOf([block("2026-11-16T01:00:00Z", 7), block("2026-11-16T02:00:00Z", 9, true)]);
  const columns = hourColumns(hours, MONDAY, MONDAY + 1.5 * HOUR_MS, "UTC");
  assert.equal(columns.length, 24);
  assert.deepEqual(columns.slice(0, 3).map((c) => c.values[2]), [0, 7, 0]);
  assert.deepEqual(columns.slice(0, 3).map((c) => [c.label, c.strong, c.future]),
    [["00:00", false, false], ["01:00", true, false], ["02:00", false, true]]);
});

test("of the hour that a moment falls into, its share is counted", () => {
  const hours = hoursOf([block("2026-11-16T00:00:00Z", 100), block("2026-11-16T01:00:00Z", 40)]);
  assert.equal(usedBy(hours, MONDAY), 0);
  assert.equal(usedBy(hours, MONDAY + HOUR_MS * 1.25), 110);
  assert.equal(usedBy(hours, MONDAY + HOUR_MS * 9), 140);
});

test("the window before is whole days and the hours of its last one", () => {
  const days = [day("2026-11-09", 5), day("2026-11-10", 7), day("2026-11-11", 1000)];
  const hours = hoursOf([block("2026-11-11T00:00:00Z", 60)]);
  const then = { day: "2026-11-11", ms: Date.parse("2026-11-11T00:30:00Z") };
  assert.equal(usedByThen(days, hours, then), 42);
});

test("bounds are passed, ahead, or not before the reset", () => {
  const threshold: Threshold = { tokens: 1000, used: 600, percent: 60, state: "yellow" };
  const doc = usage({
    threshold, by_day: [{ day: "2026-11-16", ...part(450) }, { day: "2026-11-17", ...part(150) }],
  });
  const later = boundsOf(doc, threshold, MONDAY + 5 * 24 * HOUR_MS); // 120 a day
  assert.deepEqual(later.map((b) => b.kind), ["passed", "ahead", "not_reached"]);
  assert.deepEqual(later[0], { percent: 50, tokens: 500, kind: "passed", day: "2026-11-17" });
  assert.equal(later[1]?.kind === "ahead" && (later[1].atMs - MONDAY) / HOUR_MS / 24, 20 / 3);
  assert.equal(later[2]?.kind === "not_reached" && later[2].forecast.toFixed(2), "0.84");
});

test("a bound is passed when it is reached, and not one token before", () => {
  const at = (used: number): string | undefined => {
    const threshold: Threshold = { tokens: 1000, used, percent: used / 10, state: "green" };
    return boundsOf(usage(), threshold, MONDAY)[0]?.kind;
  };
  assert.equal(at(499), "unknown");
  assert.equal(at(500), "passed");
});

test("a model's days and costs are an agent's only where no other agent has that model", () => {
  const row = (name: string, model: string, input: number) =>
    ({ name, type: "t", model, ...part(input) });
  const model = (name: string, tokens: number) =>
    ({ ...nothing(), tokens, nano: tokens * 10, model: name, agent: "claude" });
  const doc = usage({ by_agent: [row("a", "m", 5), row("b", "shared", 3), row("c", "shared", 4)] });
  const report = [{ ...day("2026-11-17", 12), models: [model("m", 5), model("shared", 7)] }];
  const uses = agentUses(doc, report, ["2026-11-16", "2026-11-17"]);
  assert.deepEqual(uses.map((u) => [u.tokens, u.days, u.nano]),
    [[5, [0, 5], 50], [3, null, null], [4, null, null]]);
});
