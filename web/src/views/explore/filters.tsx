// views/explore/filters.tsx: the span and the filters, each of them a word of the address.
// SPDX-License-Identifier: MIT

import { useState } from "preact/hooks";
import { FILTERS, type FilterName, globOf, nameOfGlob, SPANS, spanOf, USUAL_SPAN } from "../../explore";
import { Icon } from "../../parts/icon";
import { today } from "../../state/clock";
import { go, hrefOf, route, withWords, word } from "../../state/route";

const TITLES: Record<FilterName, string> = {
  agent: "Agent", model: "Model", project: "Project", machine: "Machine",
};
const CUSTOM = "custom";

export function Filters() {
  const { since, until } = route.value.query;
  const isCustom = since !== undefined || until !== undefined;
  const span = isCustom ? CUSTOM : SPANS.find((s) => s.id === word("span"))?.id ?? USUAL_SPAN;
  return (
    <div class="filters" role="group" aria-label="Span and filters">
      <span class="select">
        <select
          aria-label="Span" value={span}
          onChange={(event) => chooseSpan(event.currentTarget.value)}
        >
          {SPANS.map((s) => <option key={s.id} value={s.id}>{s.label}</option>)}
          <option value={CUSTOM}>From … to …</option>
        </select>
        <Icon name="chevron" />
      </span>
      {isCustom && <Days />}
      <span class="divider" />
      {FILTERS.map((name) => <Chip key={name} name={name} />)}
      <AddFilter />
    </div>
  );
}

function chooseSpan(id: string): void {
  const shown = spanOf(route.value.query, today.value);
  if (id === CUSTOM)
    go(withWords({ since: shown.since ?? today.value, until: shown.until ?? today.value }));
  else
    go(withWords({ span: id === USUAL_SPAN ? null : id, since: null, until: null }));
}

function Days() {
  return (
    <>
      {(["since", "until"] as const).map((name) => (
        <input
          key={name} class="input" type="date" aria-label={name === "since" ? "From" : "To"}
          value={word(name) ?? ""} max={today.value}
          onChange={(event) => go(withWords({ [name]: event.currentTarget.value || null }))}
        />
      ))}
    </>
  );
}

function Chip({ name }: { name: FilterName }) {
  const glob = word(name);
  if (glob === null)
    return null;
  return (
    <span class="chip">
      <span>{TITLES[name]}</span><b title={nameOfGlob(glob)}>{nameOfGlob(glob)}</b>
      <a href={hrefOf(withWords({ [name]: null }))} aria-label={`Remove filter: ${name}`}>
        <Icon name="close" />
      </a>
    </span>
  );
}

/** Wildcards are meant where somebody types them. */
function AddFilter() {
  const free = FILTERS.filter((name) => word(name) === null);
  const [open, setOpen] = useState(false);
  const [name, setName] = useState<FilterName | null>(null);
  const chosen = name !== null && free.includes(name) ? name : free[0];
  if (chosen === undefined)
    return null;
  if (!open)
    return (
      <button class="button quiet" type="button" onClick={() => setOpen(true)}>
        <Icon name="plus" />Filter
      </button>
    );
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        const text = new FormData(event.currentTarget).get("text");
        setOpen(false);
        if (typeof text === "string" && text !== "")
          go(withWords({ [chosen]: text }));
      }}
    >
      <span class="select">
        <select
          aria-label="Filter by" value={chosen}
          onChange={(event) => setName(event.currentTarget.value as FilterName)}
        >
          {free.map((f) => <option key={f} value={f}>{TITLES[f]}</option>)}
        </select>
        <Icon name="chevron" />
      </span>
      <input class="input" name="text" aria-label="Value" placeholder="name or *" required />
      <button class="button" type="submit">Add</button>
    </form>
  );
}

/** A row of a table as a filter. */
export function filterHref(name: FilterName, value: string): string {
  return hrefOf(withWords({ [name]: globOf(value), by: name === "project" ? "session" : "day" }));
}
