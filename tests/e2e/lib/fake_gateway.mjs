// e2e/lib/fake_gateway.mjs: a gateway that says what a test wants it to say.
//
// Speaks the handshake of protocol 3 and 4 strictly (the device's signature is checked) and answers
// from a table of methods. Everything a test may want to bend is an option.
// SPDX-License-Identifier: MIT

import { createHash, createPublicKey, randomUUID, verify } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { WebSocketServer } from "ws";

export const TOKEN = "fake-gateway-token-0123456789";

/** What a quiet gateway answers: one session of the last minutes, one window of a provider. */
export function answers(now = Date.now()) {
  const totals = { input: 2000, output: 950, cacheRead: 46000, cacheWrite: 5900,
    totalTokens: 54850, totalCost: 0.056175 };
  const day = new Date(now).toISOString().slice(0, 10);
  return {
    "usage.cost": () => ({ updatedAt: now, days: 1, daily: [{ date: day, ...totals }], totals,
      cacheStatus: { status: "fresh", cachedFiles: 1, pendingFiles: 0, staleFiles: 0 } }),
    "usage.status": () => ({ updatedAt: now, providers: [{ provider: "anthropic",
      displayName: "Claude", plan: "Max", windows: [
        { label: "5h", usedPercent: 42.5, resetAt: now + 3_600_000 }] }] }),
    "sessions.usage": () => ({ updatedAt: now, startDate: day, endDate: day, totals, sessions: [{
      key: "agent:main:main", label: "Main chat", sessionId: "11111111-1111-4111-8111-111111111111",
      updatedAt: now - 60_000, agentId: "main", modelProvider: "anthropic",
      model: "claude-sonnet-4-6", usage: { ...totals, lastActivity: now - 60_000,
        messageCounts: { total: 4, user: 2, assistant: 2 }, modelUsage: [{ provider: "anthropic",
          model: "claude-sonnet-4-6", count: 2, totals }] } }],
    aggregates: { byModel: [{ provider: "anthropic", model: "claude-sonnet-4-6", count: 2,
      totals }] } }),
    "sessions.list": () => ({ ts: now, count: 1, totalCount: 1, sessions: [{
      key: "agent:main:main", sessionId: "11111111-1111-4111-8111-111111111111",
      updatedAt: now - 60_000, modelProvider: "anthropic", model: "claude-sonnet-4-6",
      inputTokens: 800, outputTokens: 610, estimatedCostUsd: 0.02 }] }),
  };
}

export class FakeGateway {
  connects = []; // the params of every connect, oldest first
  asked = []; // { method, params } of every request
  sockets = new Set();

  constructor(options = {}) {
    this.options = { token: TOKEN, protocol: 4, tickMs: 30_000, signature: "v3", order: "as asked",
      scopes: ["operator.read"], ...options };
    this.methods = { ...answers(), ...options.methods };
  }

