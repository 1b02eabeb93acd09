// state/live.ts: the newest live frame.
//
// `reduceLive` takes the text of a frame as it came and says what is new. A frame that is not one
// of ours is let go: a newer daemon may send kinds that this page does not know.
// SPDX-License-Identifier: MIT

import { signal } from "@preact/signals";
import type { Live } from "../api/types";

export interface LiveStep {
  frame: Live | null;
  /** The ledger has changed: the report is older than the frame. */
  news: boolean;
}

export function reduceLive(was: Live | null, text: string): LiveStep {
  const frame = parseLive(text);
  if (frame === null)
    return { frame: was, news: false };
  const news = was === null || was.revision !== frame.revision || was.day !== frame.day;
  return { frame, news };
}

function parseLive(text: string): Live | null {
  let frame: Partial<Live> | null;
  try {
    frame = JSON.parse(text) as Partial<Live> | null;
  } catch {
    return null;
  }
  const whole = frame?.type === "live" && typeof frame.revision === "number"
    && typeof frame.at === "number" && typeof frame.day === "string"
    && typeof frame.timezone === "string"
    && typeof frame.today?.totalTokens === "number"
    && typeof frame.week?.totalTokens === "number"
    && typeof frame.burn_rate?.tokens_per_minute === "number";
  return whole ? (frame as Live) : null;
}

export const live = signal<Live | null>(null);
