// usage-window.ts: the usage window as the front page draws it: its days or hours, the window
// before it, the bounds of its threshold.
//
// Pure: the documents, the moment and the zones are handed in.
// SPDX-License-Identifier: MIT

import type { AgentPart, Block, Threshold, UsageWindow } from "./api/types";
import type { Column } from "./chart/columns";
import { addDays, clockIn, type Day, dayIn } from "./dates";
import { type DayUse, KINDS, kindsOf, type Kinds, partOf, tokensOf } from "./usage";
import type { WindowId } from "./window";

export const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/** The zone that the window's days are cut in: the first in which it begins at midnight. */
export function zoneOfWindow(sinceIso: string | null, zones: readonly string[]): string {
  const at = sinceIso === null ? null : Date.parse(sinceIso);
  return zones.find((zone) => at !== null && clockIn(zone, at) === "00:00") ?? zones[0] ?? "UTC";
}

export function daysOfWindow(doc: UsageWindow): DayUse[] {
  return doc.by_day.map((row) => ({ ...partOf(row), day: row.day, models: [] }));
}

/** The days that the window covers, those to come included. */
export function spanOfWindow(doc: UsageWindow, id: WindowId, zone: string): [Day, Day] | null {
  const first = doc.by_day[0]?.day
    ?? (doc.window.since === null ? undefined : dayIn(zone, Date.parse(doc.window.since)));
  if (first === undefined)
    return null;
  if (id === "week" && doc.window.reset_at !== null)
    return [first, dayIn(zone, Date.parse(doc.window.reset_at) - 1)];
  return [first, doc.by_day.at(-1)?.day ?? first];
}

/* ---- hours ---- */

export interface HourUse {
  /** when the hour began */
  atMs: number;
  kinds: Kinds;
  tokens: number;
}

/** Blocks of one hour are hours. */
export function hoursOf(blocks: readonly Block[]): HourUse[] {
  return blocks.filter((b) => !b.isGap).map((b) => {
    const kinds = kindsOf({
      inputTokens: b.tokenCounts.inputTokens, outputTokens: b.tokenCounts.outputTokens,
      cacheCreationTokens: b.tokenCounts.cacheCreationInputTokens,
      cacheReadTokens: b.tokenCounts.cacheReadInputTokens,
    });
    return { atMs: Date.parse(b.startTime), kinds, tokens: tokensOf(kinds) };
  });
}

/** A day from `startMs` on, hour by hour; those to come are empty. */
export function hourColumns(
  hours: readonly HourUse[], startMs: number, nowMs: number, zone: string): Column[] {
  return Array.from({ length: DAY_HOURS }, (_, i) => {
    const from = startMs + i * HOUR_MS;
    const use = hours.filter((h) => h.atMs >= from && h.atMs < from + HOUR_MS);
    const label = clockIn(zone, from);
    return {
      key: label + i,
      label,
      title: `${label} to ${clockIn(zone, from + HOUR_MS)}`,
      strong: nowMs >= from && nowMs < from + HOUR_MS,
      future: from > nowMs,
      values: KINDS.map((kind) => use.reduce((sum, h) => sum + h.kinds[kind.id], 0)),
    };
  });
}

/* ---- the window before ---- */

/** Tokens of the hours up to a moment; of the hour that it falls into, its share. */
export function usedBy(hours: readonly HourUse[], atMs: number): number {
  return hours.reduce((sum, h) => {
    const share = Math.min(1, Math.max(0, (atMs - h.atMs) / HOUR_MS));
    return sum + Math.round(h.tokens * share);
  }, 0);
}

/** What the window before had used by the same moment. */
export function usedByThen(
  before: readonly DayUse[], hours: readonly HourUse[], then: { day: Day; ms: number }): number {
  const whole = before.filter((d) => d.day < then.day).reduce((sum, d) => sum + d.tokens, 0);
  return whole + usedBy(hours, then.ms);
}

export function markColumns(
  columns: readonly Column[], before: readonly DayUse[], daysBack: number): Column[] {
  const tokens = new Map(before.map((d) => [d.day, d.tokens]));
  return columns.map((c) => ({ ...c, mark: tokens.get(addDays(c.key, -daysBack)) ?? 0 }));
}

/* ---- the threshold ---- */

export const BOUNDS = [50, 80, 95] as const;

export type Bound =
  | { percent: number; tokens: number; kind: "passed"; day: Day | null }
  | { percent: number; tokens: number; kind: "ahead"; atMs: number }
  | { percent: number; tokens: number; kind: "not_reached"; forecast: number }
  | { percent: number; tokens: number; kind: "unknown" };

/** When each bound was passed, or will be at the pace of the window so far. */
export function boundsOf(doc: UsageWindow, threshold: Threshold, nowMs: number): Bound[] {
  const since = doc.window.since === null ? null : Date.parse(doc.window.since);
  const reset = doc.window.reset_at === null ? null : Date.parse(doc.window.reset_at);
  const perMs = since === null || nowMs <= since ? 0 : threshold.used / (nowMs - since);
  return BOUNDS.map((percent) => {
    const tokens = Math.ceil((threshold.tokens * percent) / 100);
    if (threshold.used >= tokens)
      return { percent, tokens, kind: "passed", day: dayOfPassing(doc, tokens) };
    if (perMs <= 0)
      return { percent, tokens, kind: "unknown" };
    const atMs = nowMs + (tokens - threshold.used) / perMs;
    if (reset === null || atMs < reset)
      return { percent, tokens, kind: "ahead", atMs };
    const forecast = (threshold.used + perMs * (reset - nowMs)) / threshold.tokens;
    return { percent, tokens, kind: "not_reached", forecast };
  });
}

function dayOfPassing(doc: UsageWindow, tokens: number): Day | null {
  let sum = 0;
  for (const row of doc.by_day) {
    sum += partOf(row).tokens;
    if (sum >= tokens)
      return row.day;
  }
  return null;
}

/* ---- agents ---- */

export interface AgentUse {
  part: AgentPart;
  tokens: number;
  /** by day and in money, where a model belongs to one row alone */
  days: readonly number[] | null;
  nano: number | null;
  unpricedTokens: number;
}

/** A report knows models by day; with one row for a model, that is the row's. */
export function agentUses(doc: UsageWindow, report: readonly DayUse[], span: readonly Day[]): AgentUse[] {
  const rowsOf = new Map<string | null, number>();
  for (const part of doc.by_agent)
    rowsOf.set(part.model, (rowsOf.get(part.model) ?? 0) + 1);
  return doc.by_agent.map((part) => {
    const uses = report.map((d) => ({
      day: d.day, models: d.models.filter((m) => m.model === part.model),
    })).filter((d) => d.models.length > 0);
    const tokens = partOf(part).tokens;
    const models = uses.flatMap((d) => d.models);
    const sum = models.reduce((n, m) => n + m.tokens, 0);
    const isOwn = rowsOf.get(part.model) === 1 && sum === tokens;
    const byDay = new Map(uses.map((d) => [d.day, d.models.reduce((n, m) => n + m.tokens, 0)]));
    return {
      part, tokens,
      days: isOwn ? span.map((day) => byDay.get(day) ?? 0) : null,
      nano: isOwn ? models.reduce((n, m) => n + m.nano, 0) : null,
      unpricedTokens: isOwn ? models.reduce((n, m) => n + m.unpricedTokens, 0) : 0,
    };
  });
}

