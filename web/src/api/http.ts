// api/http.ts: asks the daemon for a document.
//
// Addresses are relative to the page, so that a prefix set by a proxy is kept. A 401 leads to the
// login page; every other refusal becomes an ApiError that carries the daemon's own sentence.
// SPDX-License-Identifier: MIT

import type { CostId } from "../cost";
import type { Range } from "../window";
import type { Health, Plan, Report } from "./types";

export class ApiError extends Error {
  /** 0: no answer came at all */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Without a cost the daemon shows the one that is configured. */
export function reportPath(range: Range, cost: CostId | null): string {
  const wishes: [string, string | null][] = [
    ["since", range.since], ["until", range.until], ["cost", cost],
  ];
  const query = wishes.filter(([, value]) => value !== null).map(([k, value]) => `&${k}=${value}`);
  return `api/v1/report?by=day${query.join("")}`;
}

export function getReport(path: string): Promise<Report> {
  return getJson<Report>(path);
}

/** What each plan is worth in these days. */
export async function getPlans(range: Range): Promise<Plan[]> {
  const path = `api/v1/report?by=month&since=${range.since}&until=${range.until}`;
  return (await getJson<Pick<Report, "plans">>(path)).plans ?? [];
}

export function getHealth(): Promise<Health> {
  return getJson<Health>("api/v1/health");
}

async function getJson<T>(path: string): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, { headers: { Accept: "application/json" }, cache: "no-store" });
  } catch {
    throw new ApiError(0, "The daemon does not answer. Is it running?");
  }
  if (answer.status === 401) {
    location.assign("login");
    throw new ApiError(401, "This page needs a token.");
  }
  if (!answer.ok)
    throw new ApiError(answer.status, await sentence(answer));
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
