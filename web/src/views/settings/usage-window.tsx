// views/settings/usage-window.tsx: when the usage week begins, what the dial measures against, and
// where both are set: in the configuration, which is followed without a restart.
// SPDX-License-Identifier: MIT

import type { UsageWindow } from "../../api/types";
import { momentIn } from "../../dates";
import { count } from "../../format";
import { Command } from "../../parts/command";
import { now, zone } from "../../state/clock";
import { useDocument } from "../../state/documents";
import { Option, Section } from "./section";

export function UsageWindowSettings() {
  const doc = useDocument<UsageWindow>("usage?window=week", "ledger").data;
  const next = doc?.window.reset_at ?? null;
  const threshold = doc?.threshold ?? null;
  return (
    <Section
      id="window" title="Usage window"
      about="When the week begins, and the number of tokens that the dial measures against. Both
        stand in the configuration."
    >
      <Option title="Resets" about="Weekly, at this time here">
        <b>{next === null ? "–" : momentIn(zone.value, Date.parse(next), now.value)}</b>
      </Option>
      <Option title="Threshold" about="Without one there is no dial">
        <b>{threshold === null ? "none" : count(threshold.tokens, "token")}</b>
      </Option>
      <div class="card-foot">
        <Command text={'"usage_reset": "monday 00:00 UTC"'} />
        <Command text={`"usage_threshold_tokens": ${threshold?.tokens ?? 7_000_000}`} />
      </div>
    </Section>
  );
}
