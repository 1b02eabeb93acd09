// server_socket.test.mjs: WebSockets: who gets in, what they hear, and who is shown the door.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { after, afterEach, before, describe, test } from "node:test";
import WebSocket from "ws";

import { Wire, startServer } from "./lib/server.mjs";
import { until, within } from "./lib/until.mjs";

const GOING_AWAY = 1001, PROTOCOL_ERROR = 1002, TOO_BIG = 1009;
const EVENT = 1000; // tokens that a change adds

const opened = [];

/** A client that keeps what it hears. */
async function listen(server, { path = "/api/ws/live", ...options } = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, options);
  const client = { socket, heard: [], pings: 0, code: null };
  opened.push(socket);
  socket.on("message", (data, binary) => {
    assert.equal(binary, false);
    client.heard.push(JSON.parse(data.toString("utf8")));
  });
  socket.on("ping", () => { client.pings++; });
  socket.on("close", (code) => { client.code = code; });
  socket.on("error", () => {});
  await within("the socket to open", once(socket, "open"));
  await until("the first document", () => client.heard.length);
  return client;
}

/** What a refused upgrade is answered. */
async function refused(server, { path = "/api/ws/live", ...options } = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, options);
  opened.push(socket);
  socket.on("error", () => {});
  const [, answer] = await within("an answer", once(socket, "unexpected-response"));
  const text = Buffer.concat(await answer.toArray()).toString("utf8");
  return { status: answer.statusCode, headers: answer.headers, error: JSON.parse(text).error };
}

function upgrade(...headers) {
  return ["GET /api/ws/live HTTP/1.1", "Host: localhost", "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", ...headers, "",
      ""].join("\r\n");
}

/** A client's frame, as it should be or worse. */
function frame(first, payload = "", { masked = true, length } = {}) {
  const body = Buffer.from(payload);
  const size = length ?? body.length;
  const head = [first];
  if (size < 126)
    head.push((masked ? 0x80 : 0) | size);
  else
    head.push((masked ? 0x80 : 0) | 126, size >> 8, size & 0xff);
  const mask = masked ? randomBytes(4) : Buffer.alloc(0);
  const bytes = masked ? body.map((byte, i) => byte ^ mask[i % 4]) : body;
  return Buffer.concat([Buffer.from(head), mask, bytes]).toString("latin1");
}

afterEach(() => {
  for (const socket of opened.splice(0))
    socket.terminate();
});

