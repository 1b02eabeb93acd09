// opencode.test.mjs: a database that an agent is writing to, followed by the running daemon.
//
// The writer is a real connection in WAL mode. What it commits has to be counted soon, and nothing
// of ours may appear beside its files.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { Database, insert, literal } from "./lib/database.mjs";
import { Home } from "./lib/home.mjs";
import { daily, startDaemon } from "./lib/programs.mjs";
import { until } from "./lib/until.mjs";

const SOON = 1000; // ms, until what was committed is counted
const START = Date.now() - 60_000;
const TABLES = [
  "CREATE TABLE session (id TEXT PRIMARY KEY, parent_id TEXT, directory TEXT);",
  "CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, time_created INTEGER,"
    + " time_updated INTEGER, data TEXT);",
];

function data({ at, output, completed = true }) {
  return JSON.stringify({
    role: "assistant", providerID: "anthropic", modelID: "claude-opus-5", cost: 0,
    time: completed ? { created: at, completed: at + 900 } : { created: at },
    tokens: { input: 0, output, reasoning: 0, cache: { read: 0, write: 0 } },
    path: { cwd: "/work/shop", root: "/work/shop" },
  });
}

let count = 0;

function message(output, options = {}) {
  const at = START + ++count;
  return insert("message", options.id ?? `msg_${count}`, "ses_1", at, at,
    data({ at, output, ...options }));
}

for (const mode of ["WAL", "DELETE"])
  describe(`a live database in journal mode ${mode}`, () => {
    let home, folder, agent, daemon;
    before(async () => {
      home = new Home();
      folder = join(home.path, ".local/share/opencode");
      agent = new Database(join(folder, "opencode.db"));
      await agent.run(`PRAGMA journal_mode = ${mode};`, ...TABLES,
        insert("session", "ses_1", null, "/work/shop"), message(100));
      daemon = await startDaemon(home);
    });
    after(async () => {
      await daemon?.discard();
      if (agent.child.exitCode === null)
        await agent.kill();
      home.remove();
    });

    test("what was there before is counted", () => daemon.holds(100));

    test("a row that is committed is counted within a second", async () => {
      await agent.run(message(11));
      await daemon.holds(111, SOON);
      await agent.run("BEGIN;", message(20), message(9), "COMMIT;");
      await daemon.holds(140, SOON);
    });

    test("a row that is rewritten while its answer streams counts its growth", async () => {
      await agent.run(message(0, { id: "msg_grows", completed: false }));
      await agent.run(message(1));
      await daemon.holds(141, SOON);
      for (const output of [3, 30, 60])
        await agent.run(`UPDATE message SET data = ${literal(data({ at: START - 1, output }))},`
          + ` time_updated = ${START + ++count} WHERE id = 'msg_grows';`);
      await daemon.holds(201, SOON);
    });

    test("what is rolled back, or not yet committed, is not counted", async () => {
      await agent.run("BEGIN;", message(1000), "ROLLBACK;");
      await agent.run("BEGIN;", message(2000));
      await daemon.holds(201);
      await agent.run("ROLLBACK;", message(1));
      await daemon.holds(202, SOON);
    });

    test("nothing was made beside the agent's files, and they are as it left them", async () => {
      const own = mode === "WAL" ? ["opencode.db", "opencode.db-shm", "opencode.db-wal"]
        : ["opencode.db"];
      assert.deepEqual(readdirSync(folder).sort(), own);
      if (mode === "WAL")
        await until("the agent to empty its log", async () => { // we are in its way for moments only
          await agent.run("PRAGMA wal_checkpoint(TRUNCATE);");
          return readFileSync(join(folder, "opencode.db-wal")).length === 0;
        });
      await agent.close();
      for (const name of readdirSync(folder)) // its log stays if we read just then; never a new one
        assert.ok(own.includes(name), name);
    });

    test("a writer that comes back is followed", async () => {
      agent = new Database(join(folder, "opencode.db"));
      await agent.run(message(8));
      await daemon.holds(210, SOON);
    });

    test("after a crash of the agent, what it had committed counts", async () => {
      await agent.run(message(40));
      await agent.kill();
      await daemon.holds(250, SOON);
      await daemon.discard();
      assert.equal((await daily(home)).totals.totalTokens, 250);
    });
  });

test("a command sees what stands in the log alone, however often it is run", async () => {
  const home = new Home();
  const agent = new Database(join(home.path, ".local/share/opencode/opencode.db"));
  try {
    await agent.run("PRAGMA journal_mode = WAL;", ...TABLES, message(5));
    assert.equal((await daily(home)).totals.totalTokens, 5);
    await agent.run(message(6)); // moves the log and not the database
    assert.equal((await daily(home)).totals.totalTokens, 11);
    assert.equal((await daily(home)).totals.totalTokens, 11);
    await agent.run(message(7));
    assert.equal((await daily(home)).totals.totalTokens, 18);
  } finally {
    await agent.kill();
    home.remove();
  }
});
