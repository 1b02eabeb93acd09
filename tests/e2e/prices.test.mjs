// prices.test.mjs: prices where a daemon runs: which cost is asked for, and who may compute it anew.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { Home, response } from "./lib/home.mjs";
import { startDaemon, tacho, tachod } from "./lib/programs.mjs";
import { until } from "./lib/until.mjs";

const EX_USAGE = 2;
const EX_BUSY = 69;

describe("prices beside a running daemon", () => {
  let home, daemon;
  before(async () => {
    home = new Home();
    const logged = { ...JSON.parse(response({ input: 1000, output: 0 })), costUSD: 1.5 };
    home.append("shop/s.jsonl", JSON.stringify(logged), response({ input: 1000, output: 0 }));
    daemon = await startDaemon(home);
    await daemon.holds(2000);
  });
  after(async () => {
    await daemon?.discard();
    home.remove();
  });

  async function report(query) {
    const answer = await fetch(`${daemon.url}/api/v1/report${query}`);
    return [answer.status, await answer.json()];
  }

  test("the report shows the cost that was asked for", async () => {
    const costs = { "": 0.01, "?cost=list": 0.01, "?cost=logged": 1.5, "?cost=auto": 1.505 };
    for (const [query, cost] of Object.entries(costs)) {
      const [status, { totals, costMode }] = await report(query);
      assert.equal(status, 200);
      assert.equal(totals.totalCost, cost, query);
      assert.equal(costMode, query.slice(6) || "list");
    }
    assert.equal((await report("?cost=logged"))[1].totals.unpricedTokens, 1000);
  });

  test("another word for a cost is refused by name", async () => {
    const [status, { error }] = await report("?cost=some");
    assert.equal(status, 400);
    assert.match(error.message, /cost=some: must be list, logged or auto/);
  });

  test("reprice leaves a ledger alone that a daemon writes", async () => {
    const done = await tacho(home, "reprice");
    assert.equal(done.code, EX_BUSY);
    assert.match(done.err, /another tacho is writing into .*; stop it first \(tacho serve --stop\)/);
  });
});

describe("what the configuration says of costs", () => {
  let home, daemon;
  const folder = () => join(home.path, ".config", "tacho");

  before(async () => {
    home = new Home();
    const logged = { ...JSON.parse(response({ input: 1000, output: 0 })), costUSD: 1.5 };
    home.append("shop/s.jsonl", JSON.stringify(logged), response({ input: 1000, output: 0 }));
    mkdirSync(folder(), { recursive: true });
    writeFileSync(join(folder(), "config.json"), '{"cost": "auto", "plans": {"claude": 100}}');
    daemon = await startDaemon(home);
    await daemon.holds(2000);
  });
  after(async () => {
    await daemon?.discard();
    home.remove();
  });

  test("is the default of the report and of the live document", async () => {
    const report = await daemon.report();
    assert.deepEqual([report.costMode, report.totals.totalCost], ["auto", 1.505]);
    const live = await daemon.get("/api/v1/live");
    assert.deepEqual([live.costMode, live.today.totalCost, live.week.totalCost,
      live.burn_rate.cost_usd_per_hour], ["auto", 1.505, 1.505, 1.5]);
    const list = await daemon.get("/api/v1/report?by=day&cost=list");
    assert.deepEqual([list.costMode, list.totals.totalCost], ["list", 0.01]);
  });

  test("a report tells what a plan is worth, always by list price", async () => {
    assert.deepEqual((await daemon.report()).plans,
      [{ agent: "claude", monthlyPrice: 100, apiValue: 0.01, unpriced: false }]);
  });

  test("a plan that is no price is refused at the start, by name", async () => {
    await daemon.stop();
    writeFileSync(join(folder(), "config.json"), '{"plans": {"claude": "dear"}}');
    const done = await tachod(home, "serve", "--port", `${daemon.port}`);
    assert.equal(done.code, EX_USAGE);
    assert.match(done.err, /plans: claude must be dollars a month, such as 100/);
  });
});

describe("prices that change while a daemon runs", () => {
  let home, daemon, file;
  const TOKENS = 1_000_000;

  before(async () => {
    home = new Home();
    file = join(home.path, "prices.json");
    home.environment.RUNTIME_USAGE_PRICING_FILE = file;
    use("heron-9");
    daemon = await startDaemon(home, "--log-level", "info");
    await daemon.holds(TOKENS);
  });
  after(async () => {
    await daemon?.discard();
    home.remove();
  });

  /** A million tokens in, so that a rate is what they cost. */
  function use(model) {
    home.append("shop/s.jsonl", response({ model, input: TOKENS, output: 0 }));
  }

  function configure(text) {
    const folder = join(home.path, ".config", "tacho");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "config.json"), text);
  }

  async function costs(tokens) {
    await daemon.holds(tokens);
    const { totalCost, unpricedTokens } = (await daemon.report()).totals;
    return [totalCost, unpricedTokens];
  }

  test("a model that nobody prices is unpriced", async () => {
    assert.deepEqual(await costs(TOKENS), [0, TOKENS]);
  });

  test("a price of the configuration holds for what comes next", async () => {
    configure('{"prices": {"heron-9": {"input": 3, "output": 15}}}');
    use("heron-9");
    assert.deepEqual(await costs(2 * TOKENS), [3, TOKENS]);
    await until("the hint", () => /'tacho reprice' follows them/.test(daemon.said));
  });

  test("a configuration that makes no sense is told of and changes no price", async () => {
    configure('{"prices": ');
    use("heron-9");
    assert.deepEqual(await costs(3 * TOKENS), [6, TOKENS]);
    await until("the warning", () => /config\.json:1:.*prices stay as they were/.test(daemon.said));
  });

  test("the file that the variable names counts as soon as it is there", async () => {
    configure("{}");
    writeFileSync(file, '{"maker/heron-10": {"input": 7, "output": 1}}');
    use("heron-10");
    assert.deepEqual(await costs(4 * TOKENS), [13, TOKENS]);
  });

  test("so does what is imported", async () => {
    const csv = join(home.path, "import.csv");
    const empty = ",".repeat(16);
    writeFileSync(csv, `finch-1,,2,8${empty},our contract,2026-11-01\n`);
    const done = await tacho(home, "prices", "import", csv);
    assert.equal(done.code, 0, done.err);
    use("finch-1");
    assert.deepEqual(await costs(5 * TOKENS), [15, TOKENS]);
  });

  test("commands say that old costs are of other prices, and reprice follows", async () => {
    const HINT = /prices have changed since these costs were computed/;
    assert.match((await tacho(home, "daily")).err, HINT);
    await daemon.stop();
    configure('{"prices": {"heron-9": {"input": 3, "output": 15}}}');
    assert.equal((await tacho(home, "reprice")).code, 0);
    const { out, err } = await tacho(home, "daily", "--json");
    assert.doesNotMatch(err, HINT);
    const { totals } = JSON.parse(out);
    assert.deepEqual([totals.totalCost, totals.unpricedTokens], [18, 0]);
  });
});
