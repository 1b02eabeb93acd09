// e2e/lib/home.mjs: a home folder of one's own, with logs in it.
//
// Everything a test writes lies below one temporary folder, which goes when the test ends.
// SPDX-License-Identifier: MIT

import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export class Home {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "tacho-e2e-"));
    this.path = join(this.folder, "home");
    this.db = join(this.folder, "data", "ledger.db");
    this.environment = {};
    this.fixedZone = true; // daemons are told that days are those of UTC
    mkdirSync(this.path);
  }

  /** What programs started in this home see. Nothing of the tester's own settings. */
  env() {
    return {
      HOME: this.path,
      PATH: process.env.PATH,
      TZ: "UTC",
      LANG: "C.UTF-8",
      ...(process.env.ASAN_OPTIONS ? { ASAN_OPTIONS: process.env.ASAN_OPTIONS } : {}),
      ...this.environment,
    };
  }

  /** The path of a log below ~/.claude/projects. */
  log(name) {
    return join(this.path, ".claude", "projects", name);
  }

  append(name, ...lines) {
    const path = this.log(name);
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, lines.map((line) => line + "\n").join(""));
    return path;
  }

  remove() {
    if (existsSync(this.folder))
      rmSync(this.folder, { recursive: true, force: true });
  }
}

let count = 0;

/** A log line of one whole response, unlike every other one. */
export function response(options = {}) {
  const {
    at = Date.now(), output = 100, input = 4, read = 0, id = `msg_${++count}`, stop = "end_turn",
    text = "ok", model = "claude-opus-5",
  } = options;
  return JSON.stringify({
    type: "assistant", uuid: `uuid-${id}`, timestamp: new Date(at).toISOString(),
    sessionId: options.session ?? "session-1", requestId: `req_${id}`, isSidechain: false,
    cwd: "/work/shop", message: {
      id, role: "assistant", model, stop_reason: stop, content: [{ type: "text", text }],
      usage: { input_tokens: input, cache_read_input_tokens: read, output_tokens: output },
    },
  });
}
