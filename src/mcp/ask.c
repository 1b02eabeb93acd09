/* mcp/ask.c — the arguments of tools: one table that is their schema and reads them.
 *
 * Days are given in the words of the command line; what no single argument can decide (a span that
 * ends before it begins) is decided here too.
 * SPDX-License-Identifier: MIT
 */
#include "mcp/mcp_internal.h"

#include "base/clock.h"
#include "base/pick.h"
#include "report/when.h"

#include <stddef.h>
#include <stdlib.h>

enum { ROWS_USUAL = 50, ROWS_MOST = 1000, PERIODS_MOST = 36500, DOLLARS_MOST = 1000000000 };

#define NUSD INT64_C(1000000000) /* in a dollar */

#define AT(field)  offsetof(struct mcp_ask, field)
#define FOR_REPORT (MCP_USAGE | MCP_SESSIONS)
#define FOR_ALL    (FOR_REPORT | MCP_COST)

enum kind { TEXT, NUMBER, MONEY, LIST, KINDS };

static const char *const kind_words[KINDS] = {
    "a text",
    "a whole number",
    "an amount of US dollars such as 20 or 2.5",
    "a text or a list of up to 32 texts",
};

static const struct argument {
    const char *name;
    size_t at; /* in struct mcp_ask */
    enum kind kind;
    unsigned tools;    /* enum mcp_tool bits */
    const char *words; /* of TEXT: what it may be, by blanks; NULL: anything */
    int64_t min, max;  /* of NUMBER; dollars of MONEY */
    const char *help;
} arguments_known[] = {
    /* clang-format off */
    { .name = "by", .at = AT(by), .kind = TEXT, .tools = MCP_USAGE,
      .words = "day week month block model agent project machine",
      .help = "What a row stands for; day if not given. A block is five hours of use." },
    { .name = "since", .at = AT(since), .kind = TEXT, .tools = FOR_REPORT,
      .help = "First day: 2026-11-01, today, yesterday, 7d, this-week, last-month." },
    { .name = "until", .at = AT(until), .kind = TEXT, .tools = FOR_REPORT,
      .help = "Last day, included; written like since." },
    { .name = "last", .at = AT(last), .kind = NUMBER, .tools = MCP_USAGE, .min = 1,
      .max = PERIODS_MOST,
      .help = "The last so many days, weeks or months instead, the present one among them." },
    { .name = "id", .at = AT(id), .kind = TEXT, .tools = MCP_SESSIONS,
      .help = "Only this session." },
    { .name = "period", .at = AT(period), .kind = TEXT, .tools = MCP_COST,
      .words = "day week month",
      .help = "The present day, week or month; day if not given." },
    { .name = "budget", .at = AT(budget_nusd), .kind = MONEY, .tools = MCP_COST,
      .max = DOLLARS_MOST,
      .help = "US dollars that may be spent in the period; the answer says what remains." },
    { .name = "agent", .at = AT(agents), .kind = LIST, .tools = FOR_ALL,
      .help = "Only these agents (globs)." },
    { .name = "model", .at = AT(models), .kind = LIST, .tools = FOR_ALL,
      .help = "Only these models (globs; any part of the name will do)." },
    { .name = "project", .at = AT(projects), .kind = LIST, .tools = FOR_ALL,
      .help = "Only these projects (globs; the name of the folder will do)." },
    { .name = "machine", .at = AT(machines), .kind = LIST, .tools = FOR_ALL,
      .help = "Only these machines (globs)." },
    { .name = "order", .at = AT(order), .kind = TEXT, .tools = FOR_REPORT, .words = "desc asc",
      .help = "desc (if not given): newest period first, else most tokens first." },
    { .name = "limit", .at = AT(limit), .kind = NUMBER, .tools = FOR_REPORT, .min = 1,
      .max = ROWS_MOST,
      .help = "At most so many rows; 50 if not given. Totals are always of all rows." },
    { .name = "offset", .at = AT(offset), .kind = NUMBER, .tools = FOR_REPORT, .min = 0,
      .max = INT32_MAX, .help = "Leave out so many rows first." },
    { .name = NULL },
    /* clang-format on */
};

