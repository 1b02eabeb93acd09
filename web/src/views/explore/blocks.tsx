// views/explore/blocks.tsx: the 5-hour blocks of this week, a row for each day.
// SPDX-License-Identifier: MIT

import { reportAddress, type Wish } from "../../api/report";
import type { Block, BlockReport } from "../../api/types";
import { levelsOf } from "../../chart/heat";
import { Strip, type Span } from "../../chart/strip";
import {
  addDays, clockIn, type Day, dayIn, daysBetween, mondayOf, shortWeekday, startOfDay,
} from "../../dates";
import { duration, money, nanodollars, tokens } from "../../format";
import type { Grid } from "../../grid";
import { ChartCard } from "../../parts/chart-card";
import { now, today, zone } from "../../state/clock";
import { useDocument } from "../../state/documents";

const HOUR_MS = 3_600_000;

export function Blocks({ filters }: { filters: Wish }) {
  const monday = mondayOf(today.value);
  const doc = useDocument<BlockReport>(reportAddress("block", {
    ...filters, since: addDays(monday, -1), until: today.value,
  }), "ledger");
  const blocks = (doc.data?.blocks ?? []).filter((b) => !b.isGap);
  if (doc.error !== null && doc.data === null)
    return null;
  const days = daysBetween(monday, today.value);
  const level = levelsOf(blocks.map((b) => b.totalTokens));
  const active = blocks.find((b) => b.isActive);
  const midnight = startOfDay(zone.value, today.value);
  return (
    <ChartCard
      id="blocks" title="5-hour blocks" grid={() => gridOf(blocks)}
      aside={<span class="small muted low">this week</span>}
      foot={active === undefined ? null : <p class="say"><Active block={active} /></p>}
    >
      <Strip
        label={`5-hour blocks of this week: ${blocks.length}`}
        now={{ hour: (now.value - midnight) / HOUR_MS, row: days.length - 1 }}
        rows={days.map((day) => ({
          name: shortWeekday(day), strong: day === today.value,
          spans: blocks.flatMap((b) => spanOn(b, day, level(b.totalTokens))),
        }))}
      />
    </ChartCard>
  );
}

/** The part of a block that lies on a day. */
function spanOn(block: Block, day: Day, level: number): Span[] {
  const midnight = startOfDay(zone.value, day);
  const from = Math.max(0, (Date.parse(block.startTime) - midnight) / HOUR_MS);
  const to = Math.min(24, (Date.parse(block.endTime) - midnight) / HOUR_MS);
  if (to <= from)
    return [];
  const start = clockIn(zone.value, Date.parse(block.startTime));
  const end = clockIn(zone.value, Date.parse(block.endTime));
  const text = tokens(block.totalTokens);
  return [{
    key: block.id, from, to, look: `heat-${level}`, text,
    title: `${start} to ${end}: ${text} tokens, ${money(nanodollars(block.costUSD))}`,
  }];
}

function Active({ block }: { block: Block }) {
  const left = Date.parse(block.endTime) - now.value;
  return (
    <>
      The block of now ends in {duration(left)}
      {block.projection === null ? "." : (
        <>; at this pace with <b>{tokens(block.projection.totalTokens)}</b> tokens
          and <b>{money(nanodollars(block.projection.totalCost))}</b>.</>
      )}
    </>
  );
}

function gridOf(blocks: readonly Block[]): Grid {
  return {
    head: ["Start", "End", "Day", "Tokens", "Cost USD"],
    rows: blocks.map((b) => [b.startTime, b.endTime, dayIn(zone.value, Date.parse(b.startTime)),
      b.totalTokens, b.costUSD]),
  };
}
