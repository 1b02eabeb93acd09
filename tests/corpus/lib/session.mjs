// corpus/lib/session.mjs: one invented session, with everything that makes counting hard.
//
// Writes its transcript line by line, and the files of its sub-agents. Whatever is billed goes into
// the truth once, at the place where it is invented.
// SPDX-License-Identifier: MIT

import * as lines from "./lines.mjs";
import { enterBill, inventResponse, pickModel } from "./response.mjs";
import { quoted } from "./text.mjs";
import { LogFile } from "./writer.mjs";

const HISTORY = 400; // lines of a session that a resumed one may write again
const ERRORS = [
  ["API Error: overloaded", '"error":"overloaded","apiErrorStatus":529,'],
  ["API Error: too many requests", '"error":"rate_limit","apiErrorStatus":429,'],
  ["Claude AI usage limit reached|1788274800", ""],
];
const TRAPS_ALOUD = [ // usage that is no bill, in lines of other types
  '{"type":"result","subtype":"success","usage":{"input_tokens":999,"output_tokens":999},'
    + '"total_cost_usd":1.5}',
  '{"type":"summary","summary":"north lantern","usage":{"output_tokens":999}}',
  '{"type":"mode","usage":{"output_tokens":999}}',
  '{"type":"queue-operation","operation":"enqueue","usage":null}',
];
const BROKEN = ["", "\0".repeat(48), '{"type":"assistant","message":{"usage":{"in'];

/** How this session's version of the agent and its gateway write. */
function inventStyle(random) {
  const newer = random.chance(0.6);
  return {
    newer,
    version: newer ? `2.1.${random.between(1, 260)}` : `1.0.${random.between(9, 120)}`,
    requests: random.weighted([{ name: "all", weight: 88 }, { name: "none", weight: 6 },
      { name: "some", weight: 6 }]),
    ids: random.chance(0.02) ? "uuid" : "message",
    split: random.weighted([{ name: "both", weight: 80 }, { name: "flat", weight: 8 },
      { name: "nested", weight: 8 }, { name: "larger", weight: 4 }]),
    numbers: random.weighted([{ name: "plain", weight: 96 }, { name: "text", weight: 2 },
      { name: "float", weight: 2 }]),
    finals: random.chance(0.15) ? "all" : "last",
    stops: !random.chance(0.08),
    hour: random.chance(0.25),
    us: random.chance(0.05),
    spaced: random.chance(0.03),
    eol: random.chance(0.03) ? "\r\n" : "\n",
  };
}

export class Session {
  history = [];
  parent = "00000000-0000-4000-9000-000000000000";
  #recent = []; // responses that a side question may repeat

  /** `world` is { root, truth, counter, text }, shared by all; `place` { folder, cwd }. */
  constructor(world, place, random, now) {
    Object.assign(this, { random, now, place });
    this.root = world.root;
    this.truth = world.truth;
    this.counter = world.counter;
    this.text = world.text;
    this.style = inventStyle(random);
    this.id = random.uuid();
    this.cwdText = random.chance(0.01) ? "null" : `"${quoted(place.cwd)}"`;
    this.branch = random.pick(["main", "main", "dev", "topic/lane"]);
    this.mark = "";
    this.main = {
      model: pickModel(random),
      context: random.between(12_000, 22_000),
      most: random.chance(0.05) ? 600_000 : 165_000,
    };
  }

  folder() {
    return `${this.root}/projects/${this.place.folder}`;
  }

  path() {
    return `${this.folder()}/${this.id}.jsonl`;
  }

  /** Writes about `budget` bytes. `earlier` is a session to resume, or null. */
  run(budget, earlier) {
    this.file = new LogFile(this.path(), this.counter, this.style.eol);
    if (this.random.chance(0.02))
      this.file.raw("\xef\xbb\xbf");
    if (this.random.chance(0.3))
      this.file.line(`{"type":"summary","summary":"${this.text.words(this.random, 6)}"}`);
    if (earlier)
      this.#resume(earlier);
    while (this.file.bytes < budget)
      this.#turn(budget);
    if (this.#recent.length > 0 && this.random.chance(0.08))
      this.#askAside();
    this.#end();
  }

  #emit(pair, file = this.file) {
    file.line(pair[0] + this.id + pair[1]);
    if (file === this.file && this.history.length < HISTORY)
      this.history.push(pair);
  }

