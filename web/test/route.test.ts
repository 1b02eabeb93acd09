// route.test.ts: addresses, of the page and of the report.
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { reportPath } from "../src/api/http";
import { hrefOf, parseRoute, type Route } from "../src/state/route";

test("an address says view and window, and unknown words fall back", () => {
  const cases: [string, Route][] = [
    ["", { view: "usage", window: "week" }],
    ["#/", { view: "usage", window: "week" }],
    ["#/usage?window=day", { view: "usage", window: "day" }],
    ["#/usage?window=decade&x=1", { view: "usage", window: "week" }],
    ["#/limits?window=all", { view: "limits", window: "all" }],
  ];
  for (const [hash, want] of cases)
    assert.deepEqual(parseRoute(hash), want, hash);
});

test("every route is a link back to itself", () => {
  for (const window of ["day", "week", "all"] as const) {
    const route: Route = { view: "usage", window };
    assert.deepEqual(parseRoute(hrefOf(route)), route);
  }
});

test("the report is asked for by relative address, with the bounds that there are", () => {
  assert.equal(reportPath({ since: "2026-11-16", until: "2026-11-22" }),
    "api/v1/report?by=day&since=2026-11-16&until=2026-11-22");
  assert.equal(reportPath({ since: null, until: null }), "api/v1/report?by=day");
});
