// parts/nearest.tsx: the limits that are closest to their end, at the foot of the side bar.
// SPDX-License-Identifier: MIT

import { floorPercent } from "../format";
import { bucketName, nearest, toneOf } from "../limits";
import { limits } from "../state/limits";
import { hrefOf } from "../state/route";
import { accountName } from "./account-name";
import { ShareBar } from "./share-bar";

const MOST = 3;

export function Nearest() {
  const placed = nearest(limits()).slice(0, MOST);
  if (placed.length === 0)
    return null;
  return (
    <nav class="cluster" aria-label="Nearest limits">
      {placed.map(({ account, bucket }) => {
        const key = `${account.account}/${bucket.id}`;
        return (
          <a class="cluster-row" key={key} href={hrefOf({ view: "limits", item: key, query: {} })}>
            <span>{accountName(account.account)} · {bucketName(bucket.id).toLowerCase()}</span>
            <b>{floorPercent(bucket.utilization)}</b>
            <ShareBar part={bucket.utilization} whole={1} tone={toneOf(bucket.utilization)} />
          </a>
        );
      })}
    </nav>
  );
}
