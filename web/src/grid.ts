// grid.ts: the numbers behind a chart or in a table, and what they look like when carried away.
//
// Pure. A cell is a text, a number as exact as it is known, or nothing.
// SPDX-License-Identifier: MIT

export type Cell = string | number | null;

export interface Grid {
  head: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** RFC 4180. A text that a spreadsheet would take for a formula is kept a text. */
export function csvOf({ head, rows }: Grid): string {
  const field = (cell: Cell): string => {
    if (cell === null || typeof cell === "number")
      return String(cell ?? "");
    const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [head, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** A list of objects, keyed as the columns are headed. */
export function jsonOf({ head, rows }: Grid): string {
  const objects = rows.map((row) =>
    Object.fromEntries(head.map((name, i) => [name, row[i] ?? null])));
  return `${JSON.stringify(objects, null, 2)}\n`;
}
