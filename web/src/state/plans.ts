// state/plans.ts: what each configured plan is worth this month.
//
// Plans are paid by the month, so they are held against the month, whatever window is looked at.
// SPDX-License-Identifier: MIT

import { signal } from "@preact/signals";
import { getPlans } from "../api/http";
import type { Plan } from "../api/types";
import { firstOfMonth } from "../dates";
import { today } from "./clock";

export const plans = signal<readonly Plan[]>([]);

/** The page can do without: a failure leaves what was known. */
export async function loadPlans(): Promise<void> {
  try {
    plans.value = await getPlans({ since: firstOfMonth(today.value), until: today.value });
  } catch {
    // the report, asked for at the same time, says what is wrong
  }
}
