// api/types.ts: the shapes that the daemon sends, as its contract names them.
//
// Money is in dollars here and nowhere else: `state/usage.ts` turns it into nanodollars.
// SPDX-License-Identifier: MIT

import type { CostId } from "../cost";

export interface Sums {
  inputTokens: number;
  outputTokens: number;
  cacheCreationTokens: number;
  cacheReadTokens: number;
  totalTokens: number;
  totalCost: number;
  unpriced: boolean;
  unpricedTokens: number;
}

export interface ModelRow {
  modelName: string;
  agent: string;
  inputTokens: number;
  outputTokens: number;
  cacheCreationTokens: number;
  cacheReadTokens: number;
  cost: number;
  unpriced: boolean;
  unpricedTokens: number;
}

export interface DayRow extends Sums {
  period: string;
  modelBreakdowns: ModelRow[];
}

export interface Report {
  daily: DayRow[];
  totals: Sums;
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
}

export interface Health {
  version: string;
  ledger: { path: string; size_bytes: number; events: number };
  last_event_at: number | null;
  reading: Reading | null;
  sources: Source[];
}
