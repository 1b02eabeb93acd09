// lib/page.mjs: a browser whose every page is watched.
//
// A line in the console, a request to another host or a breach of the content policy fails the
// test, whatever else it looks at.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import axe from "axe-core";
import { chromium } from "playwright-core";

const WAIT_MS = 10_000;
const OPTIONS = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
};

export const launch = () => chromium.launch(OPTIONS);

/** Opens a page on a server, runs `look({ page, server })`, and frees both. */
export async function onServer(browser, server, wishes, look) {
  const { hash = "", expects, prepare = () => {}, ...options } = wishes;
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 }, timezoneId: "UTC", locale: "en-GB",
    colorScheme: "light", ...options,
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    const complaints = watch(page, server.url, expects);
    await prepare(page);
    await page.goto(server.url + hash);
    await look({ page, server, context });
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
    await server.free();
  }
}

/** What the browser finds wrong, but for lines of its console that a test expects. */
function watch(page, url, expects) {
  const complaints = [];
  const { host } = new URL(url);
  page.on("console", (line) => {
    if (!expects?.test(line.text()))
      complaints.push(`console ${line.type()}: ${line.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const visit = (to) => {
    if (new URL(to).host !== host && !to.startsWith("data:") && !to.startsWith("blob:"))
      complaints.push(`request to ${to}`);
  };
  page.on("request", (request) => visit(request.url()));
  page.on("websocket", (socket) => visit(socket.url()));
  return complaints;
}

export async function eventually(what, check) {
  const deadline = Date.now() + WAIT_MS;
  while (Date.now() < deadline) {
    if (await check())
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`${what}: not within ${WAIT_MS} ms`);
}

/** By how many pixels the page is wider than its window. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

/** What stands in the way of somebody, once nothing moves any more. */
export async function violations(page) {
  await page.evaluate(() => Promise.all(document.getAnimations()
    .filter((a) => a.effect.getTiming().iterations !== Infinity).map((a) => a.finished)));
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => globalThis.axe.run(document));
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(", ")}`);
}
