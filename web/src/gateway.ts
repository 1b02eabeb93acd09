// gateway.ts: what a gateway's document means in words.
//
// Pure: the moment is handed in; times of day are written by whoever knows the zone.
// SPDX-License-Identifier: MIT

import type { GatewayState, RuntimeUsage } from "./api/types";
import { duration } from "./format";
import type { Tone } from "./limits";

export interface StateWords {
  word: string;
  look: string;
  /** what to do, where something is to be done */
  advice: string | null;
}

export const STATES: Record<GatewayState, StateWords> = {
  connected: { word: "connected", look: "ok", advice: null },
  connecting: { word: "connecting", look: "run", advice: "The connection is being made." },
  pairing_required: {
    word: "pairing required", look: "wait",
    advice: "The gateway wants to know this machine first. On the gateway's machine, run this; "
      + "the page goes on by itself once it is approved.",
  },
  auth_failed: {
    word: "login refused", look: "bad",
    advice: "The gateway refused the token or password. Set it anew in Settings.",
  },
  unreachable: {
    word: "unreachable", look: "off",
    advice: "The gateway does not answer. It is tried again by itself; the last figures stand.",
  },
  disabled: { word: "disabled", look: "off", advice: "Switched off in Settings." },
};

const APPROVE = "openclaw devices approve";

/** The gateway's refusal holds the command that ends it; without it, the one that lists requests. */
export function pairingCommand(error: string | null): string {
  return new RegExp(`${APPROVE}(?: [\\w-]+)?`).exec(error ?? "")?.[0] ?? "openclaw devices list";
}

const KINDS: Record<string, string> = {
  output_tokens: "output limit", total_tokens: "token limit", messages: "message limit",
};

export interface Outlook {
  badge: string;
  tone: Tone | "";
  sentence: string;
}

/** `clock` writes a moment as a time of day. */
export function outlookOf(doc: RuntimeUsage, nowMs: number, clock: (ms: number) => string): Outlook {
  const { time_to_limit_ms: left, safe, limit_kind: kind, exhausted } = doc.predictions;
  const limit = KINDS[kind] ?? "limit";
  const made = Date.parse(doc.generated_at);
  const reset = Date.parse(doc.window.resets_at);
  if (exhausted === true || left === 0)
    return {
      badge: "used up", tone: "red", sentence: `The ${limit} is used up until ${clock(reset)}.`,
    };
  if (left === null)
    return {
      badge: "no limit in sight", tone: "",
      sentence: "No limit is known, or nothing is being spent: there is nothing to forecast.",
    };
  const atMs = (Number.isNaN(made) ? nowMs : made) + left;
  if (safe)
    return {
      badge: "lasts until the reset", tone: "green",
      sentence: `At this pace the ${limit} lasts until the reset at ${clock(reset)}.`,
    };
  return {
    badge: "ends before the reset", tone: "orange",
    sentence: `At this pace the ${limit} is reached at ${clock(atMs)}, `
      + `${duration(reset - atMs)} before the reset.`,
  };
}

export interface LimitLine {
  name: string;
  used: number;
  limit: number;
  percent: number;
  isMoney: boolean;
  forecast: boolean;
}

const LINES = [
  ["Output tokens", "total_output_tokens", "output_token_limit", "output_token_pct", false, true],
  ["All tokens", "total_tokens", "total_token_limit", "total_token_pct", false, true],
  ["Messages", "total_calls", "message_limit", "message_pct", false, true],
  ["Cost", "total_cost_usd", "cost_limit_usd", "cost_pct", true, false],
] as const;

export function limitLines(current: RuntimeUsage["current"]): LimitLine[] {
  return LINES.flatMap(([name, usedKey, limitKey, percentKey, isMoney, forecast]) => {
    const used = current[usedKey];
    const limit = current[limitKey];
    if (typeof used !== "number" || typeof limit !== "number" || limit <= 0)
      return [];
    const told = current[percentKey] ?? current[`${limitKey}_pct`];
    const percent = typeof told === "number" ? told : Math.floor((100 * used) / limit);
    return [{ name, used, limit, percent, isMoney, forecast }];
  });
}

export function lineTone(percent: number): Tone | "" {
  return percent >= 90 ? "red" : percent >= 75 ? "amber" : "";
}

const WINDOW_SOURCES: Record<string, string> = {
  provider_native: "told by the provider",
  provider_api_rate_limit: "read from a rate-limit header",
  local_jsonl_estimate: "estimated from the sessions",
};

export function windowSource({ source, confidence }: RuntimeUsage["window"]): string {
  return `Window ${WINDOW_SOURCES[source] ?? source}, ${confidence} confidence`;
}

/** "usage.cost ok", "sessions.usage timed out" */
export function sourceWords(name: string, state: string): string {
  const words: Record<string, string> = {
    timeout: "timed out", refreshing: "is still being counted by the gateway",
  };
  return `${name} ${words[state] ?? state}`;
}
