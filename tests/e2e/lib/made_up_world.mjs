// lib/made_up_world.mjs: an invented world to look at: a busy year, limits, runs, gateways.
//
// The same moment gives the same figures: nothing here is random.
// SPDX-License-Identifier: MIT

import { DAY_MS, HOUR_MS } from "./made_up_reports.mjs";

const MINUTE_MS = 60_000;

const AGENTS = [
  { name: "builder", kind: "worker", agent: "claude", model: "claude-opus-4-5", project: "/w/web-shop", machine: "studio", size: 44 },
  { name: "main", kind: "codex", agent: "codex", model: "gpt-5.2-codex", project: "/w/tacho", machine: "studio", size: 26 },
  { name: "reviewer", kind: "worker", agent: "claude", model: "claude-sonnet-4-5", project: "/w/ingest", machine: "laptop", size: 17 },
  { name: "scout", kind: "worker", agent: "gemini", model: "gemini-3-pro", project: "/w/docs", machine: "laptop", size: 9 },
  { name: "helper", kind: "worker", agent: "opencode", model: "mistral-small", project: "/w/tacho", machine: "studio", size: 2 },
];

/** Between 0 and 1, the same for the same number. */
function chance(n) {
  const x = Math.sin(n * 12.9898) * 43758.5453;
  return x - Math.floor(x);
}

function eventOf(agent, atMs, n) {
  const size = agent.size * (0.4 + chance(n));
  const isCold = n % 17 === 0;
  return {
    ...agent, atMs, session: `${agent.name}-${Math.floor(atMs / DAY_MS) % 1000}`,
    input: Math.round(size * 95), output: Math.round(size * 88),
    reasoning: agent.agent === "claude" ? 0 : Math.round(size * 21),
    cacheRead: isCold ? 0 : Math.round(size * 640), cacheWrite: Math.round(size * (isCold ? 300 : 80)),
  };
}

/** A year of working days, and weekends that are mostly free. */
export function year(nowMs) {
  const events = [];
  const midnight = Math.floor(nowMs / DAY_MS) * DAY_MS;
  for (let back = 370; back >= 0; back--) {
    const day = midnight - back * DAY_MS;
    const weekday = new Date(day).getUTCDay();
    const isFree = weekday === 0 || weekday === 6;
    const pace = (isFree ? 0.25 : 1) * (0.35 + chance(back * 7)) * (1 - back / 700);
    const turns = back > 360 ? 0 : Math.round(11 * pace);
    for (let i = 0; i < turns; i++) {
      const atMs = day + (8 + (i * 11) / Math.max(1, turns) + chance(back + i)) * HOUR_MS;
      AGENTS.forEach((agent, a) => {
        if (chance(back * 31 + i * 5 + a) < 0.8 && atMs < nowMs)
          events.push(eventOf(agent, Math.round(atMs + a * MINUTE_MS), back * 13 + i * 5 + a));
      });
    }
  }
  events.push(eventOf(AGENTS[0], nowMs - 40_000, 3));
  return events.sort((a, b) => a.atMs - b.atMs);
}

/* ---- limits ---- */

function bucket(nowMs, id, hours, utilization, gone, full = null) {
  const start = nowMs - gone * hours * HOUR_MS;
  const reset = start + hours * HOUR_MS;
  return {
    id, utilization, reset_at: reset, window_started_at: start, window_seconds: hours * 3600,
    observed_at: nowMs - 38_000, source: "log", expired: false, delta: utilization - gone,
    zone: "on_track", full_at: full === null ? null : nowMs + full * HOUR_MS,
    full_before_reset: full === null ? null : nowMs + full * HOUR_MS < reset,
    tokens: null, requests: null,
  };
}

export function limits(nowMs) {
  const account = (name, plan, agoMs, buckets) => ({
    account: name, plan, observed_at: nowMs - agoMs, last_error: null, last_error_at: null, buckets,
  });
  return {
    at: nowMs,
    accounts: [
      account("claude", "Max 20x", 38_000, [
        bucket(nowMs, "five_hour", 5, 0.62, 0.71, 2.9),
        bucket(nowMs, "weekly", 168, 0.78, 0.604, 28.6),
        bucket(nowMs, "opus_weekly", 168, 0.63, 0.604, 59.5),
      ]),
      account("codex", "Plus", 240_000, [
        bucket(nowMs, "five_hour", 5, 0.81, 0.473, 0.55),
        bucket(nowMs, "weekly", 168, 0.3, 0.323, 127),
      ]),
      account("gateway:lab-id", null, 12_000, [bucket(nowMs, "weekly", 168, 0.21, 0.604)]),
    ],
  };
}

