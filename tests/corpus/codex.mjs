#!/usr/bin/env node
// corpus/codex.mjs: a corpus of invented Codex-like rollouts, with its own exact answer key.
//
//   node tests/corpus/codex.mjs OUT --bytes N --seed S [--days D --end ISO]
//
// Writes OUT/sessions/**.jsonl, OUT/archived_sessions/** (so that CODEX_HOME=OUT works) and
// OUT/truth.json. The same arguments give the same bytes. What makes counting hard is in
// lib/rollout.mjs; `traps` in the answer key says how often each of it was laid.
// SPDX-License-Identifier: MIT

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { parseWords } from "./lib/options.mjs";
import { Random } from "./lib/random.mjs";
import { Rollout } from "./lib/rollout.mjs";
import { Text } from "./lib/text.mjs";
import { Truth } from "./lib/truth.mjs";
import { Counter } from "./lib/writer.mjs";

const DEFAULTS = { bytes: 8_000_000, seed: 1, days: 60, end: "2026-11-20T00:00:00Z" };
const DAY = 86_400_000;
const KEPT = 12; // threads that may still be forked

/** Makes the corpus and answers what stands in truth.json. */
export function writeCodexCorpus(out, options = {}) {
  const made = { ...DEFAULTS, ...options };
  const random = new Random(made.seed, 0xc0de);
  const world = { root: out, truth: new Truth(), counter: new Counter(), text: new Text(random) };
  const mean = Math.max(30_000, Math.min(400_000, made.bytes / 60));
  const latest = [];
  for (let n = 1; world.counter.bytes < made.bytes; n++) {
    const own = new Random(made.seed, 0xc0de0000 + n);
    const parent = latest.length > 0 && own.chance(0.35) ? own.pick(latest) : null;
    const start = parent ? parent.at + own.between(60, 7200) * 1000
      : Date.parse(made.end) - Math.floor(own.fraction() ** 1.3 * made.days * DAY);
    const rollout = new Rollout(world, own, start, parent);
    rollout.run(own.size(mean * 0.5, 0.8, 4_000_000));
    latest.push(rollout);
    if (latest.length > KEPT)
      latest.shift();
  }
  const truth = { made, written: { ...world.counter }, ...world.truth.answer() };
  writeFileSync(`${out}/truth.json`, JSON.stringify(truth, null, 1) + "\n");
  return truth;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { out, options } = parseWords("codex.mjs", DEFAULTS, process.argv.slice(2));
  const truth = writeCodexCorpus(out, options);
  process.stdout.write(JSON.stringify({ ...truth.written, ...truth.totals }) + "\n");
}
