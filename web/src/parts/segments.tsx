// parts/segments.tsx: one of a few, as links: the choice is in the address.
// SPDX-License-Identifier: MIT

import { hrefOf, withWords } from "../state/route";

interface SegmentsProps {
  label: string;
  name: string;
  /** the first is the default, unless another is named */
  choices: readonly { id: string; label: string; title?: string }[];
  chosen: string;
  byDefault?: string | null;
}

export function Segments({ label, name, choices, chosen, byDefault }: SegmentsProps) {
  const usual = byDefault === undefined ? choices[0]?.id : byDefault;
  return (
    <nav class="segments" aria-label={label}>
      {choices.map((c) => (
        <a
          key={c.id} href={hrefOf(withWords({ [name]: c.id === usual ? null : c.id }))}
          title={c.title} aria-current={c.id === chosen ? "true" : undefined}
        >
          {c.label}
        </a>
      ))}
    </nav>
  );
}
