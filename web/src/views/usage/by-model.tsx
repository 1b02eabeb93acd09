// views/usage/by-model.tsx: which model of which agent used how much, most first.
// SPDX-License-Identifier: MIT

import { costName } from "../../cost";
import { cost, exact, exactMoney, share, tokens, UNKNOWN } from "../../format";
import type { Grid } from "../../grid";
import { agentTitle } from "../../state/health";
import { shownCost } from "../../state/cost";
import { Copy } from "../../parts/copy";
import { ShareBar } from "../../parts/share-bar";
import { KINDS, type ModelUse, sumOf } from "../../usage";

const TOP_DOWN = KINDS.filter((k) => k.id !== "reasoning").reverse();
const FEW = 3; // names in a sentence

interface ByModelProps {
  models: readonly ModelUse[];
  /** how a model gets a price, in the daemon's words */
  hint: string | undefined;
}

export function ByModel({ models, hint }: ByModelProps) {
  const sum = sumOf(models);
  return (
    <section class="card flush" aria-labelledby="by-model">
      <div class="card-head">
        <h2 id="by-model">By model</h2>
        <div class="end"><Copy title="By model" grid={() => gridOf(models)} /></div>
      </div>
      {models.length === 0
        ? <p class="card-foot">No model was used in this window.</p>
        : <ModelTable models={models} whole={sum.tokens} />}
      {sum.unpricedTokens > 0 && (
        <p class="card-foot">
          {tokens(sum.unpricedTokens)} tokens of {lacking(models)}{" "}
          {costName(shownCost.value).missing}.
          {hint !== undefined && <> {hint}.</>}
        </p>
      )}
    </section>
  );
}

function gridOf(models: readonly ModelUse[]): Grid {
  return {
    head: ["Model", "Agent", ...TOP_DOWN.map((k) => k.name), "Tokens", "Cost USD"],
    rows: models.map((m) => [m.model, m.agent, ...TOP_DOWN.map((k) => m.kinds[k.id]), m.tokens,
      cost(m) === UNKNOWN ? null : m.nano / 1e9]),
  };
}

/** "heron-9, finch-1 and 3 more" */
function lacking(models: readonly ModelUse[]): string {
  const names = models.filter((m) => m.unpricedTokens > 0).map((m) => m.model);
  const more = names.length - FEW;
  return names.slice(0, FEW).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function ModelTable({ models, whole }: { models: readonly ModelUse[]; whole: number }) {
  return (
    <table class="table tall">
      <caption class="sr">Tokens, share and cost by model</caption>
      <thead>
        <tr>
          <th scope="col">Model</th>
          {TOP_DOWN.map((k) => <th key={k.id} scope="col" class="n wide">{k.name}</th>)}
          <th scope="col" class="n">Tokens</th>
          <th scope="col" class="low">Share</th>
          <th scope="col" class="n">{costName(shownCost.value).name}</th>
        </tr>
      </thead>
      <tbody>
        {models.map((m) => <ModelRow key={`${m.agent} ${m.model}`} use={m} whole={whole} />)}
      </tbody>
    </table>
  );
}

function ModelRow({ use, whole }: { use: ModelUse; whole: number }) {
  return (
    <tr>
      <th scope="row" class="name">
        <span class="who">{use.model}</span>
        <span class="sub">
          {agentTitle(use.agent)}{" "}
          {use.unpricedTokens > 0 && <span class="tag">{costName(shownCost.value).lacks}</span>}
        </span>
        <ShareBar part={use.tokens} whole={whole} place="under" />
      </th>
      {TOP_DOWN.map((k) => (
        <td key={k.id} class="n wide" title={exact(use.kinds[k.id])}>{tokens(use.kinds[k.id])}</td>
      ))}
      <td class="n" title={exact(use.tokens)}>{tokens(use.tokens)}</td>
      <td class="low">
        <span class="share">
          <ShareBar part={use.tokens} whole={whole} />
          <span>{share(use.tokens, whole)}</span>
        </span>
      </td>
      <td class="n" title={costTitle(use)}>{cost(use)}</td>
    </tr>
  );
}

function costTitle(use: ModelUse): string {
  const known = cost(use) === UNKNOWN ? "" : exactMoney(use.nano);
  if (use.unpricedTokens === 0)
    return known;
  const missing = `${exact(use.unpricedTokens)} tokens ${costName(shownCost.value).lacks}`;
  return known === "" ? missing : `${known}, ${missing}`;
}