/* ---- the schema ---- */

static void put_words(struct json_out *out, const char *words)
{
    struct span rest = span_of(words), word;

    json_key(out, "enum");
    json_open(out, '[');
    while (span_split(&rest, ' ', &word))
        json_text(out, word);
    json_close(out, ']');
}

static void put_list_type(struct json_out *out)
{
    json_key(out, "anyOf");
    json_open(out, '[');
    json_open(out, '{');
    json_put_text(out, "type", SPAN_LIT("string"));
    json_close(out, '}');
    json_open(out, '{');
    json_put_text(out, "type", SPAN_LIT("array"));
    json_put_int(out, "maxItems", MCP_GLOBS);
    json_key(out, "items");
    json_open(out, '{');
    json_put_text(out, "type", SPAN_LIT("string"));
    json_close(out, '}');
    json_close(out, '}');
    json_close(out, ']');
}

static void put_argument(struct json_out *out, const struct argument *a)
{
    static const char *const types[KINDS] = { "string", "integer", "number", NULL };

    json_key(out, a->name);
    json_open(out, '{');
    if (types[a->kind])
        json_put_text(out, "type", span_of(types[a->kind]));
    else
        put_list_type(out);
    if (a->words)
        put_words(out, a->words);
    if (a->kind == NUMBER || a->kind == MONEY) {
        json_put_int(out, "minimum", a->min);
        json_put_int(out, "maximum", a->max);
    }
    json_put_text(out, "description", span_of(a->help));
    json_close(out, '}');
}

void mcp_ask_schema(struct json_out *out, enum mcp_tool tool)
{
    const struct argument *a;

    json_open(out, '{');
    json_put_text(out, "type", SPAN_LIT("object"));
    json_key(out, "properties");
    json_open(out, '{');
    for (a = arguments_known; a->name; a++) {
        if (a->tools & tool)
            put_argument(out, a);
    }
    json_close(out, '}');
    json_put_bool(out, "additionalProperties", false);
    json_close(out, '}');
}

/* ---- reading ---- */

static bool take_text(const struct argument *a, const json_t *value, void *at)
{
    const char *text = json_string_value(value);
    struct span rest, word;

    if (!text)
        return false;
    *(const char **)at = text;
    if (!a->words)
        return true;
    rest = span_of(a->words);
    while (span_split(&rest, ' ', &word)) {
        if (span_is(word, text))
            return true;
    }
    return false;
}

static bool take_number(const struct argument *a, const json_t *value, void *at)
{
    int64_t number = json_integer_value(value);

    if (!json_is_integer(value) || number < a->min || number > a->max)
        return false;
    *(int64_t *)at = number;
    return true;
}

/* As it was written, digit by digit: no fraction of a cent is lost on the way. */
static bool take_money(const struct argument *a, const json_t *value, void *at)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    struct picked number = { PICKED_NUMBER, span_of(text), false };
    bool good = text && json_is_number(value) && text[0] != '-' && picked_nusd(&number, at) &&
                *(int64_t *)at <= a->max * NUSD;

    free(text);
    return good;
}

static bool take_list(const struct argument *a, const json_t *value, void *at)
{
    const char **list = at;
    size_t n = json_array_size(value), i;

    (void)a;
    if (json_is_string(value)) {
        list[0] = json_string_value(value);
        return true;
    }
    if (!json_is_array(value) || n > MCP_GLOBS)
        return false;
    for (i = 0; i < n; i++) {
        list[i] = json_string_value(json_array_get(value, i));
        if (!list[i])
            return false;
    }
    return true;
}

static bool (*const takers[KINDS])(const struct argument *, const json_t *, void *) = {
    take_text,
    take_number,
    take_money,
    take_list,
};

static int refuse_value(const struct argument *a, struct err *err)
{
    if (a->words)
        err_set(err, ERR_USAGE, "%s must be one of: %s", a->name, a->words);
    else if (a->kind == NUMBER)
        err_set(err, ERR_USAGE, "%s must be a whole number from %lld to %lld", a->name,
                (long long)a->min, (long long)a->max);
    else
        err_set(err, ERR_USAGE, "%s must be %s", a->name, kind_words[a->kind]);
    return -1;
}

