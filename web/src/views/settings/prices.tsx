// views/settings/prices.tsx: the models without a price first, and how one gets a price.
//
// Prices are set in the configuration, where they are read before anything is counted again.
// SPDX-License-Identifier: MIT

import { reportAddress } from "../../api/report";
import type { GroupReport } from "../../api/types";
import { cost, exact, money, tokens } from "../../format";
import { Command } from "../../parts/command";
import { useDocument } from "../../state/documents";
import { amountOf } from "../../usage";
import { Section } from "./section";

const FEW = 12;

/** What to write for one million tokens in and out. */
export function priceSnippet(models: readonly string[]): string {
  const prices = Object.fromEntries(models.map((m) => [m, { input: 3, output: 15 }]));
  return `"prices": ${JSON.stringify(prices)}`;
}

export function Prices() {
  const doc = useDocument<GroupReport>(reportAddress("model", { cost: "list" }), "ledger");
  const rows = (doc.data?.models ?? []).map((row) => ({ name: row.name ?? "", ...amountOf(row) }));
  const unpriced = rows.filter((r) => r.unpricedTokens > 0)
    .sort((a, b) => b.unpricedTokens - a.unpricedTokens);
  const priced = rows.filter((r) => r.unpricedTokens === 0 && r.tokens > 0)
    .sort((a, b) => b.nano - a.nano).slice(0, FEW);
  return (
    <Section
      id="prices" title="Prices"
      about="Models without a price come first; until one is set their cost is unknown, not zero."
    >
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Model</th><th scope="col" class="n">Tokens</th>
            <th scope="col" class="n">List cost</th><th scope="col" class="n low">A million tokens</th>
          </tr>
        </thead>
        <tbody>
          {[...unpriced, ...priced].map((r) => (
            <tr key={r.name}>
              <th scope="row" class="cut"><span class="who plain">{r.name || "unknown"}</span></th>
              <td class="n" title={exact(r.tokens)}>{tokens(r.tokens)}</td>
              <td class="n">
                {r.unpricedTokens > 0 && r.nano === 0
                  ? <span class="tag">unpriced</span> : cost(r)}
              </td>
              <td class="n low">
                {r.unpricedTokens > 0 ? "–" : money(Math.round((r.nano * 1e6) / r.tokens))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p class="card-foot">No model has been used yet.</p>}
      {unpriced.length > 0 && (
        <div class="card-foot">
          <p>In the configuration, in dollars for a million tokens:</p>
          <Command text={priceSnippet(unpriced.slice(0, 3).map((r) => r.name))} />
          <p>Then, to price what was counted already:</p>
          <Command text="tacho reprice" />
        </div>
      )}
    </Section>
  );
}
