// views/limits.tsx: the Limits view: a card for every bucket of every account, and what it leads to.
// SPDX-License-Identifier: MIT

import type { Account, Gateway, Limits } from "../api/types";
import { momentIn } from "../dates";
import { ago } from "../format";
import { estimated, LIMIT_ERRORS, nearest, type Placed, shownBuckets } from "../limits";
import { accountName, GATEWAYS_PATH } from "../parts/account-name";
import { isLost } from "../parts/connection";
import { CardBones, Ready, Void } from "../parts/states";
import { now, zone } from "../state/clock";
import { useDocument } from "../state/documents";
import { LIMITS_PATH } from "../state/limits";
import { route } from "../state/route";
import { refresh } from "../state/start";
import { BucketCard } from "./limits/bucket";
import { Daily } from "./limits/daily";
import { OverTime } from "./limits/over-time";
import { RecentRuns } from "./limits/recent-runs";

export function LimitsView() {
  const doc = useDocument<Limits>(LIMITS_PATH, "limits");
  return (
    <>
      <div class="page-head"><h1>Limits</h1></div>
      <div class={isLost() ? "stack stale" : "stack"}>
        <Ready
          doc={doc} what="The limits could not be fetched" onRetry={refresh}
          missing="This daemon does not keep rate limits." bones={<CardBones cards={3} rows={6} />}
        >
          {(limits) => <Body limits={limits} />}
        </Ready>
      </div>
    </>
  );
}

function Body({ limits }: { limits: Limits }) {
  const accounts = limits.accounts.filter((a) => a.buckets.length > 0 || a.estimate != null || a.last_error !== null);
  const shown = chosen(limits);
  return (
    <>
      {accounts.every((a) => a.buckets.length === 0 && a.estimate == null) ? <NoLimits accounts={accounts} /> : (
        <div class="accounts">
          {accounts.map((a) => <AccountCards key={a.account} account={a} shown={shown} />)}
        </div>
      )}
      {shown !== null && <OverTime placed={shown} />}
      <div class="grid">
        <Daily />
        <RecentRuns />
      </div>
      <footer class="footnotes">
        {accounts.map((a) => <Footnote key={a.account} account={a} />)}
      </footer>
    </>
  );
}

/** The bucket that the address names, else the fullest. */
function chosen(limits: Limits): Placed | null {
  const all = limits.accounts.flatMap((account) =>
    account.buckets.map((bucket) => ({ account, bucket })));
  return all.find((p) => `${p.account.account}/${p.bucket.id}` === route.value.item)
    ?? nearest(limits)[0] ?? all[0] ?? null;
}

function NoLimits({ accounts }: { accounts: readonly Account[] }) {
  const error = accounts.find((a) => a.last_error !== null)?.last_error ?? "missing_credentials";
  return (
    <Void title="No limits seen yet">
      <p>{LIMIT_ERRORS[error]}</p>
      <p>
        Rate limits are read from what agents write into their logs, from what Claude Code hands to
        its status line, and from gateways.
      </p>
    </Void>
  );
}

function AccountCards({ account, shown }: { account: Account; shown: Placed | null }) {
  const name = useAccountName(account);
  const buckets = [...shownBuckets(account),
    ...account.buckets.filter((b) => !shownBuckets(account).includes(b))];
  const seen = account.observed_at;
  const guess = account.estimate ?? null;
  const width = Math.min(3, Math.max(1, buckets.length + (guess === null ? 0 : 1)));
  return (
    <section class={`account w${width}`} aria-label={name}>
      <div class="sect">
        <h2>{name}</h2>
        {account.plan !== null && <span class="small muted">{account.plan}</span>}
        {seen !== null && <span class="end small muted">as of {ago(now.value - seen)}</span>}
      </div>
      {buckets.map((bucket) => (
        <BucketCard
          key={bucket.id} placed={{ account, bucket }}
          isShown={shown?.account === account && shown.bucket === bucket}
        />
      ))}
      {guess !== null && <BucketCard placed={{ account, bucket: estimated(guess) }} isGuess />}
      {account.last_error !== null && guess === null && (
        <p class="note account-error">{LIMIT_ERRORS[account.last_error]}</p>
      )}
    </section>
  );
}

/** A gateway's account is called as the gateway is. */
function useAccountName(account: Account): string {
  useDocument<Gateway[]>(account.account.startsWith("gateway:") ? GATEWAYS_PATH : null, "gateways");
  return accountName(account.account);
}

function Footnote({ account }: { account: Account }) {
  const seen = account.observed_at;
  const error = account.last_error === null ? "none"
    : `${LIMIT_ERRORS[account.last_error]}${account.last_error_at === null ? ""
      : ` (${momentIn(zone.value, account.last_error_at, now.value)})`}`;
  const parts = [
    [accountName(account.account), account.plan].filter(Boolean).join(" "),
    seen === null ? "never seen" : `as of ${ago(now.value - seen)}`, `last error: ${error}`,
  ];
  return <p>{parts.join(" · ")}</p>;
}
