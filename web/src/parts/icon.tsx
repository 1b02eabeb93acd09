// parts/icon.tsx: the few icons that have work to do, drawn on a grid of sixteen.
// SPDX-License-Identifier: MIT

const PATHS = {
  usage: "M3 13V8.5M8 13V3M13 13V6",
  limits: "M3.4 12.6a6.2 6.2 0 1 1 9.2 0M8 8.8l2.7-3.2",
  runs: "M2 4h6M5.5 8h8M3.5 12h5",
  gateways: "M3.6 6.1a1.9 1.9 0 1 0 0 3.8a1.9 1.9 0 1 0 0-3.8M12.4 2.1a1.9 1.9 0 1 0 0 3.8"
    + "a1.9 1.9 0 1 0 0-3.8M12.4 10.1a1.9 1.9 0 1 0 0 3.8a1.9 1.9 0 1 0 0-3.8"
    + "M5.4 7.2l5.2-2.4M5.4 8.8l5.2 2.4",
  explore: "M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9M10.4 10.4L14 14",
  settings: "M2 5h6.2M12 5h2M2 11h2M7.8 11H14M10 3.1a1.9 1.9 0 1 0 0 3.8a1.9 1.9 0 1 0 0-3.8"
    + "M6 9.1a1.9 1.9 0 1 0 0 3.8a1.9 1.9 0 1 0 0-3.8",
  auto: "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8.7 3v10M10 3.3v9.4M11.3 4.3v7.4M12.4 5.5v5",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 1 0 0-5.6M8 1.6v1.2M8 13.2v1.2M1.6 8h1.2M13.2 8h1.2"
    + "M3.5 3.5l.8.8M11.7 11.7l.8.8M12.5 3.5l-.8.8M4.3 11.7l-.8.8",
  moon: "M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z",
  table: "M2.5 3.5h11v9h-11zM2.5 6.5h11M7 6.5v6",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.2V2.5h-8v8h2.7",
  check: "M3.2 8.4l3.2 3.2 6.4-7",
  plus: "M8 3v10M3 8h10",
  spin: "M8 2.2A5.8 5.8 0 1 1 2.2 8",
  stop: "M4.5 4.5h7v7h-7z",
  key: "M5.2 8.1a2.7 2.7 0 1 0 0 5.4a2.7 2.7 0 1 0 0-5.4M7.2 8.8L13.5 2.5M10.6 5.4l2 2",
  chevron: "M4 6.2L8 10l4-3.8",
  info: "M8 2.2a5.8 5.8 0 1 0 0 11.6a5.8 5.8 0 1 0 0-11.6M8 7.4v3.4M8 5v.1",
  close: "M4 4l8 8M12 4l-8 8",
  warn: "M8 2.6l6 10.6H2zM8 6.6v3M8 11.4v.1",
  offline: "M2.5 6.4a8 8 0 0 1 2.4-1.5M7.4 4.2a8 8 0 0 1 6.1 2.2M5 9.2a4.4 4.4 0 0 1 4.4-1.1"
    + "M8 12.4v.1M2.5 2.5l11 11",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={name === "spin" ? "icon spin" : "icon"} viewBox="0 0 16 16" aria-hidden="true">
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
