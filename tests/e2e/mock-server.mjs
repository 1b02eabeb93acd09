// mock-server.mjs: a stand-in for tachod that serves the built page and the documents it asks for.
//
// What counts is added up from events (lib/made_up_reports.mjs); everything else is handed in as
// `world`: { limits, runs, runModels, gateways, runtime, settings, threshold }. What is not there is
// a 404, as it is with a daemon that does not know of it.
// SPDX-License-Identifier: MIT

import { once } from "node:events";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { bundle } from "../../web/build.mjs";
import { daily, DAY_MS, dayOf, mondayOf, report, sums, usage } from "./lib/made_up_reports.mjs";

const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
  + "img-src 'self' data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; "
  + "form-action 'self'; frame-ancestors 'none'";
export const NOBODY = {
  limits: { at: 0, accounts: [] }, runs: [], runModels: {}, gateways: [], runtime: {},
  threshold: null,
  settings: {
    notifications_enabled: true, usage_notifications_enabled: false, thresholds: [75, 90],
    timezone: null, updated_at: 0,
  },
};

function liveFrame(events, revision, reading) {
  const nowMs = Date.now();
  const day = dayOf(nowMs);
  const monday = mondayOf(day);
  const burn = sums(events.filter((e) => e.atMs > nowMs - DAY_MS / 24), "list");
  return {
    type: "live", revision, at: nowMs, timezone: "UTC", day,
    today: { period: day, ...sums(events.filter((e) => dayOf(e.atMs) === day), "list") },
    week: { period: monday, ...sums(events.filter((e) => dayOf(e.atMs) >= monday), "list") },
    costMode: "list",
    burn_rate: { tokens_per_minute: burn.totalTokens / 60, cost_usd_per_hour: burn.totalCost },
    last_event_at: events.length > 0 ? Math.max(...events.map((e) => e.atMs)) : null,
    reading, paused: null,
  };
}

const NAMES = { claude: "Claude Code", codex: "Codex", gemini: "Gemini CLI", opencode: "OpenCode" };

function sourceOf(agent, events, problems = 0) {
  const mine = events.filter((e) => (e.agent ?? "claude") === agent);
  const found = mine.length > 0;
  const folder = { claude: ".claude/projects", codex: ".codex/sessions", gemini: ".gemini/tmp",
    opencode: ".local/share/opencode" }[agent];
  const roots = [{ path: `/home/kim/${folder}`, found }];
  if (agent === "claude")
    roots.push({ path: "/home/kim/.config/claude/projects", found: false });
  return {
    agent, title: NAMES[agent], roots, files: found ? Math.ceil(mine.length / 9) : 0, bytes: 0,
    events: mine.length, problems,
    problem_kinds: problems > 0
      ? [{ kind: "not_json", lines: problems, first: `${roots[0].path}/a.jsonl:12` }] : [],
  };
}

function health(events, reading) {
  return {
    ok: true, version: "0.1.0", uptime_ms: 1000,
    ledger: {
      path: "/home/kim/.local/share/tacho/ledger.db",
      size_bytes: 4096 + 104 * events.length, events: events.length,
    },
    last_event_at: events.length > 0 ? Math.max(...events.map((e) => e.atMs)) : null, reading,
    ingest: { state: "following", error: null },
    sources: Object.keys(NAMES).map((agent) =>
      sourceOf(agent, events, agent === "opencode" && events.length > 99 ? 14 : 0)),
  };
}

