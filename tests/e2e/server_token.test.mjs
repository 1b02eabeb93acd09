// server_token.test.mjs: tokens, sessions and TLS: who is let in when not everybody is.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import tls from "node:tls";
import { after, before, describe, test } from "node:test";
import WebSocket from "ws";

import { Server, Wire, startServer } from "./lib/server.mjs";
import { until, within } from "./lib/until.mjs";

const HEALTH = "/api/v1/health";
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const JSON_TYPE = { "content-type": "application/json" };

function bearer(token) {
  return { authorization: `Bearer ${token}` };
}

/** A request that would write something. */
function write(headers) {
  return { method: "POST", headers: { ...headers, ...JSON_TYPE }, body: "{}" };
}

/** The cookie that an answer sets: { name, value, attributes }. */
function cookieOf(answer) {
  const [pair, ...attributes] = answer.headers["set-cookie"][0].split("; ");
  const [name, value] = pair.split("=");
  return { pair, name, value, attributes };
}

function signIn(server, token, options) {
  return server.ask("/login", { method: "POST", headers: FORM,
    body: `token=${encodeURIComponent(token)}`, ...options });
}

async function socketStatus(server, headers, scheme = "ws") {
  const socket = new WebSocket(`${scheme}://127.0.0.1:${server.port}/api/ws/live`,
    { headers, rejectUnauthorized: false });
  socket.on("error", () => {});
  const status = await within("an answer", Promise.race([
    once(socket, "open").then(() => 101),
    once(socket, "unexpected-response").then(([, answer]) => answer.statusCode)]));
  socket.terminate();
  return status;
}

describe("with a token required", () => {
  let server, read, admin;
  before(async () => {
    server = new Server({ words: ["--require-token"] });
    read = await server.token("read");
    admin = await server.token("admin");
    await server.start();
  });
  after(() => server.discard());

  test("a token is what it says, and only its salted hash is kept, for its owner alone", () => {
    assert.match(read, /^tacho_r_[A-Za-z0-9_-]{43}$/);
    assert.match(admin, /^tacho_a_[A-Za-z0-9_-]{43}$/);
    const text = readFileSync(server.secrets, "utf8");
    assert.ok(!text.includes(read) && !text.includes(read.slice(8)));
    const { tokens } = JSON.parse(text);
    assert.deepEqual(tokens.map(({ number, access, label }) => [number, access, label]),
      [[1, "read", "test"], [2, "admin", "test"]]);
    assert.notEqual(tokens[0].salt, tokens[1].salt);
    assert.equal(statSync(server.secrets).mode & 0o777, 0o600);
  });

  test("without one nothing is told, not even what exists", async () => {
    for (const path of [HEALTH, "/", "/app-1.js", "/api/openapi.json", "/api/v1/nothing"]) {
      const answer = await server.ask(path);
      assert.equal(answer.status, 401, path);
      assert.equal(answer.json.error.code, "token_needed");
      assert.match(answer.headers["www-authenticate"], /^Bearer/);
    }
    assert.equal((await server.ask(HEALTH, { method: "POST" })).status, 401);
    assert.equal(await socketStatus(server, {}), 401);
  });

  test("a token that reads opens every GET and WebSocket, and writes nothing", async () => {
    for (const path of [HEALTH, "/", "/api/v1/live"])
      assert.equal((await server.ask(path, { headers: bearer(read) })).status, 200);
    assert.equal(await socketStatus(server, bearer(read)), 101);
    const written = await server.ask(HEALTH, write(bearer(read)));
    assert.equal(written.status, 403);
    assert.equal(written.json.error.code, "read_only_token");
  });

  test("a token of the owner may write, too", async () => {
    assert.equal((await server.ask(HEALTH, { headers: bearer(admin) })).status, 200);
    const written = await server.ask(HEALTH, write(bearer(admin)));
    assert.equal(written.status, 405); // let in: there only is nothing to write
  });

  test("the scheme's case does not matter, another scheme does", async () => {
    assert.equal((await server.ask(HEALTH,
      { headers: { authorization: `bearer ${read}` } })).status, 200);
    const basic = await server.ask(HEALTH,
      { headers: { authorization: `Basic ${btoa(`x:${read}`)}` } });
    assert.equal(basic.json.error.code, "token_needed");
    assert.equal((await server.ask(`${HEALTH}?token=${read}`)).status, 401);
  });

  test("Host and Origin are looked at first", async () => {
    const answer = await server.ask(HEALTH, { headers: { ...bearer(admin),
      host: "evil.example" } });
    assert.equal(answer.status, 403);
    assert.equal((await server.ask(HEALTH, { headers: { ...bearer(admin),
      origin: "https://evil.example" } })).status, 403);
  });

  test("a new token counts at once, a removed one no longer, nor does its session", async () => {
    const fresh = await server.token("read");
    const session = cookieOf(await signIn(server, fresh)).pair;
    for (const headers of [bearer(fresh), { cookie: session }])
      assert.equal((await server.ask(HEALTH, { headers })).status, 200);
    const secrets = JSON.parse(readFileSync(server.secrets, "utf8"));
    secrets.tokens.pop();
    writeFileSync(server.secrets, JSON.stringify(secrets));
    for (const headers of [bearer(fresh), { cookie: session }])
      assert.equal((await server.ask(HEALTH, { headers })).status, 401);
    assert.equal((await server.ask(HEALTH, { headers: bearer(read) })).status, 200);
  });

  test("people are sent to the form, which anybody may see", async () => {
    const page = await server.ask("/", { headers: { accept: "text/html,*/*" } });
    assert.equal(page.status, 303);
    assert.equal(page.headers.location, "/login");
    const form = await server.ask("/login");
    assert.equal(form.status, 200);
    assert.doesNotMatch(form.text, /<script|style=|<style|onsubmit/);
    assert.equal((await server.ask("/login.css")).status, 200);
    assert.equal((await server.ask("/login/")).status, 401);
  });

  test("signing in gives a session that is worth as much as its token", async () => {
    for (const [token, status] of [[read, 403], [admin, 405]]) {
      const answer = await signIn(server, token);
      assert.equal(answer.status, 303);
      assert.equal(answer.headers.location, "/");
      const { pair, name, value, attributes } = cookieOf(answer);
      assert.equal(name, `tacho_${server.port}`);
      assert.ok(!token.includes(value) && value.length >= 43);
      assert.deepEqual(attributes, ["Path=/", "Max-Age=2592000", "HttpOnly", "SameSite=Strict"]);
      const headers = { cookie: `other=1; ${pair}; x=y` };
      assert.equal((await server.ask("/", { headers })).status, 200);
      assert.equal(await socketStatus(server, headers), 101);
      assert.equal((await server.ask(HEALTH, write(headers))).status, status);
    }
  });

  test("a session can be used from our own page only, and ends when one leaves", async () => {
    const { pair, name } = cookieOf(await signIn(server, admin));
    const cookie = { cookie: pair };
    assert.equal((await server.ask(HEALTH, { headers: { ...cookie,
      origin: "https://evil.example" } })).status, 403);
    assert.equal(await socketStatus(server, { ...cookie, origin: "https://evil.example" }), 403);
    const left = await server.ask("/logout", { method: "POST", headers: { ...cookie, ...FORM } });
    assert.equal(left.status, 303);
    assert.deepEqual(cookieOf(left).attributes.slice(0, 2), ["Path=/", "Max-Age=0"]);
    assert.equal(cookieOf(left).name, name);
    assert.equal((await server.ask(HEALTH, { headers: cookie })).status, 401);
  });
});

