// server.test.mjs: what the HTTP interface answers, and to whom.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { startServer } from "./lib/server.mjs";
import { until } from "./lib/until.mjs";

function assertError(answer, status, code, ...parts) {
  assert.equal(answer.status, status, answer.text);
  assert.deepEqual(Object.keys(answer.json), ["error"]);
  assert.deepEqual(Object.keys(answer.json.error), ["code", "message"]);
  assert.equal(answer.json.error.code, code);
  for (const part of parts)
    assert.ok(answer.json.error.message.includes(part),
      `${answer.json.error.message} names ${part}`);
}

describe("names and origins", () => {
  let server, port;
  before(async () => {
    server = await startServer({
      words: ["--host", "tacho.example.org", "--allow-origin", "https://dash.example.org",
        "--allow-origin", "http://localhost:5173"],
    });
    port = server.port;
  });
  after(() => server.discard());

  const health = (headers, more) => server.ask("/api/v1/health", { headers, ...more });

  test("a Host that we do not serve is refused, and the option that would allow it is named",
    async () => {
    for (const host of ["evil.example", `evil.example:${port}`, "localhost.evil.example",
      "10.1.2.3",
      "localhost:x", "[::2]", "127.0.0.1.evil.example"])
      assertError(await health({ host }), 403, "host_refused", "--host");
  });

  test("our names are served with any port, in any case", async () => {
    for (const host of ["localhost", "LOCALHOST:9999", "127.0.0.1:1", "[::1]:8224",
      "tacho.example.org"])
      assert.equal((await health({ host })).status, 200, host);
  });

  const foreign = ["https://evil.example", "null", `http://evil.example:${port}`,
    "http://127.0.0.1:1",
    "https://dash.example.org.evil.example", "http://dash.example.org",
      "https://dash.example.org:444", "file://"];

  test("pages of other sites may neither read nor write", async () => {
    for (const origin of foreign) {
      assertError(await health({ origin }), 403, "origin_refused", "--allow-origin");
      const post = await health({ origin, "content-type": "application/json" }, { method: "POST",
        body: "{}" });
      assertError(post, 403, "origin_refused", origin, "--allow-origin");
      assert.equal(post.headers["access-control-allow-origin"], undefined);
    }
  });

  test("pages of other sites get no preflight", async () => {
    for (const origin of foreign) {
      const answer = await health({ origin, "access-control-request-method": "GET" },
        { method: "OPTIONS" });
      assertError(answer, 403, "origin_refused");
      assert.equal(answer.headers["access-control-allow-methods"], undefined);
    }
  });

  test("our own page may ask, and needs no CORS for it", async () => {
    const own = { origin: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}` };
    const answer = await health(own);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["access-control-allow-origin"], undefined);
    assertError(await health({ ...own, "access-control-request-method": "GET" },
      { method: "OPTIONS" }),
      405, "method_not_allowed");
    assert.equal((await health({ origin: "http://localhost", host: "localhost" })).status, 200);
  });

  test("an allowed origin may read and asks before it writes", async () => {
    for (const origin of ["https://dash.example.org", "https://dash.example.org:443",
      "http://localhost:5173"]) {
      const answer = await health({ origin });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers["access-control-allow-origin"], origin);
      assert.match(answer.headers.vary, /Origin/);
      const preflight = await health({ origin, "access-control-request-method": "POST" },
        { method: "OPTIONS" });
      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers["access-control-allow-origin"], origin);
      assert.equal(preflight.headers["access-control-allow-methods"], "GET, POST, PATCH, DELETE");
      assert.equal(preflight.headers["access-control-allow-headers"],
        "content-type, authorization");
      assert.equal(preflight.headers["access-control-allow-credentials"], undefined);
    }
  });
});

describe("answers", () => {
  let server;
  before(async () => { server = await startServer(); });
  after(() => server.discard());

  test("every answer carries the security headers", async () => {
    for (const path of ["/", "/api/v1/health", "/nowhere", "/app-1.js", "/login"]) {
      const { headers } = await server.ask(path);
      const csp = headers["content-security-policy"];
      assert.match(csp, /^default-src 'none';/);
      assert.match(csp, /frame-ancestors 'none'/);
      assert.doesNotMatch(csp, /unsafe|http|\*/);
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.equal(headers["x-frame-options"], "DENY");
      assert.equal(headers["referrer-policy"], "no-referrer");
      assert.equal(headers["cross-origin-resource-policy"], "same-origin");
      assert.equal(headers["cross-origin-opener-policy"], "same-origin");
    }
  });

  test("unknown paths are 404, wrong methods 405 with what is allowed", async () => {
    assertError(await server.ask("/api/v1/nothing"), 404, "not_found", "/api/v1/nothing");
    for (const method of ["POST", "DELETE", "PUT", "TRACE", "BREW"]) {
      const answer = await server.ask("/api/v1/health", { method });
      assertError(answer, 405, "method_not_allowed", "/api/v1/health");
      assert.equal(answer.headers.allow, "GET, HEAD");
    }
    assert.equal((await server.ask("/login", { method: "PATCH" })).headers.allow,
      "GET, HEAD, POST");
  });

  test("HEAD answers as GET does, without the body", async () => {
    for (const path of ["/", "/api/usage/daily", "/nowhere"]) {
      const get = await server.ask(path);
      const head = await server.ask(path, { method: "HEAD" });
      assert.equal(head.status, get.status);
      assert.equal(head.text, "");
      for (const name of ["content-length", "content-type", "etag"])
        assert.equal(head.headers[name], get.headers[name], `${name} of ${path}`);
    }
  });

  test("what the client has already is not sent again, until the ledger changes", async () => {
    const path = "/api/v1/report?by=day";
    const first = await server.ask(path);
    assert.equal(first.headers["cache-control"], "no-store");
    const known = { headers: { "if-none-match": `"x", W/${first.headers.etag}` } };
    const same = await server.ask(path, known);
    assert.equal(same.status, 304);
    assert.equal(same.text, "");
    assert.equal(same.headers.etag, first.headers.etag);
    server.change();
    const next = await until("another answer", async () => {
      const answer = await server.ask(path, known);
      return answer.status === 200 && answer;
    });
    assert.equal(next.json.totals.totalTokens, first.json.totals.totalTokens + 1000);
  });

  test("files with a hash in their name are kept for ever, and sent as gzip to who takes it",
    async () => {
    const plain = await server.ask("/app-1.js");
    assert.match(plain.headers["cache-control"], /immutable/);
    assert.equal(plain.headers["content-encoding"], undefined);
    const packed = await fetch(`${server.url}app-1.js`); // unpacks by itself
    assert.equal(packed.headers.get("content-encoding"), "gzip");
    assert.equal(await packed.text(), plain.text);
    assert.notEqual(packed.headers.get("etag"), plain.headers.etag);
    assert.equal((await server.ask("/")).headers["cache-control"], "no-store");
  });

  test("the number of days is clamped, strange numbers mean 14, strange keys nothing", async () => {
    const today = new Date().toISOString().slice(0, 10);
    for (const query of ["", "?days=1", "?days=90", "?days=0", "?days=91", "?days=x",
      "?what=ever&days=3"]) {
      const { json } = await server.ask(`/api/usage/daily${query}`);
      assert.deepEqual(Object.keys(json[0]), ["date", "tokens_total", "tokens_input",
        "tokens_output",
        "tokens_cache_read", "tokens_cache_create", "run_count"]);
      assert.equal(json[0].date, today);
    }
  });

  test("a bad value of a known key is refused with what would be allowed", async () => {
    for (const [query, ...parts] of [["by=moon", "by", "moon", "day, week"], ["since=yester",
      "since"],
      ["until=2026-02-30", "2026-02-30"], ["tz=Mars/Phobos", "tz", "Mars/Phobos"],
        ["tz=../../etc/passwd", "tz"],
      ["order=up", "asc or desc"], ["limit=-1", "limit"], ["offset=1e3", "offset"], ["limit=",
        "limit"], ["last=0", "last", "36500"], ["by=model&last=2", "by=day"],
      ["week_start=monday", "mon, tue"], ["active=perhaps", "1 or 0"],
      ["token_limit=much", "max"], ["hours=0", "168"]])
      assertError(await server.ask(`/api/v1/report?${query}`), 400, "bad_parameter", ...parts);
    for (const by of ["day", "week", "month", "model", "agent", "project", "machine",
      "session", "block"])
      assert.equal((await server.ask(`/api/v1/report?by=${by}&tz=Asia%2FKathmandu&limit=1`)).status,
        200);
  });

  test("a report can be filtered, and is cut where words say", async () => {
    const all = (await server.ask("/api/v1/report?by=day")).json;
    const model = all.daily[0].modelBreakdowns[0].modelName;
    const some = (await server.ask(`/api/v1/report?by=model&model=${model}&model=nobody`)).json;
    assert.deepEqual(some.models.map((row) => row.name), [model]);
    assert.equal((await server.ask("/api/v1/report?by=day&agent=nobody")).json.totals.events, 0);
    const week = (await server.ask("/api/v1/report?since=7d&until=today&breakdown=1")).json;
    assert.equal(week.daily.length > 0, true);
    assert.deepEqual((await server.ask("/api/v1/report?last=7")).json.totals, week.totals);
  });

  test("sessions and blocks add up to the days they are of", async () => {
    const all = (await server.ask("/api/v1/report?by=day")).json;
    const sessions = (await server.ask("/api/v1/report?by=session")).json;
    assert.equal(sessions.totals.totalTokens, all.totals.totalTokens);
    const one = sessions.session[0];
    assert.equal(typeof one.metadata.lastActivity, "string");
    const alone = (await server.ask(`/api/v1/report?by=session&session=${
      encodeURIComponent(one.period)}`)).json;
    assert.deepEqual(alone.session[0], one);
    const blocks = (await server.ask("/api/v1/report?by=block&token_limit=max")).json;
    assert.equal(blocks.totals.totalTokens, all.totals.totalTokens);
    assert.equal(blocks.blocks.filter((row) => !row.isGap).length > 0, true);
  });

  test("the live document has every key, and numbers that agree", async () => {
    const { json } = await server.ask("/api/v1/live");
    assert.deepEqual(Object.keys(json), ["type", "revision", "at", "timezone", "day", "today",
      "week", "costMode",
      "burn_rate", "last_event_at", "reading", "paused"]);
    assert.equal(json.type, "live");
    assert.equal(json.today.period, json.day);
    assert.deepEqual(Object.keys(json.today), Object.keys(json.week));
    assert.ok(json.week.totalTokens >= json.today.totalTokens);
    assert.equal(typeof json.last_event_at, "number");
  });

  test("health tells what the daemon adds", async () => {
    const { json } = await server.ask("/api/v1/health");
    assert.equal(json.ok, true);
    assert.equal(json.fixture, "yes");
    assert.ok(json.ledger.events >= 1);
  });

  test("OpenAPI describes every path that there is", async () => {
    const { json } = await server.ask("/api/openapi.json");
    assert.equal(json.openapi, "3.1.0");
    for (const [path, methods] of Object.entries(json.paths))
      for (const method of Object.keys(methods)) {
        const { status } = await server.ask(path, { method: method.toUpperCase() });
        const wrong = path.includes("{") ? [405] : [404, 405]; // nothing is called "{id}"
        assert.ok(!wrong.includes(status), `${method} ${path}: ${status}`);
      }
  });

  test("writes must be JSON, forms only where a form is; GET has no body", async () => {
    const post = (path, type, body) => server.ask(path, { method: "POST", body,
      headers: { "content-type": type } });
    assertError(await post("/login", "application/json", "{}"), 415, "unsupported_media_type",
      "form");
    assertError(await post("/login", "text/plain", "token=x"), 415, "unsupported_media_type");
    assertError(await post("/login", "application/x-www-form-urlencoded", "x".repeat(5000)), 413,
      "body_too_large");
    assertError(await server.ask("/", { headers: { "content-length": "3" }, body: "abc" }), 400,
      "unexpected_body");
  });
});

describe("behind a proxy", () => {
  let server;
  before(async () => {
    server = await startServer({
      words: ["--base-path", "/tacho/", "--trust-proxy", "127.0.0.1", "--host",
        "public.example.org"],
    });
  });
  after(() => server.discard());

  test("the base path is taken off, and may have been taken off already", async () => {
    for (const path of ["/tacho/api/v1/health", "/api/v1/health"])
      assert.equal((await server.ask(path)).status, 200, path);
    assert.equal((await server.ask("/tachograph/api/v1/health")).status, 404);
    const bare = await server.ask("/tacho");
    assert.equal(bare.status, 308);
    assert.equal(bare.headers.location, "/tacho/");
    assert.match(server.url, /\/tacho\/$/);
  });

  test("a trusted proxy says under which name it is reached", async () => {
    const forwarded = (name, origin) => server.ask("/api/v1/health",
      { headers: { host: "localhost", "x-forwarded-host": name, ...origin && { origin } } });
    assert.equal((await forwarded("public.example.org")).status, 200);
    assert.equal((await forwarded("public.example.org", "https://public.example.org")).status, 200);
    assertError(await forwarded("evil.example"), 403, "host_refused");
  });

  test("nobody else does", async () => {
    const other = await startServer({ words: ["--host", "public.example.org"] });
    try {
      const headers = { host: "localhost", "x-forwarded-host": "public.example.org",
        origin: "https://public.example.org" };
      assertError(await other.ask("/api/v1/health", { headers }), 403, "origin_refused");
    } finally {
      await other.discard();
    }
  });
});
