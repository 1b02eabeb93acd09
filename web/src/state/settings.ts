// state/settings.ts: the daemon's settings, changed one key at a time, and leave to notify.
// SPDX-License-Identifier: MIT

import { signal } from "@preact/signals";
import { sendJson } from "../api/http";
import type { Settings } from "../api/types";
import { bump, known, load } from "./documents";

export const SETTINGS_PATH = "api/settings";

export function settings(): Settings | null {
  return known<Settings>(SETTINGS_PATH).data;
}

/** What the last change was answered, where it was refused. */
export const refusal = signal<string | null>(null);

export async function change(keys: Partial<Settings>): Promise<boolean> {
  try {
    await sendJson("PATCH", SETTINGS_PATH, keys);
    refusal.value = null;
  } catch (error) {
    refusal.value = (error as Error).message;
  }
  bump("settings");
  bump("ledger");
  await load(SETTINGS_PATH);
  return refusal.value === null;
}

/** "granted", "denied", "default"; null where this browser cannot notify. */
export const permission = signal<NotificationPermission | null>(
  typeof Notification === "undefined" ? null : Notification.permission);

export async function askPermission(): Promise<void> {
  if (permission.value !== null)
    permission.value = await Notification.requestPermission();
}

export function mayNotify(): boolean {
  const told = settings();
  return permission.value === "granted" && told !== null
    && told.notifications_enabled && told.usage_notifications_enabled;
}
