// views/explore/groups.tsx: the rows of a report; each leads to what it is made of.
// SPDX-License-Identifier: MIT

import type { GroupReport } from "../../api/types";
import { costName } from "../../cost";
import { addDays, longDay, momentIn, monthAndYear } from "../../dates";
import {
  type FilterName, FILTERS, type Grouping, GROUPINGS, readShare, type Row, rowsOf, USUAL_GROUPING,
} from "../../explore";
import { cost, exact, exactMoney, floorPercent, NONE, share, tokens, UNKNOWN } from "../../format";
import type { Grid } from "../../grid";
import { Copy } from "../../parts/copy";
import { Segments } from "../../parts/segments";
import { ShareBar } from "../../parts/share-bar";
import { StaleNote } from "../../parts/states";
import { now, today, zone } from "../../state/clock";
import { shownCost } from "../../state/cost";
import type { Doc } from "../../state/documents";
import { agentTitle } from "../../state/health";
import { hrefOf, withWords, word } from "../../state/route";
import { refresh } from "../../state/start";
import { filterHref } from "./filters";

interface GroupsProps {
  doc: Doc<GroupReport>;
  grouping: Grouping;
  /** how many rows were asked for: with as many there may be more */
  asked: number;
}

export function Groups({ doc, grouping, asked }: GroupsProps) {
  const rows = doc.data === null ? [] : rowsOf(doc.data, grouping);
  const whole = doc.data?.totals.totalTokens ?? 0;
  return (
    <section class="card flush" aria-label={`By ${grouping.label.toLowerCase()}`}>
      <div class="card-head scroll">
        <Segments
          label="Group by" name="by" choices={GROUPINGS} chosen={grouping.id}
          byDefault={USUAL_GROUPING}
        />
        <div class="end">
          <Copy title={`By ${grouping.label}`} grid={() => gridOf(rows, grouping)} />
        </div>
      </div>
      <StaleNote doc={doc} onRetry={refresh} />
      {doc.data === null
        ? <p class="card-foot">{doc.error === null ? "Counting …" : doc.error.message}</p>
        : <Table rows={rows} whole={whole} grouping={grouping} />}
      {rows.length >= asked && (
        <div class="more">
          <a class="button quiet" href={hrefOf(withWords({ n: String(asked * 2) }))}>Show more</a>
        </div>
      )}
      {(doc.data?.totals.unpricedTokens ?? 0) > 0 && (
        <p class="card-foot">
          {tokens(doc.data?.totals.unpricedTokens ?? 0)} tokens{" "}
          {costName(shownCost.value).missing}.
        </p>
      )}
    </section>
  );
}

function gridOf(rows: readonly Row[], grouping: Grouping): Grid {
  return {
    head: [grouping.label, "Tokens", "Input", "Output", "Cache write", "Cache read", "Reasoning",
      "Cost USD"],
    rows: rows.map(({ key, amount: { kinds: k, tokens: n, nano, unpricedTokens } }) => [
      key, n, k.input, k.output + k.reasoning, k.cacheWrite, k.cacheRead, k.reasoning,
      unpricedTokens >= n && nano === 0 && n > 0 ? null : nano / 1e9]),
  };
}

interface TableProps {
  rows: readonly Row[];
  whole: number;
  grouping: Grouping;
}

function Table({ rows, whole, grouping }: TableProps) {
  return (
    <table class="table">
      <caption class="sr">Tokens and cost by {grouping.label.toLowerCase()}</caption>
      <thead>
        <tr>
          <th scope="col">{grouping.label}</th>
          <th scope="col" class="n">Tokens</th>
          <th scope="col" class="low">Share</th>
          {["Input", "Output", "Cache write"].map((name) => (
            <th key={name} scope="col" class="n wide">{name}</th>
          ))}
          <th scope="col" class="n mid">Cache read</th>
          <th scope="col" class="n wide">Reasoning</th>
          <th scope="col" class="n low">Read share</th>
          <th scope="col" class="n">{costName(shownCost.value).name}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <GroupRow key={row.key} row={row} whole={whole} grouping={grouping} />
        ))}
      </tbody>
    </table>
  );
}

function GroupRow({ row, whole, grouping }: { row: Row; whole: number; grouping: Grouping }) {
  const { kinds, tokens: n, nano } = row.amount;
  const figure = (value: number, look: string) => (
    <td class={`n ${look}`} title={exact(value)}>{value === 0 ? NONE : tokens(value)}</td>
  );
  const read = readShare(row.amount);
  const money = cost(row.amount);
  return (
    <tr class={word("session") === row.key ? "open" : ""}>
      <th scope="row" class="cut">
        <a class="who" data-row href={hrefFor(row, grouping)} title={row.key}>{titleFor(row, grouping)}</a>
        <Sub row={row} />
        <ShareBar part={n} whole={whole} place="under" />
      </th>
      {figure(n, "")}
      <td class="low">
        <span class="share"><ShareBar part={n} whole={whole} /><span>{share(n, whole)}</span></span>
      </td>
      {figure(kinds.input, "wide")}
      {figure(kinds.output + kinds.reasoning, "wide")}
      {figure(kinds.cacheWrite, "wide")}
      {figure(kinds.cacheRead, "mid")}
      {figure(kinds.reasoning, "wide")}
      <td class="n low">{read === null ? NONE : floorPercent(read)}</td>
      <td class="n" title={money === UNKNOWN ? undefined : exactMoney(nano)}>
        {money === UNKNOWN ? <span class="tag">{costName(shownCost.value).lacks}</span> : money}
      </td>
    </tr>
  );
}

function Sub({ row }: { row: Row }) {
  const last = row.lastMs === null ? "" : momentIn(zone.value, row.lastMs, now.value);
  const text = [row.sub, last].filter(Boolean).join(" · ");
  return text === "" ? null : <span class="sub">{text}</span>;
}

function titleFor(row: Row, grouping: Grouping): string {
  switch (grouping.id) {
  case "day":
    return longDay(row.key, today.value);
  case "week":
    return `Week of ${longDay(row.key, today.value)}`;
  case "month":
    return monthAndYear(row.key);
  case "agent":
    return agentTitle(row.key);
  default:
    return row.name;
  }
}

function hrefFor(row: Row, grouping: Grouping): string {
  const isFilter = (FILTERS as readonly string[]).includes(grouping.id);
  if (isFilter)
    return filterHref(grouping.id as FilterName, row.key);
  if (grouping.id === "session")
    return hrefOf(withWords({ session: row.key }));
  return hrefOf(withWords({ ...daysOfPeriod(row.key, grouping), span: null, by: null }));
}

function daysOfPeriod(key: string, grouping: Grouping): { since: string; until: string } {
  if (grouping.id === "month") {
    const first = `${key.slice(0, 7)}-01`;
    const next = addDays(first, 31);
    return { since: first, until: addDays(`${next.slice(0, 7)}-01`, -1) };
  }
  return { since: key, until: grouping.id === "week" ? addDays(key, 6) : key };
}
