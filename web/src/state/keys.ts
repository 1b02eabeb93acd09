// state/keys.ts: what single keys do, as a table; nothing while someone is typing.
//
// `g` waits a moment for the letter of a view.
// SPDX-License-Identifier: MIT

import { signal } from "@preact/signals";
import { nextCost } from "../cost";
import { DEFAULT_WINDOW, WINDOWS } from "../window";
import { shownCost } from "./cost";
import { go, route, viewHref, withWords } from "./route";

export const helpShown = signal(false);
export const tableShown = signal(false);

const WAIT_MS = 900;

/** The letter after `g`, and the view that it leads to. */
export const PLACES: readonly { key: string; view: string; title: string }[] = [
  { key: "u", view: "usage", title: "Usage" },
  { key: "l", view: "limits", title: "Limits" },
  { key: "r", view: "runs", title: "Runs" },
  { key: "g", view: "gateways", title: "Gateways" },
  { key: "e", view: "explore", title: "Explore" },
  { key: "s", view: "settings", title: "Settings" },
];

export interface Key {
  key: string;
  does: string;
  run: () => void;
}

/** Rows are links: the next one gets the focus, and Enter opens it. */
function walk(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>("main [data-row]")];
  const at = rows.findIndex((r) => r === document.activeElement);
  const to = at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by;
  rows[Math.min(rows.length - 1, Math.max(0, to))]?.focus();
}

export const KEYS: readonly Key[] = [
  ...WINDOWS.map((w, i) => ({
    key: String(i + 1),
    does: `Window: ${w.label.toLowerCase()}`,
    run: () => {
      if (route.value.view === "usage")
        go(withWords({ window: w.id === DEFAULT_WINDOW ? null : w.id }));
    },
  })),
  {
    key: "c", does: "Next kind of cost",
    run: () => go(withWords({ cost: nextCost(shownCost.value) })),
  },
  { key: "t", does: "Swap chart and table", run: () => { tableShown.value = !tableShown.value; } },
  { key: "j", does: "Next row", run: () => walk(1) },
  { key: "k", does: "Row before", run: () => walk(-1) },
  { key: "?", does: "Show these keys", run: () => { helpShown.value = !helpShown.value; } },
];

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement
    && (target.isContentEditable || target.matches("input, select, textarea"));
}

export function startKeys(): void {
  let goneAt = -Infinity;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
      return;
    const waits = event.timeStamp - goneAt < WAIT_MS;
    const place = waits ? PLACES.find((p) => p.key === event.key) : undefined;
    goneAt = event.key === "g" && !waits ? event.timeStamp : -Infinity;
    if (place !== undefined && !helpShown.value) {
      event.preventDefault();
      location.hash = viewHref(place.view);
      return;
    }
    const key = KEYS.find((k) => k.key === event.key);
    if (key === undefined || (helpShown.value && key.key !== "?"))
      return;
    event.preventDefault();
    key.run();
  });
}
