// api/socket.ts: a WebSocket that comes back by itself.
//
// Knows opening, losing and trying again; knows nothing of what a message means. The world (socket,
// timer, chance) is handed in, so that a test can be the world. A connection counts as good only
// once a message has come: a door that opens and shuts again does not reset the patience.
// SPDX-License-Identifier: MIT

import { backoffMs } from "./backoff";

export type LinkState =
  | { kind: "connecting" }
  | { kind: "open" }
  | { kind: "waiting"; attempt: number; delayMs: number };

/** The part of a WebSocket that is used. */
export interface Socket {
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  close(): void;
}

export interface World {
  connect(): Socket;
  after(ms: number, then: () => void): () => void;
  chance(): number;
}

export interface Link {
  /** Does not wait any longer. Nothing happens unless it was waiting. */
  retryNow(): void;
  close(): void;
}

export function openLink(
  world: World, onText: (text: string) => void, onState: (state: LinkState) => void): Link {
  let failures = 0;
  let cancelWait: (() => void) | null = null;
  let socket: Socket | null = null;

  function connect(): void {
    cancelWait = null;
    onState({ kind: "connecting" });
    const mine = world.connect();
    socket = mine;
    mine.onmessage = (event) => {
      if (typeof event.data !== "string")
        return;
      failures = 0;
      onState({ kind: "open" });
      onText(event.data);
    };
    mine.onclose = () => {
      mine.onmessage = mine.onclose = null;
      wait();
    };
  }

  function wait(): void {
    const delayMs = backoffMs(failures, world.chance());
    failures += 1;
    onState({ kind: "waiting", attempt: failures, delayMs });
    cancelWait = world.after(delayMs, connect);
  }

  connect();
  return {
    retryNow() {
      if (cancelWait === null)
        return;
      cancelWait();
      connect();
    },
    close() {
      cancelWait?.();
      cancelWait = null;
      if (socket !== null) {
        socket.onmessage = socket.onclose = null;
        socket.close();
      }
    },
  };
}

/** The page's own address with another scheme: `wss` where the page came over TLS. */
export function socketUrl(path: string, base: string): string {
  const url = new URL(path, base);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.hash = "";
  return url.href;
}

export function browserWorld(url: string): World {
  return {
    connect: () => new WebSocket(url) as Socket,
    after(ms, then) {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
    chance: Math.random,
  };
}
