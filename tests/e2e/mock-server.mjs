// mock-server.mjs: a stand-in for tachod that serves the built page and the documents it asks for.
//
// Counts in the simplest way there is, by adding events up, so that the page's own sums are checked
// against something. Days are cut in UTC. Prices are made up: one model has one, the rest none.
// SPDX-License-Identifier: MIT

import { once } from "node:events";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { bundle } from "../../web/build.mjs";

const DAY_MS = 86_400_000;
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
  + "img-src 'self' data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; "
  + "form-action 'self'; frame-ancestors 'none'";
const DOLLARS_PER_TOKEN = { "claude-opus-4-5": 0.000005 };

const dayOf = (ms) => new Date(ms).toISOString().slice(0, 10);

function mondayOf(day) {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return dayOf(ms - ((new Date(ms).getUTCDay() + 6) % 7) * DAY_MS);
}

const totalOf = (e) => e.input + e.output + e.cacheRead + e.cacheWrite;

/** Dollars of an event by this cost, or undefined. `logged` is what the agent said. */
function dollarsOf(e, cost) {
  const price = DOLLARS_PER_TOKEN[e.model];
  const list = price === undefined ? undefined : totalOf(e) * price;
  return { list, logged: e.logged, auto: e.logged ?? list }[cost];
}

function sums(events, cost) {
  const sum = {
    inputTokens: 0, outputTokens: 0, cacheCreationTokens: 0, cacheReadTokens: 0,
    totalTokens: 0, totalCost: 0, unpriced: false, unpricedTokens: 0,
  };
  for (const e of events) {
    const dollars = dollarsOf(e, cost);
    sum.inputTokens += e.input;
    sum.outputTokens += e.output;
    sum.cacheCreationTokens += e.cacheWrite;
    sum.cacheReadTokens += e.cacheRead;
    sum.totalTokens += totalOf(e);
    sum.totalCost += dollars ?? 0;
    sum.unpricedTokens += dollars === undefined ? totalOf(e) : 0;
  }
  sum.unpriced = sum.unpricedTokens > 0;
  return sum;
}

function groupBy(events, keyOf) {
  const groups = new Map();
  for (const e of events)
    groups.set(keyOf(e), [...(groups.get(keyOf(e)) ?? []), e]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function breakdown([modelName, events], cost) {
  const { totalTokens, totalCost, ...sum } = sums(events, cost);
  return { modelName, agent: "claude", ...sum, cost: totalCost };
}

function report(events, query) {
  const since = query.get("since");
  const until = query.get("until");
  const cost = query.get("cost") ?? "list";
  const chosen = events.filter((e) =>
    (since === null || dayOf(e.atMs) >= since) && (until === null || dayOf(e.atMs) <= until));
  const daily = groupBy(chosen, (e) => dayOf(e.atMs)).map(([period, those]) => ({
    period, agent: "all", ...sums(those, cost),
    modelsUsed: [...new Set(those.map((e) => e.model))],
    modelBreakdowns: groupBy(those, (e) => e.model).map((group) => breakdown(group, cost)),
    metadata: { agents: ["claude"] },
  }));
  const totals = sums(chosen, cost);
  return {
    daily, totals, timezone: "UTC", since, until, costMode: cost, complete: true,
    plans: [plan(chosen)],
    ...(totals.unpriced && cost !== "logged" ? { hint: "'prices' in the configuration helps" } : {}),
  };
}

function plan(events) {
  const { totalCost, unpriced } = sums(events, "list");
  return { agent: "claude", monthlyPrice: 100, apiValue: totalCost, unpriced };
}

function liveFrame(events, revision, reading) {
  const nowMs = Date.now();
  const day = dayOf(nowMs);
  const monday = mondayOf(day);
  const lastHour = events.filter((e) => e.atMs > nowMs - DAY_MS / 24);
  const burn = sums(lastHour, "list");
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

function health(events, reading) {
  const root = (path, found) => ({ path, found });
  return {
    ok: true, version: "0.1.0", uptime_ms: 1000,
    ledger: { path: "/home/kim/ledger.db", size_bytes: 4096, events: events.length },
    last_event_at: null, reading,
    sources: [{
      agent: "claude", title: "Claude Code",
      roots: [root("/home/kim/.claude/projects", events.length > 0),
        root("/home/kim/.config/claude/projects", false)],
      files: events.length > 0 ? 1 : 0, bytes: 0, events: events.length, problems: 0,
    }],
  };
}

/** Answers { url, append(event), stop() }. `port` 0 takes any free one. */
export async function startMock({ events: first, port, reading = null }) {
  const events = [...first];
  const { assets } = await bundle();
  let revision = 1;

  const documents = {
    "/api/v1/report": (query) => report(events, query),
    "/api/v1/health": () => health(events, reading),
  };
  const http = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    const asset = assets.find((a) => a.path === (pathname === "/" ? "/index.html" : pathname));
    const document = documents[pathname];
    response.setHeader("Content-Security-Policy", CSP);
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (asset !== undefined)
      return response.setHeader("Content-Type", asset.type).end(asset.raw);
    if (document === undefined)
      return response.writeHead(404).end();
    response.setHeader("Content-Type", "application/json").setHeader("Cache-Control", "no-store");
    response.end(JSON.stringify(document(searchParams)));
  });
  const sockets = new WebSocketServer({ server: http, path: "/api/ws/live" });
  const frame = () => JSON.stringify(liveFrame(events, revision, reading));
  sockets.on("connection", (socket) => socket.send(frame()));
  http.listen(port, "127.0.0.1");
  await once(http, "listening");

  return {
    url: `http://127.0.0.1:${http.address().port}/`,
    append(event) {
      events.push(event);
      revision += 1;
      for (const socket of sockets.clients)
        socket.send(frame());
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
