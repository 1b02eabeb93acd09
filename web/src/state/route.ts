// state/route.ts: what is looked at, kept in the address: `#/usage?window=week&cost=auto`.
//
// Every choice is a link, so Back undoes it and a bookmark keeps it. Unknown words fall back.
// SPDX-License-Identifier: MIT

import { signal } from "@preact/signals";
import { type CostId, costOf } from "../cost";
import { DEFAULT_WINDOW, type WindowId, windowOf } from "../window";

export interface Route {
  view: string;
  window: WindowId;
  /** null: whichever the daemon is set to */
  cost: CostId | null;
}

export const DEFAULT_VIEW = "usage";

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const said = new URLSearchParams(query);
  return {
    view: path || DEFAULT_VIEW,
    window: windowOf(said.get("window")),
    cost: costOf(said.get("cost")),
  };
}

export function hrefOf(route: Route): string {
  const query = new URLSearchParams();
  if (route.window !== DEFAULT_WINDOW)
    query.set("window", route.window);
  if (route.cost !== null)
    query.set("cost", route.cost);
  return `#/${route.view}${query.size > 0 ? `?${query}` : ""}`;
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
