/* cli/doctor.c — `tacho doctor`: is all well here, and what helps where it is not.
 *
 * Looks at one thing after another; what cannot be looked at because something before it is wrong
 * is left out. Changes nothing but what every report does: new lines of the logs are read.
 * SPDX-License-Identifier: MIT
 */
#include "cli/doctor.h"

#include "base/civil.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "ingest/catch_up.h"
#include "source/roots.h"
#include "store/serving.h"
#include "store/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

void doctor_add(struct doctor *d, const char *about, const char *remedy, char *says)
{
    d->findings = xgrow(d->findings, d->n, &d->space, sizeof(*d->findings));
    d->findings[d->n++] = (struct finding){ about, remedy == NULL, says, remedy };
}

/* ---- configuration ---- */

#define REMEDY_CONFIG "put it right with 'tacho config edit'"

/* Things that no other room refuses before it needs them. */
static int check_values(const struct config *config, struct err *err)
{
    struct zone *zone = NULL;
    int rc = zone_open(&zone, config->timezone, err);

    zone_close(zone);
    if (rc < 0 || (config->sources && roots_check(config->sources, err) < 0))
        return -1;
    return config->plans ? report_check_plans(config->plans, err) : 0;
}

/* False: nothing else can be looked at. */
static bool look_at_config(struct doctor *d, const struct err *told)
{
    const struct config *config = d->cli->config;
    struct err err = *told;

    if (err.kind == ERR_NONE && check_values(config, &err) == 0) {
        doctor_add(d, "configuration", NULL, xstrdup(config->config_path));
        return true;
    }
    doctor_add(d, "configuration", REMEDY_CONFIG, xstrdup(err.text));
    return false;
}

/* ---- ledger ---- */

static const char *remedy_of(enum err_kind kind)
{
    static const struct {
        enum err_kind kind;
        const char *remedy;
    } remedies[] = {
        { ERR_DAMAGED, "repair it with 'tacho ledger rebuild'; events that can be read are kept" },
        { ERR_NEWER, "install the newer tacho that wrote it" },
        { ERR_FULL, "make room on that disk" },
        { ERR_BUSY, "try again in a moment" },
    };
    size_t i;

    for (i = 0; i < sizeof(remedies) / sizeof(remedies[0]); i++) {
        if (remedies[i].kind == kind)
            return remedies[i].remedy;
    }
    return "look at the permissions of the file and its folder";
}

static void praise_ledger(struct doctor *d, const struct store_facts *facts)
{
    struct buf text = { 0 };

    buf_printf(&text, "%s: whole, ", store_path(d->store));
    show_count(&text, facts->events);
    buf_add_text(&text, facts->events == 1 ? " event, " : " events, ");
    show_bytes(&text, facts->size_bytes);
    if (!facts->complete)
        buf_printf(&text, "; logs are read for the first time, %d%% so far",
                   facts->read_permille / 10);
    doctor_add(d, "ledger", NULL, buf_take(&text));
}

/* False: it cannot be asked. */
static bool look_at_ledger(struct doctor *d)
{
    struct store_facts facts;
    struct buf why = { 0 };
    struct err err = { 0 };
    int whole = -1;

    if (open_ledger(&d->store, d->cli, &err) == 0 && store_get_facts(d->store, &facts, &err) == 0)
        whole = store_check(d->store, &why, &err);
    if (whole == 1) {
        d->last_event_ms = facts.last_event_ms;
        praise_ledger(d, &facts);
    } else if (whole == 0) {
        doctor_add(d, "ledger", remedy_of(ERR_DAMAGED),
                   xasprintf("%s is damaged: %s", store_path(d->store), why.p));
    } else {
        doctor_add(d, "ledger", remedy_of(err.kind), xstrdup(err.text));
    }
    buf_fini(&why);
    return whole == 1;
}

/* ---- sources ---- */

static void look_at_agent(struct doctor *d, const struct sources_agent *agent)
{
    static const int unreadable[] = { PROBLEM_DAMAGED, PROBLEM_UNKNOWN_FORMAT };
    size_t i;

    if (agent->changed)
        doctor_add(d, "sources", "'tacho sources' shows where; a newer tacho may understand it",
                   xasprintf("%s: more than 2 %% is not understood, its format may have changed",
                             agent->source->title));
    for (i = 0; i < sizeof(unreadable) / sizeof(unreadable[0]); i++) {
        const struct sources_problem *problem = &agent->problems[unreadable[i]];

        if (problem->lines > 0)
            doctor_add(d, "sources", "'tacho sources' shows more",
                       xasprintf("%s: %s cannot be read", agent->source->title, problem->path));
    }
}

