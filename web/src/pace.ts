// pace.ts: runs something at once, but never more often than every so often.
//
// Calls in between are folded into one that runs when the pause is over, so the last is never lost.
// SPDX-License-Identifier: MIT

export interface Clock {
  now(): number;
  after(ms: number, then: () => void): void;
}

export const browserClock: Clock = {
  now: () => Date.now(),
  after: (ms, then) => void setTimeout(then, ms),
};

export function paced(pauseMs: number, run: () => void, clock: Clock = browserClock): () => void {
  let freeAt = -Infinity;
  let booked = false;

  function go(): void {
    booked = false;
    freeAt = clock.now() + pauseMs;
    run();
  }

  return () => {
    if (booked)
      return;
    const wait = freeAt - clock.now();
    if (wait <= 0)
      return go();
    booked = true;
    clock.after(wait, go);
  };
}
