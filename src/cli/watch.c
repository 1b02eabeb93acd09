/* cli/watch.c — `tacho watch`: the rate limits as they change, and a word when one runs low.
 *
 * Tells every crossing of a threshold once per window for as long as it runs; what a daemon
 * announces is another matter.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/civil.h"
#include "base/clock.h"
#include "base/mem.h"
#include "notify/desktop.h"
#include "show/limits.h"
#include "store/store.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#define SAME_WINDOW_MS (5 * MS_PER_MINUTE) /* sources differ by seconds about a reset */

struct watch {
    const struct cli *cli;
    struct bucket *told; /* as they were when something was told of them */
    size_t n, space;
    struct buf line; /* the last thing told */
    bool ring;       /* it was told by nothing but the line */
};

/* ---- crossings ---- */

static struct bucket *find_told(struct watch *w, const struct bucket *b)
{
    size_t i;

    for (i = 0; i < w->n; i++) {
        if (strcmp(w->told[i].account, b->account) == 0 && strcmp(w->told[i].id, b->id) == 0)
            return &w->told[i];
    }
    w->told = xgrow(w->told, w->n, &w->space, sizeof(*w->told));
    w->told[w->n] = (struct bucket){ 0 };
    return &w->told[w->n++];
}

static void tell(struct watch *w, const struct limits_crossing *crossing)
{
    buf_clear(&w->line);
    show_crossing(&w->line, crossing);
    w->ring = !desktop_tell(w->line.p);
    buf_add_char(&w->line, '\n');
}

static int look(struct watch *w, struct store *store, const struct limits_bucket *seen,
                struct err *err)
{
    struct limits_crossing crossing = { seen->bucket, seen->state, 0, clock_now_ms() };
    struct bucket *told = find_told(w, &seen->bucket);
    int64_t moved_ms = seen->bucket.resets_at_ms - told->resets_at_ms;
    struct thresholds thresholds;

    if (limits_thresholds(store, w->cli->config, seen->bucket.id, &thresholds, err) < 0)
        return -1;
    crossing.bucket.announced =
        moved_ms < SAME_WINDOW_MS && moved_ms > -SAME_WINDOW_MS ? told->announced : 0;
    crossing.threshold = window_crossed(&crossing.bucket, &thresholds, crossing.at_ms);
    if (crossing.threshold > 0) {
        crossing.bucket.announced = crossing.threshold;
        tell(w, &crossing);
    }
    *told = crossing.bucket;
    return 0;
}

/* ---- again and again ---- */

static int draw_limits(struct watch *w, struct buf *out, struct err *err)
{
    struct limits limits = { 0 };
    struct store *store = NULL;
    int rc = -1;
    size_t i;

    if (open_ledger(&store, w->cli, err) < 0)
        return -1;
    rc = limits_load(&limits, store, clock_now_ms(), LIMITS_FORECAST, err);
    limits_name_plans(&limits, w->cli->config);
    for (i = 0; rc == 0 && w->cli->config->notify && i < limits.buckets_n; i++)
        rc = look(w, store, &limits.buckets[i], err);
    if (rc == 0) {
        show_limits_table(out, &limits, &w->cli->style);
        if (w->line.len > 0)
            buf_printf(out, "\n%s", w->line.p);
        if (w->ring)
            buf_add_char(out, '\a');
        w->ring = false;
    }
    limits_fini(&limits);
    store_close(store);
    return rc;
}

int cli_watch(const struct cli *cli, struct buf *out, struct err *err)
{
    struct watch w = { .cli = cli };
    struct buf shown = { 0 };
    int rc = 0;

    while (rc == 0) {
        buf_clear(out);
        rc = draw_limits(&w, out, err);
        if (rc == 0 && !span_eq(buf_span(out), buf_span(&shown))) {
            rc = terminal_draw(out, err);
            if (out->p[out->len - 1] == '\a')
                out->len--; /* it rings once */
            buf_clear(&shown);
            buf_add_span(&shown, buf_span(out));
        }
        if (rc == 0)
            poll(NULL, 0, TERMINAL_WATCH_MS);
    }
    buf_clear(out);
    buf_fini(&shown);
    buf_fini(&w.line);
    free(w.told);
    return rc;
}
