// views/explore/session.tsx: one session over its hours: tokens, cache hit rate, cost added up.
// SPDX-License-Identifier: MIT

import { useMemo } from "preact/hooks";
import { reportAddress, type Wish } from "../../api/report";
import type { Block, BlockReport } from "../../api/types";
import { Bars } from "../../chart/bars";
import type { Column } from "../../chart/columns";
import { Lines } from "../../chart/lines";
import { clockIn, dayIn, mediumDay } from "../../dates";
import { readShare } from "../../explore";
import { floorPercent, money, nanodollars, tokens } from "../../format";
import type { Grid } from "../../grid";
import { ChartCard } from "../../parts/chart-card";
import { Icon } from "../../parts/icon";
import { CardBones, Void } from "../../parts/states";
import { today, zone } from "../../state/clock";
import { useDocument } from "../../state/documents";
import { hrefOf, withWords } from "../../state/route";
import { KINDS, nothing } from "../../usage";
import { type HourUse, hoursOf } from "../../usage-window";

interface SessionCardProps {
  id: string;
  wish: Wish;
}

export function SessionCard({ id, wish }: SessionCardProps) {
  const doc = useDocument<BlockReport>(
    reportAddress("block", { hours: 1, session: id, cost: wish.cost ?? null }), "ledger");
  const close = (
    <a
      class="icon-button" href={hrefOf(withWords({ session: null }))} aria-label="Close the session"
      title="All sessions"
    >
      <Icon name="close" />
    </a>
  );
  if (doc.data === null)
    return doc.error === null ? <CardBones rows={6} /> : (
      <div class="card"><Void title="No such session"><p>{doc.error.message}</p></Void></div>
    );
  const blocks = doc.data.blocks.filter((b) => !b.isGap);
  return (
    <ChartCard
      id="session" title={`Session ${id}`} controls={close} grid={() => gridOf(blocks)}
      heading={<span class="clip" title={id}>Session {id}</span>}
    >
      {blocks.length === 0
        ? <p class="small muted">Nothing was counted in this session.</p>
        : <Charts blocks={blocks} />}
    </ChartCard>
  );
}

function titleOf(atMs: number): string {
  return `${mediumDay(dayIn(zone.value, atMs), today.value)} ${clockIn(zone.value, atMs)}`;
}

function Charts({ blocks }: { blocks: readonly Block[] }) {
  const hours = useMemo(() => hoursOf(blocks), [blocks]);
  const spent = added(blocks);
  const ticks = hours.map((h, i) => ({ at: i, text: clockIn(zone.value, h.atMs) }));
  const ends = { from: -0.5, to: Math.max(0.5, hours.length - 0.5), ticks };
  const shares = hours.map((h, i) => [i, shareOf(h)] as const);
  const top = Math.max(1, spent.at(-1)?.[1] ?? 0);
  return (
    <>
      <p class="label">Tokens per hour of work</p>
      <Bars
        label="Tokens per hour of work" columns={hours.map(columnOf)} series={KINDS}
        format={tokens} height={142} bare
      />
      <p class="label">Cache hit rate</p>
      <Lines
        {...ends} label="Cache hit rate" top={1} step={0.5} format={floorPercent} height={106} bare
        lines={[{ look: "measured", points: shares }]}
      />
      <p class="label">Cost, added up</p>
      <Lines
        {...ends} label="Cost added up" top={top} step={top / 2} format={money} height={122}
        lines={[{ look: "measured", points: spent }]}
      />
    </>
  );
}

function columnOf(hour: HourUse): Column {
  return {
    key: String(hour.atMs), label: clockIn(zone.value, hour.atMs), title: titleOf(hour.atMs),
    strong: false, future: false, values: KINDS.map((kind) => hour.kinds[kind.id]),
  };
}

function shareOf(hour: HourUse): number {
  return readShare({ ...nothing(), kinds: hour.kinds, tokens: hour.tokens }) ?? 0;
}

function added(blocks: readonly Block[]): (readonly [number, number])[] {
  let sum = 0;
  return blocks.map((b, i) => [i, (sum += nanodollars(b.costUSD))] as const);
}

function gridOf(blocks: readonly Block[]): Grid {
  return {
    head: ["Hour", "Tokens", "Input", "Output", "Cache write", "Cache read", "Cost USD"],
    rows: blocks.map((b) => [b.startTime, b.totalTokens, b.tokenCounts.inputTokens,
      b.tokenCounts.outputTokens, b.tokenCounts.cacheCreationInputTokens,
      b.tokenCounts.cacheReadInputTokens, b.costUSD]),
  };
}
