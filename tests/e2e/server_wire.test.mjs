// server_wire.test.mjs: what goes over the wire, byte by byte: strictness, limits and patience.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { CONNECTIONS, Wire, startServer, tell } from "./lib/server.mjs";
import { until } from "./lib/until.mjs";

const CRLF = "\r\n";
const NEXT = `GET /api/v1/health HTTP/1.1${CRLF}Host: localhost${CRLF}${CRLF}`;

function head(line, ...headers) {
  return [line, "Host: localhost", ...headers, "", ""].join(CRLF);
}

const POST = "POST /login HTTP/1.1";
const FORM = "Content-Type: application/x-www-form-urlencoded";

describe("requests that two programs could read in two ways", () => {
  let server;
  before(async () => { server = await startServer(); });
  after(() => server.discard());

  const cases = [
    ["both lengths", 400, head(POST, FORM, "Content-Length: 4",
      "Transfer-Encoding: chunked") + "0\r\n\r\n"],
    ["both lengths, the other way round", 400, head(POST, FORM, "Transfer-Encoding: chunked",
      "Content-Length: 4") + "0\r\n\r\n"],
    ["chunks", 400, head(POST, FORM, "Transfer-Encoding: chunked") + "0\r\n\r\n"],
    ["an unknown coding", 400, head(POST, FORM, "Transfer-Encoding: xchunked",
      "Content-Length: 0")],
    ["a coding with a blank before the colon", 400, head(POST, FORM, "Transfer-Encoding : chunked",
      "Content-Length: 0")],
    ["a coding in a folded line", 400, head(POST, FORM, "X: y", " Transfer-Encoding: chunked",
      "Content-Length: 0")],
    ["two lengths", 400, head(POST, FORM, "Content-Length: 0", "Content-Length: 44")],
    ["two equal lengths", 400, head(POST, FORM, "Content-Length: 0", "content-length: 0")],
    ["a list of lengths", 400, head(POST, FORM, "Content-Length: 0, 0")],
    ["a signed length", 400, head(POST, FORM, "Content-Length: +0")],
    ["a negative length", 400, head(POST, FORM, "Content-Length: -1")],
    ["a length in hex", 400, head(POST, FORM, "Content-Length: 0x10")],
    ["an endless length", 400, head(POST, FORM, "Content-Length: 99999999999999999999999999")],
    ["an empty length", 400, head(POST, FORM, "Content-Length:")],
    ["a length for a GET", 400, head("GET / HTTP/1.1", `Content-Length: ${NEXT.length}`)],
    ["bare LF", 400, "GET / HTTP/1.1\nHost: localhost\n\n"],
    ["one bare LF", 400, "GET / HTTP/1.1\r\nX: y\nHost: localhost\r\n\r\n"],
    ["an end in bare LF", 400, "GET / HTTP/1.1\r\nHost: localhost\n\r\n"],
    ["bare CR", 400, head("GET / HTTP/1.1", "X: a\rb")],
    ["a NUL in a header", 400, head("GET / HTTP/1.1", "X: a\0b")],
    ["a header without a colon", 400, head("GET / HTTP/1.1", "Nonsense")],
    ["a header without a name", 400, head("GET / HTTP/1.1", ": x")],
    ["an empty line in front", 400, `${CRLF}${head("GET / HTTP/1.1")}`],
    ["two hosts", 400, head("GET / HTTP/1.1", "Host: localhost")],
    ["no host", 400, `GET / HTTP/1.1${CRLF}X: y${CRLF}${CRLF}`],
    ["another site as target", 400, head("GET http://evil.example/ HTTP/1.1")],
    ["no path as target", 400, head("OPTIONS * HTTP/1.1")],
    ["a tunnel", 400, head("CONNECT localhost:22 HTTP/1.1")],
    ["a broken escape", 400, head("GET /%zz HTTP/1.1")],
    ["an escaped NUL", 400, head("GET /%00 HTTP/1.1")],
    ["a cut escape", 400, head("GET /?a=%4 HTTP/1.1")],
    ["a raw byte in the target", 400, head("GET /\xff HTTP/1.1")],
    ["two blanks", 400, head("GET  / HTTP/1.1")],
    ["an unknown version", 505, head("GET / HTTP/2.0")],
    ["the preface of HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["no version", 400, "GET /\r\n\r\n"],
    ["an unmet expectation", 417, head("GET / HTTP/1.1", "Expect: miracles")],
    ["too many query keys", 400, head(`GET /?${"a=1&".repeat(40)} HTTP/1.1`)],
    ["too many headers", 431, head("GET / HTTP/1.1", ...Array(200).fill("X: y"))],
    ["too large a head", 431, head("GET / HTTP/1.1", `X: ${"y".repeat(20_000)}`)],
    ["an endless head", 431, `GET / HTTP/1.1${CRLF}X: ${"y".repeat(40_000)}`],
    ["too long a line", 414, head(`GET /${"y".repeat(9000)} HTTP/1.1`)],
    ["an endless line", 414, "GET /".padEnd(40_000, "y")],
    ["too large a body", 413, head(POST, FORM, "Content-Length: 9000000")],
  ];
  for (const [what, status, bytes] of cases)
    test(`${what}: ${status}, and what comes behind is not read`, async () => {
      const wire = await tell(server, bytes + NEXT);
      assert.match(wire.text, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.match(wire.text, /\r\nConnection: close\r\n/);
      assert.equal(wire.answers, 1, wire.text);
    });

  test("requests sent on ahead get one answer, and are then closed", async () => {
    for (const first of [head("GET /api/v1/health HTTP/1.1"), head(POST, FORM,
      "Content-Length: 7") + "token=x"]) {
      const wire = await tell(server, first + NEXT + NEXT);
      assert.equal(wire.answers, 1, wire.text);
      assert.match(wire.text, /Connection: close/);
    }
  });

  test("a body that comes in pieces is one body", async () => {
    const wire = new Wire(server.port);
    for (const piece of head(POST, FORM, "Content-Length: 7", "Connection: close") + "token=x") {
      wire.send(piece);
      await new Promise(setImmediate);
    }
    await wire.end();
    assert.match(wire.text, /^HTTP\/1\.1 303 /);
  });

  test("one connection serves one request after another", async () => {
    const wire = new Wire(server.port);
    for (let i = 1; i <= 3; i++) {
      wire.send(NEXT);
      await until(`answer ${i}`, () => wire.answers === i && wire.text.endsWith("}"));
      assert.doesNotMatch(wire.text, /Connection: close/);
    }
    wire.send(head("GET / HTTP/1.1", "Connection: close"));
    await wire.end();
    assert.equal(wire.answers, 4);
  });

  test("HTTP/1.0 is answered and closed", async () => {
    const wire = await tell(server, head("GET / HTTP/1.0", "Connection: keep-alive"));
    assert.match(wire.text, /^HTTP\/1\.1 200 /);
  });

  test("an upgrade to HTTP/2 is not taken up", async () => {
    const wire = await tell(server, head("GET / HTTP/1.1",
      "Connection: Upgrade, HTTP2-Settings, close",
      "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"));
    assert.match(wire.text, /^HTTP\/1\.1 200 /);
  });

  test("who asks first is told to go on", async () => {
    const wire = new Wire(server.port);
    wire.send(head(POST, FORM, "Content-Length: 7", "Expect: 100-continue"));
    await wire.says(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    wire.send("token=x");
    await wire.says(/HTTP\/1\.1 303 /);
    wire.drop();
  });

  test("a message names what was asked without letting it break out", async () => {
    const wire = await tell(server, head("GET /%22%3C%5C HTTP/1.1", "Connection: close"));
    assert.equal(JSON.parse(wire.text.split("\r\n\r\n")[1]).error.message,
      'There is no /"<\\ here.');
  });
});

describe("patience", () => {
  let server;
  before(async () => {
    server = await startServer({ patience: { next: 400, head: 300, body: 300, answer: 300 } });
  });
  after(() => server.discard());

  test("a head that trickles in is given up", async () => {
    const wire = new Wire(server.port);
    const trickle = setInterval(() => wire.send("X: y\r\n"), 20);
    wire.send("GET / HTTP/1.1\r\n");
    await wire.end();
    clearInterval(trickle);
    assert.equal(wire.text, "");
    wire.drop();
  });

  test("a body that trickles in is given up", async () => {
    const wire = new Wire(server.port);
    wire.send(head(POST, FORM, "Content-Length: 4000"));
    const trickle = setInterval(() => wire.send("x"), 20);
    await wire.end();
    clearInterval(trickle);
    wire.drop();
  });

  test("who says nothing is given up, at once or after an answer", async () => {
    const silent = new Wire(server.port);
    const idle = new Wire(server.port).send(NEXT);
    await idle.says(/\}$/);
    await silent.end();
    await idle.end();
    assert.equal(idle.answers, 1);
    assert.doesNotMatch(idle.text, /Connection: close/);
  });

  test("refusing an upload does not hide the answer behind a reset", async () => {
    const wire = new Wire(server.port);
    wire.send(head(POST, FORM, "Content-Length: 8000000"));
    wire.send("x".repeat(1 << 20));
    await wire.end();
    assert.match(wire.text, /^HTTP\/1\.1 413 /);
    wire.drop();
  });
});

describe("many connections", () => {
  let server;
  before(async () => { server = await startServer(); });
  after(() => server.discard());

  test("beyond the cap one is refused, those within live on, and a free place is given again",
    async () => {
    const wires = Array.from({ length: CONNECTIONS }, () => new Wire(server.port));
    const last = wires[wires.length - 1].send(NEXT);
    await last.says(/^HTTP\/1\.1 200 /);
    const refused = new Wire(server.port);
    await refused.end();
    assert.match(refused.text, /^HTTP\/1\.1 503 [^]*Retry-After: 5[^]*"too_many_connections"/);
    wires[0].send(NEXT);
    await wires[0].says(/^HTTP\/1\.1 200 /);
    wires[1].drop();
    await until("a free place", async () => (await server.ask("/api/v1/health")).status === 200);
    for (const wire of wires)
      wire.drop();
  });
});
