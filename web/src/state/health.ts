// state/health.ts: what the daemon says of itself: where it looks, and what agents are called.
// SPDX-License-Identifier: MIT

import { signal } from "@preact/signals";
import { getHealth } from "../api/http";
import type { Health } from "../api/types";

export const health = signal<Health | null>(null);
/** There has been an answer, or there will be none. */
export const healthSettled = signal(false);

/** The page can do without: a failure leaves what was known. */
export async function loadHealth(): Promise<void> {
  try {
    health.value = await getHealth();
  } catch {
    // the report, asked for at the same time, says what is wrong
  }
  healthSettled.value = true;
}

/** "Claude Code" for "claude", once it is known. */
export function agentTitle(agent: string): string {
  return health.value?.sources.find((s) => s.agent === agent)?.title ?? agent;
}
