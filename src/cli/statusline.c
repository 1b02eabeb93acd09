/* cli/statusline.c — `tacho statusline`: the line at the foot of an agent's screen.
 *
 * Called every few hundred milliseconds, so it waits for nobody: the ledger is only looked into, no
 * log is read, and whatever is missing or broken leaves its part of the line out.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/clock.h"
#include "ingest/catch_up.h"
#include "ingest/spool.h"
#include "limits/limits.h"
#include "show/status_line.h"
#include "source/status_line.h"
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define INPUT_MAX (1 << 20) /* bytes; what is longer is not read on */

/* From the ledger; whatever could not be had stays empty. */
struct known {
    struct sums today;
    struct report blocks;
    struct limits limits;
};

/* What stands on stdin; nobody types it. */
static void read_input(struct buf *text)
{
    ssize_t n = 1;

    if (isatty(STDIN_FILENO))
        return;
    while (n > 0 && text->len < INPUT_MAX) {
        buf_reserve(text, 8192);
        n = read(STDIN_FILENO, text->p + text->len, 8192);
        if (n < 0 && errno == EINTR)
            n = 1;
        else if (n > 0)
            text->len += (size_t)n;
    }
}

static void look_up(struct known *known, struct show_status *status, const struct cli *cli,
                    const struct zone *zone, struct store *store)
{
    int64_t now_ms = status->now_ms, today = zone_day_of(zone, now_ms);
    struct timespan day = { zone_day_start_ms(zone, today), zone_day_start_ms(zone, today + 1) };
    struct report_query query = { .by = REPORT_BLOCK,
                                  .zone = zone,
                                  .since_day = REPORT_OPEN,
                                  .until_day = REPORT_OPEN,
                                  .cost = open_cost(cli),
                                  .blocks = { .now_ms = now_ms, .active_only = true } };

    if (report_span(store, day, &known->today, NULL) == 0) {
        sums_choose(&known->today, query.cost);
        status->today = &known->today;
    }
    if (report_build(store, &query, &known->blocks, NULL) == 0 && known->blocks.rows_n > 0)
        status->block = &known->blocks.rows[0];
    limits_load(&known->limits, store, now_ms, LIMITS_STATE, NULL);
}

/* ---- limits: as the agent tells them, else as they were last seen ---- */

static const char *const limit_ids[] = { [SHOW_FIVE_HOUR] = "five_hour", [SHOW_WEEKLY] = "weekly" };
#define LIMITS (sizeof(limit_ids) / sizeof(limit_ids[0]))

static void take_limit(struct window_state states[LIMITS], struct show_status *status,
                       const struct bucket *bucket)
{
    size_t i;

    for (i = 0; i < LIMITS; i++) {
        if (!status->limit[i] && strcmp(bucket->id, limit_ids[i]) == 0) {
            states[i] = window_at(bucket, status->now_ms);
            status->limit[i] = &states[i];
        }
    }
}

static void take_limits(struct window_state states[LIMITS], struct show_status *status,
                        const struct status_line *told, const struct limits *limits)
{
    struct limits_account account;
    struct bucket bucket;
    size_t k;
    int i;

    for (i = 0; i < told->windows_n; i++) {
        if (window_read(&told->windows[i], SPAN_ABSENT, status->now_ms, &bucket))
            take_limit(states, status, &bucket);
    }
    limits_account(limits, SPAN_ABSENT, &account);
    for (k = 0; k < account.n; k++)
        take_limit(states, status, &account.buckets[k].bucket);
}

static int show_line(const struct cli *cli, struct buf *out)
{
    struct show_status status = { .now_ms = clock_now_ms() };
    struct show_style style = cli->style;
    struct window_state states[LIMITS];
    struct known known = { 0 };
    struct status_line told;
    struct store *store = NULL;
    struct zone *zone = NULL;
    struct buf input = { 0 };

    read_input(&input);
    status_line_read(&told, buf_span(&input), status.now_ms);
    status.model = told.model;
    status.session_nusd = told.session_nusd;
    status.context_ppm = told.context_ppm;
    spool_status_line(cli->config, buf_span(&input), status.now_ms, NULL);
    if (zone_open(&zone, cli->config->timezone, NULL) == 0 &&
        store_open(&store, cli->config->db, STORE_GLANCE, NULL) == 0)
        look_up(&known, &status, cli, zone, store);
    take_limits(states, &status, &told, &known.limits);
    style.color = !cli->config->no_color && !span_is(span_of(cli->config->color), "never");
    show_status_line(out, &status,
                     cli->config->status_line ? cli->config->status_line : SHOW_STATUS_PATTERN,
                     &style);
    report_fini(&known.blocks);
    limits_fini(&known.limits);
    store_close(store);
    zone_close(zone);
    buf_fini(&input);
    return 0;
}

int cli_statusline(const struct cli *cli, struct buf *out, struct err *err)
{
    return cli->call.rest[0] ? statusline_install(cli, out, err) : show_line(cli, out);
}
