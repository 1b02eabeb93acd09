// state/limits.ts: rate limits: read when they change, warned of once, remembered for the chart.
//
// The daemon's socket speaks for one account; the document that is fetched then has them all.
// SPDX-License-Identifier: MIT

import { effect, signal, untracked } from "@preact/signals";
import type { Crossing, Limits } from "../api/types";
import { browserWorld, openLink, socketUrl } from "../api/socket";
import { momentIn } from "../dates";
import { bucketName, nearest, type Placed, RED_FROM, warningKey } from "../limits";
import { now, zone } from "./clock";
import { bump, isMissing, known, load } from "./documents";
import { remember, remembered } from "./memory";
import { mayNotify } from "./settings";

export const LIMITS_PATH = "api/v1/limits";

export function limits(): Limits | null {
  return known<Limits>(LIMITS_PATH).data;
}

/* ---- what was seen while the page was open ---- */

export type Point = readonly [atMs: number, utilization: number];
const MOST_POINTS = 2000;
const trails = signal<ReadonlyMap<string, readonly Point[]>>(new Map());

/** What is new in a document of limits, added to what was seen of each window. */
export function extendTrails(
  was: ReadonlyMap<string, readonly Point[]>, from: Limits): ReadonlyMap<string, readonly Point[]> {
  const next = new Map(was);
  for (const placed of nearest(from)) {
    const { bucket } = placed;
    const trail = next.get(warningKey(placed)) ?? [];
    const last = trail.at(-1);
    if (last === undefined || bucket.observed_at > last[0])
      next.set(warningKey(placed),
        [...trail, [bucket.observed_at, bucket.utilization] as const].slice(-MOST_POINTS));
  }
  return next;
}

export function trailOf(placed: Placed): readonly Point[] {
  return trails.value.get(warningKey(placed)) ?? [];
}

/* ---- warnings ---- */

const DISMISSED = "tacho-dismissed";
const dismissed = signal<readonly string[]>(remembered(DISMISSED)?.split("\n") ?? []);

export function warning(): Placed | null {
  const fullest = nearest(limits()).filter((p) => p.bucket.utilization >= RED_FROM);
  return fullest.find((p) => !dismissed.value.includes(warningKey(p))) ?? null;
}

export function dismiss(placed: Placed): void {
  dismissed.value = [...dismissed.value, warningKey(placed)].slice(-20);
  remember(DISMISSED, dismissed.value.join("\n"));
}

function announce({ bucket_id: id, threshold, reset_at: reset }: Crossing): void {
  if (!mayNotify())
    return;
  const body = reset === null ? "" : `Resets ${momentIn(zone.value, reset, now.value)}.`;
  new Notification(`${bucketName(id)}: ${threshold}% used`, { body, tag: `tacho-${id}` });
}

function onText(text: string): void {
  let frame: Partial<Crossing> | { type: "snapshot" } | null;
  try {
    frame = JSON.parse(text) as typeof frame;
  } catch {
    return;
  }
  if (frame?.type === "threshold_crossed")
    announce(frame as Crossing);
  else if (frame?.type === "snapshot")
    bump("limits");
}

/** The socket is opened once the daemon has shown that it knows of limits. */
export function startLimits(): void {
  let opened = false;
  effect(() => {
    const doc = known<Limits>(LIMITS_PATH);
    if (doc.data === null || isMissing(doc))
      return;
    const seen = doc.data;
    untracked(() => { trails.value = extendTrails(trails.value, seen); });
    if (!opened)
      openLink(browserWorld(socketUrl("api/ws/usage", document.baseURI)), onText, () => {});
    opened = true;
  });
  void load(LIMITS_PATH);
}
