// views/usage/plans.tsx: what the use of the window would have cost, beside what the plan costs.
// SPDX-License-Identifier: MIT

import { reportAddress } from "../../api/report";
import type { Plan, Report } from "../../api/types";
import { firstOfMonth } from "../../dates";
import { exactMoney, money, nanodollars, UNKNOWN } from "../../format";
import { today } from "../../state/clock";
import { useDocument } from "../../state/documents";
import { agentTitle } from "../../state/health";

/** $412.10, $412.10+ where a part has no price, — where nothing has one. */
function worth({ apiValue, unpriced }: Plan): string {
  if (unpriced && apiValue === 0)
    return UNKNOWN;
  return money(nanodollars(apiValue)) + (unpriced ? "+" : "");
}

/** Plans are paid by the month, so they are held against the month, whatever is looked at. */
export function Plans({ plans }: { plans: readonly Plan[] }) {
  const month = { since: firstOfMonth(today.value), until: today.value };
  const doc = useDocument<Report>(
    plans.length > 0 ? reportAddress("month", month) : null, "ledger");
  return (
    <>
      {(doc.data?.plans ?? []).map((plan) => (
        <p class="hero-sentence" key={plan.agent}>
          {agentTitle(plan.agent)} this month: API value{" "}
          <b title={exactMoney(nanodollars(plan.apiValue))}>{worth(plan)}</b> on
          a {money(nanodollars(plan.monthlyPrice)).replace(/\.00$/, "")} plan.
        </p>
      ))}
    </>
  );
}
