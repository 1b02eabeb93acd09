// limits.test.mjs: rate limits, from a line that tells of them to the frames that clients get.
//
// Frames are compared byte by byte: existing clients read them.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { once } from "node:events";
import { execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import WebSocket from "ws";

import { Home, response } from "./lib/home.mjs";
import { spawnTacho, startDaemon, tacho, tachod } from "./lib/programs.mjs";
import { until, within } from "./lib/until.mjs";

/** What the ledger answers. */
function query(home, sql) {
  return new Promise((done, fail) => execFile("sqlite3", ["-readonly", home.db, sql],
    (error, out) => error ? fail(error) : done(out.trim())));
}

const HOUR = 3_600_000;
const UNIFIED = "anthropic-ratelimit-unified-";

/** A response with what its headers said of the windows: { "5h": [used, resetMs], … }. */
function limited(windows, at = Date.now()) {
  const line = JSON.parse(response({ at }));
  line.rateLimits = {};
  for (const [name, [used, reset]] of Object.entries(windows)) {
    line.rateLimits[`${UNIFIED}${name}-tokens-limit`] = 1000;
    line.rateLimits[`${UNIFIED}${name}-tokens-remaining`] = `${1000 - used}`;
    line.rateLimits[`${UNIFIED}${name}-reset`] = Math.floor(reset / 1000);
  }
  return JSON.stringify(line);
}

/** Whole seconds, as headers tell them. */
const inFuture = (ms) => Math.floor((Date.now() + ms) / 1000) * 1000;

class Socket {
  texts = [];

  static async open(daemon, path) {
    const self = new Socket();
    self.socket = new WebSocket(daemon.url.replace("http", "ws") + path);
    self.socket.on("message", (data) => self.texts.push(data.toString("utf8")));
    await within("the socket to open", once(self.socket, "open"));
    return self;
  }

  /** The first frame not taken yet. */
  next() {
    return until("a frame", () => this.texts.length > 0).then(() => this.texts.shift());
  }

  close() {
    this.socket.terminate();
  }
}

/** The bytes of a snapshot with these buckets; pacing moves, so its delta is the frame's own. */
function snapshot(text, at, buckets) {
  const got = JSON.parse(text);
  const pacing = {};
  for (const { id, utilization, reset_at: reset, window_started_at: start } of buckets) {
    const { delta } = got.state.pacing[id];
    const zone = reset === null ? "none"
      : delta >= 0.25 ? "hot" : delta <= -0.2 ? "chill" : "on_track";
    if (reset !== null) {
      const elapsed = (Date.now() - start) / (reset - start);
      assert.ok(Math.abs(delta - (utilization - Math.min(1, Math.max(0, elapsed)))) < 0.01);
    }
    pacing[id] = { delta, zone };
  }
  return JSON.stringify({
    type: "snapshot",
    state: { plan: null, observed_at: at, last_error: null, last_error_at: null, buckets, pacing },
  });
}

const EMPTY = '{"plan":null,"observed_at":null,"last_error":"missing_credentials",' +
  '"last_error_at":null,"buckets":[],"pacing":{}}';

describe("the usage socket", () => {
  let home, daemon, socket;
  beforeEach(async () => {
    home = new Home();
    daemon = await startDaemon(home);
    socket = await Socket.open(daemon, "/api/ws/usage");
  });
  afterEach(async () => {
    socket?.close();
    await daemon?.discard();
    home.remove();
  });

  test("says on connect that nothing was seen yet, as GET does", async () => {
    assert.equal(await socket.next(), `{"type":"snapshot","state":${EMPTY}}`);
    const answer = await fetch(`${daemon.url}/api/usage`);
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), EMPTY);
  });

  test("sends a snapshot for a line that tells of limits, and none for one that does not",
    async () => {
      await socket.next();
      home.append("shop/a.jsonl", response());
      await daemon.holds(104);
      const at = Date.now(), reset = inFuture(2 * HOUR), week = inFuture(72 * HOUR);
      home.append("shop/a.jsonl", limited({ "7d": [100, week], "5h": [500, reset] }, at));
      const text = await socket.next();
      assert.equal(text, snapshot(text, at, [
        { id: "five_hour", utilization: 0.5, reset_at: reset, window_started_at: reset - 5 * HOUR },
        { id: "weekly", utilization: 0.1, reset_at: week, window_started_at: week - 168 * HOUR },
      ]));
      assert.deepEqual(socket.texts, []);
    });

  test("tells of a threshold once, of the highest of two, and again in a new window", async () => {
    await socket.next();
    const reset = inFuture(HOUR / 60), later = reset + 5 * HOUR;
    home.append("shop/a.jsonl", limited({ "5h": [760, reset] }));
    assert.match(await socket.next(), /"utilization":0.76,/);
    assert.equal(await socket.next(),
      `{"type":"threshold_crossed","bucket_id":"five_hour","threshold":75,"reset_at":${reset}}`);
    home.append("shop/a.jsonl", limited({ "5h": [800, reset] }));
    assert.match(await socket.next(), /"utilization":0.8,/);
    home.append("shop/a.jsonl", limited({ "5h": [950, later] }));
    assert.match(await socket.next(), /"utilization":0.95,/);
    assert.equal(await socket.next(),
      `{"type":"threshold_crossed","bucket_id":"five_hour","threshold":90,"reset_at":${later}}`);
    home.append("shop/a.jsonl", limited({ "5h": [960, later] }));
    assert.match(await socket.next(), /"utilization":0.96,/);
    assert.deepEqual(socket.texts, []);
  });

  test("an older line changes nothing", async () => {
    await socket.next();
    const reset = inFuture(2 * HOUR);
    home.append("shop/a.jsonl", limited({ "5h": [500, reset] }));
    await socket.next();
    home.append("shop/b.jsonl", limited({ "5h": [990, reset] }, Date.now() - 60_000));
    await daemon.holds(208);
    assert.equal((await daemon.get("/api/usage")).buckets[0].utilization, 0.5);
    assert.deepEqual(socket.texts, []);
  });

  test("empties a bucket at the moment of its reset, without any line", async () => {
    await socket.next();
    const at = Date.now();
    home.append("shop/a.jsonl", limited({ "5h": [500, at + 2500] }, at));
    assert.match(await socket.next(), /"utilization":0.5,/);
    const text = await socket.next();
    assert.ok(Date.now() >= Math.floor((at + 2500) / 1000) * 1000);
    assert.equal(text, snapshot(text, at,
      [{ id: "five_hour", utilization: 0, reset_at: null, window_started_at: null }]));
  });

  test("the socket of states says nothing on connect", async () => {
    const states = await Socket.open(daemon, "/api/ws/states");
    home.append("shop/a.jsonl", limited({ "5h": [500, inFuture(HOUR)] }));
    await socket.next();
    await socket.next();
    assert.deepEqual(states.texts, []);
    states.close();
  });
});

