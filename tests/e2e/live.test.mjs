// live.test.mjs: the running daemon: what it hears, how it starts and ends, what it says in need.
//
// A line that an agent appends has to reach a WebSocket client; whatever else happens to a log
// takes nothing away and adds nothing twice.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { dirname } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";

import { listen } from "./lib/frames.mjs";
import { Home, response } from "./lib/home.mjs";
import { Daemon, daily, freePort, startDaemon, tachod } from "./lib/programs.mjs";
import { until, within } from "./lib/until.mjs";

const EX_UNAVAILABLE = 69;
const GOING_AWAY = 1001;
const INPUT = 4; // what response() spends on input

describe("logs that change while the daemon runs", () => {
  let home, daemon, frames, total;
  before(async () => {
    home = new Home();
    home.append("shop/old.jsonl", response({ output: 100 }));
    daemon = await startDaemon(home);
    await daemon.holds(100 + INPUT);
    frames = await listen(daemon);
  });
  beforeEach(() => { total = frames.last.today.totalTokens; });
  after(async () => {
    frames?.close();
    await daemon?.discard();
    home.remove();
  });

  async function grows(by) {
    total += by;
    await frames.shows(total);
    await daemon.holds(total);
  }

  test("the first frame has what was there before", () => {
    assert.equal(frames.all[0].type, "live");
    assert.equal(total, 100 + INPUT);
  });

  test("an appended line reaches a WebSocket client", async () => {
    const before = frames.last.revision;
    home.append("shop/old.jsonl", response({ output: 11 }));
    await grows(11 + INPUT);
    assert.ok(frames.last.revision > before);
    home.append("shop/old.jsonl", response({ output: 12 }), response({ output: 13 }));
    await grows(25 + 2 * INPUT);
  });

  test("a response that grows sends its growth", async () => {
    home.append("shop/old.jsonl", response({ id: "growing", output: 2, stop: null }));
    await grows(2 + INPUT);
    home.append("shop/old.jsonl", response({ id: "growing", output: 300 }));
    await grows(298);
  });

  test("a truncated file keeps what was counted and goes on from its start", async () => {
    const path = home.append("shop/cut.jsonl", response({ output: 21 }), response({ output: 22 }));
    await grows(43 + 2 * INPUT);
    truncateSync(path, 0);
    home.append("shop/cut.jsonl", response({ output: 23 }));
    await grows(23 + INPUT);
    home.append("shop/cut.jsonl", response({ output: 24 }));
    await grows(24 + INPUT);
  });

  test("a file that is written anew with old lines adds the new ones only", async () => {
    const lines = [31, 32].map((output) => response({ output }));
    const path = home.append("shop/anew.jsonl", ...lines);
    await grows(63 + 2 * INPUT);
    writeFileSync(path, [lines[1], lines[0], response({ output: 33 })].join("\n") + "\n");
    await grows(33 + INPUT);
  });

  test("a rotated file: the old one keeps its place in the sum, the new one is read", async () => {
    const path = home.append("shop/turn.jsonl", response({ output: 41 }));
    await grows(41 + INPUT);
    renameSync(path, `${path}.1`);
    home.append("shop/turn.jsonl", response({ output: 42 }));
    await grows(42 + INPUT);
  });

  test("a renamed file adds nothing and is followed under its new name", async () => {
    const from = home.append("shop/name.jsonl", response({ output: 51 }));
    await grows(51 + INPUT);
    const to = home.log("moved/other.jsonl");
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
    home.append("moved/other.jsonl", response({ output: 52 }));
    await grows(52 + INPUT);
  });

  test("a renamed folder adds nothing and is followed", async () => {
    home.append("north/a.jsonl", response({ output: 55 }));
    await grows(55 + INPUT);
    renameSync(home.log("north"), home.log("south"));
    home.append("south/a.jsonl", response({ output: 56 }));
    await grows(56 + INPUT);
  });

  test("deleted files and folders take nothing away", async () => {
    home.append("gone/a.jsonl", response({ output: 61 }));
    await grows(61 + INPUT);
    rmSync(home.log("gone"), { recursive: true });
    home.append("shop/old.jsonl", response({ output: 62 })); // comes behind the deletion
    await grows(62 + INPUT);
  });

  test("a project that begins while the daemon runs is found, at any depth", async () => {
    home.append("new/a.jsonl", response({ output: 71 }));
    await grows(71 + INPUT);
    home.append("deep/session/subagents/workflows/w1/agent-1.jsonl", response({ output: 72 }));
    await grows(72 + INPUT);
  });

  test("half a line waits for its other half", async () => {
    const line = response({ output: 81 });
    const path = home.append("shop/half.jsonl");
    writeFileSync(path, line.slice(0, 40), { flag: "a" });
    home.append("shop/old.jsonl", response({ output: 82 })); // comes behind the half
    await grows(82 + INPUT);
    writeFileSync(path, line.slice(40) + "\n", { flag: "a" });
    await grows(81 + INPUT);
  });

  test("every view says the same", async () => {
    await daemon.stop();
    const report = await daily(home);
    assert.equal(report.totals.totalTokens, total);
  });
});

