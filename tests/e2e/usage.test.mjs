// e2e/usage.test.mjs: tasks come in over HTTP and the command line, and GET /usage counts them.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";

import { Home, response } from "./lib/home.mjs";
import { startDaemon, tacho } from "./lib/programs.mjs";
import { until } from "./lib/until.mjs";

const NOW = "2026-11-22T08:00:00Z";
const HOUR = 3_600_000;
const AT = Date.parse(NOW) - HOUR;
const AGENT = { name: "writer", type: "worker" };

let home, daemon;

async function post(body, url = daemon.url) {
  const answer = await fetch(url + "/api/tasks", {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: answer.status, json: await answer.json() };
}

const usage = (window = "week") => daemon.get(`/usage?window=${window}`);
const task = (id, more = {}) => ({ id, agent: AGENT, started_at: AT, ...more });

/** The sums of by_agent and by_day are the totals, whatever happened. */
function assertSums(answer) {
  for (const rows of [answer.by_agent, answer.by_day])
    for (const key of Object.keys(answer.totals))
      assert.equal(rows.reduce((sum, row) => sum + row[key], 0), answer.totals[key], key);
}

beforeEach(async () => {
  home = new Home();
  home.settings = join(home.folder, "config.json");
  home.agents = join(home.folder, "agents.json");
});

afterEach(async () => {
  await daemon?.discard();
  daemon = undefined;
  home.remove();
});

async function start(config = {}, ...words) {
  writeFileSync(home.settings, JSON.stringify(config));
  daemon = await startDaemon(home, "--config", home.settings, "--now", NOW, ...words);
}

describe("the usage window", () => {
  it("has exactly the shape that its clients know", async () => {
    home.append("p/a.jsonl", response({ at: AT, session: "s", output: 70, input: 10, read: 20 }));
    await start({ usage_threshold_tokens: 200 });
    await daemon.holds(100);
    assert.equal(JSON.stringify(await usage("day")), JSON.stringify({
      window: { reset_at: "2026-11-23T00:00:00.000Z", since: "2026-11-22T00:00:00.000Z" },
      totals: { tasks: 1, turns: 1, input_tokens: 10, output_tokens: 70, cache_read: 20,
        cache_creation: 0 },
      by_agent: [{ name: "claude", type: "main", model: "claude-opus-5", tasks: 1, turns: 1,
        input_tokens: 10, output_tokens: 70, cache_read: 20, cache_creation: 0 }],
      by_day: [{ day: "2026-11-22", tasks: 1, turns: 1, input_tokens: 10, output_tokens: 70,
        cache_read: 20, cache_creation: 0 }],
      used: 100,
      threshold: { tokens: 200, used: 100, percent: 50, state: "yellow" },
    }));
    assert.deepEqual((await usage()).window,
      { reset_at: "2026-11-23T00:00:00.000Z", since: "2026-11-16T00:00:00.000Z" });
    assert.deepEqual((await usage("all")).window,
      { reset_at: null, since: new Date(AT).toISOString() });
    assert.equal((await usage()).by_day.length, 7);
  });

  it("is empty and whole without any use", async () => {
    await start();
    const answer = await usage("all");
    assert.deepEqual(answer, { window: { reset_at: null, since: null },
      totals: { tasks: 0, turns: 0, input_tokens: 0, output_tokens: 0, cache_read: 0,
        cache_creation: 0 }, by_agent: [], by_day: [], used: 0, threshold: null });
  });

  it("refuses other windows by name", async () => {
    await start();
    const answer = await fetch(`${daemon.url}/usage?window=month`);
    assert.equal(answer.status, 400);
    assert.match((await answer.json()).error.message, /window=month: must be week, day or all/);
  });

  it("counts a task and its session once, whichever comes first", async () => {
    home.append("p/a.jsonl", response({ at: AT, session: "early", output: 96 }));
    await start();
    await daemon.holds(100);
    await post([task("a", { session_id: "early" }), task("b", { session_id: "late" })]);
    home.append("p/b.jsonl", response({ at: AT + 5, session: "late", output: 996 }));
    await daemon.holds(1100);
    const answer = await usage();
    assertSums(answer);
    assert.deepEqual(answer.by_agent.map((row) => [row.name, row.type, row.model, row.tasks,
      row.turns, row.output_tokens]), [["writer", "worker", null, 2, 2, 1092]]);
    assert.equal(answer.used, 1100);
  });

  it("follows its settings while it runs, and keeps them when the new ones are bad", async () => {
    writeFileSync(home.agents, '{"usage_threshold_tokens":1000}');
    await start({ usage_threshold_tokens: 5 }, "--agents-config", home.agents);
    assert.equal((await usage()).threshold.tokens, 1000);
    writeFileSync(home.agents + ".new",
      '{"usage_threshold_tokens":2000,"usage_reset":"sunday 06:00 Europe/Berlin"}');
    renameSync(home.agents + ".new", home.agents);
    const answer = await until("the new settings", async () => {
      const seen = await usage();
      return seen.threshold.tokens === 2000 && seen;
    });
    assert.equal(answer.window.since, "2026-11-22T05:00:00.000Z");
    writeFileSync(home.agents, '{"usage_threshold_tokens":3000,"usage_reset":"someday"}');
    await until("a warning", async () => {
      assert.equal((await usage()).threshold.tokens, 2000);
      return daemon.said.includes("usage_reset: there is no such weekday in someday");
    });
    assert.equal((await usage()).window.since, "2026-11-22T05:00:00.000Z");
  });
});

describe("tasks over HTTP", () => {
  it("are taken once per id, and told again as they came", async () => {
    await start();
    const first = task("t", { turns: 3, output_tokens: 50, total_cost_usd: 0.125 });
    assert.deepEqual(await post(first), { status: 201, json: { accepted: 1 } });
    assert.deepEqual(await post(task("t", { output_tokens: 70 })),
      { status: 200, json: { accepted: 1 } });
    const list = await daemon.get("/api/tasks");
    assert.deepEqual(list, { items: [{ id: "t", agent: AGENT, model: null, session_id: null,
      status: null, started_at: AT, finished_at: null, turns: null, input_tokens: null,
      output_tokens: 70, cache_creation_tokens: null, cache_read_tokens: null,
      total_cost_usd: null }], total: 1 });
    assert.equal((await usage()).used, 70);
  });

  it("of a thousand with one bad are all refused, by its index", async () => {
    await start();
    const batch = Array.from({ length: 1000 }, (_, i) => task(`t${i}`, { output_tokens: 1 }));
    batch[617].turns = "many";
    const refused = await post(batch);
    assert.equal(refused.status, 400);
    assert.match(refused.json.error.message, /record 617: turns takes a whole number/);
    assert.equal((await daemon.get("/api/tasks")).total, 0);
    batch[617].turns = 2;
    assert.deepEqual(await post(batch), { status: 201, json: { accepted: 1000 } });
    assert.equal((await usage()).totals.tasks, 1000);
    assert.equal((await post([...batch, task("more")])).status, 400);
  });

  it("reported five times at once are one task", async () => {
    await start();
    const answers = await Promise.all(Array.from({ length: 5 }, () =>
      post(task("same", { turns: 4, input_tokens: 6 }))));
    assert.deepEqual(answers.map((a) => a.status).sort(), [200, 200, 200, 200, 201]);
    const { totals } = await usage();
    assert.deepEqual([totals.tasks, totals.turns, totals.input_tokens], [1, 4, 6]);
  });

  it("are listed by time, agent and page", async () => {
    await start();
    await post(Array.from({ length: 6 }, (_, i) => task(`t${i}`, { started_at: AT + i,
      agent: { name: i % 2 ? "odd" : "even", type: "worker" } })));
    const ids = async (query) => {
      const { items, total } = await daemon.get(`/api/tasks?${query}`);
      return [items.map((item) => item.id).join(), total];
    };
    assert.deepEqual(await ids("limit=2&offset=1"), ["t4,t3", 6]);
    assert.deepEqual(await ids("agent=odd"), ["t5,t3,t1", 3]);
    assert.deepEqual(await ids(`since=${AT + 1}&until=${AT + 3}`), ["t2,t1", 2]);
    assert.deepEqual(await ids("until=2026-11-22"), ["", 0]);
    const bad = await fetch(`${daemon.url}/api/tasks?since=soon`);
    assert.equal(bad.status, 400);
  });

  it("and from the command line are seen by a daemon that runs", async () => {
    await start();
    assert.equal((await usage()).totals.tasks, 0);
    const file = join(home.folder, "tasks.jsonl");
    writeFileSync(file, [task("a"), task("b", { output_tokens: 7 })].map((one) => JSON.stringify(one)).join("\n"));
    const { code, out, err } = await tacho(home, "task", "add", "--file", file);
    assert.deepEqual([code, out, err], [0, "2 tasks taken.\n", ""]);
    const { totals } = await usage();
    assert.deepEqual([totals.tasks, totals.output_tokens], [2, 7]);
  });
});
