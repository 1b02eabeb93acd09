// parts/run-state.tsx: the state of a run as icon and word, and what a run is called.
// SPDX-License-Identifier: MIT

import type { Run } from "../api/types";
import { Icon, type IconName } from "./icon";

export const RUNS_PATH = "api/runs";

const LOOKS: Record<string, { icon: IconName; look: string }> = {
  running: { icon: "spin", look: "run" },
  starting: { icon: "spin", look: "run" },
  succeeded: { icon: "check", look: "ok" },
  failed: { icon: "close", look: "bad" },
  resume_failed: { icon: "close", look: "bad" },
  cancelled: { icon: "stop", look: "off" },
};

export function isRunning(run: Run): boolean {
  return run.finished_at === null;
}

export function RunState({ state }: { state: string }) {
  const { icon, look } = LOOKS[state] ?? { icon: "runs" as const, look: "off" };
  return (
    <span class={`state ${look}`}>
      <Icon name={icon} /><span>{state.replaceAll("_", " ")}</span>
    </span>
  );
}

export function runTitle(run: Run): string {
  return run.label ?? `Run ${run.id}`;
}
