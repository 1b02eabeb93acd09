// state/theme.ts: light, dark, or as the system has it; remembered by this browser.
//
// The choice stands as `data-theme` on the root element, where the tokens look for it.
// SPDX-License-Identifier: MIT

import { signal } from "@preact/signals";
import { remember, remembered } from "./memory";

export type Theme = "auto" | "light" | "dark";

const KEY = "tacho-theme";

export const theme = signal<Theme>("auto");

export function setTheme(to: Theme): void {
  if (to === "auto")
    delete document.documentElement.dataset["theme"];
  else
    document.documentElement.dataset["theme"] = to;
  theme.value = to;
  remember(KEY, to);
}

export function startTheme(): void {
  const kept = remembered(KEY);
  setTheme(kept === "light" || kept === "dark" ? kept : "auto");
}
