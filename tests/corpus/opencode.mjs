#!/usr/bin/env node
// corpus/opencode.mjs: the messages of an invented opencode, with their own exact answer key.
//
//   node tests/corpus/opencode.mjs OUT --messages N --seed S
//
// Writes OUT/opencode/ (so that XDG_DATA_HOME=OUT works): opencode.db, made by the sqlite3 command,
// and the files of older versions; and OUT/truth.json. The same arguments give the same messages.
// Every bill is entered into the key once, when its answer is invented; `traps` says how often
// each of what makes counting hard was laid.
// SPDX-License-Identifier: MIT

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { Random } from "./lib/random.mjs";
import { Truth } from "./lib/truth.mjs";

const DEFAULTS = { messages: 3000, seed: 1, days: 40, end: "2026-11-20T00:00:00Z" };
const DAY = 86_400_000;
const TABLES = `
CREATE TABLE session (id TEXT PRIMARY KEY, project_id TEXT, parent_id TEXT, directory TEXT,
  title TEXT, time_created INTEGER, time_updated INTEGER);
CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, time_created INTEGER,
  time_updated INTEGER, data TEXT);
CREATE INDEX message_session ON message (session_id, time_created, id);
`;
const MODELS = [["anthropic", "claude-opus-5"], ["anthropic", "claude-sonnet-5-5"],
  ["openai", "gpt-5.4"], ["opencode", "nobody-knows"]];

function literal(value) {
  if (value === null)
    return "NULL";
  return typeof value === "number" ? `${value}` : `'${value.replaceAll("'", "''")}'`;
}

/** Writes messages where a version of the program would have put them. */
class Store {
  sql = [TABLES, "BEGIN;\n"];

  constructor(folder) {
    this.folder = folder;
  }

  insert(table, ...values) {
    this.sql.push(`INSERT INTO ${table} VALUES (${values.map(literal).join(", ")});\n`);
  }

  file(name, document) {
    const path = join(this.folder, "storage", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(document, null, 2));
  }

  session(session) {
    if (session.old)
      this.file(`session/p${session.project}/${session.id}.json`, {
        id: session.id, projectID: `p${session.project}`, parentID: session.parent ?? undefined,
        directory: session.folder, time: { created: session.at, updated: session.at } });
    if (!session.old || session.both)
      this.insert("session", session.id, `p${session.project}`, session.parent, session.folder,
        "t", session.at, session.at);
  }

  message(session, id, data) {
    if (session.old)
      this.file(`message/${session.id}/${id}.json`, { id, sessionID: session.id, ...data });
    if (!session.old || session.both)
      this.insert("message", id, session.id, data.time.created,
        data.time.completed ?? data.time.created, JSON.stringify(data));
  }

  close() {
    mkdirSync(this.folder, { recursive: true });
    execFileSync("sqlite3", ["-batch", "-bail", join(this.folder, "opencode.db")],
      { input: [...this.sql, "COMMIT;\n"].join("") });
  }
}

class World {
  truth = new Truth();
  #moment = 0;
  #ids = 0;

  constructor(folder, made) {
    this.store = new Store(join(folder, "opencode"));
    this.random = new Random(made.seed);
    this.made = made;
  }