  async start(port = 0) {
    const { tls } = this.options;
    this.server = tls ? createSecureServer(tls) : createServer();
    this.wss = new WebSocketServer({ server: this.server, perMessageDeflate: false });
    this.wss.on("connection", (socket, request) => this.#greet(socket, request));
    this.server.listen(port, "127.0.0.1");
    await once(this.server, "listening");
    this.port = this.server.address().port;
    this.url = `${tls ? "wss" : "ws"}://127.0.0.1:${this.port}`;
    return this;
  }

  async stop() {
    for (const socket of this.sockets)
      socket.terminate();
    this.wss.close();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  get open() {
    return this.sockets.size;
  }

  /** To everybody who is let in. */
  tell(event, payload) {
    for (const socket of this.sockets)
      socket.send(JSON.stringify({ type: "event", event, payload }));
  }

  #greet(socket, request) {
    if (request.headers.origin !== undefined || /token/.test(request.url))
      return socket.close(1008, "no origin, no token in the address");
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("error", () => {});
    if (this.options.greet)
      return this.options.greet(socket, this);
    const challenge = { nonce: randomUUID(), ts: Date.now(), capabilities: ["new-thing"] };
    socket.send(JSON.stringify({ type: "event", event: "presence.unknown", payload: [1, { a: 2 }] }));
    socket.send(JSON.stringify({ type: "event", event: "connect.challenge", payload: challenge }));
    socket.once("message", (data) => this.#connect(socket, JSON.parse(data), challenge));
  }

  #connect(socket, frame, challenge) {
    const { params } = frame;
    this.connects.push(params);
    const error = this.options.refuse?.(params, this) ?? this.#judge(frame, challenge);
    if (error) {
      const { close = 1008, ...told } = error;
      socket.send(JSON.stringify({ type: "res", id: frame.id, ok: false, error: told }));
      return socket.close(close, told.message.slice(0, 100));
    }
    socket.send(JSON.stringify({ type: "res", id: frame.id, ok: true, payload: this.#hello() }));
    socket.send(JSON.stringify({ type: "event", event: "health", payload: { ok: true }, seq: 1 }));
    socket.on("message", (data) => this.#request(socket, JSON.parse(data)));
    this.options.welcome?.(socket, this);
  }

  #judge({ params, method }, challenge) {
    const deny = (code, message = "no", more = {}) =>
      ({ code: "INVALID_REQUEST", message, details: { code, ...more } });
    if (method !== "connect")
      return deny("FIRST_REQUEST", "invalid handshake");
    const known = ["minProtocol", "maxProtocol", "client", "role", "scopes", "caps", "auth",
      "device", "userAgent", "locale"];
    if (Object.keys(params).some((key) => !known.includes(key)))
      return deny("BAD_PARAMS", "invalid connect params");
    const { protocol } = this.options;
    if (params.minProtocol > protocol || params.maxProtocol < protocol
      || (this.options.exact && params.maxProtocol !== protocol))
      return { ...deny("PROTOCOL_MISMATCH", "protocol mismatch", { expectedProtocol: protocol }),
        close: 1002 };
    const secret = params.auth?.deviceToken ?? params.auth?.token ?? params.auth?.password;
    if (params.auth?.deviceToken && params.auth.deviceToken !== this.options.deviceToken)
      return deny("AUTH_DEVICE_TOKEN_MISMATCH", "unauthorized: device token mismatch");
    if (!params.auth?.deviceToken && secret !== this.options.token)
      return deny("AUTH_TOKEN_MISMATCH", "unauthorized: token mismatch");
    return this.#signed(params, challenge) ? null
      : deny("DEVICE_AUTH_SIGNATURE_INVALID", "device signature invalid");
  }

  #signed({ client, role, scopes, auth, device }, challenge) {
    const raw = Buffer.from(device.publicKey, "base64url");
    const key = createPublicKey({ format: "der", type: "spki",
      key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]) });
    const parts = [this.options.signature, device.id, client.id, client.mode, role,
      scopes.join(","), challenge.ts, auth.token ?? auth.deviceToken ?? "", challenge.nonce,
      ...(this.options.signature === "v3" ? [client.platform, ""] : [])];
    return device.id === createHash("sha256").update(raw).digest("hex")
      && device.nonce === challenge.nonce && device.signedAt === challenge.ts
      && verify(null, Buffer.from(parts.join("|")), key,
        Buffer.from(device.signature, "base64url"));
  }

  #hello() {
    const { protocol, scopes, deviceToken, tickMs } = this.options;
    const names = Array.from({ length: 900 }, (_, i) => `some.method.with.a.long.name.${i}`);
    return { type: "hello-ok", protocol, server: { version: "2026.9.6", connId: randomUUID() },
      features: { methods: names, events: names }, snapshot: { presence: [], health: {} },
      auth: { role: "operator", scopes, method: "token", ...(deviceToken && { deviceToken }) },
      policy: { maxPayload: 26214400, tickIntervalMs: tickMs }, somethingNew: { a: [1] } };
  }

  #request(socket, { id, method, params }) {
    this.asked.push({ method, params });
    const make = this.methods[method];
    if (!make)
      return this.#answer(socket, { type: "res", id, ok: false, error: { code: "FORBIDDEN",
        message: "missing scope: operator.admin", details: { code: "MISSING_SCOPE" } } });
    const payload = make(params, socket, id);
    if (payload === undefined)
      return null; // it never answers, or has done so itself
    if (payload?.error)
      return this.#answer(socket, { type: "res", id, ok: false, error: payload.error });
    return this.#answer(socket, { type: "res", id, ok: true, payload });
  }

  /** "reversed": three answers are held back and sent last first, events between them. */
  #answer(socket, frame) {
    if (this.options.order === "as asked")
      return socket.send(JSON.stringify(frame));
    this.held = [frame, ...this.held ?? []];
    if (this.held.length < 3)
      return null;
    for (const one of this.held.splice(0)) {
      socket.send(JSON.stringify({ type: "event", event: "tick", payload: { ts: 1 } }));
      socket.send(JSON.stringify({ type: "res", id: "nobody-asked", ok: true, payload: {} }));
      socket.send(JSON.stringify(one));
    }
    return null;
  }
}

export async function fakeGateway(options, port) {
  return new FakeGateway(options).start(port);
}
