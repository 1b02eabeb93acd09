// parts/theme-switch.tsx: as the system has it, light, or dark.
// SPDX-License-Identifier: MIT

import { setTheme, type Theme, theme } from "../state/theme";
import { Icon, type IconName } from "./icon";

const CHOICES: readonly { id: Theme; label: string; icon: IconName }[] = [
  { id: "auto", label: "As the system", icon: "auto" },
  { id: "light", label: "Light", icon: "sun" },
  { id: "dark", label: "Dark", icon: "moon" },
];

export function ThemeSwitch() {
  return (
    <div class="themes" role="group" aria-label="Theme">
      {CHOICES.map((choice) => (
        <button
          key={choice.id} type="button" title={choice.label} aria-label={choice.label}
          aria-pressed={theme.value === choice.id} onClick={() => setTheme(choice.id)}
        >
          <Icon name={choice.icon} />
        </button>
      ))}
    </div>
  );
}
