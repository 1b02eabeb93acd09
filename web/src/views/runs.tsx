// views/runs.tsx: the Runs view: today on a line, the list, and the drawer of one run.
// SPDX-License-Identifier: MIT

import { address } from "../api/http";
import type { RunList } from "../api/types";
import { isLost } from "../parts/connection";
import { Icon } from "../parts/icon";
import { RUNS_PATH } from "../parts/run-state";
import { Segments } from "../parts/segments";
import { CardBones, Ready, Void } from "../parts/states";
import { bump, useDocument } from "../state/documents";
import { useLink } from "../state/link";
import { hrefOf, replaceWith, route, withWords, word } from "../state/route";
import { refresh } from "../state/start";
import { Drawer } from "./runs/drawer";
import { RunTable } from "./runs/table";
import { Today } from "./runs/today";

const STATES = [
  { id: "", label: "All" }, { id: "running", label: "Running" }, { id: "failed", label: "Failed" },
  { id: "succeeded", label: "Succeeded" }, { id: "cancelled", label: "Cancelled" },
];
const PAGE = 50;
const MOST = 1000;

function shownCount(): number {
  const n = Number(word("n"));
  return Number.isInteger(n) && n > PAGE ? Math.min(n, MOST) : PAGE;
}

export function RunsView() {
  const state = STATES.find((s) => s.id === word("state"))?.id ?? "";
  const q = word("q") ?? "";
  const path = address(RUNS_PATH, { limit: shownCount(), offset: 0, state, q });
  const doc = useDocument<RunList>(path, "runs");
  const open = route.value.item;
  useLink(doc.data === null ? null : "api/ws/states", () => bump("runs"));
  return (
    <>
      <div class="page-head"><h1>Runs</h1></div>
      <div class={`stack ${isLost() ? "stale" : ""} ${open === null ? "" : "with-drawer"}`}>
        <Ready
          doc={doc} what="The runs could not be fetched" onRetry={refresh}
          missing="This daemon does not watch runs." bones={<CardBones rows={8} />}
        >
          {(runs) => (
            runs.total === 0 && state === "" && q === "" ? <NoRuns /> : (
              <>
                <Today runs={runs.items} />
                <section class="card flush" aria-label="Runs">
                  <div class="card-head">
                    <Segments label="State" name="state" choices={STATES} chosen={state} />
                    <div class="end"><Search text={q} /></div>
                  </div>
                  <RunTable runs={runs.items} open={open} />
                  <More shown={runs.items.length} total={runs.total} />
                </section>
              </>
            )
          )}
        </Ready>
      </div>
      {open !== null && <Drawer key={open} id={open} />}
    </>
  );
}

function Search({ text }: { text: string }) {
  return (
    <input
      class="input" type="search" placeholder="Search" aria-label="Search runs" value={text}
      onInput={(event) => replaceWith(withWords({ q: event.currentTarget.value || null }))}
    />
  );
}

function More({ shown, total }: { shown: number; total: number }) {
  if (shown >= total || shown >= MOST)
    return null;
  const next = Math.min(PAGE, total - shown);
  return (
    <div class="more">
      <a class="button quiet" href={hrefOf(withWords({ n: String(shownCount() + PAGE) }))}>
        Show {next} more of {total}
      </a>
    </div>
  );
}

function NoRuns() {
  return (
    <Void title="No runs yet">
      <p>
        A run is one execution of an agent in a sandbox. It appears here by itself when a folder
        <code> NUMBER/mount</code> appears in the folder of runs
        (<code>runs_dir</code> in the configuration), or when it is registered
        with <code>POST /api/runs</code>.
      </p>
      <p class="note"><Icon name="info" />Sessions outside a sandbox are not runs: see Explore.</p>
    </Void>
  );
}
