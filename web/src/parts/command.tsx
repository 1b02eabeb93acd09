// parts/command.tsx: a command to be typed elsewhere, and a button that copies it.
// SPDX-License-Identifier: MIT

import { useState } from "preact/hooks";
import { Icon } from "./icon";

export function Command({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  // only pages on this machine or under TLS are given a clipboard
  const clipboard = navigator.clipboard as Clipboard | undefined;

  async function copy(): Promise<void> {
    await clipboard?.writeText(text);
    setCopied(true);
  }

  return (
    <p class="command">
      <code>{text}</code>
      {clipboard !== undefined && (
        <button
          class="icon-button" type="button" aria-label={copied ? "Copied" : "Copy command"}
          onClick={() => void copy()}
        >
          <Icon name={copied ? "check" : "copy"} />
        </button>
      )}
    </p>
  );
}
