// views/gateways/now.tsx: the window of this moment: the sentence, the figures, the limits.
// SPDX-License-Identifier: MIT

import type { Gateway, RuntimeUsage } from "../../api/types";
import { clockIn } from "../../dates";
import { duration, exact, exactMoney, money, nanodollars, tokens } from "../../format";
import {
  limitLines, lineTone, type LimitLine, outlookOf, sourceWords, windowSource,
} from "../../gateway";
import { Icon } from "../../parts/icon";
import { Left } from "../../parts/left";
import { ShareBar } from "../../parts/share-bar";
import { now, zone } from "../../state/clock";

interface NowProps {
  usage: RuntimeUsage;
  gateway: Gateway;
}

export function Now({ usage, gateway }: NowProps) {
  const clock = (ms: number): string => clockIn(zone.value, ms);
  const outlook = outlookOf(usage, now.value, clock);
  const lines = limitLines(usage.current);
  const from = Date.parse(usage.window.started_at);
  const to = Date.parse(usage.window.resets_at);
  const isPartial = usage.data === "partial";
  return (
    <section class="card" aria-label={`${gateway.name}, now`}>
      <div class="grid">
        <div class="g7">
          <p class="now-head">
            <span class={`badge ${outlook.tone}`}>
              {outlook.tone === "orange" || outlook.tone === "red" ? <Icon name="warn" /> : null}
              {outlook.badge}
            </span>
            <span class="small muted">
              5-hour window, {clock(from)} to {clock(to)}, resets in <Left untilMs={to} />
            </span>
          </p>
          <p class="lead">{outlook.sentence}</p>
          <Stats usage={usage} sinceMs={from} />
        </div>
        <div class="g5 limit-lines">
          {lines.map((line) => <Line key={line.name} line={line} />)}
          {lines.length === 0 && (
            <p class="small muted">No limit is known. One can be set in Settings.</p>
          )}
          {lines.some((l) => !l.forecast) && (
            <p class="small muted">The cost limit is shown, not forecast.</p>
          )}
        </div>
      </div>
      <div class="card-foot inner">
        <span>{windowSource(usage.window)}</span>
        {isPartial && <span class="warned">Some answers are missing: the figures are a part.</span>}
        {Object.entries(usage.sources).map(([name, state]) => (
          <span key={name} class={state === "ok" ? "" : "warned"}>{sourceWords(name, state)}</span>
        ))}
      </div>
    </section>
  );
}

function Stats({ usage, sinceMs }: { usage: RuntimeUsage; sinceMs: number }) {
  const { current, burn_rate: rate } = usage;
  const cost = nanodollars(current.total_cost_usd);
  const unpriced = Object.values(usage.per_model)
    .filter((m) => m.unpriced).reduce((sum, m) => sum + m.total_tokens, 0);
  return (
    <dl class="stats">
      <div>
        <dt>Cost</dt><dd title={exactMoney(cost)}>{money(cost)}</dd>
        <dd>{unpriced > 0 ? `+ ${tokens(unpriced)} unpriced` : "in this window"}</dd>
      </div>
      <div>
        <dt>Tokens</dt>
        <dd title={exact(current.total_tokens)}>{tokens(current.total_tokens)}</dd>
        <dd>{tokens(current.total_output_tokens)} output</dd>
      </div>
      <div>
        <dt>Calls</dt><dd>{exact(current.total_calls)}</dd>
        <dd>in {duration(now.value - sinceMs)}</dd>
      </div>
      <div>
        <dt>Burn rate</dt>
        <dd>{tokens(rate.output_tokens_per_minute)}<small> out/min</small></dd>
        <dd>{money(nanodollars(rate.cost_usd_per_minute * 60))} an hour</dd>
      </div>
    </dl>
  );
}

function Line({ line }: { line: LimitLine }) {
  const write = (n: number): string => (line.isMoney ? money(nanodollars(n)) : tokens(n));
  return (
    <div class="limit-line">
      <span>{line.name}</span>
      <ShareBar
        part={line.percent} whole={100} tone={line.forecast ? lineTone(line.percent) : "ink"}
      />
      <span class="n">{write(line.used)} <small>of {write(line.limit)} · {line.percent}%</small></span>
    </div>
  );
}
