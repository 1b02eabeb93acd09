// lib/made_up_reports.mjs: the documents that count, from a list of events, as plainly as possible.
//
// Adds events up, so that the page's own sums are checked against something. Days are cut in UTC.
// Prices are made up: a few models have one, the rest none.
// SPDX-License-Identifier: MIT

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const DOLLARS_PER_TOKEN = {
  "claude-opus-4-5": 0.000005, "claude-sonnet-4-5": 0.000003, "gpt-5.2-codex": 0.00000175,
  "gemini-3-pro": 0.000002,
};
const LISTS = {
  day: "daily", week: "weekly", month: "monthly", model: "models", project: "projects",
  agent: "agents", machine: "machines", session: "session",
};

export const dayOf = (ms) => new Date(ms).toISOString().slice(0, 10);

export function mondayOf(day) {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return dayOf(ms - ((new Date(ms).getUTCDay() + 6) % 7) * DAY_MS);
}

export const totalOf = (e) => e.input + e.output + e.cacheRead + e.cacheWrite;

/** Dollars of an event by this cost, or undefined. `logged` is what the agent said. */
function dollarsOf(e, cost) {
  const price = DOLLARS_PER_TOKEN[e.model];
  const list = price === undefined ? undefined : totalOf(e) * price;
  return { list, logged: e.logged, auto: e.logged ?? list }[cost];
}

export function sums(events, cost) {
  const sum = {
    inputTokens: 0, outputTokens: 0, cacheCreationTokens: 0, cacheReadTokens: 0,
    reasoningTokens: 0, totalTokens: 0, totalCost: 0, unpriced: false, unpricedTokens: 0,
  };
  for (const e of events) {
    const dollars = dollarsOf(e, cost);
    sum.inputTokens += e.input;
    sum.outputTokens += e.output;
    sum.cacheCreationTokens += e.cacheWrite;
    sum.cacheReadTokens += e.cacheRead;
    sum.reasoningTokens += e.reasoning ?? 0;
    sum.totalTokens += totalOf(e);
    sum.totalCost += dollars ?? 0;
    sum.unpricedTokens += dollars === undefined ? totalOf(e) : 0;
  }
  sum.totalCost = Math.round(sum.totalCost * 1e9) / 1e9;
  sum.unpriced = sum.unpricedTokens > 0;
  return sum;
}