static void look_at_sources(struct doctor *d)
{
    struct source_env env = catch_up_env(d->cli->config);
    struct err err = { 0 };
    struct buf text = { 0 };
    int64_t files = 0, agents = 0;
    size_t i;

    if (sources_report(d->store, &env, &d->sources, &err) < 0) {
        doctor_add(d, "sources", remedy_of(err.kind), xstrdup(err.text));
        return;
    }
    for (i = 0; i < d->sources.n; i++) {
        files += d->sources.agents[i].files;
        agents += d->sources.agents[i].files > 0;
        look_at_agent(d, &d->sources.agents[i]);
    }
    if (files == 0) {
        doctor_add(d, "sources", "'tacho sources' shows where logs are looked for",
                   xstrdup("no logs of any agent were found"));
        return;
    }
    show_count(&text, files);
    buf_printf(&text, " %s of %" PRId64 " %s", files == 1 ? "log" : "logs", agents,
               agents == 1 ? "agent" : "agents");
    doctor_add(d, "sources", NULL, buf_take(&text));
}

/* ---- prices ---- */

static void look_at_prices(struct doctor *d)
{
    struct report_query query = { .by = REPORT_MODEL,
                                  .since_day = REPORT_OPEN,
                                  .until_day = REPORT_OPEN };
    struct report report = { 0 };
    struct zone *zone = NULL;
    struct err err = { 0 };
    size_t i, before = d->n;

    if (zone_open(&zone, d->cli->config->timezone, &err) < 0)
        return; /* told already */
    query.zone = zone;
    if (report_build(d->store, &query, &report, &err) < 0)
        doctor_add(d, "prices", remedy_of(err.kind), xstrdup(err.text));
    for (i = 0; i < report.rows_n; i++) {
        struct buf text = { 0 };

        if (report.rows[i].sums.unpriced_tokens == 0)
            continue;
        show_count(&text, report.rows[i].sums.unpriced_tokens);
        buf_printf(&text, " tokens of %s have no price", report.rows[i].key);
        doctor_add(d, "prices",
                   "name one in the configuration's \"prices\" or 'tacho prices import' a list, "
                   "then 'tacho reprice'",
                   buf_take(&text));
    }
    if (d->n == before)
        doctor_add(d, "prices", NULL, xstrdup("every model in the ledger has one"));
    report_fini(&report);
    zone_close(zone);
}

/* ---- daemon, clock ---- */

static void look_at_daemon(struct doctor *d)
{
    struct serving serving;

    if (!serving_find(d->cli->config->db, &serving))
        doctor_add(d, "daemon", NULL,
                   xstrdup("not running; every command reads the logs for itself"));
    else if (!serving.url[0])
        doctor_add(d, "daemon", NULL, xstrdup("starting"));
    else if (!span_is(span_of(serving.version), TACHO_VERSION))
        doctor_add(d, "daemon", "'tacho serve --stop', then 'tacho serve --background'",
                   xasprintf("process %ld at %s is of another version (%s, this is %s)",
                             serving.pid, serving.url,
                             serving.version[0] ? serving.version : "an older one", TACHO_VERSION));
    else
        doctor_add(
            d, "daemon", NULL,
            xasprintf("version %s at %s, process %ld", serving.version, serving.url, serving.pid));
}

#define LONG_AGO_MS INT64_C(1767225600000) /* 2026-01-01: before this program was */

static void look_at_clock(struct doctor *d)
{
    int64_t now_ms = clock_now_ms();
    char now[CIVIL_TIME_SIZE], last[CIVIL_TIME_SIZE];

    civil_format_iso(now_ms, now);
    civil_format_iso(d->last_event_ms, last);
    if (now_ms < LONG_AGO_MS)
        doctor_add(d, "clock", "set it; 'timedatectl set-ntp true' keeps it right",
                   xasprintf("it says %s, which is long ago", now));
    else if (d->last_event_ms > now_ms + MS_PER_DAY)
        doctor_add(d, "clock", "set it, or look for a log from a machine whose clock is wrong",
                   xasprintf("it says %s, the newest event is of %s", now, last));
    else
        doctor_add(d, "clock", NULL, xstrdup(now));
}

/* ---- all of it ---- */

static void look(struct doctor *d, const struct err *told)
{
    if (!look_at_config(d, told))
        return;
    if (look_at_ledger(d)) {
        look_at_sources(d);
        look_at_prices(d);
        doctor_look_at_watches(d);
    }
    look_at_daemon(d);
    look_at_clock(d);
    doctor_look_at_permissions(d);
}

static void doctor_fini(struct doctor *d)
{
    size_t i;

    for (i = 0; i < d->n; i++)
        free(d->findings[i].says);
    free(d->findings);
    sources_fini(&d->sources);
    store_close(d->store);
}

/* *err is why the configuration could not be read, if it could not. */
int cli_doctor(const struct cli *cli, struct buf *out, struct err *err)
{
    struct doctor d = { .cli = cli };
    bool ok = true;
    size_t i;

    look(&d, err);
    for (i = 0; i < d.n; i++)
        ok = ok && d.findings[i].ok;
    if (cli->config->json)
        show_findings_json(out, d.findings, d.n);
    else
        show_findings(out, d.findings, d.n, &cli->style);
    doctor_fini(&d);
    return ok ? 0 : 1;
}