describe("a crossing while nobody served", () => {
  let home, daemon;
  beforeEach(() => { home = new Home(); });
  afterEach(async () => {
    await daemon?.discard();
    home.remove();
  });

  test("is announced by the next daemon, and by no later one", async () => {
    home.append("shop/a.jsonl", limited({ "5h": [800, inFuture(2 * HOUR)] }));
    assert.equal((await tacho(home, "daily")).code, 0); // keeps the sighting, announces nothing
    for (let i = 0; i < 2; i++) {
      daemon = await startDaemon(home);
      await daemon.holds(104);
      await daemon.signal("SIGKILL");
    }
    daemon = await startDaemon(home);
    const socket = await Socket.open(daemon, "/api/ws/usage");
    assert.match(await socket.next(), /"utilization":0.8,/);
    home.append("shop/a.jsonl", limited({ "5h": [810, inFuture(2 * HOUR)] }));
    assert.match(await socket.next(), /"utilization":0.81,/);
    assert.deepEqual(socket.texts, []);
    socket.close();
  });

  test("of old is not announced at all", async () => {
    home.append("shop/a.jsonl", limited({ "5h": [800, inFuture(2 * HOUR)] }, Date.now() - HOUR));
    daemon = await startDaemon(home);
    const socket = await Socket.open(daemon, "/api/ws/usage");
    await socket.next();
    home.append("shop/a.jsonl", limited({ "5h": [810, inFuture(2 * HOUR)] }));
    assert.match(await socket.next(), /"utilization":0.81,/);
    assert.match(await socket.next(), /"threshold":75,/);
    socket.close();
  });
});

