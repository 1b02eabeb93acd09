// dashboard_views.test.mjs: every view of the dashboard in a browser, over an invented world.
//
// The stand-in server answers, so that limits, runs and gateways can be put into any state.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { bundle } from "../../web/build.mjs";
import { limits, rateLimit, turns, world, year } from "./lib/made_up_world.mjs";
import { eventually, launch, onServer, overflow, violations } from "./lib/page.mjs";
import { startMock } from "./mock-server.mjs";

const HOUR_MS = 3_600_000;
const now = Date.now();
const EVENTS = year(now);

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

async function onWorld({ events = EVENTS, world: own = world(now), ...options }, look) {
  const server = await startMock({ events, world: own });
  await onServer(browser, { ...server, free: server.stop }, options, look);
}

const empty = (hash, look) => onWorld({ events: [], world: {}, hash }, look);

/* ---- all views ---- */

test("the whole page is below 60 kB on the wire", async () => {
  const { assets } = await bundle();
  const sum = assets.reduce((n, a) => n + gzipSync(a.raw, { level: 9 }).length, 0);
  assert.ok(sum <= 60_000, `${sum} bytes`);
});

const VIEWS = {
  Usage: "#/usage", Limits: "#/limits", Runs: "#/runs", Gateways: "#/gateways",
  Explore: "#/explore", Settings: "#/settings",
};

