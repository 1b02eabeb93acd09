// limits.test.ts: buckets, paces and forecasts in words.
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bucket, Limits } from "../src/api/types";
import { atReset, bucketName, estimated, bucketPace, forecastOf, nearest, paceOf, toneOf, warningKey } from "../src/limits";
import { extendTrails } from "../src/state/limits";

const HOUR = 3_600_000;

function bucket(more: Partial<Bucket> = {}): Bucket {
  return {
    id: "five_hour", utilization: 0.5, reset_at: 5 * HOUR, window_started_at: 0,
    window_seconds: 18_000, observed_at: HOUR, source: "log", expired: false, full_at: null,
    full_before_reset: null, tokens: null, requests: null, ...more,
  };
}

function limitsOf(...buckets: Bucket[]): Limits {
  const account = {
    account: "claude", plan: null, observed_at: 0, last_error: null, last_error_at: null, buckets,
  };
  return { at: 0, accounts: [account] };
}

test("a bound belongs to the higher colour", () => {
  const cases: [number, string][] = [
    [0, "green"], [0.749999, "green"], [0.75, "amber"], [0.899999, "amber"], [0.9, "red"], [1.2, "red"],
  ];
  for (const [utilization, tone] of cases)
    assert.equal(toneOf(utilization), tone, String(utilization));
});

test("every pace has its word, and its bounds are the daemon's", () => {
  const cases: [number, string][] = [
    [-0.39, "cold"], [-0.2, "cold"], [-0.1999, "cool"], [-0.05, "cool"], [-0.0499, "on track"],
    [0, "on track"], [0.0999, "on track"], [0.1, "warm"], [0.2499, "warm"], [0.25, "hot"],
  ];
  for (const [delta, word] of cases)
    assert.equal(paceOf(delta).word, word, String(delta));
});

test("a bucket without a window has no pace", () => {
  assert.equal(bucketPace(bucket({ window_started_at: null }), 0), null);
  assert.equal(bucketPace(bucket(), HOUR)?.points, 30);
});

test("buckets are called after their length, whatever stands in front", () => {
  const names = ["five_hour", "weekly", "opus_weekly", "8h", "30d", "spark:five_hour", "api_tokens", "x_y"];
  assert.deepEqual(names.map(bucketName), ["5 hours", "Weekly", "Opus weekly", "8 hours", "30 days",
    "spark · 5 hours", "API tokens, per minute", "x y"]);
});

test("a forecast says when it is full, or how full at the reset, or nothing", () => {
  const full = forecastOf(bucket({ full_at: 3 * HOUR, full_before_reset: true }), HOUR);
  assert.deepEqual(full, { kind: "full", atMs: 3 * HOUR, early: "2h 00m" });
  assert.equal(atReset(bucket({ full_at: 9 * HOUR }), HOUR), 0.75);
  assert.equal(forecastOf(bucket({ full_at: 9 * HOUR }), HOUR).kind, "share");
  assert.equal(forecastOf(bucket(), HOUR).kind, "unknown");
  assert.equal(forecastOf(bucket({ utilization: 1 }), HOUR).kind, "used_up");
  assert.equal(forecastOf(bucket({ expired: true }), HOUR).kind, "expired");
});

test("the nearest limit is the fullest that still runs; those of keys are not among them", () => {
  const all = limitsOf(bucket({ utilization: 0.2 }), bucket({ id: "weekly", utilization: 0.7 }),
    bucket({ id: "8h", utilization: 0.9, expired: true }), bucket({ id: "api_tokens", utilization: 1 }));
  assert.deepEqual(nearest(all).map((p) => p.bucket.id), ["weekly", "five_hour"]);
  assert.deepEqual(nearest(null), []);
});

test("a warning is of one window: a new one has another key", () => {
  const [was] = nearest(limitsOf(bucket()));
  const [is] = nearest(limitsOf(bucket({ window_started_at: 7 })));
  assert.ok(was !== undefined && is !== undefined && warningKey(was) !== warningKey(is));
});

test("what was seen grows with news only, and starts anew with a window", () => {
  let trails = extendTrails(new Map(), limitsOf(bucket()));
  trails = extendTrails(trails, limitsOf(bucket({ utilization: 0.6 })));
  trails = extendTrails(trails, limitsOf(bucket({ utilization: 0.6, observed_at: 2 * HOUR })));
  trails = extendTrails(trails, limitsOf(bucket({ window_started_at: 9, observed_at: 3 * HOUR })));
  assert.deepEqual([...trails.values()], [[[HOUR, 0.5], [2 * HOUR, 0.6]], [[3 * HOUR, 0.5]]]);
});

test("an estimate is drawn like a limit and says that it is none", () => {
  const guess = {
    id: "five_hour", utilization: 0.4, reset_at: 5 * HOUR, window_started_at: 0, blocks: 24,
    tokens: { remaining: 6, limit: 10 },
  };
  assert.equal(estimated(guess).source, "estimated from 24 past blocks");
  assert.equal(bucketPace(estimated(guess), HOUR)?.points, 20);
});
