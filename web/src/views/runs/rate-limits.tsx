// views/runs/rate-limits.tsx: the rate limits that the provider told during a run.
// SPDX-License-Identifier: MIT

import type { RateLimit } from "../../api/types";
import { momentIn } from "../../dates";
import { tokens } from "../../format";
import { Left } from "../../parts/left";
import { now, zone } from "../../state/clock";

export function RateLimits({ limit }: { limit: RateLimit }) {
  const rows: [string, number | null, number | null][] = [
    ["Tokens left, 5 hours", limit.tokens_remaining, limit.tokens_limit],
    ["Requests left, 5 hours", limit.requests_remaining, limit.requests_limit],
  ];
  const reset = limit.reset_at === null ? null : new Date(limit.reset_at).getTime();
  return (
    <section aria-label="Rate limits seen">
      <h3>Rate limits seen</h3>
      <dl class="pairs">
        {rows.filter(([, left]) => left !== null).map(([name, left, of]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{tokens(left ?? 0)}{of === null ? "" : ` of ${tokens(of)}`}</dd>
          </div>
        ))}
        {reset !== null && !Number.isNaN(reset) && (
          <div>
            <dt>Reset</dt>
            <dd>{momentIn(zone.value, reset, now.value)}, in <Left untilMs={reset} /></dd>
          </div>
        )}
      </dl>
    </section>
  );
}
