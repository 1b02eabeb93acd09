// corpus.test.mjs: invented corpora, counted to the token.
//
// Three seeds; each is read whole, read again, and read as it grows in random pieces. The answer
// key comes from the generator, which knows no rule for finding copies. TACHO_CORPUS_BYTES sets the
// size of each corpus.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { writeCorpus } from "../corpus/claude.mjs";
import { writeCodexCorpus } from "../corpus/codex.mjs";
import { writeCorpus as writeMessages } from "../corpus/opencode.mjs";
import { Random } from "../corpus/lib/random.mjs";
import { Delivery, filesBelow } from "./lib/deliver.mjs";
import { Home, response } from "./lib/home.mjs";
import { daily, tacho } from "./lib/programs.mjs";
import { assertTrue } from "./lib/totals.mjs";

const BYTES = Number(process.env.TACHO_CORPUS_BYTES ?? 8_000_000);
const SEEDS = [1, 2, 3];
const MESSAGES = 1500; // of a corpus of databases
const ROUNDS = 8;

/** A generator each: what names the folder of its logs, and the traps that all seeds together lay. */
const CORPORA = [
  {
    agent: "claude", write: writeCorpus, variable: "CLAUDE_CONFIG_DIR", laid: new Map(),
    traps: ["across_midnight", "api_error", "backwards", "broken_line", "extra_bill", "fallback",
      "file_copied", "file_copied_in_part", "forked", "nul_tail", "open_tail", "other_type",
      "progress", "replay", "request_missing", "resumed", "side_request", "subagent_file",
      "subagent_inline", "tool_use_result", "torn_tail"],
  },
  {
    agent: "codex", write: writeCodexCorpus, variable: "CODEX_HOME", laid: new Map(),
    traps: ["archived", "archived_in_part", "broken_line", "compacted", "copied_whole",
      "counter_restarted", "forked", "forked_embedded", "grandchild", "limits_only",
      "parent_goes_on", "subagent_copying", "subagent_fresh", "threads_mixed", "told_again",
      "torn_tail", "unlogged"],
  },
];

for (const { corpus: { agent, write, variable, laid }, seed } of CORPORA.flatMap((corpus) =>
  SEEDS.map((seed) => ({ corpus, seed }))))
  describe(`${agent}: corpus of seed ${seed}, ${BYTES} bytes`, () => {
    /** A home whose logs lie in a folder named by the agent's variable. */
    function homeWithLogsIn(name) {
      const made = new Home();
      made.environment[variable] = join(made.folder, name);
      return made;
    }

    let home, corpus, truth;
    before(() => {
      home = homeWithLogsIn("corpus");
      corpus = home.environment[variable];
      truth = write(corpus, { bytes: BYTES, seed });
      for (const [trap, count] of Object.entries(truth.traps))
        laid.set(trap, (laid.get(trap) ?? 0) + count);
    });
    after(() => home.remove());

    test("the first reading equals the answer key", async () => {
      assertTrue(await daily(home), truth, "at first");
    });

    test("reading again changes nothing", async () => {
      assertTrue(await daily(home), truth, "again");
    });

    test("a file cut to nothing and deleted files take nothing away", async () => {
      const names = [...filesBelow(corpus)];
      truncateSync(join(corpus, names[0]), 0);
      for (const name of names.slice(1, names.length / 2))
        rmSync(join(corpus, name));
      assertTrue(await daily(home), truth, "after deletion");
    });

    test("files that arrive in random pieces add up to the same", async () => {
      const grown = homeWithLogsIn("grown");
      const source = join(home.folder, "source");
      try {
        write(source, { bytes: BYTES, seed });
        const delivery = new Delivery(source, grown.environment[variable],
          new Random(seed, 0xde11));
        const share = Math.ceil(delivery.left / ROUNDS);
        while (delivery.give(share))
          assert.equal((await daily(grown)).complete, true);
        assertTrue(await daily(grown), truth, "after the last piece");
      } finally {
        grown.remove();
      }
    });
  });

for (const { agent, laid, traps } of CORPORA)
  test(`${agent}: every kind of trap was laid in one corpus or another`,
    { skip: BYTES < 8_000_000 }, () => {
      assert.deepEqual(traps.filter((kind) => !laid.has(kind)), []);
    });