test("a root that does not exist yet is found when it appears", async () => {
  const home = new Home();
  const daemon = await startDaemon(home);
  try {
    home.append("first/a.jsonl", response({ output: 5 }));
    await daemon.holds(5 + INPUT);
  } finally {
    await daemon.discard();
    home.remove();
  }
});

describe("starting and ending", () => {
  let home;
  before(() => {
    home = new Home();
    home.append("shop/a.jsonl", response({ output: 1 }));
  });
  after(() => home.remove());

  test("SIGTERM ends it with 0 in under a second, and clients hear 1001", async () => {
    const daemon = await startDaemon(home);
    const frames = await listen(daemon);
    try {
      const { code, signal } = await daemon.stop(1000);
      assert.deepEqual({ code, signal }, { code: 0, signal: null });
      assert.equal(await frames.closed(), GOING_AWAY);
    } finally {
      frames.close();
      await daemon.discard();
    }
  });

  test("SIGINT ends it with 0 too", async () => {
    const daemon = await startDaemon(home);
    const { code } = await within("the end", daemon.signal("SIGINT"));
    assert.equal(code, 0, daemon.said);
  });

  test("a second start says that it is running already, where, and ends with 0", async () => {
    const first = await startDaemon(home);
    const second = new Daemon(home, await freePort());
    try {
      const { code } = await within("the second to end", second.ended);
      assert.equal(code, 0, second.said);
      assert.match(second.said, /already/);
      assert.ok(second.said.includes(`:${first.port}`), second.said);
      assert.ok(first.running);
    } finally {
      await second.discard();
      await first.discard();
    }
  });

  test("a foreign program on the port: 69, named, and a free port is suggested", async () => {
    const foreign = createServer((_, answer) => answer.end("somebody else")).listen(0, "127.0.0.1");
    await once(foreign, "listening");
    const { port } = foreign.address();
    const daemon = new Daemon(home, port);
    try {
      const { code } = await within("it to give up", daemon.ended);
      assert.equal(code, EX_UNAVAILABLE, daemon.said);
      assert.ok(daemon.said.includes(`${port}`), daemon.said);
      assert.match(daemon.said, /--port \d+/);
      assert.notEqual(Number(/--port (\d+)/.exec(daemon.said)[1]), port);
    } finally {
      await daemon.discard();
      foreign.close();
    }
  });

  test("--background gives the terminal back once it serves, --stop ends it", async () => {
    const port = await freePort();
    const started = await tachod(home, "serve", "--background", "--port", `${port}`);
    try {
      assert.equal(started.code, 0, started.err);
      const health = await fetch(`http://127.0.0.1:${port}/api/v1/health`);
      assert.equal(health.status, 200);
    } finally {
      const stopped = await tachod(home, "serve", "--stop");
      assert.equal(stopped.code, 0, stopped.err);
    }
    await assert.rejects(fetch(`http://127.0.0.1:${port}/api/v1/health`));
  });

  test("--stop where none runs says so and is no crash", async () => {
    const { code, out, err } = await tachod(home, "serve", "--stop");
    assert.ok([0, 1, EX_UNAVAILABLE].includes(code), `${code}: ${err}`);
    assert.match(out + err, /\w+/);
  });

  test("--background that cannot start says why and hands the exit code on", async () => {
    const foreign = createServer().listen(0, "127.0.0.1");
    await once(foreign, "listening");
    try {
      const { code, out, err } = await tachod(home, "serve", "--background", "--port",
        `${foreign.address().port}`);
      assert.equal(code, EX_UNAVAILABLE);
      assert.match(out + err, /port/);
    } finally {
      foreign.close();
    }
  });
});

test("a command beside a daemon that holds the lease reads and does not ingest", async () => {
  const home = new Home();
  home.append("shop/a.jsonl", response({ output: 100 }));
  const daemon = await startDaemon(home);
  try {
    await daemon.holds(100 + INPUT);
    await until("the first reading to end", async () => (await daily(home)).complete);
    daemon.child.kill("SIGSTOP"); // it keeps the lease and reads nothing
    home.append("shop/a.jsonl", response({ output: 50 }));
    assert.equal((await daily(home)).totals.totalTokens, 100 + INPUT, "as the daemon left it");
    daemon.child.kill("SIGCONT");
    await daemon.holds(150 + 2 * INPUT);
    assert.equal((await daily(home)).totals.totalTokens, 150 + 2 * INPUT);
  } finally {
    daemon.child.kill("SIGCONT");
    await daemon.discard();
    home.remove();
  }
});
