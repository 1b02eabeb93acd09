// api/report.ts: the addresses of reports.
// SPDX-License-Identifier: MIT

import type { CostId } from "../cost";
import type { Day } from "../dates";
import { address } from "./http";

export interface Wish {
  since?: Day | null;
  until?: Day | null;
  tz?: string | null;
  cost?: CostId | null;
  order?: "asc" | "desc";
  limit?: number;
  hours?: number;
  session?: string | null;
  agent?: string | null;
  model?: string | null;
  project?: string | null;
  machine?: string | null;
}

/** Without a cost the daemon shows the one that is configured. */
export function reportAddress(by: string, wish: Wish): string {
  return address("api/v1/report", { by, ...wish });
}
