// chart/dial.tsx: the dial of a threshold: 270 degrees, marks at the bounds, a needle of ink.
// SPDX-License-Identifier: MIT

import type { Threshold, ThresholdState } from "../api/types";
import { finePercent, tokens } from "../format";

const CX = 106;
const CY = 104;
const BOUNDS = [50, 80, 95];
const TICKS = Array.from({ length: 21 }, (_, i) => i * 5);

const TONES: Record<ThresholdState, string> = {
  green: "green", yellow: "amber", orange: "orange", red: "red",
};

type Spot = readonly [x: number, y: number];

function at(percent: number, radius: number): Spot {
  const angle = ((135 + 2.7 * percent) * Math.PI) / 180;
  return [CX + radius * Math.cos(angle), CY + radius * Math.sin(angle)];
}

function line(from: Spot, to: Spot): string {
  return `M${from.map((n) => n.toFixed(2))}L${to.map((n) => n.toFixed(2))}`;
}

function arc(to: number, radius: number): string {
  const large = to * 2.7 > 180 ? 1 : 0;
  const [start, end] = [at(0, radius), at(to, radius)];
  return `M${start}A${radius} ${radius} 0 ${large} 1 ${end}`;
}

export function Dial({ threshold }: { threshold: Threshold }) {
  const percent = finePercent(threshold.percent);
  const reach = Math.min(100, threshold.percent);
  const tone = TONES[threshold.state];
  return (
    <svg
      class={`dial ${tone}`} viewBox="0 0 212 184" role="img" data-state={threshold.state}
      aria-label={`${percent} of ${tokens(threshold.tokens)} tokens: ${threshold.state}`}
    >
      <path class="dial-track" d={arc(100, 72)} />
      {reach > 0 && <path class="dial-arc" d={arc(reach, 72)} />}
      {TICKS.map((p) => (
        <path
          key={p} class={BOUNDS.includes(p) ? "dial-bound" : "dial-tick"}
          d={line(at(p, 83), at(p, BOUNDS.includes(p) ? 91 : p % 25 === 0 ? 86 : 88))}
        />
      ))}
      {BOUNDS.map((p) => (
        <text key={p} x={at(p, 101)[0] + (p === 50 ? 0 : 3)} y={at(p, 101)[1] + 4}>{p}</text>
      ))}
      <path class="dial-gap" d={line(at(reach, 60), at(reach, 82))} />
      <path class="dial-needle" d={line(at(reach, 60), at(reach, 82))} />
      <text class="dial-value" x={CX} y={CY + 6}>{percent}</text>
      <text x={CX} y={CY + 26}>of {tokens(threshold.tokens)}</text>
      <text class="dial-word" x={CX} y={CY + 44}>{threshold.state}</text>
    </svg>
  );
}
