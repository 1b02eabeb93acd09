// parts/gateway-state.tsx: the state of a gateway as icon and word.
// SPDX-License-Identifier: MIT

import type { GatewayState } from "../api/types";
import { STATES } from "../gateway";
import { Icon, type IconName } from "./icon";

const ICONS: Record<GatewayState, IconName> = {
  connected: "check", connecting: "spin", pairing_required: "key", auth_failed: "close",
  unreachable: "offline", disabled: "stop",
};

export function GatewayStateWord({ state }: { state: GatewayState }) {
  const { word, look } = STATES[state];
  return <span class={`state small ${look}`}><Icon name={ICONS[state]} />{word}</span>;
}
