// state/theme.ts: light, dark, or as the system has it; remembered by this browser.
//
// The choice stands as `data-theme` on the root element, where the tokens look for it. `shade` is
// what came of it: a canvas has to be drawn anew when it changes.
// SPDX-License-Identifier: MIT

import { computed, signal } from "@preact/signals";

export type Theme = "auto" | "light" | "dark";

const KEY = "tacho-theme";
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const dark = signal(systemDark.matches);

export const theme = signal<Theme>("auto");
export const shade = computed<"light" | "dark">(() => {
  if (theme.value === "auto")
    return dark.value ? "dark" : "light";
  return theme.value;
});

export function setTheme(to: Theme): void {
  if (to === "auto")
    delete document.documentElement.dataset["theme"];
  else
    document.documentElement.dataset["theme"] = to;
  theme.value = to;
  try {
    localStorage.setItem(KEY, to);
  } catch {
    // storage is switched off: the choice lasts as long as the page
  }
}

function remembered(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "auto";
  } catch {
    return "auto";
  }
}

export function startTheme(): void {
  systemDark.addEventListener("change", () => { dark.value = systemDark.matches; });
  setTheme(remembered());
}