describe("asking for limits", () => {
  let home, daemon, reset;
  before(async () => {
    home = new Home();
    reset = inFuture(2 * HOUR);
    home.append("shop/a.jsonl", limited({ "5h": [500, reset], "7d": [950, reset] }));
    daemon = await startDaemon(home);
    await daemon.holds(104);
  });
  after(async () => {
    await daemon?.discard();
    home.remove();
  });

  test("by account", async () => {
    const claude = await daemon.get("/api/usage?account=claude");
    assert.equal(claude.buckets.length, 2);
    const unknown = await fetch(`${daemon.url}/api/usage?account=nobody`);
    assert.equal(unknown.status, 404);
    assert.equal((await unknown.json()).error.code, "unknown_account");
  });

  test("all of them, with more facts", async () => {
    const { accounts } = await daemon.get("/api/v1/limits");
    assert.equal(accounts.length, 1);
    assert.equal(accounts[0].account, "claude");
    const [five] = accounts[0].buckets;
    assert.equal(five.window_seconds, 18000);
    assert.deepEqual(five.tokens, { remaining: 500, limit: 1000 });
    assert.equal(five.source, "log");
    assert.equal(five.full_at, null);
    const { out } = await tacho(home, "limits", "--json");
    assert.equal(JSON.parse(out).accounts[0].buckets[0].utilization, 0.5);
  });

  test("as a table", async () => {
    const { out, code } = await tacho(home, "limits");
    assert.equal(code, 0);
    assert.match(out, /^claude  seen just now\n {2}five_hour .* 50\.0%  resets in 1h 59m/);
  });

  test("guard answers with its exit code and one line", async () => {
    const asked = [
      [[], 0, /^ok: five_hour has 50\.0 % left, resets in/],
      [["--min-remaining", "51"], 1, /^low: five_hour has 50\.0 % left/],
      [["--bucket", "weekly"], 1, /^low: weekly has 5\.0 % left/],
      [["--bucket", "yearly"], 69, /^unknown: claude has no limit yearly/],
      [["--max-cost", "20/day"], 0, /^ok: .* spent of \$20\/day/],
      [["--max-cost", "0/day"], 1, /^low: /],
      [["--max-cost", "20/day", "--bucket", "weekly"], 1, /^low: weekly/],
    ];
    for (const [words, code, line] of asked) {
      const got = await tacho(home, "guard", ...words);
      assert.equal(got.code, code, words.join(" "));
      assert.match(got.out, line);
      assert.equal(got.out.split("\n").length, 2);
    }
    for (const words of [["--max-cost", "20"], ["--max-cost", "x/day"], ["--min-remaining", "101"]])
      assert.equal((await tacho(home, "guard", ...words)).code, 2);
  });
});

describe("five hours that nobody told of", () => {
  let home;
  beforeEach(() => { home = new Home(); });
  afterEach(() => { home.remove(); });

  const DAY = 24 * HOUR;
  const NOW = Date.UTC(2026, 9, 20, 12, 30);
  const words = ["--now", new Date(NOW).toISOString()];

  /** A block of so many tokens on each of the last days, and one of this moment. */
  function use(...blocks) {
    blocks.forEach((tokens, i) => home.append("shop/a.jsonl",
      response({ at: NOW - (i + 1) * DAY, output: tokens, input: 0 })));
    home.append("shop/a.jsonl", response({ at: NOW - HOUR, output: 450, input: 0 }));
  }

  test("are estimated: nine of ten past blocks stayed within", async () => {
    use(100, 200, 300, 400, 500, 600, 700, 800, 900, 1000);
    const { out } = await tacho(home, "limits", "--json", ...words);
    const [account] = JSON.parse(out).accounts;
    assert.equal(account.account, "claude");
    assert.deepEqual(account.buckets, []);
    assert.deepEqual(account.estimate, { id: "five_hour", estimated: true, utilization: 0.5,
      reset_at: Date.UTC(2026, 9, 20, 16), window_started_at: Date.UTC(2026, 9, 20, 11),
      tokens: { remaining: 450, limit: 900 }, blocks: 10 });
    const table = await tacho(home, "limits", ...words);
    assert.match(table.out,
      /^claude\n {2}five_hour .*~50\.0% {2}resets in 3h 30m {2}estimated from 10 past blocks\n$/);
    const daemon = await startDaemon(home, ...words);
    try {
      await daemon.holds(5950);
      assert.deepEqual((await daemon.get("/api/v1/limits")).accounts[0].estimate, account.estimate);
      assert.deepEqual((await daemon.get("/api/usage")).buckets, []);
    } finally {
      await daemon.discard();
    }
  });

  test("are not where past blocks are too few, or a provider told", async () => {
    use(100, 200, 300, 400);
    assert.deepEqual(JSON.parse((await tacho(home, "limits", "--json", ...words)).out).accounts, []);
    use(500, 600, 700, 800);
    home.append("shop/b.jsonl", limited({ "5h": [100, NOW + HOUR] }, NOW - HOUR));
    const { accounts } = JSON.parse((await tacho(home, "limits", "--json", ...words)).out);
    assert.equal(accounts[0].buckets[0].id, "five_hour");
    assert.equal(accounts[0].estimate, null);
  });
});

