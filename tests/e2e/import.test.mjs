// import.test.mjs: logs that came from elsewhere: folders, archives, and what is wrong with some.
//
// What is imported counts as if it had been spent here, under the name of its machine, and only
// once, however often and in whatever wrapping it comes.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { gzipSync } from "node:zlib";

import { tar, zip, zstd } from "./lib/archive.mjs";
import { Home, response } from "./lib/home.mjs";
import { startDaemon, tacho } from "./lib/programs.mjs";

const INPUT = 4; // what response() spends on input
const AT = Date.parse("2026-11-20T10:00:00Z");

let home, unpacked;
beforeEach(() => {
  home = new Home();
  unpacked = join(home.folder, "unpacked");
  mkdirSync(unpacked);
  home.environment.TMPDIR = unpacked;
});
afterEach(() => home.remove());

const line = (output, options = {}) => response({ at: AT, output, ...options }) + "\n";

/** Of an agent that keeps the names of its projects in a file of their own. */
const gemini = (id) => JSON.stringify({
  id, timestamp: "2026-11-20T11:00:00Z", type: "gemini", model: "gemini-3-pro",
  tokens: { input: 100, output: 50, cached: 0, thoughts: 0, tool: 0, total: 150 },
}) + "\n";

/** A home with logs of three agents, as an archive has it: 330 tokens of output by Claude. */
function someHome(prefix = "home/kim/") {
  return [
    { name: `${prefix}notes/.claude/projects/todo.txt`, data: "nothing\n" },
    { name: `${prefix}.claude/projects/-work-shop/a.jsonl`, data: line(110) + line(220) },
    { name: `${prefix}.claude/settings.json`, data: "{}" },
    { name: `${prefix}.gemini/projects.json`, data: `{"projects":{"/work/mill":"mill"}}` },
    { name: `${prefix}.gemini/tmp/mill/chats/session-2026-11-20T11-00-0a1b2c3d.jsonl`,
      data: JSON.stringify({ sessionId: "g-1", projectHash: "x", startTime: "2026-11-20T11:00:00Z",
                             lastUpdated: "2026-11-20T11:00:00Z" }) + "\n" + gemini("g-m-1") },
  ];
}

