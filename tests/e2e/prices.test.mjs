// prices.test.mjs: prices where a daemon runs: which cost is asked for, and who may compute it anew.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { Home, response } from "./lib/home.mjs";
import { startDaemon, tacho } from "./lib/programs.mjs";

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
