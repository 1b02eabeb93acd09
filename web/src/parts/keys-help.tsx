// parts/keys-help.tsx: the list of keys that `?` opens, printed from the table that runs them.
// SPDX-License-Identifier: MIT

import { useEffect, useRef } from "preact/hooks";
import { helpShown, KEYS, PLACES } from "../state/keys";
import { Icon } from "./icon";

export function KeysHelp() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (helpShown.value)
      dialog.current?.showModal();
    else
      dialog.current?.close();
  }, [helpShown.value]);

  return (
    <dialog ref={dialog} aria-labelledby="keys-title" onClose={() => { helpShown.value = false; }}>
      <div class="card-head">
        <h2 id="keys-title">Keys</h2>
        <button
          class="icon-button end" type="button" aria-label="Close"
          onClick={() => { helpShown.value = false; }}
        >
          <Icon name="close" />
        </button>
      </div>
      <dl class="keys">
        {PLACES.map((p) => (
          <div key={p.view}><dt><kbd>g</kbd> <kbd>{p.key}</kbd></dt><dd>{p.title}</dd></div>
        ))}
        {KEYS.map((k) => <div key={k.key}><dt><kbd>{k.key}</kbd></dt><dd>{k.does}</dd></div>)}
        <div><dt><kbd>←</kbd> <kbd>→</kbd></dt><dd>Walk the columns of a chart</dd></div>
        <div><dt><kbd>Esc</kbd></dt><dd>Close what is open</dd></div>
      </dl>
    </dialog>
  );
}
