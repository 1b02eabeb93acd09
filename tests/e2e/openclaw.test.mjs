// e2e/openclaw.test.mjs: the daemon against the real gateway.
//
// Skipped, and said so, where npm cannot install it (no network, no room).
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Home } from "./lib/home.mjs";
import { install, OpenClaw, SESSIONS } from "./lib/openclaw.mjs";
import { freePort, startDaemon, tacho } from "./lib/programs.mjs";
import { until } from "./lib/until.mjs";

const TOKEN = "real-gateway-token-0123456789";
let programs, missing, home, daemon, real;

try {
  programs = install();
} catch (error) {
  missing = `the real gateway could not be installed from npm: ${error.message.split("\n")[0]}`;
  console.error(`# NOT TESTED against a real gateway: ${missing}`);
}
const options = { skip: missing ?? false, timeout: 300_000 };

async function ask(method, path, body) {
  const answer = await fetch(daemon.url + path, { method,
    headers: { "content-type": "application/json" }, body: body && JSON.stringify(body) });
  const text = await answer.text();
  return text ? JSON.parse(text) : null;
}
const look = (id) => ask("GET", `/api/gateways/${id}`);
const usage = (id) => ask("GET", `/api/gateways/${id}/runtime-usage`);
const add = (name, token = TOKEN, one = real) =>
  ask("POST", "/api/gateways", { name, url: one.url, token });
const reaches = (id, state, ms = 90_000) => until(state, async () => {
  const seen = await look(id);
  if (seen.state !== state)
    throw new Error(JSON.stringify(seen));
  return seen;
}, ms);
const sum = (column) => SESSIONS.flatMap(({ turns }) => turns)
  .reduce((total, turn) => total + turn[column], 0);

const dollars = Number(sum(6).toFixed(8));

/** Waits until the gateway has counted its sessions. */
const counted = (id) => until("the seeded sums", async () => {
  const document = await usage(id);
  if (document.current.total_cost_usd !== dollars)
    throw new Error(JSON.stringify(document.sources));
  return document;
}, 180_000);

before(async () => {
  if (missing)
    return;
  home = new Home();
  real = new OpenClaw(programs, { folder: join(home.folder, "claw"), port: await freePort(),
    token: TOKEN });
  real.seed();
  await real.start();
  daemon = await startDaemon(home);
}, { timeout: 300_000 });
after(async () => {
  await daemon?.stop();
  await real?.end("SIGKILL");
  home?.remove();
});

test("the sums of a real gateway are those of its sessions", options, async () => {
  const { id } = await add("real");
  const document = await counted(id);
  const models = Object.values(document.per_model);
  assert.equal(models.reduce((n, { total_tokens: tokens }) => n + tokens, 0), sum(2) + sum(3));
  assert.equal(document.current.total_calls, 3);
  const model = document.per_model["anthropic/claude-sonnet-4-6"];
  assert.deepEqual([model.input_tokens, model.output_tokens, model.cache_read_tokens,
    model.cache_write_tokens, model.calls], [2000, 950, 46000, 5900, 2]);
  assert.equal(document.per_model["ollama/llama3.3"].cost_usd, 0);
  const { code, out } = await tacho(home, "gateway", "test", "real");
  assert.equal(code, 0, out);
});

test("a real gateway refuses a wrong token, and that is told", options, async () => {
  const { id } = await add("wrong", "not-the-token");
  const { last_error: error } = await reaches(id, "auth_failed");
  assert.match(error, /AUTH_TOKEN_MISMATCH/);
  await ask("DELETE", `/api/gateways/${id}`);
});

test("a real gateway that is restarted, killed or stopped is found again", options, async () => {
  const [{ id }] = await ask("GET", "/api/gateways");
  await real.end("SIGTERM");
  await reaches(id, "unreachable");
  assert.equal((await usage(id)).data, "none");
  await real.start();
  await reaches(id, "connected");
  await counted(id);
  await real.end("SIGKILL");
  await reaches(id, "unreachable");
  await real.start();
  await reaches(id, "connected");
  real.pause(); // it neither answers nor closes
  await ask("PATCH", `/api/gateways/${id}`, { limits: { messages: 100 } }); // asks anew
  await until("the time-outs", async () =>
    (await usage(id)).sources["usage.status"] === "timeout", 20_000);
  real.goOn();
  await until("its limit", async () => (await usage(id)).current.message_limit === 100, 120_000);
});

test("a gateway that pairs strictly lets an approved device in", options, async () => {
  await real.end("SIGKILL"); // two of them at once disturb each other
  const strict = new OpenClaw(programs, { folder: join(home.folder, "strict"),
    port: await freePort(), token: TOKEN, strict: true });
  await strict.start();
  try {
    const { id } = await add("strict", TOKEN, strict);
    const seen = await until("a decision", async () => {
      const now = await look(id);
      return ["connected", "pairing_required"].includes(now.state) && now;
    }, 60_000);
    if (seen.state === "pairing_required") {
      const request = /openclaw devices approve (\S+)/.exec(seen.last_error)[1];
      strict.run("devices", "approve", request, "--url", strict.url, "--token", TOKEN);
      await reaches(id, "connected");
    }
    await until("its figures", async () => (await usage(id)).data !== "none", 60_000);
  } finally {
    await strict.end("SIGKILL");
  }
});
