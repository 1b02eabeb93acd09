// views/limits/daily.tsx: tokens of the last days, runs or not.
// SPDX-License-Identifier: MIT

import { useMemo } from "preact/hooks";
import type { DailyUsage } from "../../api/types";
import { Bars } from "../../chart/bars";
import { columnsOf } from "../../chart/columns";
import { addDays, dayIn, daysBetween } from "../../dates";
import { tokens } from "../../format";
import { ChartCard, columnsGrid } from "../../parts/chart-card";
import { Segments } from "../../parts/segments";
import { now, zone } from "../../state/clock";
import { useDocument } from "../../state/documents";
import { settings } from "../../state/settings";
import { word } from "../../state/route";
import { type DayUse, KINDS, kindsOf, nothing } from "../../usage";

const SPANS = ["7", "14", "30", "90"].map((id) => ({ id, label: id }));
const USUAL = "30";

function useOf(row: DailyUsage): DayUse {
  const kinds = kindsOf({
    inputTokens: row.tokens_input, outputTokens: row.tokens_output,
    cacheReadTokens: row.tokens_cache_read, cacheCreationTokens: row.tokens_cache_create,
  });
  return { ...nothing(), kinds, tokens: row.tokens_total, day: row.date, models: [] };
}

export function Daily() {
  const days = SPANS.find((s) => s.id === word("days"))?.id ?? USUAL;
  const doc = useDocument<DailyUsage[]>(`api/usage/daily?days=${days}`, "ledger");
  const today = dayIn(settings()?.timezone ?? zone.value, now.value);
  const columns = useMemo(() => {
    const span = daysBetween(addDays(today, 1 - Number(days)), today);
    return columnsOf((doc.data ?? []).map(useOf), span, "day", today);
  }, [doc.data, today, days]);
  return (
    <div class="g7">
      <ChartCard
        id="daily" title="Daily tokens" grid={() => columnsGrid("Day", columns, KINDS)}
        controls={
          <Segments label="Days" name="days" choices={SPANS} chosen={days} byDefault={USUAL} />
        }
      >
        {doc.data?.length === 0 ? <p class="small muted">Nothing was used in these days.</p> : (
          <Bars
            label={`Tokens by day, ${days} days`} columns={columns} series={KINDS} format={tokens}
            height={226}
          />
        )}
      </ChartCard>
    </div>
  );
}
