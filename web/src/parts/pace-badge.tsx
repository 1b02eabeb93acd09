// parts/pace-badge.tsx: a pace as needle, word and signed percent.
// SPDX-License-Identifier: MIT

import { signed } from "../format";
import type { Pace } from "../limits";

const RADIUS = 5.8;

export function PaceBadge({ pace }: { pace: Pace | null }) {
  if (pace === null)
    return <span class="badge">no window</span>;
  const angle = (pace.lean * 60 * Math.PI) / 180;
  const tip = `${(8 + RADIUS * Math.sin(angle)).toFixed(1)} ${(9 - RADIUS * Math.cos(angle)).toFixed(1)}`;
  return (
    <span class={`badge ${pace.tone}`} title={`${signed(pace.points)} against even pace`}>
      <svg class="needle-icon" viewBox="0 0 16 10" aria-hidden="true">
        <path class="arc" d="M1.5 9a6.5 6.5 0 0 1 13 0" /><path d={`M8 9L${tip}`} />
      </svg>
      {pace.word} <b>{signed(pace.points)}</b>
    </span>
  );
}
