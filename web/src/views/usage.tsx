// views/usage.tsx: the Usage view: which of its states it is in, and the order of its cards.
// SPDX-License-Identifier: MIT

import type { UsageWindow } from "../api/types";
import { COSTS } from "../cost";
import { isLost } from "../parts/connection";
import { Segments } from "../parts/segments";
import { StaleNote, Trouble } from "../parts/states";
import { useDocument } from "../state/documents";
import { health, healthDoc } from "../state/health";
import { shownCost } from "../state/cost";
import { live } from "../state/live";
import { shownWindow } from "../state/route";
import { refresh } from "../state/start";
import { byModel } from "../usage";
import { DEFAULT_WINDOW, WINDOWS } from "../window";
import { Bones } from "./usage/bones";
import { ByAgent } from "./usage/by-agent";
import { ByDay } from "./usage/by-day";
import { ByModel } from "./usage/by-model";
import { Empty } from "./usage/empty";
import { useFigures } from "./usage/figures";
import { Hero } from "./usage/hero";
import { ReadingNote } from "./usage/reading";

const COST_CHOICES = COSTS.map((c) => ({ id: c.id, label: c.label, title: `${c.name}: ${c.note}` }));

export function UsageView() {
  return (
    <>
      <div class="page-head">
        <h1>Usage</h1>
        <div class="end">
          <Segments
            label="Cost" name="cost" choices={COST_CHOICES} chosen={shownCost.value} byDefault={null}
          />
          <Segments
            label="Window" name="window" choices={WINDOWS} chosen={shownWindow()}
            byDefault={DEFAULT_WINDOW}
          />
        </div>
      </div>
      <div class={isLost() ? "stack stale" : "stack"}><Body /></div>
    </>
  );
}

function Body() {
  const doc = useDocument<UsageWindow>(`usage?window=${shownWindow()}`, "ledger");
  if (doc.data === null)
    return doc.error === null ? <Bones /> : (
      <Trouble
        title="The figures could not be fetched" message={doc.error.message} onRetry={refresh}
      />
    );
  const isReading = live.value?.reading != null;
  if (doc.data.used > 0)
    return (
      <>
        {isReading && <ReadingNote />}
        <StaleNote doc={doc} onRetry={refresh} />
        <Figures usage={doc.data} />
      </>
    );
  if (isReading)
    return <><ReadingNote /><Bones /></>;
  if (healthDoc().data === null && healthDoc().error === null)
    return <Bones />;
  const told = health();
  return told?.ledger.events === 0 && doc.data.totals.tasks === 0
    ? <Empty sources={told.sources} />
    : <Figures usage={doc.data} />;
}

function Figures({ usage }: { usage: UsageWindow }) {
  const figures = useFigures(usage, shownWindow());
  return (
    <>
      <Hero figures={figures} />
      <ByDay figures={figures} />
      <ByAgent figures={figures} />
      {figures.report !== null && (
        <ByModel models={byModel(figures.days)} hint={figures.report.hint} />
      )}
    </>
  );
}
