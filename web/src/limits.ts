// limits.ts: what a rate limit means to people: its name, its colour, its pace, its forecast.
//
// Pure: times and zones are handed in.
// SPDX-License-Identifier: MIT

import type { Account, Bucket, Estimate, Limits, LimitError } from "./api/types";
import { duration } from "./format";

export type Tone = "green" | "amber" | "orange" | "red" | "blue" | "teal";

const AMBER_FROM = 0.75;
export const RED_FROM = 0.9;

export function toneOf(utilization: number): Tone {
  if (utilization >= RED_FROM)
    return "red";
  return utilization >= AMBER_FROM ? "amber" : "green";
}

const NAMES: Record<string, string> = {
  five_hour: "5 hours", weekly: "Weekly", sonnet_weekly: "Sonnet weekly",
  opus_weekly: "Opus weekly",
};

/** "5 hours", "30 days", "spark · 5 hours", "API tokens, per minute" */
export function bucketName(id: string): string {
  const [first = "", ...rest] = id.split(":");
  if (rest.length > 0)
    return `${first} · ${bucketName(rest.join(":"))}`;
  const length = /^(\d+)([hd])$/.exec(id);
  if (length !== null)
    return `${length[1]} ${length[2] === "h" ? "hours" : "days"}`;
  if (id.startsWith("api_"))
    return `API ${id.slice(4).replaceAll("_", " ")}, per minute`;
  return NAMES[id] ?? id.replaceAll("_", " ");
}

/** Share of the window that has gone by, 0…1; null without a window. */
export function elapsed(bucket: Bucket, nowMs: number): number | null {
  const { window_started_at: start, reset_at: end } = bucket;
  if (start === null || end === null || end <= start)
    return null;
  return Math.min(1, Math.max(0, (nowMs - start) / (end - start)));
}

export interface Pace {
  word: string;
  tone: Tone;
  /** points ahead of even pace */
  points: number;
  /** of the needle, from −1 to 1 */
  lean: number;
}

const PACES: readonly { below: number; word: string; tone: Tone; lean: number }[] = [
  { below: -0.2 + 1e-9, word: "cold", tone: "blue", lean: -1 },
  { below: -0.05 + 1e-9, word: "cool", tone: "teal", lean: -0.5 },
  { below: 0.1, word: "on track", tone: "green", lean: 0 },
  { below: 0.25, word: "warm", tone: "orange", lean: 0.5 },
  { below: Infinity, word: "hot", tone: "red", lean: 1 },
];

export function paceOf(delta: number): Pace {
  const rounded = Math.round(delta * 1e4) / 1e4;
  const { word, tone, lean } = PACES.find((p) => rounded < p.below) ?? PACES[2]!;
  return { word, tone, lean, points: rounded * 100 };
}

export function bucketPace(bucket: Bucket, nowMs: number): Pace | null {
  const share = elapsed(bucket, nowMs);
  return share === null ? null : paceOf(bucket.utilization - share);
}

/** What will stand there at the reset if the pace holds; null where nobody can tell. */
export function atReset(bucket: Bucket, nowMs: number): number | null {
  const { reset_at: end, full_at: full, utilization } = bucket;
  if (end === null || full === null || full <= nowMs || end <= nowMs)
    return null;
  return utilization + ((1 - utilization) * (end - nowMs)) / (full - nowMs);
}

export type Forecast =
  | { kind: "full"; atMs: number; early: string }
  | { kind: "share"; share: number }
  | { kind: "used_up" } | { kind: "expired" } | { kind: "unknown" };

export function forecastOf(bucket: Bucket, nowMs: number): Forecast {
  if (bucket.expired)
    return { kind: "expired" };
  if (bucket.utilization >= 1)
    return { kind: "used_up" };
  const { full_at: full, reset_at: end } = bucket;
  if (full !== null && end !== null && full < end)
    return { kind: "full", atMs: full, early: duration(end - full) };
  const share = atReset(bucket, nowMs);
  return share === null ? { kind: "unknown" } : { kind: "share", share };
}

export const LIMIT_ERRORS: Record<LimitError, string> = {
  missing_credentials: "They appear with the next turn of a logged-in agent.",
  expired: "The login has run out. Log in to the agent again.",
  rate_limited: "The provider asked us to wait, so the last reading stands.",
  network: "The provider could not be reached. The last reading stands.",
};

/** Without the per-minute limits of keys, which come and go. */
export function shownBuckets(account: Account): Bucket[] {
  return account.buckets.filter((b) => !b.id.startsWith("api_"));
}

/** As if somebody had told of it; `source` says that nobody did. */
export function estimated({ blocks, ...estimate }: Estimate): Bucket {
  return {
    ...estimate, window_seconds: 0, observed_at: 0, source: `estimated from ${blocks} past blocks`,
    expired: false, full_at: null, full_before_reset: null, requests: null,
  };
}

export interface Placed {
  account: Account;
  bucket: Bucket;
}

/** The fullest first. */
export function nearest(limits: Limits | null): Placed[] {
  return (limits?.accounts ?? [])
    .flatMap((account) => shownBuckets(account).map((bucket) => ({ account, bucket })))
    .filter(({ bucket }) => !bucket.expired)
    .sort((a, b) => b.bucket.utilization - a.bucket.utilization);
}

/** A dismissed warning stays away for this window only. */
export function warningKey({ account, bucket }: Placed): string {
  return `${account.account}/${bucket.id}/${bucket.window_started_at ?? 0}`;
}
