// api/backoff.ts: how long to wait before the next try.
//
// Half a second, doubled each time, never more than fifteen; up to a fifth less by chance, so that
// a hundred open pages do not knock together.
// SPDX-License-Identifier: MIT

const FIRST_MS = 500;
const MOST_MS = 15_000;
const JITTER = 0.2;

/** `attempt` counts the failures so far, from 0; `chance` is in 0…1. */
export function backoffMs(attempt: number, chance: number): number {
  const doublings = Math.min(attempt, 10);
  const full = Math.min(MOST_MS, FIRST_MS * 2 ** doublings);
  return Math.round(full * (1 - JITTER * chance));
}
