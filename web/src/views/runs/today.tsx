// views/runs/today.tsx: the runs of today on a line from morning to now.
// SPDX-License-Identifier: MIT

import type { Run } from "../../api/types";
import { Strip } from "../../chart/strip";
import { dayIn, startOfDay } from "../../dates";
import { count, money, nanodollars, tokens } from "../../format";
import { runTitle } from "../../parts/run-state";
import { now, today, zone } from "../../state/clock";
import { lanesOf } from "../../runs";

const HOUR_MS = 3_600_000;
const LOOKS: Record<string, string> = {
  running: "run", starting: "run", failed: "bad", cancelled: "off",
};

export function Today({ runs }: { runs: readonly Run[] }) {
  const startMs = startOfDay(zone.value, today.value);
  const ofToday = runs.filter((r) => dayIn(zone.value, r.created_at) === today.value);
  const lanes = lanesOf(ofToday, startMs, now.value);
  if (lanes.length === 0)
    return null;
  const hourOf = (ms: number): number => (ms - startMs) / HOUR_MS;
  const first = Math.floor(Math.min(...ofToday.map((r) => hourOf(r.created_at))));
  const to = Math.min(24, Math.max(first + 6, Math.ceil(hourOf(now.value)) + 1));
  const running = ofToday.filter((r) => r.finished_at === null).length;
  const cost = ofToday.reduce((sum, r) => sum + nanodollars(r.cost_usd ?? 0), 0);
  const parts = [
    count(ofToday.length, "run"), `${running} running`,
    `${tokens(ofToday.reduce((sum, r) => sum + r.tokens_total, 0))} tokens`, money(cost),
  ];
  return (
    <section aria-label="Today">
      <div class="sect"><h2>Today</h2><span class="small muted">{parts.join(" · ")}</span></div>
      <div class="card">
        <Strip
          label={`Runs of today on a time line: ${parts.join(", ")}`} gutter={0} rowHeight={24}
          from={Math.max(0, Math.min(first, to - 6))} to={to} now={{ hour: hourOf(now.value) }}
          rows={lanes.map((lane) => ({
            name: "",
            spans: lane.map(({ run, fromMs, toMs }) => ({
              key: String(run.id), from: hourOf(fromMs), to: hourOf(toMs),
              look: LOOKS[run.state] ?? "done", text: String(run.id),
              title: `${runTitle(run)}: ${tokens(run.tokens_total)} tokens, ${run.state}`,
            })),
          }))}
        />
      </div>
    </section>
  );
}
