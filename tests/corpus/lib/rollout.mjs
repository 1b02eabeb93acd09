// corpus/lib/rollout.mjs: one invented thread and its rollout, traps included.
//
// Every response is billed in the answer key when it is invented; what is told again or copied out
// of the parent's rollout is never entered. So the key knows no rule for telling copies.
// SPDX-License-Identifier: MIT

import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";

import { quoted } from "./text.mjs";
import { LogFile } from "./writer.mjs";

const MODELS = ["gpt-5.4", "gpt-5.5", "gpt-5.6-sol", "gpt-5.3-codex"];
const KINDS = [
  { name: "forked", weight: 3 },
  { name: "forked_embedded", weight: 3 },
  { name: "subagent_copying", weight: 2 },
  { name: "subagent_fresh", weight: 3 },
];
const FIGURES = ["input", "cached", "written", "output", "reasoning"];
const NOTHING = Object.fromEntries(FIGURES.map((name) => [name, 0]));

function sum(a, b) {
  return Object.fromEntries(FIGURES.map((name) => [name, a[name] + b[name]]));
}

function usage(f, newer, context = f.input + f.output) {
  return `{"input_tokens":${f.input},"cached_input_tokens":${f.cached},`
    + (newer ? `"cache_write_input_tokens":${f.written},` : "")
    + `"output_tokens":${f.output},"reasoning_output_tokens":${f.reasoning},`
    + `"total_tokens":${context}}`;
}

function bill(f) {
  return { input: f.input - f.cached - f.written, output: f.output, cache_read: f.cached,
    cache_write_5m: f.written, cache_write_1h: 0, web_searches: 0 };
}

export class Rollout {
  #world;
  #random;
  #file;
  #total = NOTHING;
  #side = NOTHING;   // the running total of another thread that writes into this rollout
  #single = true;    // there is but one running total, and it never began anew
  lines = [];        // [type, payload, the total behind it, whether it is still single]
  at;

  constructor(world, random, start, parent) {
    this.#world = world;
    this.#random = random;
    this.at = start;
    this.parent = parent;
    this.kind = parent ? random.weighted(KINDS) : "main";
    this.id = random.uuid();
    this.newer = random.chance(0.7);
    this.cwd = `/home/dev/${world.text.words(random, 2).replace(" ", "-")}`;
    this.start = new Date(start).toISOString();
  }

  /** The path below the corpus. */
  path() {
    const day = this.start.slice(0, 10).replaceAll("-", "/");
    return `sessions/${day}/${this.#name()}`;
  }

  run(size) {
    this.#file = new LogFile(`${this.#world.root}/${this.path()}`, this.#world.counter);
    this.#meta();
    if (this.parent && this.kind !== "subagent_fresh")
      this.#copyHistory();
    while (this.#file.bytes < size)
      this.#turn();
    this.#tail();
    this.#file.close();
    if (this.#random.chance(0.12))
      this.#archive();
  }

  #name() {
    return `rollout-${this.start.slice(0, 19).replaceAll(":", "-")}-${this.id}.jsonl`;
  }

  #write(type, payload) {
    this.#file.line(`{"timestamp":"${new Date(this.at).toISOString()}","type":"${type}",`
      + `"payload":${payload}}`);
    this.lines.push([type, payload, this.#total, this.#single]);
  }

  #wait(most) {
    this.at += this.#random.between(200, most);
  }

  // ---- how it begins ----