/* ---- runs ---- */

const RUNS = [
  ["Fix flaky login test", "claude", "claude-opus-4-5", "running", 0.21, null, 125, 1.21],
  ["Ledger: roll-ups per quarter hour", "codex", "gpt-5.2-codex", "running", 0.68, null, 72, 0.68],
  ["Write the migration guide", "claude", "claude-sonnet-4-5", "succeeded", 1.2, 0.3, 18, 0.16],
  ["Update price table to November", "gemini", "gemini-3-pro", "succeeded", 1.8, 0.23, 8, 0.05],
  ["Port importer to streaming", "codex", "gpt-5.2-codex", "failed", 2.6, 0.55, 89, 0.87],
  ["Search: rank by recency", "claude", "claude-opus-4-5", "succeeded", 3.9, 0.87, 192, 1.95],
  ["Remove dead feature flags", "claude", "claude-sonnet-4-5", "succeeded", 4.3, 0.35, 34, 0.31],
  ["Try local model on lint fixes", "opencode", "mistral-small", "cancelled", 4.7, 0.1, 5, null],
  ["Nightly dependency review", "claude", "claude-opus-4-5", "succeeded", 8.5, 0.15, 11, 0.1],
  ["Checkout: tax rounding", "codex", "gpt-5.2-codex", "succeeded", 20, 1.4, 255, 2.44],
  ["Explain the slow query", "claude", "claude-opus-4-5", "succeeded", 21.5, 0.27, 44, 0.47],
  ["Accessibility pass on forms", "gemini", "gemini-3-pro", "succeeded", 23.2, 0.62, 62, 0.41],
];

export function runs(nowMs) {
  return RUNS.map(([label, agent, model, state, ago, took, thousands, cost], i) => {
    const created = Math.round(nowMs - ago * HOUR_MS);
    const total = thousands * 1000 + 417;
    const read = Math.round(total * 0.86);
    const write = Math.round(total * 0.06);
    const input = Math.round(total * 0.045);
    return {
      id: 418 - i, project_id: 1 + (i % 3), state, agent, model, label,
      dir: `/srv/runs/${418 - i}/mount`, created_at: created,
      finished_at: took === null ? null : Math.round(created + took * HOUR_MS),
      tokens_input: input, tokens_output: total - read - write - input, tokens_cache_read: read,
      tokens_cache_create: write, tokens_total: total, usage_parse_errors: i === 0 ? 2 : 0,
      cost_usd: cost,
    };
  });
}

export const runModels = {
  418: [
    { model: "claude-opus-4-5", input: 4_600, output: 3_900, cache_read: 98_000, cache_create: 6_800 },
    { model: "claude-haiku-4-5", input: 600, output: 300, cache_read: 9_800, cache_create: 700 },
  ],
};

/** The frames of a run's socket: thirty turns whose context grows. */
export function turns() {
  return Array.from({ length: 34 }, (_, i) => ({
    type: "usage",
    snapshot: {
      model: "claude-opus-4-5", input_tokens: Math.round(60 + 160 * chance(i)),
      output_tokens: Math.round(50 + 210 * chance(i + 50)), cache_read_tokens: 900 + i * 135,
      cache_create_tokens: Math.round(90 + 200 * chance(i + 90)),
    },
  }));
}

export function rateLimit(nowMs) {
  return {
    type: "rate_limit",
    snapshot: {
      requests_remaining: 612, requests_limit: 900, tokens_remaining: 836_000,
      tokens_limit: 2_200_000, reset_at: nowMs + 1.5 * HOUR_MS,
    },
  };
}

/* ---- gateways ---- */

export function gateways(nowMs) {
  const gateway = (id, name, url, state, ago, error = null) => ({
    id, name, url, account_key: "default", state, last_error: error,
    last_seen_at: ago === null ? null : nowMs - ago,
  });
  return [
    gateway("lab-id", "lab", "ws://10.0.0.12:18789", "connected", 4_000),
    gateway("office-id", "office", "wss://gw.office.example:443", "pairing_required", null,
      "This device has to be approved: openclaw devices approve 7c1e"),
    gateway("nas-id", "nas", "ws://nas.local:18789", "unreachable", 16 * HOUR_MS,
      "connect to nas.local:18789: No route to host"),
  ];
}

