// corpus/lib/options.mjs: the command line of a generator.
// SPDX-License-Identifier: MIT

function usage(program, defaults, problem) {
  const options = Object.keys(defaults).map((name) => `[--${name} …]`).join(" ");
  process.stderr.write(`corpus: ${problem}\nusage: node tests/corpus/${program} OUT ${options}\n`);
  process.exit(2);
}

/** { out, options } from words such as `OUT --bytes N`; what `defaults` does not name is refused. */
export function parseWords(program, defaults, words) {
  const options = {};
  let out = null;
  while (words.length > 0) {
    const word = words.shift();
    const name = word.slice(2);
    if (!word.startsWith("--")) {
      out = word;
      continue;
    }
    if (!(name in defaults))
      usage(program, defaults, `no option ${word}`);
    const value = words.shift();
    options[name] = name === "end" ? value : Number(value);
    if (name === "end" ? Number.isNaN(Date.parse(value)) : !Number.isSafeInteger(options[name]))
      usage(program, defaults,
        `${word} ${value}: not a ${name === "end" ? "time" : "whole number"}`);
  }
  if (out === null)
    usage(program, defaults, "where to?");
  return { out, options };
}
