// link.test.ts: the live connection: waiting, trying again, telling.
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { backoffMs } from "../src/api/backoff";
import { type LinkState, openLink, type Socket, socketUrl, type World } from "../src/api/socket";
import { paced } from "../src/pace";
import { type Connection, nextConnection } from "../src/state/connection";

/** A world in which a test opens, closes and lets time pass. */
class Made implements World {
  sockets: (Socket & { closed: boolean })[] = [];
  waits: { ms: number; then: () => void; cancelled: boolean }[] = [];

  connect(): Socket {
    const socket = {
      onmessage: null, onclose: null, closed: false,
      close() { this.closed = true; },
    };
    this.sockets.push(socket);
    return socket;
  }

  after(ms: number, then: () => void): () => void {
    const wait = { ms, then, cancelled: false };
    this.waits.push(wait);
    return () => { wait.cancelled = true; };
  }

  chance(): number {
    return 0;
  }

  say(data: unknown): void {
    this.sockets.at(-1)?.onmessage?.({ data });
  }

  drop(): void {
    this.sockets.at(-1)?.onclose?.();
  }

  pass(): void {
    this.waits.at(-1)?.then();
  }
}

function linked() {
  const world = new Made();
  const texts: string[] = [];
  const states: LinkState[] = [];
  const link = openLink(world, (t) => texts.push(t), (s) => states.push(s));
  return { world, texts, states, link };
}

test("the wait doubles from half a second up to fifteen", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 1000].map((n) => backoffMs(n, 0)),
    [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
});

test("chance takes off up to a fifth and adds nothing", () => {
  assert.equal(backoffMs(0, 1), 400);
  assert.equal(backoffMs(9, 1), 12000);
});

test("texts are handed on, other messages are not", () => {
  const { world, texts } = linked();
  world.say("one");
  world.say(new ArrayBuffer(1));
  assert.deepEqual(texts, ["one"]);
});

test("patience grows until a message has come", () => {
  const { world } = linked();
  world.drop();
  world.pass();
  world.drop(); // opened and shut: no message
  world.pass();
  assert.deepEqual(world.waits.map((w) => w.ms), [500, 1000]);
  world.say("hello");
  world.drop();
  assert.equal(world.waits.at(-1)?.ms, 500);
});

test("a retry now does not wait, and is nothing while connected", () => {
  const { world, link } = linked();
  link.retryNow();
  assert.equal(world.sockets.length, 1);
  world.drop();
  link.retryNow();
  assert.equal(world.sockets.length, 2);
  assert.ok(world.waits[0]?.cancelled);
});

test("a closed link stays closed", () => {
  const { world, link } = linked();
  link.close();
  world.drop();
  assert.equal(world.waits.length, 0);
  assert.ok(world.sockets[0]?.closed);
});

test("states tell the story of a loss", () => {
  const { world, states } = linked();
  world.say("hello");
  world.drop();
  world.pass();
  assert.deepEqual(states.map((s) => s.kind), ["connecting", "open", "waiting", "connecting"]);
});

test("a loss keeps its time until it is mended", () => {
  let now: Connection = { kind: "connecting" };
  const feed = (state: LinkState, at: number) => { now = nextConnection(now, state, at); };
  feed({ kind: "open" }, 0);
  assert.equal(now.kind, "live");
  feed({ kind: "waiting", attempt: 1, delayMs: 500 }, 1000);
  feed({ kind: "connecting" }, 1500);
  feed({ kind: "waiting", attempt: 2, delayMs: 1000 }, 1600);
  assert.deepEqual(now, { kind: "lost", sinceMs: 1000, attempt: 2, retryAtMs: 2600 });
  feed({ kind: "open" }, 3000);
  assert.deepEqual(now, { kind: "live" });
});

test("the socket follows the page's scheme, prefix and port, not its hash", () => {
  assert.equal(socketUrl("api/ws/live", "http://127.0.0.1:8224/#/usage"),
    "ws://127.0.0.1:8224/api/ws/live");
  assert.equal(socketUrl("api/ws/live", "https://x.test/tacho/"), "wss://x.test/tacho/api/ws/live");
});

test("paced calls run at once, then once for all that came in the pause", () => {
  let at = 0;
  let runs = 0;
  const booked: (() => void)[] = [];
  const call = paced(1000, () => { runs += 1; },
    { now: () => at, after: (ms, then) => { assert.equal(ms, 700); booked.push(then); } });
  call();
  at = 300;
  call();
  call();
  assert.deepEqual([runs, booked.length], [1, 1]);
  at = 1000;
  booked[0]?.();
  assert.equal(runs, 2);
  at = 2500;
  call();
  assert.equal(runs, 3);
});
