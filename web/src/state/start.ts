// state/start.ts: ties the knot: address, clock, report, live frames and connection.
//
// The only place where one piece of state sets off another.
// SPDX-License-Identifier: MIT

import { computed, effect, untracked } from "@preact/signals";
import { browserWorld, type Link, openLink, type LinkState, socketUrl } from "../api/socket";
import { paced } from "../pace";
import { setClock, startClock, zone } from "./clock";
import { connection, figuresAt, nextConnection } from "./connection";
import { health, loadHealth } from "./health";
import { live, reduceLive } from "./live";
import { loadPlans } from "./plans";
import { entry, loadReport } from "./report";
import { startRoute } from "./route";
import { startTheme } from "./theme";

const REFRESH_MS = 1000;
const POLL_MS = 5 * 60_000;

/** Fetches what a frame does not carry, at most once a second. */
export const refresh = paced(REFRESH_MS, () => {
  void loadReport();
  if ((health.value?.ledger.events ?? 0) === 0)
    void loadHealth();
});

let link: Link | null = null;

export function retryNow(): void {
  link?.retryNow();
}

function onLink(state: LinkState): void {
  const was = connection.value;
  connection.value = nextConnection(was, state, Date.now());
  if (state.kind === "open" && was.kind === "lost")
    refresh();
  if (state.kind === "waiting" && state.attempt === 2)
    refresh(); // a plain request tells a lost login from a lost daemon
}

function onText(text: string): void {
  const step = reduceLive(live.value, text);
  if (step.frame === null || step.frame === live.value)
    return;
  setClock(step.frame.at);
  zone.value = step.frame.timezone;
  live.value = step.frame;
  figuresAt.value = step.frame.at;
  if (step.news)
    refresh();
}

export function start(): void {
  startTheme();
  startRoute();
  startClock();

  void loadHealth();
  const path = computed(() => entry.value.path);
  effect(() => {
    path.value; // another window, or another day: another question
    untracked(() => void loadReport());
  });

  effect(() => {
    if (entry.value.report?.plans !== undefined)
      untracked(() => void loadPlans());
  });

  link = openLink(browserWorld(socketUrl("api/ws/live", document.baseURI)), onText, onLink);
  addEventListener("online", retryNow);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible")
      retryNow();
  });
  setInterval(() => {
    if (connection.value.kind !== "live")
      refresh();
  }, POLL_MS);
}
