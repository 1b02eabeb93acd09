/* daemon/health.c — how reading goes, for GET /api/v1/health.
 * SPDX-License-Identifier: MIT
 */
#include "daemon/daemon_internal.h"

#include "report/report.h"
#include "store/files.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

/* What the ledger holds per agent. */
struct by_agent {
    struct report events;
    struct problems {
        struct span agent;
        int64_t count[PROBLEM_KINDS];
        char place[PROBLEM_KINDS][512];
    } problems[INGEST_ROOTS_MAX];
    int problems_n;
};

static void take_problem(void *to, const struct problem_sum *sum)
{
    const struct source *source = source_find(sum->agent);
    struct by_agent *by = to;
    struct problems *p;

    if (!source || sum->kind <= 0 || sum->kind >= PROBLEM_KINDS)
        return;
    if (by->problems_n == 0 || !span_is(by->problems[by->problems_n - 1].agent, source->name)) {
        if (by->problems_n == INGEST_ROOTS_MAX)
            return;
        by->problems[by->problems_n++] = (struct problems){ .agent = span_of(source->name) };
    }
    p = &by->problems[by->problems_n - 1];
    p->count[sum->kind] = sum->count;
    snprintf(p->place[sum->kind], sizeof(p->place[0]), "%s at byte %" PRId64, sum->path,
             sum->offset);
}

static int64_t events_of(const struct by_agent *by, const char *agent)
{
    size_t i;

    for (i = 0; i < by->events.rows_n; i++) {
        if (strcmp(by->events.rows[i].key, agent) == 0)
            return by->events.rows[i].sums.events;
    }
    return 0;
}

static void write_problems(struct json_out *out, const struct by_agent *by, const char *agent)
{
    const struct problems *p = NULL;
    int64_t total = 0;
    int i;

    for (i = 0; i < by->problems_n; i++) {
        if (span_is(by->problems[i].agent, agent))
            p = &by->problems[i];
    }
    for (i = 1; p && i < PROBLEM_KINDS; i++)
        total += p->count[i];
    json_put_int(out, "problems", total);
    json_key(out, "problem_kinds");
    json_open(out, '[');
    for (i = 1; p && i < PROBLEM_KINDS; i++) {
        if (p->count[i] == 0)
            continue;
        json_open(out, '{');
        json_put_text(out, "kind", span_of(problem_names[i]));
        json_put_int(out, "lines", p->count[i]);
        json_put_text(out, "first", span_of(p->place[i]));
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void write_source(struct json_out *out, const struct ingest_status *status, int first,
                         const struct by_agent *by)
{
    const struct source *source = status->roots[first].source;
    int64_t files = 0, bytes = 0;
    int i;

    json_open(out, '{');
    json_put_text(out, "agent", span_of(source->name));
    json_put_text(out, "title", span_of(source->title));
    json_key(out, "roots");
    json_open(out, '[');
    for (i = first; i < status->roots_n && status->roots[i].source == source; i++) {
        files += status->roots[i].files;
        bytes += status->roots[i].bytes;
        json_open(out, '{');
        json_put_text(out, "path", span_of(status->roots[i].path));
        json_put_bool(out, "found", access(status->roots[i].path, F_OK) == 0);
        json_close(out, '}');
    }
    json_close(out, ']');
    json_put_int(out, "files", files);
    json_put_int(out, "bytes", bytes);
    json_put_int(out, "events", events_of(by, source->name));
    write_problems(out, by, source->name);
    json_close(out, '}');
}

static void write_reading(struct json_out *out, const struct ingest_status *status)
{
    json_key(out, "reading");
    if (status->complete) {
        json_nil(out);
    } else {
        json_open(out, '{');
        json_put_int(out, "permille", status->permille);
        json_close(out, '}');
    }
    json_key(out, "ingest");
    json_open(out, '{');
    json_put_text(out, "state",
                  span_of(status->trouble.kind != ERR_NONE ? "paused"
                          : status->reading                ? "reading"
                                                           : "following"));
    json_key(out, "error");
    json_text(out, status->trouble.kind != ERR_NONE ? span_of(status->trouble.text) : SPAN_ABSENT);
    json_put_int(out, "first_read_ms", status->read_ms);
    json_close(out, '}');
}

void health_write(struct json_out *out, const struct ingest_status *status, struct store *store)
{
    struct report_query query = { .by = REPORT_AGENT,
                                  .since_day = REPORT_OPEN,
                                  .until_day = REPORT_OPEN };
    struct by_agent by = { 0 };
    struct zone *zone = NULL;
    int i;

    write_reading(out, status);
    if (zone_open(&zone, "UTC", NULL) == 0) {
        query.zone = zone;
        report_build(store, &query, &by.events, NULL);
    }
    store_problems_each(store, take_problem, &by, NULL);
    json_key(out, "sources");
    json_open(out, '[');
    for (i = 0; i < status->roots_n; i++) {
        if (i == 0 || status->roots[i].source != status->roots[i - 1].source)
            write_source(out, status, i, &by);
    }
    json_close(out, ']');
    report_fini(&by.events);
    zone_close(zone);
}
