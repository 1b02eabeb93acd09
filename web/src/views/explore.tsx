// views/explore.tsx: the Explore view: any span, any grouping, filters that combine.
// SPDX-License-Identifier: MIT

import { reportAddress, type Wish } from "../api/report";
import type { GroupReport, Report } from "../api/types";
import { FILTERS, groupingOf, spanOf } from "../explore";
import { isLost } from "../parts/connection";
import { Segments } from "../parts/segments";
import { CardBones, Ready, Void } from "../parts/states";
import { today } from "../state/clock";
import { useDocument } from "../state/documents";
import { askedCost, route, word } from "../state/route";
import { refresh } from "../state/start";
import { daysOf } from "../usage";
import { Blocks } from "./explore/blocks";
import { CacheUse } from "./explore/cache-use";
import { Filters } from "./explore/filters";
import { Groups } from "./explore/groups";
import { OverTime } from "./explore/over-time";
import { SessionCard } from "./explore/session";
import { Year } from "./explore/year";

const MEASURES = [{ id: "tokens", label: "Tokens" }, { id: "cost", label: "Cost" }];
const ROWS = 25;
const MOST_ROWS = 1000;

export function ExploreView() {
  const measure = word("measure") === "cost" ? "cost" : "tokens";
  return (
    <>
      <div class="page-head">
        <h1>Explore</h1>
        <div class="end">
          <Segments label="Measure" name="measure" choices={MEASURES} chosen={measure} />
        </div>
      </div>
      <div class={isLost() ? "stack stale" : "stack"}>
        <Filters />
        <Body inCost={measure === "cost"} />
      </div>
    </>
  );
}

/** How many rows of the table are asked for. */
function rowCount(): number {
  const n = Number(word("n"));
  return Number.isInteger(n) && n > ROWS ? Math.min(n, MOST_ROWS) : ROWS;
}

/** The filters of the address, as every report takes them. */
function filters(): Wish {
  return Object.fromEntries(FILTERS.map((name) => [name, word(name)]));
}

function Body({ inCost }: { inCost: boolean }) {
  const grouping = groupingOf(word("by"));
  const span = spanOf(route.value.query, today.value);
  const wish: Wish = { ...span, cost: askedCost(), ...filters() };
  const days = useDocument<Report>(reportAddress("day", wish), "ledger");
  const groups = useDocument<GroupReport>(
    reportAddress(grouping.id, { ...wish, limit: rowCount(), order: "desc" }), "ledger");
  const session = word("session");
  return (
    <Ready
      doc={days} what="The report could not be fetched" onRetry={refresh}
      missing="This daemon makes no reports." bones={<CardBones rows={8} />}
    >
      {(report) => (report.daily.length === 0 ? <NothingFits /> : (
        <>
          <OverTime days={daysOf(report)} span={span} inCost={inCost} />
          {session !== null && <SessionCard id={session} wish={wish} />}
          <Groups doc={groups} grouping={grouping} asked={rowCount()} />
          <div class="grid">
            <div class="g7"><CacheUse days={daysOf(report)} /></div>
            <div class="g5"><Blocks filters={filters()} /></div>
          </div>
          <Year filters={filters()} />
        </>
      ))}
    </Ready>
  );
}

function NothingFits() {
  return (
    <div class="card">
      <Void title="Nothing was used here">
        <p>No event lies in this span and fits these filters. Widen one of them.</p>
        <a class="button" href="#/explore?span=all">Show everything</a>
      </Void>
    </div>
  );
}
