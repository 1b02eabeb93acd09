// dashboard-server.mjs: something that serves the dashboard, for a test to open.
//
// With TACHO_BIN_DIR it is the real daemon from that folder, in a home of its own whose log the
// test writes; without, the stand-in from mock-server.mjs. A test cannot tell which. An event is
// { atMs, model, input, output, cacheRead, cacheWrite }, tokens all; `logged` is what the agent said
// that it cost, in dollars. Claude is on a plan of 100 dollars.
// SPDX-License-Identifier: MIT

import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startMock } from "./mock-server.mjs";

const START_MS = 15_000;
const LOOK_MS = 50;

/**
 * Serves what `events` say. Answers { url, appendUsage(event), stop(), start(), free() }: what was
 * stopped starts again at the same address and knows what it knew.
 */
export async function startServer(events, { threshold = null } = {}) {
  const dir = process.env.TACHO_BIN_DIR;
  const world = dir
    ? await realWorld(join(dir, "tachod"), threshold) : await mockWorld(threshold);
  for (const event of events)
    world.appendUsage(event);
  await world.start();
  return world;
}

async function mockWorld(threshold) {
  const events = [];
  const port = await freePort();
  let server = null;
  return {
    url: `http://127.0.0.1:${port}/`,
    appendUsage(event) {
      events.push(event);
      server?.append(event);
    },
    async start() {
      server = await startMock({ events, port, world: { threshold } });
    },
    async stop() {
      await server?.stop();
      server = null;
    },
    async free() {
      await this.stop();
    },
  };
}

async function realWorld(program, threshold) {
  const home = mkdtempSync(join(tmpdir(), "tacho-dashboard-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const log = join(home, ".claude", "projects", "shop", "session.jsonl");
  let daemon = null;
  let lines = 0;
  mkdirSync(join(home, ".config", "tacho"), { recursive: true });
  writeFileSync(join(home, ".config", "tacho", "config.json"), JSON.stringify({
    plans: { claude: 100 }, ...(threshold === null ? {} : { usage_threshold_tokens: threshold }),
  }));
  return {
    url,
    appendUsage(event) {
      mkdirSync(join(log, ".."), { recursive: true });
      lines += 1;
      appendFileSync(log, `${JSON.stringify(claudeLine(event, lines))}\n`);
    },
    async start() {
      const env = { PATH: process.env.PATH, HOME: home, TZ: "UTC" };
      daemon = spawn(program, ["serve", "--port", String(port), "--timezone", "UTC"],
        { env, stdio: ["ignore", "ignore", "inherit"] });
      await answers(`${url}api/v1/health`, daemon);
    },
    async stop() {
      if (daemon === null)
        return;
      const ended = once(daemon, "exit");
      daemon.kill("SIGTERM");
      await ended;
      daemon = null;
    },
    async free() {
      await this.stop();
      rmSync(home, { recursive: true });
    },
  };
}

function claudeLine(event, n) {
  return {
    type: "assistant", uuid: `u-${n}`, sessionId: "s-1", requestId: `req_${n}`, cwd: "/w/shop",
    version: "2.1.0", costUSD: event.logged, timestamp: new Date(event.atMs).toISOString(),
    message: {
      id: `msg_${n}`, type: "message", role: "assistant", model: event.model, content: [],
      usage: {
        input_tokens: event.input, output_tokens: event.output,
        cache_read_input_tokens: event.cacheRead, cache_creation_input_tokens: event.cacheWrite,
      },
    },
  };
}

async function answers(url, daemon) {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && daemon.exitCode === null) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok)
      return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`${url} does not answer within ${START_MS} ms`);
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
