#!/usr/bin/env node
// corpus/claude.mjs: a corpus of invented Claude-like logs, with its own exact answer key.
//
//   node tests/corpus/claude.mjs OUT --bytes N --seed S [--days D --end ISO --projects P]
//
// Writes OUT/projects/**.jsonl (so that CLAUDE_CONFIG_DIR=OUT works) and OUT/truth.json. The same
// arguments give the same bytes. What makes counting hard is in lib/session.mjs; `traps` in the
// answer key says how often each of it was laid.
// SPDX-License-Identifier: MIT

import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { parseWords } from "./lib/options.mjs";
import { Random } from "./lib/random.mjs";
import { Session } from "./lib/session.mjs";
import { Text } from "./lib/text.mjs";
import { Truth } from "./lib/truth.mjs";
import { Counter } from "./lib/writer.mjs";

const DEFAULTS = { bytes: 8_000_000, seed: 1, days: 60, end: "2026-11-20T00:00:00Z", projects: 12 };
const DAY = 86_400_000;

function inventPlaces(random, text, count) {
  const places = [];
  for (let i = 0; i < count; i++) {
    const name = text.words(random, 2).replace(" ", i % 5 === 4 ? " " : "-");
    const cwd = i % 7 === 6 ? `C:\\work\\${name}-${i}`
      : `/home/dev/${name}-${i}${i % 6 === 5 ? "-été" : ""}`;
    places.push({ cwd, folder: cwd.replace(/[^A-Za-z0-9]/g, "-") });
  }
  return places;
}

/** The project's folder was once copied: the same file, or an older state of it in another. */
function copyToSecondFolder(session, random, world) {
  const bytes = readFileSync(session.path());
  const whole = random.chance(0.5);
  const length = whole ? bytes.length : random.between(1, bytes.length);
  const folder = `${session.folder()}-copy`;
  mkdirSync(folder, { recursive: true });
  const fd = openSync(`${folder}/${session.id}.jsonl`, "w");
  writeSync(fd, bytes, 0, length);
  closeSync(fd);
  world.counter.files += 1;
  world.counter.bytes += length;
  world.truth.trap(whole ? "file_copied" : "file_copied_in_part");
}

/** Makes the corpus and answers what stands in truth.json. */
export function writeCorpus(out, options = {}) {
  const made = { ...DEFAULTS, ...options };
  const random = new Random(made.seed);
  const world = { root: out, truth: new Truth(), counter: new Counter(), text: new Text(random) };
  const places = inventPlaces(random, world.text, made.projects);
  const mean = Math.max(30_000, Math.min(700_000, made.bytes / 80));
  const latest = new Map(); // project → its last session
  for (let n = 1; world.counter.bytes < made.bytes; n++) {
    const own = new Random(made.seed, n);
    const last = places.length - 1;
    const place = places[Math.min(own.between(0, last), own.between(0, last))];
    const start = Date.parse(made.end) - Math.floor(own.fraction() ** 1.3 * made.days * DAY);
    const session = new Session(world, place, own, start);
    const earlier = own.chance(0.15) ? latest.get(place) ?? null : null;
    session.run(own.size(mean * 0.5, 1.1, 24_000_000), earlier);
    latest.set(place, session);
    if (own.chance(0.08))
      copyToSecondFolder(session, own, world);
  }
  const truth = { made, written: { ...world.counter }, ...world.truth.answer() };
  writeFileSync(`${out}/truth.json`, JSON.stringify(truth, null, 1) + "\n");
  return truth;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { out, options } = parseWords("claude.mjs", DEFAULTS, process.argv.slice(2));
  const truth = writeCorpus(out, options);
  process.stdout.write(JSON.stringify({ ...truth.written, ...truth.totals }) + "\n");
}
