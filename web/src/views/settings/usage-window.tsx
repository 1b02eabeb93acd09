// views/settings/usage-window.tsx: when the usage week begins, and what the dial measures against.
// SPDX-License-Identifier: MIT

import type { Settings, UsageWindow } from "../../api/types";
import { momentIn } from "../../dates";
import { exact } from "../../format";
import { Icon } from "../../parts/icon";
import { parseReset, parseTokens, type Reset, resetText, WEEKDAYS } from "../../reset";
import { now, zone } from "../../state/clock";
import { useDocument } from "../../state/documents";
import { change, refusal } from "../../state/settings";
import { Option, Section } from "./section";

export function UsageWindowSettings({ settings }: { settings: Settings }) {
  const doc = useDocument<UsageWindow>("usage?window=week", "settings");
  const next = doc.data?.window.reset_at ?? null;
  const threshold = settings.usage_threshold_tokens ?? doc.data?.threshold?.tokens ?? null;

  function setThreshold(text: string): void {
    const n = parseTokens(text);
    if (n === null || n > 0)
      void change({ usage_threshold_tokens: n });
    else
      refusal.value = `${text} is not a number of tokens, such as 7,000,000 or 7M.`;
  }

  return (
    <Section
      id="window" title="Usage window"
      about="When the week begins, and the number of tokens that the dial measures against."
    >
      <Option
        title="Resets"
        about={next === null ? "" : `Next: ${momentIn(zone.value, Date.parse(next), now.value)} here`}
      >
        <ResetFields text={settings.usage_reset} />
      </Option>
      <Option title="Threshold" about="Leave empty for no dial">
        <span class="with-unit wide-unit">
          <input
            class="input num" inputMode="decimal" aria-label="Threshold" placeholder="none"
            value={threshold === null ? "" : exact(threshold)}
            onChange={(event) => setThreshold(event.currentTarget.value)}
          />
          <span>tokens</span>
        </span>
      </Option>
    </Section>
  );
}

function ResetFields({ text }: { text: string | null | undefined }) {
  const reset = parseReset(text);
  if (reset === null)
    return (
      <input
        class="input" aria-label="Reset" value={text ?? ""}
        onChange={(event) => void change({ usage_reset: event.currentTarget.value })}
      />
    );
  const set = (more: Partial<Reset>): void =>
    void change({ usage_reset: resetText({ ...reset, ...more }) });
  return (
    <>
      <span class="select">
        <select
          aria-label="Weekday" value={reset.day}
          onChange={(event) => set({ day: event.currentTarget.value })}
        >
          {WEEKDAYS.map((d) => (
            <option key={d} value={d}>{d.charAt(0).toUpperCase() + d.slice(1)}</option>
          ))}
        </select>
        <Icon name="chevron" />
      </span>
      <input
        class="input" type="time" aria-label="Time" value={reset.time}
        onChange={(event) => event.currentTarget.value && set({ time: event.currentTarget.value })}
      />
      <input
        class="input zone" aria-label="Zone" value={reset.zone} list="zones"
        onChange={(event) => set({ zone: event.currentTarget.value })}
      />
    </>
  );
}