const MODELS = [
  ["anthropic", "claude-opus-4-5", 214, 61_000, 88_000, 4.12, false],
  ["openai", "gpt-5.2-codex", 121, 38_000, 42_000, 1.63, false],
  ["google", "gemini-3-pro", 52, 21_000, 14_000, 0.67, false],
  ["anthropic", "claude-next", 18, 6_000, 3_000, 0, true],
  ["ollama", "qwen3-coder", 7, 4_000, 1_000, 0, false],
];
const SESSIONS = [
  ["Refactor the scheduler", "anthropic/claude-opus-4-5", 31_400, 1.84, 1],
  ["Weekly report for finance", "openai/gpt-5.2-codex", 22_000, 0.97, 20],
  ["Support inbox triage", "anthropic/claude-opus-4-5", 18_800, 0.91, 2],
  ["Home automation rules", "google/gemini-3-pro", 11_200, 0.44, 87],
  [null, "anthropic/claude-next", 9_100, 0, 104],
];

export function runtimeUsage(nowMs) {
  const iso = (ms) => new Date(ms).toISOString();
  const start = nowMs - 162 * MINUTE_MS;
  const reset = start + 5 * HOUR_MS;
  const rows = MODELS.map(([provider, model, calls, input, output, cost, unpriced]) => [
    `${provider}/${model}`, {
      provider, account_key: "default", model, input_tokens: input, output_tokens: output,
      cache_read_tokens: input * 6, cache_write_tokens: output, total_tokens: input + output,
      cost_usd: cost, calls, unpriced, source: "local_jsonl_estimate",
    }]);
  return {
    generated_at: iso(nowMs), gateway_id: "lab-id", data: "complete",
    sources: { "usage.cost": "ok", "usage.status": "ok", "sessions.usage": "timeout" },
    window: {
      key: "5h", started_at: iso(start), resets_at: iso(reset), reset_in_ms: reset - nowMs,
      source: "provider_native", confidence: "high",
    },
    current: {
      total_cost_usd: 6.42, total_tokens: 278_000, total_output_tokens: 148_000, total_calls: 412,
      output_token_limit: 200_000, output_token_pct: 74, total_token_limit: null,
      message_limit: 900, message_pct: 45, cost_limit_usd: 10, cost_pct: 64,
    },
    burn_rate: {
      tokens_per_minute: 1440, output_tokens_per_minute: 765, cost_usd_per_minute: 0.033,
      basis: "quarter_hours",
    },
    predictions: { time_to_limit_ms: 68 * MINUTE_MS, safe: false, limit_kind: "output_tokens" },
    per_model: Object.fromEntries(rows),
    top_sessions: SESSIONS.map(([label, model, tokens, cost, ago], i) => ({
      session_id: `a41f-09c${i}`, label, model, cost_usd: cost, total_tokens: tokens,
      updated_at: iso(nowMs - ago * MINUTE_MS), source: "local_jsonl_estimate",
    })),
    providers: [
      { provider: "anthropic", display_name: "Anthropic", plan: "Max", error: null, windows: [
        { label: "5 hours", used_percent: 48, resets_at: iso(reset), started_at: iso(start),
          pacing: { delta: -0.04, zone: "on_track" } },
        { label: "Week", used_percent: 21, resets_at: iso(nowMs + 66 * HOUR_MS), started_at: null,
          pacing: { delta: -0.39, zone: "chill" } },
      ] },
      { provider: "openai", display_name: "OpenAI", plan: "Plus", error: null, windows: [
        { label: "5 hours", used_percent: 81, resets_at: iso(nowMs + 2.6 * HOUR_MS), started_at: null,
          pacing: { delta: 0.34, zone: "hot" } },
      ] },
      { provider: "google", display_name: "Google", plan: null, windows: [],
        error: "the token has expired on the gateway" },
    ],
  };
}

/** All of it, as the stand-in server takes it. */
export function world(nowMs) {
  return {
    limits: limits(nowMs), runs: runs(nowMs), runModels, gateways: gateways(nowMs),
    runtime: {
      "lab-id": runtimeUsage(nowMs),
      "office-id": { ...runtimeUsage(nowMs), data: "none" },
      "nas-id": { ...runtimeUsage(nowMs), data: "none" },
    },
    threshold: 4_800_000,
  };
}
