// runs.ts: what a run's socket tells, added up, and runs laid out on the line of a day.
//
// Pure. Increments of one turn arrive in pieces: growth of a streamed answer, and what is taken back.
// SPDX-License-Identifier: MIT

import type { RateLimit, Run, Turn } from "./api/types";
import type { Column } from "./chart/columns";
import { kindsOf, KINDS } from "./usage";

export interface RunFeed {
  state: string | null;
  turns: readonly Turn[];
  limit: RateLimit | null;
}

export const NO_FEED: RunFeed = { state: null, turns: [], limit: null };
const MOST_TURNS = 500;

const COUNTS = ["input_tokens", "output_tokens", "cache_read_tokens", "cache_create_tokens"] as const;

export function reduceFeed(was: RunFeed, text: string): RunFeed {
  let frame: { type?: string; state?: string; snapshot?: unknown } | null;
  try {
    frame = JSON.parse(text) as typeof frame;
  } catch {
    return was;
  }
  switch (frame?.type) {
  case "state":
    return { ...was, state: frame.state ?? was.state };
  case "usage":
    return { ...was, turns: withTurn(was.turns, frame.snapshot as Turn).slice(-MOST_TURNS) };
  case "rate_limit":
    return { ...was, limit: frame.snapshot as RateLimit };
  default:
    return was;
  }
}

/** Only output: the last answer grew. Something negative: it is taken back. Else a new turn. */
function withTurn(turns: readonly Turn[], more: Turn): Turn[] {
  const isBack = COUNTS.some((key) => more[key] < 0);
  const grew = more.input_tokens === 0 && more.cache_read_tokens === 0
    && more.cache_create_tokens === 0;
  const at = turns.map((t) => t.model).lastIndexOf(more.model);
  if (at < 0 || (!isBack && !grew))
    return isBack ? [...turns] : [...turns, more];
  const next = [...turns];
  const sum = { ...(next[at] as Turn) };
  for (const key of COUNTS)
    sum[key] = Math.max(0, sum[key] + more[key]);
  if (COUNTS.every((key) => sum[key] === 0))
    next.splice(at, 1);
  else
    next[at] = sum;
  return next;
}

export function turnColumns(turns: readonly Turn[]): Column[] {
  return turns.map((turn, i) => {
    const kinds = kindsOf({
      inputTokens: turn.input_tokens, outputTokens: turn.output_tokens,
      cacheReadTokens: turn.cache_read_tokens, cacheCreationTokens: turn.cache_create_tokens,
    });
    return {
      key: String(i), label: String(i + 1), title: `Turn ${i + 1}, ${turn.model}`,
      strong: false, future: false, values: KINDS.map((kind) => kinds[kind.id]),
    };
  });
}

/* ---- the line of a day ---- */

export interface Placed {
  run: Run;
  fromMs: number;
  toMs: number;
}

/** Runs in as few rows as leave no two on top of each other. */
export function lanesOf(runs: readonly Run[], fromMs: number, nowMs: number): Placed[][] {
  const lanes: Placed[][] = [];
  const placed = runs
    .map((run) => ({
      run, fromMs: Math.max(fromMs, run.created_at), toMs: run.finished_at ?? nowMs,
    }))
    .filter((p) => p.toMs >= fromMs)
    .sort((a, b) => a.fromMs - b.fromMs);
  for (const p of placed) {
    const lane = lanes.find((l) => (l.at(-1)?.toMs ?? -Infinity) <= p.fromMs);
    if (lane === undefined)
      lanes.push([p]);
    else
      lane.push(p);
  }
  return lanes;
}
