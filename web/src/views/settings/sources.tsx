// views/settings/sources.tsx: the logs that were found on this machine, and what is wrong with them.
// SPDX-License-Identifier: MIT

import { useState } from "preact/hooks";
import type { Health, Source } from "../../api/types";
import { count, exact, NONE, tokens } from "../../format";
import { Icon } from "../../parts/icon";
import { useDocument } from "../../state/documents";
import { HEALTH_PATH } from "../../state/health";
import { Section } from "./section";

export function Sources() {
  const doc = useDocument<Health>(HEALTH_PATH, "settings");
  const [all, setAll] = useState(false);
  const sources = doc.data?.sources ?? [];
  const found = sources.filter((s) => s.files > 0 || s.events > 0);
  const shown = all || found.length === 0 ? sources : found;
  return (
    <Section
      id="sources" title="Sources"
      about="Logs found on this machine. They are read, never written."
    >
      <table class="table tall">
        <thead>
          <tr>
            <th scope="col">Agent</th><th scope="col" class="n low">Files</th>
            <th scope="col" class="n">Events</th><th scope="col">State</th>
          </tr>
        </thead>
        <tbody>{shown.map((s) => <Row key={s.agent} source={s} />)}</tbody>
      </table>
      {shown.length < sources.length && (
        <div class="more">
          <button class="button quiet" type="button" onClick={() => setAll(true)}>
            Show all {sources.length}
          </button>
        </div>
      )}
      {sources.filter((s) => s.problems > 0).map((s) => <Problems key={s.agent} source={s} />)}
    </Section>
  );
}

function Row({ source }: { source: Source }) {
  const roots = source.roots.filter((r) => r.found);
  const shown = (roots.length > 0 ? roots : source.roots).map((r) => r.path).join(", ");
  return (
    <tr>
      <th scope="row" class="cut">
        <span class="who">{source.title}</span><span class="sub mono" title={shown}>{shown}</span>
      </th>
      <td class="n low">{source.files === 0 ? NONE : exact(source.files)}</td>
      <td class="n" title={exact(source.events)}>
        {source.events === 0 ? NONE : tokens(source.events)}
      </td>
      <td><State source={source} found={roots.length > 0} /></td>
    </tr>
  );
}

function State({ source, found }: { source: Source; found: boolean }) {
  if (source.problems > 0)
    return (
      <span class="state wait"><Icon name="warn" />{count(source.problems, "line")}</span>
    );
  if (!found)
    return <span class="state off"><Icon name="stop" />not there</span>;
  return <span class="state ok"><Icon name="check" />in order</span>;
}

function Problems({ source }: { source: Source }) {
  return (
    <div class="card-foot">
      <p class="note amber">
        <Icon name="warn" />
        <span>
          <b>{source.title}: {count(source.problems, "line")} not understood.</b>{" "}
          {(source.problem_kinds ?? []).map((k) => (
            <span key={k.kind}>
              {k.kind.replaceAll("_", " ")} ({exact(k.lines)}), first at <code>{k.first}</code>.{" "}
            </span>
          ))}
          Totals leave them out; <code>tacho doctor</code> tells more.
        </span>
      </p>
    </div>
  );
}