describe("listening", () => {
  let server;
  before(async () => { server = await startServer({ words: ["--allow-origin",
    "https://dash.example.org"] }); });
  after(() => server.discard());

  test("the handshake is the one of RFC 6455, the first frame the live document", async () => {
    const wire = new Wire(server.port).send(upgrade());
    await wire.says(/"type":"live"/);
    assert.match(wire.text, /^HTTP\/1\.1 101 /);
    assert.match(wire.text, /\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/);
    assert.doesNotMatch(wire.text, /Sec-WebSocket-Extensions/);
    wire.drop();
  });

  test("a change reaches everybody, with the same bytes", async () => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => listen(server)));
    const total = clients[0].heard[0].today.totalTokens;
    server.change();
    for (const client of clients)
      await until("the new total", () => client.heard.at(-1).today.totalTokens === total + EVENT);
    const newest = clients.map((client) => JSON.stringify(client.heard.at(-1)));
    assert.equal(new Set(newest).size, 1);
    assert.equal((await server.ask("/api/v1/live")).json.today.totalTokens, total + EVENT);
  });

  test("what comes fast is told less often, and the last of it always", async () => {
    const client = await listen(server);
    const before = client.heard[0];
    server.changes();
    await until("many changes", () => client.heard.at(-1).revision >= before.revision + 60, 30_000);
    server.changes();
    await until("the newest document", async () => {
      const { json } = await server.ask("/api/v1/live");
      return json.revision === client.heard.at(-1).revision;
    });
    const { revision, today } = client.heard.at(-1);
    assert.equal(today.totalTokens - before.today.totalTokens,
      (revision - before.revision) * EVENT);
    assert.ok(client.heard.length - 1 < revision - before.revision,
      `${client.heard.length} documents`);
  });

  test("what clients say is ignored, up to 64 KiB", async () => {
    const client = await listen(server);
    client.socket.send("hello");
    client.socket.send(randomBytes(64 << 10));
    client.socket.ping("are you there");
    const [data] = await within("a pong", once(client.socket, "pong"));
    assert.equal(data.toString(), "are you there");
    assert.equal(client.code, null);
    assert.equal(client.heard.length, 1);
  });

  test("a longer message ends the connection, also in pieces", async () => {
    const whole = await listen(server);
    whole.socket.send(randomBytes((64 << 10) + 1));
    assert.equal(await until("the close", () => whole.code), TOO_BIG);
    const pieces = await listen(server);
    for (let i = 0; i < 3; i++)
      pieces.socket.send(randomBytes(30 << 10), { fin: i === 2 });
    assert.equal(await until("the close", () => pieces.code), TOO_BIG);
  });

  const wrong = [
    ["a frame without a mask", frame(0x81, "x", { masked: false })],
    ["a reserved bit", frame(0xc1, "x")],
    ["an unknown opcode", frame(0x83, "x")],
    ["an unknown control", frame(0x8b, "x")],
    ["a ping in pieces", frame(0x09, "x")],
    ["a long ping", frame(0x89, "x".repeat(126))],
    ["a piece of nothing", frame(0x80, "x")],
    ["a text within a text", frame(0x01, "x") + frame(0x81, "x")],
  ];
  for (const [what, bytes] of wrong)
    test(`${what} is against the protocol`, async () => {
      const wire = new Wire(server.port).send(upgrade());
      await wire.says(/"type":"live"/);
      wire.send(bytes);
      await wire.end();
      assert.equal(wire.text.slice(-4),
        `\x88\x02${String.fromCharCode(PROTOCOL_ERROR >> 8, PROTOCOL_ERROR & 0xff)}`);
      wire.drop();
    });

  test("frames may come byte by byte, and before the handshake is answered", async () => {
    const wire = new Wire(server.port).send(upgrade() + frame(0x89, "early"));
    await wire.says(/\x8a\x05early/);
    for (const [bytes, answer] of [[frame(0x01, "a text") + frame(0x89, "between"),
      /\x8a\x07between/],
      [frame(0x80, "and its end") + frame(0x89, "late"), /\x8a\x04late/]]) {
      for (const byte of bytes) {
        wire.send(byte);
        await new Promise(setImmediate);
      }
      await wire.says(answer);
    }
    wire.drop();
  });

  test("a close is answered with a close", async () => {
    const client = await listen(server);
    client.socket.close(1000);
    assert.equal(await until("the close", () => client.code), 1000);
  });

  test("an unknown path is 404 before the upgrade, a page's path too", async () => {
    for (const path of ["/api/ws/nothing", "/api/v1/health", "/"]) {
      const { status, error } = await refused(server, { path });
      assert.equal(status, 404, path);
      assert.equal(error.code, "not_found");
    }
  });

  test("another version, no key or a bad one: told what would do", async () => {
    for (const [name, value] of [["Sec-WebSocket-Version", "12"], ["Sec-WebSocket-Key", "short"]]) {
      const wire = new Wire(server.port).send(upgrade().replace(new RegExp(`${name}: [^\\r]*`),
        `${name}: ${value}`));
      await wire.says(/\}$/);
      assert.match(wire.text, /^HTTP\/1\.1 426 [^]*Sec-WebSocket-Version: 13/);
      wire.drop();
    }
    assert.equal((await server.ask("/api/ws/live")).status, 426);
  });

  test("pages of other sites may not listen, allowed ones may", async () => {
    for (const origin of ["https://evil.example", "null", "http://localhost:1"]) {
      const { status, error } = await refused(server, { origin });
      assert.equal(status, 403);
      assert.match(error.message, /--allow-origin/);
    }
    assert.equal((await refused(server, { headers: { host: "evil.example" } })).status, 403);
    await listen(server, { origin: "https://dash.example.org" });
    await listen(server, { origin: `http://127.0.0.1:${server.port}` });
  });
});

describe("slow readers", () => {
  let server;
  before(async () => { server = await startServer({ patience: { take: 500 } }); });
  after(() => server.discard());

  test("one that takes nothing is dropped, and nobody else waits for it", async () => {
    const healthy = await listen(server);
    const slow = new Wire(server.port).send(upgrade());
    await slow.says(/"type":"live"/);
    slow.socket.pause();
    server.changes();
    await until("the slow one to be dropped",
      () => server.said.includes("took nothing for too long"), 60_000);
    const seen = healthy.heard.at(-1).revision;
    await until("later documents", () => healthy.heard.at(-1).revision > seen);
    server.changes();
    assert.equal(healthy.code, null);
    slow.socket.resume();
    await slow.end();
    slow.drop();
  });

  test("one that takes its time gets the newest then, not all that lay between", async () => {
    const patient = await startServer();
    try {
      const [healthy, slow] = await Promise.all([listen(patient), listen(patient)]);
      slow.socket.pause();
      patient.changes();
      await until("more than what fits into the pipe", () => healthy.heard.length > 600, 60_000);
      slow.socket.resume();
      patient.changes();
      await until("the newest document", async () => {
        const { json } = await patient.ask("/api/v1/live");
        return [slow, healthy].every(({ heard }) => heard.at(-1).revision === json.revision);
      });
      assert.ok(slow.heard.length < healthy.heard.length - 50,
        `${slow.heard.length} of ${healthy.heard.length}`);
    } finally {
      await patient.discard();
    }
  });
});

describe("dead and leaving", () => {
  let server;
  before(async () => { server = await startServer({ patience: { ping: 400 } }); });
  after(() => server.discard());

  test("who answers no ping is dropped, who does stays", async () => {
    const alive = await listen(server);
    const dead = new Wire(server.port).send(upgrade());
    await dead.says(/"type":"live"/);
    await dead.end();
    await until("pings", () => alive.pings >= 3);
    assert.equal(alive.code, null);
    dead.drop();
  });

  test("at the end everybody is told that we go", async () => {
    const other = await startServer();
    const clients = await Promise.all([listen(other), listen(other)]);
    assert.equal(await other.stop(), 0);
    for (const client of clients)
      assert.equal(await until("the close", () => client.code), GOING_AWAY);
    other.home.remove();
  });
});
