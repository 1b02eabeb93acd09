// views/usage.tsx: the Usage view: which of its states it is in, and the order of its cards.
// SPDX-License-Identifier: MIT

import { COSTS } from "../cost";
import { isLost, LostBanner, PausedBanner } from "../parts/connection";
import { today } from "../state/clock";
import { health, healthSettled } from "../state/health";
import { live } from "../state/live";
import { days, entry, shownCost } from "../state/report";
import { hrefOf, route } from "../state/route";
import { refresh } from "../state/start";
import { byModel, type DayUse, sumOf, within } from "../usage";
import { figureRange, WINDOWS } from "../window";
import { Bones } from "./usage/bones";
import { ByDay } from "./usage/by-day";
import { ByModel } from "./usage/by-model";
import { Empty } from "./usage/empty";
import { Hero } from "./usage/hero";
import { ReadingNote } from "./usage/reading";
import { Trouble } from "./usage/trouble";

function WindowSwitch() {
  return (
    <nav class="segments" aria-label="Window">
      {WINDOWS.map((w) => (
        <a
          key={w.id} href={hrefOf({ ...route.value, window: w.id })}
          aria-current={w.id === route.value.window ? "true" : undefined}
        >
          {w.label}
        </a>
      ))}
    </nav>
  );
}

function CostSwitch() {
  return (
    <nav class="segments" aria-label="Cost">
      {COSTS.map((c) => (
        <a
          key={c.id} href={hrefOf({ ...route.value, cost: c.id })} title={`${c.name}: ${c.note}`}
          aria-current={c.id === shownCost.value ? "true" : undefined}
        >
          {c.label}
        </a>
      ))}
    </nav>
  );
}

export function UsageView() {
  return (
    <>
      <LostBanner />
      <PausedBanner />
      <div class="page-head">
        <h1>Usage</h1>
        <div class="end"><CostSwitch /><WindowSwitch /></div>
      </div>
      <div class={isLost() ? "stack stale" : "stack"}><Body /></div>
    </>
  );
}

function Body() {
  const { error, report } = entry.value;
  const known = days.value;
  if (known === null || report === null)
    return error === null ? <Bones /> : <Trouble message={error} onRetry={refresh} />;

  const isReading = live.value?.reading != null || !report.complete;
  if (sumOf(known).tokens > 0)
    return <>{isReading && <ReadingNote />}<Figures days={known} error={error} /></>;
  if (isReading)
    return <><ReadingNote /><Bones /></>;
  if (!healthSettled.value)
    return <Bones />;
  return health.value?.ledger.events === 0
    ? <Empty sources={health.value.sources} />
    : <Figures days={known} error={error} />;
}

function Figures({ days: known, error }: { days: DayUse[]; error: string | null }) {
  const { window } = route.value;
  const inWindow = within(known, figureRange(window, today.value));
  return (
    <>
      <Hero days={inWindow} known={known} window={window} />
      <ByDay days={known} window={window} error={error} />
      <ByModel models={byModel(inWindow)} hint={entry.value.report?.hint} />
    </>
  );
}
