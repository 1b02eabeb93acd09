// api/http.ts: asks the daemon for a document, or to change something.
//
// Addresses are relative to the page, so that a prefix set by a proxy is kept. A 401 leads to the
// login page; every other refusal becomes an ApiError that carries the daemon's own sentence.
// SPDX-License-Identifier: MIT

export class ApiError extends Error {
  /** 0: no answer came at all */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Wish = string | number | null | undefined;

/** Keys without a value are left out. */
export function address(path: string, wishes: Record<string, Wish>): string {
  const query = Object.entries(wishes)
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`);
  return query.length > 0 ? `${path}?${query.join("&")}` : path;
}

export function getJson<T>(path: string): Promise<T> {
  return ask<T>(path, { headers: { Accept: "application/json" }, cache: "no-store" });
}

export function sendJson<T>(method: "POST" | "PATCH", path: string, body: unknown): Promise<T> {
  return ask<T>(path, {
    method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" },
  });
}

export function remove(path: string): Promise<null> {
  return ask<null>(path, { method: "DELETE", headers: { "Content-Type": "application/json" } });
}

async function ask<T>(path: string, how: RequestInit): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, how);
  } catch {
    throw new ApiError(0, "The daemon does not answer. Is it running?");
  }
  if (answer.status === 401) {
    location.assign("login");
    throw new ApiError(401, "This page needs a token.");
  }
  if (!answer.ok)
    throw new ApiError(answer.status, await sentence(answer));
  if (answer.status === 204)
    return null as T;
  try {
    return (await answer.json()) as T;
  } catch {
    throw new ApiError(answer.status, `The daemon's answer to ${path} is not JSON.`);
  }
}

async function sentence(answer: Response): Promise<string> {
  try {
    const body = (await answer.json()) as { error?: { message?: unknown } };
    if (typeof body.error?.message === "string")
      return body.error.message;
  } catch {
    // not our daemon's JSON: a proxy between us answers for itself
  }
  return `The daemon answered ${answer.status} ${answer.statusText}`.trim() + ".";
}
