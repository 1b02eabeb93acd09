// state/route.ts: what is looked at, kept in the address: `#/usage?window=week`.
//
// Every choice is a link, so Back undoes it and a bookmark keeps it. Unknown words fall back.
// SPDX-License-Identifier: MIT

import { signal } from "@preact/signals";
import { DEFAULT_WINDOW, type WindowId, windowOf } from "../window";

export interface Route {
  view: string;
  window: WindowId;
}

export const DEFAULT_VIEW = "usage";

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  return { view: path || DEFAULT_VIEW, window: windowOf(new URLSearchParams(query).get("window")) };
}

export function hrefOf(route: Route): string {
  const query = route.window === DEFAULT_WINDOW ? "" : `?window=${route.window}`;
  return `#/${route.view}${query}`;
}

export const route = signal<Route>(parseRoute(""));

export function startRoute(): void {
  const read = (): void => { route.value = parseRoute(location.hash); };
  addEventListener("hashchange", read);
  read();
}

export function go(to: Route): void {
  location.hash = hrefOf(to);
}