function put(name, bytes) {
  const path = join(home.folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

function unpack(entries, folder) {
  for (const { name, data } of entries)
    put(join(folder, name), data);
  return join(home.folder, folder);
}

async function imported(...words) {
  const { code, out, err } = await tacho(home, "import", ...words, "--json");
  assert.equal(err, "");
  assert.equal(code, 0);
  return JSON.parse(out);
}

async function report(...words) {
  const { code, out, err } = await tacho(home, ...words, "--json", "--timezone", "UTC");
  assert.equal(code, 0, err);
  return JSON.parse(out);
}

const outputs = async () => (await report("daily")).totals.outputTokens;
const machines = async () => (await report("machines")).machines.map((row) => row.name).sort();
const counts = (found) => Object.fromEntries(found.agents.map((row) => [row.agent, row.new]));

/** Nothing that was unpacked may stay. */
const assertTidy = () => assert.deepEqual(readdirSync(unpacked), []);

async function refused(pattern, ...words) {
  const { code, out, err } = await tacho(home, "import", ...words);
  assert.equal(out, "");
  assert.match(err, pattern);
  assert.notEqual(code, 0);
  assertTidy();
  return code;
}

describe("what is imported", () => {
  const wrappings = [
    ["a tar archive", "b.tar", (entries) => tar(entries)],
    ["a tar archive packed by gzip", "b.tar.gz", (entries) => gzipSync(tar(entries))],
    ["a tar archive packed by zstd", "b.tar.zst", (entries) => zstd(tar(entries))],
    ["a zip archive", "b.zip", (entries) => zip(entries)],
  ];
  for (const [what, name, wrap] of wrappings) {
    test(`${what} is read, and changes nothing the second time`, async () => {
      const path = put(name, wrap(someHome()));
      const first = await imported(path, "--machine", "old");
      assert.deepEqual(counts(first), { claude: 2, gemini: 1 });
      assert.equal(first.machine, "old");
      assert.equal(first.totals.known, 0);
      assert.equal(first.totals.files, 2);
      assert.equal(first.totals.problems, 0);
      assert.equal(await outputs(), 380);
      assert.deepEqual(await machines(), ["old"]);
      const before = await report("projects");
      assert.ok(before.projects.some((row) => row.name === "/work/mill"), "named by a file near");

      const second = await imported(path, "--machine", "old");
      assert.deepEqual(counts(second), { claude: 0, gemini: 0 });
      assert.equal(second.totals.known, 3);
      assert.deepEqual(await report("projects"), before);
      assertTidy();
    });
  }

  test("an archive of the agents' folders alone is read", async () => {
    const path = put("b.tar", tar(someHome("./")));
    assert.deepEqual(counts(await imported(path)), { claude: 2, gemini: 1 });
  });

  test("a folder is read where it lies", async () => {
    const folder = unpack(someHome("users/kim/"), "disk");
    assert.deepEqual(counts(await imported(folder, "--machine", "old")), { claude: 2, gemini: 1 });
    assert.equal(await outputs(), 380);
  });

  test("of a folder no more than was named", async () => {
    const folder = unpack([
      ...someHome(), { name: "home/kim/.claude/projects/-work-inn/b.jsonl", data: line(1000) },
    ], "disk");
    const inn = join(folder, "home/kim/.claude/projects/-work-inn");
    assert.deepEqual(counts(await imported(inn)), { claude: 1 });
    assert.equal(await outputs(), 1000);
    const a = join(folder, "home/kim/.claude/projects/-work-shop/a.jsonl");
    assert.deepEqual(counts(await imported(a)), { claude: 2 });
  });

  test("several paths add up, homes beside each other too", async () => {
    const folder = unpack([
      { name: "ann/.claude/projects/p/a.jsonl", data: line(1) },
      { name: "bob/.claude/projects/p/a.jsonl", data: line(2) + "torn\n" },
    ], "homes");
    const path = put("more.tar", tar(someHome()));
    const found = await imported(folder, path, "--machine", "old");
    assert.deepEqual(counts(found), { claude: 4, gemini: 1 });
    assert.equal(found.totals.problems, 1);
  });

  test("what this machine has already stays its own", async () => {
    const own = line(500);
    put("home/.claude/projects/p/own.jsonl", own);
    const path = put("b.tar", tar([
      { name: ".claude/projects/p/own.jsonl", data: own + line(7) },
    ]));
    const found = await imported(path, "--machine", "old");
    assert.equal(found.totals.known, 1);
    assert.equal(found.totals.new, 1);
    const rows = (await report("machines")).machines;
    assert.deepEqual(rows.map((row) => row.outputTokens).sort((a, b) => a - b), [7, 500]);
    assert.equal(await outputs(), 507);
  });

  test("the logs of this machine are still read afterwards", async () => {
    await imported(put("b.tar", tar(someHome())), "--machine", "old");
    put("home/.claude/projects/p/own.jsonl", line(20));
    const daily = await report("daily");
    assert.equal(daily.totals.outputTokens, 400);
    assert.notEqual(daily.complete, false);
  });

  test("people are told in words", async () => {
    const path = put("b.tar", tar(someHome()));
    const { code, out } = await tacho(home, "import", path, "--machine", "old");
    assert.equal(code, 0);
    assert.match(out, /^Imported for the machine old:\n/);
    assert.match(out, /Claude Code +1 file: 2 events new, 0 known already\n/);
  });
});

describe("hostile archives", () => {
  test("names that lead out, links and devices are passed over", async () => {
    const evil = line(9999);
    const victim = join(home.folder, "victim");
    const path = put("evil.tar", tar([
      { name: "../../.claude/projects/p/up.jsonl", data: evil },
      { name: "a/../../../.claude/projects/p/up.jsonl", data: evil },
      { name: `${victim}/.claude/projects/p/abs.jsonl`, data: evil },
      { name: ".claude/projects/p/link.jsonl", type: "2", link: join(home.path, "secret") },
      { name: ".claude/projects/p/hard.jsonl", type: "1", link: "/etc/passwd" },
      { name: ".claude/projects/p/null.jsonl", type: "3" },
      { name: ".claude/projects/q", type: "2", link: victim },
      { name: ".claude/projects/q/through.jsonl", data: line(30) },
      { name: ".claude/projects/p/good.jsonl", data: line(11) },
    ]));
    const found = await imported(path);
    assert.equal(found.refused, 6);
    assert.equal(await outputs(), 41);
    assert.deepEqual(readdirSync(home.folder).includes("victim"), false);
    assert.deepEqual(readdirSync(home.folder).includes(".claude"), false);
    assertTidy();
  });

  test("what is packed too tightly is refused", async () => {
    const data = Buffer.alloc(80 << 20);
    const path = put("bomb.tar.gz",
      gzipSync(tar([{ name: ".claude/projects/p/a.jsonl", data }]), { level: 9 }));
    await refused(/bomb\.tar\.gz: it is packed tighter than any log/, path);
  });
});

describe("what cannot be imported", () => {
  test("a file that is no archive", async () => {
    const path = put("letter.txt", "Dear Kim,\n".repeat(200));
    await refused(/letter\.txt: this is no archive that is understood \(\.tar, /, path);
  });

  test("an archive that is torn counts nothing", async () => {
    const whole = gzipSync(tar(someHome()));
    const path = put("torn.tar.gz", whole.subarray(0, whole.length - 40));
    await refused(/torn\.tar\.gz: /, path);
    assert.equal(await outputs(), 0);
  });

  test("an archive, or a folder, without logs", async () => {
    await refused(/holds no logs of any agent/, put("b.tar", tar([{ name: "x", data: "y" }])));
    await refused(/holds no logs of any agent/, unpack([{ name: "x", data: "y" }], "empty"));
  });

  test("a path that leads nowhere", async () => {
    await refused(/cannot read .*nowhere: No such file or directory/, join(home.folder, "nowhere"));
  });

  test("no path, or two machines", async () => {
    await refused(/'import' needs PATH behind it/);
    await refused(/--machine takes one name/, "x", "--machine", "a", "--machine", "b");
  });

  test("anything while a daemon reads into the ledger", async () => {
    const daemon = await startDaemon(home);
    try {
      await refused(/another tacho is writing into .*tacho serve --stop/,
        put("b.tar", tar(someHome())));
    } finally {
      await daemon.stop();
    }
  });
});
