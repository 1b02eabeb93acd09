// corpus/lib/text.mjs: invented conversation, cut from one large pool.
//
// The pool is JSON-escaped UTF-8 whose bytes stand as latin-1 characters, so that a slice costs
// nothing and is written byte for byte. It is only cut behind a whole line of text. Some lines look
// like usage themselves, escaped as they are inside a real log.
// SPDX-License-Identifier: MIT

const WORDS = ("anchor basin cedar delta ember flint grove harbor inlet juniper kettle lantern "
  + "meadow north orchard pebble quarry ridge saddle timber upland valley willow yarrow zenith")
  .split(" ");

const PHRASES = [
  "static int widen(struct lane *lane, int by)",
  "    return lane->width += by;",
  "const total = rows.reduce((sum, row) => sum + row.weight, 0);",
  "\t\tif err := open(path); err != nil {",
  "error[E0502]: cannot borrow `grid` as mutable",
  "  \"scripts\": { \"test\": \"node --test\" },",
  "{\"type\":\"assistant\",\"message\":{\"usage\":{\"input_tokens\":31,\"output_tokens\":17}}}",
  "C:\\work\\harbor\\src\\main.c(14): warning C4100",
  "\u001b[31mFAIL\u001b[0m harbor/lane.test.ts",
  "größer — 港の灯 ✓ 🜁",
  "-    old = read(\"basin\")",
  "+    new = read(\"basin\", retries=3)",
  "",
];

/** A text as it stands inside a JSON string, its UTF-8 bytes as characters. */
export function quoted(text) {
  return Buffer.from(JSON.stringify(text).slice(1, -1), "utf8").toString("latin1");
}

export class Text {
  #pool;
  #ends; // offsets behind each line of the pool

  constructor(random, size = 3_000_000) {
    const lines = PHRASES.map((phrase) => quoted(phrase + "\n"));
    const parts = [];
    this.#ends = [0];
    for (let length = 0; length < size; ) {
      const line = random.chance(0.45) ? random.pick(lines) : sentence(random);
      parts.push(line);
      length += line.length;
      this.#ends.push(length);
    }
    // A flat string: slices of a rope would be copies.
    this.#pool = Buffer.from(parts.join(""), "latin1").toString("latin1");
  }

  /** About `size` bytes, whole lines. */
  take(random, size) {
    const lines = this.#ends.length - 1;
    const count = Math.max(1, Math.min(lines, Math.round(size * lines / this.#pool.length)));
    const first = random.between(0, lines - count);
    return this.#pool.slice(this.#ends[first], this.#ends[first + count]);
  }

  words(random, count) {
    return words(random, count);
  }
}

function words(random, count) {
  let out = random.pick(WORDS);
  for (let i = 1; i < count; i++)
    out += " " + random.pick(WORDS);
  return out;
}

function sentence(random) {
  return " ".repeat(2 * random.between(0, 4)) + words(random, random.between(2, 14)) + "\\n";
}
