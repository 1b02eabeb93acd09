// state/health.ts: what the daemon says of itself: where it looks, and what agents are called.
// SPDX-License-Identifier: MIT

import type { Health } from "../api/types";
import { type Doc, known } from "./documents";

export const HEALTH_PATH = "api/v1/health";

export function healthDoc(): Doc<Health> {
  return known<Health>(HEALTH_PATH);
}

export function health(): Health | null {
  return healthDoc().data;
}

/** "Claude Code" for "claude", once it is known. */
export function agentTitle(agent: string): string {
  return health()?.sources.find((s) => s.agent === agent)?.title ?? agent;
}
