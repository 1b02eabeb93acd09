// trouble.test.mjs: when the disk is full, read-only or damaged.
//
// What cannot be written has to be said in one clear line, what was counted must not be lost, and
// work goes on when the trouble is over. Small file systems are mounted where we are root; without
// that the tests that need them are skipped, and say so.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, closeSync, existsSync, ftruncateSync, mkdirSync, openSync, rmSync, statSync,
  writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { writeCorpus } from "../corpus/claude.mjs";
import { Random } from "../corpus/lib/random.mjs";
import { Delivery } from "./lib/deliver.mjs";
import { Home, response } from "./lib/home.mjs";
import { hasSqlite } from "./lib/ledger.mjs";
import { Daemon, daily, freePort, startDaemon, tacho } from "./lib/programs.mjs";
import { assertTrue, totalOf } from "./lib/totals.mjs";
import { until, within } from "./lib/until.mjs";

const EX_IOERR = 74;
const PAGE = 4096;

function mount(folder, options) {
  mkdirSync(folder, { recursive: true });
  return spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]).status === 0;
}

function unmount(folder) {
  spawnSync("umount", ["-l", folder]);
}

/** Whether this process may mount: tried once, in a folder of its own. */
function mayMount() {
  const home = new Home();
  const folder = join(home.folder, "try");
  const may = process.getuid() === 0 && mount(folder, "size=64k");
  if (may)
    unmount(folder);
  home.remove();
  if (!may)
    process.stderr.write("trouble.test.mjs: NOT TESTED here: full and read-only disks "
      + "(needs root and mount)\n");
  return may;
}

const mountable = mayMount();
const needsMount = { skip: mountable ? false : "not root, or mount is not allowed" };

describe("a full disk", needsMount, () => {
  /** Takes all space but `left` bytes of the file system, and answers how to give it back. */
  function fill(folder, left) {
    const path = join(folder, "filler");
    const fd = openSync(path, "w");
    const block = Buffer.alloc(PAGE, 1);
    let size = 0;
    try {
      for (;;)
        size += writeSync(fd, block);
    } catch (error) {
      assert.equal(error.code, "ENOSPC");
    }
    ftruncateSync(fd, Math.max(0, size - left));
    closeSync(fd);
    return () => rmSync(path);
  }

  test("the daemon pauses, says so, and goes on when there is space again", async () => {
    const home = new Home();
    const disk = join(home.folder, "data");
    home.environment.CLAUDE_CONFIG_DIR = join(home.folder, "grown");
    assert.ok(mount(disk, "size=24m"));
    let daemon;
    try {
      const truth = writeCorpus(join(home.folder, "source"), { bytes: 6_000_000, seed: 5 });
      const delivery = new Delivery(join(home.folder, "source"), join(home.folder, "grown"),
        new Random(5));
      daemon = await startDaemon(home);
      delivery.give(delivery.left >> 2);
      await until("the first events", async () => (await daemon.health()).ledger.events > 0);
      const free = fill(disk, 2 * PAGE);
      while (delivery.give(1 << 20));
      delivery.endLines();
      const health = await until("the trouble in the health document", async () => {
        const now = await daemon.health();
        return now.ingest.state === "paused" && now;
      }, 30_000);
      assert.match(health.ingest.error, /full|space/i);
      assert.ok(daemon.running);
      free();
      await daemon.holds(totalOf(truth), 60_000);
      await until("the trouble to be over",
        async () => (await daemon.health()).ingest.error === null);
      assert.equal((await daemon.stop()).code, 0, daemon.said);
      assertTrue(await daily(home), truth, "after the disk was full");
    } finally {
      await daemon?.discard();
      unmount(disk);
      home.remove();
    }
  });

  // With nothing left the ledger cannot even be opened; with a little a transaction fails amid.
  for (const left of [0, 12])
    test(`with ${left} free pages tacho says so, ends with 74 and is right later`, async () => {
      const home = new Home();
      const disk = join(home.folder, "data");
      assert.ok(mount(disk, "size=24m"));
      try {
        home.append("shop/a.jsonl", response({ output: 1 }));
        await daily(home);
        const free = fill(disk, left * PAGE);
        home.append("shop/a.jsonl", ...Array.from({ length: 3000 }, (_, i) =>
          response({ output: 1, session: `session-${i}` })));
        const { code, err } = await tacho(home, "daily", "--json");
        assert.equal(code, EX_IOERR, err);
        assert.match(err, /full|space/i);
        free();
        assert.equal((await daily(home)).totals.outputTokens, 3001);
      } finally {
        unmount(disk);
        home.remove();
      }
    });
});

