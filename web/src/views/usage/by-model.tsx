// views/usage/by-model.tsx: which model of which agent used how much, most first.
// SPDX-License-Identifier: MIT

import { cost, exact, exactMoney, share, tokens } from "../../format";
import { agentTitle } from "../../state/health";
import { KINDS, type ModelUse, sumOf } from "../../usage";

const TOP_DOWN = [...KINDS].reverse();

export function ByModel({ models }: { models: readonly ModelUse[] }) {
  const sum = sumOf(models);
  return (
    <section class="card flush" aria-labelledby="by-model">
      <div class="card-head"><h2 id="by-model">By model</h2></div>
      {models.length === 0
        ? <p class="card-foot">No model was used in this window.</p>
        : <ModelTable models={models} whole={sum.tokens} />}
      {sum.unpricedTokens > 0 && (
        <p class="card-foot">
          {tokens(sum.unpricedTokens)} tokens have no price and are not in the list cost.
        </p>
      )}
    </section>
  );
}

function ModelTable({ models, whole }: { models: readonly ModelUse[]; whole: number }) {
  return (
    <table class="table tall">
      <caption class="sr">Tokens, share and list cost by model</caption>
      <thead>
        <tr>
          <th scope="col">Model</th>
          {TOP_DOWN.map((k) => <th key={k.id} scope="col" class="n wide">{k.name}</th>)}
          <th scope="col" class="n">Tokens</th>
          <th scope="col" class="low">Share</th>
          <th scope="col" class="n">List cost</th>
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
        <span class="sub">{agentTitle(use.agent)}</span>
        <ShareBar part={use.tokens} whole={whole} place="under" />
      </th>
      {TOP_DOWN.map((k) => (
        <td key={k.id} class="n wide" title={exact(use.kinds[k.id])}>{tokens(use.kinds[k.id])}</td>
      ))}
      <td class="n" title={exact(use.tokens)}>{tokens(use.tokens)}</td>
      <td class="low">
        <span class="share">
          <ShareBar part={use.tokens} whole={whole} place="beside" />
          <span>{share(use.tokens, whole)}</span>
        </span>
      </td>
      <td class="n">
        {use.unpricedTokens > 0
          ? <span class="tag">unpriced</span>
          : <span title={exactMoney(use.nano)}>{cost(use)}</span>}
      </td>
    </tr>
  );
}

interface ShareBarProps {
  part: number;
  whole: number;
  place: "beside" | "under";
}

function ShareBar({ part, whole, place }: ShareBarProps) {
  const percent = whole > 0 ? (100 * part) / whole : 0;
  return <span class={`track ${place}`}><i style={{ width: `${percent.toFixed(1)}%` }} /></span>;
}
