// runs.test.mjs: runs as an orchestrator sees them: folders that appear, sockets that tell of every
// turn, totals that are exact whatever happens on the way.
//
// Every frame is compared byte by byte. TACHO_RUNS and TACHO_TURNS say how large the crowd is.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";

import WebSocket from "ws";

import { Random } from "../corpus/lib/random.mjs";
import { Home, response } from "./lib/home.mjs";
import { hasSqlite, soundness } from "./lib/ledger.mjs";
import { Daemon, freePort, startDaemon } from "./lib/programs.mjs";
import { until as untilTrue, within } from "./lib/until.mjs";

const RUNS = Number(process.env.TACHO_RUNS ?? 100);
const TURNS = Number(process.env.TACHO_TURNS ?? 1000);
const SEED = Number(process.env.TACHO_SEED ?? 20261122);
const PAGE = "https://dash.example.org";

/** Run folders of one test, beside its home. */
class Sandboxes {
  constructor(home) {
    this.home = home;
    this.folder = join(home.folder, "runs");
    mkdirSync(this.folder);
  }

  words = (...more) => ["--runs-dir", this.folder, ...more];

  path(run, name = "projects/-work/session.jsonl") {
    return join(this.folder, `${run}`, "mount", name);
  }

  append(run, lines, name) {
    const path = this.path(run, name);
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, [].concat(lines).map((line) => line + "\n").join(""));
    return path;
  }
}