describe("a place that cannot be written", () => {
  /** A home that nobody can write to; root only heeds a read-only file system. */
  function lock(folder) {
    if (mountable)
      assert.ok(mount(folder, "ro,size=64k"));
    else
      chmodSync(folder, 0o500);
    return () => (mountable ? unmount(folder) : chmodSync(folder, 0o700));
  }

  async function inLockedPlace(look) {
    const home = new Home();
    const place = join(home.folder, "locked");
    mkdirSync(place);
    home.db = join(place, "tacho", "ledger.db");
    home.append("shop/a.jsonl", response({ output: 1 }));
    const unlock = lock(place);
    try {
      await look(home, place);
    } finally {
      unlock();
      home.remove();
    }
  }

  test("tacho names the place and ends with 74", () => inLockedPlace(async (home, place) => {
    const { code, out, err } = await tacho(home, "daily", "--json");
    assert.equal(code, EX_IOERR, err);
    assert.equal(out, "");
    assert.ok(err.includes(place), err);
    assert.equal(err.trim().split("\n").length, 1, err);
  }));

  test("tachod names the place and ends with 74", () => inLockedPlace(async (home, place) => {
    const daemon = new Daemon(home, await freePort());
    try {
      const { code } = await within("it to give up", daemon.ended);
      assert.equal(code, EX_IOERR, daemon.said);
      assert.ok(daemon.said.includes(place), daemon.said);
    } finally {
      await daemon.discard();
    }
  }));
});

describe("a damaged ledger", () => {
  /** Writes nonsense over `count` pages of the file from page `first` (counted from 0) on. */
  function damage(path, first, count) {
    const fd = openSync(path, "r+");
    const nonsense = Buffer.alloc(PAGE, 0xa5);
    for (let page = first; page < first + count; page++)
      writeSync(fd, nonsense, 0, PAGE, page * PAGE);
    closeSync(fd);
  }

  function pagesOf(path) {
    return Math.floor(statSync(path).size / PAGE);
  }

  /** A page in the middle of the table of events (from 0). */
  function pageOfEvents(path) {
    const pages = execFileSync("sqlite3", [path,
      "SELECT pageno FROM dbstat WHERE name = 'event' AND pagetype = 'leaf' ORDER BY pageno"],
    { encoding: "utf8" }).trim().split("\n").map(Number);
    return pages[pages.length >> 1] - 1;
  }

  async function withLedger(look) {
    const home = new Home();
    home.environment.CLAUDE_CONFIG_DIR = join(home.folder, "corpus");
    try {
      const truth = writeCorpus(home.environment.CLAUDE_CONFIG_DIR, { bytes: 6_000_000, seed: 4 });
      assertTrue(await daily(home), truth, "before the damage");
      // Nobody has it open: all is in the file itself, and damage to it is not hidden by the log.
      assert.equal(existsSync(`${home.db}-wal`), false);
      await look(home, truth);
    } finally {
      home.remove();
    }
  }

  test("tacho says what is damaged and what to do, and rebuild makes the sums exact again", () =>
    withLedger(async (home, truth) => {
      const pages = pagesOf(home.db);
      damage(home.db, Math.floor(pages / 5), Math.floor(pages / 2));
      const hurt = await tacho(home, "daily", "--json");
      assert.equal(hurt.code, EX_IOERR, hurt.err + hurt.out);
      assert.ok(hurt.err.includes(home.db), hurt.err);
      assert.match(hurt.err, /damaged|malformed|not a database/i);
      assert.match(hurt.err, /tacho ledger rebuild/);
      const rebuilt = await tacho(home, "ledger", "rebuild");
      assert.equal(rebuilt.code, 0, rebuilt.err);
      assert.match(rebuilt.out, /kept/);
      assertTrue(await daily(home), truth, "after rebuilding");
    }));

  test("where the logs are gone, rebuild saves what the damage left and tells what it took",
    { skip: hasSqlite ? false : "no sqlite3 program" }, () => withLedger(async (home, truth) => {
      damage(home.db, pageOfEvents(home.db), 1);
      rmSync(home.environment.CLAUDE_CONFIG_DIR, { recursive: true });
      const rebuilt = await tacho(home, "ledger", "rebuild");
      assert.equal(rebuilt.code, 0, rebuilt.err);
      assert.match(rebuilt.out, /could not be read/);
      const { totals } = await daily(home);
      assert.ok(totals.events > truth.totals.events / 2, `${totals.events} events saved`);
      assert.ok(totals.events < truth.totals.events, `${totals.events} events saved`);
      assert.ok(totals.totalTokens < totalOf(truth));
    }));

  test("a file that is no ledger at all is named and left as it is", async () => {
    const home = new Home();
    try {
      mkdirSync(join(home.folder, "data"));
      writeFileSync(home.db, "these are not the pages you are looking for\n".repeat(500));
      const { code, err } = await tacho(home, "daily", "--json");
      assert.equal(code, EX_IOERR, err);
      assert.ok(err.includes(home.db), err);
      assert.match(execFileSync("head", ["-c", "20", home.db], { encoding: "utf8" }), /^these are/);
    } finally {
      home.remove();
    }
  });

  test("a daemon on a damaged ledger ends with the same sentence", () =>
    withLedger(async (home) => {
      damage(home.db, 0, Math.floor(pagesOf(home.db) / 2));
      const daemon = new Daemon(home, await freePort());
      try {
        const { code } = await within("it to give up", daemon.ended);
        assert.equal(code, EX_IOERR, daemon.said);
        assert.match(daemon.said, /tacho ledger rebuild/);
      } finally {
        await daemon.discard();
      }
    }));
});
