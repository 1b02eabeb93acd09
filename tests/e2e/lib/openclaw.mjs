// e2e/lib/openclaw.mjs: a real gateway, from npm, on loopback, with sessions that nobody had.
//
// Node 24 and openclaw (about 0.5 GB) are installed once into a cache folder outside the tree:
// TACHO_OPENCLAW_DIR, else ~/.cache/tacho-tests. Nothing but the registry is asked; no model is ever
// called; updates, channels, timers and discovery are off.
// SPDX-License-Identifier: MIT

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

import { until } from "./until.mjs";

const VERSION = "2026.9.6";
const NODE = "24";

function cacheFolder() {
  return process.env.TACHO_OPENCLAW_DIR ?? join(homedir(), ".cache", "tacho-tests");
}

function npm(folder, ...words) {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, "package.json")))
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  execFileSync("npm", ["install", "--no-audit", "--no-fund", ...words],
    { cwd: folder, stdio: "pipe", timeout: 400_000 });
}

function findNode(folder) {
  const modules = join(folder, "node_modules");
  const places = existsSync(modules) ? readdirSync(modules).filter((n) => /^node(-|$)/.test(n)) : [];
  return places.map((name) => join(modules, name, "bin", "node")).find(existsSync);
}

/** { node, openclaw }: the two programs, installed if need be. Throws where that cannot be. */
export function install() {
  const [nodeFolder, clawFolder] = ["node", "openclaw"].map((name) => join(cacheFolder(), name));
  const openclaw = join(clawFolder, "node_modules", "openclaw", "openclaw.mjs");
  if (!findNode(nodeFolder))
    npm(nodeFolder, `node@${NODE}`);
  if (!existsSync(openclaw))
    npm(clawFolder, "--ignore-scripts", `openclaw@${VERSION}`);
  const node = findNode(nodeFolder);
  if (!node || !existsSync(openclaw))
    throw new Error("npm installed no usable node or openclaw");
  execFileSync(node, ["--version"]);
  return { node, openclaw };
}

// ---- invented sessions, in the form that the gateway imports ----

const iso = (at) => new Date(at).toISOString();
const MINUTE = 60_000;

/** [provider, model, input, output, cacheRead, cacheWrite, dollars] of each turn. */
export const SESSIONS = [
  { id: "11111111-1111-4111-8111-111111111111", key: "agent:main:main", label: "Main chat",
    turns: [["anthropic", "claude-sonnet-4-6", 1200, 340, 20000, 5000, 0.03345],
      ["anthropic", "claude-sonnet-4-6", 800, 610, 26000, 900, 0.022725]] },
  { id: "33333333-3333-4333-8333-333333333333", key: "agent:main:local", label: "Local",
    turns: [["ollama", "llama3.3", 4000, 700, 0, 0, 0]] },
];

function lines({ id, turns }, start) {
  const all = [{ type: "session", version: 3, id, timestamp: iso(start), cwd: "/home/user/project" }];
  let parentId = null, count = 0, at = start;
  const add = (role, message) => {
    const line = `${id.slice(0, 4)}${(++count).toString(16).padStart(4, "0")}`;
    at += 5000;
    all.push({ type: "message", id: line, parentId, timestamp: iso(at),
      message: { role, timestamp: at, content: [{ type: "text", text: "invented" }], ...message } });
    parentId = line;
  };
  for (const [provider, model, input, output, cacheRead, cacheWrite, total] of turns) {
    add("user", {});
    add("assistant", { provider, model, api: provider, stopReason: "stop", usage: { input, output,
      cacheRead, cacheWrite, totalTokens: input + output + cacheRead + cacheWrite,
      cost: { input: total, output: 0, cacheRead: 0, cacheWrite: 0, total } } });
  }
  return { text: all.map((line) => JSON.stringify(line) + "\n").join(""), at };
}

function seed(state, now) {
  const folder = join(state, "agents", "main", "sessions");
  const index = {};
  mkdirSync(folder, { recursive: true });
  for (const session of SESSIONS) {
    const sessionFile = join(folder, `${session.id}.jsonl`);
    const { text, at } = lines(session, now - 10 * MINUTE);
    writeFileSync(sessionFile, text);
    index[session.key] = { sessionId: session.id, updatedAt: at, sessionStartedAt: now - 10 * MINUTE,
      lastInteractionAt: at, chatType: "direct", label: session.label, sessionFile,
      modelProvider: session.turns[0][0], model: session.turns[0][1] };
  }
  writeFileSync(join(folder, "sessions.json"), JSON.stringify(index));
}

// ---- the gateway ----

export class OpenClaw {
  said = "";

  /** { folder, port, token, strict }: its state is kept in `folder`. */
  constructor(programs, options) {
    this.programs = programs;
    this.options = options;
    this.url = `ws://127.0.0.1:${options.port}`;
    const config = join(options.folder, "openclaw.json");
    if (existsSync(config))
      return;
    mkdirSync(join(options.folder, "home"), { recursive: true, mode: 0o700 });
    writeFileSync(config, JSON.stringify({ update: { checkOnStart: false }, gateway: {
      mode: "local", port: options.port, bind: "loopback", controlUi: { enabled: false },
      auth: { mode: "token", token: options.token },
      ...(options.strict && { nodes: { pairing: { autoApproveLocal: false } } }) } }), { mode: 0o600 });
  }

  #env() {
    const { folder } = this.options;
    const off = ["CHANNELS", "GMAIL_WATCHER", "BROWSER_CONTROL_SERVER", "CRON", "CANVAS_HOST",
      "STARTUP_MODEL_PREWARM"];
    return { PATH: `${dirname(this.programs.node)}:${process.env.PATH}`, LANG: "C.UTF-8",
      HOME: join(folder, "home"), OPENCLAW_HOME: join(folder, "home"), OPENCLAW_STATE_DIR: folder,
      OPENCLAW_CONFIG_PATH: join(folder, "openclaw.json"), OPENCLAW_NO_AUTO_UPDATE: "1",
      DO_NOT_TRACK: "1", OPENCLAW_DISABLE_BONJOUR: "1", OPENCLAW_NO_RESPAWN: "1", NO_COLOR: "1",
      ...Object.fromEntries(off.map((name) => [`OPENCLAW_SKIP_${name}`, "1"])) };
  }

  /** Runs one of its commands to the end and returns what it said. */
  run(...words) {
    return execFileSync(this.programs.node, [this.programs.openclaw, ...words],
      { env: this.#env(), stdio: ["ignore", "pipe", "pipe"], timeout: 120_000, encoding: "utf8" });
  }

  seed(now = Date.now()) {
    seed(this.options.folder, now);
    this.run("doctor", "--session-sqlite", "import", "--session-sqlite-all-agents");
  }

  async start() {
    const { port, token } = this.options;
    this.said = "";
    this.child = spawn(this.programs.node, [this.programs.openclaw, "gateway", "run", "--port",
      `${port}`, "--token", token, "--bind", "loopback", "--auth", "token"],
    { env: this.#env(), stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.setEncoding("utf8").on("data", (text) => { this.said += text; });
    this.ended = once(this.child, "close");
    await until("the gateway to be ready", () => {
      if (this.child.exitCode !== null)
        throw new Error(this.said.slice(-500));
      return /\[gateway\] ready/.test(this.said);
    }, 200_000);
    return this;
  }

  async end(signal = "SIGTERM") {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null)
      return;
    this.child.kill(signal);
    await this.ended;
  }

  pause() {
    this.child.kill("SIGSTOP");
  }

  goOn() {
    this.child.kill("SIGCONT");
  }
}
