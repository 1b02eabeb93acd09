// e2e/lib/deliver.mjs: a corpus as it would have grown: piece by piece, file by file at random.
//
// A piece ends anywhere, also in the middle of a line or of a character. Files whose names say that
// they are copies may well come before what they are copies of.
// SPDX-License-Identifier: MIT

import { appendFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The names of all logs below a folder, relative to it. */
export function* filesBelow(folder, prefix = "") {
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    const name = join(prefix, entry.name);
    if (entry.isDirectory())
      yield* filesBelow(folder, name);
    else if (name.endsWith(".jsonl"))
      yield name;
  }
}

export class Delivery {
  #names;
  #open;
  #random;
  #to;
  left = 0;

  /** From the corpus in `from` to the folder `to`, with chance from `random`. */
  constructor(from, to, random) {
    this.#random = random;
    this.#to = to;
    // Sorted, so that the same seed delivers the same pieces on every file system.
    this.#names = [...filesBelow(from)].sort();
    this.#open = this.#names.map((name) => {
      const bytes = readFileSync(join(from, name));
      this.left += bytes.length;
      return { name, bytes, at: 0 };
    });
  }

  /** Appends pieces of about `bytes` in all. False when nothing is left. */
  give(bytes) {
    const end = this.left - bytes;
    while (this.left > Math.max(0, end))
      this.#piece(Math.max(1, bytes >> 2));
    return this.left > 0;
  }

  /** Once all is given: ends every file with a newline, as if its agent had gone on. */
  endLines() {
    for (const name of this.#names)
      appendFileSync(join(this.#to, name), "\n");
  }

  #piece(most) {
    const i = this.#random.between(0, this.#open.length - 1);
    const file = this.#open[i];
    const length = Math.min(file.bytes.length - file.at, this.#random.between(1, most));
    const path = join(this.#to, file.name);
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, file.bytes.subarray(file.at, file.at + length));
    file.at += length;
    this.left -= length;
    if (file.at === file.bytes.length)
      this.#open.splice(i, 1);
  }
}
