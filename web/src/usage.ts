// usage.ts: what the daemon sent, as the page thinks of it.
//
// Pure: turns documents into amounts by kind, and sums them.
// SPDX-License-Identifier: MIT

import type { KindTokens, ModelRow, Report, Sums, UsagePart } from "./api/types";
import type { Day } from "./dates";
import { nanodollars } from "./format";

/** Tokens by kind, in stacking order from the baseline up. */
export const KINDS = [
  { id: "cacheRead", name: "Cache read", colour: "--d-cache-read" },
  { id: "cacheWrite", name: "Cache write", colour: "--d-cache-write" },
  { id: "input", name: "Input", colour: "--d-input" },
  { id: "output", name: "Output", colour: "--d-output" },
  { id: "reasoning", name: "Reasoning", colour: "--d-reasoning" },
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
    kinds: { cacheRead: 0, cacheWrite: 0, input: 0, output: 0, reasoning: 0 },
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

/** Reasoning is a part of the output, and is drawn as one where it is known. */
export function kindsOf(row: KindTokens & { reasoningTokens?: number }): Kinds {
  const reasoning = Math.min(row.reasoningTokens ?? 0, row.outputTokens);
  return {
    cacheRead: row.cacheReadTokens,
    cacheWrite: row.cacheCreationTokens,
    input: row.inputTokens,
    output: row.outputTokens - reasoning,
    reasoning,
  };
}

/** A part of the usage window, where nothing is known of costs. */
export function partOf(part: UsagePart): Amount {
  const kinds = kindsOf({
    cacheReadTokens: part.cache_read, cacheCreationTokens: part.cache_creation,
    inputTokens: part.input_tokens, outputTokens: part.output_tokens,
  });
  return { ...nothing(), kinds, tokens: tokensOf(kinds) };
}

export function tokensOf(kinds: Kinds): number {
  return KINDS.reduce((sum, kind) => sum + kinds[kind.id], 0);
}

export function amountOf(sums: Sums & { reasoningTokens?: number }): Amount {
  return {
    kinds: kindsOf(sums),
    tokens: sums.totalTokens,
    nano: nanodollars(sums.totalCost),
    unpricedTokens: sums.unpricedTokens,
  };
}

function modelOf(row: ModelRow): ModelUse {
  const kinds = kindsOf(row);
  return {
    model: row.modelName, agent: row.agent, kinds, tokens: tokensOf(kinds),
    nano: nanodollars(row.cost),
    unpricedTokens: row.unpricedTokens,
  };
}

export function daysOf(report: Report): DayUse[] {
  return report.daily.map((row) => ({
    ...amountOf(row), day: row.period, models: row.modelBreakdowns.map(modelOf),
  }));
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