describe("settings", () => {
  let home, daemon;
  before(async () => {
    home = new Home();
    daemon = await startDaemon(home);
  });
  after(async () => {
    await daemon?.discard();
    home.remove();
  });

  function patch(body, headers = { "content-type": "application/json" }) {
    return fetch(`${daemon.url}/api/settings`, { method: "PATCH", headers, body });
  }

  test("have defaults, are changed one by one, and outlive a restart", async () => {
    const asked = await fetch(`${daemon.url}/api/settings`);
    assert.equal(await asked.text(), '{"notifications_enabled":true,' +
      '"usage_notifications_enabled":false,"thresholds":[75,90],"timezone":null,"updated_at":0}');
    const answer = await patch('{"thresholds":[60],"their_own":{"x":[1,"é"]},"updated_at":1}');
    assert.equal(answer.status, 200);
    const set = await answer.json();
    assert.ok(set.updated_at > 1);
    delete set.updated_at;
    assert.deepEqual(set, { notifications_enabled: true, usage_notifications_enabled: false,
      thresholds: [60], timezone: null, their_own: { x: [1, "é"] } });
    await patch('{"notifications_enabled":false}');
    await daemon.signal("SIGKILL");
    daemon = await startDaemon(home);
    const { thresholds, their_own, notifications_enabled } = await daemon.get("/api/settings");
    assert.deepEqual([thresholds, their_own.x, notifications_enabled], [[60], [1, "é"], false]);
  });

  test("set thresholds count at once", async () => {
    await patch('{"thresholds":[40,55]}');
    const socket = await Socket.open(daemon, "/api/ws/usage");
    await socket.next();
    home.append("shop/a.jsonl", limited({ "5h": [500, inFuture(HOUR)] }));
    await socket.next();
    assert.match(await socket.next(), /"threshold":40,/);
    socket.close();
  });

  test("a zone set here is the one that days are cut in", async () => {
    await daemon.discard();
    home.fixedZone = false;
    home.append("shop/b.jsonl", response({ at: Date.UTC(2026, 0, 1, 23, 30) }));
    const at = Date.UTC(2026, 0, 2, 12);
    daemon = await startDaemon(home, "--now", new Date(at).toISOString());
    const dates = async () =>
      (await daemon.get("/api/usage/daily?days=3")).map(({ date }) => date);
    await until("the day in UTC", async () => (await dates())[0] === "2026-01-01");
    await patch('{"timezone":"Europe/Berlin"}');
    assert.deepEqual(await dates(), ["2026-01-02"]);
    await daemon.discard();
    daemon = await startDaemon(home, "--now", new Date(at).toISOString());
    assert.deepEqual(await dates(), ["2026-01-02"]);
    await patch('{"timezone":null}');
    assert.deepEqual(await dates(), ["2026-01-01"]);
    await patch('{"timezone":"Asia/Tokyo"}');
    await daemon.discard();
    daemon = await startDaemon(home, "--now", new Date(at).toISOString(), "--timezone", "UTC");
    assert.deepEqual(await dates(), ["2026-01-01"]); // an option wins
    await patch('{"timezone":null}');
  });

  test("what makes no sense is refused whole, with its name", async () => {
    for (const [body, name] of [['{"thresholds":"high"}', /thresholds/],
      ['{"thresholds":[0]}', /thresholds/], ['{"timezone":"Mars/Base"}', /timezone/],
      ['{"a":1,"notifications_enabled":"yes"}', /notifications_enabled/], ["[1]", /object/],
      ["{", /JSON/], [`{"${"k".repeat(101)}":1}`, /name/], [`{"k":"${"v".repeat(5000)}"}`, /k/]]) {
      const answer = await patch(body);
      assert.equal(answer.status, 400, body);
      assert.match((await answer.json()).error.message, name);
    }
    assert.equal((await daemon.get("/api/settings")).a, undefined);
    assert.equal((await patch("{}", { "content-type": "text/plain" })).status, 415);
  });
});

