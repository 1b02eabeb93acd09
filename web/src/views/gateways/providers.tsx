// views/gateways/providers.tsx: the windows of the providers behind a gateway.
// SPDX-License-Identifier: MIT

import type { GatewayProvider } from "../../api/types";
import { momentIn } from "../../dates";
import { NONE } from "../../format";
import { paceOf, toneOf } from "../../limits";
import { PaceBadge } from "../../parts/pace-badge";
import { ShareBar } from "../../parts/share-bar";
import { now, zone } from "../../state/clock";

type Window = GatewayProvider["windows"][number];

export function Providers({ providers }: { providers: readonly GatewayProvider[] }) {
  if (providers.length === 0)
    return null;
  return (
    <section aria-labelledby="gw-providers">
      <div class="sect">
        <h2 id="gw-providers">Provider windows</h2>
        <span class="small muted">as the gateway reports them</span>
      </div>
      <div class="card flush">
        <table class="table tall">
          <thead>
            <tr>
              <th scope="col">Provider</th><th scope="col" class="third">Used</th>
              <th scope="col" class="low">Pace</th><th scope="col" class="n">Resets</th>
            </tr>
          </thead>
          <tbody>
            {providers.flatMap((p) => (p.windows.length === 0
              ? [<Silent key={p.provider} provider={p} />]
              : p.windows.map((w) => (
                <Row key={`${p.provider} ${w.label}`} provider={p} window={w} />
              ))))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function nameOf(provider: GatewayProvider): string {
  return [provider.display_name ?? provider.provider, provider.plan].filter(Boolean).join(" ");
}

function Silent({ provider }: { provider: GatewayProvider }) {
  return (
    <tr>
      <th scope="row"><span class="who">{nameOf(provider)}</span></th>
      <td class="muted small">no reading{provider.error === null ? "" : `: ${provider.error}`}</td>
      <td class="low muted">{NONE}</td><td class="n muted">{NONE}</td>
    </tr>
  );
}

function Row({ provider, window }: { provider: GatewayProvider; window: Window }) {
  const used = window.used_percent;
  const reset = window.resets_at === null ? NaN : new Date(window.resets_at).getTime();
  const { pacing } = window;
  return (
    <tr>
      <th scope="row">
        <span class="who">{nameOf(provider)}</span><span class="sub">{window.label}</span>
      </th>
      <td>
        {used === null ? <span class="muted small">no reading</span> : (
          <span class="share">
            <ShareBar part={used} whole={100} tone={toneOf(used / 100)} />
            <span>{Math.floor(used)}%</span>
          </span>
        )}
      </td>
      <td class="low">
        <PaceBadge
          pace={pacing === undefined || pacing.zone === "none" ? null : paceOf(pacing.delta)}
        />
      </td>
      <td class="n">{Number.isNaN(reset) ? NONE : momentIn(zone.value, reset, now.value)}</td>
    </tr>
  );
}
