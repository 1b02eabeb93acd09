// e2e/lib/totals.mjs: a report and an answer key, brought to the same words and compared.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";

function ofReport(sums) {
  return {
    events: sums.events,
    input: sums.inputTokens,
    output: sums.outputTokens,
    cache_read: sums.cacheReadTokens,
    cache_write: sums.cacheCreationTokens,
    cache_write_1h: sums.cacheCreation1hTokens,
    web_searches: sums.webSearches,
    total: sums.totalTokens,
  };
}

function ofTruth(sums) {
  const write = sums.cache_write_5m + sums.cache_write_1h;
  return {
    events: sums.events,
    input: sums.input,
    output: sums.output,
    cache_read: sums.cache_read,
    cache_write: write,
    cache_write_1h: sums.cache_write_1h,
    web_searches: sums.web_searches,
    total: sums.input + sums.output + sums.cache_read + write,
  };
}

/** Per model what a report's breakdowns say: they carry four counters. */
function modelsOfReport(report) {
  const models = {};
  for (const row of report.daily)
    for (const part of row.modelBreakdowns) {
      const none = { input: 0, output: 0, cache_read: 0, cache_write: 0 };
      const sums = models[part.modelName] ??= none;
      sums.input += part.inputTokens;
      sums.output += part.outputTokens;
      sums.cache_read += part.cacheReadTokens;
      sums.cache_write += part.cacheCreationTokens;
    }
  return models;
}

function modelsOfTruth(truth) {
  return Object.fromEntries(Object.entries(truth.models).map(([name, sums]) => {
    const { input, output, cache_read, cache_write } = ofTruth(sums);
    return [name, { input, output, cache_read, cache_write }];
  }));
}

/** Fails unless totals, every day and every model are exactly those of the answer key. */
export function assertTrue(report, truth, when) {
  assert.deepEqual(ofReport(report.totals), ofTruth(truth.totals), `totals ${when}`);
  const days = Object.fromEntries(report.daily.map((row) => [row.period, ofReport(row)]));
  const wanted = Object.fromEntries(
    Object.entries(truth.days).map(([day, sums]) => [day, ofTruth(sums)]));
  assert.deepEqual(days, wanted, `days ${when}`);
  assert.deepEqual(modelsOfReport(report), modelsOfTruth(truth), `models ${when}`);
  assert.equal(report.complete, true, `complete ${when}`);
}

export function totalOf(truth) {
  return ofTruth(truth.totals).total;
}
