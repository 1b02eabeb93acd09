// api/types.ts: the shapes that the daemon sends, as its contract names them.
//
// Money is in dollars here and nowhere else: views turn it into nanodollars before they add it up.
// SPDX-License-Identifier: MIT

import type { CostId } from "../cost";

export interface KindTokens {
  inputTokens: number;
  outputTokens: number;
  cacheCreationTokens: number;
  cacheReadTokens: number;
}

export interface Sums extends KindTokens {
  totalTokens: number;
  totalCost: number;
  unpriced: boolean;
  unpricedTokens: number;
}

export interface ModelRow extends KindTokens {
  modelName: string;
  agent: string;
  cost: number;
  unpriced: boolean;
  unpricedTokens: number;
}

export interface ReportRow extends Sums {
  /** of a period or a session */
  period?: string;
  /** of everything else */
  name?: string;
  agent?: string;
  reasoningTokens?: number;
  events?: number;
  metadata?: {
    agents?: string[];
    firstActivity?: string;
    lastActivity?: string;
    projectPath?: string | null;
  };
  modelBreakdowns: ModelRow[];
}

export interface DayRow extends ReportRow {
  period: string;
}

export interface Block {
  id: string;
  isGap: boolean;
  isActive: boolean;
  /** ISO, as all times here */
  startTime: string;
  endTime: string;
  actualEndTime: string | null;
  totalTokens: number;
  costUSD: number;
  unpricedTokens: number;
  models: string[];
  tokenCounts: {
    inputTokens: number;
    outputTokens: number;
    cacheCreationInputTokens: number;
    cacheReadInputTokens: number;
  };
  burnRate: { tokensPerMinute: number; costPerHour: number } | null;
  projection: { totalTokens: number; totalCost: number; remainingMinutes: number } | null;
}

/** What every report has beside its rows. */
export interface ReportFrame {
  totals: Sums & { reasoningTokens?: number; unpricedModels?: string[] };
  timezone: string;
  since: string | null;
  until: string | null;
  costMode: CostId;
  /** absent where none is configured */
  plans?: Plan[];
  /** how a model gets a price; absent where all have one */
  hint?: string;
  complete: boolean;
}

export interface Report extends ReportFrame {
  daily: DayRow[];
}

/** Under which name a report's rows come depends on what they are. */
export type GroupReport = ReportFrame & Partial<Record<ListName, ReportRow[]>>;
export type ListName = "daily" | "weekly" | "monthly" | "models" | "projects" | "agents"
  | "machines" | "session";

export interface BlockReport extends ReportFrame {
  blocks: Block[];
}

export interface Plan {
  agent: string;
  monthlyPrice: number;
  apiValue: number;
  unpriced: boolean;
}

export interface Reading {
  permille: number;
}

export interface LiveSums extends Sums {
  period: string;
}

export interface Live {
  type: "live";
  revision: number;
  at: number;
  timezone: string;
  day: string;
  today: LiveSums;
  week: LiveSums;
  costMode: CostId;
  burn_rate: { tokens_per_minute: number; cost_usd_per_hour: number };
  last_event_at: number | null;
  reading: Reading | null;
  /** Why the daemon cannot take up what is new in the logs, as a sentence. */
  paused: string | null;
}

export interface Root {
  path: string;
  found: boolean;
}

export interface Source {
  agent: string;
  title: string;
  roots: Root[];
  files: number;
  events: number;
  problems: number;
  problem_kinds?: { kind: string; lines: number; first: string }[];
}

export interface Health {
  version: string;
  ingest?: { state: string; error: string | null };
  ledger: { path: string; size_bytes: number; events: number };
  last_event_at: number | null;
  reading: Reading | null;
  sources: Source[];
}

/* ---- the usage window ---- */

export interface UsagePart {
  tasks: number;
  turns: number;
  input_tokens: number;
  output_tokens: number;
  cache_read: number;
  cache_creation: number;
}

export interface AgentPart extends UsagePart {
  name: string;
  type: string;
  model: string | null;
}

export interface DayPart extends UsagePart {
  day: string;
}

export type ThresholdState = "green" | "yellow" | "orange" | "red";

export interface Threshold {
  tokens: number;
  used: number;
  percent: number;
  state: ThresholdState;
}

