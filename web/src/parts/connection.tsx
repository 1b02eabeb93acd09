// parts/connection.tsx: says whether the figures are alive, and when they were not, since when.
// SPDX-License-Identifier: MIT

import { useEffect, useState } from "preact/hooks";
import { clockIn } from "../dates";
import { zone } from "../state/clock";
import { connection, figuresAt } from "../state/connection";
import { live } from "../state/live";
import { retryNow } from "../state/start";
import { Icon } from "./icon";

export function figuresTime(): string {
  return figuresAt.value === null ? "" : clockIn(zone.value, figuresAt.value);
}

export function isLost(): boolean {
  return connection.value.kind === "lost";
}

function words(): string {
  switch (connection.value.kind) {
  case "connecting":
    return "Connecting";
  case "live":
    return "Live";
  case "lost":
    return figuresTime() === "" ? "Disconnected" : `Disconnected, figures of ${figuresTime()}`;
  }
}

export function ConnectionState() {
  const text = words();
  return <span class={`live ${connection.value.kind}`} title={text}><span>{text}</span></span>;
}

/** A loss that the first quiet try did not mend. */
export function LostBanner() {
  const lost = connection.value;
  if (lost.kind !== "lost" || lost.attempt < 2)
    return null;
  return (
    <div class="banner">
      <Icon name="offline" />
      <p>
        <b role="status">Connection lost at {clockIn(zone.value, lost.sinceMs)}.</b>{" "}
        <span>Is the daemon running? <Countdown untilMs={lost.retryAtMs} /></span>
      </p>
      <button class="button quiet" type="button" onClick={retryNow}>Try now</button>
    </div>
  );
}

/** The logs grow, but the ledger cannot take it. */
export function PausedBanner() {
  const why = live.value?.paused ?? null;
  if (why === null || isLost())
    return null;
  return (
    <div class="banner">
      <Icon name="warn" />
      <p>
        <b role="status">The figures stand still.</b>{" "}
        <span>{why}. Nothing is lost: reading goes on by itself as soon as it can.</span>
      </p>
    </div>
  );
}

/** Ticks only while there is something to count. */
function Countdown({ untilMs }: { untilMs: number | null }) {
  const [nowMs, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  if (untilMs === null)
    return <>Trying now.</>;
  return <>Trying again in {Math.max(1, Math.ceil((untilMs - nowMs) / 1000))} s.</>;
}
