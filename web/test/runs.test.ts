// runs.test.ts: what a run's socket tells, and runs on the line of a day.
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Run, Turn } from "../src/api/types";
import { lanesOf, NO_FEED, reduceFeed, type RunFeed, turnColumns } from "../src/runs";

function turn(input: number, output: number, model = "m"): Turn {
  return {
    model, input_tokens: input, output_tokens: output, cache_read_tokens: 0, cache_create_tokens: 0,
  };
}

function fed(...snapshots: Turn[]): RunFeed {
  return snapshots.reduce(
    (feed, snapshot) => reduceFeed(feed, JSON.stringify({ type: "usage", snapshot })), NO_FEED);
}

test("each increment with input is a turn; growth of the answer alone is not", () => {
  assert.deepEqual(fed(turn(5, 1), turn(0, 9), turn(6, 2)).turns, [turn(5, 10), turn(6, 2)]);
});

test("what is taken back leaves the turn that it was in, or takes it along", () => {
  assert.deepEqual(fed(turn(5, 4), turn(-2, -1)).turns, [turn(3, 3)]);
  assert.deepEqual(fed(turn(5, 4), turn(-5, -4)).turns, []);
  assert.deepEqual(fed(turn(5, 4, "a"), turn(-5, -4, "b")).turns, [turn(5, 4, "a")]);
});

test("state and rate limits are kept, and what nobody knows changes nothing", () => {
  const state = reduceFeed(NO_FEED, '{"type":"state","state":"failed"}');
  assert.equal(state.state, "failed");
  const limit = { tokens_remaining: 1 };
  assert.deepEqual(reduceFeed(state, JSON.stringify({ type: "rate_limit", snapshot: limit })).limit, limit);
  for (const text of ["", "{", "null", '{"type":"snapshot"}'])
    assert.equal(reduceFeed(state, text), state, text);
});

test("turns are columns in their order", () => {
  assert.deepEqual(turnColumns([turn(5, 1), turn(6, 2)]).map((c) => [c.label, c.values]),
    [["1", [0, 0, 5, 1, 0]], ["2", [0, 0, 6, 2, 0]]]);
});

test("runs that overlap lie in different rows, others share one", () => {
  const run = (id: number, from: number, to: number | null): Run => ({
    id, project_id: 0, state: "running", agent: "claude", model: null, label: null, dir: null,
    created_at: from, finished_at: to, tokens_input: 0, tokens_output: 0, tokens_cache_read: 0,
    tokens_cache_create: 0, tokens_total: 0, usage_parse_errors: 0, cost_usd: null,
  });
  const lanes = lanesOf([run(3, 50, null), run(1, 10, 30), run(2, 20, 40)], 0, 60);
  assert.deepEqual(lanes.map((lane) => lane.map((p) => [p.run.id, p.toMs])), [[[1, 30], [3, 60]], [[2, 40]]]);
  assert.deepEqual(lanesOf([run(1, 10, 30)], 40, 60), []);
});
