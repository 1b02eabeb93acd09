// e2e/gateway.test.mjs: the daemon and the commands against a gateway that keeps to the protocol, or
// does not.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import WebSocket from "ws";

import { answers, fakeGateway, TOKEN } from "./lib/fake_gateway.mjs";
import { Home } from "./lib/home.mjs";
import { startDaemon, tacho } from "./lib/programs.mjs";
import { until } from "./lib/until.mjs";

let home, daemon;
const gateways = [];

async function gateway(options, port) {
  const one = await fakeGateway(options, port);
  gateways.push(one);
  return one;
}

before(async () => {
  home = new Home();
  home.environment.T_GATEWAY = TOKEN;
  daemon = await startDaemon(home);
});
afterEach(async () => {
  for (const { id } of await daemon.get("/api/gateways"))
    await ask("DELETE", `/api/gateways/${id}`);
  for (const one of gateways.splice(0))
    await one.stop();
});
after(async () => {
  const { code } = await daemon.stop();
  home.remove();
  assert.equal(code, 0, daemon.said);
});

async function ask(method, path, body) {
  const answer = await fetch(daemon.url + path, { method,
    headers: { "content-type": "application/json" },
    body: method === "GET" ? undefined : JSON.stringify(body ?? {}) });
  const text = await answer.text();
  return { status: answer.status, json: text ? JSON.parse(text) : null };
}

let count = 0;

/** Adds it to the daemon and returns the daemon's object. */
async function add(one, more = {}) {
  const { status, json } = await ask("POST", "/api/gateways",
    { name: `g${++count}`, url: one.url, token: TOKEN, ...more });
  assert.equal(status, 201, JSON.stringify(json));
  return json;
}

const look = async (id) => (await ask("GET", `/api/gateways/${id}`)).json;
const usage = async (id) => (await ask("GET", `/api/gateways/${id}/runtime-usage`)).json;
const reaches = (id, state, ms) => until(`${state}`, async () => {
  const seen = await look(id);
  if (seen.state !== state)
    throw new Error(JSON.stringify(seen));
  return seen;
}, ms);
const figures = (id, data = "complete", ms = 12_000) => until(`${data} figures`, async () => {
  const document = await usage(id);
  if (document.data !== data)
    throw new Error(JSON.stringify(document.sources));
  return document;
}, ms);

test("a gateway's figures arrive, whatever order its answers come in", async () => {
  const one = await gateway({ order: "reversed" });
  const { id } = await add(one, { account_key: "work", limits: { total_tokens: 29500 } });
  const document = await figures(id);
  assert.equal(document.gateway_id, id);
  assert.equal(document.current.total_cost_usd, 0.056175);
  assert.equal(document.current.total_tokens, 2950);
  assert.equal(document.current.total_token_limit_pct, 10);
  assert.equal(document.per_model["anthropic/claude-sonnet-4-6"].account_key, "work");
  assert.equal(document.providers[0].windows[0].used_percent, 42.5);
  assert.deepEqual(await look(id), { ...await look(id), account_key: "work", state: "connected",
    last_error: null });
  const asked = Object.fromEntries(one.asked.map(({ method, params }) => [method, params]));
  assert.equal(asked["sessions.usage"].limit, 1000);
  assert.equal(asked["sessions.usage"].agentScope, "all");
});

test("the object of a gateway has its seven keys and no secret", async () => {
  const one = await gateway();
  const made = await add(one);
  assert.deepEqual(Object.keys(made), ["id", "name", "url", "account_key", "state", "last_error",
    "last_seen_at"]);
  await figures(made.id);
  const all = JSON.stringify([await ask("GET", "/api/gateways"), await look(made.id),
    await usage(made.id)]);
  assert.ok(!all.includes(TOKEN) && !daemon.said.includes(TOKEN));
  const file = join(home.path, ".config", "tacho", "gateways.json");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(join(home.path, ".config", "tacho", "device.pem")).mode & 0o777, 0o600);
  assert.ok(readFileSync(file, "utf8").includes(TOKEN));
});

test("a WebSocket gets the document on connect and on every refresh", async () => {
  const one = await gateway();
  const { id } = await add(one);
  await figures(id);
  const frames = [];
  const socket = new WebSocket(`${daemon.url.replace("http", "ws")}/api/ws/gateways/${id}`);
  socket.on("message", (data) => frames.push(JSON.parse(data)));
  await until("the first frame", () => frames.length === 1);
  assert.equal(frames[0].type, "runtime_usage");
  assert.equal(frames[0].document.current.total_tokens, 2950);
  await ask("PATCH", `/api/gateways/${id}`, { limits: { messages: 4 } });
  await until("the next", () => frames.at(-1).document.current.message_pct === 50);
  await ask("DELETE", `/api/gateways/${id}`);
  await once(socket, "close");
});

