// usage.test.ts: from the daemon's documents to the figures of the page.
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Live, ModelRow, Report, Sums } from "../src/api/types";
import { reduceLive } from "../src/state/live";
import { byModel, daysOf, kindsOf, sumOf } from "../src/usage";

function sums(input: number, dollars = 0): Sums {
  return {
    inputTokens: input, outputTokens: 1, cacheCreationTokens: 2, cacheReadTokens: 3,
    totalTokens: input + 6, totalCost: dollars, unpriced: false, unpricedTokens: 0,
  };
}

function model(modelName: string, agent: string, input: number, unpriced = false): ModelRow {
  return {
    modelName, agent, inputTokens: input, outputTokens: 0, cacheCreationTokens: 0,
    cacheReadTokens: 0, cost: 0.1, unpriced, unpricedTokens: unpriced ? input : 0,
  };
}

const REPORT: Report = {
  daily: [
    { period: "2026-11-20", ...sums(10, 0.1), modelBreakdowns: [model("a", "x", 10)] },
    { period: "2026-11-22", ...sums(20, 0.2),
      modelBreakdowns: [model("b", "x", 15, true), model("a", "y", 5)] },
  ],
  totals: sums(30), timezone: "UTC", since: null, until: null, costMode: "list", complete: true,
};

function frame(more: Partial<Live>): Live {
  return {
    type: "live", revision: 1, at: 0, timezone: "UTC", day: "2026-11-22",
    today: { period: "2026-11-22", ...sums(100) }, week: { period: "2026-11-16", ...sums(100) },
    costMode: "list", burn_rate: { tokens_per_minute: 0, cost_usd_per_hour: 0 },
    last_event_at: null, reading: null, paused: null,
    ...more,
  };
}

test("sums are whole, money too", () => {
  const sum = sumOf(daysOf(REPORT));
  assert.equal(sum.tokens, 42);
  assert.equal(sum.nano, 300_000_000);
  assert.deepEqual(sum.kinds, { cacheRead: 6, cacheWrite: 4, input: 30, output: 2, reasoning: 0 });
});

test("reasoning is a part of the output, never more than it", () => {
  const row = { inputTokens: 1, outputTokens: 10, cacheCreationTokens: 0, cacheReadTokens: 0 };
  assert.deepEqual([kindsOf(row).output, kindsOf(row).reasoning], [10, 0]);
  const some = kindsOf({ ...row, reasoningTokens: 4 });
  assert.deepEqual([some.output, some.reasoning], [6, 4]);
  const mad = kindsOf({ ...row, reasoningTokens: 40 });
  assert.deepEqual([mad.output, mad.reasoning], [0, 10]);
});

test("models are summed per agent, most tokens first", () => {
  const rows = byModel(daysOf(REPORT));
  assert.deepEqual(rows.map((r) => [r.agent, r.model, r.tokens]),
    [["x", "b", 15], ["x", "a", 10], ["y", "a", 5]]);
  assert.deepEqual(rows.map((r) => r.unpricedTokens), [15, 0, 0]);
});

test("the first frame, a new revision and a new day are news", () => {
  const first = frame({});
  const cases: [string, Live | null, Live, boolean][] = [
    ["first", null, first, true],
    ["same again", first, frame({ at: 5 }), false],
    ["new revision", first, frame({ revision: 2 }), true],
    ["a daemon that counts anew", frame({ revision: 9 }), first, true],
    ["midnight", first, frame({ day: "2026-11-23" }), true],
  ];
  for (const [why, was, next, news] of cases) {
    const step = reduceLive(was, JSON.stringify(next));
    assert.deepEqual([step.news, step.frame], [news, next], why);
  }
});

test("what is not a live frame changes nothing", () => {
  const was = frame({});
  for (const text of ["", "{", "null", "[]", "7", '{"type":"other"}', '{"type":"live"}',
    JSON.stringify({ ...was, today: null }), JSON.stringify({ ...was, burn_rate: null })]) {
    const step = reduceLive(was, text);
    assert.equal(step.frame, was, text);
    assert.equal(step.news, false, text);
  }
});
