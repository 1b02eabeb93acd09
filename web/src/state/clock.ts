// state/clock.ts: what time it is for the daemon, in which zone, and so which day it is.
//
// The daemon's word wins over the browser's clock: each live frame corrects the difference. Between
// frames the page goes on by itself, so that midnight comes without one.
// SPDX-License-Identifier: MIT

import { computed, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { browserZone, dayIn } from "../dates";

const TICK_MS = 15_000;

const tick = signal(Date.now());
const aheadMs = signal(0);

export const zone = signal(browserZone());
export const now = computed(() => tick.value + aheadMs.value);
export const today = computed(() => dayIn(zone.value, now.value));

export function setClock(daemonMs: number): void {
  tick.value = Date.now();
  aheadMs.value = daemonMs - tick.value;
}

export function startClock(): void {
  setInterval(() => { tick.value = Date.now(); }, TICK_MS);
}

/** For countdowns: moves every second, only while somebody looks. */
export function useSeconds(): number {
  const [at, setAt] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setAt(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return at + aheadMs.value;
}
