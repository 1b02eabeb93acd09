// state/connection.ts: whether the figures are alive, and since when they are not.
//
// A pure step from what the link says to what people are told, and the signal that holds it.
// SPDX-License-Identifier: MIT

import { signal } from "@preact/signals";
import type { LinkState } from "../api/socket";

export type Connection =
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "lost"; sinceMs: number; attempt: number; retryAtMs: number | null };

/** A try after a loss is still a loss until it has worked: nothing flickers. */
export function nextConnection(was: Connection, link: LinkState, nowMs: number): Connection {
  switch (link.kind) {
  case "open":
    return was.kind === "live" ? was : { kind: "live" };
  case "connecting":
    return was.kind === "lost" ? { ...was, retryAtMs: null } : { kind: "connecting" };
  case "waiting":
    return {
      kind: "lost",
      sinceMs: was.kind === "lost" ? was.sinceMs : nowMs,
      attempt: link.attempt,
      retryAtMs: nowMs + link.delayMs,
    };
  }
}

export const connection = signal<Connection>({ kind: "connecting" });

/** When the figures on the page were last known to be right; in the daemon's time. */
export const figuresAt = signal<number | null>(null);
