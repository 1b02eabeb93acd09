// e2e/lib/ledger.mjs: is the file that a killed program left behind a sound database?
//
// Looks at a copy, so that it is tacho itself that has to recover the original.
// SPDX-License-Identifier: MIT

import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const hasSqlite = spawnSync("sqlite3", ["--version"]).status === 0;

/** What SQLite says of the ledger: "ok", or what is wrong. "ok" too while there is none. */
export function soundness(db, pragma = "quick_check") {
  if (!existsSync(db))
    return "ok";
  const folder = mkdtempSync(join(tmpdir(), "tacho-look-"));
  try {
    const copy = join(folder, "ledger.db");
    for (const ending of ["", "-wal", "-journal"])
      if (existsSync(db + ending))
        copyFileSync(db + ending, copy + ending);
    return execFileSync("sqlite3", [copy, `PRAGMA ${pragma}`], { encoding: "utf8" }).trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
