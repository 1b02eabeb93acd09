/* show/export.c — single events as lines of CSV or JSON, from one table of fields.
 *
 * Money is exact; what is unknown or was not logged is an empty field, or null.
 * SPDX-License-Identifier: MIT
 */
#include "show/export.h"

#include "base/civil.h"
#include "base/json_out.h"
#include "show/show_internal.h"
#include "store/rows.h"

/* What a field is. */
struct value {
    enum { VALUE_TEXT, VALUE_INT, VALUE_MONEY, VALUE_FLAG } kind;
    struct span text;
    int64_t number; /* INT64_MIN of money: none */
};

struct event_line {
    const struct row *row;
    char time[CIVIL_TIME_SIZE];
};

static struct value text(struct span span)
{
    return (struct value){ .kind = VALUE_TEXT, .text = span };
}

static struct value number(int64_t n)
{
    return (struct value){ .kind = VALUE_INT, .number = n };
}

static struct value get_time(const struct event_line *l)
{
    return text(span_of(l->time));
}

static struct value get_agent(const struct event_line *l)
{
    return text(l->row->origin->agent->text);
}

static struct value get_model(const struct event_line *l)
{
    return text(l->row->model->text);
}

static struct value get_project(const struct event_line *l)
{
    return text(l->row->origin->project->text);
}

static struct value get_machine(const struct event_line *l)
{
    return text(l->row->origin->machine->text);
}

static struct value get_account(const struct event_line *l)
{
    return text(l->row->origin->account->text);
}

static struct value get_session(const struct event_line *l)
{
    return text(l->row->session->text);
}

static struct value get_subagent(const struct event_line *l)
{
    return (struct value){ .kind = VALUE_FLAG, .number = l->row->origin->subagent };
}

static struct value get_searches(const struct event_line *l)
{
    return number(l->row->figures.web_searches);
}

static struct value get_cost(const struct event_line *l)
{
    return (struct value){ .kind = VALUE_MONEY, .number = l->row->cost_nusd };
}

static struct value get_logged(const struct event_line *l)
{
    return (struct value){ .kind = VALUE_MONEY, .number = l->row->figures.logged_nusd };
}

static struct value get_estimated(const struct event_line *l)
{
    return (struct value){ .kind = VALUE_FLAG, .number = (l->row->flags & EVENT_ESTIMATED) != 0 };
}

static struct value get_id(const struct event_line *l)
{
    return number(l->row->id);
}

static const struct field {
    const char *name;
    struct value (*get)(const struct event_line *line); /* NULL: tokens of a kind */
    enum token kind;
} fields[] = {
    { "time", get_time },
    { "agent", get_agent },
    { "model", get_model },
    { "project", get_project },
    { "machine", get_machine },
    { "account", get_account },
    { "session", get_session },
    { "subagent", get_subagent },
    { "inputTokens", NULL, TOKEN_INPUT },
    { "outputTokens", NULL, TOKEN_OUTPUT },
    { "cacheReadTokens", NULL, TOKEN_CACHE_READ },
    { "cacheCreation5mTokens", NULL, TOKEN_CACHE_WRITE_5M },
    { "cacheCreation1hTokens", NULL, TOKEN_CACHE_WRITE_1H },
    { "reasoningTokens", NULL, TOKEN_REASONING },
    { "webSearches", get_searches },
    { "costUSD", get_cost },
    { "loggedCostUSD", get_logged },
    { "estimated", get_estimated },
    { "id", get_id },
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static struct event_line begin(const struct row *row)
{
    struct event_line line = { .row = row };

    civil_format_iso(row->at_ms, line.time);
    return line;
}

static struct value get(const struct field *field, const struct event_line *line)
{
    return field->get ? field->get(line) : number(line->row->figures.tokens[field->kind]);
}

static void put_value(struct json_out *json, const struct value *v)
{
    switch (v->kind) {
    case VALUE_TEXT:
        json_text(json, v->text);
        break;
    case VALUE_INT:
        json_int(json, v->number);
        break;
    case VALUE_FLAG:
        json_bool(json, v->number != 0);
        break;
    case VALUE_MONEY:
        if (v->number == INT64_MIN)
            json_nil(json);
        else
            json_money(json, v->number);
        break;
    }
}

void show_event_json(struct buf *out, const struct row *row)
{
    struct event_line line = begin(row);
    struct json_out json;
    size_t i;

    json_out_init(&json, out, 0);
    json_open(&json, '{');
    for (i = 0; i < FIELDS; i++) {
        struct value v = get(&fields[i], &line);

        json_key(&json, fields[i].name);
        put_value(&json, &v);
    }
    json_close(&json, '}');
    buf_add_char(out, '\n');
}

void show_event_csv_head(struct buf *out)
{
    size_t i;

    for (i = 0; i < FIELDS; i++)
        buf_printf(out, "%s%s", i ? "," : "", fields[i].name);
    buf_add_text(out, "\r\n");
}

void show_event_csv(struct buf *out, const struct row *row)
{
    struct event_line line = begin(row);
    struct json_out json;
    size_t i;

    for (i = 0; i < FIELDS; i++) {
        struct value v = get(&fields[i], &line);

        if (i > 0)
            buf_add_char(out, ',');
        if (v.kind == VALUE_TEXT) {
            show_csv_text(out, v.text);
        } else if (v.kind != VALUE_MONEY || v.number != INT64_MIN) {
            json_out_init(&json, out, 0);
            put_value(&json, &v);
        }
    }
    buf_add_text(out, "\r\n");
}
