// test.mjs: bundles test/*.test.ts and runs them with node's own test runner.
//
// Speaks TAP to a program and whatever node likes best to a person; `--test-reporter=…` decides.
// SPDX-License-Identifier: MIT

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const WEB = dirname(fileURLToPath(import.meta.url));
const out = mkdtempSync(join(tmpdir(), "tacho-web-test-"));
const names = readdirSync(join(WEB, "test")).filter((name) => name.endsWith(".test.ts")).sort();

await build({
  absWorkingDir: WEB,
  entryPoints: names.map((name) => `test/${name}`),
  outdir: out,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node18",
  sourcemap: "inline",
});
const files = names.map((name) => join(out, name.replace(/\.ts$/, ".mjs")));
const told = process.argv.slice(2);
const options = told.length === 0 && !process.stdout.isTTY ? ["--test-reporter=tap"] : told;
const run = spawnSync(process.execPath, ["--test", ...options, ...files], { stdio: "inherit" });
rmSync(out, { recursive: true });
process.exit(run.status ?? 1);
