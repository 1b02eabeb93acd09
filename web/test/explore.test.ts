// explore.test.ts: spans, filters and rows of the reports; what is carried away.
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { folderName, globOf, groupingOf, nameOfGlob, readShare, rowsOf, spanOf, spanWords } from "../src/explore";
import { csvOf, jsonOf } from "../src/grid";
import { nothing } from "../src/usage";

const TODAY = "2026-11-22";

test("a span is days, by name or by two dates", () => {
  const cases: [Record<string, string>, string | null, string | null][] = [
    [{}, "2026-10-24", TODAY], [{ span: "7d" }, "2026-11-16", TODAY],
    [{ span: "month" }, "2026-11-01", TODAY], [{ span: "year" }, "2026-01-01", TODAY],
    [{ span: "all" }, null, null], [{ span: "x" }, "2026-10-24", TODAY],
    [{ since: "2026-11-02", until: "2026-11-08", span: "7d" }, "2026-11-02", "2026-11-08"],
    [{ since: "2026-11-02" }, "2026-11-02", null], [{ since: "soon" }, "2026-10-24", TODAY],
  ];
  for (const [words, since, until] of cases)
    assert.deepEqual(spanOf(words, TODAY), { since, until }, JSON.stringify(words));
});

test("a span is told in words", () => {
  assert.equal(spanWords({ since: null, until: null }, TODAY), "in all");
  assert.equal(spanWords({ since: TODAY, until: TODAY }, TODAY), "on Sun 22 Nov");
  assert.equal(spanWords({ since: "2026-11-16", until: TODAY }, TODAY), "in 7 days");
});

test("a name is a filter for itself, whatever stands in it", () => {
  for (const name of ["shop", "a*b", "what?", "[x]", "<img src=x>"])
    assert.equal(nameOfGlob(globOf(name)), name);
  assert.equal(globOf("a*[?"), "a[*][[][?]");
});

test("rows are named, most tokens first, periods newest first", () => {
  const sums = (n: number) => ({
    inputTokens: n, outputTokens: 0, cacheCreationTokens: 0, cacheReadTokens: 0, totalTokens: n,
    totalCost: 0, unpriced: false, unpricedTokens: 0, modelBreakdowns: [],
  });
  const frame = { totals: sums(3), timezone: "UTC", since: null, until: null, costMode: "list" as const, complete: true };
  const projects = [{ name: "/w/a", ...sums(1) }, { name: "C:\\w\\b", ...sums(2) }];
  assert.deepEqual(rowsOf({ ...frame, projects }, groupingOf("project")).map((r) => [r.name, r.sub]),
    [["b", "C:\\w\\b"], ["a", "/w/a"]]);
  const daily = [{ period: "2026-11-01", ...sums(9) }, { period: "2026-11-02", ...sums(1) }];
  assert.deepEqual(rowsOf({ ...frame, daily }, groupingOf("day")).map((r) => r.key),
    ["2026-11-02", "2026-11-01"]);
  assert.deepEqual(rowsOf(frame, groupingOf("session")), []);
  assert.equal(groupingOf("colour").id, "model");
  assert.equal(folderName(""), "");
});

test("the read share is of what was sent, and unknown where nothing was", () => {
  assert.equal(readShare(nothing()), null);
  const kinds = { cacheRead: 60, cacheWrite: 20, input: 20, output: 999, reasoning: 9 };
  assert.equal(readShare({ ...nothing(), kinds }), 0.6);
});

test("CSV quotes what needs it and makes no formula", () => {
  const grid = { head: ["Name", "n"], rows: [['a,"b"', 1], ["=1+1", null], ["x\ny", 2.5]] };
  assert.equal(csvOf(grid), 'Name,n\r\n"a,""b""",1\r\n\'=1+1,\r\n"x\ny",2.5\r\n');
  assert.deepEqual(JSON.parse(jsonOf(grid)), [
    { Name: 'a,"b"', n: 1 }, { Name: "=1+1", n: null }, { Name: "x\ny", n: 2.5 }]);
});
