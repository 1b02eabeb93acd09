// state/memory.ts: what this browser remembers. Without storage it lasts as long as the page.
// SPDX-License-Identifier: MIT

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // storage is switched off
  }
}

export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
