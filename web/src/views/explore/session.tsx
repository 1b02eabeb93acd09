// views/explore/session.tsx: one session: when it was, and what each of its models did.
// SPDX-License-Identifier: MIT

import { reportAddress, type Wish } from "../../api/report";
import type { GroupReport, ReportRow } from "../../api/types";
import { Bars } from "../../chart/bars";
import type { Column } from "../../chart/columns";
import { momentIn } from "../../dates";
import { folderName, readShare } from "../../explore";
import { cost, duration, exact, floorPercent, NONE, tokens } from "../../format";
import { ChartCard, columnsGrid } from "../../parts/chart-card";
import { Icon } from "../../parts/icon";
import { CardBones, Void } from "../../parts/states";
import { now, zone } from "../../state/clock";
import { useDocument } from "../../state/documents";
import { agentTitle } from "../../state/health";
import { hrefOf, withWords } from "../../state/route";
import { amountOf, KINDS, kindsOf } from "../../usage";

interface SessionCardProps {
  id: string;
  wish: Wish;
}

export function SessionCard({ id, wish }: SessionCardProps) {
  const doc = useDocument<GroupReport>(
    reportAddress("session", { session: id, cost: wish.cost ?? null }), "ledger");
  const row = doc.data?.session?.[0];
  if (doc.data === null && doc.error === null)
    return <CardBones rows={6} />;
  if (row === undefined)
    return (
      <div class="card">
        <Void title="No such session">
          <p>{doc.error?.message ?? `Nothing was counted in session ${id}.`}</p>
        </Void>
      </div>
    );
  const columns = row.modelBreakdowns.map((m): Column => ({
    key: `${m.agent} ${m.modelName}`, label: m.modelName, title: m.modelName, strong: false,
    future: false, values: KINDS.map((kind) => kindsOf(m)[kind.id]),
  }));
  return (
    <ChartCard
      id="session" title={`Session ${id}`} controls={<Close />}
      grid={() => columnsGrid("Model", columns, KINDS)}
      heading={<span class="clip" title={id}>Session {id}</span>}
    >
      <Facts row={row} />
      {columns.length > 1 && (
        <Bars
          label="Tokens of the session by model" columns={columns} series={KINDS} format={tokens}
          height={176}
        />
      )}
    </ChartCard>
  );
}

function Close() {
  return (
    <a
      class="icon-button" href={hrefOf(withWords({ session: null }))} title="All sessions"
      aria-label="Close the session"
    >
      <Icon name="close" />
    </a>
  );
}

function Facts({ row }: { row: ReportRow }) {
  const amount = amountOf(row);
  const share = readShare(amount);
  const { firstActivity: first, lastActivity: last, projectPath: project } = row.metadata ?? {};
  const [from, to] = [first, last].map((iso) => (iso === undefined ? null : Date.parse(iso)));
  const where = [
    agentTitle(row.agent ?? ""), folderName(project ?? ""),
    row.modelBreakdowns.length === 1 ? row.modelBreakdowns[0]?.modelName : "",
  ].filter(Boolean).join(" · ");
  return (
    <>
      <p class="small muted">{where}</p>
      <dl class="stats session-stats">
        <div>
          <dt>Tokens</dt><dd title={exact(amount.tokens)}>{tokens(amount.tokens)}</dd>
          <dd>{row.events === undefined ? "" : `${exact(row.events)} turns`}</dd>
        </div>
        <div><dt>Cost</dt><dd>{cost(amount)}</dd><dd>of all of it</dd></div>
        <div>
          <dt>Read share</dt><dd>{share === null ? NONE : floorPercent(share)}</dd>
          <dd>{tokens(amount.kinds.cacheRead)} from the cache</dd>
        </div>
        {from != null && to != null && (
          <div>
            <dt>Lasted</dt><dd>{duration(to - from)}</dd>
            <dd>{momentIn(zone.value, from, now.value)} to {momentIn(zone.value, to, now.value)}</dd>
          </div>
        )}
      </dl>
    </>
  );
}