test("a WebSocket of an unknown gateway is refused before the upgrade", async () => {
  const socket = new WebSocket(`${daemon.url.replace("http", "ws")}/api/ws/gateways/none`);
  const [error] = await once(socket, "error");
  assert.match(error.message, /404/);
});

test("what was seen is kept for drawing", async () => {
  const one = await gateway();
  const { id } = await add(one);
  await figures(id);
  const { json } = await ask("GET", `/api/gateways/${id}/history`);
  assert.equal(json.readings.length, 1);
  assert.equal(json.readings[0].cost_usd, 0.056175);
  assert.equal(json.windows[0].provider, "anthropic");
  assert.equal(json.windows[0].used_percent, 42.5);
  assert.equal((await ask("GET", `/api/gateways/${id}/history?since=x`)).status, 400);
  assert.equal((await ask("GET", "/api/gateways/none/history")).status, 404);
});

test("a wrong token is told, not tried again, and put right by a change", async () => {
  const one = await gateway();
  const { id } = await add(one, { token: "wrong-token-9876" });
  const { last_error: error } = await reaches(id, "auth_failed");
  assert.match(error, /token mismatch/);
  assert.match(error, /tacho gateway add/);
  assert.ok(!error.includes("9876"));
  const document = await usage(id);
  assert.equal(document.data, "none");
  assert.equal(one.connects.length, 1);
  assert.equal((await ask("PATCH", `/api/gateways/${id}`, { token: TOKEN })).status, 200);
  await figures(id);
  assert.equal(one.connects.length, 2);
});

test("a device that must be approved names the command, and knocks again", async () => {
  let approved = false;
  const one = await gateway({ deviceToken: "given-to-device", refuse: () => approved ? null : {
    code: "NOT_PAIRED", message: "pairing required: device is not approved yet",
    details: { code: "PAIRING_REQUIRED", reason: "not-paired", requestId: "73c045d7-908b" } } });
  const { id } = await add(one);
  const { last_error: error } = await reaches(id, "pairing_required");
  assert.match(error, /openclaw devices approve 73c045d7-908b$/);
  approved = true;
  await figures(id);
  const stored = readFileSync(join(home.path, ".config", "tacho", "gateways.json"), "utf8");
  assert.ok(stored.includes("given-to-device"));
  for (const socket of one.sockets)
    socket.close(1012, "service restart");
  await until("the device token to be shown", () =>
    one.connects.at(-1).auth.deviceToken === "given-to-device");
});

test("a device token that is void is forgotten for the shared secret", async () => {
  const one = await gateway({ deviceToken: "first" });
  const { id } = await add(one);
  await figures(id);
  one.options.deviceToken = "second";
  for (const socket of one.sockets)
    socket.terminate();
  await until("the new one", () => JSON.stringify(one.connects.slice(-2).map(({ auth }) => auth))
    === JSON.stringify([{ deviceToken: "first" }, { token: TOKEN }]));
  await reaches(id, "connected");
});

test("a gateway of protocol 3 is understood", async () => {
  const one = await gateway({ protocol: 3, exact: true });
  const { id } = await add(one);
  await figures(id);
  assert.deepEqual(one.connects.map((c) => [c.minProtocol, c.maxProtocol]), [[3, 4], [3, 3]]);
});

test("a gateway that knows only the older signature gets it", async () => {
  const one = await gateway({ signature: "v2" });
  const { id } = await add(one);
  await figures(id);
});

test("a newer protocol than ours is told, not tried for ever", async () => {
  const one = await gateway({ protocol: 9 });
  const { id } = await add(one);
  const { last_error: error } = await reaches(id, "unreachable");
  assert.match(error, /protocol mismatch.*update/);
  assert.equal(one.connects.length, 1);
});

test("a gateway that is starting is waited for as long as it says", async () => {
  let left = 2;
  const one = await gateway({ refuse: () => left-- > 0 ? { code: "UNAVAILABLE", close: 1013,
    message: "gateway starting; retry shortly", retryable: true, retryAfterMs: 30 } : null });
  const { id } = await add(one);
  await figures(id);
  assert.equal(one.connects.length, 3);
});

