// parts/states.tsx: what a view shows while it has nothing to show: bones, trouble, emptiness.
// SPDX-License-Identifier: MIT

import type { ComponentChildren } from "preact";
import { type Doc, isMissing } from "../state/documents";
import { Icon } from "./icon";

/** The shape of a list while nothing is known. Shows itself only after 150 ms. */
export function CardBones({ rows = 5, cards = 0 }: { rows?: number; cards?: number }) {
  const some = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  return (
    <div class="bones stack" role="status" aria-busy="true" aria-label="Loading">
      {cards > 0 && (
        <div class="accounts">
          {some(cards).map((i) => (
            <div class="card" key={i}><span class="bone" /><span class="bone tall" /><span class="bone" /></div>
          ))}
        </div>
      )}
      <div class="card">
        {some(rows).map((i) => <span class="bone row" key={i} />)}
      </div>
    </div>
  );
}

interface VoidProps {
  title: string;
  children: ComponentChildren;
  alert?: boolean;
}

export function Void({ title, children, alert = false }: VoidProps) {
  return (
    <section class="void" role={alert ? "alert" : undefined} aria-label={title}>
      {!alert && (
        <svg viewBox="0 0 40 40" aria-hidden="true">
          <path d="M9 31a15 15 0 1 1 22 0" /><path d="M20 21L9.6 24.4" />
        </svg>
      )}
      <h2>{title}</h2>
      {children}
    </section>
  );
}

interface TroubleProps {
  title: string;
  message: string;
  onRetry: () => void;
}

export function Trouble({ title, message, onRetry }: TroubleProps) {
  return (
    <div class="card">
      <Void title={title} alert>
        <p>{message}</p>
        <button class="button" type="button" onClick={onRetry}>Try again</button>
      </Void>
    </div>
  );
}

/** The last refresh failed, the figures are older than they seem. */
export function StaleNote({ doc, onRetry }: { doc: Doc<unknown>; onRetry: () => void }) {
  if (doc.error === null || doc.data === null || doc.error.status === 0)
    return null; // a lost connection says so itself
  return (
    <p class="note" role="status">
      <Icon name="warn" />
      <span><b>The last refresh failed.</b> {doc.error.message}{" "}
        <button class="link" type="button" onClick={onRetry}>Try again</button>
      </span>
    </p>
  );
}

interface ReadyProps<T> {
  doc: Doc<T>;
  /** what could not be fetched, as the title of a card */
  what: string;
  /** said calmly where the daemon has no such thing */
  missing: string;
  bones: ComponentChildren;
  onRetry: () => void;
  children: (data: T) => ComponentChildren;
}

/** Loading, missing, in trouble, or there. */
export function Ready<T>({ doc, what, missing, bones, onRetry, children }: ReadyProps<T>) {
  if (isMissing(doc))
    return <div class="card"><Void title="Not here yet"><p>{missing}</p></Void></div>;
  if (doc.data === null)
    return doc.error === null
      ? <>{bones}</>
      : <Trouble title={what} message={doc.error.message} onRetry={onRetry} />;
  return <><StaleNote doc={doc} onRetry={onRetry} />{children(doc.data)}</>;
}