const laidInDatabases = new Set();

for (const seed of SEEDS)
  describe(`databases and files of seed ${seed}`, () => {
    let home, truth;
    before(() => {
      home = new Home();
      home.environment.XDG_DATA_HOME = join(home.folder, "corpus");
      mkdirSync(home.environment.XDG_DATA_HOME);
      truth = writeMessages(home.environment.XDG_DATA_HOME, { messages: MESSAGES, seed });
      for (const trap of Object.keys(truth.traps))
        laidInDatabases.add(trap);
    });
    after(() => home.remove());

    test("the first reading equals the answer key", async () => {
      assertTrue(await daily(home), truth, "at first");
    });

    test("reading again changes nothing", async () => {
      assertTrue(await daily(home), truth, "again");
    });

    test("what is gone stays counted", async () => {
      rmSync(join(home.environment.XDG_DATA_HOME, "opencode"), { recursive: true });
      assertTrue(await daily(home), truth, "after deletion");
    });
  });

test("every kind of trap was laid in one database or another", () => {
  assert.deepEqual([...laidInDatabases].sort(), ["database_and_file", "file", "forked",
    "never_began", "prompt", "reasoning_above_output", "reasoning_inside", "reasoning_outside",
    "rewritten", "subagent"]);
});

describe("single files", () => {
  let home;
  before(() => { home = new Home(); });
  after(() => home.remove());

  test("a line of 20 MiB with its usage at the end is counted", async () => {
    const text = "x".repeat(20 << 20);
    home.append("long/a.jsonl", response({ output: 10 }), response({ output: 20, text }),
      response({ output: 30 }));
    const { totals } = await daily(home);
    assert.equal(totals.outputTokens, 60);
    assert.equal(totals.events, 3);
  });

  test("a line over 64 MiB is passed over and its neighbours count", async () => {
    const text = "x".repeat(65 << 20);
    home.append("longer/a.jsonl", response({ output: 1 }), response({ output: 1000, text }),
      response({ output: 2 }));
    assert.equal((await daily(home)).totals.outputTokens, 63);
  });

  test("half a line waits, its other half completes it, and nothing counts twice", async () => {
    const line = response({ output: 7 });
    const half = line.length >> 1;
    const start = (await daily(home)).totals.outputTokens;
    const path = home.append("halves/a.jsonl");
    appendFileSync(path, line.slice(0, half));
    assert.equal((await daily(home)).totals.outputTokens, start, "half a line");
    appendFileSync(path, line.slice(half));
    assert.equal((await daily(home)).totals.outputTokens, start + 7, "whole, without newline");
    appendFileSync(path, "\n" + response({ output: 8 }) + "\n");
    assert.equal((await daily(home)).totals.outputTokens, start + 15, "and the next one");
  });

  test("of three lines of one response the third, read later, adds the difference", async () => {
    const start = (await daily(home)).totals;
    home.append("grows/a.jsonl", response({ id: "grows", output: 1, stop: null }),
      response({ id: "grows", output: 1, stop: null }));
    assert.equal((await daily(home)).totals.outputTokens, start.outputTokens + 1);
    home.append("grows/a.jsonl", response({ id: "grows", output: 500 }));
    const { totals } = await daily(home);
    assert.equal(totals.outputTokens, start.outputTokens + 500);
    assert.equal(totals.events, start.events + 1);
  });
});

test("CLAUDE_CONFIG_DIR names folders, or projects folders themselves, and nothing else counts",
  async () => {
    const home = new Home();
    try {
      home.append("default/a.jsonl", response({ output: 1000 }));
      const [one, two] = ["one", "two"].map((name) => join(home.path, name));
      home.log = (name) => join(name.startsWith("one") ? one : two, "projects", "p", name);
      home.append("one.jsonl", response({ output: 1 }));
      home.append("two.jsonl", response({ output: 20 }));
      mkdirSync(join(home.path, "empty"));
      home.environment.CLAUDE_CONFIG_DIR = ` ~/one , ${two}/projects,,${home.path}/empty,/nowhere`;
      const { code, out } = await tacho(home, "daily", "--json");
      assert.equal(code, 0);
      assert.equal(JSON.parse(out).totals.outputTokens, 21);
    } finally {
      home.remove();
    }
  });