function groupBy(events, keyOf) {
  const groups = new Map();
  for (const e of events) {
    const key = keyOf(e);
    if (!groups.has(key))
      groups.set(key, []);
    groups.get(key).push(e);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

const KEYS = {
  day: (e) => dayOf(e.atMs),
  week: (e) => mondayOf(dayOf(e.atMs)),
  month: (e) => dayOf(e.atMs).slice(0, 7),
  model: (e) => e.model,
  project: (e) => e.project ?? "/w/shop",
  agent: (e) => e.agent ?? "claude",
  machine: (e) => e.machine ?? "studio",
  session: (e) => e.session ?? "s-1",
};

function breakdown(events, cost) {
  return groupBy(events, (e) => `${e.agent ?? "claude"}\n${e.model}`).map(([, those]) => {
    const { totalTokens, totalCost, ...sum } = sums(those, cost);
    const { model, agent } = those[0];
    return { modelName: model, agent: agent ?? "claude", ...sum, cost: totalCost };
  });
}

function rowOf(by, [key, events], cost) {
  const agents = [...new Set(events.map(KEYS.agent))];
  const isNamed = ["model", "project", "agent", "machine"].includes(by);
  const times = events.map((e) => e.atMs);
  return {
    agent: by === "session" ? agents[0] : "all", [isNamed ? "name" : "period"]: key,
    ...sums(events, cost), events: events.length, modelBreakdowns: breakdown(events, cost),
    modelsUsed: [...new Set(events.map((e) => e.model))].sort(),
    metadata: {
      agents,
      ...(by === "session" ? {
        projectPath: KEYS.project(events[0]),
        firstActivity: new Date(Math.min(...times)).toISOString(),
        lastActivity: new Date(Math.max(...times)).toISOString(),
      } : {}),
    },
  };
}

function blockOf(startMs, hours, events, cost) {
  const sum = sums(events, cost);
  const endMs = startMs + hours * HOUR_MS;
  const last = Math.max(...events.map((e) => e.atMs));
  const isActive = endMs > Date.now();
  const share = Math.max(0.05, (Date.now() - startMs) / (hours * HOUR_MS));
  return {
    id: new Date(startMs).toISOString(), isGap: false, isActive,
    startTime: new Date(startMs).toISOString(), endTime: new Date(endMs).toISOString(),
    actualEndTime: new Date(last).toISOString(), totalTokens: sum.totalTokens,
    costUSD: sum.totalCost, unpricedTokens: sum.unpricedTokens, unpriced: sum.unpriced,
    models: [...new Set(events.map((e) => e.model))], entries: events.length,
    tokenCounts: {
      inputTokens: sum.inputTokens, outputTokens: sum.outputTokens,
      cacheCreationInputTokens: sum.cacheCreationTokens, cacheReadInputTokens: sum.cacheReadTokens,
    },
    burnRate: null,
    projection: isActive ? {
      totalTokens: Math.round(sum.totalTokens / share), totalCost: sum.totalCost / share,
      remainingMinutes: Math.round((endMs - Date.now()) / 60_000),
    } : null,
  };
}

function blocksOf(events, hours, cost) {
  const blocks = [];
  let open = null;
  for (const e of [...events].sort((a, b) => a.atMs - b.atMs)) {
    if (open === null || e.atMs >= open.startMs + hours * HOUR_MS) {
      open = { startMs: Math.floor(e.atMs / HOUR_MS) * HOUR_MS, events: [] };
      blocks.push(open);
    }
    open.events.push(e);
  }
  return blocks.map((b) => blockOf(b.startMs, hours, b.events, cost));
}

function fits(event, query) {
  return Object.keys(KEYS).every((by) => {
    const wish = query.get(by);
    return wish === null || KEYS[by](event).includes(wish.replace(/\[(.)\]/g, "$1").replaceAll("*", ""));
  });
}

export function report(events, query) {
  const by = query.get("by") ?? "day";
  const since = query.get("since");
  const until = query.get("until");
  const cost = query.get("cost") ?? "list";
  const inSpan = (day) => (since === null || day >= since) && (until === null || day <= until);
  const wished = events.filter((e) => fits(e, query));
  const chosen = wished.filter((e) => inSpan(dayOf(e.atMs)));
  const totals = { ...sums(chosen, cost) };
  const rows = by === "block"
    ? { blocks: blocksOf(wished, Number(query.get("hours") ?? 5), cost)
      .filter((b) => inSpan(b.startTime.slice(0, 10))) }
    : { [LISTS[by]]: groupBy(chosen, KEYS[by]).map((group) => rowOf(by, group, cost)) };
  return {
    ...rows, totals, timezone: "UTC", since, until, costMode: cost, complete: true,
    plans: [plan(chosen)],
    ...(totals.unpriced && cost !== "logged" ? { hint: "'prices' in the configuration helps" } : {}),
  };
}

function plan(events) {
  const { totalCost, unpriced } = sums(events.filter((e) => KEYS.agent(e) === "claude"), "list");
  return { agent: "claude", monthlyPrice: 100, apiValue: totalCost, unpriced };
}

/* ---- the usage window ---- */

function partOf(events) {
  const sum = sums(events, "list");
  return {
    tasks: new Set(events.map(KEYS.session)).size, turns: events.length,
    input_tokens: sum.inputTokens, output_tokens: sum.outputTokens,
    cache_read: sum.cacheReadTokens, cache_creation: sum.cacheCreationTokens,
  };
}

/** In whole numbers, as a bound is a bound. */
function stateOf(used, threshold) {
  if (used * 100 > threshold * 95)
    return "red";
  return used * 100 >= threshold * 80 ? "orange" : used * 100 >= threshold * 50 ? "yellow" : "green";
}

export function usage(events, window, threshold) {
  const day = dayOf(Date.now());
  const monday = Date.parse(mondayOf(day));
  const oldest = Math.min(Date.now(), ...events.map((e) => e.atMs));
  const since = { day: Date.parse(day), week: monday, all: oldest }[window];
  const reset = { day: Date.parse(day) + DAY_MS, week: monday + 7 * DAY_MS, all: null }[window];
  const chosen = events.filter((e) => e.atMs >= since);
  const used = sums(chosen, "list").totalTokens;
  const days = [];
  for (let ms = Date.parse(dayOf(since)); ms <= Date.now(); ms += DAY_MS)
    days.push({ day: dayOf(ms), ...partOf(chosen.filter((e) => dayOf(e.atMs) === dayOf(ms))) });
  const agents = groupBy(chosen, (e) => JSON.stringify([e.name ?? "claude", e.kind ?? "agent", e.model]));
  return {
    window: {
      reset_at: reset === null ? null : new Date(reset).toISOString(),
      since: events.length === 0 && window === "all" ? null : new Date(since).toISOString(),
    },
    totals: { ...partOf(chosen) },
    by_agent: agents.map(([key, those]) => {
      const [name, type, model] = JSON.parse(key);
      return { name, type, model, ...partOf(those) };
    }),
    by_day: days, used,
    threshold: threshold === null ? null : {
      tokens: threshold, used, percent: Math.round((1e6 * used) / threshold) / 1e4,
      state: stateOf(used, threshold),
    },
  };
}

/** The last `n` days with use, newest first. */
export function daily(events, n) {
  const first = dayOf(Date.now() - (n - 1) * DAY_MS);
  return groupBy(events.filter((e) => dayOf(e.atMs) >= first), KEYS.day).reverse()
    .map(([date, those]) => {
      const sum = sums(those, "list");
      return {
        date, tokens_total: sum.totalTokens, tokens_input: sum.inputTokens,
        tokens_output: sum.outputTokens, tokens_cache_read: sum.cacheReadTokens,
        tokens_cache_create: sum.cacheCreationTokens, run_count: 0,
      };
    });
}