  /** A moment that no other answer has. */
  moment() {
    const start = Date.parse(this.made.end) - this.made.days * DAY;
    this.#moment += this.random.between(1, Math.floor(2 * this.made.days * DAY / 3
      / this.made.messages));
    return start + this.#moment;
  }

  id(kind) {
    return `${kind}_${(++this.#ids).toString(16).padStart(12, "0")}${this.random.letters(8)}`;
  }

  session(options = {}) {
    const { random } = this;
    const old = random.chance(0.3);
    const project = random.between(0, 5);
    const session = { id: this.id("ses"), parent: null, project, folder: `/work/p${project}`,
      at: Date.parse(this.made.end), old, both: old && random.chance(0.5), answers: [], ...options };
    if (session.both)
      this.truth.trap("database_and_file");
    else if (session.old)
      this.truth.trap("file");
    this.store.session(session);
    return session;
  }

  /** What a version writes for the figures, and what they mean. */
  tokens(figures) {
    const { random } = this;
    const { input, output, reasoning, cache_read: read, cache_write_5m: write } = figures;
    const tokens = { input, output, reasoning, cache: { read, write } };
    const sum = input + output + read + write;
    const form = random.between(0, 3);
    if (form === 0) {
      this.truth.trap("reasoning_inside");
      tokens.total = sum;
    } else if (form === 1 && reasoning > 0) {
      this.truth.trap("reasoning_outside");
      tokens.output -= reasoning;
      tokens.total = sum;
    } else if (form === 2 && reasoning > output - reasoning) {
      this.truth.trap("reasoning_above_output");
      tokens.output -= reasoning;
    }
    return tokens;
  }

  answer(session) {
    const { random } = this;
    const output = random.between(1, 900);
    const figures = { input: random.between(0, 3000), output,
      reasoning: random.chance(0.5) ? random.between(0, output - 1) : 0,
      cache_read: random.between(0, 90_000), cache_write_5m: random.between(0, 4000),
      cache_write_1h: 0, web_searches: 0 };
    const at = this.moment();
    const [providerID, modelID] = random.pick(MODELS);
    const data = { role: "assistant", providerID, modelID, cost: random.chance(0.5) ? 0.0125 : 0,
      time: { created: at, completed: at + random.between(500, 90_000) },
      tokens: this.tokens(figures), path: { cwd: session.folder, root: session.folder } };
    this.truth.bill(at, modelID, figures);
    session.answers.push(data);
    this.#place(session, data);
  }

  /** Puts the row, often as it was while its answer streamed, and then as it is. */
  #place(session, data) {
    const id = this.id("msg");
    if (!session.old && this.random.chance(0.3)) {
      this.truth.trap("rewritten");
      const none = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
      this.store.message(session, id, { ...data, time: { created: data.time.created },
        tokens: none });
      this.store.sql.push(`UPDATE message SET data = ${literal(JSON.stringify(data))},`
        + ` time_updated = ${data.time.completed} WHERE id = ${literal(id)};\n`);
    } else {
      this.store.message(session, id, data);
    }
  }

  /** What is no bill: prompts, and answers that never began. */
  noise(session) {
    const created = this.moment();
    const started = this.random.chance(0.3);
    const none = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
    this.truth.trap(started ? "never_began" : "prompt");
    this.store.message(session, this.id("msg"), started
      ? { role: "assistant", providerID: "p", modelID: "m", time: { created }, tokens: none }
      : { role: "user", time: { created }, summary: { diffs: [{ text: '"role":"assistant"' }] } });
  }

  /** A fork: the answers up to some point under new ids, and then its own. */
  fork(from) {
    const fork = this.session({ project: from.project, folder: from.folder });
    for (const data of from.answers.slice(0, this.random.between(1, from.answers.length))) {
      this.truth.trap("forked");
      fork.answers.push(data);
      this.#place(fork, data);
    }
    return fork;
  }
}

/** Makes the corpus and answers what stands in truth.json. */
export function writeCorpus(out, options = {}) {
  const made = { ...DEFAULTS, ...options };
  const world = new World(out, made);
  const { random } = world;
  const sessions = [];
  for (let left = made.messages; left > 0;) {
    const from = sessions.length > 0 && random.chance(0.25) ? random.pick(sessions) : null;
    let session;
    if (from && random.chance(0.5)) {
      session = world.fork(from);
    } else {
      if (from)
        world.truth.trap("subagent");
      session = world.session({ parent: from?.id ?? null });
    }
    for (let n = random.between(2, 60); n > 0 && left > 0; n--, left--) {
      if (random.chance(0.3))
        world.noise(session);
      world.answer(session);
    }
    sessions.push(session);
  }
  world.store.close();
  const truth = { made, ...world.truth.answer() };
  writeFileSync(join(out, "truth.json"), JSON.stringify(truth, null, 1) + "\n");
  return truth;
}

function main(words) {
  const [out, ...rest] = words;
  const options = {};
  for (let i = 0; i + 1 < rest.length; i += 2)
    options[rest[i].replace(/^--/, "")] = Number(rest[i + 1]);
  if (!out || out.startsWith("-") || rest.length % 2 || Object.values(options).some(Number.isNaN)) {
    process.stderr.write("usage: node tests/corpus/opencode.mjs OUT --messages N --seed S\n");
    process.exit(2);
  }
  mkdirSync(out, { recursive: true });
  process.stdout.write(JSON.stringify(writeCorpus(out, options).totals) + "\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  main(process.argv.slice(2));
