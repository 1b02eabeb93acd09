// e2e/lib/until.mjs: wait for something by asking again, never by hoping.
//
// TACHO_PATIENCE stretches every deadline, for slow or sanitised builds.
// SPDX-License-Identifier: MIT

import { setTimeout as pause } from "node:timers/promises";

const PATIENCE = Number(process.env.TACHO_PATIENCE ?? 1);
const ASK_AGAIN_MS = 15;

/** Asks `question` until its answer is truthy, and returns that; fails after `ms`. An exception
 * counts as "not yet" and is told if it never becomes anything better. */
export async function until(what, question, ms = 10_000) {
  const end = performance.now() + ms * PATIENCE;
  let trouble = "";
  for (;;) {
    try {
      const answer = await question();
      if (answer)
        return answer;
      trouble = "";
    } catch (error) {
      trouble = `: ${error.message}`;
    }
    if (performance.now() > end)
      throw new Error(`waited ${ms * PATIENCE} ms in vain for ${what}${trouble}`);
    await pause(ASK_AGAIN_MS);
  }
}

/** The promise's value, or a failure after `ms`. */
export async function within(what, promise, ms = 10_000) {
  const stop = new AbortController();
  const late = pause(ms * PATIENCE, null, { signal: stop.signal }).then(
    () => { throw new Error(`waited ${ms * PATIENCE} ms in vain for ${what}`); });
  late.catch(() => {}); // aborted below when the promise was in time
  try {
    return await Promise.race([promise, late]);
  } finally {
    stop.abort();
  }
}
