// views/explore/year.tsx: a year of days at a glance.
// SPDX-License-Identifier: MIT

import { useMemo } from "preact/hooks";
import { reportAddress, type Wish } from "../../api/report";
import type { Report } from "../../api/types";
import { HeatMap } from "../../chart/heat-map";
import { addDays, mediumDay, mondayOf } from "../../dates";
import { count, exact, tokens } from "../../format";
import { ChartCard } from "../../parts/chart-card";
import { today } from "../../state/clock";
import { useDocument } from "../../state/documents";

const WEEKS = 53;

export function Year({ filters }: { filters: Wish }) {
  const since = addDays(mondayOf(today.value), -7 * (WEEKS - 1));
  const doc = useDocument<Report>(
    reportAddress("day", { ...filters, since, until: today.value }), "ledger");
  const amounts = useMemo(
    () => new Map((doc.data?.daily ?? []).map((d) => [d.period, d.totalTokens])), [doc.data]);
  const busiest = [...amounts].sort((a, b) => b[1] - a[1])[0];
  const sum = [...amounts.values()].reduce((a, b) => a + b, 0);
  return (
    <ChartCard
      id="year" title="Year"
      grid={() => ({ head: ["Day", "Tokens"], rows: [...amounts].map(([day, n]) => [day, n]) })}
      controls={
        <span class="legend heat-key" aria-hidden="true">
          less {[0, 1, 2, 3, 4].map((n) => <i key={n} class={`swatch heat-${n}`} />)} more
        </span>
      }
      foot={
        <div class="card-foot inner">
          <span title={exact(sum)}>
            {tokens(sum)} tokens since {mediumDay(since, today.value)}
          </span>
          <span>{count(amounts.size, "day")} of use</span>
          {busiest !== undefined && (
            <span>busiest: {mediumDay(busiest[0], today.value)}, {tokens(busiest[1])}</span>
          )}
        </div>
      }
    >
      <HeatMap
        amounts={amounts} today={today.value}
        label={`Tokens per day: ${tokens(sum)} since ${mediumDay(since, today.value)}`}
      />
    </ChartCard>
  );
}
