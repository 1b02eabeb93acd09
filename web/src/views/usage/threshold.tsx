// views/usage/threshold.tsx: the dial, and beside it when each bound was or will be passed.
// SPDX-License-Identifier: MIT

import type { Threshold } from "../../api/types";
import { Dial } from "../../chart/dial";
import { momentIn, shortWeekday } from "../../dates";
import { exact, floorPercent, tokens } from "../../format";
import { now, zone } from "../../state/clock";
import { type Bound, boundsOf } from "../../usage-window";
import type { Figures } from "./figures";

interface ThresholdDialProps {
  threshold: Threshold;
  figures: Figures;
}

export function ThresholdDial({ threshold, figures }: ThresholdDialProps) {
  const bounds = boundsOf(figures.usage, threshold, now.value);
  return (
    <div class="dial-box">
      <Dial threshold={threshold} />
      <div class="marks">
        <h2 title={exact(threshold.tokens)}>Threshold {tokens(threshold.tokens)}</h2>
        <ol>
          {bounds.map((bound) => (
            <li key={bound.percent}>
              <b>{bound.percent}%</b>
              <span><b>{headOf(bound, figures)}</b>{noteOf(bound)}</span>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

function headOf(bound: Bound, { today, window }: Figures): string {
  switch (bound.kind) {
  case "passed":
    if (bound.day === null || window !== "week")
      return "Passed";
    return bound.day === today ? "Passed today" : `Passed ${shortWeekday(bound.day)}`;
  case "ahead":
    return `${momentIn(zone.value, bound.atMs, now.value)} at this pace`;
  case "not_reached":
    return "Not before the reset";
  case "unknown":
    return "Not reached";
  }
}

function noteOf(bound: Bound): string {
  const at = tokens(bound.tokens);
  return bound.kind === "not_reached"
    ? `${at}; the forecast is ${floorPercent(bound.forecast)}` : `at ${at}`;
}
