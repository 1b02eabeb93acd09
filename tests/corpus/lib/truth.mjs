// corpus/lib/truth.mjs: the answer key, kept while the corpus is made.
//
// Every bill is entered once, when its response is invented; copies, echoes and traps are never
// entered. So the key does not depend on any rule for finding copies again.
// SPDX-License-Identifier: MIT

const KINDS = ["input", "output", "cache_read", "cache_write_5m", "cache_write_1h", "web_searches"];

function zero() {
  return { events: 0, ...Object.fromEntries(KINDS.map((kind) => [kind, 0])) };
}

function add(sums, figures) {
  sums.events += 1;
  for (const kind of KINDS)
    sums[kind] += figures[kind];
}

function sorted(map) {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export class Truth {
  #totals = zero();
  #models = new Map();
  #days = new Map();
  #traps = new Map();

  /** One billed response, or one extra bill inside it. `at` is in UTC milliseconds. */
  bill(at, model, figures) {
    add(this.#totals, figures);
    add(this.#of(this.#models, model), figures);
    add(this.#of(this.#days, new Date(at).toISOString().slice(0, 10)), figures);
  }

  /** Says that a trap of this kind was laid: a corpus without any proves nothing. */
  trap(kind) {
    this.#traps.set(kind, (this.#traps.get(kind) ?? 0) + 1);
  }

  answer() {
    return {
      totals: this.#totals,
      models: sorted(this.#models),
      days: sorted(this.#days),
      traps: sorted(this.#traps),
    };
  }

  #of(map, key) {
    let sums = map.get(key);
    if (sums === undefined)
      map.set(key, sums = zero());
    return sums;
  }
}
