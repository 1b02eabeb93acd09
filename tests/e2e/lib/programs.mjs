// e2e/lib/programs.mjs: run tacho, and start, ask and stop tachod.
//
// TACHO_BIN_DIR names the folder of both programs. A daemon is always given its port and its
// ledger, and is ended when its test is over, however that goes.
// SPDX-License-Identifier: MIT

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join, resolve } from "node:path";

import { until, within } from "./until.mjs";

function program(name) {
  const folder = process.env.TACHO_BIN_DIR;
  if (!folder)
    throw new Error("TACHO_BIN_DIR has to name the folder of tacho and tachod");
  return join(resolve(folder), name);
}

/** Runs a program to its end: { code, out, err }. */
function run(name, home, words, options = {}) {
  return new Promise((done, fail) => {
    execFile(program(name), words, {
      env: home.env(), cwd: home.path, maxBuffer: 64 << 20, timeout: 120_000, ...options,
    }, (error, out, err) => {
      if (error && typeof error.code !== "number")
        fail(new Error(`${name} ${words.join(" ")}: ${error.message}\n${err}`));
      else
        done({ code: error ? error.code : 0, out, err });
    });
  });
}

export function tacho(home, ...words) {
  return run("tacho", home, [...words, "--db", home.db]);
}

export function tachod(home, ...words) {
  return run("tachod", home, [...words, "--db", home.db]);
}

/** A tacho that runs until it is killed; what it says gathers in `said`. */
export function spawnTacho(home, ...words) {
  const child = spawn(program("tacho"), [...words, "--db", home.db],
    { env: home.env(), cwd: home.path, stdio: ["ignore", "pipe", "pipe"] });
  child.said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => { child.said += text; });
  return child;
}

/** The document of `tacho daily` in UTC. Fails with what the program said if it did. */
export async function daily(home) {
  const { code, out, err } = await tacho(home, "daily", "--json", "--timezone", "UTC");
  if (code !== 0)
    throw new Error(`tacho daily ended with ${code}: ${err}`);
  return JSON.parse(out);
}

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

export class Daemon {
  said = "";

  /** Starts `tachod serve` and does not wait for anything. */
  constructor(home, port, ...words) {
    this.home = home;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.child = spawn(program("tachod"), ["serve", "--port", `${port}`, "--db", home.db,
      ...(home.fixedZone ? ["--timezone", "UTC"] : []), ...words], {
      env: home.env(), cwd: home.path, stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.setEncoding("utf8").on("data", (text) => { this.said += text; });
    this.ended = once(this.child, "close").then(([code, signal]) => ({ code, signal }));
  }

  get running() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  signal(name) {
    this.child.kill(name);
    return this.ended;
  }

  /** Ends it if it still runs, whatever state it is in. */
  async discard() {
    if (this.running)
      await this.signal("SIGKILL");
  }

  async get(path) {
    const answer = await fetch(this.url + path, { signal: AbortSignal.timeout(10_000) });
    if (!answer.ok)
      throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  health() {
    return this.get("/api/v1/health");
  }

  report() {
    return this.get("/api/v1/report?by=day");
  }

  ready() {
    return until("the daemon's health", () => {
      if (!this.running)
        throw new Error(`it has ended: ${this.said}`);
      return this.health();
    });
  }

  /** Waits until the ledger holds exactly so many tokens. */
  async holds(tokens, ms) {
    let seen;
    try {
      return await until("the total", async () => {
        seen = (await this.report()).totals.totalTokens;
        return seen === tokens;
      }, ms);
    } catch (error) {
      throw new Error(`${error.message}; wanted ${tokens} tokens, the last answer was ${seen}`);
    }
  }

  /** Asks it to end, in time and in order. */
  stop(ms = 10_000) {
    return within("the daemon to end", this.signal("SIGTERM"), ms);
  }
}

export async function startDaemon(home, ...words) {
  const daemon = new Daemon(home, await freePort(), ...words);
  try {
    await daemon.ready();
  } catch (error) {
    await daemon.discard();
    throw error;
  }
  return daemon;
}
