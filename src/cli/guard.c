/* cli/guard.c — `tacho guard`: is there enough left to start work that should not be cut off?
 *
 * One line on stdout; 0 enough, 1 too little, 69 when it cannot be known.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/clock.h"
#include "base/pick.h"
#include "base/zone.h"
#include "limits/limits.h"
#include "report/report.h"
#include "show/show.h"
#include "store/store.h"

#include <sysexits.h>

enum { ENOUGH = 0, TOO_LITTLE = 1, UNKNOWN = EX_UNAVAILABLE };

#define BUCKET_USUAL "five_hour"

/* ---- what is left of a limit ---- */

static const struct limits_bucket *find_bucket(const struct limits_account *account, const char *id)
{
    size_t i;

    for (i = 0; i < account->n; i++) {
        if (strcmp(account->buckets[i].bucket.id, id) == 0)
            return &account->buckets[i];
    }
    return NULL;
}

static int judge_bucket(const struct cli *cli, struct store *store, struct buf *out,
                        struct err *err)
{
    const char *id = cli->config->bucket ? cli->config->bucket : BUCKET_USUAL;
    int64_t most_ppm = (100 - cli->config->min_remaining) * 10000, now_ms = clock_now_ms();
    const struct limits_bucket *b;
    struct limits_account account;
    struct limits limits;
    int code = UNKNOWN;

    if (limits_load(&limits, store, now_ms, LIMITS_STATE, err) < 0) {
        limits_fini(&limits);
        return -1;
    }
    limits_account(&limits, span_of(cli->config->account), &account);
    b = find_bucket(&account, id);
    if (!b) {
        buf_printf(out, "unknown: %s has no limit %s that was ever seen\n", account.name, id);
    } else {
        code = b->state.used_ppm <= most_ppm ? ENOUGH : TOO_LITTLE;
        buf_printf(out, "%s: %s has %.1f %% left", code == ENOUGH ? "ok" : "low", id,
                   b->state.used_ppm < 1000000 ? (double)(1000000 - b->state.used_ppm) / 10000
                                               : 0.0);
        if (b->state.resets_at_ms > 0) {
            buf_add_text(out, ", resets in ");
            show_duration(out, b->state.resets_at_ms - now_ms);
        }
        buf_add_char(out, '\n');
    }
    limits_fini(&limits);
    return code;
}

/* ---- what has been spent ---- */

static const struct {
    const char *word;
    int days; /* 0: since the month began */
} periods[] = { { "day", 1 }, { "week", 7 }, { "month", 0 } };

/* "20/day": the amount and since when. */
static int read_budget(const char *text, const struct zone *zone, int64_t *nusd,
                       struct timespan *span, struct err *err)
{
    int64_t now_ms = clock_now_ms(), today = zone_day_of(zone, now_ms), first = today;
    struct span rest = span_of(text), amount = SPAN_ABSENT;
    struct civil date = civil_from_day(today);
    struct picked number = { PICKED_STRING, SPAN_ABSENT, false };
    size_t i = 0;

    span_split(&rest, '/', &amount);
    number.text = amount;
    while (i < sizeof(periods) / sizeof(periods[0]) && !span_is(rest, periods[i].word))
        i++;
    if (i == sizeof(periods) / sizeof(periods[0]) || !picked_nusd(&number, nusd) || *nusd < 0) {
        err_set(err, ERR_USAGE,
                "--max-cost takes dollars per day, week or month such as 20/day, not '%s'", text);
        return -1;
    }
    if (periods[i].days == 7)
        first = today - civil_weekday(today);
    date.day = 1;
    if (periods[i].days == 0)
        first = civil_to_day(date);
    *span = (struct timespan){ zone_day_start_ms(zone, first), now_ms + 1 };
    return 0;
}

static int judge_cost(const struct cli *cli, struct store *store, const struct zone *zone,
                      struct buf *out, struct err *err)
{
    struct timespan span;
    struct sums sums;
    int64_t most_nusd;
    int code;

    if (read_budget(cli->config->max_cost, zone, &most_nusd, &span, err) < 0 ||
        report_span(store, span, &sums, err) < 0)
        return -1;
    code = sums.cost_nusd > most_nusd ? TOO_LITTLE : sums.unpriced_tokens > 0 ? UNKNOWN : ENOUGH;
    buf_printf(out, "%s: ", code == ENOUGH ? "ok" : code == TOO_LITTLE ? "low" : "unknown");
    show_cost(out, &sums, cli->style.unicode);
    buf_printf(out, " spent of $%s%s\n", cli->config->max_cost,
               code == UNKNOWN ? "; a part has no price" : "");
    return code;
}

/* The worse of two answers: too little before unknown before enough. */
static int worse(int a, int b)
{
    return a == TOO_LITTLE || b == TOO_LITTLE ? TOO_LITTLE : a != ENOUGH ? a : b;
}

/* Only the line that decides is shown. */
static int judge(const struct cli *cli, struct store *store, const struct zone *zone,
                 struct buf *out, struct err *err)
{
    struct buf limit = { 0 }, cost = { 0 };
    bool asks_limit = !cli->config->max_cost || cli->config->bucket;
    int code = ENOUGH, other = ENOUGH;

    if (cli->config->max_cost)
        other = judge_cost(cli, store, zone, &cost, err);
    if (other >= 0 && asks_limit)
        code = judge_bucket(cli, store, &limit, err);
    if (code >= 0 && other >= 0) {
        bool by_cost = !asks_limit || worse(code, other) != code;

        buf_add_span(out, buf_span(by_cost ? &cost : &limit));
        code = worse(code, other);
    } else {
        code = -1;
    }
    buf_fini(&limit);
    buf_fini(&cost);
    return code;
}

int cli_guard(const struct cli *cli, struct buf *out, struct err *err)
{
    struct store *store = NULL;
    struct zone *zone = NULL;
    int64_t nusd;
    struct timespan span;
    int code = -1;

    if (zone_open(&zone, cli->config->timezone, err) < 0)
        return -1;
    if (cli->config->max_cost && read_budget(cli->config->max_cost, zone, &nusd, &span, err) < 0)
        goto out; /* before a long read */
    if (open_ledger(&store, cli, err) < 0)
        goto out;
    code = judge(cli, store, zone, out, err);
out:
    store_close(store);
    zone_close(zone);
    return code;
}
