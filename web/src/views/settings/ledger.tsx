// views/settings/ledger.tsx: where the ledger is, how large, and how to carry it away.
// SPDX-License-Identifier: MIT

import type { Health } from "../../api/types";
import { momentIn } from "../../dates";
import { bytes, count } from "../../format";
import { Command } from "../../parts/command";
import { now, zone } from "../../state/clock";
import { useDocument } from "../../state/documents";
import { HEALTH_PATH } from "../../state/health";
import { Option, Section } from "./section";

export function Ledger() {
  const health = useDocument<Health>(HEALTH_PATH, "settings").data;
  if (health === null)
    return null;
  const { ledger, last_event_at: last, version } = health;
  const each = ledger.events > 0 ? ` · ${count(Math.round(ledger.size_bytes / ledger.events), "byte")} an event` : "";
  const when = last === null ? "No event yet" : `Last event ${momentIn(zone.value, last, now.value)}`;
  return (
    <Section
      id="ledger" title="Ledger" about="Kept for ever, also after the agents delete their logs."
    >
      <Option title={`${bytes(ledger.size_bytes)}, ${count(ledger.events, "event")}`} about={when + each}>
        <a class="button" href="api/v1/report?by=day" download="tacho-daily.json">Export</a>
      </Option>
      <div class="opt">
        <div><span class="opt-title">Place</span><Command text={ledger.path} /></div>
      </div>
      <p class="card-foot">tacho {version}</p>
    </Section>
  );
}
