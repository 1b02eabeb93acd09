// parts/icon.tsx: the few icons that have work to do, drawn on a grid of sixteen.
// SPDX-License-Identifier: MIT

const PATHS = {
  usage: "M3 13V8.5M8 13V3M13 13V6",
  auto: "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8.7 3v10M10 3.3v9.4M11.3 4.3v7.4M12.4 5.5v5",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 1 0 0-5.6M8 1.6v1.2M8 13.2v1.2M1.6 8h1.2M13.2 8h1.2"
    + "M3.5 3.5l.8.8M11.7 11.7l.8.8M12.5 3.5l-.8.8M4.3 11.7l-.8.8",
  moon: "M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z",
  table: "M2.5 3.5h11v9h-11zM2.5 6.5h11M7 6.5v6",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.2V2.5h-8v8h2.7",
  check: "M3.2 8.4l3.2 3.2 6.4-7",
  close: "M4 4l8 8M12 4l-8 8",
  warn: "M8 2.6l6 10.6H2zM8 6.6v3M8 11.4v.1",
  offline: "M2.5 6.4a8 8 0 0 1 2.4-1.5M7.4 4.2a8 8 0 0 1 6.1 2.2M5 9.2a4.4 4.4 0 0 1 4.4-1.1"
    + "M8 12.4v.1M2.5 2.5l11 11",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark of the house: a dial and its needle. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 22 22" aria-hidden="true">
      <path d="M5 17a8.5 8.5 0 1 1 12 0" />
      <path class="needle" d="M11 11.5L15 7" />
    </svg>
  );
}
