/* ingest/lines.c — cut bytes into lines, let the source read those that matter.
 *
 * A line without any of the source's needles holds nothing to count and is not parsed; only its
 * ends are looked at, so that a torn or binary line is noticed. A needle may only reject: what it
 * lets through is checked whole by the source.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/feed.h"

#include "base/clock.h"
#include "base/find.h"
#include "base/hash.h"
#include "base/mem.h"
#include "ingest/project.h"
#include "ingest/runs.h"

#include <stdlib.h>

/* In a run it counts once, however often the line is read: it is known by its bytes and by where it
 * stands, so that a copy of the file adds nothing. */
void feed_problem(struct feed *feed, enum problem problem, int64_t offset, struct span line)
{
    if (feed->problems[problem]++ == 0)
        feed->problem_at[problem] = offset;
    if (feed->run != 0 && feed->err.kind == ERR_NONE)
        store_run_problem(feed->store, feed->run, hash_mix(hash_span(line), (uint64_t)offset),
                          &feed->err);
}

static bool holds_needle(const struct format *format, struct span line)
{
    const char *const *needle;

    for (needle = format->needles; *needle; needle++) {
        if (find_needle(line, span_of(*needle)))
            return true;
    }
    return false;
}

/* Without the carriage return, and without the NUL bytes that a crash leaves around a line. */
static struct span trim_line(struct span line)
{
    if (line.len > 0 && line.p[line.len - 1] == '\r')
        line.len--;
    while (line.len > 0 && line.p[line.len - 1] == '\0')
        line.len--;
    while (line.len > 0 && line.p[0] == '\0') {
        line.p++;
        line.len--;
    }
    return line;
}

static bool looks_like_object(struct span line)
{
    line = span_trim(line);
    return line.len == 0 || (line.p[0] == '{' && line.p[line.len - 1] == '}');
}

/* ---- what the source found ---- */

/* Asked once for each project: by the time of a report its folder may be gone. */
static bool note_root(struct feed *feed, const struct name *project)
{
    char *root;
    int rc;

    if (!feed->home || store_root(feed->store, project))
        return true;
    root = project_root(project->text, feed->home);
    rc = store_set_root(feed->store, project, root ? span_of(root) : project->text, &feed->err);
    free(root);
    return rc == 0;
}

static const struct origin *origin_of(struct feed *feed, const struct event *event)
{
    struct origin wanted = {
        .agent = feed->agent,
        .machine = feed->machine,
        .account = feed->account,
        .subagent = (event->flags & EVENT_SUBAGENT) != 0,
    };

    wanted.project = store_name(feed->store, NAME_PROJECT, event->project, &feed->err);
    if (!wanted.project || !note_root(feed, wanted.project))
        return NULL;
    return store_origin(feed->store, &wanted, &feed->err);
}

static bool read_event_extras(struct feed *feed, const struct event *event, struct member *m)
{
    int i;

    if (event->extras_n == 0)
        return true;
    m->extras = xcalloc((size_t)event->extras_n, sizeof(*m->extras));
    for (i = 0; i < event->extras_n; i++) {
        const struct event_extra *extra = &event->extras[i];
        const struct name *model = store_name(feed->store, NAME_MODEL, extra->model, &feed->err);

        if (!model)
            return false;
        m->extras[m->extras_n++] = (struct extra){ model, extra->flags, extra->figures };
    }
    return true;
}

static void on_event(void *to, const struct event *event)
{
    struct feed *feed = to;
    struct group group = { feed->source, event->group, 0, 0 };
    struct member m = {
        .part = event->part,
        .flags = event->flags,
        .mark = event->mark,
        .at_ms = event->at_ms,
        .run = feed->run,
        .figures = event->figures,
    };

    if (event->thread)
        group = group_in_thread(feed->source, event->thread, event->step);
    m.model = store_name(feed->store, NAME_MODEL, event->model, &feed->err);
    m.session =
        store_session(feed->store, feed->agent, event->session, event->parent_session, &feed->err);
    m.origin = origin_of(feed, event);
    if (!m.model || !m.session || !m.origin || !read_event_extras(feed, event, &m)) {
        member_fini(&m); /* feed->err says why; the batch will be undone */
        return;
    }
    if (pending_add(feed->pending, &group, &m))
        feed->events++;
    else
        feed->scanner.problem = PROBLEM_SUSPICIOUS;
}