async function ask(daemon, method, path, body, headers = {}) {
  const answer = await fetch(daemon.url + path, {
    method, signal: AbortSignal.timeout(30_000),
    headers: body === undefined ? headers : { "Content-Type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** Waits until nothing is thrown any more. */
const until = (what, question, ms) =>
  untilTrue(what, async () => [await question()], ms).then(([answer]) => answer);

const run = async (daemon, id) => JSON.parse((await ask(daemon, "GET", `/api/runs/${id}`)).text);
const finish = (daemon, id, state = "succeeded") =>
  ask(daemon, "POST", `/api/runs/${id}/finish`, { state });

const counts = ([daemon, id], key) => until(`run ${id} to say ${JSON.stringify(key)}`, async () => {
  const now = await run(daemon, id);
  for (const [name, value] of Object.entries(key))
    if (now[name] !== value)
      throw new Error(`${name} is ${now[name]}`);
  return now;
});

/** What a client hears, as text. */
class Ears {
  frames = [];

  static async on(daemon, path, options) {
    const ears = new Ears();
    ears.socket = new WebSocket(daemon.url.replace("http", "ws") + path, options);
    ears.socket.on("message", (data) => ears.frames.push(data.toString("utf8")));
    await within("the socket to open", new Promise((done, fail) =>
      ears.socket.on("open", done).on("error", fail)));
    return ears;
  }

  heard(...want) {
    return until(`${want.length} frames`, () => {
      if (this.frames.length < want.length)
        throw new Error(`heard ${JSON.stringify(this.frames)}`);
    }).then(() => assert.deepEqual(this.frames, want));
  }

  close() {
    this.socket.terminate();
  }
}

const stateFrame = (state) => `{"type":"state","state":"${state}"}`;
const usageFrame = (model, input, output, read, create) =>
  `{"type":"usage","snapshot":{"model":"${model}","input_tokens":${input},` +
  `"output_tokens":${output},"cache_read_tokens":${read},"cache_create_tokens":${create}}}`;

describe("a run's socket", () => {
  let home, boxes, daemon;
  before(async () => {
    home = new Home();
    boxes = new Sandboxes(home);
    daemon = await startDaemon(home, ...boxes.words("--allow-origin", PAGE));
  });
  after(async () => {
    await daemon?.discard();
    home.remove();
  });

  const begin = async (id) => {
    mkdirSync(join(boxes.folder, `${id}`, "mount"), { recursive: true });
    await until(`run ${id}`, async () => {
      if ((await ask(daemon, "GET", `/api/runs/${id}`)).status !== 200)
        throw new Error("it is not there yet");
    });
  };

  for (const path of ["/api/runs/11/shell", "/api/ws/runs/11"]) {
    test(`${path} is unknown before there is a folder`, async () => {
      const answer = await new Promise((done) => new WebSocket(
        daemon.url.replace("http", "ws") + path).on("unexpected-response", (_, r) => done(r))
        .on("error", () => {}));
      assert.equal(answer.statusCode, 404);
    });
  }

  test("each turn is one frame, a line that grows sends its growth, the end comes last", async () => {
    await begin(1);
    const states = await Ears.on(daemon, "/api/ws/states");
    const ears = await Ears.on(daemon, "/api/runs/1/shell");
    const same = await Ears.on(daemon, "/api/ws/runs/1");
    const at = Date.now();
    boxes.append(1, [
      response({ at, id: "a", output: 10, read: 7 }),
      response({ at: at + 1, id: "b", output: 20, model: "claude-sonnet-4-5" }),
    ]);
    const want = [
      stateFrame("running"),
      usageFrame("claude-opus-5", 4, 10, 7, 0),
      usageFrame("claude-sonnet-4-5", 4, 20, 0, 0),
    ];
    await ears.heard(...want);
    boxes.append(1, response({ at, id: "a", output: 15, read: 7 }));
    want.push(usageFrame("claude-opus-5", 0, 5, 0, 0));
    await ears.heard(...want);
    ears.socket.send("hello");
    ears.socket.send(Buffer.from([1, 2, 3]));
    assert.equal((await finish(daemon, 1, "failed")).status, 200);
    want.push(stateFrame("failed"));
    await ears.heard(...want);
    await same.heard(...want);
    await states.heard('{"type":"state","run_id":1,"project_id":0,"state":"failed"}');
    [ears, same, states].forEach((each) => each.close());
  });

  test("a model that changes is taken back from the old one", async () => {
    await begin(2);
    const ears = await Ears.on(daemon, "/api/runs/2/shell");
    boxes.append(2, response({ id: "swap", output: 10 }));
    await ears.heard(stateFrame("running"), usageFrame("claude-opus-5", 4, 10, 0, 0));
    boxes.append(2, response({ id: "swap", output: 30, model: "claude-sonnet-4-5" }));
    await ears.heard(stateFrame("running"), usageFrame("claude-opus-5", 4, 10, 0, 0),
      usageFrame("claude-opus-5", -4, -10, 0, 0), usageFrame("claude-sonnet-4-5", 4, 30, 0, 0));
    ears.close();
  });

  test("an event that a lower run has seen as well moves there", async () => {
    await begin(30);
    await begin(3);
    const lower = await Ears.on(daemon, "/api/runs/3/shell");
    const upper = await Ears.on(daemon, "/api/runs/30/shell");
    const line = response({ id: "moves", output: 10 });
    boxes.append(30, line);
    await upper.heard(stateFrame("running"), usageFrame("claude-opus-5", 4, 10, 0, 0));
    boxes.append(3, line);
    await lower.heard(stateFrame("running"), usageFrame("claude-opus-5", 4, 10, 0, 0));
    await upper.heard(stateFrame("running"), usageFrame("claude-opus-5", 4, 10, 0, 0),
      usageFrame("claude-opus-5", -4, -10, 0, 0));
    assert.equal((await run(daemon, 30)).tokens_total, 0);
    assert.equal((await ask(daemon, "GET", "/api/usage/runs/30")).text, "[]");
    assert.equal((await ask(daemon, "GET", "/api/usage/runs/3")).text,
      '[{"model":"claude-opus-5","input":4,"output":10,"cache_read":0,"cache_create":0}]');
    [lower, upper].forEach((each) => each.close());
  });

  test("rate limits on a line are passed on", async () => {
    await begin(4);
    const ears = await Ears.on(daemon, "/api/runs/4/shell");
    const line = JSON.parse(response({ id: "limited", output: 10 }));
    line.rateLimits = {
      "anthropic-ratelimit-unified-5h-tokens-remaining": "400",
      "anthropic-ratelimit-unified-5h-tokens-limit": 1000,
      "anthropic-ratelimit-unified-5h-reset": 1795344000,
    };
    boxes.append(4, JSON.stringify(line));
    await ears.heard(stateFrame("running"), usageFrame("claude-opus-5", 4, 10, 0, 0),
      '{"type":"rate_limit","snapshot":{"requests_remaining":null,"requests_limit":null,' +
      '"tokens_remaining":400,"tokens_limit":1000,"reset_at":1795344000000}}');
    ears.close();
  });

  test("a page of an allowed origin may ask and listen, any other may not", async () => {
    await begin(5);
    const got = await ask(daemon, "GET", "/api/runs/5", undefined, { Origin: PAGE });
    assert.equal(got.headers.get("access-control-allow-origin"), PAGE);
    const flight = await ask(daemon, "OPTIONS", "/api/runs", undefined,
      { Origin: PAGE, "Access-Control-Request-Method": "POST" });
    assert.equal(flight.status, 204);
    assert.equal(flight.headers.get("access-control-allow-methods"), "GET, POST, PATCH, DELETE");
    (await Ears.on(daemon, "/api/runs/5/shell", { origin: PAGE })).close();
    const refused = await new Promise((done) => new WebSocket(
      daemon.url.replace("http", "ws") + "/api/runs/5/shell", { origin: "https://evil.example" })
      .on("unexpected-response", (_, r) => done(r)).on("error", () => {}));
    assert.equal(refused.statusCode, 403);
  });
});

describe("what a run is", () => {
  let home, boxes, daemon;
  before(async () => {
    home = new Home();
    boxes = new Sandboxes(home);
    daemon = await startDaemon(home, ...boxes.words());
  });
  after(async () => {
    await daemon?.discard();
    home.remove();
  });

  test("its strange lines are counted, each once, and the others count all the same", async () => {
    const half = response({ id: "half", output: 5 });
    const path = boxes.append(1, [
      response({ id: "good", output: 10 }),
      "", "\0\0\0", "   ",
      "no JSON at all",
      '{"type":"user","message":{"role":"user","content":"usage"}}',
      '{"type":"assistant","message":{"id":"x","role":"assistant","content":[]}}',
      response({ id: "anonymous", output: 20, model: undefined }).replace(/"model":"[^"]*",/, ""),
      '{"torn":',
    ]);
    appendFileSync(path, half.slice(0, 30));
    const now = await counts([daemon, 1], { usage_parse_errors: 4, tokens_output: 30 });
    assert.equal(now.tokens_input, 8);
    appendFileSync(path, half.slice(30) + "\n");
    await counts([daemon, 1], { usage_parse_errors: 4, tokens_output: 35 });
    assert.match((await ask(daemon, "GET", "/api/usage/runs/1")).text, /"model":"unknown"/);
    cpSync(path, boxes.path(1, "projects/-work/copy.jsonl")); // a copy raises nothing
    boxes.append(1, response({ id: "later", output: 1 }));
    await counts([daemon, 1], { usage_parse_errors: 4, tokens_output: 36 });
  });

  test("whose log it is, its lines say: any agent's, at any depth, in any run", async () => {
    const stamp = (second) => new Date(Date.UTC(2026, 10, 22, 8, 0, second)).toISOString();
    boxes.append(2, [
      JSON.stringify({ timestamp: stamp(0), type: "session_meta",
        payload: { id: "t", cwd: "/w", cli_version: "9" } }),
      JSON.stringify({ timestamp: stamp(1), type: "turn_context",
        payload: { turn_id: "1", model: "gpt-5", cwd: "/w" } }),
      JSON.stringify({ timestamp: stamp(2), type: "event_msg", payload: { type: "token_count",
        info: { total_token_usage: { input_tokens: 50, cached_input_tokens: 40,
          output_tokens: 6 } } } }),
    ], "a/b/c/d/e.jsonl");
    boxes.append(2, [
      JSON.stringify({ type: "session", version: 3, id: "s", cwd: "/w" }),
      JSON.stringify({ type: "message", id: "a1", timestamp: stamp(3), message: {
        role: "assistant", provider: "x", model: "c-9", stopReason: "stop",
        usage: { input: 10, output: 200, cacheRead: 3, cacheWrite: 2, totalTokens: 215 } } }),
    ], "x.jsonl");
    const now = await counts([daemon, 2], { tokens_output: 206, usage_parse_errors: 0 });
    assert.deepEqual([now.tokens_input, now.tokens_cache_read, now.tokens_cache_create], [20, 43, 2]);
  });

  test("a copy of the host's log counts for the run, and once for the machine", async () => {
    const before = (await daemon.get("/api/usage/daily")).reduce((n, d) => n + d.tokens_output, 0);
    const lines = [response({ output: 100 }), response({ output: 11 })];
    home.append("shop/host.jsonl", lines[0]);
    await until("the host's line", async () => {
      const now = (await daemon.get("/api/usage/daily")).reduce((n, d) => n + d.tokens_output, 0);
      assert.equal(now, before + 100);
    });
    boxes.append(4, lines);
    await counts([daemon, 4], { tokens_output: 111 });
    home.append("shop/host.jsonl", lines[1]); // outside of every run: takes nothing away
    home.append("shop/host.jsonl", response({ output: 1 }));
    await until("both", async () => {
      const now = (await daemon.get("/api/usage/daily")).reduce((n, d) => n + d.tokens_output, 0);
      assert.equal(now, before + 112);
    });
    await counts([daemon, 4], { tokens_output: 111 });
  });

  test("a run is registered, found, finished; wrong requests are told what is wrong", async () => {
    const dir = join(home.folder, "elsewhere");
    const made = await ask(daemon, "POST", "/api/runs",
      { project_id: 3, agent: "claude", label: "Night shift", dir });
    assert.equal(made.status, 201);
    const { id } = JSON.parse(made.text);
    assert.deepEqual(Object.keys(JSON.parse(made.text)), ["id", "project_id", "state", "agent",
      "model", "label", "dir", "created_at", "finished_at", "tokens_input", "tokens_output",
      "tokens_cache_read", "tokens_cache_create", "tokens_total", "usage_parse_errors",
      "cost_usd"]);
    mkdirSync(join(dir, "deep"), { recursive: true });
    appendFileSync(join(dir, "deep", "a.jsonl"), response({ output: 40 }) + "\n" +
      response({ output: 2 })); // without its newline: the last pass takes it
    const done = await finish(daemon, id);
    assert.equal(done.status, 200);
    assert.equal(JSON.parse(done.text).tokens_output, 42);
    assert.equal(JSON.parse(done.text).state, "succeeded");
    const page = await daemon.get("/api/runs?q=night&limit=1");
    assert.deepEqual([page.total, page.items[0].id], [1, id]);
    assert.equal((await daemon.get("/api/runs?project_id=3")).length, 1);
    assert.equal((await daemon.get("/api/runs?state=waiting,queued")).length, 0);
    assert.equal((await daemon.get("/api/runs?state=succeeded")).length, 1);
    for (const [method, path, body, status] of [
      ["POST", "/api/runs", { id }, 409],
      ["POST", "/api/runs", { id: 0 }, 400],
      ["POST", "/api/runs", { id: "1" }, 400],
      ["POST", "/api/runs", { dir: "here" }, 400],
      ["POST", "/api/runs", [], 400],
      ["POST", `/api/runs/${id}/finish`, { state: "running" }, 400],
      ["POST", "/api/runs/987654/finish", { state: "failed" }, 404],
      ["POST", "/api/runs/x/finish", { state: "failed" }, 400],
      ["GET", "/api/runs/987654", undefined, 404],
      ["GET", "/api/runs/x", undefined, 400],
      ["GET", "/api/usage/runs/x", undefined, 400],
      ["GET", "/api/usage/runs/987654", undefined, 200],
      ["GET", "/api/runs?state=odd", undefined, 400],
      ["GET", "/api/runs?limit=-1", undefined, 400],
      ["DELETE", `/api/runs/${id}`, {}, 405],
    ]) {
      const answer = await ask(daemon, method, path, body);
      assert.equal(answer.status, status, `${method} ${path} ${JSON.stringify(body)}`);
    }
  });

  test("a folder that vanishes cancels its run, and what it spent stays", async () => {
    boxes.append(50, response({ output: 70 }));
    await counts([daemon, 50], { tokens_output: 70, state: "running" });
    rmSync(join(boxes.folder, "50"), { recursive: true });
    await counts([daemon, 50], { tokens_output: 70, state: "cancelled" });
  });

  test("a log that is cut and begun again adds up", async () => {
    const path = boxes.append(51, [response({ output: 5 }), response({ output: 6 })]);
    await counts([daemon, 51], { tokens_output: 11 });
    truncateSync(path, 0);
    boxes.append(51, response({ output: 7 }));
    await counts([daemon, 51], { tokens_output: 18 });
  });

  test("folders that are no runs are left alone", async () => {
    for (const name of ["0", "007", "-3", "x", "12x"])
      boxes.append(name, response({ output: 1000 }));
    writeFileSync(join(boxes.folder, "77"), "");
    boxes.append(52, response({ output: 8 }));
    await counts([daemon, 52], { tokens_output: 8 });
    const ids = (await daemon.get("/api/runs")).map((each) => each.id).sort((a, b) => a - b);
    assert.ok([3, 7, 12, 77].every((id) => !ids.includes(id)), `${ids}`);
  });

  test("a day tells how many runs it had", async () => {
    const [today] = await daemon.get("/api/usage/daily?days=1");
    const runs = await daemon.get("/api/runs");
    assert.equal(today.run_count, runs.length);
  });
});

describe(`${RUNS} runs at once, ${TURNS} turns each, killed on the way, seed ${SEED}`,
  { skip: hasSqlite ? false : "no sqlite3 program" }, () => {
    const random = new Random(SEED);
    let home, boxes, port;
    before(async () => {
      home = new Home();
      boxes = new Sandboxes(home);
      port = await freePort();
    });
    after(() => home.remove());

    const turn = (run, n) => response({
      id: `${run}-${n}`, at: Date.UTC(2026, 10, 22) + n, output: run + n, session: `s${run}`,
    });

    test("totals are exact", async () => {
      const written = new Array(RUNS + 1).fill(0);
      let left = RUNS * TURNS, daemon = new Daemon(home, port, ...boxes.words());
      let nextKill = left - Math.ceil(left / 10);
      try {
        while (left > 0) {
          const id = random.between(1, RUNS);
          const n = Math.min(TURNS - written[id], random.between(1, 200));
          const lines = [];
          for (let i = 0; i < n; i++)
            lines.push(turn(id, ++written[id]));
          boxes.append(id, lines, `projects/p${written[id] % 3}/s.jsonl`);
          left -= n;
          if (left < nextKill) {
            nextKill -= Math.ceil(RUNS * TURNS / 10);
            await daemon.signal("SIGKILL");
            assert.equal(soundness(home.db), "ok");
            daemon = new Daemon(home, port, ...boxes.words());
          }
        }
        const want = (id) => TURNS * id + TURNS * (TURNS + 1) / 2;
        await until("every run to be whole", async () => {
          const runs = await daemon.get("/api/runs");
          assert.equal(runs.length, RUNS);
          for (const each of runs)
            assert.equal(each.tokens_output, want(each.id), `run ${each.id}`);
        }, 120_000);
        const days = await daemon.get("/api/usage/daily?days=90");
        assert.equal(days.reduce((sum, day) => sum + day.tokens_output, 0),
          Array.from({ length: RUNS }, (_, i) => want(i + 1)).reduce((a, b) => a + b));
        const { text } = await ask(daemon, "GET", "/api/usage/runs/1");
        assert.equal(JSON.parse(text)[0].output, want(1));
      } finally {
        await daemon.discard();
      }
    });
  });
