// fold.test.mjs: folders of one repository are one project, for good.
//
// SPDX-License-Identifier: MIT

import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Home, response } from "./lib/home.mjs";
import { startDaemon, tacho } from "./lib/programs.mjs";

const INPUT = 4; // what response() spends on input

let home, work;
const at = (...parts) => join(work, ...parts);

function spend(folder, output) {
  const line = JSON.parse(response({ output, session: folder }));
  home.append(`p/${output}.jsonl`, JSON.stringify({ ...line, cwd: folder }));
}

function settings(value) {
  const folder = join(home.path, ".config/tacho");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "config.json"), JSON.stringify(value));
}

before(() => {
  home = new Home();
  work = join(home.path, "work");
  mkdirSync(at("shop/.git/worktrees/fix"), { recursive: true });
  mkdirSync(at("shop/src"), { recursive: true });
  mkdirSync(at("fix"), { recursive: true });
  mkdirSync(at("notes"), { recursive: true });
  writeFileSync(at("fix/.git"), `gitdir: ${at("shop/.git/worktrees/fix")}\n`);
  spend(at("shop"), 10);
  spend(at("shop/src"), 20);
  spend(at("fix"), 40);
  spend(at("notes"), 80);
});
after(() => home.remove());

async function projects(...words) {
  const { code, out, err } = await tacho(home, "projects", "--json", ...words);
  assert.equal(code, 0, err);
  return Object.fromEntries(JSON.parse(out).projects.map((row) => [row.name, row.outputTokens]));
}

test("sub-folders and worktrees count for their repository", async () => {
  assert.deepEqual(await projects(), { [at("notes")]: 80, [at("shop")]: 70 });
});

test("on request every folder stands for itself", async () => {
  const each = {
    [at("notes")]: 80, [at("fix")]: 40, [at("shop/src")]: 20, [at("shop")]: 10,
  };
  assert.deepEqual(await projects("--no-fold"), each);
  settings({ fold_projects: false });
  assert.deepEqual(await projects(), each);
  settings({ fold_projects: true });
  assert.deepEqual(await projects(), { [at("notes")]: 80, [at("shop")]: 70 });
});

test("what is asked for by the repository's name has all of it", async () => {
  assert.deepEqual(await projects("--project", "shop"), { [at("shop")]: 70 });
  assert.deepEqual(await projects("--project", "fix"), { [at("shop")]: 40 });
});

test("a session is told with its repository", async () => {
  const { out } = await tacho(home, "session", "--json");
  const folders = JSON.parse(out).session.map((row) => row.metadata.projectPath).sort();
  assert.deepEqual(folders, [at("notes"), at("shop"), at("shop"), at("shop")]);
});

test("each project has its own report", async () => {
  const { out } = await tacho(home, "daily", "--instances", "--json");
  const parts = JSON.parse(out).projects;
  assert.deepEqual(Object.keys(parts).sort(), [at("notes"), at("shop")]);
  assert.equal(parts[at("shop")][0].outputTokens, 70);
});

test("a folder that was given a name goes by it", async () => {
  settings({ project_names: { [at("shop")]: "the shop", [at("notes")]: "the shop" } });
  assert.deepEqual(await projects(), { "the shop": 150 });
  settings({ project_names: { [at("fix")]: "repairs" } });
  assert.deepEqual(await projects(), { [at("notes")]: 80, repairs: 40, [at("shop")]: 30 });
  settings({ project_names: { [at("fix")]: 3 } });
  const { code, err } = await tacho(home, "projects");
  assert.equal(code, 2);
  assert.match(err, /project_names: this is no object of folders and names such as/);
  settings({});
});

test("the page tells the same", async () => {
  const daemon = await startDaemon(home);
  try {
    await daemon.holds(150 + 4 * INPUT);
    const report = await daemon.get("/api/v1/report?by=project");
    assert.deepEqual(report.rows?.map((row) => row.key ?? row.name) ??
      report.projects.map((row) => row.name), [at("notes"), at("shop")]);
  } finally {
    await daemon.stop();
  }
});

test("it stays so when the folders are gone", async () => {
  rmSync(work, { recursive: true });
  spend(at("shop/src"), 160);
  assert.deepEqual(await projects(), { [at("shop")]: 230, [at("notes")]: 80 });
});
