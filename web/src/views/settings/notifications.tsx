// views/settings/notifications.tsx: whether, where and from when on people are told of limits.
// SPDX-License-Identifier: MIT

import type { Settings } from "../../api/types";
import { askPermission, change, permission } from "../../state/settings";
import { Option, Section, Toggle } from "./section";

const NAMES = ["First threshold", "Second threshold"];

function permissionWords(): string {
  switch (permission.value) {
  case "granted":
    return `Allowed for ${location.host}`;
  case "denied":
    return "Blocked in this browser; its own settings for this page can lift that";
  case "default":
    return "This browser asks for leave when it is switched on";
  case null:
    return "This browser cannot notify here: it takes this machine, or TLS";
  }
}

export function Notifications({ settings }: { settings: Settings }) {
  const isOn = settings.usage_notifications_enabled && settings.notifications_enabled;

  async function setBrowser(on: boolean): Promise<void> {
    if (on)
      await askPermission();
    await change(on
      ? { notifications_enabled: true, usage_notifications_enabled: true }
      : { usage_notifications_enabled: false });
  }

  return (
    <Section
      id="notifications" title="Notifications"
      about="Told once per window and threshold. Two passed at once are told as the higher one."
    >
      <Option title="Rate limits, in this browser" about={permissionWords()}>
        <Toggle
          label="Rate limits, in this browser" on={isOn} onChange={(on) => void setBrowser(on)}
        />
      </Option>
      <Option title="Notifications at all" about="For every program that listens">
        <Toggle
          label="Notifications at all" on={settings.notifications_enabled}
          onChange={(on) => void change({ notifications_enabled: on })}
        />
      </Option>
      <Option title="Limit thresholds" about="Share of a rate limit">
        {settings.thresholds.map((value, i) => (
          <span class="with-unit" key={i}>
            <input
              class="input num" type="number" min={1} max={100} value={value}
              aria-label={NAMES[i] ?? `Threshold ${i + 1}`}
              onChange={(event) => {
                const next = [...settings.thresholds];
                next[i] = Number(event.currentTarget.value);
                void change({ thresholds: next });
              }}
            />
            <span>%</span>
          </span>
        ))}
      </Option>
    </Section>
  );
}
