// mcp.test.mjs: `tacho mcp`, asked by the protocol's own client and by hand.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

import { Home, response } from "./lib/home.mjs";
import { tacho } from "./lib/programs.mjs";
import { within } from "./lib/until.mjs";

const PROGRAM = join(resolve(process.env.TACHO_BIN_DIR), "tacho");
const NOW = "2026-11-18T12:00:00Z";
const words = (home) => ["mcp", "--db", home.db, "--timezone", "UTC", "--now", NOW];

function fill(home) {
  const limited = JSON.parse(response({ at: Date.parse("2026-11-18T11:00:00Z"), output: 1000 }));
  limited.rateLimits = {
    "anthropic-ratelimit-unified-5h-tokens-limit": 1000,
    "anthropic-ratelimit-unified-5h-tokens-remaining": 400,
    "anthropic-ratelimit-unified-5h-reset": Date.parse("2026-11-18T14:00:00Z") / 1000,
  };
  home.append("shop/a.jsonl", JSON.stringify(limited),
    response({ at: Date.parse("2026-11-17T10:00:00Z"), output: 300, session: "session-2" }),
    response({ at: Date.parse("2026-11-02T10:00:00Z"), output: 7, session: "session-3" }));
}

describe("the client of the SDK", () => {
  let home, client, said = "";
  before(async () => {
    home = new Home();
    fill(home);
    mkdirSync(join(home.path, ".config", "tacho"), { recursive: true });
    writeFileSync(join(home.path, ".config", "tacho", "config.json"),
      '{"plan":{"claude":"max 20x"}}');
    const transport = new StdioClientTransport({ command: PROGRAM, args: words(home),
      env: home.env(), cwd: home.path, stderr: "pipe" });
    transport.stderr.setEncoding("utf8").on("data", (text) => { said += text; });
    client = new Client({ name: "test", version: "1" });
    await within("the handshake", client.connect(transport));
  });
  after(async () => {
    await client?.close();
    home?.remove();
    assert.equal(said, "");
  });

  const call = async (name, args) =>
    (await client.callTool({ name, arguments: args })).structuredContent;
  const printed = async (...command) => JSON.parse((await tacho(home, ...command, "--json",
    "--timezone", "UTC", "--now", NOW)).out);

  test("finds a server that says who it is and what for", async () => {
    assert.equal(client.getServerVersion().name, "tacho");
    assert.match(client.getInstructions(), /rate limits/);
    await client.ping();
  });

  test("lists four tools, all of them read-only", async () => {
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map((tool) => tool.name), ["usage", "sessions", "limits", "cost"]);
    for (const tool of tools) {
      assert.equal(tool.annotations.readOnlyHint, true);
      assert.equal(tool.inputSchema.additionalProperties, false);
    }
  });

  test("gets what the command line prints", async () => {
    for (const [args, command] of [
      [{}, ["daily", "--order", "desc"]],
      [{ by: "month", model: "opus" }, ["monthly", "--model", "opus", "--order", "desc"]],
      [{ by: "model", since: "7d", limit: 1 }, ["models", "--since", "7d", "--limit", "1"]],
      [{ by: "week", last: 2 }, ["weekly", "--last", "2", "--order", "desc"]],
      [{ by: "block", order: "asc" }, ["blocks", "--order", "asc"]],
    ])
      assert.deepEqual(await call("usage", args), await printed(...command), command.join(" "));
    const limits = await call("limits");
    assert.deepEqual(limits, await printed("limits"));
    assert.equal(limits.accounts[0].plan, "max 20x");
    assert.deepEqual(await call("sessions", { id: "session-2" }),
      await printed("session", "--since", "2026-11-17", "--until", "2026-11-17")
        .then((report) => ({ ...report, since: "2026-11-17", until: "2026-11-17" })));
  });

  test("asks for its own budget", async () => {
    const { totals } = await printed("daily", "--since", "2026-11-16");
    const week = await call("cost", { period: "week", budget: 1 });
    assert.equal(week.totalCost, totals.totalCost);
    assert.equal(week.totalTokens, totals.totalTokens);
    assert.deepEqual([week.since, week.until], ["2026-11-16", "2026-11-18"]);
    assert.equal(Math.round((week.remaining + week.totalCost) * 1e9), 1e9);
    assert.equal(week.withinBudget, true);
    assert.equal((await call("cost", { budget: 0.000001 })).withinBudget, false);
  });

  test("sees a response that came since the last question", async () => {
    const was = await call("cost");
    home.append("shop/a.jsonl", response({ at: Date.parse("2026-11-18T11:30:00Z"), input: 0,
      output: 55 }));
    assert.equal((await call("cost")).totalTokens, was.totalTokens + 55);
  });

  test("never hears of a budget that holds where a price is missing", async () => {
    home.append("shop/a.jsonl", response({ at: Date.parse("2026-11-18T11:31:00Z"),
      model: "nobody-knows-1" }));
    const { unpriced, remaining, withinBudget } = await call("cost", { budget: 100 });
    assert.deepEqual({ unpriced, remaining, withinBudget },
      { unpriced: true, remaining: null, withinBudget: null });
  });

  test("is told what is wrong, and can go on", async () => {
    await assert.rejects(client.callTool({ name: "usage", arguments: { by: "hour" } }),
      (error) => error.code === -32602 && /by must be one of/.test(error.message));
    await assert.rejects(client.callTool({ name: "delete" }), { code: -32602 });
    await assert.rejects(client.listPrompts(), (error) => /prompts|-32601/.test(error.message));
    const unknown = await client.callTool({ name: "sessions", arguments: { id: "none" } });
    assert.equal(unknown.isError, true);
    assert.match(unknown.content[0].text, /no session 'none'/);
    await client.ping();
  });
});