export interface UsageWindow {
  window: { reset_at: string | null; since: string | null };
  totals: UsagePart;
  by_agent: AgentPart[];
  by_day: DayPart[];
  used: number;
  threshold: Threshold | null;
}

/* ---- limits ---- */

export type LimitError = "missing_credentials" | "expired" | "rate_limited" | "network";

export interface Allowance {
  remaining: number;
  limit: number;
}

export interface Bucket {
  id: string;
  utilization: number;
  reset_at: number | null;
  window_started_at: number | null;
  window_seconds: number;
  observed_at: number;
  source: string;
  expired: boolean;
  full_at: number | null;
  full_before_reset: boolean | null;
  tokens: Allowance | null;
  requests: Allowance | null;
}

export interface Account {
  account: string;
  plan: string | null;
  observed_at: number | null;
  last_error: LimitError | null;
  last_error_at: number | null;
  buckets: Bucket[];
  /** of the five hours, from past use, where nobody told of them */
  estimate?: Estimate | null;
}

export interface Estimate {
  id: string;
  utilization: number;
  reset_at: number | null;
  window_started_at: number | null;
  tokens: Allowance;
  blocks: number;
}

export interface Limits {
  at: number;
  accounts: Account[];
}

export interface Crossing {
  type: "threshold_crossed";
  bucket_id: string;
  threshold: number;
  reset_at: number | null;
}

export interface DailyUsage {
  date: string;
  tokens_total: number;
  tokens_input: number;
  tokens_output: number;
  tokens_cache_read: number;
  tokens_cache_create: number;
  run_count: number;
}

/* ---- runs ---- */

export interface Run {
  id: number;
  project_id: number;
  state: string;
  agent: string;
  model: string | null;
  label: string | null;
  dir: string | null;
  created_at: number;
  finished_at: number | null;
  tokens_input: number;
  tokens_output: number;
  tokens_cache_read: number;
  tokens_cache_create: number;
  tokens_total: number;
  usage_parse_errors: number;
  cost_usd: number | null;
}

export interface RunList {
  items: Run[];
  total: number;
}

export interface RunModel {
  model: string;
  input: number;
  output: number;
  cache_read: number;
  cache_create: number;
}

export interface Turn {
  model: string;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_create_tokens: number;
}

export interface RateLimit {
  requests_remaining: number | null;
  requests_limit: number | null;
  tokens_remaining: number | null;
  tokens_limit: number | null;
  reset_at: number | string | null;
}

/* ---- gateways ---- */

export type GatewayState =
  "connected" | "connecting" | "pairing_required" | "auth_failed" | "unreachable" | "disabled";

export interface Gateway {
  id: string;
  name: string;
  url: string;
  account_key: string | null;
  state: GatewayState;
  last_error: string | null;
  last_seen_at: number | null;
}

export interface GatewayModel {
  provider: string;
  model: string;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  total_tokens: number;
  cost_usd: number;
  calls: number;
  unpriced: boolean;
}

export interface GatewaySession {
  session_id: string;
  label: string | null;
  model: string | null;
  cost_usd: number;
  total_tokens: number;
  updated_at: string | null;
}

export interface GatewayProvider {
  provider: string;
  display_name: string | null;
  plan: string | null;
  windows: {
    label: string;
    used_percent: number | null;
    resets_at: string | number | null;
    started_at: string | number | null;
    pacing?: { delta: number; zone: string };
  }[];
  error: string | null;
}

export interface RuntimeUsage {
  generated_at: string;
  gateway_id: string;
  data: "complete" | "partial" | "none";
  sources: Record<string, string>;
  window: {
    started_at: string; resets_at: string; reset_in_ms: number; source: string; confidence: string;
  };
  current: {
    total_cost_usd: number; total_tokens: number; total_output_tokens: number; total_calls: number;
  } & Record<string, number | string | null>;
  burn_rate: {
    tokens_per_minute: number; output_tokens_per_minute: number; cost_usd_per_minute: number;
  };
  predictions: {
    time_to_limit_ms: number | null; safe: boolean; limit_kind: string; exhausted?: boolean;
  };
  per_model: Record<string, GatewayModel>;
  top_sessions: GatewaySession[];
  providers?: GatewayProvider[];
}

/* ---- settings ---- */

export interface Settings {
  notifications_enabled: boolean;
  usage_notifications_enabled: boolean;
  thresholds: number[];
  timezone: string | null;
  updated_at: number;
}
