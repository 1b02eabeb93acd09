// views/limits/bucket.tsx: one rate limit: how much is gone, how fast, when it ends.
// SPDX-License-Identifier: MIT

import type { Bucket } from "../../api/types";
import { momentIn } from "../../dates";
import { exact, floorPercent, tokens } from "../../format";
import {
  bucketName, bucketPace, elapsed, forecastOf, type Placed, toneOf,
} from "../../limits";
import { accountName } from "../../parts/account-name";
import { Left } from "../../parts/left";
import { PaceBadge } from "../../parts/pace-badge";
import { ShareBar } from "../../parts/share-bar";
import { now, zone } from "../../state/clock";
import { hrefOf } from "../../state/route";

const MARKS = [0, 25, 50, 75, 90, 100];
const FIGURES = [0, 75, 90];

interface BucketCardProps {
  placed: Placed;
  isShown?: boolean;
  /** nobody but past use told of it */
  isGuess?: boolean;
}

export function BucketCard({ placed, isShown = false, isGuess = false }: BucketCardProps) {
  const { account, bucket } = placed;
  const tone = toneOf(bucket.utilization);
  const href = hrefOf({ view: "limits", item: `${account.account}/${bucket.id}`, query: {} });
  return (
    <article class="card bucket" data-tone={tone}>
      <div class="row">
        <h3>
          {isGuess ? bucketName(bucket.id) : (
            <a class="stretch" data-row href={href} aria-current={isShown ? "true" : undefined}>
              {bucketName(bucket.id)}
            </a>
          )}
        </h3>
        <PaceBadge pace={bucketPace(bucket, now.value)} />
      </div>
      <div class="row base">
        <p class="figure">{isGuess && "~"}{floorPercent(bucket.utilization)}<small>used</small></p>
        {bucket.reset_at !== null && (
          <p class="when">
            <b><Left untilMs={bucket.reset_at} /></b>
            resets {momentIn(zone.value, bucket.reset_at, now.value)}
          </p>
        )}
      </div>
      <Meter bucket={bucket} label={`${accountName(account.account)}, ${bucketName(bucket.id)}`} />
      <p class="say">
        {isGuess ? <>Nobody told of it: {bucket.source}.</> : <Say bucket={bucket} />}
      </p>
    </article>
  );
}

function Meter({ bucket, label }: { bucket: Bucket; label: string }) {
  const share = elapsed(bucket, now.value);
  const used = Math.floor(bucket.utilization * 100);
  return (
    <div
      class="meter" role="meter" aria-valuenow={Math.min(100, used)} aria-valuemin={0}
      aria-valuemax={100} aria-label={`${label}, share used`} aria-valuetext={`${used}%`}
    >
      <ShareBar part={bucket.utilization} whole={1} tone={toneOf(bucket.utilization)} />
      {share !== null && (
        <span
          class="even" style={{ left: `${(share * 100).toFixed(1)}%` }}
          title={`Even pace: ${floorPercent(share)}`}
        />
      )}
      <div class="scale" aria-hidden="true">
        {MARKS.map((m) => (
          <i key={m} class={m === 75 || m === 90 ? "long" : ""} style={{ left: `${Math.min(m, 99.6)}%` }} />
        ))}
        {FIGURES.map((m) => (
          <span key={m} class={m === 0 ? "first" : ""} style={{ left: `${m}%` }}>{m}</span>
        ))}
      </div>
    </div>
  );
}

function Say({ bucket }: { bucket: Bucket }) {
  const forecast = forecastOf(bucket, now.value);
  switch (forecast.kind) {
  case "full":
    return (
      <>Full <b>{momentIn(zone.value, forecast.atMs, now.value)}</b>, {forecast.early} before
        the reset.</>
    );
  case "share":
    return <>At this pace <b>{floorPercent(forecast.share)}</b> by the reset.</>;
  case "used_up":
    return <>Used up.</>;
  case "expired":
    return <>The window has reset; nothing newer has been seen.</>;
  case "unknown":
    return <>{bucket.tokens === null ? "No forecast yet." : left(bucket)}</>;
  }
}

function left({ tokens: allowance }: Bucket): string {
  return allowance === null ? ""
    : `${tokens(allowance.remaining)} of ${exact(allowance.limit)} tokens left.`;
}