describe("the owner's command", () => {
  let home, daemon, heard;
  beforeEach(() => {
    home = new Home();
    heard = join(home.folder, "heard");
  });
  afterEach(async () => {
    await daemon?.discard();
    home.remove();
  });

  /** A configuration whose on_threshold is this shell script. */
  function command(script) {
    const path = join(home.folder, "command");
    const config = join(home.folder, "config.json");
    writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    writeFileSync(config, JSON.stringify({ on_threshold: [path, "a b", "$HOME"] }));
    return ["--config", config];
  }

  const lines = () => readFileSync(heard, "utf8").trimEnd().split("\n");
  const cross = () => home.append("shop/a.jsonl", limited({ "5h": [920, inFuture(HOUR)] }));

  test("gets the facts on stdin and in its environment, its words untouched", async () => {
    const words = command(`{ cat; echo; echo "$1|$2|$TACHO_BUCKET_ID|$TACHO_THRESHOLD"; } > ${heard}`);
    daemon = await startDaemon(home, ...words);
    cross();
    await until("two lines", () => lines().length === 2);
    const [json, facts] = lines();
    const body = JSON.parse(json);
    assert.deepEqual(Object.keys(body), ["id", "type", "text", "account", "bucket_id", "threshold",
      "utilization", "reset_at", "window_started_at", "at"]);
    assert.equal(body.utilization, 0.92);
    assert.match(body.text, /^claude: five_hour is at 92 % of its limit; it resets in /);
    assert.equal(facts, "a b|$HOME|five_hour|90");
  });

  test("is run again when it failed, also by the next daemon, and not once it went well", async () => {
    const words = command(`echo "$TACHO_ID" >> ${heard}; test -e ${heard}.now`);
    daemon = await startDaemon(home, ...words);
    cross();
    await until("a first try", () => lines().length === 1);
    await daemon.signal("SIGKILL");
    daemon = await startDaemon(home, ...words);
    await until("a second try", () => lines().length === 2);
    writeFileSync(`${heard}.now`, "");
    await until("a last try", () => lines().length >= 3);
    await until("the outbox to be empty", async () =>
      (await query(home, "SELECT count(*) FROM outbox")) === "0");
    assert.equal(new Set(lines()).size, 1);
  });

  test("is told of what was crossed while the daemon died before it could run", async () => {
    home.append("shop/a.jsonl", limited({ "5h": [920, inFuture(HOUR)] }));
    assert.equal((await tacho(home, "daily")).code, 0);
    daemon = await startDaemon(home, ...command(`echo "$TACHO_THRESHOLD" >> ${heard}`));
    await until("a line", () => lines().length === 1);
    assert.deepEqual(lines(), ["90"]);
  });
});