describe("lines by hand", () => {
  let home;
  before(() => { home = new Home(); });
  after(() => home.remove());

  /** Sends all of it, ends stdin, and reads the answers. */
  async function tell(...pieces) {
    const child = spawn(PROGRAM, words(home), { env: home.env(), cwd: home.path });
    let out = "", err = "";
    child.stdout.setEncoding("utf8").on("data", (text) => { out += text; });
    child.stderr.setEncoding("utf8").on("data", (text) => { err += text; });
    for (const piece of pieces)
      child.stdin.write(piece);
    child.stdin.end();
    const [code] = await within("the end", once(child, "close"), 30_000);
    assert.equal(err, "");
    assert.equal(code, 0);
    return out.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  }
  const ping = (id) => `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":"ping"}`;

  test("nothing in is nothing out", async () => {
    assert.deepEqual(await tell(""), []);
    assert.deepEqual(await tell("\n\r\n  \n"), []);
  });

  test("a line may come in pieces, and the last without its end", async () => {
    const text = ping("é\n");
    const answers = await tell(text.slice(0, 9), text.slice(9) + "\r\n" + ping(2));
    assert.deepEqual(answers.map((answer) => answer.id), ["é\n", 2]);
  });

  test("rubbish is answered and what follows too", async () => {
    const answers = await tell("\0\0\n{\n", "[[[[".repeat(10_000), "\n", Buffer.from([0xff, 10]),
      ping(3), "\n");
    assert.deepEqual(answers.map((answer) => answer.error?.code),
      [-32700, -32700, -32700, -32700, undefined]);
    assert.deepEqual(answers.at(-1), { jsonrpc: "2.0", id: 3, result: {} });
  });

  test("a line without end is refused once, and the next one answered", async () => {
    const answers = await tell("x".repeat(5 << 20), "\n", ping(4), "\n");
    assert.equal(answers.length, 2);
    assert.equal(answers[0].error.code, -32600);
    assert.match(answers[0].error.message, /at most 1048576 bytes/);
    assert.equal(answers[1].id, 4);
  });
});
