// cost.ts: the three costs that the page can show, and what they are called.
//
// Pure. Which one is shown is the address's affair, and the daemon's where that says nothing.
// SPDX-License-Identifier: MIT

export type CostId = "list" | "logged" | "auto";

export interface CostName {
  id: CostId;
  /** on the switch */
  label: string;
  /** above a figure */
  name: string;
  /** where it is from, under a figure */
  note: string;
  /** what a model is called that has none */
  lacks: string;
  /** "12K tokens of heron-9 …" */
  missing: string;
}

export const COSTS: readonly CostName[] = [
  {
    id: "list", label: "List", name: "List cost", note: "at list prices", lacks: "unpriced",
    missing: "have no price and are not in the list cost",
  },
  {
    id: "logged", label: "Logged", name: "Logged cost", note: "as agents logged it",
    lacks: "not logged", missing: "came without a cost and are not in the logged one",
  },
  {
    id: "auto", label: "Auto", name: "Cost", note: "logged, else list price", lacks: "unpriced",
    missing: "have neither a logged cost nor a price",
  },
];

const [LIST] = COSTS as readonly [CostName, ...CostName[]];

/** null: the address leaves it to the daemon. */
export function costOf(text: string | null): CostId | null {
  return COSTS.find((c) => c.id === text)?.id ?? null;
}

export function costName(id: CostId): CostName {
  return COSTS.find((c) => c.id === id) ?? LIST;
}

export function nextCost(id: CostId): CostId {
  return (COSTS[COSTS.findIndex((c) => c.id === id) + 1] ?? LIST).id;
}
