// e2e/lib/database.mjs: another program that keeps a database open and writes to it.
//
// A sqlite3 process of one's own, fed statement by statement; `run` comes back when they were
// committed.
// SPDX-License-Identifier: MIT

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

import { within } from "./until.mjs";

export class Database {
  #heard = "";
  #asked = 0;

  constructor(path) {
    mkdirSync(dirname(path), { recursive: true });
    this.child = spawn("sqlite3", ["-batch", "-bail", path], { stdio: ["pipe", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.setEncoding("utf8").on("data", (text) => {
        this.#heard += text;
        this.child.emit("heard");
      });
    this.ended = once(this.child, "close");
  }

  /** Runs statements. Each has to end with its semicolon. */
  async run(...statements) {
    const mark = `done ${++this.#asked}`;
    this.child.stdin.write(`${statements.join("\n")}\n.print ${mark}\n`);
    const told = async () => {
      while (!this.#heard.includes(mark)) {
        if (this.child.exitCode !== null)
          throw new Error(`sqlite3 has ended: ${this.#heard}`);
        await Promise.race([once(this.child, "heard"), this.ended]);
      }
    };
    await within("sqlite3", told());
  }

  async close() {
    this.child.stdin.end();
    await within("sqlite3 to end", this.ended);
  }

  /** Ends it as a crash would. */
  async kill() {
    this.child.kill("SIGKILL");
    await this.ended;
  }
}

/** A value as SQL writes it. */
export function literal(value) {
  if (value === null || value === undefined)
    return "NULL";
  return typeof value === "number" ? `${value}` : `'${String(value).replaceAll("'", "''")}'`;
}

export function insert(table, ...values) {
  return `INSERT INTO ${table} VALUES (${values.map(literal).join(", ")});`;
}
