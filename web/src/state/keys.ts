// state/keys.ts: what single keys do, as a table; nothing while someone is typing.
// SPDX-License-Identifier: MIT

import { signal } from "@preact/signals";
import { nextCost } from "../cost";
import { WINDOWS } from "../window";
import { shownCost } from "./report";
import { go, route } from "./route";

export const helpShown = signal(false);
export const tableShown = signal(false);

export interface Key {
  key: string;
  does: string;
  run: () => void;
}

export const KEYS: readonly Key[] = [
  ...WINDOWS.map((w, i) => ({
    key: String(i + 1),
    does: `Window: ${w.label.toLowerCase()}`,
    run: () => go({ ...route.value, window: w.id }),
  })),
  {
    key: "c", does: "Next kind of cost",
    run: () => go({ ...route.value, cost: nextCost(shownCost.value) }),
  },
  { key: "t", does: "Swap chart and table", run: () => { tableShown.value = !tableShown.value; } },
  { key: "?", does: "Show these keys", run: () => { helpShown.value = !helpShown.value; } },
];

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement
    && (target.isContentEditable || target.matches("input, select, textarea"));
}

export function startKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
      return;
    const key = KEYS.find((k) => k.key === event.key);
    if (key === undefined || (helpShown.value && key.key !== "?"))
      return;
    event.preventDefault();
    key.run();
  });
}
