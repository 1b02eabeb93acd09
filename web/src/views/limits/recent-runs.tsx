// views/limits/recent-runs.tsx: the last few runs, beside the days that they filled.
// SPDX-License-Identifier: MIT

import type { Run, RunList } from "../../api/types";
import { exact, tokens } from "../../format";
import { RunState, runTitle, RUNS_PATH } from "../../parts/run-state";
import { useDocument } from "../../state/documents";
import { viewHref } from "../../state/route";

const FEW = 6;

export function RecentRuns() {
  const doc = useDocument<RunList>(`${RUNS_PATH}?limit=${FEW}&offset=0`, "runs");
  const runs = doc.data?.items ?? [];
  return (
    <section class="card flush g5" aria-labelledby="recent">
      <div class="card-head">
        <h2 id="recent">Recent runs</h2>
        <div class="end"><a class="small" href={viewHref("runs")}>All runs</a></div>
      </div>
      {runs.length === 0 ? <p class="card-foot">No runs yet.</p> : (
        <table class="table">
          <thead class="sr">
            <tr><th scope="col">Run</th><th scope="col">Tokens</th><th scope="col">State</th></tr>
          </thead>
          <tbody>{runs.map((run) => <Row key={run.id} run={run} />)}</tbody>
        </table>
      )}
    </section>
  );
}

function Row({ run }: { run: Run }) {
  return (
    <tr>
      <th scope="row" class="cut full">
        <a class="who" href={viewHref("runs", String(run.id))}>{runTitle(run)}</a>
      </th>
      <td class="n" title={exact(run.tokens_total)}>{tokens(run.tokens_total)}</td>
      <td><RunState state={run.state} /></td>
    </tr>
  );
}
