// parts/connection.tsx: says whether the figures are alive, and when they were not, since when.
// SPDX-License-Identifier: MIT

import { clockIn } from "../dates";
import { zone } from "../state/clock";
import { connection, figuresAt } from "../state/connection";

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
    return figuresTime() === "" ? "Offline" : `Offline since ${figuresTime()}`;
  }
}

export function ConnectionState() {
  const text = words();
  return <span class={`live ${connection.value.kind}`} title={text}><span>{text}</span></span>;
}
