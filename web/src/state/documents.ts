// state/documents.ts: documents of the daemon, kept under the address that was asked.
//
// A view says what it wants to read and which news make that old; the document is shown at once if
// it was read before, and fetched anew. An answer that was overtaken by the answer to a later
// question is dropped. After a failure the last good answer stays, beside what went wrong.
// SPDX-License-Identifier: MIT

import { type Signal, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ApiError, getJson } from "../api/http";

export interface Doc<T> {
  data: T | null;
  error: ApiError | null;
}

export const TOPICS = ["ledger", "limits", "runs", "gateways", "settings"] as const;
export type Topic = (typeof TOPICS)[number];

const news = Object.fromEntries(TOPICS.map((t) => [t, signal(0)])) as Record<Topic, Signal<number>>;

/** What was read about this is old now. */
export function bump(topic: Topic): void {
  news[topic].value += 1;
}

interface Shelf {
  doc: Signal<Doc<unknown>>;
  asked: number;
  answered: number;
}

const MOST = 40;
const NOTHING: Doc<never> = { data: null, error: null };
const shelves = new Map<string, Shelf>(); // the last used stands last

function shelfOf(path: string): Shelf {
  const shelf = shelves.get(path) ?? { doc: signal<Doc<unknown>>(NOTHING), asked: 0, answered: 0 };
  shelves.delete(path);
  shelves.set(path, shelf);
  for (const oldest of shelves.keys()) {
    if (shelves.size <= MOST)
      break;
    shelves.delete(oldest);
  }
  return shelf;
}

export async function load(path: string): Promise<void> {
  const shelf = shelfOf(path);
  const mine = ++shelf.asked;
  let doc: Doc<unknown>;
  try {
    doc = { data: await getJson(path), error: null };
  } catch (error) {
    if (!(error instanceof ApiError))
      throw error;
    const isKept = error.status === 0 || error.status >= 500;
    doc = { data: isKept ? shelf.doc.peek().data : null, error };
  }
  if (mine < shelf.answered)
    return;
  shelf.answered = mine;
  shelf.doc.value = doc;
}

/** What a view reads while it is shown. No path: nothing is asked. */
export function useDocument<T>(path: string | null, topic: Topic): Doc<T> {
  const at = news[topic].value;
  useEffect(() => {
    if (path !== null)
      void load(path);
  }, [path, at]);
  return path === null ? NOTHING : (shelfOf(path).doc.value as Doc<T>);
}

/** What the page knows of a document, without asking. */
export function known<T>(path: string): Doc<T> {
  return shelfOf(path).doc.value as Doc<T>;
}

/** Not an error of anybody: this daemon has no such thing. */
export function isMissing(doc: Doc<unknown>): boolean {
  return doc.error?.status === 404 || doc.error?.status === 501;
}