/** The answers of a world, by method and path; undefined is a 404. */
function answersOf(world, state) {
  const find = (list, id) => list.find((x) => String(x.id) === id);
  return [
    [/^GET \/api\/v1\/report$/, (q) => report(state.events, q)],
    [/^GET \/api\/v1\/health$/, () => health(state.events, state.reading)],
    [/^GET \/usage$/, (q) => usage(state.events, q.get("window") ?? "week", world.threshold)],
    [/^GET \/api\/usage\/daily$/, (q) => daily(state.events, Number(q.get("days") ?? 14))],
    [/^GET \/api\/v1\/limits$/, () => world.limits],
    [/^GET \/api\/settings$/, () => world.settings],
    [/^PATCH \/api\/settings$/, (q, m, body) => Object.assign(world.settings, body)],
    [/^GET \/api\/runs$/, (q) => runsOf(world.runs, q)],
    [/^GET \/api\/runs\/(\d+)$/, (q, m) => find(world.runs, m[1])],
    [/^GET \/api\/usage\/runs\/(\d+)$/, (q, m) => world.runModels[m[1]] ?? []],
    [/^GET \/api\/gateways$/, () => world.gateways],
    [/^POST \/api\/gateways$/, (q, m, { name, url }) => {
      const made = {
        id: `gw-${world.gateways.length}`, name, url, account_key: "default", state: "connecting",
        last_error: null, last_seen_at: null,
      };
      world.gateways.push(made);
      return made;
    }],
    [/^GET \/api\/gateways\/([^/]+)\/runtime-usage$/, (q, m) => world.runtime[m[1]]],
  ];
}

function runsOf(runs, query) {
  const state = query.get("state");
  const q = (query.get("q") ?? "").toLowerCase();
  const fitting = runs.filter((r) => (state === null || r.state === state)
    && (r.label ?? "").toLowerCase().includes(q));
  const limit = Number(query.get("limit") ?? fitting.length);
  return { items: fitting.slice(0, limit), total: fitting.length };
}

async function bodyOf(request) {
  let text = "";
  for await (const piece of request)
    text += piece;
  return text === "" ? null : JSON.parse(text);
}

let built = null;

/** The page is built once, however many servers show it. */
function page() {
  built ??= bundle();
  return built;
}

/** Answers { url, world, append(event), send(path, frame), stop() }. `port` 0 takes any free one. */
export async function startMock({ events: first, port = 0, reading = null, world: parts = {} }) {
  const world = { ...structuredClone(NOBODY), ...parts };
  const state = { events: [...first], reading };
  const { assets } = await page();
  const answers = answersOf(world, state);
  let revision = 1;

  const http = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    const asset = assets.find((a) => a.path === (pathname === "/" ? "/index.html" : pathname));
    response.setHeader("Content-Security-Policy", CSP);
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (asset !== undefined)
      return response.setHeader("Content-Type", asset.type).end(asset.raw);
    const body = await bodyOf(request);
    const line = `${request.method} ${pathname}`;
    const found = answers.find(([pattern]) => pattern.test(line));
    const document = found?.[1](searchParams, line.match(found[0]), body);
    response.setHeader("Content-Type", "application/json").setHeader("Cache-Control", "no-store");
    if (document === undefined) {
      const error = { code: "not_found", message: `There is no ${pathname}.` };
      return response.writeHead(404).end(JSON.stringify({ error }));
    }
    response.end(JSON.stringify(document));
  });

  const sockets = new WebSocketServer({ noServer: true });
  const paths = new Map(); // of each open socket
  http.on("upgrade", (request, socket, head) => sockets.handleUpgrade(request, socket, head, (ws) => {
    const { pathname } = new URL(request.url, "http://localhost");
    paths.set(ws, pathname);
    ws.on("close", () => paths.delete(ws));
    if (pathname === "/api/ws/live")
      ws.send(JSON.stringify(liveFrame(state.events, revision, reading)));
  }));
  http.listen(port, "127.0.0.1");
  await once(http, "listening");

  const send = (path, frame) => {
    for (const [ws, open] of paths)
      if (open === path)
        ws.send(JSON.stringify(frame));
  };
  return {
    url: `http://127.0.0.1:${http.address().port}/`,
    world, send,
    listeners: (path) => [...paths.values()].filter((p) => p === path).length,
    append(event) {
      state.events.push(event);
      revision += 1;
      send("/api/ws/live", liveFrame(state.events, revision, reading));
    },
    async stop() {
      for (const socket of sockets.clients)
        socket.terminate();
      http.closeAllConnections();
      http.close();
      await once(http, "close");
    },
  };
}