for (const [title, hash] of Object.entries(VIEWS)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${title} stands in nobody's way, in the ${colorScheme}`, () =>
      onWorld({ hash, colorScheme }, async ({ page }) => {
        await page.getByRole("heading", { name: title, level: 1 }).waitFor();
        await page.waitForLoadState("networkidle");
        assert.deepEqual(await violations(page), []);
      }));
  }

  test(`${title} fits a phone`, () =>
    onWorld({ hash, viewport: { width: 390, height: 844 }, hasTouch: true }, async ({ page }) => {
      await page.getByRole("heading", { name: title, level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
      assert.equal(await overflow(page), 0);
      assert.deepEqual(await violations(page), []);
    }));

  test(`${title} is calm while there is nothing`, () => empty(hash, async ({ page }) => {
    await page.getByRole("heading", { name: title, level: 1 }).waitFor();
    await page.waitForLoadState("networkidle");
    assert.equal(await page.getByRole("alert").count(), 0);
    assert.deepEqual(await violations(page), []);
  }));

  const silence = (page) => page.route(/\/(api|usage)(\/|\?|$)/, () => {}); // asked, never answered
  test(`${title} shows its bones while nothing is known, and no zero`, () =>
    onWorld({ hash, prepare: silence }, async ({ page }) => {
      await page.getByRole("heading", { name: title, level: 1 }).waitFor();
      if (title !== "Settings")
        await page.locator(".bones").first().waitFor();
      assert.doesNotMatch(await page.locator("main").innerText(), /(^|\s)0(\s|$)/);
    }));
}

test("a refusal is a sentence in its place, with a way out", () => {
  const message = "The disk is full: /home/kim has 0 bytes left.";
  let broken = true;
  const refuse = (page) => page.route("**/api/v1/limits", (route) => (broken
    ? route.fulfill({ status: 400, json: { error: { code: "full", message } } })
    : route.continue()));
  return onWorld({ hash: "#/limits", expects: /status of 400/, prepare: refuse }, async ({ page }) => {
    await page.getByText(message).waitFor();
    broken = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Claude" }).waitFor();
  });
});

test("g and a letter go to a view, and Back returns", () => onWorld({}, async ({ page }) => {
  for (const [title, hash] of Object.entries(VIEWS)) {
    await page.keyboard.press("g");
    await page.keyboard.press(title[0].toLowerCase());
    await page.getByRole("heading", { name: title, level: 1 }).waitFor();
    assert.equal(new URL(page.url()).hash, hash);
    await eventually(`the title is ${title}`, async () => (await page.title()) === `${title} · tacho`);
  }
  await page.goBack();
  await page.getByRole("heading", { name: "Explore", level: 1 }).waitFor();
}));

/* ---- limits ---- */

test("a bucket says how much, how fast and until when", () =>
  onWorld({ hash: "#/limits" }, async ({ page }) => {
    const card = page.locator("article", { hasText: "Weekly" }).first();
    await card.getByText("78%").first().waitFor();
    await card.getByText("warm").waitFor();
    await card.getByText("+18%").waitFor();
    await card.getByText(/^Full .*, 1d \d+h before the reset\.$/).waitFor();
    assert.equal(await card.getAttribute("data-tone"), "amber");
    const left = card.locator(".when b");
    const was = await left.innerText();
    assert.match(was, /^2d \d\dh \d\dm$/);
    const short = page.locator("article", { hasText: "5 hours" }).first().locator(".when b");
    const before = await short.innerText();
    await eventually("it ticks", async () => (await short.innerText()) !== before);
    await card.getByRole("link").click();
    await page.getByRole("heading", { name: "Claude, weekly" }).waitFor();
    assert.equal(new URL(page.url()).hash, "#/limits/claude%2Fweekly");
  }));

test("a limit that nobody told of is shown as the estimate that it is", () => {
  const all = limits(now);
  Object.assign(all.accounts[1], { buckets: [], observed_at: null, last_error: "missing_credentials",
    estimate: {
      id: "five_hour", estimated: true, utilization: 0.375, reset_at: now + 2 * HOUR_MS,
      window_started_at: now - 3 * HOUR_MS, tokens: { remaining: 5, limit: 8 }, blocks: 24,
    } });
  return onWorld({ hash: "#/limits", world: { ...world(now), limits: all } }, async ({ page }) => {
    const card = page.locator("article", { hasText: "estimated from 24 past blocks" });
    await card.getByText("~37%").waitFor();
    assert.equal(await card.getByRole("link").count(), 0);
    assert.deepEqual(await violations(page), []);
  });
});

function fullWorld() {
  const all = limits(now);
  Object.assign(all.accounts[0].buckets[1],
    { utilization: 0.92, full_at: now + 10 * HOUR_MS, full_before_reset: true });
  return { ...world(now), limits: all };
}

test("from ninety percent on every view is warned, until that is dismissed for the window", () =>
  onWorld({ world: fullWorld(), hash: "#/runs" }, async ({ page }) => {
    const banner = page.getByText("Claude weekly is at 92%.");
    await banner.waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await banner.waitFor();
    await page.getByRole("button", { name: "Dismiss for this window" }).click();
    await banner.waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    await page.waitForLoadState("networkidle");
    assert.equal(await banner.count(), 0);
  }));

/** Keeps what would be shown by the system. */
const CATCH = () => {
  globalThis.shown = [];
  globalThis.Notification = class extends EventTarget {
    static permission = "granted";
    static requestPermission = async () => "granted";
    constructor(title, options) {
      super();
      globalThis.shown.push([title, options.body]);
    }
  };
};

test("a threshold that is crossed is told by the system, once that is switched on", () =>
  onWorld({ hash: "#/settings", prepare: (page) => page.addInitScript(CATCH) }, async ({ page, server }) => {
    const crossing = {
      type: "threshold_crossed", bucket_id: "five_hour", threshold: 75, reset_at: now + HOUR_MS,
    };
    await eventually("the page listens", () => server.listeners("/api/ws/usage") > 0);
    server.send("/api/ws/usage", crossing);
    const toggle = page.getByRole("switch", { name: "Rate limits, in this browser" });
    await toggle.click();
    await eventually("it is saved", () => server.world.settings.usage_notifications_enabled);
    await eventually("it is on", () => toggle.isChecked());
    assert.deepEqual(await page.evaluate(() => globalThis.shown), []);
    server.send("/api/ws/usage", { ...crossing, threshold: 90 });
    await page.waitForFunction(() => globalThis.shown.length > 0);
    const [[title, body]] = await page.evaluate(() => globalThis.shown);
    assert.equal(title, "5 hours: 90% used");
    assert.match(body, /^Resets \d\d:\d\d\.$|^Resets \w+ /);
  }));

test("a change of limits is shown without a reload", () =>
  onWorld({ hash: "#/limits" }, async ({ page, server }) => {
    await page.getByText("62%").first().waitFor();
    await eventually("the page listens", () => server.listeners("/api/ws/usage") > 0);
    server.world.limits.accounts[0].buckets[0].utilization = 0.66;
    server.send("/api/ws/usage", { type: "snapshot", state: {} });
    await page.locator("article").getByText("66%").waitFor();
  }));

/* ---- runs ---- */

test("a run's drawer fills while the run works, and Escape gives the focus back", () =>
  onWorld({ hash: "#/runs" }, async ({ page, server }) => {
    const row = page.getByRole("link", { name: "Fix flaky login test" });
    await row.focus();
    await page.keyboard.press("Enter");
    const drawer = page.getByRole("dialog", { name: "Fix flaky login test" });
    await drawer.waitFor();
    assert.equal(new URL(page.url()).hash, "#/runs/418");
    await drawer.getByText("2 lines unparseable.").waitFor();
    await drawer.getByRole("row", { name: /claude-haiku-4-5/ }).waitFor();
    await eventually("the drawer listens", () => server.listeners("/api/runs/418/shell") > 0);
    for (const frame of [...turns().slice(0, 3), rateLimit(now)])
      server.send("/api/runs/418/shell", frame);
    const chart = drawer.getByRole("slider", { name: "Tokens of each turn" });
    await eventually("three turns", async () => (await chart.getAttribute("aria-valuemax")) === "2");
    await drawer.getByText("836K of 2.2M").waitFor();
    server.world.runs[0].tokens_cache_read += 1_000_000;
    server.world.runs[0].tokens_total += 1_000_000;
    server.send("/api/runs/418/shell", turns()[3]);
    await drawer.getByText("1.11M").waitFor();
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
    await eventually("focus is back", () => row.evaluate((link) => link === document.activeElement));
    await eventually("the socket is closed", () => server.listeners("/api/runs/418/shell") === 0);
  }));

test("a run that starts appears by itself, and filters are in the address", () =>
  onWorld({ hash: "#/runs" }, async ({ page, server }) => {
    await page.getByRole("link", { name: "Fix flaky login test" }).waitFor();
    await eventually("the page listens", () => server.listeners("/api/ws/states") > 0);
    server.world.runs.unshift({ ...server.world.runs[0], id: 419, label: "Brand new" });
    server.send("/api/ws/states", { type: "state", run_id: 419, project_id: 1, state: "running" });
    await page.getByRole("link", { name: "Brand new" }).waitFor();
    await page.getByRole("navigation", { name: "State" }).getByRole("link", { name: "Failed" }).click();
    await page.getByRole("link", { name: "Brand new" }).waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Port importer to streaming" }).waitFor();
    await page.getByRole("searchbox").fill("nothing like it");
    await page.getByText("No run fits these filters.").waitFor();
    assert.equal(new URL(page.url()).hash, "#/runs?state=failed&q=nothing+like+it");
  }));

test("j and k walk the rows", () => onWorld({ hash: "#/runs" }, async ({ page }) => {
  await page.getByRole("link", { name: "Fix flaky login test" }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement.id);
  for (const [key, id] of [["j", "run-418"], ["j", "run-417"], ["k", "run-418"], ["k", "run-418"]]) {
    await page.keyboard.press(key);
    assert.equal(await focused(), id);
  }
}));

test("a run that nobody knows is said to be none", () =>
  onWorld({ hash: "#/runs/7", expects: /status of 404/ }, async ({ page }) => {
    await page.getByText("There is no such run").waitFor();
  }));

/* ---- gateways ---- */

test("a gateway says when its limit ends, and what has no price", () =>
  onWorld({ hash: "#/gateways" }, async ({ page, server }) => {
    await page.getByText(/^At this pace the output limit is reached at \d\d:\d\d, 1h 1\dm before/)
      .waitFor();
    await page.getByText("Window told by the provider, high confidence").waitFor();
    await page.getByText("sessions.usage timed out").waitFor();
    await page.getByText("claude-next has no price.").waitFor();
    await page.getByRole("row", { name: /ollama\/qwen3-coder.*free/ }).waitFor();
    const path = "/api/ws/gateways/lab-id";
    await eventually("the page listens", () => server.listeners(path) > 0);
    const document = structuredClone(server.world.runtime["lab-id"]);
    document.predictions = { time_to_limit_ms: 9e7, safe: true, limit_kind: "messages" };
    server.send(path, { type: "runtime_usage", document });
    await page.getByText(/^At this pace the message limit lasts until the reset/).waitFor();
  }));

test("a gateway that wants to be paired names the command", () =>
  onWorld({ hash: "#/gateways/office-id" }, async ({ page }) => {
    await page.getByText("openclaw devices approve 7c1e", { exact: true }).waitFor();
    await page.getByRole("link", { name: /nas.*unreachable/ }).click();
    await page.getByText("This is not zero: nothing is known.").waitFor();
  }));

test("a gateway is added in Settings, its token written and never shown", () =>
  onWorld({ hash: "#/settings/gateways" }, async ({ page, server }) => {
    await page.getByRole("button", { name: "Add a gateway" }).click();
    const form = page.getByRole("form", { name: "New gateway" });
    await form.getByLabel("Name").fill("attic");
    await form.getByLabel("Address").fill("ws://attic:18789");
    await form.getByLabel("Token", { exact: true }).fill("s3cret");
    const sent = page.waitForRequest((r) => r.method() === "POST");
    await form.getByRole("button", { name: "Save" }).click();
    assert.deepEqual((await sent).postDataJSON(),
      { name: "attic", url: "ws://attic:18789", token: "s3cret", enabled: true });
    await page.getByRole("link", { name: "ws://attic:18789" }).waitFor();
    assert.equal(server.world.gateways.length, 4);
    assert.doesNotMatch(await page.content(), /s3cret/);
  }));

/* ---- explore ---- */

test("a row of a table is a filter, filters combine, and each can be taken away", () =>
  onWorld({ hash: "#/explore?by=project" }, async ({ page }) => {
    await page.getByRole("link", { name: "tacho", exact: true }).last().click();
    await page.locator(".chip", { hasText: "Project" }).getByText("/w/tacho").waitFor();
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByLabel("Filter by").selectOption("model");
    await page.getByLabel("Value").fill("gpt-*");
    await page.keyboard.press("Enter");
    await page.locator(".chip", { hasText: "Model" }).waitFor();
    const { searchParams } = new URL(page.url().replace("#/explore", ""));
    assert.deepEqual(Object.fromEntries(searchParams),
      { project: "/w/tacho", by: "session", model: "gpt-*" });
    await page.getByRole("link", { name: "Remove filter: project" }).click();
    await page.locator(".chip", { hasText: "Project" }).waitFor({ state: "detached" });
    await page.locator(".chip", { hasText: "Model" }).waitFor();
  }));

test("a session opens, and says how much of it came from the cache", () =>
  onWorld({ hash: "#/explore?by=session" }, async ({ page }) => {
    const row = page.locator("main table").getByRole("link").first();
    const id = await row.innerText();
    await row.click();
    await page.getByRole("heading", { name: `Session ${id}` }).waitFor();
    await page.locator(".session-stats").getByText(/from the cache$/).waitFor();
    await page.locator(".session-stats").getByText(/^\d+ turns$/).waitFor();
    await page.getByRole("link", { name: "Close the session" }).click();
    await page.getByRole("heading", { name: `Session ${id}` }).waitFor({ state: "detached" });
  }));

test("cost is measured in money", () => onWorld({ hash: "#/explore" }, async ({ page }) => {
  await page.getByRole("link", { name: "Cost", exact: true }).click();
  await page.getByRole("heading", { name: /^\$\d+\.\d\d\+ in 30 days/ }).waitFor();
  const chart = page.getByRole("slider", { name: "Cost over time" });
  assert.match(await chart.getAttribute("aria-valuetext"), /: (\$\d|Nothing)/);
}));

test("numbers are carried away as CSV, JSON and a picture", () =>
  onWorld({ hash: "#/explore", permissions: ["clipboard-read", "clipboard-write"] },
    async ({ page }) => {
      const menu = page.locator("summary[aria-label='Copy By Model']");
      const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
      await menu.click();
      await page.getByRole("button", { name: "Copy as CSV" }).click();
      await eventually("CSV", async () => /^Model,Tokens,Input/.test(await clipboard()));
      await menu.click();
      await page.getByRole("button", { name: "Copy as JSON" }).click();
      await eventually("JSON", async () => (await clipboard()).startsWith("["));
      const rows = JSON.parse(await clipboard());
      assert.equal(rows[0].Model, "claude-opus-4-5");
      assert.ok(Number.isInteger(rows[0].Tokens));

      await page.locator("section", { has: page.locator("#time") }).locator("summary").click();
      await page.getByRole("button", { name: "Copy as image" }).click();
      await eventually("a picture", () => page.evaluate(async () =>
        (await navigator.clipboard.read())[0].types.includes("image/png")));
    }));

/* ---- settings ---- */

test("a setting is saved as it is changed, and a refusal is told", () =>
  onWorld({ hash: "#/settings" }, async ({ page, server }) => {
    const field = page.getByLabel("First threshold");
    await field.fill("60");
    await field.press("Tab");
    await eventually("it is saved", () => server.world.settings.thresholds[0] === 60);
    await page.getByText("14 lines", { exact: true }).waitFor();
    await page.getByRole("row", { name: /mistral-small.*unpriced/ }).waitFor();
    await page.getByText("tacho reprice").waitFor();
  }));
