// views/table.ts: the views that there are, in the order of the side bar.
// SPDX-License-Identifier: MIT

import type { ComponentType } from "preact";
import type { IconName } from "../parts/icon";
import { ExploreView } from "./explore";
import { GatewaysView } from "./gateways";
import { LimitsView } from "./limits";
import { RunsView } from "./runs";
import { SettingsView } from "./settings";
import { UsageView } from "./usage";

export interface View {
  id: string;
  title: string;
  icon: IconName;
  Component: ComponentType;
}

const usage: View = { id: "usage", title: "Usage", icon: "usage", Component: UsageView };

export const VIEWS: readonly View[] = [
  usage,
  { id: "limits", title: "Limits", icon: "limits", Component: LimitsView },
  { id: "runs", title: "Runs", icon: "runs", Component: RunsView },
  { id: "gateways", title: "Gateways", icon: "gateways", Component: GatewaysView },
  { id: "explore", title: "Explore", icon: "explore", Component: ExploreView },
  { id: "settings", title: "Settings", icon: "settings", Component: SettingsView },
];

export function viewOf(id: string): View {
  return VIEWS.find((v) => v.id === id) ?? usage;
}
