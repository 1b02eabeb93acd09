// parts/account-name.tsx: what an account of rate limits is called.
// SPDX-License-Identifier: MIT

import type { Gateway } from "../api/types";
import { known } from "../state/documents";

export const GATEWAYS_PATH = "api/gateways";

const NAMES: Record<string, string> = { claude: "Claude", codex: "Codex" };

/** "Claude", "Claude · work", "lab" for a gateway that is known by name. */
export function accountName(account: string): string {
  const [first = "", ...rest] = account.split(":");
  const alias = rest.join(":");
  if (first === "gateway")
    return known<Gateway[]>(GATEWAYS_PATH).data?.find((g) => g.id === alias)?.name ?? "Gateway";
  const name = NAMES[first] ?? first;
  return alias === "" ? name : `${name} · ${alias}`;
}
