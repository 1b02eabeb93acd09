// reset.ts: when the usage week begins, as it is written in the settings: "monday 00:00 UTC".
// SPDX-License-Identifier: MIT

export const WEEKDAYS = [
  "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
] as const;

export interface Reset {
  day: string;
  time: string;
  zone: string;
}

export const USUAL_RESET: Reset = { day: "monday", time: "00:00", zone: "UTC" };

/** null: it is written in a way that only a person should change. */
export function parseReset(text: string | null | undefined): Reset | null {
  if (text === null || text === undefined || text === "")
    return USUAL_RESET;
  const found = /^(\w+)\s+(\d{1,2}:\d\d)(?:\s+(\S+))?$/.exec(text.trim());
  const day = WEEKDAYS.find((d) => d === found?.[1]?.toLowerCase());
  if (found === null || day === undefined)
    return null;
  return { day, time: (found[2] ?? "").padStart(5, "0"), zone: found[3] ?? "UTC" };
}

export function resetText({ day, time, zone }: Reset): string {
  return `${day} ${time} ${zone}`;
}

/** "7,000,000", "7M", "1.5b": null for an empty field, NaN for what is no number. */
export function parseTokens(text: string): number | null {
  const plain = text.replace(/[\s,_']/g, "").toLowerCase();
  if (plain === "")
    return null;
  const found = /^(\d+(?:\.\d+)?)([kmb]?)$/.exec(plain);
  if (found === null)
    return NaN;
  const size = { "": 1, k: 1e3, m: 1e6, b: 1e9 }[found[2] ?? ""] ?? 1;
  return Math.round(Number(found[1]) * size);
}
