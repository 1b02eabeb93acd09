// views/settings/display.tsx: the zone that days are cut in, and the theme.
// SPDX-License-Identifier: MIT

import type { Settings } from "../../api/types";
import { browserZone, clockIn } from "../../dates";
import { now, zone } from "../../state/clock";
import { change } from "../../state/settings";
import { setTheme, type Theme, theme } from "../../state/theme";
import { Option, Section } from "./section";

const THEMES: readonly { id: Theme; label: string }[] = [
  { id: "auto", label: "System" }, { id: "light", label: "Light" }, { id: "dark", label: "Dark" },
];

export function Display({ settings }: { settings: Settings | null }) {
  const zones = [...new Set(["UTC", browserZone(), zone.value])];
  return (
    <Section
      id="display" title="Display"
      about="Reports cut their days in the daemon's zone; daily tokens in this one, else in UTC."
    >
      {settings !== null && (
        <Option title="Time zone" about={`The daemon's: ${zone.value}, ${clockIn(zone.value, now.value)}`}>
          <input
            class="input zone" aria-label="Time zone" list="zones" placeholder="UTC"
            value={settings.timezone ?? ""}
            onChange={(event) => void change({ timezone: event.currentTarget.value || null })}
          />
        </Option>
      )}
      <datalist id="zones">{zones.map((z) => <option key={z} value={z} />)}</datalist>
      <Option title="Theme" about="Follows the system unless told otherwise">
        <div class="segments" role="group" aria-label="Theme of the page">
          {THEMES.map((t) => (
            <button
              key={t.id} type="button" aria-pressed={theme.value === t.id}
              onClick={() => setTheme(t.id)}
            >
              {t.label}
            </button>
          ))}
        </div>
      </Option>
    </Section>
  );
}
