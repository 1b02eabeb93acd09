// window.ts: the three windows of time that the page knows.
// SPDX-License-Identifier: MIT

export type WindowId = "day" | "week" | "all";

export interface WindowName {
  id: WindowId;
  label: string;
  phrase: string;
  /** what it is held against */
  before: string;
}

export const WINDOWS: readonly WindowName[] = [
  { id: "day", label: "Day", phrase: "tokens today", before: "yesterday" },
  { id: "week", label: "Week", phrase: "tokens this week", before: "last week" },
  { id: "all", label: "All", phrase: "tokens in all", before: "" },
];

export const DEFAULT_WINDOW: WindowId = "week";

export function windowOf(text: string | null): WindowId {
  return WINDOWS.find((w) => w.id === text)?.id ?? DEFAULT_WINDOW;
}
