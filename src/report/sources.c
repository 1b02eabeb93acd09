/* report/sources.c — see sources.h.
 * SPDX-License-Identifier: MIT
 */
#include "report/sources.h"

#include "base/mem.h"
#include "report/report.h"
#include "source/roots.h"
#include "store/files.h"
#include "store/query.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHANGED_PERMILLE 20
#define NUMBERED_MAX     (INT64_C(256) << 20) /* bytes to read for the number of a line */

static struct sources_agent *agent_of(struct sources_report *report, struct span name)
{
    size_t i;

    for (i = 0; i < report->n; i++) {
        if (span_is(name, report->agents[i].source->name))
            return &report->agents[i];
    }
    return NULL;
}

/* ---- roots ---- */

static void add_root(void *to, const struct source *source, char *path, char *otherwise)
{
    struct sources_agent *agent = agent_of(to, span_of(source->name));
    bool instead = otherwise && access(path, F_OK) < 0 && access(otherwise, F_OK) == 0;

    agent->roots = xreallocarray(agent->roots, agent->roots_n + 1, sizeof(*agent->roots));
    agent->roots[agent->roots_n].path = instead ? otherwise : path;
    agent->roots[agent->roots_n].found = access(instead ? otherwise : path, F_OK) == 0;
    agent->roots_n++;
    free(instead ? path : otherwise);
}

static void list_agents(struct sources_report *report)
{
    const struct source *const *s;

    for (s = sources; *s; s++)
        report->n++;
    report->agents = xcalloc(report->n, sizeof(*report->agents));
    for (s = sources; *s; s++)
        report->agents[s - sources].source = *s;
}

/* ---- files and problems ---- */

static void add_file(void *to, const struct file_state *file)
{
    struct sources_agent *agent = agent_of(to, file->agent->text);
    struct stat st;

    if (!agent || stat(file->path, &st) < 0)
        return;
    agent->files++;
    agent->bytes += st.st_size;
}

/* Which line of the file begins at the offset? 0: nobody can tell. */
static int64_t line_at(const char *path, int64_t offset)
{
    char bytes[65536];
    int64_t line = 1, at = 0;
    ssize_t n = 1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0 || offset > NUMBERED_MAX)
        line = 0;
    while (line > 0 && at < offset && n > 0) {
        int64_t want = offset - at < (int64_t)sizeof(bytes) ? offset - at : (int64_t)sizeof(bytes);
        const char *p = bytes;

        n = read(fd, bytes, (size_t)want);
        while (n > 0 && (p = memchr(p, '\n', (size_t)(bytes + n - p)))) {
            line++;
            p++;
        }
        at += n > 0 ? n : 0;
    }
    if (fd >= 0)
        close(fd);
    return at < offset ? 0 : line;
}

static void add_problem(void *to, const struct problem_sum *sum)
{
    struct sources_agent *agent = agent_of(to, sum->agent);
    struct sources_problem *problem;

    if (!agent || sum->kind <= 0 || sum->kind >= PROBLEM_KINDS || !sum->path)
        return;
    problem = &agent->problems[sum->kind];
    problem->lines = sum->count;
    problem->path = xstrdup(sum->path);
    problem->line = line_at(sum->path, sum->offset);
}

/* ---- events ---- */

static bool is_of_agent(void *to, const struct origin *origin, const struct name *model)
{
    const struct sources_agent *agent = to;

    (void)model;
    return span_is(origin->agent->text, agent->source->name);
}

static int add_times(struct store *store, struct sources_agent *agent, struct err *err)
{
    static const struct timespan always = { INT64_MIN, INT64_MAX };
    const struct store_match match = { is_of_agent, agent };

    if (agent->events == 0)
        return 0;
    return store_first_event(store, always, &match, &agent->first_ms, err) < 0 ||
                   store_last_event(store, always, &match, &agent->last_ms, err) < 0
               ? -1
               : 0;
}

static int add_events(struct store *store, struct sources_report *report, struct err *err)
{
    struct report_query query = { .by = REPORT_AGENT,
                                  .since_day = REPORT_OPEN,
                                  .until_day = REPORT_OPEN };
    struct report events = { 0 };
    struct zone *zone = NULL;
    int rc = -1;
    size_t i;

    if (zone_open(&zone, "UTC", err) < 0)
        return -1;
    query.zone = zone;
    if (report_build(store, &query, &events, err) < 0)
        goto out;
    for (i = 0; i < events.rows_n; i++) {
        struct sources_agent *agent = agent_of(report, span_of(events.rows[i].key));

        if (agent)
            agent->events = events.rows[i].sums.events;
    }
    rc = 0;
    for (i = 0; i < report->n && rc == 0; i++)
        rc = add_times(store, &report->agents[i], err);
out:
    report_fini(&events);
    zone_close(zone);
    return rc;
}

/* ---- the door ---- */

static void judge(struct sources_agent *agent)
{
    static const enum problem strange[] = { PROBLEM_NO_USAGE, PROBLEM_SUSPICIOUS,
                                            PROBLEM_UNKNOWN_FORMAT };
    int64_t lines = 0;
    size_t i;

    for (i = 0; i < sizeof(strange) / sizeof(strange[0]); i++)
        lines += agent->problems[strange[i]].lines;
    agent->changed = lines * 1000 > (lines + agent->events) * CHANGED_PERMILLE;
}

int sources_report(struct store *store, const struct source_env *env, struct sources_report *out,
                   struct err *err)
{
    size_t i;

    *out = (struct sources_report){ 0 };
    list_agents(out);
    roots_each(env, add_root, out);
    if (store_files_each(store, add_file, out, err) < 0 ||
        store_problems_each(store, add_problem, out, err) < 0 || add_events(store, out, err) < 0) {
        sources_fini(out);
        return -1;
    }
    for (i = 0; i < out->n; i++) {
        out->agents[i].off = out->agents[i].roots_n == 0;
        judge(&out->agents[i]);
    }
    return 0;
}

void sources_fini(struct sources_report *report)
{
    size_t i, k;

    for (i = 0; i < report->n; i++) {
        struct sources_agent *agent = &report->agents[i];

        for (k = 0; k < agent->roots_n; k++)
            free(agent->roots[k].path);
        for (k = 0; k < PROBLEM_KINDS; k++)
            free(agent->problems[k].path);
        free(agent->roots);
    }
    free(report->agents);
    *report = (struct sources_report){ 0 };
}
