// gateway.test.ts: a gateway's document as sentences and lines.
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RuntimeUsage } from "../src/api/types";
import { limitLines, outlookOf, pairingCommand, sourceWords } from "../src/gateway";

const NOW = Date.parse("2026-11-22T14:30:00Z");
const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 16);

function doc(predictions: RuntimeUsage["predictions"]): RuntimeUsage {
  return {
    generated_at: new Date(NOW).toISOString(), gateway_id: "g", data: "complete", sources: {},
    window: {
      started_at: "2026-11-22T11:50:00Z", resets_at: "2026-11-22T16:50:00Z", reset_in_ms: 0,
      source: "provider_native", confidence: "high",
    },
    current: { total_cost_usd: 0, total_tokens: 0, total_output_tokens: 0, total_calls: 0 },
    burn_rate: { tokens_per_minute: 0, output_tokens_per_minute: 0, cost_usd_per_minute: 0 },
    predictions, per_model: {}, top_sessions: [],
  };
}

function sentence(predictions: RuntimeUsage["predictions"]): string {
  return outlookOf(doc(predictions), NOW, clock).sentence;
}

test("a limit that ends before the reset is told with its time and its distance", () => {
  assert.equal(sentence({ time_to_limit_ms: 70 * 60_000, safe: false, limit_kind: "output_tokens" }),
    "At this pace the output limit is reached at 15:40, 1h 10m before the reset.");
});

test("safe, used up and unknown are three different sentences", () => {
  assert.equal(sentence({ time_to_limit_ms: 9e6, safe: true, limit_kind: "messages" }),
    "At this pace the message limit lasts until the reset at 16:50.");
  assert.equal(sentence({ time_to_limit_ms: 0, safe: false, limit_kind: "total_tokens" }),
    "The token limit is used up until 16:50.");
  assert.match(sentence({ time_to_limit_ms: null, safe: true, limit_kind: "total_tokens" }),
    /nothing to forecast/);
  assert.match(sentence({ time_to_limit_ms: null, safe: true, limit_kind: "total_tokens", exhausted: true }),
    /used up/);
});

test("only limits that are known are lines; money is not forecast", () => {
  const lines = limitLines({
    total_cost_usd: 6.42, total_tokens: 5, total_output_tokens: 148_000, total_calls: 9,
    output_token_limit: 200_000, output_token_pct: 74, total_token_limit: null, cost_limit_usd: 10,
  });
  assert.deepEqual(lines.map((l) => [l.name, l.percent, l.forecast]),
    [["Output tokens", 74, true], ["Cost", 64, false]]);
});

test("a source says how it went", () => {
  assert.equal(sourceWords("usage.cost", "ok"), "usage.cost ok");
  assert.equal(sourceWords("sessions.usage", "timeout"), "sessions.usage timed out");
});

test("the command that approves is taken out of the gateway's words, and nothing else is", () => {
  assert.equal(pairingCommand("run openclaw devices approve 7c1e-2 there"), "openclaw devices approve 7c1e-2");
  assert.equal(pairingCommand("openclaw devices approve x; rm -rf /"), "openclaw devices approve x");
  assert.equal(pairingCommand(null), "openclaw devices list");
});
