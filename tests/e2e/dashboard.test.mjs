// dashboard.test.mjs: the dashboard in a browser, as someone who leaves it open would see it.
//
// With TACHO_BIN_DIR over the real daemon, without over the stand-in.
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startServer } from "./dashboard-server.mjs";
import { eventually, launch, onServer, overflow, violations } from "./lib/page.mjs";

const DAY_MS = 86_400_000;
const HOSTILE = '<img src=x onerror="document.title=\'owned\'">';

const LOSS = /ERR_CONNECTION_|WebSocket connection to/; // the browser tells of it too
const midnightMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const justNowMs = Math.max(midnightMs, Date.now() - 30_000);

const use = (atMs, model, input) =>
  ({ atMs, model, input, output: 300, cacheRead: 9_000, cacheWrite: 700 });

const EVENTS = [
  use(justNowMs - 40 * DAY_MS, "claude-opus-4-5", 40_000),
  use(justNowMs - DAY_MS, "claude-opus-4-5", 20_000),
  use(justNowMs, "claude-opus-4-5", 2_000),
  use(justNowMs, HOSTILE, 1_000),
];

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** Runs `look({ page, server })` on a page of its own over a server of its own. */
async function onPage({ events = EVENTS, threshold = null, ...options }, look) {
  await onServer(browser, await startServer(events, { threshold }), options, look);
}

const totalOf = (events) =>
  events.reduce((n, e) => n + e.input + e.output + e.cacheRead + e.cacheWrite, 0);

function inWindow(id, events) {
  const monday = midnightMs - ((new Date(midnightMs).getUTCDay() + 6) % 7) * DAY_MS;
  const since = { day: midnightMs, week: monday, all: 0 }[id];
  return events.filter((e) => e.atMs >= since);
}

const exact = (n) => n.toLocaleString("en-US");

/** Waits until the large figure is exactly the sum of these events. */
async function heroIs(page, events) {
  await page.locator(`.hero-figure[title="${exact(totalOf(events))} tokens"]`).waitFor();
}

/** Is something drawn in the colour that a token has in the theme of the moment? */
function chartShows(page, token) {
  return page.evaluate((name) => {
    const probe = document.createElement("i");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const want = getComputedStyle(probe).color;
    probe.remove();
    return [...document.querySelectorAll(".chart .plot path")]
      .some((path) => getComputedStyle(path).fill === want && path.getBBox().height > 0);
  }, token);
}

test("the figures of the week stand there, exact on hover", () => onPage({}, async ({ page }) => {
  const week = inWindow("week", EVENTS);
  await heroIs(page, week);
  const input = week.reduce((n, e) => n + e.input, 0);
  await page.locator(`.hero-sentence [title="${exact(input)}"]`).waitFor();
  await page.getByText("Live", { exact: true }).first().waitFor();
  await page.locator(".card", { hasText: "By model" }).getByText("claude-opus-4-5").waitFor();
  await page.locator(".card", { hasText: "By agent" }).getByText("claude-opus-4-5").waitFor();
  for (const kind of ["--d-cache-read", "--d-cache-write", "--d-input"])
    await eventually(`${kind} is drawn`, () => chartShows(page, kind));
}));

test("without a threshold there is no dial", () => onPage({}, async ({ page }) => {
  await heroIs(page, inWindow("week", EVENTS));
  assert.equal(await page.locator(".dial").count(), 0);
  await page.getByRole("link", { name: "Set a threshold" }).waitFor();
}));

for (const [used, percent, state] of [
  [4_999, "49.9%", "green"], [5_000, "50%", "yellow"], [8_000, "80%", "orange"],
  [9_500, "95%", "orange"], [9_501, "95%", "red"],
]) {
  test(`${used} of 10000 tokens are ${state}`, () => {
    const event = { atMs: justNowMs, model: "m", input: used, output: 0, cacheRead: 0, cacheWrite: 0 };
    return onPage({ events: [event], threshold: 10_000 }, async ({ page }) => {
      const dial = page.getByRole("img", { name: `${percent} of 10K tokens: ${state}` });
      await dial.waitFor();
      const colour = await dial.locator(".dial-arc").evaluate((arc) => getComputedStyle(arc).stroke);
      assert.equal(colour, await page.evaluate((token) => {
        const probe = document.body.appendChild(document.createElement("i"));
        probe.style.color = `var(--${token}-fill)`;
        return getComputedStyle(probe).color;
      }, state === "yellow" ? "amber" : state));
    });
  });
}

