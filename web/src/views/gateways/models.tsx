// views/gateways/models.tsx: the models of a gateway's window, dearest first.
// SPDX-License-Identifier: MIT

import type { GatewayModel, RuntimeUsage } from "../../api/types";
import { exact, exactMoney, money, nanodollars, tokens } from "../../format";
import type { Grid } from "../../grid";
import { Copy } from "../../parts/copy";
import { Icon } from "../../parts/icon";
import { viewHref } from "../../state/route";

type Row = readonly [key: string, model: GatewayModel];

export function Models({ usage }: { usage: RuntimeUsage }) {
  const rows: Row[] = Object.entries(usage.per_model)
    .sort(([, a], [, b]) => b.cost_usd - a.cost_usd || b.total_tokens - a.total_tokens);
  const sum = (pick: (m: GatewayModel) => number): number =>
    rows.reduce((n, [, m]) => n + pick(m), 0);
  const unpriced = rows.filter(([, m]) => m.unpriced);
  return (
    <section class="card flush g7" aria-labelledby="gw-models">
      <div class="card-head">
        <h2 id="gw-models">By model</h2>
        <div class="end"><Copy title="Gateway models" grid={() => gridOf(rows)} /></div>
      </div>
      {rows.length === 0 ? <p class="card-foot">No model was used in this window.</p> : (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Model</th><th scope="col" class="n low">Calls</th>
              <th scope="col" class="n low">Input</th><th scope="col" class="n">Output</th>
              <th scope="col" class="n">Cost</th>
            </tr>
          </thead>
          <tbody>{rows.map(([key, m]) => <ModelRow key={key} name={key} model={m} />)}</tbody>
          <tfoot>
            <tr>
              <td>Total</td><td class="n low">{exact(sum((m) => m.calls))}</td>
              <td class="n low">{tokens(sum((m) => m.input_tokens))}</td>
              <td class="n">{tokens(sum((m) => m.output_tokens))}</td>
              <td class="n">{money(sum((m) => nanodollars(m.cost_usd)))}</td>
            </tr>
          </tfoot>
        </table>
      )}
      {unpriced.length > 0 && (
        <div class="card-foot">
          <p class="note amber">
            <Icon name="warn" />
            <span>
              <b>{unpriced.map(([, m]) => m.model).join(", ")}{" "}
                {unpriced.length === 1 ? "has" : "have"} no price.</b>{" "}
              {tokens(unpriced.reduce((n, [, m]) => n + m.total_tokens, 0))} tokens are counted, their
              cost is not. <a href={viewHref("settings", "prices")}>Set a price</a>
            </span>
          </p>
        </div>
      )}
    </section>
  );
}

function gridOf(rows: readonly Row[]): Grid {
  return {
    head: ["Model", "Calls", "Input", "Output", "Cache read", "Cache write", "Cost USD"],
    rows: rows.map(([key, m]) => [key, m.calls, m.input_tokens, m.output_tokens,
      m.cache_read_tokens, m.cache_write_tokens, m.unpriced ? null : m.cost_usd]),
  };
}

function ModelRow({ name, model }: { name: string; model: GatewayModel }) {
  const nano = nanodollars(model.cost_usd);
  return (
    <tr>
      <th scope="row" class="cut"><span class="who plain">{name}</span></th>
      <td class="n low">{exact(model.calls)}</td>
      <td class="n low" title={exact(model.input_tokens)}>{tokens(model.input_tokens)}</td>
      <td class="n" title={exact(model.output_tokens)}>{tokens(model.output_tokens)}</td>
      <td class="n" title={exactMoney(nano)}>
        {model.unpriced && nano === 0 ? <span class="tag">unpriced</span>
          : model.provider === "ollama" && nano === 0 ? <span class="muted">free</span>
            : money(nano)}
      </td>
    </tr>
  );
}
