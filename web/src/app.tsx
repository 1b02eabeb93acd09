// app.tsx: the shell around every view: side bar, rail or tabs, whichever the width allows.
//
// Knows the table of views and nothing of what they show.
// SPDX-License-Identifier: MIT

import { useEffect } from "preact/hooks";
import { Banners } from "./parts/banners";
import { ConnectionState, isLost } from "./parts/connection";
import { Icon, Mark } from "./parts/icon";
import { KeysHelp } from "./parts/keys-help";
import { Nearest } from "./parts/nearest";
import { ThemeSwitch } from "./parts/theme-switch";
import { PLACES } from "./state/keys";
import { DEFAULT_VIEW, route, viewHref } from "./state/route";
import { VIEWS, viewOf } from "./views/table";

function Brand() {
  return (
    <a class="brand" href={viewHref(DEFAULT_VIEW)} aria-label="tacho">
      <Mark /><span>tacho</span>
    </a>
  );
}

function Links({ keys }: { keys: boolean }) {
  const shown = viewOf(route.value.view);
  return (
    <>
      {VIEWS.map((view) => (
        <a
          key={view.id} href={viewHref(view.id)} title={view.title}
          aria-current={view === shown ? "page" : undefined}
        >
          <Icon name={view.icon} /><span>{view.title}</span>
          {keys && <kbd aria-hidden="true">g {PLACES.find((p) => p.view === view.id)?.key}</kbd>}
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
  useEffect(() => {
    document.title = `${view.title} · tacho`;
    scrollTo(0, 0);
  }, [view]);
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>To the figures</a>
      <div class="app">
        <aside class="side" aria-label="tacho">
          <Brand />
          <nav class="nav" aria-label="Views"><Links keys /></nav>
          <Nearest />
          <div class="side-foot"><ConnectionState /><ThemeSwitch /></div>
        </aside>
        <header class="top">
          <Brand />
          <div class="end"><ConnectionState /><ThemeSwitch /></div>
        </header>
        <main class={isLost() ? "main lost" : "main"} id="main" tabIndex={-1}>
          <div class="page"><Banners /><view.Component key={view.id} /></div>
        </main>
        <nav class="tabs" aria-label="Views"><Links keys={false} /></nav>
      </div>
      <KeysHelp />
    </>
  );
}
