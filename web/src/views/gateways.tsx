// views/gateways.tsx: the Gateways view: which there are, and one of them from close by.
// SPDX-License-Identifier: MIT

import { useState } from "preact/hooks";
import type { Gateway, RuntimeUsage } from "../api/types";
import { momentIn } from "../dates";
import { pairingCommand, STATES } from "../gateway";
import { GATEWAYS_PATH } from "../parts/account-name";
import { Command } from "../parts/command";
import { isLost } from "../parts/connection";
import { GatewayStateWord } from "../parts/gateway-state";
import { Icon } from "../parts/icon";
import { CardBones, Ready, StaleNote, Void } from "../parts/states";
import { now, zone } from "../state/clock";
import { useDocument } from "../state/documents";
import { useLink } from "../state/link";
import { route, viewHref } from "../state/route";
import { refresh } from "../state/start";
import { Models } from "./gateways/models";
import { Now } from "./gateways/now";
import { Providers } from "./gateways/providers";
import { Sessions } from "./gateways/sessions";

const ADD = viewHref("settings", "gateways");

export function GatewaysView() {
  const doc = useDocument<Gateway[]>(GATEWAYS_PATH, "gateways");
  return (
    <>
      <div class="page-head">
        <h1>Gateways</h1>
        <div class="end"><a class="button" href={ADD}><Icon name="plus" />Add</a></div>
      </div>
      <div class={isLost() ? "stack stale" : "stack"}>
        <Ready
          doc={doc} what="The gateways could not be fetched" onRetry={refresh}
          missing="This daemon does not talk to gateways." bones={<CardBones cards={3} rows={6} />}
        >
          {(gateways) => (gateways.length === 0 ? <NoGateways /> : <Body gateways={gateways} />)}
        </Ready>
      </div>
    </>
  );
}

function NoGateways() {
  return (
    <Void title="No gateways yet">
      <p>
        A gateway runs agents elsewhere and counts what they spend. Name one, and its figures
        appear here.
      </p>
      <Command text="tacho gateway add NAME ws://HOST:18789" />
      <a class="button" href={ADD}>Add a gateway</a>
    </Void>
  );
}

function Body({ gateways }: { gateways: readonly Gateway[] }) {
  const shown = gateways.find((g) => g.id === route.value.item) ?? gateways[0];
  return (
    <>
      <nav class="picks" aria-label="Gateways">
        {gateways.map((g) => <Pick key={g.id} gateway={g} isShown={g === shown} />)}
      </nav>
      {shown !== undefined && <One key={shown.id} gateway={shown} />}
    </>
  );
}

function Pick({ gateway, isShown }: { gateway: Gateway; isShown: boolean }) {
  const seen = gateway.last_seen_at;
  return (
    <a
      class="card pick" data-row href={viewHref("gateways", gateway.id)}
      aria-current={isShown ? "true" : undefined}
    >
      <span class="pick-row"><b>{gateway.name}</b><GatewayStateWord state={gateway.state} /></span>
      <span class="small muted">
        {gateway.url} · {seen === null ? "never seen" : `seen ${momentIn(zone.value, seen, now.value)}`}
      </span>
    </a>
  );
}

function One({ gateway }: { gateway: Gateway }) {
  const doc = useDocument<RuntimeUsage>(
    `api/gateways/${encodeURIComponent(gateway.id)}/runtime-usage`, "gateways");
  const [pushed, setPushed] = useState<RuntimeUsage | null>(null);
  useLink(doc.data === null ? null : `api/ws/gateways/${encodeURIComponent(gateway.id)}`, (text) => {
    const frame = JSON.parse(text) as { type?: string; document?: RuntimeUsage };
    if (frame.type === "runtime_usage" && frame.document !== undefined)
      setPushed(frame.document);
  });
  const usage = pushed ?? doc.data;
  return (
    <>
      <Trouble gateway={gateway} />
      {usage === null && doc.error === null && <CardBones rows={6} />}
      {usage === null && doc.error !== null && (
        <div class="card"><Void title="No figures"><p>{doc.error.message}</p></Void></div>
      )}
      {usage !== null && <StaleNote doc={doc} onRetry={refresh} />}
      {usage !== null && usage.data === "none" && gateway.state !== "pairing_required" && (
        <div class="card">
          <Void title="No figures yet">
            <p>{gateway.name} has not told anything yet. This is not zero: nothing is known.</p>
          </Void>
        </div>
      )}
      {usage !== null && usage.data !== "none" && <Usage usage={usage} gateway={gateway} />}
    </>
  );
}

function Usage({ usage, gateway }: { usage: RuntimeUsage; gateway: Gateway }) {
  return (
    <>
      <Now usage={usage} gateway={gateway} />
      <div class="grid"><Models usage={usage} /><Sessions usage={usage} /></div>
      <Providers providers={usage.providers ?? []} />
    </>
  );
}

function Trouble({ gateway }: { gateway: Gateway }) {
  const { word, advice } = STATES[gateway.state];
  if (advice === null)
    return null;
  return (
    <section class="card" aria-label={`${gateway.name}: ${word}`}>
      <div class="card-head">
        <h2>{gateway.name}</h2>
        <div class="end"><GatewayStateWord state={gateway.state} /></div>
      </div>
      <p>{advice}</p>
      {gateway.state === "pairing_required"
        && <Command text={pairingCommand(gateway.last_error)} />}
      {gateway.last_error !== null && <p class="small muted">{gateway.last_error}</p>}
    </section>
  );
}
