// kill.test.mjs: a daemon that is killed again and again loses nothing and doubles nothing.
//
// A corpus grows while `tachod serve` reads it and is ended by SIGKILL at a random moment. After
// every kill the ledger has to be sound; at the end the sums have to be exact. TACHO_KILLS says how
// many, TACHO_SEED repeats a run (the moments themselves are the machine's).
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { writeCorpus } from "../corpus/claude.mjs";
import { Random } from "../corpus/lib/random.mjs";
import { Delivery } from "./lib/deliver.mjs";
import { Home } from "./lib/home.mjs";
import { hasSqlite, soundness } from "./lib/ledger.mjs";
import { Daemon, daily, freePort, startDaemon, tacho } from "./lib/programs.mjs";
import { assertTrue, totalOf } from "./lib/totals.mjs";

const KILLS = Number(process.env.TACHO_KILLS ?? 200);
const BYTES = Number(process.env.TACHO_CORPUS_BYTES ?? 8_000_000);
const SEED = Number(process.env.TACHO_SEED ?? 20261122);
const START_MS = 60; // half of the kills come this soon after the start: it has a backlog to read
const LIVE_MS = 120; // the others while it follows the logs,
const AFTER_MS = 8;  // this soon after a piece has come

describe(`${KILLS} kills, seed ${SEED}`, { skip: hasSqlite ? false : "no sqlite3 program" }, () => {
  const random = new Random(SEED);
  let home, truth, delivery, share, port;

  before(async () => {
    home = new Home();
    home.environment.CLAUDE_CONFIG_DIR = join(home.folder, "grown");
    truth = writeCorpus(join(home.folder, "source"), { bytes: BYTES, seed: SEED });
    delivery = new Delivery(join(home.folder, "source"), join(home.folder, "grown"), random);
    share = Math.ceil(delivery.left / (KILLS + 1) / 2);
    port = await freePort();
  });
  after(() => home.remove());

  /** Returns at a random moment of the daemon's work, having fed it on the way. */
  async function work() {
    if (random.chance(0.5)) {
      await pause(random.between(0, START_MS));
      return;
    }
    await pause(random.between(START_MS / 2, LIVE_MS));
    delivery.give(share);
    await pause(random.between(0, AFTER_MS));
  }

  async function liveAndDie(n) {
    delivery.give(share);
    const daemon = new Daemon(home, port);
    try {
      await work();
      const { code, signal } = await daemon.signal("SIGKILL");
      assert.equal(signal, "SIGKILL", `life ${n} had ended by itself: ${code} ${daemon.said}`);
    } finally {
      await daemon.discard();
    }
  }

  test("after each kill the ledger is sound", async (t) => {
    t.diagnostic(`seed ${SEED}; repeat with TACHO_SEED=${SEED} TACHO_KILLS=${KILLS}`);
    for (let n = 1; n <= KILLS; n++) {
      await liveAndDie(n);
      assert.equal(soundness(home.db), "ok", `after kill ${n} of ${KILLS}`);
    }
  });

  test("a daemon that is left alone then reads the rest", async () => {
    const daemon = await startDaemon(home);
    try {
      while (delivery.give(1 << 20));
      delivery.endLines(); // a daemon waits for the newline of a last line
      await daemon.holds(totalOf(truth), 60_000);
      const { code } = await daemon.stop();
      assert.equal(code, 0, daemon.said);
    } finally {
      await daemon.discard();
    }
  });

  test("and the sums are exact", async () => {
    assertTrue(await daily(home), truth, `after ${KILLS} kills`);
    assert.equal(soundness(home.db, "integrity_check"), "ok");
    const info = await tacho(home, "ledger", "info");
    assert.equal(info.code, 0, info.err);
  });
});
