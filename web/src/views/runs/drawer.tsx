// views/runs/drawer.tsx: one run, from close by; it fills while the run works.
// SPDX-License-Identifier: MIT

import { useEffect, useRef, useState } from "preact/hooks";
import type { Run, RunModel } from "../../api/types";
import { momentIn } from "../../dates";
import { count, exact, share, tokens } from "../../format";
import { Icon } from "../../parts/icon";
import { isRunning, RunState, runTitle, RUNS_PATH } from "../../parts/run-state";
import { CardBones, Void } from "../../parts/states";
import { NO_FEED, reduceFeed } from "../../runs";
import { now, zone } from "../../state/clock";
import { bump, isMissing, useDocument } from "../../state/documents";
import { useLink } from "../../state/link";
import { go, hrefOf, withWords } from "../../state/route";
import { RateLimits } from "./rate-limits";
import { describe, RunCost, Took } from "./table";
import { Turns } from "./turns";

export function Drawer({ id }: { id: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [feed, setFeed] = useState(NO_FEED);
  const doc = useDocument<Run>(`${RUNS_PATH}/${id}`, "runs");
  const models = useDocument<RunModel[]>(
    doc.data === null ? null : `api/usage/runs/${id}`, "runs");
  useLink(doc.data === null ? null : `api/runs/${id}/shell`, (text) => {
    setFeed((was) => reduceFeed(was, text));
    bump("runs");
  });
  useEscape(id);
  useEffect(() => box.current?.focus(), []);
  const run = doc.data;
  return (
    <div class="drawer" role="dialog" aria-labelledby="run-title" tabIndex={-1} ref={box}>
      <div class="drawer-head">
        <div>
          <h2 id="run-title">{run === null ? `Run ${id}` : runTitle(run)}</h2>
          {run !== null && (
            <p class="small muted">
              {describe(run)} · started {momentIn(zone.value, run.created_at, now.value)}
            </p>
          )}
        </div>
        <a class="icon-button end" href={closedHref()} title="Close (Esc)" aria-label="Close">
          <Icon name="close" />
        </a>
      </div>
      <div class="drawer-body">
        {run !== null && (
          <>
            <Head run={run} />
            <Trio run={run} />
            <Turns turns={feed.turns} running={isRunning(run)} />
            <Models rows={models.data ?? []} />
            {feed.limit !== null && <RateLimits limit={feed.limit} />}
            <Unparseable run={run} />
            {run.dir !== null && <p class="small muted mono">{run.dir}</p>}
          </>
        )}
        {run === null && doc.error === null && <CardBones rows={6} />}
        {run === null && doc.error !== null && (
          <Void title={isMissing(doc) ? "There is no such run" : "The run could not be fetched"}>
            <p>{doc.error.message}</p>
          </Void>
        )}
      </div>
    </div>
  );
}

function closedHref(): string {
  return hrefOf(withWords({}, null));
}

/** Closing gives the focus back to the row. */
function useEscape(id: string): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && document.querySelector("dialog[open]") === null)
        go(withWords({}, null));
    };
    addEventListener("keydown", onKeyDown);
    return () => {
      removeEventListener("keydown", onKeyDown);
      document.getElementById(`run-${id}`)?.focus();
    };
  }, [id]);
}

function Head({ run }: { run: Run }) {
  return (
    <p class="drawer-state">
      <RunState state={run.state} /> <span class="muted"><Took run={run} /></span>
    </p>
  );
}

/** Billable is what was sent, answered and written; what was read from the cache is not. */
function Trio({ run }: { run: Run }) {
  const cached = run.tokens_cache_read;
  const billable = run.tokens_total - cached;
  return (
    <dl class="trio">
      <div>
        <dt>Billable</dt><dd title={exact(billable)}>{tokens(billable)}</dd>
        <dd>in + out + written</dd>
      </div>
      <div>
        <dt>Cached</dt><dd title={exact(cached)}>{tokens(cached)}</dd>
        <dd>{share(cached, run.tokens_total)} of all tokens</dd>
      </div>
      <div><dt>Cost</dt><dd><RunCost run={run} /></dd><dd>list price</dd></div>
    </dl>
  );
}

function Models({ rows }: { rows: readonly RunModel[] }) {
  if (rows.length === 0)
    return null;
  return (
    <section aria-label="Models">
      <h3>Models</h3>
      <div class="bleed">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Model</th><th scope="col" class="n">Input</th>
              <th scope="col" class="n">Output</th><th scope="col" class="n">Read</th>
              <th scope="col" class="n">Written</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.model}>
                <th scope="row">{row.model}</th>
                {[row.input, row.output, row.cache_read, row.cache_create].map((n, i) => (
                  <td key={i} class="n" title={exact(n)}>{tokens(n)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Unparseable({ run }: { run: Run }) {
  if (run.usage_parse_errors === 0)
    return null;
  return (
    <p class="note amber">
      <Icon name="warn" />
      <span>
        <b>{count(run.usage_parse_errors, "line")} unparseable.</b> They are complete lines in which
        nothing could be counted. Totals leave them out.
      </span>
    </p>
  );
}
