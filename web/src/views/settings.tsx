// views/settings.tsx: the Settings view: its sections in order; each knows its own affairs.
// SPDX-License-Identifier: MIT

import { useEffect } from "preact/hooks";
import type { Settings } from "../api/types";
import { isLost } from "../parts/connection";
import { Icon } from "../parts/icon";
import { useDocument } from "../state/documents";
import { route } from "../state/route";
import { refusal, SETTINGS_PATH } from "../state/settings";
import { Display } from "./settings/display";
import { GatewaySettings } from "./settings/gateways";
import { Ledger } from "./settings/ledger";
import { Notifications } from "./settings/notifications";
import { Prices } from "./settings/prices";
import { Sources } from "./settings/sources";
import { UsageWindowSettings } from "./settings/usage-window";

export function SettingsView() {
  const doc = useDocument<Settings>(SETTINGS_PATH, "settings");
  const { item } = route.value;
  useEffect(() => {
    if (item !== null)
      document.getElementById(item)?.scrollIntoView();
  }, [item, doc.data === null]);
  return (
    <>
      <div class="page-head">
        <h1>Settings</h1>
        <div class="end"><span class="small muted">Saved as you change them</span></div>
      </div>
      {refusal.value !== null && (
        <div class="banner orange" role="alert">
          <Icon name="warn" /><p><b>Not saved.</b> <span>{refusal.value}</span></p>
        </div>
      )}
      {doc.data === null && doc.error !== null && (
        <p class="note">
          <Icon name="info" />
          <span>The settings of the daemon are out of reach: {doc.error.message}</span>
        </p>
      )}
      <div class={isLost() ? "stale" : ""}>
        {doc.data !== null && <Notifications settings={doc.data} />}
        <UsageWindowSettings />
        <Display settings={doc.data} />
        <Sources />
        <Prices />
        <GatewaySettings />
        <Ledger />
      </div>
    </>
  );
}
