// app.tsx: the shell around every view: side bar, rail or tabs, whichever the width allows.
//
// Knows the table of views and nothing of what they show.
// SPDX-License-Identifier: MIT

import { useEffect } from "preact/hooks";
import { ConnectionState } from "./parts/connection";
import { Icon, Mark } from "./parts/icon";
import { KeysHelp } from "./parts/keys-help";
import { ThemeSwitch } from "./parts/theme-switch";
import { DEFAULT_VIEW, hrefOf, route } from "./state/route";
import { VIEWS, viewOf } from "./views/table";
import { DEFAULT_WINDOW } from "./window";

function Brand() {
  const home = hrefOf({ view: DEFAULT_VIEW, window: DEFAULT_WINDOW, cost: null });
  return <a class="brand" href={home} aria-label="tacho"><Mark /><span>tacho</span></a>;
}

function Links() {
  const shown = viewOf(route.value.view);
  return (
    <>
      {VIEWS.map((view) => (
        <a
          key={view.id} href={hrefOf({ ...route.value, view: view.id })} title={view.title}
          aria-current={view === shown ? "page" : undefined}
        >
          <Icon name={view.icon} /><span>{view.title}</span>
        </a>
      ))}
    </>
  );
}

/** The address belongs to the views, so the skip link moves the focus itself. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

export function App() {
  const view = viewOf(route.value.view);
  useEffect(() => { document.title = `${view.title} · tacho`; }, [view]);
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>To the figures</a>
      <div class="app">
        <aside class="side" aria-label="tacho">
          <Brand />
          <nav class="nav" aria-label="Views"><Links /></nav>
          <div class="side-foot"><ConnectionState /><ThemeSwitch /></div>
        </aside>
        <header class="top">
          <Brand />
          <div class="end"><ConnectionState /><ThemeSwitch /></div>
        </header>
        <main class="main" id="main" tabIndex={-1}>
          <div class="page"><view.Component /></div>
        </main>
        <nav class="tabs" aria-label="Views"><Links /></nav>
      </div>
      <KeysHelp />
    </>
  );
}
