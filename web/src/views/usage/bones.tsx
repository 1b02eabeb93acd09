// views/usage/bones.tsx: the shape of the view while nothing is known. Never a zero.
//
// It shows itself only after 150 ms; the style sheet sees to that.
// SPDX-License-Identifier: MIT

const COLUMNS = [62, 75, 52, 86, 43, 12, 9];
const STATS = [1, 2, 3, 4];

export function Bones() {
  return (
    <div class="bones" role="status" aria-busy="true" aria-label="Loading">
      <span class="bone bone-hero" />
      <span class="bone bone-line" />
      <div class="bone-stats">
        {STATS.map((n) => <div key={n}><span class="bone" /><span class="bone tall" /></div>)}
      </div>
      <div class="card bone-chart">
        {COLUMNS.map((percent) => (
          <span class="bone" key={percent} style={{ height: `${percent}%` }} />
        ))}
      </div>
    </div>
  );
}
