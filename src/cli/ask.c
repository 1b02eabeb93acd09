/* cli/ask.c — what a report's options ask for, as a query.
 *
 * Everything that the table of options cannot judge alone is judged here: days, lists of reports,
 * options that exclude each other.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/clock.h"
#include "report/when.h"

#define RECENT_DAYS 3

/* Commands, and sections, by what their rows are. */
static const struct {
    const char *name;
    enum report_by by;
} reports[] = {
    { "daily", REPORT_DAY },        { "weekly", REPORT_WEEK },  { "monthly", REPORT_MONTH },
    { "session", REPORT_SESSION },  { "blocks", REPORT_BLOCK }, { "models", REPORT_MODEL },
    { "projects", REPORT_PROJECT }, { "agents", REPORT_AGENT }, { "machines", REPORT_MACHINE },
};
#define REPORTS (sizeof(reports) / sizeof(reports[0]))

static const char *const weekdays[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
#define SUNDAY 6

static bool find_report(struct span name, enum report_by *by)
{
    size_t i;

    for (i = 0; i < REPORTS; i++) {
        if (span_is(name, reports[i].name)) {
            *by = reports[i].by;
            return true;
        }
    }
    return false;
}

static int take_sections(struct asked *asked, const char *list, struct err *err)
{
    struct span rest = span_of(list), name;
    struct buf names = { 0 };
    size_t i;

    while (span_split(&rest, ',', &name)) {
        if (asked->n < REPORT_BYS && find_report(span_trim(name), &asked->by[asked->n])) {
            asked->n++;
            continue;
        }
        for (i = 0; i < REPORTS; i++)
            buf_printf(&names, "%s%s",
                       i == 0            ? ""
                       : i + 1 < REPORTS ? ", "
                                         : " and ",
                       reports[i].name);
        err_set(err, ERR_USAGE,
                asked->n < REPORT_BYS ? "--sections takes names out of %s, not '%.*s'"
                                      : "--sections takes each of %s once; '%.*s' is too many",
                names.p, name.len < 80 ? (int)name.len : 80, name.p);
        buf_fini(&names);
        return -1;
    }
    return 0;
}

static int week_start(const struct cli *cli)
{
    int day = 0;

    if (!cli->config->start_of_week)
        return cli->call.agent ? SUNDAY : 0; /* reports of one agent do so in ccusage */
    while (!span_is(span_of(cli->config->start_of_week), weekdays[day]))
        day++;
    return day;
}

/* ---- options that exclude each other ---- */

static int check_together(const struct config *config, struct err *err)
{
    const struct {
        bool a, b;
        const char *a_name, *b_name;
    } pairs[] = {
        { config->json, config->csv, "json", "csv" },
        { config->json, config->markdown, "json", "markdown" },
        { config->csv, config->markdown, "csv", "markdown" },
        { config->compact, config->wide, "compact", "wide" },
        { config->last > 0, config->since != NULL, "last", "since" },
        { config->recent, config->since != NULL, "recent", "since" },
        { config->instances, config->sections != NULL, "instances", "sections" },
        { config->id != NULL, config->sections != NULL, "id", "sections" },
    };
    size_t i;

    for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (pairs[i].a && pairs[i].b) {
            err_set(err, ERR_USAGE, "--%s and --%s exclude each other", pairs[i].a_name,
                    pairs[i].b_name);
            return -1;
        }
    }
    return 0;
}

/* ---- days ---- */

static int parse_bound(struct report_query *q, enum report_bound bound, const char *text,
                       struct err *err)
{
    struct report_now now = { zone_day_of(q->zone, q->blocks.now_ms), q->week_start };

    if (!text || report_when(span_of(text), &now, bound,
                             bound == REPORT_SINCE ? &q->since_day : &q->until_day))
        return 0;
    err_set(err, ERR_USAGE, "--%s takes a day such as " REPORT_WHEN_WORDS ", not '%s'",
            bound == REPORT_SINCE ? "since" : "until", text);
    return -1;
}

static int take_days(struct report_query *q, const struct config *config, struct err *err)
{
    struct report_now now = { zone_day_of(q->zone, q->blocks.now_ms), q->week_start };

    if (parse_bound(q, REPORT_SINCE, config->since, err) < 0 ||
        parse_bound(q, REPORT_UNTIL, config->until, err) < 0)
        return -1;
    if (config->last > 0)
        q->since_day = report_last_periods(q->by, config->last, &now);
    if (config->recent)
        q->since_day = now.today - RECENT_DAYS;
    if (config->since && q->until_day != REPORT_OPEN && q->since_day > q->until_day) {
        err_set(err, ERR_USAGE, "--since %s is later than --until %s", config->since,
                config->until);
        return -1;
    }
    return 0;
}

static int take_token_limit(struct report_query *q, const char *text, struct err *err)
{
    int64_t *limit = &q->blocks.token_limit;

    if (!text)
        return 0;
    if (span_is(span_of(text), "max")) {
        *limit = REPORT_LIMIT_MAX;
        return 0;
    }
    if (span_int(span_of(text), limit) && *limit > 0)
        return 0;
    err_set(err, ERR_USAGE, "--token-limit takes a number of tokens or max, not '%s'", text);
    return -1;
}

static const char *const *list_of(char **list)
{
    return (const char *const *)(const void *)list;
}

/* Whose usage: the agent named before the command, else what --agent says. */
static const char *const *wanted_agents(struct asked *asked, const struct cli *cli)
{
    const char *agent = cli->call.agent;

    if (!agent && cli->as_ccusage && asked->by[0] == REPORT_BLOCK)
        agent = ccusage_blocks_agent();
    if (!agent)
        return list_of(cli->config->agents);
    asked->agents[0] = agent;
    return asked->agents;
}

static enum report_order wanted_order(const char *order)
{
    if (!order)
        return REPORT_USUAL;
    return span_is(span_of(order), "desc") ? REPORT_DESCENDING : REPORT_ASCENDING;
}

int ask_reports(struct asked *asked, const struct cli *cli, struct err *err)
{
    const struct config *config = cli->config;

    *asked = (struct asked){ .n = 0 };
    if (check_together(config, err) < 0 || zone_open(&asked->zone, config->timezone, err) < 0)
        return -1;
    if (config->sections && take_sections(asked, config->sections, err) < 0)
        return -1;
    if (asked->n == 0)
        asked->n = find_report(span_of(cli->call.command->name), &asked->by[0]);
    asked->query = (struct report_query){
        .by = asked->by[0],
        .zone = asked->zone,
        .since_day = REPORT_OPEN,
        .until_day = REPORT_OPEN,
        .order = wanted_order(config->order),
        .limit = config->limit,
        .cost = open_cost(cli),
        .unfolded = !config->fold_projects || config->no_fold,
        .project_names = config->project_names,
        .plans = config->plans,
        .week_start = week_start(cli),
        .filter = { .agents = wanted_agents(asked, cli),
                    .models = list_of(config->models),
                    .projects = list_of(config->projects),
                    .machines = list_of(config->machines),
                    .session = config->id },
        .blocks = { .now_ms = clock_now_ms(),
                    .hours = config->session_length,
                    .active_only = config->active },
    };
    if (take_token_limit(&asked->query, config->token_limit, err) < 0)
        return -1;
    return take_days(&asked->query, config, err);
}

void ask_fini(struct asked *asked)
{
    zone_close(asked->zone);
    asked->zone = NULL;
}