test("a model's name is text, whatever it says", () => onPage({}, async ({ page }) => {
  await page.getByText(HOSTILE, { exact: true }).first().waitFor();
  assert.equal(await page.locator("main img").count(), 0);
  assert.equal(await page.title(), "Usage · tacho");
}));

test("usage that is appended grows on the page without a reload", () =>
  onPage({}, async ({ page, server }) => {
    await heroIs(page, inWindow("week", EVENTS));
    await page.evaluate(() => { globalThis.sameLife = true; });
    const more = use(justNowMs, "claude-new-model", 5_000);
    server.appendUsage(more);
    await heroIs(page, inWindow("week", [...EVENTS, more]));
    await page.getByText("claude-new-model", { exact: true }).first().waitFor();
    assert.ok(await page.evaluate(() => globalThis.sameLife));
  }));

test("the cost is the one that was chosen, and stays in the address", () =>
  onPage({ events: [...EVENTS.slice(2), { ...use(justNowMs, "claude-opus-4-5", 1_000), logged: 7 }] },
    async ({ page, server }) => {
      const figure = page.locator(".stats > div").first();
      const inTable = (model) => page.locator("section", { hasText: "By model" })
        .locator("tr", { hasText: model }).locator("td").last();
      const sums = {
        "List cost": [/^\$0\.\d\d\+$/, /^\$0\.\d\d$/, "—"],
        "Logged cost": [/^\$7\.00\+$/, /^\$7\.00\+$/, "—"],
        "Cost": [/^\$7\.\d\d\+$/, /^\$7\.\d\d$/, "—"],
      };
      const labels = { "Logged cost": "Logged", "Cost": "Auto", "List cost": "List" };
      const choose = (label) =>
        page.getByRole("navigation", { name: "Cost" }).getByRole("link", { name: label }).click();

      async function shows(name) {
        const [sum, known, unknown] = sums[name];
        await figure.locator("dt", { hasText: new RegExp(`^${name}$`) }).waitFor();
        await figure.locator("dd").first().filter({ hasText: sum }).waitFor();
        await inTable("claude-opus-4-5").filter({ hasText: known }).waitFor();
        await inTable(HOSTILE).filter({ hasText: unknown }).waitFor();
      }

      await shows("List cost");
      await page.locator(".card-foot", { hasText: "have no price" })
        .filter({ hasText: "in the configuration" }).waitFor();
      for (const [name, label] of Object.entries(labels)) {
        await choose(label);
        await shows(name);
        assert.equal(new URL(page.url()).hash, `#/usage?cost=${label.toLowerCase()}`);
      }
      await page.goto(`${server.url}#/usage?cost=logged`);
      await page.reload();
      await shows("Logged cost");
      await page.keyboard.press("c");
      await shows("Cost");
    }));

test("a plan is held against the list cost of the month", () =>
  onPage({ events: EVENTS.slice(2) }, async ({ page }) => {
    await page.getByText(/^Claude Code this month: API value \$0\.\d\d\+ on a \$100 plan\.$/)
      .waitFor();
  }));

test("a lost daemon greys the figures, and its return brings them back to life", () =>
  onPage({ expects: LOSS }, async ({ page, server }) => {
    await heroIs(page, inWindow("week", EVENTS));
    await server.stop();
    await page.getByText(/^Offline since \d\d:\d\d$/).first().waitFor();
    await page.locator(".stale .hero-figure").waitFor();
    await page.getByText(/^Connection lost at/).waitFor();
    await heroIs(page, inWindow("week", EVENTS));

    const more = use(justNowMs, "claude-opus-4-5", 7_000);
    server.appendUsage(more);
    await server.start();
    await heroIs(page, inWindow("week", [...EVENTS, more]));
    await page.getByText("Live", { exact: true }).first().waitFor();
    assert.equal(await page.locator(".stale").count(), 0);
  }));

test("a window is part of the address, and Back undoes it", () => onPage({}, async ({ page }) => {
  await heroIs(page, inWindow("week", EVENTS));
  await page.getByRole("link", { name: "All", exact: true }).click();
  await heroIs(page, inWindow("all", EVENTS));
  assert.equal(new URL(page.url()).hash, "#/usage?window=all");
  await page.goBack();
  await heroIs(page, inWindow("week", EVENTS));
}));

