// parts/copy.tsx: a button that carries numbers away: as a picture, as CSV, as JSON.
//
// Into the clipboard where the browser lends one (this machine, or TLS), else as a file.
// SPDX-License-Identifier: MIT

import { useRef, useState } from "preact/hooks";
import { csvOf, type Grid, jsonOf } from "../grid";
import { Icon } from "./icon";
import { pictureOf } from "./picture";

interface CopyProps {
  title: string;
  grid: () => Grid;
  /** the box whose chart may be had as a picture */
  chart?: { current: HTMLElement | null };
}

const DONE_MS = 1600;

function fileName(title: string, ending: string): string {
  return `tacho-${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.${ending}`;
}

function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function give(blob: Blob, name: string, asText: string | null): Promise<string> {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    if (clipboard === undefined)
      throw new Error("no clipboard");
    if (asText !== null)
      await clipboard.writeText(asText);
    else
      await clipboard.write([new ClipboardItem({ [blob.type]: blob })]);
    return "Copied";
  } catch {
    download(blob, name);
    return "Saved";
  }
}

export function Copy({ title, grid, chart }: CopyProps) {
  const box = useRef<HTMLDetailsElement>(null);
  const [said, setSaid] = useState("");

  async function finish(work: Promise<string>): Promise<void> {
    setSaid(await work.catch(() => "Not copied"));
    box.current?.removeAttribute("open");
    box.current?.querySelector("summary")?.focus();
    setTimeout(() => setSaid(""), DONE_MS);
  }

  function text(body: string, type: string, ending: string): Promise<string> {
    return give(new Blob([body], { type }), fileName(title, ending), body);
  }

  async function picture(): Promise<string> {
    const blob = await pictureOf(chart?.current ?? document.body, title);
    return give(blob, fileName(title, "png"), null);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !box.current?.open)
      return;
    event.stopPropagation();
    box.current.open = false;
    box.current.querySelector("summary")?.focus();
  }

  function onFocusOut(event: FocusEvent): void {
    const to = event.relatedTarget;
    if (to instanceof Node && !box.current?.contains(to))
      box.current?.removeAttribute("open");
  }

  return (
    <details class="menu" ref={box} onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <summary class="icon-button" title={said || "Copy"} aria-label={`Copy ${title}`}>
        <Icon name={said === "" ? "copy" : "check"} />
      </summary>
      <div class="menu-body">
        {chart !== undefined && (
          <button type="button" onClick={() => void finish(picture())}>Copy as image</button>
        )}
        <button type="button" onClick={() => void finish(text(csvOf(grid()), "text/csv", "csv"))}>
          Copy as CSV
        </button>
        <button
          type="button"
          onClick={() => void finish(text(jsonOf(grid()), "application/json", "json"))}
        >
          Copy as JSON
        </button>
      </div>
      <span class="sr" role="status">{said}</span>
    </details>
  );
}
