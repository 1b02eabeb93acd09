// views/settings/section.tsx: a section of the settings and a row in it.
// SPDX-License-Identifier: MIT

import type { ComponentChildren } from "preact";

interface SectionProps {
  id: string;
  title: string;
  about: ComponentChildren;
  children: ComponentChildren;
}

export function Section({ id, title, about, children }: SectionProps) {
  return (
    <section class="set" id={id} aria-labelledby={`${id}-title`}>
      <div class="set-head"><h2 id={`${id}-title`}>{title}</h2><p>{about}</p></div>
      <div class="card flush">{children}</div>
    </section>
  );
}

interface OptionProps {
  title: string;
  about: ComponentChildren;
  children: ComponentChildren;
}

export function Option({ title, about, children }: OptionProps) {
  return (
    <div class="opt">
      <div><span class="opt-title">{title}</span><span class="opt-about">{about}</span></div>
      <div class="ctl">{children}</div>
    </div>
  );
}

interface ToggleProps {
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
}

export function Toggle({ label, on, onChange }: ToggleProps) {
  return (
    <span class="toggle">
      <input
        type="checkbox" role="switch" aria-label={label} checked={on}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span />
    </span>
  );
}
