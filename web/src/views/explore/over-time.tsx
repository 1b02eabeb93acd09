// views/explore/over-time.tsx: the span as stacked columns, in tokens by kind or in money.
// SPDX-License-Identifier: MIT

import { useMemo, useState } from "preact/hooks";
import { Bars, type Series } from "../../chart/bars";
import { type Column, columnsOf, grainFor } from "../../chart/columns";
import { daysBetween } from "../../dates";
import { type Span, spanWords } from "../../explore";
import { cost, exact, money, tokens } from "../../format";
import type { Grid } from "../../grid";
import { ChartCard, columnsGrid, Legend } from "../../parts/chart-card";
import { today } from "../../state/clock";
import { type DayUse, KINDS, sumOf } from "../../usage";

interface OverTimeProps {
  days: readonly DayUse[];
  span: Span;
  inCost: boolean;
}

const COST: readonly Series[] = [{ name: "Cost", colour: "--accent" }];

export function OverTime({ days, span, inCost }: OverTimeProps) {
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const columns = useMemo(
    () => draw(days, span, today.value, inCost), [days, span.since, span.until, today.value, inCost]);
  const sum = sumOf(days);
  const title = `${inCost ? cost(sum) : `${tokens(sum.tokens)} tokens`}`;
  const rest = `${spanWords(span, today.value)}, ${inCost ? `${tokens(sum.tokens)} tokens` : cost(sum)}`;
  const series = inCost ? COST : KINDS;
  const grid = (): Grid => (inCost ? dollars(columns) : columnsGrid("Period", columns, KINDS));
  return (
    <ChartCard
      id="time" title={`${title} ${rest}`} grid={grid}
      heading={<span title={exact(sum.tokens)}>{title} <span class="muted light">{rest}</span></span>}
      foot={inCost ? null
        : <Legend columns={columns} series={series} hidden={hidden} onHide={setHidden} />}
    >
      <Bars
        label={inCost ? "Cost over time" : "Tokens over time, stacked by kind"} columns={columns}
        series={series} hidden={inCost ? undefined : hidden} format={inCost ? money : tokens}
        unit={inCost ? "" : "tokens"} height={276}
      />
    </ChartCard>
  );
}

function draw(days: readonly DayUse[], span: Span, now: string, inCost: boolean): Column[] {
  const first = span.since ?? days[0]?.day ?? now;
  const list = daysBetween(first, span.until ?? now);
  const grain = grainFor(list.length);
  const columns = columnsOf(days, list, grain, now);
  if (!inCost)
    return columns;
  const money = columnsOf(days.map(asInput), list, grain, now);
  const at = KINDS.findIndex((kind) => kind.id === "input");
  return columns.map((c, i) => ({ ...c, values: [money[i]?.values[at] ?? 0] }));
}

/** Money rides through the same columns as one kind. */
function asInput(use: DayUse): DayUse {
  const none = { cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };
  return { ...use, kinds: { ...none, input: use.nano } };
}

function dollars(columns: readonly Column[]): Grid {
  return {
    head: ["Period", "Cost USD"],
    rows: columns.map((c) => [c.title, (c.values[0] ?? 0) / 1e9]),
  };
}