describe("a webhook", () => {
  const SECRET = "not to be found in any log";
  let home, daemon, server, answers, got;
  beforeEach(async () => {
    home = new Home();
    got = [];
    answers = [];
    server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text) => { body += text; }).on("end", () => {
        got.push({ body, headers: request.headers, method: request.method });
        response.writeHead(...(answers.shift() ?? [204])).end();
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(async () => {
    await daemon?.discard();
    server.closeAllConnections();
    server.close();
    home.remove();
  });

  function configured(secretMode) {
    const config = join(home.folder, "config.json");
    writeFileSync(config, JSON.stringify({
      webhook: `http://127.0.0.1:${server.address().port}/hook` }));
    writeFileSync(join(home.folder, "secrets.json"), JSON.stringify({ webhook_secret: SECRET }),
      { mode: secretMode });
    return ["--config", config, "--log-level", "debug"];
  }

  test("is signed, tried again after a failure, and its secret shows nowhere", async () => {
    answers = [[500], [302, { location: "/elsewhere" }]];
    daemon = await startDaemon(home, ...configured(0o600));
    home.append("shop/a.jsonl", limited({ "5h": [920, inFuture(HOUR)] }));
    await until("two tries", () => got.length === 2);
    await until("a third one", () => got.length === 3, 20_000);
    for (const { body, headers, method } of got) {
      assert.equal(method, "POST");
      assert.equal(headers["content-type"], "application/json");
      assert.equal(headers["x-tacho-signature"],
        `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`);
      assert.equal(body, got[0].body);
      assert.match(JSON.parse(body).text, /five_hour is at 92 %/);
    }
    assert.match(daemon.said, /webhook: the server answered 500/);
    assert.ok(!daemon.said.includes(SECRET));
  });

  test("is not sent unsigned where others may read the secret", async () => {
    daemon = await startDaemon(home, ...configured(0o644));
    home.append("shop/a.jsonl", limited({ "5h": [920, inFuture(HOUR)] }));
    await until("a word about it", () => daemon.said.includes("chmod 600"));
    assert.deepEqual(got, []);
  });
});

describe("a page from elsewhere", () => {
  test("may ask and listen where it is allowed to, and nobody else", async () => {
    const home = new Home();
    const daemon = await startDaemon(home, "--allow-origin", "http://front.example:3000");
    try {
      for (const [origin, status] of [["http://front.example:3000", 200],
        ["http://evil.example", 403]]) {
        const answer = await fetch(`${daemon.url}/api/usage`, { headers: { origin } });
        assert.equal(answer.status, status);
        const socket = new WebSocket(`${daemon.url.replace("http", "ws")}/api/ws/usage`,
          { headers: { origin } });
        const [word] = await within("an answer", Promise.race([
          once(socket, "open").then(() => ["open"]),
          once(socket, "unexpected-response").then(() => ["refused"])]));
        assert.equal(word, status === 200 ? "open" : "refused");
        socket.on("error", () => {});
        socket.terminate();
      }
      const asked = await fetch(`${daemon.url}/api/settings`, { method: "OPTIONS", headers: {
        origin: "http://front.example:3000", "access-control-request-method": "PATCH" } });
      assert.equal(asked.status, 204);
      assert.match(asked.headers.get("access-control-allow-methods"), /PATCH/);
    } finally {
      await daemon.discard();
      home.remove();
    }
  });
});

describe("a provider that may be asked", () => {
  const TOKEN = "sk-secret-of-the-owner";
  let home, daemon, provider, asked, answer;
  beforeEach(async () => {
    home = new Home();
    asked = [];
    answer = [200, {}, "{}"];
    provider = createServer((request, response) => {
      asked.push(request);
      response.writeHead(answer[0], answer[1]).end(answer[2]);
    }).listen(0, "127.0.0.1");
    await once(provider, "listening");
    mkdirSync(join(home.path, ".claude"));
    writeFileSync(join(home.path, ".claude", ".credentials.json"),
      JSON.stringify({ claudeAiOauth: { accessToken: TOKEN, subscriptionType: "max" } }));
  });
  afterEach(async () => {
    await daemon?.discard();
    provider.close();
    home.remove();
  });

  function configure(settings) {
    const folder = join(home.path, ".config", "tacho");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "config.json"), JSON.stringify(settings));
  }

  const here = () => `http://127.0.0.1:${provider.address().port}/`;

  test("is not, unless its owner switches it on", async () => {
    configure({ account_endpoints: { claude: false } });
    daemon = await startDaemon(home);
    home.append("shop/a.jsonl", response());
    await daemon.holds(104);
    assert.equal(asked.length, 0);
    assert.equal((await daemon.get("/api/usage")).last_error, "missing_credentials");
  });

  test("tells buckets, once in five minutes over restarts, and the token goes nowhere else",
    async () => {
      const reset = inFuture(2 * HOUR);
      answer[2] = JSON.stringify({
        five_hour: { utilization: 80, resets_at: new Date(reset).toISOString() },
      });
      configure({ account_endpoints: { claude: here() }, log_level: "debug",
        plan: { claude: "max 20x" } });
      daemon = await startDaemon(home);
      const socket = await Socket.open(daemon, "/api/ws/usage");
      const state = await until("the bucket", async () => {
        const got = await daemon.get("/api/usage");
        return got.buckets.length > 0 && got;
      });
      assert.deepEqual(state.buckets, [{ id: "five_hour", utilization: 0.8, reset_at: reset,
        window_started_at: reset - 5 * HOUR }]);
      assert.equal(state.plan, "max 20x");
      assert.equal(asked[0].headers.authorization, `Bearer ${TOKEN}`);
      assert.equal((await daemon.get("/api/v1/limits")).accounts[0].buckets[0].source, "endpoint");
      socket.close();
      let said = daemon.said;
      await daemon.stop();
      said += daemon.said;
      daemon = await startDaemon(home);
      home.append("shop/a.jsonl", response());
      await daemon.holds(104);
      said += daemon.said + JSON.stringify(await daemon.get("/api/v1/limits"));
      said += await query(home, ".dump");
      assert.equal(asked.length, 1);
      assert.ok(!said.includes(TOKEN));
    });

  test("and refuses becomes the account's last error", async () => {
    answer = [429, { "retry-after": "0" }, "slow down"];
    configure({ account_endpoints: { claude: here() } });
    daemon = await startDaemon(home);
    const state = await until("the error", async () => {
      const got = await daemon.get("/api/usage");
      return got.last_error_at !== null && got;
    });
    assert.equal(state.last_error, "rate_limited");
    assert.deepEqual(state.buckets, []);
    assert.equal(asked.length, 1);
  });

  test("has to be one that is known, at an address that is safe", async () => {
    for (const [endpoints, sentence] of [
      [{ heron: true }, /none for "heron"; known are claude and codex/],
      [{ claude: "http://example.org" }, /claude takes true, false or the https:/],
      [{ claude: "http://127.0.0.1.example.org" }, /claude takes/],
      [{ codex: "http://localhost:80@example.org" }, /codex takes/],
      [{ codex: 1 }, /codex takes/],
    ]) {
      configure({ account_endpoints: endpoints });
      const { code, err } = await tachod(home, "serve", "--port", "8299");
      assert.equal(code, 2, JSON.stringify(endpoints));
      assert.match(err, sentence);
    }
  });
});

