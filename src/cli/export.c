/* cli/export.c — `tacho export`: every event of the ledger for other programs, or a copy of it.
 *
 * Lines are written as they are read: the memory it takes does not grow with the ledger.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/clock.h"
#include "report/when.h"
#include "show/export.h"
#include "store/query.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define FLUSH_BYTES (256 * 1024)

struct export
{
    FILE *file;
    void (*write)(struct buf * out, const struct row *row);
    struct buf text;
    bool failed;
};

static void flush(struct export *e)
{
    if (!e->failed && fwrite(e->text.p, 1, e->text.len, e->file) != e->text.len)
        e->failed = true;
    buf_clear(&e->text);
}

static void take_row(void *to, const struct row *row)
{
    struct export *e = to;

    e->write(&e->text, row);
    if (e->text.len > FLUSH_BYTES)
        flush(e);
}

static int take_span(struct timespan *span, const struct cli *cli, struct err *err)
{
    const struct config *config = cli->config;
    struct report_now now = { 0 };
    struct zone *zone = NULL;
    int64_t day;
    int rc = -1;

    *span = (struct timespan){ INT64_MIN, INT64_MAX };
    if (zone_open(&zone, config->timezone, err) < 0)
        return -1;
    now.today = zone_day_of(zone, clock_now_ms());
    if (config->since && !report_when(span_of(config->since), &now, REPORT_SINCE, &day)) {
        err_set(err, ERR_USAGE, "--since takes a day such as " REPORT_WHEN_WORDS ", not '%s'",
                config->since);
        goto out;
    }
    if (config->since)
        span->since_ms = zone_day_start_ms(zone, day);
    if (config->until && !report_when(span_of(config->until), &now, REPORT_UNTIL, &day)) {
        err_set(err, ERR_USAGE, "--until takes a day such as " REPORT_WHEN_WORDS ", not '%s'",
                config->until);
        goto out;
    }
    if (config->until)
        span->until_ms = zone_day_start_ms(zone, day + 1);
    rc = 0;
out:
    zone_close(zone);
    return rc;
}

/* A new file that nobody else may read; an old one is not touched. */
static FILE *make_file(const char *path, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

    if (!file)
        err_set(err, ERR_IO, "cannot make %s: %s", path, strerror(errno));
    return file;
}

static int export_lines(struct store *store, const struct cli *cli, const char *path,
                        struct err *err)
{
    bool csv = span_is(span_of(cli->config->format), "csv");
    struct export e = { .file = stdout, .write = csv ? show_event_csv : show_event_json };
    struct timespan span;
    int rc = -1;

    if (take_span(&span, cli, err) < 0)
        return -1;
    if (path)
        e.file = make_file(path, err);
    if (!e.file)
        return -1;
    if (csv)
        show_event_csv_head(&e.text);
    rc = store_each_event(store, span, take_row, &e, err);
    if (e.text.len > 0)
        flush(&e);
    if (fflush(e.file) != 0)
        e.failed = true;
    if (path && fclose(e.file) != 0)
        e.failed = true;
    if (rc == 0 && e.failed) {
        err_set(err, errno == ENOSPC ? ERR_FULL : ERR_IO, "cannot write to %s: %s",
                path ? path : "stdout", strerror(errno));
        rc = -1;
    }
    buf_fini(&e.text);
    return rc;
}

static int export_copy(struct store *store, const struct cli *cli, const char *path,
                       struct err *err)
{
    if (!path || cli->config->since || cli->config->until) {
        err_set(err, ERR_USAGE,
                path ? "--format sqlite is the whole ledger: --since and --until do not go with it"
                     : "--format sqlite needs the FILE to write");
        return -1;
    }
    return store_copy(store, path, err);
}

int cli_export(const struct cli *cli, struct buf *out, struct err *err)
{
    bool sqlite = span_is(span_of(cli->config->format), "sqlite");
    struct store *store = NULL;
    int rc;

    (void)out;
    if (open_ledger(&store, cli, err) < 0)
        return -1;
    rc = sqlite ? export_copy(store, cli, cli->call.rest[0], err)
                : export_lines(store, cli, cli->call.rest[0], err);
    store_close(store);
    return rc;
}