test("a connection without the right to read says what is missing", async () => {
  const one = await gateway({ scopes: [] });
  const { id } = await add(one);
  const { last_error: error } = await reaches(id, "pairing_required");
  assert.match(error, /operator\.read/);
});

test("without sessions.usage the list of sessions is read, and the figures are partial", async () => {
  const one = await gateway({ methods: { "sessions.usage": undefined } });
  const { id } = await add(one);
  const document = await figures(id, "partial");
  assert.equal(document.current.total_tokens, 1410);
  assert.ok(one.asked.some(({ method }) => method === "sessions.list"));
});

test("a gateway that goes has no figures, and is found when it is back", async () => {
  const one = await gateway();
  const { id } = await add(one);
  await figures(id);
  one.tell("shutdown", { reason: "gateway stopping", restartExpectedMs: 300 });
  for (const socket of one.sockets)
    socket.close(1012, "service restart");
  await reaches(id, "unreachable");
  const document = await usage(id);
  assert.equal(document.data, "none");
  await figures(id);
  const { port } = one;
  await one.stop();
  gateways.pop();
  await reaches(id, "unreachable");
  await gateway({}, port);
  await figures(id, "complete", 20_000);
});

test("a gateway that falls silent is left and called again", async () => {
  const one = await gateway({ tickMs: 1000 });
  const { id } = await add(one);
  await figures(id);
  await until("a second connection", () => one.connects.length === 2);
});

test("a question without an answer costs the document one source, not more", async () => {
  const one = await gateway({ methods: { "usage.cost": () => undefined } });
  const { id } = await add(one);
  const document = await figures(id, "partial", 15_000);
  assert.equal(document.sources["usage.cost"], "timeout");
  assert.equal(document.current.total_tokens, 2950);
});

test("what is still being counted is asked again and never taken for zero", async () => {
  const empty = { updatedAt: 1, sessions: [], totals: {}, aggregates: {},
    cacheStatus: { status: "refreshing" } };
  let left = 1;
  const one = await gateway({ methods: { "sessions.usage": () =>
    left-- > 0 ? empty : answers()["sessions.usage"]() } });
  const { id } = await add(one);
  await until("the first document", async () =>
    (await usage(id)).sources["sessions.usage"] === "refreshing");
  assert.equal((await ask("GET", `/api/gateways/${id}/history`)).json.readings.length, 0);
  await figures(id);
});

