// state/start.ts: ties the knot: address, clock, live frames, connection, and what they make old.
//
// The only place where one piece of state sets off another.
// SPDX-License-Identifier: MIT

import { batch } from "@preact/signals";
import { browserWorld, type Link, openLink, type LinkState, socketUrl } from "../api/socket";
import { paced } from "../pace";
import { setClock, startClock, zone } from "./clock";
import { connection, figuresAt, nextConnection } from "./connection";
import { bump, load, TOPICS } from "./documents";
import { health, HEALTH_PATH } from "./health";
import { LIMITS_PATH, startLimits } from "./limits";
import { live, reduceLive } from "./live";
import { startRoute } from "./route";
import { SETTINGS_PATH } from "./settings";
import { startTheme } from "./theme";

const REFRESH_MS = 1000;
const POLL_MS = 5 * 60_000;

/** The ledger has grown: everything that counts it is fetched anew, at most once a second. */
const ledgerGrew = paced(REFRESH_MS, () => {
  batch(() => { bump("ledger"); bump("runs"); });
  void load(LIMITS_PATH);
  if ((health()?.ledger.events ?? 0) === 0)
    void load(HEALTH_PATH);
});

/** Everything may have changed meanwhile. */
export const refresh = paced(REFRESH_MS, () => {
  batch(() => TOPICS.forEach(bump));
  for (const path of [LIMITS_PATH, HEALTH_PATH, SETTINGS_PATH])
    void load(path);
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
    void load(HEALTH_PATH); // a plain request tells a lost login from a lost daemon
}

function onText(text: string): void {
  const was = live.value;
  const step = reduceLive(was, text);
  if (step.frame === null || step.frame === was)
    return;
  setClock(step.frame.at);
  zone.value = step.frame.timezone;
  live.value = step.frame;
  figuresAt.value = step.frame.at;
  if (step.news && was !== null)
    ledgerGrew();
}

export function start(): void {
  startTheme();
  startRoute();
  startClock();
  startLimits();
  void load(HEALTH_PATH);
  void load(SETTINGS_PATH);

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
