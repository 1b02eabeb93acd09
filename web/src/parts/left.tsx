// parts/left.tsx: how long until a moment, ticking.
// SPDX-License-Identifier: MIT

import { countdown } from "../format";
import { useSeconds } from "../state/clock";

export function Left({ untilMs }: { untilMs: number }) {
  return <span class="nowrap">{countdown(untilMs - useSeconds())}</span>;
}
