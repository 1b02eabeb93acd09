// format.test.ts: figures as people read them.
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../src/format";

function table<T extends unknown[]>(
  name: string, fn: (...args: T) => string, cases: [want: string, ...args: T][]): void {
  test(name, () => {
    for (const [want, ...args] of cases)
      assert.equal(fn(...args), want, `${name}(${args.map((a) => JSON.stringify(a)).join(", ")})`);
  });
}

table("tokens keep three digits and no idle zero", format.tokens, [
  ["0", 0], ["7", 7], ["999", 999], ["1K", 1000], ["1.25K", 1250], ["12.4K", 12_400],
  ["609K", 609_000], ["4.2M", 4_200_318], ["2.59M", 2_590_000], ["1.23B", 1_234_567_890],
  ["1T", 1e12], ["12000T", 12e15],
]);
table("tokens that round up to the next unit take it", format.tokens, [
  ["10K", 9_999], ["100K", 99_990], ["1M", 999_950], ["1B", 999_999_999],
]);
table("a loss has a real minus", format.tokens, [["−4.2M", -4_200_000], ["−12", -12]]);
table("exact figures are grouped", format.exact, [
  ["0", 0], ["999", 999], ["4,200,318", 4_200_318], ["−1,000", -1000],
  ["9,007,199,254,740,991", Number.MAX_SAFE_INTEGER],
]);
table("money has two decimals", format.money, [
  ["$0.00", 0], ["$12.34", 12_340_000_000], ["$12.35", 12_345_000_000],
  ["$1,234.50", 1_234_500_000_000], ["−$0.50", -500_000_000], ["$1.00", 999_999_999],
]);
table("what is less than half a cent is not called free", format.money, [
  ["<$0.01", 1], ["<$0.01", 4_999_999], ["$0.01", 5_000_000],
]);
table("exact money shows every digit that is known", format.exactMoney, [
  ["$0.00", 0], ["$41.86421", 41_864_210_000], ["$0.000000001", 1],
  ["$1,000.10", 1_000_100_000_000],
]);

test("dollars become whole nanodollars, whatever a double makes of them", () => {
  assert.equal(format.nanodollars(0.1) + format.nanodollars(0.2), format.nanodollars(0.3));
  assert.equal(format.nanodollars(12.345678901), 12_345_678_901);
});

test("a cost that is partly unknown says so, one wholly unknown is a dash", () => {
  const cases: [string, format.Cost][] = [
    ["$1.23", { nano: 1_230_000_000, tokens: 10, unpricedTokens: 0 }],
    ["$1.23+", { nano: 1_230_000_000, tokens: 10, unpricedTokens: 4 }],
    ["—", { nano: 0, tokens: 10, unpricedTokens: 10 }],
    ["$0.00", { nano: 0, tokens: 0, unpricedTokens: 0 }],
  ];
  for (const [want, cost] of cases)
    assert.equal(format.cost(cost), want);
});

table("shares are whole percents", format.share, [
  ["62%", 62, 100], ["0%", 0, 100], ["<1%", 1, 1000], ["100%", 3, 3], ["–", 0, 0],
]);
table("durations have at most two units", format.duration, [
  ["0s", 0], ["45s", 45_999], ["12m", 12 * 60_000], ["2h 05m", 125 * 60_000],
  ["1d 14h", 38 * 3_600_000], ["0s", -5],
]);
table("the last minute is now", format.ago, [["just now", 59_999], ["1m ago", 60_000]]);

test("what ticks shows its seconds until a day is left", () => {
  const cases: [number, string][] = [
    [9_000, "9s"], [250_000, "4m 10s"], [7_510_000, "2h 05m 10s"], [210_480_000, "2d 10h 28m"],
    [-5, "0s"],
  ];
  for (const [ms, want] of cases)
    assert.equal(format.countdown(ms), want);
});

test("a share never claims a bound before it is reached", () => {
  assert.deepEqual([0.9999, 0.29, 1, 1.234].map(format.floorPercent), ["99%", "29%", "100%", "123%"]);
  assert.deepEqual([49.99, 50, 80, 95, 95.01, 8].map(format.finePercent),
    ["49.9%", "50%", "80%", "95%", "95%", "8%"]);
});

test("signs are written, with a real minus", () => {
  assert.deepEqual([18.2, -9, 0, -0.2].map(format.signed), ["+18%", "−9%", "0%", "0%"]);
});

test("sizes and counts are told as people tell them", () => {
  assert.deepEqual([0, 999, 1000, 31_400_000, 214e9].map(format.bytes),
    ["0 B", "999 B", "1 KB", "31.4 MB", "214 GB"]);
  assert.equal(format.count(1, "line"), "1 line");
  assert.equal(format.count(1204, "turn"), "1,204 turns");
});
