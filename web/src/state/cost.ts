// state/cost.ts: which cost the figures are of: the address's, else the daemon's.
// SPDX-License-Identifier: MIT

import { computed } from "@preact/signals";
import type { CostId } from "../cost";
import { live } from "./live";
import { askedCost } from "./route";

export const shownCost = computed<CostId>(() => askedCost() ?? live.value?.costMode ?? "list");
