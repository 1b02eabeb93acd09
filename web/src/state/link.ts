// state/link.ts: a socket that lives as long as the part of the page that listens to it.
// SPDX-License-Identifier: MIT

import { useEffect } from "preact/hooks";
import { browserWorld, openLink, socketUrl } from "../api/socket";

/** No path: no socket, as long as nobody knows that there is one. */
export function useLink(path: string | null, onText: (text: string) => void): void {
  useEffect(() => {
    if (path === null)
      return;
    const link = openLink(browserWorld(socketUrl(path, document.baseURI)), onText, () => {});
    return () => link.close();
  }, [path]);
}