describe("wrong tokens", () => {
  let server, read;
  before(async () => {
    server = new Server({ words: ["--require-token"] });
    read = await server.token("read");
    await server.start();
  });
  after(() => server.discard());

  const request = (token) =>
    `GET ${HEALTH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`;

  test("a wrong one is answered later than a right one that came after it", async () => {
    const order = [];
    const wrong = new Wire(server.port).send(request(`${read}x`));
    const first = wrong.says(/^HTTP\/1\.1 401 [^]*wrong_token/).then(() => order.push("wrong"));
    await until("the wrong one to be noticed",
      () => server.said.includes("a wrong token came from 127.0.0.1"));
    const right = new Wire(server.port).send(request(read));
    await right.says(/^HTTP\/1\.1 200 /).then(() => order.push("right"));
    await first;
    assert.deepEqual(order, ["right", "wrong"]);
    wrong.drop();
    right.drop();
  });

  test("the form does not say more: back to it, without a cookie", async () => {
    const answer = await signIn(server, "tacho_r_wrong");
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.location, "/login#wrong");
    assert.equal(answer.headers["set-cookie"], undefined);
  });

  test("many are refused at once, the right one never", async () => {
    const wires = Array.from({ length: 20 },
      (_, i) => new Wire(server.port).send(request(`tacho_a_${i}`)));
    const tooMany = () => wires.filter(({ text }) =>
      /^HTTP\/1\.1 429 [^]*Retry-After: 900/.test(text));
    await until("refusals", () => tooMany().length >= 10);
    assert.equal((await server.ask(HEALTH, { headers: bearer(read) })).status, 200);
    assert.equal((await signIn(server, "tacho_r_wrong")).headers.location, "/login#wait");
    assert.equal((await signIn(server, read)).headers.location, "/");
    for (const wire of wires)
      wire.drop();
  });

  test("no token is ever written to the log", () => {
    assert.ok(!server.said.includes("tacho_"), server.said);
  });
});

