// metrics.test.mjs: /metrics, as Prometheus' own tools read it.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";

import { Home, response } from "./lib/home.mjs";
import { startDaemon } from "./lib/programs.mjs";

const missing = spawnSync("promtool", ["--version"]).error &&
  "needs promtool (Debian's package prometheus)";
if (missing)
  console.error(`metrics.test.mjs: SKIPPED: ${missing}`);

/** Samples of the text format: { "name{labels}": number }. */
function samples(text) {
  const lines = text.split("\n").filter((line) => line && !line.startsWith("#"));
  return Object.fromEntries(lines.map((line) => {
    const at = line.lastIndexOf(" ");
    return [line.slice(0, at), Number(line.slice(at + 1))];
  }));
}

const OPUS = 'gen_ai_agent_name="claude",gen_ai_response_model="claude-opus-5"';

describe("metrics", () => {
  let home, daemon;
  const scrape = async () => {
    const answer = await fetch(`${daemon.url}/metrics`);
    assert.equal(answer.status, 200);
    return { type: answer.headers.get("content-type"), text: await answer.text() };
  };

  before(async () => {
    home = new Home();
    const limited = JSON.parse(response({ input: 10, output: 100, read: 1000 }));
    limited.rateLimits = {
      "anthropic-ratelimit-unified-5h-tokens-limit": 1000,
      "anthropic-ratelimit-unified-5h-tokens-remaining": 765,
      "anthropic-ratelimit-unified-5h-reset": Math.floor(Date.now() / 1000) + 3600,
    };
    home.append("shop/a.jsonl", JSON.stringify(limited), response({ input: 1, output: 2 }),
      response({ model: "un\"known\\one\n", session: "secret-session" }));
    daemon = await startDaemon(home);
    await daemon.holds(10 + 100 + 1000 + 3 + 104);
  });
  after(async () => {
    await daemon?.discard();
    home?.remove();
  });

  test("promtool finds nothing to object to", { skip: missing }, async () => {
    const child = spawn("promtool", ["check", "metrics"], { stdio: ["pipe", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => { said += text; });
    child.stdin.end((await scrape()).text);
    const [code] = await once(child, "close");
    assert.equal(said, "");
    assert.equal(code, 0);
  });

  test("says what the report says", async () => {
    const { text } = await scrape();
    const got = samples(text);
    const kinds = { input: 11, output: 102, cache_read: 1000, cache_creation: 0 };
    for (const [kind, tokens] of Object.entries(kinds))
      assert.equal(got[`gen_ai_client_token_usage_tokens_total{${OPUS},gen_ai_token_type="${kind}"}`],
        tokens);
    const { totals } = await daemon.report();
    assert.equal(got[`tacho_cost_usd_total{${OPUS}}`], totals.totalCost);
    assert.equal(got[`tacho_responses_total{${OPUS}}`], 2);
    assert.equal(got['tacho_limit_utilization_ratio{account="claude",limit="five_hour"}'], 0.235);
    assert.equal(got["tacho_first_read_ratio"], 1);
  });

  test("keeps its type when it is answered a second time", async () => {
    for (let i = 0; i < 2; i++)
      assert.equal((await scrape()).type, "text/plain; version=0.0.4; charset=utf-8");
  });

  test("names no session, project, machine or person", async () => {
    const { text } = await scrape();
    assert.doesNotMatch(text, /secret-session|session-1|\/work\/shop|shop/);
    const labels = new Set([...text.matchAll(/[{,]([a-z_]+)="/g)].map((match) => match[1]));
    assert.deepEqual([...labels].sort(), ["account", "gen_ai_agent_name", "gen_ai_response_model",
      "gen_ai_token_type", "limit", "version"]);
  });

  test("moves with the ledger", async () => {
    const name = `tacho_responses_total{${OPUS}}`;
    home.append("shop/a.jsonl", response({ input: 0, output: 1 }));
    await daemon.holds(10 + 100 + 1000 + 3 + 104 + 1);
    assert.equal(samples((await scrape()).text)[name], 3);
  });
});