test("bad settings are refused by name", async () => {
  const cases = [
    [{}, 400, /name/], [{ name: "a" }, 400, /url/], [{ name: "a", url: "ftp://x" }, 400, /address/],
    [{ name: "a", url: "h", enabled: 1 }, 400, /enabled/],
    [{ name: "a", url: "h", id: "7" }, 400, /id/],
  ];
  for (const [body, status, message] of cases) {
    const answer = await ask("POST", "/api/gateways", body);
    assert.equal(answer.status, status);
    assert.match(answer.json.error.message, message);
  }
  const one = await gateway();
  const made = await add(one, { id: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee" });
  assert.equal(made.id, "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
  assert.equal((await ask("POST", "/api/gateways", { name: made.name, url: "h" })).status, 409);
  assert.equal((await ask("PATCH", "/api/gateways/none", {})).status, 404);
  assert.equal((await ask("DELETE", "/api/gateways/none")).status, 404);
  const moved = await ask("PATCH", `/api/gateways/${made.id}`, { url: "ws://elsewhere" });
  assert.equal(moved.status, 400); // its token was entered for another address
  await ask("PATCH", `/api/gateways/${made.id}`, { enabled: false });
  await reaches(made.id, "disabled");
  await until("the connection to end", () => one.open === 0);
});

// ---- TLS ----

function certificate() {
  const [key, cert] = [join(home.folder, "key.pem"), join(home.folder, "cert.pem")];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout",
    key, "-out", cert, "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
  { stdio: "ignore" });
  return { key: readFileSync(key), cert: readFileSync(cert), path: cert };
}

test("wss is spoken, and a certificate that nobody vouches for is refused", async () => {
  const tls = certificate();
  const one = await gateway({ tls });
  const { id } = await add(one);
  const { last_error: error } = await reaches(id, "unreachable");
  assert.match(error, /cannot be reached/);
  home.environment.SSL_CERT_FILE = tls.path;
  const { code, out } = await command("test", (await look(id)).name);
  delete home.environment.SSL_CERT_FILE;
  assert.equal(code, 0, out);
});

// ---- hostile gateways ----

function memoryKb() {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.child.pid}/status`, "utf8"))[1]);
}

/** A sanitizer's own memory says nothing about the program's. */
function isSanitized() {
  return /libasan|asan_/.test(readFileSync(`/proc/${daemon.child.pid}/maps`, "utf8"));
}

const drip = (socket) => {
  socket._socket.write(Buffer.from([0x81, 126, 0x20, 0]));
  const timer = setInterval(() => socket._socket.write("x"), 1000);
  socket.on("close", () => clearInterval(timer));
};
const flood = (socket) => {
  const frame = JSON.stringify({ type: "event", event: "noise", payload: "x".repeat(60_000) });
  const timer = setInterval(() => {
    if (socket.bufferedAmount < 4 << 20)
      for (let i = 0; i < 4; i++)
        socket.send(frame);
  }, 5);
  socket.on("close", () => clearInterval(timer));
};
const HUGE = "x".repeat(26 << 20);
const huge = () => HUGE;
const manyValues = () => Array(1_300_000).fill([]);

test("hostile gateways cost bounded memory and disturb nobody", async () => {
  const good = await gateway();
  const { id } = await add(good);
  await figures(id);
  const beforeKb = memoryKb();
  const refused = /4 MiB|too many values|timeout/; // late ones are none, on a busy machine
  let mostKb = 0;
  for (const answer of [huge, manyValues]) {
    const one = await gateway({ methods: { "usage.cost": answer, "usage.status": answer,
      "sessions.usage": answer } });
    const made = await add(one);
    await until("answers too large to be refused", async () => {
      mostKb = Math.max(mostKb, memoryKb());
      return refused.test((await usage(made.id)).sources["usage.cost"]);
    }, 30_000);
  }
  const bad = [
    await gateway({ welcome: flood }),
    await gateway({ welcome: drip }),
    await gateway({ greet: drip }),
    await gateway({ greet: () => {} }),
    await gateway({ greet: flood }),
  ];
  for (const one of bad)
    await add(one);
  await until("all of them to be at it", () => bad.every((one) => one.wss.clients.size > 0));
  mostKb = Math.max(mostKb, memoryKb());
  await figures(id);
  if (!isSanitized())
    assert.ok(mostKb - beforeKb < 64 << 10, `${beforeKb} kB before, ${mostKb} kB at most`);
  assert.equal((await look(id)).state, "connected");
});

// ---- commands ----

async function command(verb, ...words) {
  return tacho(home, "gateway", verb, ...words);
}

test("add, list, test, usage and remove work, and the running daemon follows", async () => {
  const one = await gateway();
  let answer = await command("add", "by-hand", one.url, "--token-env", "T_GATEWAY");
  assert.equal(answer.code, 0, answer.err);
  const { id } = await until("the daemon to know it", async () =>
    (await daemon.get("/api/gateways")).find(({ name }) => name === "by-hand"));
  await figures(id);
  answer = await command("list");
  assert.match(answer.out, /by-hand +in a variable +ws:\/\/127/);
  answer = await command("test", "by-hand");
  assert.equal(answer.code, 0, answer.out + answer.err);
  assert.equal(answer.out.match(/^ok/gm).length, 7);
  answer = await command("usage", "by-hand");
  assert.match(answer.out, /^Spent +\$0\.0562, 3\.0K tokens, 2 calls$/m);
  answer = await command("usage", "by-hand", "--json");
  assert.equal(JSON.parse(answer.out).current.total_tokens, 2950);
  answer = await command("remove", "by-hand");
  assert.equal(answer.code, 0);
  await until("the daemon to forget it", async () => (await daemon.get("/api/gateways")).length === 0);
});

test("the commands say what is wrong and what to do", async () => {
  let answer = await command("usage", "nowhere");
  assert.equal(answer.code, 1, answer.err);
  assert.match(answer.err, /no gateway 'nowhere'.*gateway list/);
  answer = await command("add", "x");
  assert.match(answer.err, /needs a name and an address/);
  answer = await command("add", "x", "ws://h", "--token-env", "A", "--token-file", "b");
  assert.match(answer.err, /not in both/);
  home.environment.T_WRONG = "wrong";
  const one = await gateway();
  await command("add", "wrong", one.url, "--token-env", "T_WRONG");
  answer = await command("test", "wrong");
  assert.equal(answer.code, 69);
  assert.match(answer.out, /^failed +the gateway refuses: unauthorized: token mismatch/m);
  answer = await command("usage", "wrong");
  assert.equal(answer.code, 69);
  assert.match(answer.err, /token mismatch/);
});
