// route.test.ts: addresses, of the page and of the report.
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { reportAddress } from "../src/api/report";
import { askedCost, hrefOf, parseRoute, type Route, route, shownWindow, withWords } from "../src/state/route";

test("an address says view, thing and words", () => {
  const cases: [string, Route][] = [
    ["", { view: "usage", item: null, query: {} }],
    ["#/", { view: "usage", item: null, query: {} }],
    ["#/usage?window=day", { view: "usage", item: null, query: { window: "day" } }],
    ["#/runs/418?state=failed", { view: "runs", item: "418", query: { state: "failed" } }],
    ["#/limits/claude%2Fweekly", { view: "limits", item: "claude/weekly", query: {} }],
    ["#/limits/claude/weekly", { view: "limits", item: "claude/weekly", query: {} }],
    ["#/runs/%E0%A4%A", { view: "runs", item: "%E0%A4%A", query: {} }],
  ];
  for (const [hash, want] of cases)
    assert.deepEqual(parseRoute(hash), want, hash);
});

test("every route is a link back to itself", () => {
  const routes: Route[] = [
    { view: "usage", item: null, query: { window: "all", cost: "auto" } },
    { view: "limits", item: "codex:work/five_hour", query: {} },
    { view: "explore", item: null, query: { project: "a b&c=%[*]", by: "day" } },
  ];
  for (const want of routes)
    assert.deepEqual(parseRoute(hrefOf(want)), want);
});

test("words that nobody knows fall back", () => {
  route.value = parseRoute("#/usage?window=decade&cost=free");
  assert.equal(shownWindow(), "week");
  assert.equal(askedCost(), null);
});

test("a choice changes one word and keeps the others", () => {
  route.value = parseRoute("#/explore?by=day&model=m");
  assert.equal(hrefOf(withWords({ by: "week" })), "#/explore?by=week&model=m");
  assert.equal(hrefOf(withWords({ by: null })), "#/explore?model=m");
  assert.equal(hrefOf(withWords({}, "x")), "#/explore/x?by=day&model=m");
});

test("the report is asked for by relative address, with the bounds that there are", () => {
  assert.equal(reportAddress("day", { since: "2026-11-16", until: "2026-11-22", cost: null }),
    "api/v1/report?by=day&since=2026-11-16&until=2026-11-22");
  assert.equal(reportAddress("model", {}), "api/v1/report?by=model");
  assert.equal(reportAddress("day", { tz: "Europe/Berlin", project: "a&b" }),
    "api/v1/report?by=day&tz=Europe%2FBerlin&project=a%26b");
});
