// usage.ts: what the daemon sent, as the page thinks of it.
//
// Pure: turns documents into days, lays the live frame over the last report, and sums. Every figure
// of the page is a sum of the days made here, so that no two of them can disagree.
// SPDX-License-Identifier: MIT

import type { Live, ModelRow, Report, Sums } from "./api/types";
import type { CostId } from "./cost";
import type { Day } from "./dates";
import { nanodollars } from "./format";
import { inRange, type Range } from "./window";

/** Tokens by kind, in stacking order from the baseline up. */
export const KINDS = [
  { id: "cacheRead", name: "Cache read", colour: "--d-cache-read" },
  { id: "cacheWrite", name: "Cache write", colour: "--d-cache-write" },
  { id: "input", name: "Input", colour: "--d-input" },
  { id: "output", name: "Output", colour: "--d-output" },
] as const;

export type KindId = (typeof KINDS)[number]["id"];
export type Kinds = Record<KindId, number>;

export interface Amount {
  kinds: Kinds;
  tokens: number;
  nano: number;
  unpricedTokens: number;
}

export interface ModelUse extends Amount {
  model: string;
  agent: string;
}

export interface DayUse extends Amount {
  day: Day;
  models: ModelUse[];
}

export function nothing(): Amount {
  return {
    kinds: { cacheRead: 0, cacheWrite: 0, input: 0, output: 0 },
    tokens: 0, nano: 0, unpricedTokens: 0,
  };
}

function addTo(sum: Amount, more: Amount): void {
  for (const kind of KINDS)
    sum.kinds[kind.id] += more.kinds[kind.id];
  sum.tokens += more.tokens;
  sum.nano += more.nano;
  sum.unpricedTokens += more.unpricedTokens;
}

export function sumOf(amounts: Iterable<Amount>): Amount {
  const sum = nothing();
  for (const amount of amounts)
    addTo(sum, amount);
  return sum;
}

type KindTokens = Pick<ModelRow,
  "inputTokens" | "outputTokens" | "cacheCreationTokens" | "cacheReadTokens">;

function kindsOf(row: KindTokens): Kinds {
  return {
    cacheRead: row.cacheReadTokens,
    cacheWrite: row.cacheCreationTokens,
    input: row.inputTokens,
    output: row.outputTokens,
  };
}

export function amountOf(sums: Sums): Amount {
  return {
    kinds: kindsOf(sums),
    tokens: sums.totalTokens,
    nano: nanodollars(sums.totalCost),
    unpricedTokens: sums.unpricedTokens,
  };
}

function modelOf(row: ModelRow): ModelUse {
  const kinds = kindsOf(row);
  const tokens = KINDS.reduce((sum, kind) => sum + kinds[kind.id], 0);
  return {
    model: row.modelName, agent: row.agent, kinds, tokens,
    nano: nanodollars(row.cost),
    unpricedTokens: row.unpricedTokens,
  };
}

export function daysOf(report: Report): DayUse[] {
  return report.daily.map((row) => ({
    ...amountOf(row), day: row.period, models: row.modelBreakdowns.map(modelOf),
  }));
}

/**
 * Today's column as the live frame knows it; its models wait for the next report. So does its cost
 * where the frame tells another one: until then, what came since is not in it, and it says so.
 */
export function withToday(days: readonly DayUse[], live: Live | null, cost: CostId): DayUse[] {
  if (live === null)
    return [...days];
  const before = days.filter((d) => d.day < live.day);
  const after = days.filter((d) => d.day > live.day);
  const today = days.find((d) => d.day === live.day);
  const amount = amountOf(live.today);
  if (live.costMode !== cost)
    Object.assign(amount, laggingCost(amount, today));
  if (today === undefined && amount.tokens === 0)
    return [...before, ...after];
  return [...before, { ...amount, day: live.day, models: today?.models ?? [] }, ...after];
}

function laggingCost(now: Amount, reported: Amount = nothing()): Partial<Amount> {
  const since = Math.max(0, now.tokens - reported.tokens);
  return { nano: reported.nano, unpricedTokens: reported.unpricedTokens + since };
}

export function within(days: readonly DayUse[], range: Range): DayUse[] {
  return days.filter((d) => inRange(d.day, range));
}

/** One row per agent and model, most tokens first. */
export function byModel(days: readonly DayUse[]): ModelUse[] {
  const rows = new Map<string, ModelUse>();
  for (const use of days.flatMap((d) => d.models)) {
    const key = JSON.stringify([use.agent, use.model]);
    const row = rows.get(key) ?? { ...nothing(), model: use.model, agent: use.agent };
    addTo(row, use);
    rows.set(key, row);
  }
  return [...rows.values()].sort((a, b) =>
    b.tokens - a.tokens || compare(a.model, b.model) || compare(a.agent, b.agent));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
