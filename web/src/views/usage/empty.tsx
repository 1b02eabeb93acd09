// views/usage/empty.tsx: no logs at all: where they were looked for, and what to do next.
// SPDX-License-Identifier: MIT

import { useState } from "preact/hooks";
import type { Source } from "../../api/types";
import { Command } from "../../parts/command";

interface Place {
  path: string;
  found: string;
}

const FEW = 6;

function placesOf(sources: readonly Source[]): Place[] {
  return sources.flatMap((source) => source.roots.map((root) => ({
    path: root.path,
    found: root.found ? (source.files > 0 ? "nothing counted" : "empty") : "not there",
  })));
}

export function Empty({ sources }: { sources: readonly Source[] }) {
  const [all, setAll] = useState(false);
  const places = placesOf(sources);
  const shown = all ? places : places.slice(0, FEW);
  return (
    <section class="void" aria-labelledby="empty">
      <svg viewBox="0 0 40 40" aria-hidden="true">
        <path d="M9 31a15 15 0 1 1 22 0" /><path d="M20 21L9.6 24.4" />
      </svg>
      <h2 id="empty">No logs found</h2>
      <p>
        {places.length === 1 ? "Looked in 1 place." : `Looked in ${places.length} places.`}{" "}
        Work with an agent and figures appear here by themselves.
      </p>
      <ul>
        {shown.map((p) => <li key={p.path}><code>{p.path}</code><span>{p.found}</span></li>)}
      </ul>
      {shown.length < places.length && (
        <button class="button" type="button" onClick={() => setAll(true)}>
          Show all {places.length}
        </button>
      )}
      <p>To look around with made-up figures first:</p>
      <Command text="./start --demo" />
    </section>
  );
}
