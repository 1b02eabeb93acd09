// views/usage/hero.tsx: the one large figure, the sentence under it, four smaller ones, the dial.
// SPDX-License-Identifier: MIT

import type { ComponentChildren } from "preact";
import { costName } from "../../cost";
import { clockIn, dayIn, mediumDay } from "../../dates";
import {
  cost, count, exact, exactMoney, money, nanodollars, NONE, signed, tokens, UNKNOWN,
} from "../../format";
import { figuresTime, isLost } from "../../parts/connection";
import { Left } from "../../parts/left";
import { now, today, zone } from "../../state/clock";
import { shownCost } from "../../state/cost";
import { live } from "../../state/live";
import { hrefOf } from "../../state/route";
import { partOf, sumOf } from "../../usage";
import { WINDOWS } from "../../window";
import type { Figures } from "./figures";
import { ThresholdDial } from "./threshold";
import { Plans } from "./plans";

export function Hero({ figures }: { figures: Figures }) {
  const { usage, window } = figures;
  const phrase = WINDOWS.find((w) => w.id === window)?.phrase;
  const asOf = isLost() && figuresTime() !== "" ? `, as of ${figuresTime()}` : "";
  return (
    <section class="hero" aria-label="Sum of the window">
      <div>
        <p class="hero-line">
          <span class="hero-figure" title={`${exact(usage.used)} tokens`}>{tokens(usage.used)}</span>
          <span class="hero-unit">{phrase}{asOf}</span>
        </p>
        <p class="hero-sentence"><Split figures={figures} /></p>
        <p class="hero-sentence"><Sentence figures={figures} /></p>
        <dl class="stats">
          <CostFigure figures={figures} />
          <Trend figures={figures} />
          <Figure name="Tasks" exactly={undefined} note={count(usage.totals.turns, "turn")}>
            {exact(usage.totals.tasks)}
          </Figure>
          <BurnRate />
        </dl>
        <Plans plans={figures.report?.plans ?? []} />
        {usage.threshold === null && (
          <p class="hero-sentence small">
            <a href={hrefOf({ view: "settings", item: "window", query: {} })}>Set a threshold</a>{" "}
            to see how much of a budget is gone.
          </p>
        )}
      </div>
      {usage.threshold !== null && (
        <ThresholdDial threshold={usage.threshold} figures={figures} />
      )}
    </section>
  );
}

/** What the large figure is made of. */
function Split({ figures }: { figures: Figures }) {
  const { totals } = figures.usage;
  const parts: [number, string][] = [
    [totals.input_tokens, "input"], [totals.output_tokens, "output"],
    [totals.cache_creation, "cache write"], [totals.cache_read, "cache read"],
  ];
  return (
    <>
      {parts.map(([n, name], i) => (
        <span key={name} title={exact(n)}>{i > 0 && ", "}<b>{tokens(n)}</b> {name}</span>
      ))}
    </>
  );
}

function Sentence({ figures }: { figures: Figures }) {
  const { since, reset_at: reset } = figures.usage.window;
  if (since === null)
    return <>Nothing yet.</>;
  return (
    <>
      Since {stamp(Date.parse(since))}.{" "}
      {reset !== null && (
        <>Resets {stamp(Date.parse(reset))}, in <b><Left untilMs={Date.parse(reset)} /></b></>
      )}
    </>
  );
}

function stamp(atMs: number): string {
  return `${mediumDay(dayIn(zone.value, atMs), today.value)} ${clockIn(zone.value, atMs)}`;
}

interface FigureProps {
  name: string;
  exactly?: string | undefined;
  note: ComponentChildren;
  children: ComponentChildren;
}

function Figure({ name, exactly, note, children }: FigureProps) {
  return <div><dt>{name}</dt><dd title={exactly}>{children}</dd><dd>{note}</dd></div>;
}

/** The sum, once it is known; until then nothing is claimed. */
function CostFigure({ figures }: { figures: Figures }) {
  const { name, note, lacks } = costName(shownCost.value);
  if (figures.report === null)
    return <Figure name={name} note={note}>{NONE}</Figure>;
  const sum = sumOf(figures.days);
  const text = cost(sum);
  return (
    <Figure
      name={name} exactly={text === UNKNOWN ? undefined : exactMoney(sum.nano)}
      note={sum.unpricedTokens > 0 ? `${tokens(sum.unpricedTokens)} ${lacks}` : note}
    >
      {text}
    </Figure>
  );
}

/** Against the same stretch of the window before; of everything, against nothing: today instead. */
function Trend({ figures }: { figures: Figures }) {
  const { byThen, usage, window } = figures;
  if (window === "all")
    return <Today figures={figures} />;
  const before = WINDOWS.find((w) => w.id === window)?.before ?? "";
  const name = `Against ${before}`;
  if (byThen === null)
    return <Figure name={name} note="">{NONE}</Figure>;
  if (byThen === 0)
    return <Figure name={name} note={`nothing ${before} by now`}>{NONE}</Figure>;
  return (
    <Figure
      name={name} exactly={`${exact(byThen)} tokens by this time`}
      note={`${tokens(byThen)} by this time`}
    >
      {signed((100 * (usage.used - byThen)) / byThen)}
    </Figure>
  );
}

function Today({ figures }: { figures: Figures }) {
  const row = figures.usage.by_day.find((d) => d.day === figures.today);
  const n = row === undefined ? 0 : partOf(row).tokens;
  return (
    <Figure name="Today" exactly={`${exact(n)} tokens`} note={mediumDay(figures.today, figures.today)}>
      {tokens(n)}
    </Figure>
  );
}

function BurnRate() {
  const rate = live.value?.burn_rate;
  const last = live.value?.last_event_at ?? null;
  const perHour = nanodollars(rate?.cost_usd_per_hour ?? 0);
  const note = perHour > 0 ? `${money(perHour)} an hour`
    : last === null ? "no event yet" : `last event ${stamp(Math.min(last, now.value))}`;
  return (
    <Figure name="Burn rate" note={note}>
      {rate === undefined ? NONE : <>{tokens(rate.tokens_per_minute)}<small>/min</small></>}
    </Figure>
  );
}