  #resume(earlier) {
    const count = this.random.between(1, earlier.history.length);
    const background = this.random.chance(0.3);
    this.truth.trap(background ? "forked" : "resumed");
    for (const [before, after] of earlier.history.slice(0, count))
      this.#emit([before, background ? after.replace('",', '","sessionKind":"bg",') : after]);
    this.mark = background ? '"sessionKind":"bg",' : "";
    this.now = Math.max(this.now, earlier.now);
  }

  #turn(budget) {
    const { random } = this;
    this.now += random.size(40_000, 1, 4 * 3_600_000);
    this.#emit(lines.user(this, `"${this.text.take(random, random.size(200, 1, 3000))}"`));
    for (let n = random.between(2, 30); n > 0 && this.file.bytes < budget; n--) {
      const response = this.#respond(this.main, { side: false });
      for (const id of response.toolIds)
        this.#useTool(id);
      if (response.toolIds.length === 0)
        break;
    }
    this.#litter();
    if (random.chance(0.15))
      this.main.model = pickModel(random);
  }

  #useTool(id) {
    if (!this.random.chance(0.04)) {
      this.#toolResult(id, this.main, false);
      return;
    }
    const last = this.#runSubagent();
    const own = lines.usage(this.style, last, last.lines[last.lines.length - 1]);
    this.truth.trap("tool_use_result");
    this.#emit(lines.toolResult(this, id, this.text.take(this.random, 300),
      `{"status":"completed","totalTokens":4242,"usage":${own}}`, false));
  }

  #toolResult(id, chain, side, file) {
    const text = this.text.take(this.random, this.random.size(1100, 1.5, 200_000));
    this.now += this.random.size(1300, 1.2, 600_000);
    chain.context += text.length >> 2;
    this.#emit(lines.toolResult(this, id, text,
      `{"stdout":"${text}","stderr":"","interrupted":false}`, side), file);
  }

  /** Invents, bills and writes one response. `as`: { side, agent?, file? }. */
  #respond(chain, as) {
    const response = inventResponse(this, chain);
    enterBill(this.truth, response);
    this.#write(response, as);
    if (response.bill.model === null)
      this.truth.trap("no_model");
    if (as.side || this.style.requests !== "all" || response.id === null)
      return response;
    this.#recent = [...this.#recent.slice(-5), response];
    if (this.random.chance(0.002)) {
      this.truth.trap("second_request"); // the same id, another request: another bill
      enterBill(this.truth, response);
      this.#write(response, { side: false, request: "req_011D" + this.random.letters(20) });
    }
    return response;
  }

  #write(response, as) {
    const order = response.backwards ? [...response.lines].reverse() : response.lines;
    for (const line of order) {
      this.#emit(lines.assistant(this, response, line, as), as.file);
      this.parent = line.uuid;
      if (as.agent) {
        this.truth.trap("progress");
        this.#emit(lines.progress(this, response, line, as.agent));
      }
      if (!line.named && this.style.requests === "some")
        this.truth.trap("request_missing");
    }
  }

  #agentFile(agent) {
    const beside = !this.style.newer;
    return new LogFile(beside ? `${this.folder()}/agent-${agent}.jsonl`
      : `${this.folder()}/${this.id}/subagents/agent-${agent}.jsonl`, this.counter, this.style.eol);
  }

  /** Its answers lie in a file of its own, or (older versions) amid the transcript. */
  #runSubagent() {
    const { random } = this;
    const agent = random.hex(8);
    const inline = !this.style.newer && random.chance(0.6);
    const file = inline ? undefined : this.#agentFile(agent);
    const as = { side: true, file, agent: this.style.newer ? agent : null };
    const chain = {
      model: random.chance(0.6) ? "claude-haiku-4-5-20251001" : this.main.model,
      context: random.between(8000, 14_000),
      most: 165_000,
    };
    let last = null;
    this.truth.trap(inline ? "subagent_inline" : "subagent_file");
    for (let n = random.between(2, 9); n > 0; n--) {
      last = this.#respond(chain, as);
      for (const id of last.toolIds)
        this.#toolResult(id, chain, true, file);
    }
    file?.close();
    if (this.style.requests === "all" && last.id !== null && random.chance(0.1))
      this.#repeatInSideChain(last);
    return last;
  }

  /** A response known to side chains only, seen under a second requestId: a second bill. */
  #repeatInSideChain(response) {
    const file = this.#agentFile(this.random.hex(8));
    this.truth.trap("side_request");
    enterBill(this.truth, response);
    this.#write(response, { side: true, file, request: "req_011E" + this.random.letters(20) });
    file.close();
  }

  /** A side question repeats the last answers under new requestIds: no bills. Its own answer is. */
  #askAside() {
    const file = this.#agentFile(this.random.hex(8));
    for (const response of this.#recent) {
      this.truth.trap("replay");
      this.#write(response, {
        side: true,
        file,
        request: "req_011F" + this.random.letters(20),
        moreRead: this.random.chance(0.5) ? this.random.between(1, 9000) : 0,
      });
    }
    this.#respond({ ...this.main }, { side: true, file });
    file.close();
  }

  /** Lines between turns that bill nothing. */
  #litter() {
    const { random } = this;
    if (random.chance(0.02)) {
      this.#emit(lines.apiError(this, ...random.pick(ERRORS)));
      this.truth.trap("api_error");
    }
    if (random.chance(0.3))
      this.#emit(lines.pair(this, "system", `"subtype":"turn_duration","durationMs":`
        + `${random.between(900, 90_000)},"timestamp":"${lines.stamp(this.now)}"`));
    if (this.style.newer && random.chance(0.3))
      this.file.line(`{"type":"file-history-snapshot","messageId":"${random.uuid()}","snapshot":{`
        + `"trackedFileBackups":{},"timestamp":"${lines.stamp(this.now)}"}}`);
    if (random.chance(0.05)) {
      this.file.line(random.pick(TRAPS_ALOUD));
      this.truth.trap("other_type");
    }
    if (random.chance(0.01)) {
      this.file.line(random.pick(BROKEN));
      this.truth.trap("broken_line");
    }
  }

  /** Closes the file; sometimes as a crash would have left it. */
  #end() {
    const ending = this.random.fraction();
    if (ending < 0.03) {
      const [before, after] = this.history[this.history.length - 1];
      const torn = before + this.id + after;
      this.file.raw(torn.slice(0, this.random.between(1, torn.length - 1)));
      this.truth.trap("torn_tail");
    } else if (ending < 0.05) {
      this.file.raw("\0".repeat(this.random.between(1, 4096)));
      this.truth.trap("nul_tail");
    } else if (ending < 0.08) {
      this.#leaveOpen();
      this.truth.trap("open_tail");
    }
    this.file.close();
  }

  /** The last line is whole, but its newline is not there yet. */
  #leaveOpen() {
    const response = inventResponse(this, this.main);
    const last = response.lines.pop();
    enterBill(this.truth, response.lines.length > 0 ? response : { ...response, lines: [last] });
    this.#write(response, { side: false });
    const [before, after] = lines.assistant(this, response, last, { side: false });
    this.file.raw(before + this.id + after);
  }
}
