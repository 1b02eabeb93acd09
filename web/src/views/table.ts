// views/table.ts: the views that there are, in the order of the side bar.
// SPDX-License-Identifier: MIT

import type { ComponentType } from "preact";
import type { IconName } from "../parts/icon";
import { DEFAULT_VIEW } from "../state/route";
import { UsageView } from "./usage";

export interface View {
  id: string;
  title: string;
  icon: IconName;
  Component: ComponentType;
}

const usage: View = { id: DEFAULT_VIEW, title: "Usage", icon: "usage", Component: UsageView };

export const VIEWS: readonly View[] = [usage];

export function viewOf(id: string): View {
  return VIEWS.find((v) => v.id === id) ?? usage;
}
