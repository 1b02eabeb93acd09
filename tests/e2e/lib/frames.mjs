// e2e/lib/frames.mjs: the frames of /api/ws/live, as a client hears them.
// SPDX-License-Identifier: MIT

import { once } from "node:events";
import WebSocket from "ws";

import { until, within } from "./until.mjs";

export class Frames {
  all = [];
  closeCode = null;

  constructor(socket) {
    this.socket = socket;
    socket.on("message", (data) => this.all.push(JSON.parse(data.toString("utf8"))));
    socket.on("close", (code) => { this.closeCode = code; });
    socket.on("error", () => {}); // a close event follows
  }

  get last() {
    return this.all[this.all.length - 1];
  }

  /** Waits for a frame that shows so many tokens of today. */
  shows(tokens) {
    return until(`a frame with ${tokens} tokens of today`, () => {
      if (this.last.today.totalTokens === tokens)
        return this.last;
      throw new Error(`the last one says ${this.last.today.totalTokens}`);
    });
  }

  closed() {
    return until("the socket to be closed", () => this.closeCode);
  }

  close() {
    this.socket.terminate();
  }
}

export async function listen(daemon) {
  const socket = new WebSocket(`${daemon.url.replace("http", "ws")}/api/ws/live`);
  const frames = new Frames(socket);
  await within("the socket to open", once(socket, "open"));
  await until("the first frame", () => frames.last);
  return frames;
}
