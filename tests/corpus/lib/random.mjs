// corpus/lib/random.mjs: chance that can be repeated.
//
// A small generator (sfc32) with a seed, and the few shapes of chance that a corpus needs. Knows
// nothing of logs. The same seed gives the same numbers on every machine: only integer arithmetic
// decides, and Math.log/exp are used for sizes alone, rounded at once.
// SPDX-License-Identifier: MIT

const HEX = "0123456789abcdef";
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

export class Random {
  #a;
  #b;
  #c;
  #counter = 1;

  /** `seed` and `stream` are integers; equal pairs give equal sequences. */
  constructor(seed, stream = 0) {
    this.#a = seed >>> 0;
    this.#b = Math.floor(seed / 2 ** 32) >>> 0;
    this.#c = (stream + 0x5bd1e995) >>> 0;
    for (let i = 0; i < 16; i++)
      this.word();
  }

  /** 32 bits, unsigned. */
  word() {
    const sum = (this.#a + this.#b + this.#counter) >>> 0;
    this.#counter = (this.#counter + 1) >>> 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) >>> 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) >>> 0;
    return sum;
  }

  /** An integer in [low, high]. */
  between(low, high) {
    return low + (this.word() % (high - low + 1));
  }

  /** In [0, 1). */
  fraction() {
    return this.word() / 2 ** 32;
  }

  chance(probability) {
    return this.fraction() < probability;
  }

  pick(list) {
    return list[this.word() % list.length];
  }

  /** One `name` out of [{ name, weight }]. */
  weighted(table) {
    let rest = this.fraction() * table.reduce((sum, row) => sum + row.weight, 0);
    for (const row of table) {
      rest -= row.weight;
      if (rest < 0)
        return row.name;
    }
    return table[table.length - 1].name;
  }

  /** Log-normal with this median, as a positive integer of at most `most`. */
  size(median, spread, most) {
    let normal = -6;
    for (let i = 0; i < 12; i++)
      normal += this.fraction();
    return Math.max(1, Math.min(most, Math.round(median * Math.exp(spread * normal))));
  }

  hex(digits) {
    let out = "";
    for (let i = 0; i < digits; i++)
      out += HEX[this.word() >>> 28];
    return out;
  }

  letters(count) {
    let out = "";
    for (let i = 0; i < count; i++)
      out += LETTERS[this.word() % LETTERS.length];
    return out;
  }

  uuid() {
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-9${this.hex(3)}-${this.hex(12)}`;
  }
}
