// format.ts: figures as people write them, and the exact figure for the pointer that asks.
//
// Knows numbers only: no zones, no markup, no wording beyond a unit. Tokens are whole numbers;
// money comes in whole nanodollars, so that no sum ever drifts.
// SPDX-License-Identifier: MIT

export const NONE = "–";
/** a cost that nobody knows, which is not 0 */
export const UNKNOWN = "—";
const MINUS = "−";
const NANO = 1_000_000_000;

const SCALES = [
  { size: 1, sign: "" },
  { size: 1e3, sign: "K" },
  { size: 1e6, sign: "M" },
  { size: 1e9, sign: "B" },
  { size: 1e12, sign: "T" },
] as const;

/** At most three digits that count, and no zero that does not: 4.2M, 609K, 12.4K, 87. */
export function tokens(n: number): string {
  const size = Math.abs(n);
  const sign = n < 0 ? MINUS : "";
  for (const [i, scale] of SCALES.entries()) {
    const text = threeDigits(size / scale.size, scale.size === 1);
    const next = SCALES[i + 1];
    if (next === undefined || (size < next.size && text !== "1000"))
      return sign + text + scale.sign;
  }
  return NONE;
}

function threeDigits(value: number, whole: boolean): string {
  if (whole || value >= 100)
    return Math.round(value).toFixed(0);
  return trimZeros(value.toFixed(value >= 9.995 ? 1 : 2));
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** 4,200,318 */
export function exact(n: number): string {
  const digits = Math.abs(Math.round(n)).toFixed(0);
  return (n < 0 ? MINUS : "") + grouped(digits);
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The API tells dollars with at most nine decimals: as nanodollars they are whole again. */
export function nanodollars(dollars: number): number {
  return Math.round(dollars * NANO);
}

/** $12.34; less than a cent is said so, because $0.00 would claim that it was free. */
export function money(nano: number): string {
  const sign = nano < 0 ? MINUS : "";
  const size = Math.abs(nano);
  if (size > 0 && size < NANO / 200)
    return `${sign}<$0.01`;
  const cents = Math.round(size / (NANO / 100));
  return `${sign}$${grouped(Math.floor(cents / 100).toFixed(0))}.${pad(cents % 100)}`;
}

/** $41.864210, to the last digit that is known, never fewer than two. */
export function exactMoney(nano: number): string {
  const size = Math.abs(nano);
  const decimals = (size % NANO).toFixed(0).padStart(9, "0").replace(/0{1,7}$/, "");
  const whole = grouped(Math.floor(size / NANO).toFixed(0));
  return `${nano < 0 ? MINUS : ""}$${whole}.${decimals}`;
}

export interface Cost {
  nano: number;
  tokens: number;
  unpricedTokens: number;
}

/** Part unpriced: a sum that is at least this. Wholly unpriced: unknown, which is not 0. */
export function cost(c: Cost): string {
  if (c.unpricedTokens > 0 && c.unpricedTokens >= c.tokens && c.nano === 0)
    return UNKNOWN;
  return money(c.nano) + (c.unpricedTokens > 0 ? "+" : "");
}

/** 62%; a share that is there but rounds to nothing is "<1%". */
export function share(part: number, whole: number): string {
  if (whole <= 0)
    return NONE;
  const percent = Math.round((100 * part) / whole);
  return part > 0 && percent === 0 ? "<1%" : `${percent}%`;
}

/** 45s, 12m, 2h 05m, 1d 14h */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0)
    return `${days}d ${hours % 24}h`;
  if (hours > 0)
    return `${hours}h ${pad(minutes % 60)}m`;
  return minutes > 0 ? `${minutes}m` : `${seconds}s`;
}

/** What ticks: 2d 10h 28m, 2h 05m 10s, 4m 10s, 9s */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours >= 24)
    return `${Math.floor(hours / 24)}d ${pad(hours % 24)}h ${pad(minutes % 60)}m`;
  if (hours > 0)
    return `${hours}h ${pad(minutes % 60)}m ${pad(seconds % 60)}s`;
  return minutes > 0 ? `${minutes}m ${pad(seconds % 60)}s` : `${seconds}s`;
}

/** +18%, −9%, 0% */
export function signed(percent: number): string {
  const whole = Math.round(percent);
  return `${whole > 0 ? "+" : whole < 0 ? MINUS : ""}${Math.abs(whole)}%`;
}

/** 62%: never more than is true, so that a bound is not shown before it is reached. */
export function floorPercent(fraction: number): string {
  return `${Math.floor(fraction * 100 + 1e-6)}%`;
}

/** The same with one decimal where there is one: 49.9%, 50%. */
export function finePercent(percent: number): string {
  return `${trimZeros((Math.floor(percent * 10 + 1e-6) / 10).toFixed(1))}%`;
}

/** 31.4 MB */
export function bytes(n: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let size = n;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? size : trimZeros(size.toFixed(size < 100 ? 1 : 0))} ${units[unit] ?? ""}`;
}

/** 1 line, 2 lines */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${exact(n)} ${n === 1 ? one : many}`;
}

/** How long ago, in words that need no ticking clock. */
export function ago(ms: number): string {
  return ms < 60_000 ? "just now" : `${duration(ms)} ago`;
}

function pad(n: number): string {
  return n.toFixed(0).padStart(2, "0");
}
