// views/explore/cache-use.tsx: how much of what was sent came out of the cache, day by day.
// SPDX-License-Identifier: MIT

import { useMemo } from "preact/hooks";
import { Lines } from "../../chart/lines";
import { dateAndMonth, dayNumber } from "../../dates";
import { readShare } from "../../explore";
import { exact, floorPercent, NONE, tokens } from "../../format";
import type { Grid } from "../../grid";
import { ChartCard } from "../../parts/chart-card";
import { type DayUse, sumOf } from "../../usage";

export function CacheUse({ days }: { days: readonly DayUse[] }) {
  const sum = sumOf(days);
  const share = readShare(sum);
  const points = useMemo(() => days.flatMap((d) => {
    const read = readShare(d);
    return read === null ? [] : [[dayNumber(d.day), read] as const];
  }), [days]);
  const grid = (): Grid => ({
    head: ["Day", "Read share %", "Cache read", "Cache write", "Input"],
    rows: days.map((d) => [d.day, Math.round(1000 * (readShare(d) ?? 0)) / 10, d.kinds.cacheRead,
      d.kinds.cacheWrite, d.kinds.input]),
  });
  const [from, to] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 1];
  return (
    <ChartCard id="cache" title="Cache efficiency" grid={grid}>
      <dl class="trio">
        <div>
          <dt>Read share</dt><dd>{share === null ? NONE : floorPercent(share)}</dd>
          <dd>of what was sent</dd>
        </div>
        <div>
          <dt>Read</dt><dd title={exact(sum.kinds.cacheRead)}>{tokens(sum.kinds.cacheRead)}</dd>
          <dd>at a fraction of the price</dd>
        </div>
        <div>
          <dt>Written</dt>
          <dd title={exact(sum.kinds.cacheWrite)}>{tokens(sum.kinds.cacheWrite)}</dd>
          <dd>{ratio(sum)}</dd>
        </div>
      </dl>
      {points.length > 1 && (
        <Lines
          label="Share read from the cache, by day" from={from} to={to} top={1} step={0.5}
          format={floorPercent} height={168} lines={[{ look: "measured", points }]}
          ticks={days.map((d) => ({ at: dayNumber(d.day), text: dateAndMonth(d.day) }))}
        />
      )}
    </ChartCard>
  );
}

function ratio({ kinds }: { kinds: DayUse["kinds"] }): string {
  return kinds.cacheWrite === 0 ? "nothing written"
    : `read ${(kinds.cacheRead / kinds.cacheWrite).toFixed(1)} times over`;
}
