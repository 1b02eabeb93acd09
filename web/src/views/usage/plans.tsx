// views/usage/plans.tsx: what the use of this month would have cost, beside what the plan costs.
// SPDX-License-Identifier: MIT

import type { Plan } from "../../api/types";
import { exactMoney, money, nanodollars, UNKNOWN } from "../../format";
import { agentTitle } from "../../state/health";
import { plans } from "../../state/plans";

/** $412.10, $412.10+ where a part has no price, — where nothing has one. */
function worth({ apiValue, unpriced }: Plan): string {
  if (unpriced && apiValue === 0)
    return UNKNOWN;
  return money(nanodollars(apiValue)) + (unpriced ? "+" : "");
}

export function Plans() {
  return (
    <>
      {plans.value.map((plan) => (
        <p class="hero-sentence" key={plan.agent}>
          {agentTitle(plan.agent)} this month: API value{" "}
          <b title={exactMoney(nanodollars(plan.apiValue))}>{worth(plan)}</b> on
          a {money(nanodollars(plan.monthlyPrice)).replace(/\.00$/, "")} plan.
        </p>
      ))}
    </>
  );
}
