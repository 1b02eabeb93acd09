// views/usage/by-agent.tsx: which agent did how much, most tokens first.
// SPDX-License-Identifier: MIT

import { costName } from "../../cost";
import { cost, exact, exactMoney, NONE, share, tokens } from "../../format";
import type { Grid } from "../../grid";
import { Spark } from "../../chart/spark";
import { Copy } from "../../parts/copy";
import { ShareBar } from "../../parts/share-bar";
import { agentTitle } from "../../state/health";
import { shownCost } from "../../state/cost";
import { type AgentUse, agentUses } from "../../usage-window";
import type { Figures } from "./figures";

const SPARK_DAYS = 31;

export function ByAgent({ figures }: { figures: Figures }) {
  const uses = agentUses(figures.usage, figures.days, figures.span.slice(-SPARK_DAYS))
    .sort((a, b) => b.tokens - a.tokens);
  const whole = uses.reduce((sum, u) => sum + u.tokens, 0);
  return (
    <section class="card flush" aria-labelledby="by-agent">
      <div class="card-head">
        <h2 id="by-agent">By agent</h2>
        <div class="end"><Copy title="By agent" grid={() => gridOf(uses)} /></div>
      </div>
      {uses.length === 0
        ? <p class="card-foot">No agent worked in this window.</p>
        : <AgentTable uses={uses} whole={whole} figures={figures} />}
    </section>
  );
}

function gridOf(uses: readonly AgentUse[]): Grid {
  return {
    head: ["Agent", "Type", "Model", "Tasks", "Turns", "Input", "Output", "Cache write",
      "Cache read", "Tokens"],
    rows: uses.map(({ part: p, tokens: n }) => [p.name, p.type, p.model, p.tasks, p.turns,
      p.input_tokens, p.output_tokens, p.cache_creation, p.cache_read, n]),
  };
}

interface AgentTableProps {
  uses: readonly AgentUse[];
  whole: number;
  figures: Figures;
}

function AgentTable({ uses, whole, figures }: AgentTableProps) {
  const span = figures.span.slice(-SPARK_DAYS);
  const today = span.indexOf(figures.today);
  const hasDays = span.length > 1;
  return (
    <table class="table tall">
      <caption class="sr">Tokens, tasks and cost by agent</caption>
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col" class="mid">Model</th>
          <th scope="col" class="n" aria-sort="descending">Tokens</th>
          <th scope="col" class="low">Share</th>
          {hasDays && <th scope="col" class="mid">By day</th>}
          <th scope="col" class="n low">Tasks</th>
          <th scope="col" class="n wide">Turns</th>
          <th scope="col" class="n">{costName(shownCost.value).name}</th>
        </tr>
      </thead>
      <tbody>
        {uses.map((use) => (
          <AgentRow
            key={JSON.stringify([use.part.name, use.part.type, use.part.model])} use={use}
            whole={whole} today={today} hasDays={hasDays}
          />
        ))}
      </tbody>
    </table>
  );
}

interface AgentRowProps {
  use: AgentUse;
  whole: number;
  today: number;
  hasDays: boolean;
}

function AgentRow({ use, whole, today, hasDays }: AgentRowProps) {
  const { part, tokens: n, days, nano, unpricedTokens } = use;
  return (
    <tr>
      <th scope="row" class="name">
        <span class="who">{agentTitle(part.name)}</span>
        <span class="sub">{part.type}</span>
        <ShareBar part={n} whole={whole} place="under" />
      </th>
      <td class="mid">{part.model ?? NONE}</td>
      <td class="n" title={exact(n)}>{tokens(n)}</td>
      <td class="low">
        <span class="share">
          <ShareBar part={n} whole={whole} />
          <span>{share(n, whole)}</span>
        </span>
      </td>
      {hasDays && (
        <td class="mid">{days === null ? NONE : <Spark values={days} strong={today} />}</td>
      )}
      <td class="n low">{exact(part.tasks)}</td>
      <td class="n wide">{exact(part.turns)}</td>
      <td class="n" title={nano === null ? "see By model" : exactMoney(nano)}>
        {nano === null ? NONE : cost({ nano, tokens: n, unpricedTokens })}
      </td>
    </tr>
  );
}
