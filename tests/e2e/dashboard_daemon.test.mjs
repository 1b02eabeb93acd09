// dashboard_daemon.test.mjs: the views of limits and gateways over the real daemon.
//
// What agents log, and what a gateway answers, is what stands on the page.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { fakeGateway, TOKEN } from "./lib/fake_gateway.mjs";
import { Home, response } from "./lib/home.mjs";
import { eventually, launch, onServer, violations } from "./lib/page.mjs";
import { startDaemon } from "./lib/programs.mjs";

const HOUR_MS = 3_600_000;
const LIMIT = "anthropic-ratelimit-unified-5h-";

let browser, home, daemon;
before(async () => { browser = await launch(); });
after(() => browser?.close());
beforeEach(async () => {
  home = new Home();
  daemon = await startDaemon(home);
});
afterEach(async () => {
  const { code } = await daemon.stop();
  home.remove();
  assert.equal(code, 0);
});

const onDaemon = (options, look) =>
  onServer(browser, { url: `${daemon.url}/`, free: () => {} }, options, look);

/** A response whose headers said that so many of 1000 tokens are gone. */
function limited(used) {
  const line = JSON.parse(response());
  line.rateLimits = {
    [`${LIMIT}tokens-limit`]: 1000, [`${LIMIT}tokens-remaining`]: 1000 - used,
    [`${LIMIT}reset`]: Math.floor((Date.now() + 2 * HOUR_MS) / 1000),
  };
  return JSON.stringify(line);
}

test("a limit that an agent logs is a card, and grows while one looks", () =>
  onDaemon({ hash: "#/limits", expects: /status of 404/ }, async ({ page }) => {
    await page.getByRole("heading", { name: "No limits seen yet" }).waitFor();
    home.append("shop/a.jsonl", limited(620));
    const card = page.locator("article", { hasText: "5 hours" });
    await card.getByText("62%").first().waitFor();
    assert.equal(await card.getAttribute("data-tone"), "green");
    await card.locator(".when", { hasText: /resets (\w+ )?\d\d:\d\d$/ }).waitFor();
    home.append("shop/a.jsonl", limited(930));
    await card.getByText("93%").first().waitFor();
    assert.equal(await card.getAttribute("data-tone"), "red");
    await page.getByText("Claude 5 hours is at 93%.").waitFor();
    assert.deepEqual(await violations(page), []);
  }));

test("a setting is on the disk when it is changed", () =>
  onDaemon({ hash: "#/settings" }, async ({ page }) => {
    const field = page.getByLabel("First threshold");
    await field.fill("60");
    await field.press("Tab");
    await eventually("it is saved", async () =>
      (await daemon.get("/api/settings")).thresholds[0] === 60);
    await page.reload();
    await eventually("it is shown", async () => (await field.inputValue()) === "60");
  }));

test("a gateway that is added on the page shows its figures", async () => {
  const gateway = await fakeGateway({});
  try {
    await onDaemon({ hash: "#/settings/gateways" }, async ({ page }) => {
      await page.getByRole("button", { name: "Add a gateway" }).click();
      const form = page.getByRole("form", { name: "New gateway" });
      await form.getByLabel("Name").fill("lab");
      await form.getByLabel("Address").fill(gateway.url);
      await form.getByLabel("Token", { exact: true }).fill(TOKEN);
      await form.getByRole("button", { name: "Save" }).click();
      await page.getByRole("link", { name: gateway.url }).click();
      await page.getByText("connected", { exact: true }).first().waitFor();
      await page.getByRole("row", { name: /anthropic\/claude-sonnet-4-6/ }).first().waitFor();
      await page.getByRole("row", { name: /Claude Max/ }).getByText("42%").waitFor();
      assert.deepEqual(await violations(page), []);
    });
  } finally {
    await gateway.stop();
  }
});

test("sessions, blocks and the year are drawn from the ledger", () => {
  home.append("shop/a.jsonl", response({ session: "s-one", read: 9000 }),
    response({ session: "s-one" }), response({ session: "s-two", read: 5 }));
  return onDaemon({ hash: "#/explore?by=session" }, async ({ page }) => {
    await page.getByRole("link", { name: "s-one" }).click();
    await page.getByRole("heading", { name: "Session s-one" }).waitFor();
    await page.locator(".session-stats").getByText("2 turns").waitFor();
    await page.locator(".session-stats").getByText("9K from the cache").waitFor();
    await page.getByRole("img", { name: "5-hour blocks of this week: 1" }).waitFor();
    await page.getByText("1 day of use").waitFor();
    assert.deepEqual(await violations(page), []);
  });
});