static int refuse_name(enum mcp_tool tool, const char *name, struct err *err)
{
    const struct argument *a;
    struct buf names = { 0 };

    for (a = arguments_known; a->name; a++) {
        if (a->tools & tool)
            buf_printf(&names, "%s%s", names.len > 0 ? ", " : "", a->name);
    }
    err_set(err, ERR_USAGE, "there is no argument '%.80s'; there %s %s", name,
            names.len > 0 ? "are" : "is", names.len > 0 ? names.p : "none");
    buf_fini(&names);
    return -1;
}

int mcp_ask_read(struct mcp_ask *ask, enum mcp_tool tool, const json_t *arguments, struct err *err)
{
    const char *name;
    json_t *value;

    *ask = (struct mcp_ask){ .limit = ROWS_USUAL, .budget_nusd = -1 };
    json_object_foreach((json_t *)(uintptr_t)arguments, name, value)
    {
        const struct argument *a = arguments_known;

        while (a->name && !((a->tools & tool) && strcmp(a->name, name) == 0))
            a++;
        if (!a->name)
            return refuse_name(tool, name, err);
        if (!json_is_null(value) && !takers[a->kind](a, value, (char *)ask + a->at))
            return refuse_value(a, err);
    }
    return 0;
}

/* ---- as a report's question ---- */

enum report_by mcp_ask_by(const char *name)
{
    int by = REPORT_BYS - 1;

    while (by > REPORT_DAY && !(name && strcmp(name, report_by_names[by]) == 0))
        by--;
    return (enum report_by)by;
}

static int take_bound(struct report_query *q, enum report_bound bound, const char *text,
                      struct err *err)
{
    struct report_now now = { zone_day_of(q->zone, q->blocks.now_ms), q->week_start };

    if (!text || report_when(span_of(text), &now, bound,
                             bound == REPORT_SINCE ? &q->since_day : &q->until_day))
        return 0;
    err_set(err, ERR_USAGE, "%s must be a day such as " REPORT_WHEN_WORDS ", not '%.80s'",
            bound == REPORT_SINCE ? "since" : "until", text);
    return -1;
}

static int take_days(struct report_query *q, const struct mcp_ask *ask, struct err *err)
{
    struct report_now now = { zone_day_of(q->zone, q->blocks.now_ms), q->week_start };

    if (take_bound(q, REPORT_SINCE, ask->since, err) < 0 ||
        take_bound(q, REPORT_UNTIL, ask->until, err) < 0)
        return -1;
    if (ask->since && ask->until && q->since_day > q->until_day) {
        err_set(err, ERR_USAGE, "since %.80s is later than until %.80s", ask->since, ask->until);
        return -1;
    }
    if (ask->last == 0)
        return 0;
    if (ask->since || q->by > REPORT_MONTH) {
        err_set(err, ERR_USAGE, "last goes with by day, week or month, and not with since");
        return -1;
    }
    q->since_day = report_last_periods(q->by, ask->last, &now);
    return 0;
}

static const char *const *list_of(const char *const *list)
{
    return list[0] ? list : NULL;
}

int mcp_ask_query(const struct mcp_ask *ask, const struct mcp_parts *parts, enum report_by by,
                  struct report_query *query, struct err *err)
{
    bool rising = ask->order && strcmp(ask->order, "asc") == 0;

    *query = parts->query;
    query->by = by;
    query->since_day = query->until_day = REPORT_OPEN;
    query->order = rising ? REPORT_ASCENDING : REPORT_DESCENDING;
    query->limit = ask->limit;
    query->offset = ask->offset;
    query->blocks.now_ms = clock_now_ms();
    query->filter = (struct report_filter){ .agents = list_of(ask->agents),
                                            .models = list_of(ask->models),
                                            .projects = list_of(ask->projects),
                                            .machines = list_of(ask->machines),
                                            .session = ask->id };
    return take_days(query, ask, err);
}