static bool is_told(struct allowance a)
{
    return a.remaining >= 0 || a.limit >= 0;
}

static void note_run_limit(struct feed *feed, const struct observation *o)
{
    struct run_news news = { .kind = RUN_NEWS_LIMIT,
                             .run = feed->run,
                             .requests = o->requests,
                             .tokens = o->tokens,
                             .resets_at_ms = o->resets_at_ms };
    struct run_limits *limits = feed->limits;
    size_t i;

    if (feed->run == 0 || !limits || (!is_told(o->requests) && !is_told(o->tokens)))
        return;
    for (i = 0; i < limits->n && limits->at[i].run != feed->run; i++)
        ;
    if (i == limits->n) {
        limits->at = xgrow(limits->at, limits->n, &limits->space, sizeof(*limits->at));
        limits->n++;
    }
    limits->at[i] = news;
}

static void on_observation(void *to, const struct observation *observation)
{
    struct feed *feed = to;

    if (observation->at_ms <= 0)
        return;
    feed->observations++;
    note_run_limit(feed, observation);
    if (feed->sightings)
        sightings_add(feed->sightings, observation, feed->account->text, clock_now_ms());
}

static void on_thread(void *to, const struct thread_news *news)
{
    struct feed *feed = to;

    if (feed->err.kind == ERR_NONE)
        threads_note(feed->threads, feed->store, feed->agent, news, &feed->err);
}

/* ---- what the source reads ---- */

/* Lets the source scan a text, or a row of a topic where there are cells. */
static void scan(struct feed *feed, struct span text, int topic, const struct cell *cells)
{
    const struct sink sink = { on_event, on_observation, feed, on_thread };

    feed->scanner.out = &sink;
    feed->scanner.problem = PROBLEM_NONE;
    if (cells)
        feed->format->row(&feed->scanner, topic, cells);
    else
        feed->format->scan(&feed->scanner, text);
    feed->scanner.out = NULL;
}

static void note_problem(struct feed *feed, int64_t offset, struct span line)
{
    if (feed->scanner.problem != PROBLEM_NONE)
        feed_problem(feed, feed->scanner.problem, offset, line);
}

void feed_document(struct feed *feed, struct span document)
{
    scan(feed, document, 0, NULL);
    note_problem(feed, 0, document);
}

void feed_row(struct feed *feed, int topic, const struct cell *cells)
{
    scan(feed, SPAN_ABSENT, topic, cells);
    note_problem(feed, 0, SPAN_ABSENT);
}

/* ---- lines ---- */

static void feed_line(struct feed *feed, struct span line, int64_t offset)
{
    line = trim_line(line);
    if (line.len == 0 || (feed->run != 0 && span_trim(line).len == 0))
        return;
    if (feed->run == 0 && !holds_needle(feed->format, line)) {
        if (!looks_like_object(line))
            feed_problem(feed, PROBLEM_NOT_JSON, offset, line);
        return;
    }
    scan(feed, line, 0, NULL);
    note_problem(feed, offset, line);
}

void feed_lines(struct feed *feed, struct span lines, int64_t offset)
{
    const char *p = lines.p, *end = lines.p + lines.len;

    while (p < end && feed->err.kind == ERR_NONE) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        const char *stop = newline ? newline : end;

        feed->scanner.before = (struct span){ lines.p, (size_t)(p - lines.p) };
        feed_line(feed, (struct span){ p, (size_t)(stop - p) }, offset + (p - lines.p));
        p = stop + 1;
    }
    feed->scanner.before = SPAN_ABSENT;
    if (feed->format->leave)
        feed->format->leave(&feed->scanner, lines);
}

void feed_rest(struct feed *feed, struct span rest)
{
    rest = trim_line(rest);
    if (rest.len > 0 && (feed->run != 0 || holds_needle(feed->format, rest)))
        scan(feed, rest, 0, NULL); /* half a line is no problem: its other half may come */
}
