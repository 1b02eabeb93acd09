// route.test.ts: addresses, of the page and of the report.
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { reportPath } from "../src/api/http";
import { hrefOf, parseRoute, type Route } from "../src/state/route";

test("an address says view, window and cost, and unknown words fall back", () => {
  const cases: [string, Route][] = [
    ["", { view: "usage", window: "week", cost: null }],
    ["#/", { view: "usage", window: "week", cost: null }],
    ["#/usage?window=day", { view: "usage", window: "day", cost: null }],
    ["#/usage?window=day&cost=auto", { view: "usage", window: "day", cost: "auto" }],
    ["#/usage?cost=free", { view: "usage", window: "week", cost: null }],
    ["#/usage?window=decade&x=1", { view: "usage", window: "week", cost: null }],
    ["#/limits?window=all", { view: "limits", window: "all", cost: null }],
  ];
  for (const [hash, want] of cases)
    assert.deepEqual(parseRoute(hash), want, hash);
});

test("every route is a link back to itself", () => {
  for (const window of ["day", "week", "all"] as const) {
    for (const cost of [null, "list", "logged", "auto"] as const) {
      const route: Route = { view: "usage", window, cost };
      assert.deepEqual(parseRoute(hrefOf(route)), route);
    }
  }
});

test("the report is asked for by relative address, with the bounds that there are", () => {
  assert.equal(reportPath({ since: "2026-11-16", until: "2026-11-22" }, null),
    "api/v1/report?by=day&since=2026-11-16&until=2026-11-22");
  assert.equal(reportPath({ since: null, until: null }, null), "api/v1/report?by=day");
  assert.equal(reportPath({ since: null, until: null }, "auto"), "api/v1/report?by=day&cost=auto");
});
