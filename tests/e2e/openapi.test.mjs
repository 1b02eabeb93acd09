// openapi.test.mjs: /api/openapi.json is sound, complete, and true of every answer.
//
// Routes are read from the server's own tables, so one that is not described fails here. What has
// no example below is asked all the same, and has to answer as its description allows.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import WebSocket from "ws";

import { fakeGateway, TOKEN } from "./lib/fake_gateway.mjs";
import { Home, response } from "./lib/home.mjs";
import { startDaemon } from "./lib/programs.mjs";
import { startServer } from "./lib/server.mjs";
import { until, within } from "./lib/until.mjs";

const SERVER = new URL("../../src/server/", import.meta.url);
const METHODS = ["get", "post", "patch", "delete"];
const STYLE = "get /login.css"; // belongs to the form, not to the API
const NOBODY = "00000000-0000-4000-8000-000000000000";

const source = (name) => readFileSync(new URL(name, SERVER), "utf8");

/** "get /api/usage", …: the rows of the tables of routes and of sockets. */
function servedRoutes() {
  const calls = [...source("routes.c").matchAll(/\{ METHOD_([A-Z]+), "([^"]+)"/g)]
    .map(([, method, path]) => `${method.toLowerCase()} ${path}`);
  const table = /hub_topics\[[^\]]*\] = \{\n(.*?)\n\};/s.exec(source("hub.c"))[1];
  const macros = Object.fromEntries([...source("handlers.h")
    .matchAll(/#define (\w+_TOPIC)\s+"([^"]+)"/g)].map(([, name, path]) => [name, path]));
  const sockets = [...table.matchAll(/\{ (?:"([^"]+)"|(\w+_TOPIC)),/g)]
    .map(([, path, name]) => `get ${path ?? macros[name]}`);
  assert.ok(calls.length > 20 && sockets.length > 3, "the tables could be read");
  return [...calls, ...sockets];
}

/** The OpenAPI document, and what it allows. */
class Contract {
  constructor(document) {
    this.document = document;
    this.ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats(this.ajv);
    this.ajv.addSchema(document, "api");
  }

  *operations() {
    for (const [path, item] of Object.entries(this.document.paths))
      for (const method of METHODS.filter((name) => item[name]))
        yield { name: `${method} ${path}`, method, path, item: item[method] };
  }

  /** What a JSON pointer leads to. */
  at(pointer) {
    return pointer.split("/").slice(1).reduce((value, part) =>
      value?.[part.replaceAll("~1", "/").replaceAll("~0", "~")], this.document);
  }

  check(pointer, value, what) {
    const path = pointer.split("/").map(encodeURIComponent).join("/");
    const validate = this.ajv.getSchema(`api#${path}`);
    assert.ok(validate, `${pointer} is a schema`);
    assert.ok(validate(value), `${what}: ${this.ajv.errorsText(validate.errors)}\n` +
      JSON.stringify(value).slice(0, 600));
  }

  /** Is this an answer that `method path` may give? */
  checkAnswer(method, path, answer, what) {
    const escaped = path.replaceAll("/", "~1");
    let pointer = `/paths/${escaped}/${method}/responses/${answer.status}`;
    let described = this.at(pointer);
    assert.ok(described, `${what}: ${answer.status} is described (${answer.text.slice(0, 200)})`);
    if (described.$ref) {
      pointer = described.$ref.slice(1);
      described = this.at(pointer);
    }
    if (!described.content) {
      assert.equal(answer.text, "", `${what} has no body`);
      return;
    }
    assert.ok(described.content[answer.type], `${what}: ${answer.type} is described`);
    const value = answer.type === "application/json" ? JSON.parse(answer.text) : answer.text;
    this.check(`${pointer}/content/${answer.type.replaceAll("/", "~1")}/schema`, value, what);
  }

  matching(method, url) {
    const path = url.split("?")[0].split("/");
    return Object.keys(this.document.paths).find((pattern) => {
      const parts = pattern.split("/");
      return this.document.paths[pattern][method] && parts.length === path.length &&
        parts.every((part, i) => part.startsWith("{") || part === path[i]);
    });
  }
}

async function ask(daemon, method, url, { body, type = "application/json", headers } = {}) {
  const answer = await fetch(daemon.url + url, {
    method: method.toUpperCase(), redirect: "manual", signal: AbortSignal.timeout(20_000),
    headers: { ...(method === "get" ? {} : { "content-type": type }), ...headers },
    body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text(), etag: answer.headers.get("etag"),
    type: answer.headers.get("content-type")?.split(";")[0] };
}

const isSocket = (operation) => Boolean(operation.item.responses["101"]);

describe("the description", () => {
  let home, daemon, contract;
  const asked = new Set();

  /** Asks, and holds the answer against the description. */
  async function hold(status, method, url, options) {
    const path = contract.matching(method, url);
    const what = `${method} ${url}`;
    assert.ok(path, `${what} is described`);
    const answer = await ask(daemon, method, url, options);
    contract.checkAnswer(method, path, answer, what);
    assert.equal(answer.status, status, `${what}: ${answer.text}`);
    asked.add(`${method} ${path}`);
    return answer.type === "application/json" && answer.text ? JSON.parse(answer.text) : null;
  }

  before(async () => {
    home = new Home();
    const limited = JSON.parse(response({ output: 100, read: 5 }));
    limited.rateLimits = {
      "anthropic-ratelimit-unified-5h-tokens-limit": 1000,
      "anthropic-ratelimit-unified-5h-tokens-remaining": 765,
      "anthropic-ratelimit-unified-5h-reset": Math.floor(Date.now() / 1000) + 3600,
    };
    home.append("shop/a.jsonl", JSON.stringify(limited), response({ model: "nobody-knows-1" }),
      "no JSON");
    daemon = await startDaemon(home);
    await daemon.holds(109 + 104);
    contract = new Contract(await daemon.get("/api/openapi.json"));
  });
  after(async () => {
    await daemon?.discard();
    home?.remove();
  });

  test("leads nowhere that does not exist, and its schemas are schemas", () => {
    const { document } = contract;
    assert.match(document.openapi, /^3\.1\./);
    for (const [, pointer] of JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g))
      assert.ok(contract.at(pointer), pointer);
    for (const name of Object.keys(document.components.schemas))
      assert.ok(contract.ajv.getSchema(`api#/components/schemas/${name}`), name);
  });

  test("names every operation once, with its parameters and refusals", () => {
    const ids = new Set();
    for (const { name, path, item } of contract.operations()) {
      assert.ok(item.summary && item.operationId, name);
      assert.ok(!ids.has(item.operationId), item.operationId);
      ids.add(item.operationId);
      const inPath = (item.parameters ?? []).filter((one) => one.in === "path");
      assert.deepEqual(inPath.map((one) => `{${one.name}}`), path.match(/\{\w+\}/g) ?? [], name);
      assert.ok(inPath.every((one) => one.required && one.schema), name);
      if (!item.security)
        assert.ok(item.responses["401"] && item.responses["403"], name);
    }
  });

  test("is of what the server serves, all of it and nothing else", () => {
    const described = [...contract.operations()].map((operation) => operation.name);
    const served = servedRoutes().filter((route) => route !== STYLE);
    assert.deepEqual(described.sort(), served.sort());
  });

  test("holds for reports, by whatever and however filtered", async () => {
    for (const by of ["day", "week", "month", "model", "agent", "project", "machine", "session"])
      await hold(200, "get", `/api/v1/report?by=${by}&order=desc&limit=5`);
    await hold(200, "get", "/api/v1/report?by=block&token_limit=max&active=1");
    await hold(200, "get", "/api/v1/report?since=2020-01-01&until=2020-01-02&model=none");
    for (const bad of ["by=hour", "tz=Nowhere/X", "limit=-1", "since=soon", "last=0"])
      await hold(400, "get", `/api/v1/report?${bad}`);
  });

  test("holds for limits, usage and what is set", async () => {
    await hold(200, "get", "/api/usage");
    await hold(200, "get", "/api/usage?account=claude");
    await hold(404, "get", "/api/usage?account=nobody");
    await hold(200, "get", "/api/usage/daily?days=3");
    for (const window of ["week", "day", "all"])
      await hold(200, "get", `/usage?window=${window}`);
    await hold(400, "get", "/usage?window=year");
    await hold(200, "patch", "/api/settings", { body: { thresholds: [50, 95], mine: "x" } });
    await hold(400, "patch", "/api/settings", { body: { thresholds: "high" } });
    await hold(415, "patch", "/api/settings", { body: "{}", type: "text/plain" });
  });

  test("holds for tasks", async () => {
    const task = { id: "t-1", agent: { name: "writer", type: "worker" }, output_tokens: 5,
      started_at: new Date().toISOString(), total_cost_usd: 0.0123 };
    await hold(201, "post", "/api/tasks", { body: task });
    await hold(200, "post", "/api/tasks", { body: [task] });
    await hold(400, "post", "/api/tasks", { body: { id: "t-2" } });
    const { total } = await hold(200, "get", "/api/tasks?limit=1");
    assert.equal(total, 1);
    await hold(400, "get", "/api/tasks?limit=lots");
  });

  test("holds for gateways", async () => {
    const gateway = await fakeGateway();
    try {
      const body = { name: "home", url: gateway.url, token: TOKEN };
      const { id } = await hold(201, "post", "/api/gateways", { body });
      await hold(409, "post", "/api/gateways", { body });
      await hold(400, "post", "/api/gateways", { body: { name: "x", url: "ftp://x" } });
      await until("its connection", async () =>
        (await hold(200, "get", `/api/gateways/${id}`)).state === "connected");
      await hold(200, "get", "/api/gateways");
      await hold(200, "get", `/api/gateways/${id}/runtime-usage`);
      await hold(200, "get", `/api/gateways/${id}/history`);
      await hold(400, "get", `/api/gateways/${id}/history?since=soon`);
      await hold(200, "patch", `/api/gateways/${id}`, { body: { enabled: false } });
      await hold(200, "get", `/api/gateways/${id}/runtime-usage`);
      await hold(204, "delete", `/api/gateways/${id}`);
      await hold(404, "get", `/api/gateways/${id}`);
    } finally {
      await gateway.stop();
    }
  });

  test("holds for the forms of people", async () => {
    const form = { type: "application/x-www-form-urlencoded", body: "token=wrong" };
    await hold(200, "get", "/login");
    await hold(303, "post", "/login", form);
    await hold(303, "post", "/logout", { ...form, body: "" });
    await hold(415, "post", "/login", { body: {} });
  });

  test("holds for what a client has already", async () => {
    for (const operation of contract.operations()) {
      const { method, path, name } = operation;
      if (method !== "get" || isSocket(operation) || path.includes("{"))
        continue;
      assert.ok(operation.item.responses["304"], `${name}: 304 is described`);
      const { etag } = await ask(daemon, method, path);
      contract.checkAnswer(method, path,
        await ask(daemon, method, path, { headers: { "if-none-match": etag } }), name);
    }
  });

  test("holds for a body of the wrong kind", async () => {
    for (const { method, path, name, item } of contract.operations()) {
      if (method === "get")
        continue;
      assert.ok(item.responses["413"], `${name}: 413 is described`);
      const answer = await ask(daemon, method, path.replace(/\{\w+\}/g, NOBODY),
        { body: "x", type: "text/plain" });
      contract.checkAnswer(method, path, answer, name);
      assert.equal(answer.status, 415, name);
    }
  });

  test("holds for every other operation, asked without knowing it", async () => {
    for (const operation of contract.operations()) {
      if (isSocket(operation) || asked.has(operation.name))
        continue;
      const { method, path, name } = operation;
      const url = path.replace(/\{\w+\}/g, NOBODY);
      const answer = await ask(daemon, method, url, method === "get" ? {} : { body: {} });
      contract.checkAnswer(method, path, answer, name);
      assert.ok(answer.status === 200 || path.includes("{") || method !== "get",
        `${name}: ${answer.status}`);
    }
  });

  test("holds for what sockets say first", async () => {
    for (const [path, schema, pick] of [
      ["/api/ws/live", "Live", (frame) => frame],
      ["/api/ws/usage", "UsageState", (frame) => frame.state],
    ]) {
      const socket = new WebSocket(daemon.url.replace("http", "ws") + path);
      const [data] = await within(`a frame of ${path}`, once(socket, "message"));
      contract.check(`/components/schemas/${schema}`, pick(JSON.parse(data)), path);
      socket.terminate();
    }
  });

  test("holds for a call of a socket that is no upgrade", async () => {
    for (const { path, name, ...operation } of contract.operations())
      if (isSocket(operation) && !path.includes("{"))
        contract.checkAnswer("get", path, await ask(daemon, "get", path), name);
  });
});

test("without a token every operation that needs one is refused as described", async () => {
  const contract = new Contract(JSON.parse(source("openapi.json")));
  const server = await startServer({ words: ["--require-token"] });
  try {
    for (const { item, method, path, name } of contract.operations()) {
      if (item.security)
        continue;
      const { status, headers, text } = await server.ask(path.replace(/\{\w+\}/g, NOBODY),
        { method: method.toUpperCase() });
      assert.equal(status, 401, name);
      contract.checkAnswer(method, path, { status, text,
        type: headers["content-type"].split(";")[0] }, name);
    }
  } finally {
    await server.discard();
  }
});
