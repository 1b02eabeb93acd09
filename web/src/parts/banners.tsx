// parts/banners.tsx: what has to be known on every view: no connection, no reading, a full limit.
// SPDX-License-Identifier: MIT

import { clockIn, momentIn } from "../dates";
import { countdown, floorPercent } from "../format";
import { bucketName, forecastOf, type Placed } from "../limits";
import { now, useSeconds, zone } from "../state/clock";
import { connection } from "../state/connection";
import { dismiss, warning } from "../state/limits";
import { live } from "../state/live";
import { viewHref } from "../state/route";
import { retryNow } from "../state/start";
import { accountName } from "./account-name";
import { isLost } from "./connection";
import { Icon } from "./icon";

export function Banners() {
  const full = warning();
  return <><LostBanner /><PausedBanner />{full !== null && <FullBanner placed={full} />}</>;
}

/** A loss that the first quiet try did not mend. */
function LostBanner() {
  const lost = connection.value;
  if (lost.kind !== "lost" || lost.attempt < 2)
    return null;
  return (
    <div class="banner orange">
      <Icon name="offline" />
      <p>
        <b role="status">Connection lost at {clockIn(zone.value, lost.sinceMs)}.</b>{" "}
        <span>Is the daemon running? <Countdown untilMs={lost.retryAtMs} /></span>
      </p>
      <div class="end">
        <button class="button quiet" type="button" onClick={retryNow}>Try now</button>
      </div>
    </div>
  );
}

/** The logs grow, but the ledger cannot take it. */
function PausedBanner() {
  const why = live.value?.paused ?? null;
  if (why === null || isLost())
    return null;
  return (
    <div class="banner orange">
      <Icon name="warn" />
      <p>
        <b role="status">The figures stand still.</b>{" "}
        <span>{why}. Nothing is lost: reading goes on by itself as soon as it can.</span>
      </p>
    </div>
  );
}

function FullBanner({ placed }: { placed: Placed }) {
  const { account, bucket } = placed;
  return (
    <div class="banner red">
      <Icon name="warn" />
      <p>
        <b role="status">
          {accountName(account.account)} {bucketName(bucket.id).toLowerCase()} is at{" "}
          {floorPercent(bucket.utilization)}.
        </b>{" "}
        <span>{outlook(placed)}</span>
      </p>
      <div class="end">
        <a class="button quiet" href={viewHref("limits")}>See limits</a>
        <button
          class="icon-button" type="button" aria-label="Dismiss for this window"
          title="Dismiss for this window" onClick={() => dismiss(placed)}
        >
          <Icon name="close" />
        </button>
      </div>
    </div>
  );
}

function outlook({ bucket }: Placed): string {
  const forecast = forecastOf(bucket, now.value);
  if (forecast.kind === "full")
    return `At this pace it is full ${momentIn(zone.value, forecast.atMs, now.value)}, `
      + `${forecast.early} before the reset.`;
  return bucket.reset_at === null
    ? ""
    : `It resets ${momentIn(zone.value, bucket.reset_at, now.value)}.`;
}

function Countdown({ untilMs }: { untilMs: number | null }) {
  const left = (untilMs ?? 0) - useSeconds();
  return <>{untilMs === null ? "Trying now." : `Trying again in ${countdown(Math.max(1000, left))}.`}</>;
}