describe("watch", () => {
  let home, watch;
  beforeEach(() => {
    home = new Home();
    home.environment.PATH = join(home.folder, "bin");
    mkdirSync(home.environment.PATH);
  });
  afterEach(() => {
    watch?.kill("SIGKILL");
    home.remove();
  });

  const bells = () => watch.said.split("\x07").length - 1;

  test("shows the limits anew when they change, and tells nobody unasked", async () => {
    home.append("shop/a.jsonl", limited({ "5h": [800, inFuture(2 * HOUR)] }));
    watch = spawnTacho(home, "watch");
    await until("the table", () => /five_hour .* 80\.0%/.test(watch.said));
    home.append("shop/a.jsonl", limited({ "5h": [850, inFuture(2 * HOUR)] }));
    await until("the next one", () => /five_hour .* 85\.0%/.test(watch.said));
    assert.equal(bells(), 0);
  });

  test("rings once per threshold where there is no desktop", async () => {
    home.append("shop/a.jsonl", limited({ "5h": [800, inFuture(2 * HOUR)] }));
    watch = spawnTacho(home, "watch", "--notify");
    await until("the bell", () => bells() === 1);
    assert.match(watch.said, /\nclaude: five_hour is at 80 % of its limit; it resets in 1h 59m\.\n/);
    home.append("shop/a.jsonl", limited({ "5h": [850, inFuture(2 * HOUR)] }));
    await until("the next table", () => /five_hour .* 85\.0%/.test(watch.said));
    assert.equal(bells(), 1);
    home.append("shop/a.jsonl", limited({ "5h": [950, inFuture(2 * HOUR)] }));
    await until("the second bell", () => bells() === 2);
  });

  test("tells the desktop where there is one", async () => {
    const heard = join(home.folder, "heard"), program = join(home.folder, "bin", "notify-send");
    writeFileSync(program, `#!/bin/sh\nfor word; do echo "[$word]" >> '${heard}'; done\n`,
      { mode: 0o755 });
    home.append("shop/a.jsonl", limited({ "5h": [800, inFuture(2 * HOUR)] }));
    watch = spawnTacho(home, "watch", "--notify");
    await until("the table", () => /five_hour is at 80 %/.test(watch.said));
    assert.match(readFileSync(heard, "utf8"),
      /^\[--app-name=tacho\]\n\[--\]\n\[tacho\]\n\[claude: five_hour is at 80 % .*\.\]\n$/);
    assert.equal(bells(), 0);
  });
});
