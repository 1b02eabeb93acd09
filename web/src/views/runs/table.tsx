// views/runs/table.tsx: the list of runs, newest first; each row opens its drawer.
// SPDX-License-Identifier: MIT

import type { Run } from "../../api/types";
import { dayIn, momentIn } from "../../dates";
import { duration, exact, exactMoney, money, nanodollars, NONE, tokens } from "../../format";
import { RunState, runTitle } from "../../parts/run-state";
import { now, useSeconds, zone } from "../../state/clock";
import { agentTitle } from "../../state/health";
import { hrefOf, withWords } from "../../state/route";

export function RunTable({ runs, open }: { runs: readonly Run[]; open: string | null }) {
  if (runs.length === 0)
    return <p class="card-foot">No run fits these filters.</p>;
  return (
    <table class="table tall">
      <caption class="sr">Runs, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Run</th><th scope="col">State</th>
          <th scope="col" class="n low">Started</th><th scope="col" class="n low">Took</th>
          <th scope="col" class="n">Tokens</th><th scope="col" class="n">Cost</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => <Row key={run.id} run={run} isOpen={String(run.id) === open} />)}
      </tbody>
    </table>
  );
}

function Row({ run, isOpen }: { run: Run; isOpen: boolean }) {
  const started = momentIn(zone.value, run.created_at, now.value);
  return (
    <tr class={isOpen ? "open linked" : "linked"}>
      <th scope="row" class="cut">
        <a
          class="who stretch" data-row id={`run-${run.id}`} href={hrefOf(withWords({}, String(run.id)))}
          aria-current={isOpen ? "true" : undefined}
        >
          {runTitle(run)}
        </a>
        <span class="sub">{describe(run)}</span>
      </th>
      <td><RunState state={run.state} /></td>
      <td class="n low" title={dayIn(zone.value, run.created_at)}>{started}</td>
      <td class="n low"><Took run={run} /></td>
      <td class="n" title={exact(run.tokens_total)}>{tokens(run.tokens_total)}</td>
      <td class="n"><RunCost run={run} /></td>
    </tr>
  );
}

/** "#418 · Claude Code" */
export function describe(run: Run): string {
  return [`#${run.id}`, agentTitle(run.agent), run.model].filter(Boolean).join(" · ");
}

export function Took({ run }: { run: Run }) {
  return run.finished_at === null
    ? <Ticking sinceMs={run.created_at} />
    : <>{duration(run.finished_at - run.created_at)}</>;
}

function Ticking({ sinceMs }: { sinceMs: number }) {
  return <>{duration(useSeconds() - sinceMs)}</>;
}

/** An unknown cost is not 0. */
export function RunCost({ run }: { run: Run }) {
  if (run.cost_usd === null)
    return run.tokens_total > 0 ? <span class="tag">unpriced</span> : <>{NONE}</>;
  const nano = nanodollars(run.cost_usd);
  return <span title={exactMoney(nano)}>{money(nano)}</span>;
}
