// corpus/lib/writer.mjs: puts lines into files, in large pieces.
//
// Strings are bytes in latin-1 clothes (see text.mjs). Knows nothing of what a line says.
// SPDX-License-Identifier: MIT

import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";

const PIECE = 1 << 20;

export class Counter {
  bytes = 0;
  files = 0;
  lines = 0;
}

export class LogFile {
  #fd;
  #eol;
  #counter;
  #parts = [];
  #waiting = 0;
  bytes = 0;

  constructor(path, counter, eol = "\n") {
    mkdirSync(dirname(path), { recursive: true });
    this.#fd = openSync(path, "w");
    this.#eol = eol;
    this.#counter = counter;
    counter.files += 1;
  }

  line(text) {
    this.#counter.lines += 1;
    this.raw(text + this.#eol);
  }

  raw(text) {
    this.#parts.push(text);
    this.#waiting += text.length;
    this.bytes += text.length;
    if (this.#waiting >= PIECE)
      this.#flush();
  }

  close() {
    this.#flush();
    closeSync(this.#fd);
    this.#counter.bytes += this.bytes;
  }

  #flush() {
    const bytes = Buffer.from(this.#parts.join(""), "latin1");
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.#fd, bytes, done);
    this.#parts = [];
    this.#waiting = 0;
  }
}
