// e2e/lib/server.mjs: the HTTP server in a process of its own, and ways to ask it rudely.
//
// Runs tests/unit/server_fixture, which is the real server over a ledger that grows on a signal, so
// that a test needs no logs and can shorten the server's patience. TACHO_SERVER_FIXTURE names it.
// SPDX-License-Identifier: MIT

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { join, resolve } from "node:path";

import { Home } from "./home.mjs";
import { freePort } from "./programs.mjs";
import { until, within } from "./until.mjs";

/** What the server waits for, in ms. */
const PATIENT = { next: 60_000, head: 10_000, body: 30_000, answer: 30_000, linger: 2000,
  take: 30_000, ping: 30_000 };
const ORDER = ["next", "head", "body", "answer", "linger", "take", "ping"];

/** What one fixture process can hold at most. */
export const CONNECTIONS = 512 - 64;

function fixture() {
  const folder = process.env.TACHO_ASAN_BIN_DIR ?? process.env.TACHO_BIN_DIR;
  if (process.env.TACHO_SERVER_FIXTURE)
    return resolve(process.env.TACHO_SERVER_FIXTURE);
  if (!folder)
    throw new Error("TACHO_SERVER_FIXTURE has to name the program tests/unit/server_fixture");
  return resolve(folder, "tests/unit/server_fixture");
}

export class Server {
  said = "";

  /** A server with a home folder of its own: { words, patience, config }. Not started yet. */
  constructor(options = {}) {
    this.options = options;
    this.home = new Home();
    this.folder = join(this.home.folder, "settings");
    mkdirSync(this.folder, { mode: 0o700 });
    this.config = join(this.folder, "config.json");
    this.secrets = join(this.folder, "secrets.json");
    writeFileSync(this.config, JSON.stringify(options.config ?? {}));
  }

  #words() {
    return ["--db", this.home.db, "--config", this.config, "--timezone", "UTC"];
  }

  /** Makes a token of this kind ("read" or "admin") and returns it. */
  token(kind) {
    return new Promise((done, fail) => {
      execFile(fixture(), ["token", "new", `--${kind}`, "--label", "test", ...this.#words()],
        { env: this.home.env() }, (error, out, err) => {
          if (error)
            fail(new Error(err));
          else
            done(out.trim());
        });
    });
  }

  /** Starts it and waits until it says where. Rejects when it ends instead. */
  async start() {
    const patience = { ...PATIENT, ...this.options.patience };
    this.port = await freePort();
    this.said = "";
    this.child = spawn(fixture(), ["serve", "--port", `${this.port}`, ...this.#words(),
      ...this.options.words ?? []], {
      env: { ...this.home.env(), FIXTURE_PATIENCE: ORDER.map((name) => patience[name]).join() },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.setEncoding("utf8").on("data", (text) => { this.said += text; });
    this.ended = once(this.child, "close").then(([code]) => code);
    this.url = await until("the server's address", () => {
      const url = /^https?:\S+$/m.exec(this.said);
      if (!url && this.child.exitCode !== null)
        return "ended";
      return url?.[0];
    });
    if (this.url === "ended")
      throw new Error(this.said);
    return this;
  }

  /** One event of 1000 tokens more. */
  change() {
    this.child.kill("SIGUSR1");
  }

  /** One every 10 ms, until called again. */
  changes() {
    this.child.kill("SIGUSR2");
  }

  /** Ends it in order and tells its exit code: not 0 if a sanitizer found something. */
  async stop() {
    this.child.kill("SIGTERM");
    return within("the server to end", this.ended);
  }

  async discard() {
    const code = this.child?.exitCode === null ? await this.stop() : this.child?.exitCode;
    this.home.remove();
    if (code)
      throw new Error(`the server ended with ${code}: ${this.said}`);
  }

  /** A request of one's own making: { status, headers, text, json }. */
  ask(path, { method = "GET", headers = {}, body, secure = false } = {}) {
    const lib = secure ? https : http;
    return within(`${method} ${path}`, new Promise((done, fail) => {
      const request = lib.request({
        host: "127.0.0.1", port: this.port, path, method, agent: false, rejectUnauthorized: false,
        headers: { host: `127.0.0.1:${this.port}`, ...headers },
      }, async (answer) => {
        const pieces = await answer.toArray();
        const text = Buffer.concat(pieces).toString("utf8");
        const isJson = /json/.test(answer.headers["content-type"] ?? "");
        done({ status: answer.statusCode, headers: answer.headers, text,
          json: isJson && text ? JSON.parse(text) : null });
      });
      request.on("error", fail);
      request.end(body);
    }));
  }
}

export async function startServer(options) {
  const server = new Server(options);
  try {
    return await server.start();
  } catch (error) {
    server.home.remove();
    throw error;
  }
}

/** A bare TCP connection: what was sent back stands in `text`. */
export class Wire {
  text = "";
  ended = false;

  constructor(port) {
    this.socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
    this.socket.on("data", (data) => { this.text += data.toString("latin1"); });
    this.socket.on("error", () => {}); // a reset is an end, too
    this.closed = new Promise((done) => this.socket.on("close", done));
    this.socket.on("end", () => { this.ended = true; });
    this.socket.on("close", () => { this.ended = true; });
  }

  send(bytes) {
    this.socket.write(bytes, "latin1");
    return this;
  }

  /** Waits until `pattern` was said. */
  says(pattern, ms) {
    return until(`${pattern} on the wire (so far: ${this.text.slice(0, 200)})`,
      () => pattern.exec(this.text), ms);
  }

  end(ms) {
    return until("the connection to end", () => this.ended, ms);
  }

  /** How many answers have come. */
  get answers() {
    return this.text.split("HTTP/1.1 ").length - 1;
  }

  drop() {
    this.socket.destroy();
  }
}

/** Sends bytes and returns all that came back until the server closed. */
export async function tell(server, bytes) {
  const wire = new Wire(server.port).send(bytes);
  await wire.end();
  wire.drop();
  return wire;
}