test("a link to a window opens that window", () =>
  onPage({ hash: "#/usage?window=day" }, async ({ page }) => {
    await heroIs(page, inWindow("day", EVENTS));
    await page.locator('[aria-label="Window"] [aria-current]', { hasText: "Day" }).waitFor();
  }));

test("single keys choose the window, swap chart and table, and list themselves", () =>
  onPage({}, async ({ page }) => {
    await heroIs(page, inWindow("week", EVENTS));
    for (const [key, id] of [["1", "day"], ["3", "all"], ["2", "week"]]) {
      await page.keyboard.press(key);
      await heroIs(page, inWindow(id, EVENTS));
      assert.equal(new URL(page.url()).hash, id === "week" ? "#/usage" : `#/usage?window=${id}`);
    }
    await page.keyboard.press("t");
    await page.getByRole("region", { name: "By day, as a table" }).getByRole("table").waitFor();
    await page.keyboard.press("t");
    await page.getByRole("slider").waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "hidden" });
  }));

test("Tab reaches the figures, and the arrow keys walk the columns", () =>
  onPage({ hash: "#/usage?window=day" }, async ({ page }) => {
    await heroIs(page, inWindow("day", EVENTS));
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");

    const chart = page.getByRole("slider");
    const column = () => chart.getAttribute("aria-valuetext");
    await chart.focus();
    await page.keyboard.press("ArrowLeft");
    const todays = await column();
    await page.locator(".tip", { hasText: todays.split(":")[0] }).waitFor();
    await page.keyboard.press("ArrowLeft");
    assert.notEqual(await column(), todays);
    assert.match(await column(), /Nothing$|tokens$/);
    await page.keyboard.press("ArrowRight");
    assert.equal(await column(), todays);
    await page.keyboard.press("Escape");
    await page.locator(".tip").waitFor({ state: "detached" });
  }));

test("a kind that is hidden leaves the chart, and comes back", () =>
  onPage({}, async ({ page }) => {
    await heroIs(page, inWindow("week", EVENTS));
    const button = page.getByRole("button", { name: /^Cache read/ });
    await button.click();
    assert.equal(await button.getAttribute("aria-pressed"), "false");
    await eventually("hidden", async () => !(await chartShows(page, "--d-cache-read")));
    await button.click();
    await eventually("shown", () => chartShows(page, "--d-cache-read"));
  }));

test("the theme follows the switch, the chart too, and is remembered", () =>
  onPage({}, async ({ page }) => {
    await heroIs(page, inWindow("week", EVENTS));
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.getByRole("button", { name: "Dark" }).first().click();
    assert.notEqual(await ground(), light);
    await eventually("dark chart", () => chartShows(page, "--d-cache-read"));
    await page.reload();
    await heroIs(page, inWindow("week", EVENTS));
    assert.notEqual(await ground(), light);
    await page.getByRole("button", { name: "As the system" }).first().click();
    assert.equal(await ground(), light);
  }));

test("an empty ledger says where it looked, and wakes up with the first event", () =>
  onPage({ events: [] }, async ({ page, server }) => {
    await page.getByRole("heading", { name: "No logs found" }).waitFor();
    await page.getByText(".claude/projects").first().waitFor();
    await page.getByText("./start --demo").waitFor();
    assert.deepEqual(await violations(page), []);
    const first = use(justNowMs, "claude-opus-4-5", 5_000);
    server.appendUsage(first);
    await heroIs(page, [first]);
  }));

for (const id of ["day", "week", "all"]) {
  test(`a phone shows ${id} without sideways scrolling`, () =>
    onPage({ hash: `#/usage?window=${id}`, viewport: { width: 390, height: 844 }, hasTouch: true },
      async ({ page }) => {
        await heroIs(page, inWindow(id, EVENTS));
        assert.equal(await overflow(page), 0);
        await page.getByRole("button", { name: "Show as table" }).click();
        assert.equal(await overflow(page), 0);
        assert.deepEqual(await violations(page), []);
      }));
}

for (const colorScheme of ["light", "dark"]) {
  test(`nothing stands in the way of anyone, in the ${colorScheme}`, () =>
    onPage({ colorScheme }, async ({ page }) => {
      await heroIs(page, inWindow("week", EVENTS));
      await page.getByRole("slider").focus();
      await page.keyboard.press("ArrowLeft");
      assert.deepEqual(await violations(page), []);
      await page.keyboard.press("t");
      await page.keyboard.press("?");
      assert.deepEqual(await violations(page), []);
    }));
}