describe("secrets that are none", () => {
  test("a file that others can read, or a folder they can write, stops the start", async () => {
    const server = new Server({ words: ["--require-token"] });
    await server.token("read");
    chmodSync(server.secrets, 0o640);
    await assert.rejects(server.start(),
      /secrets\.json can be read by other users; run: chmod 600/);
    chmodSync(server.secrets, 0o600);
    chmodSync(server.folder, 0o777);
    await assert.rejects(server.start(), /settings can be written by other users; run: chmod 700/);
    await assert.rejects(server.token("read"), /can be written by other users/);
    chmodSync(server.folder, 0o700);
    writeFileSync(server.secrets, "[]");
    await assert.rejects(server.start(), /not a JSON object/);
    server.home.remove();
  });

  test("a file that becomes readable while we run opens nothing any more", async () => {
    const server = new Server({ words: ["--require-token"] });
    const token = await server.token("read");
    await server.start();
    assert.equal((await server.ask(HEALTH, { headers: bearer(token) })).status, 200);
    chmodSync(server.secrets, 0o644);
    assert.equal((await server.ask(HEALTH, { headers: bearer(token) })).status, 401);
    chmodSync(server.secrets, 0o600);
    assert.equal((await server.ask(HEALTH, { headers: bearer(token) })).status, 200);
    await server.discard();
  });
});

describe("on the network", () => {
  test("every address asks for a token, and clear text is said to be clear", async () => {
    const server = new Server({ words: ["--listen", "0.0.0.0"] });
    const token = await server.token("read");
    await server.start();
    try {
      assert.match(server.said, /without TLS: tokens travel in clear.*--tls-cert.*--base-path/);
      assert.equal((await server.ask(HEALTH)).status, 401);
      assert.equal((await server.ask(HEALTH, { headers: { ...bearer(token),
        host: "192.0.2.7:8224" } })).status, 200);
      assert.equal((await server.ask(HEALTH, { headers: { ...bearer(token),
        host: "evil.example" } })).status, 403);
    } finally {
      await server.discard();
    }
  });

  test("without any token it says how to make one", async () => {
    const server = await startServer({ words: ["--require-token"] });
    assert.match(server.said, /there is none yet; make one with: tacho token new/);
    await server.discard();
  });

  test("a port that is taken is said to be taken", async () => {
    const first = await startServer();
    const second = new Server({ words: [] });
    second.options.words.push("--port", `${first.port}`);
    await assert.rejects(second.start(),
      new RegExp(`port ${first.port} on 127\\.0\\.0\\.1 is taken`));
    second.home.remove();
    await first.discard();
  });
});

describe("TLS", () => {
  let server, token;
  before(async () => {
    server = new Server();
    const [cert, key] = ["cert.pem", "key.pem"].map((name) => join(server.folder, name));
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
      "-nodes",
      "-keyout", key, "-out", cert, "-subj", "/CN=localhost", "-days", "2"], { stdio: "ignore" });
    server.options.words = ["--require-token", "--tls-cert", cert, "--tls-key", key];
    token = await server.token("read");
    await server.start();
  });
  after(() => server.discard());

  test("requests, WebSockets and a secure cookie", async () => {
    assert.match(server.url, /^https:/);
    assert.equal((await server.ask(HEALTH, { secure: true, headers: bearer(token) })).status, 200);
    assert.equal(await socketStatus(server, bearer(token), "wss"), 101);
    const { attributes } = cookieOf(await signIn(server, token, { secure: true }));
    assert.deepEqual(attributes.slice(2), ["HttpOnly", "SameSite=Strict", "Secure"]);
  });

  test("HTTP/1.1 is what is spoken, over TLS 1.2 at least", async () => {
    const options = { port: server.port, host: "127.0.0.1", rejectUnauthorized: false };
    const socket = tls.connect({ ...options, ALPNProtocols: ["h2", "http/1.1"] });
    await within("a handshake", once(socket, "secureConnect"));
    assert.equal(socket.alpnProtocol, "http/1.1");
    socket.destroy();
    const old = tls.connect({ ...options, maxVersion: "TLSv1.1", minVersion: "TLSv1",
      ciphers: "ALL@SECLEVEL=0" });
    await within("a refusal", once(old, "error"));
  });

  test("clear text is not answered, and does no harm", async () => {
    const wire = new Wire(server.port).send(`GET ${HEALTH} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await wire.end();
    assert.doesNotMatch(wire.text, /HTTP/);
    assert.equal((await server.ask(HEALTH, { secure: true, headers: bearer(token) })).status, 200);
  });

  test("a certificate without its key is refused", async () => {
    const half = new Server({ words: ["--tls-cert", "/nowhere/cert.pem"] });
    await assert.rejects(half.start(), /--tls-cert and --tls-key go together/);
    half.options.words.push("--tls-key", "/nowhere/key.pem");
    await assert.rejects(half.start(), /\/nowhere\/cert\.pem/);
    half.home.remove();
  });
});
