// views/usage/hero.tsx: the one large figure, the sentence under it, and four smaller figures.
// SPDX-License-Identifier: MIT

import type { ComponentChildren } from "preact";
import { costName } from "../../cost";
import { browserZone, clockIn, dayIn, mediumDay } from "../../dates";
import {
  ago, cost, exact, exactMoney, money, nanodollars, NONE, tokens, UNKNOWN,
} from "../../format";
import { figuresTime, isLost } from "../../parts/connection";
import { now, today, zone } from "../../state/clock";
import { live } from "../../state/live";
import { shownCost } from "../../state/report";
import { type Amount, type DayUse, sumOf, within } from "../../usage";
import { figureRange, type WindowId, WINDOWS } from "../../window";
import { Plans } from "./plans";

interface HeroProps {
  /** the days that the figure sums */
  days: readonly DayUse[];
  /** every day that is known, which may be more */
  known: readonly DayUse[];
  window: WindowId;
}

export function Hero({ days, known, window }: HeroProps) {
  const sum = sumOf(days);
  const phrase = WINDOWS.find((w) => w.id === window)?.phrase;
  const asOf = isLost() && figuresTime() !== "" ? `, as of ${figuresTime()}` : "";
  const ofToday = sumOf(known.filter((d) => d.day === today.value));
  const ofWeek = sumOf(within(known, figureRange("week", today.value)));
  return (
    <section class="hero" aria-label="Sum of the window">
      <p class="hero-line">
        <span class="hero-figure" title={`${exact(sum.tokens)} tokens`}>{tokens(sum.tokens)}</span>
        <span class="hero-unit">{phrase}{asOf}</span>
      </p>
      <p class="hero-sentence"><Sentence days={days} window={window} ofToday={ofToday} /></p>
      <dl class="stats">
        <CostFigure sum={sum} />
        {window === "day"
          ? <Stat name="This week" amount={ofWeek} />
          : <Stat name="Today" amount={ofToday} />}
        <BurnRate />
        <LastEvent />
      </dl>
      <Plans />
    </section>
  );
}

interface SentenceProps {
  days: readonly DayUse[];
  window: WindowId;
  ofToday: Amount;
}

function Sentence({ days, window, ofToday }: SentenceProps) {
  const since = figureRange(window, today.value).since ?? days[0]?.day;
  const where = zone.value === browserZone() ? "" : ` (${zone.value})`;
  if (since === undefined)
    return <>Nothing yet{where}.</>;
  if (window === "day")
    return <>Since {mediumDay(since, today.value)} 00:00{where}.</>;
  return (
    <>
      Since {mediumDay(since, today.value)}{where},{" "}
      <b title={`${exact(ofToday.tokens)} tokens`}>{tokens(ofToday.tokens)}</b> of them today.
    </>
  );
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

function CostFigure({ sum }: { sum: Amount }) {
  const { name, note, lacks } = costName(shownCost.value);
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

function Stat({ name, amount }: { name: string; amount: Amount }) {
  return (
    <Figure name={name} exactly={`${exact(amount.tokens)} tokens`} note={cost(amount)}>
      {tokens(amount.tokens)}
    </Figure>
  );
}

function BurnRate() {
  const rate = live.value?.burn_rate;
  const isShown = live.value?.costMode === shownCost.value;
  const perHour = isShown ? nanodollars(rate?.cost_usd_per_hour ?? 0) : 0;
  const note = perHour > 0 ? `${money(perHour)} an hour` : "over the last hour";
  return (
    <Figure name="Burn rate" note={note}>
      {rate === undefined ? NONE : <>{tokens(rate.tokens_per_minute)}<small>/min</small></>}
    </Figure>
  );
}

function LastEvent() {
  const at = live.value?.last_event_at ?? null;
  if (at === null)
    return <Figure name="Last event" note="none seen">{NONE}</Figure>;
  const day = dayIn(zone.value, at);
  const clock = clockIn(zone.value, at);
  const note = day === today.value ? `at ${clock}` : `${mediumDay(day, today.value)} ${clock}`;
  return <Figure name="Last event" note={note}>{ago(now.value - at)}</Figure>;
}
