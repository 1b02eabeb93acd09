// views/usage/by-day.tsx: the stacked columns of a window, its days or the hours of its day.
// SPDX-License-Identifier: MIT

import { useMemo, useState } from "preact/hooks";
import { Bars } from "../../chart/bars";
import { type Column, columnsOf, type Grain, grainFor } from "../../chart/columns";
import { tokens } from "../../format";
import { ChartCard, columnsGrid, Legend } from "../../parts/chart-card";
import { now } from "../../state/clock";
import { KINDS } from "../../usage";
import { hourColumns, markColumns } from "../../usage-window";
import type { Figures } from "./figures";

const TITLES: Record<Grain, string> = {
  day: "By day", week: "By week", month: "By month", year: "By year",
};
const MARK = "Last week";

interface Drawn {
  title: string;
  head: string;
  columns: Column[];
  marked: boolean;
}

function draw(figures: Figures): Drawn {
  const { window, used, span, today, before, hours, startMs, zone } = figures;
  if (window === "day" && hours !== null) {
    const columns = hourColumns(hours, startMs, now.value, zone);
    return { title: "By hour", head: "Hour", columns, marked: false };
  }
  const grain = grainFor(span.length);
  const columns = columnsOf(used, span, grain, today);
  const marked = window === "week" && before !== null && before.length > 0;
  return {
    title: TITLES[grain], head: "Period", marked,
    columns: marked ? markColumns(columns, before ?? [], 7) : columns,
  };
}

export function ByDay({ figures }: { figures: Figures }) {
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const { usage, hours, before, today, window } = figures;
  const { title, head, columns, marked } = useMemo(
    () => draw(figures), [usage, hours, before, today, window, now.value]);
  const mark = marked ? MARK : undefined;
  return (
    <ChartCard
      id="by-day" title={title} grid={() => columnsGrid(head, columns, KINDS, mark)}
      aside={
        <Legend columns={columns} series={KINDS} hidden={hidden} onHide={setHidden} mark={mark} />
      }
    >
      <Bars
        label={`Tokens ${title.toLowerCase()}, stacked by kind`} columns={columns} series={KINDS}
        hidden={hidden} format={tokens} markName="A week before"
      />
    </ChartCard>
  );
}
