// views/gateways/sessions.tsx: the dearest sessions of a gateway's window.
// SPDX-License-Identifier: MIT

import type { GatewaySession, RuntimeUsage } from "../../api/types";
import { momentIn } from "../../dates";
import { exact, exactMoney, money, nanodollars, NONE, tokens } from "../../format";
import { now, zone } from "../../state/clock";

export function Sessions({ usage }: { usage: RuntimeUsage }) {
  const unpriced = (s: GatewaySession): boolean =>
    s.model !== null && usage.per_model[s.model]?.unpriced === true && s.cost_usd === 0;
  return (
    <section class="card flush g5" aria-labelledby="gw-sessions">
      <div class="card-head"><h2 id="gw-sessions">Dearest sessions</h2></div>
      {usage.top_sessions.length === 0 ? <p class="card-foot">No sessions in this window.</p> : (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Session</th><th scope="col" class="n">Tokens</th>
              <th scope="col" class="n">Cost</th><th scope="col" class="n low">Last</th>
            </tr>
          </thead>
          <tbody>
            {usage.top_sessions.map((s) => (
              <tr key={s.session_id}>
                <th scope="row" class="cut">
                  <span class="who plain" title={s.session_id}>{s.label ?? s.session_id}</span>
                  <span class="sub">{s.model ?? "model unknown"}</span>
                </th>
                <td class="n" title={exact(s.total_tokens)}>{tokens(s.total_tokens)}</td>
                <td class="n" title={exactMoney(nanodollars(s.cost_usd))}>
                  {unpriced(s)
                    ? <span class="tag">unpriced</span> : money(nanodollars(s.cost_usd))}
                </td>
                <td class="n low muted">
                  {s.updated_at === null
                    ? NONE : momentIn(zone.value, Date.parse(s.updated_at), now.value)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