  #meta() {
    const of = this.parent?.id;
    const lineage = {
      main: `"source":"cli"`,
      forked: `"source":"cli","forked_from_id":"${of}"`,
      forked_embedded: `"source":"vscode","forked_from_id":"${of}"`,
      subagent_copying: `"source":{"subagent":{"thread_spawn":{"parent_thread_id":"${of}",`
        + `"depth":1}}}`,
      subagent_fresh: `"source":{"subagent":{"other":"guide"}},"thread_source":"subagent",`
        + `"parent_thread_id":"${of}"`,
    };
    this.#write("session_meta", `{"id":"${this.id}","timestamp":"${this.start}",`
      + `"cwd":"${this.cwd}","originator":"codex_cli_rs","cli_version":"0.99.0",`
      + `${lineage[this.kind]},"model_provider":"openai",`
      + `"base_instructions":{"text":"${this.#world.text.take(this.#random, 2000)}"}}`);
    this.#world.truth.trap(this.kind);
  }

  /** The parent's lines up to some place, at the time of the fork. */
  #copyHistory() {
    const { lines } = this.parent;
    const upto = this.#random.chance(0.4) ? this.#random.between(1, lines.length) : lines.length;
    for (const [type, payload, total, single] of lines.slice(0, upto)) {
      if (type === "session_meta" && this.kind === "forked")
        continue;
      this.#total = total;
      this.#single = single;
      this.#write(type, payload);
      if (this.#random.chance(0.01))
        this.at += 1;
    }
    if (this.parent.parent)
      this.#world.truth.trap("grandchild");
    this.#world.truth.trap(upto < lines.length ? "parent_goes_on" : "copied_whole");
    this.#side = NOTHING; // that thread stays with the parent
    this.at += 6000;
  }

  // ---- what it does ----

  #turn() {
    this.model = this.#random.pick(MODELS);
    this.#wait(60_000);
    const id = this.#random.uuid();
    this.#write("event_msg", `{"type":"task_started","turn_id":"${id}"}`);
    this.#write("turn_context", `{"turn_id":"${id}","cwd":"${this.cwd}","model":"${this.model}",`
      + `"effort":"high","summary":"auto"}`);
    this.#say("user", 300);
    if (this.#random.chance(0.2))
      this.#count(null, null);
    for (let n = this.#random.between(1, 6); n > 0; n--)
      this.#step();
  }

  #say(role, size) {
    const text = this.#world.text.take(this.#random, this.#random.size(size, 1, 200_000));
    this.#write("response_item", `{"type":"message","role":"${role}","content":[{"type":`
      + `"output_text","text":"${text}"}]}`);
  }

  #tool() {
    const text = this.#world.text.take(this.#random, this.#random.size(3000, 1.2, 2_000_000));
    this.#write("response_item", `{"type":"function_call","name":"shell","arguments":"`
      + `${quoted('{"command":["ls"],"total_token_usage":{"input_tokens":5}}')}","call_id":"c"}`);
    this.#write("response_item", `{"type":"function_call_output","call_id":"c","output":"${text}"}`);
  }

  #invent() {
    const input = this.#random.size(30_000, 0.9, 900_000);
    const cached = Math.floor(input * this.#random.fraction());
    const written = this.newer && this.#random.chance(0.3)
      ? Math.floor((input - cached) * this.#random.fraction()) : 0;
    const output = this.#random.size(400, 1, 60_000);
    return { input, cached, written, output,
      reasoning: Math.floor(output * this.#random.fraction()) };
  }

  /** One response, with whatever may go wrong with its count. */
  #step() {
    const figures = this.#invent();
    this.#wait(20_000);
    if (this.#random.chance(0.7))
      this.#tool();
    this.#say("assistant", 600);
    this.#wait(5000);
    if (this.#random.chance(0.02) && this.#single && this.#total.output > 0)
      this.#unlogged(figures);
    else if (this.#random.chance(0.01) && this.#total.input > figures.input)
      this.#beginAnew(figures);
    else if (this.#random.chance(0.02) && this.#total.input > figures.input
      && this.#side.input + figures.input < this.#total.input)
      this.#aside(figures);
    else
      this.#bill(figures);
    this.#disturb();
  }

  #bill(figures) {
    this.#total = sum(this.#total, figures);
    this.#world.truth.bill(this.at, this.model, bill(figures));
    this.#count(this.#total, figures);
  }

  /** Two responses, of which only the second was logged: one bill for both. */
  #unlogged(first) {
    const second = this.#invent();
    this.#total = sum(this.#total, sum(first, second));
    this.#world.truth.bill(this.at, this.model, bill(sum(first, second)));
    this.#world.truth.trap("unlogged");
    this.#count(this.#total, second);
  }

  #beginAnew(figures) {
    this.#total = figures;
    this.#single = false;
    this.#world.truth.bill(this.at, this.model, bill(figures));
    this.#world.truth.trap("counter_restarted");
    this.#count(figures, figures);
  }

  /** Another thread's count in this rollout. */
  #aside(figures) {
    this.#side = sum(this.#side, figures);
    this.#single = false;
    this.#world.truth.bill(this.at, this.model, bill(figures));
    this.#world.truth.trap("threads_mixed");
    this.#count(this.#side, figures);
  }

  /** What is written after a count and costs nothing. */
  #disturb() {
    if (this.#random.chance(0.3)) {
      this.#wait(800);
      const last = this.lines.findLast(([type]) => type === "event_msg");
      this.#write(...last);
      this.#world.truth.trap("told_again");
    }
    if (this.#random.chance(0.03)) {
      this.#write("compacted", `{"message":"${this.#world.text.take(this.#random, 500)}"}`);
      this.#count(this.#total, NOTHING, this.#random.between(2000, 90_000));
      this.#world.truth.trap("compacted");
    }
    if (this.#random.chance(0.01)) {
      this.#file.raw(this.#random.chance(0.5) ? "\0".repeat(37) + "\n"
        : `{"type":"event_msg","payload":{"type":"token_count","in\n`);
      this.#world.truth.trap("broken_line");
    }
  }

  #count(total, last, context) {
    const info = total === null ? "null"
      : `{"total_token_usage":${usage(total, this.newer)},`
        + `"last_token_usage":${usage(last, this.newer, context)},"model_context_window":258400}`;
    if (total === null)
      this.#world.truth.trap("limits_only");
    this.#write("event_msg", `{"type":"token_count","info":${info},"rate_limits":{"limit_id":`
      + `"codex","primary":{"used_percent":${this.#random.between(0, 100)},"window_minutes":300,`
      + `"resets_at":${Math.floor(this.at / 1000) + 3600}},"secondary":null,"plan_type":"plus"}}`);
  }

  // ---- how it ends ----

  #tail() {
    if (this.#random.chance(0.1)) {
      this.#file.raw(`{"timestamp":"${new Date(this.at).toISOString()}","type":"event_msg","payl`);
      this.#world.truth.trap("torn_tail");
    }
  }

  /** Archived: the same file, or an older state of it, lies in the other folder, too. */
  #archive() {
    const bytes = readFileSync(`${this.#world.root}/${this.path()}`);
    const length = this.#random.chance(0.5) ? bytes.length : this.#random.between(1, bytes.length);
    const folder = `${this.#world.root}/archived_sessions`;
    mkdirSync(folder, { recursive: true });
    const fd = openSync(`${folder}/${this.#name()}`, "w");
    writeSync(fd, bytes, 0, length);
    closeSync(fd);
    this.#world.counter.files += 1;
    this.#world.counter.bytes += length;
    this.#world.truth.trap(length === bytes.length ? "archived" : "archived_in_part");
  }
}
