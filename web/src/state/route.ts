// state/route.ts: what is looked at, kept in the address: `#/runs/418?state=failed`.
//
// Every choice is a link, so Back undoes it and a bookmark keeps it. What a query key means is the
// view's affair: unknown words fall back there.
// SPDX-License-Identifier: MIT

import { signal } from "@preact/signals";
import { type CostId, costOf } from "../cost";
import { type WindowId, windowOf } from "../window";

export interface Route {
  view: string;
  /** one thing of the view: a run, a gateway */
  item: string | null;
  query: Readonly<Record<string, string>>;
}

export const DEFAULT_VIEW = "usage";

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [view = "", ...rest] = path.split("/").map(decoded);
  return {
    view: view || DEFAULT_VIEW,
    item: rest.join("/") || null,
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** What somebody cut in half stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function hrefOf({ view, item, query }: Route): string {
  const words = new URLSearchParams(query).toString();
  const path = item === null ? view : `${view}/${encodeURIComponent(item)}`;
  return `#/${path}${words === "" ? "" : `?${words}`}`;
}

export function viewHref(view: string, item: string | null = null): string {
  return hrefOf({ view, item, query: {} });
}

export const route = signal<Route>(parseRoute(""));

export type Wishes = Record<string, string | null>;

/** The same place with other words; null takes one away. */
export function withWords(wishes: Wishes, item = route.value.item): Route {
  const query = { ...route.value.query };
  for (const [key, value] of Object.entries(wishes)) {
    if (value === null)
      delete query[key];
    else
      query[key] = value;
  }
  return { view: route.value.view, item, query };
}

export function word(key: string): string | null {
  return route.value.query[key] ?? null;
}

export function shownWindow(): WindowId {
  return windowOf(word("window"));
}

/** null: whichever the daemon is set to. */
export function askedCost(): CostId | null {
  return costOf(word("cost"));
}

export function startRoute(): void {
  const read = (): void => { route.value = parseRoute(location.hash); };
  addEventListener("hashchange", read);
  read();
}

export function go(to: Route): void {
  location.hash = hrefOf(to);
}

/** Typing into a filter is one choice, not one for each letter. */
export function replaceWith(to: Route): void {
  history.replaceState(null, "", hrefOf(to));
  route.value = to;
}
