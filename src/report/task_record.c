/* report/task_record.c — see task_record.h.
 * SPDX-License-Identifier: MIT
 */
#include "report/task_record.h"

#include "base/arena.h"
#include "base/civil.h"
#include "base/mem.h"
#include "base/pick.h"

#include <stdlib.h>

#define TEXT_MAX_BYTES 512

struct task_records {
    struct task *at;
    size_t n, space;
    struct arena *arena; /* owns the texts */
};

enum {
    V_ID,
    V_AGENT,
    V_AGENT_NAME,
    V_AGENT_TYPE,
    V_MODEL,
    V_SESSION,
    V_STATUS,
    V_STARTED,
    V_FINISHED,
    V_TURNS,
    V_INPUT,
    V_OUTPUT,
    V_CREATION,
    V_READ,
    V_COST,
    V_COUNT
};

static const struct pick_key agent_keys[] = {
    { "name", V_AGENT_NAME, NULL },
    { "type", V_AGENT_TYPE, NULL },
    { NULL, 0, NULL },
};

static const struct pick_key keys[] = {
    { "id", V_ID, NULL },
    { "agent", V_AGENT, agent_keys },
    { "model", V_MODEL, NULL },
    { "session_id", V_SESSION, NULL },
    { "status", V_STATUS, NULL },
    { "started_at", V_STARTED, NULL },
    { "finished_at", V_FINISHED, NULL },
    { "turns", V_TURNS, NULL },
    { "input_tokens", V_INPUT, NULL },
    { "output_tokens", V_OUTPUT, NULL },
    { "cache_creation_tokens", V_CREATION, NULL },
    { "cache_read_tokens", V_READ, NULL },
    { "total_cost_usd", V_COST, NULL },
    { NULL, 0, NULL },
};

/* ---- fields ---- */

static const struct text_field {
    const char *name;
    int slot;
    size_t at; /* offset of the span in struct task */
    bool needed;
} texts[] = {
    { "id", V_ID, offsetof(struct task, id), true },
    { "agent.name", V_AGENT_NAME, offsetof(struct task, agent), true },
    { "agent.type", V_AGENT_TYPE, offsetof(struct task, type), true },
    { "model", V_MODEL, offsetof(struct task, model), false },
    { "session_id", V_SESSION, offsetof(struct task, session), false },
    { "status", V_STATUS, offsetof(struct task, status), false },
};

static const struct number_field {
    const char *name;
    int slot;
    size_t at;
} counts[] = {
    { "turns", V_TURNS, offsetof(struct task, turns) },
    { "input_tokens", V_INPUT, offsetof(struct task, input) },
    { "output_tokens", V_OUTPUT, offsetof(struct task, output) },
    { "cache_creation_tokens", V_CREATION, offsetof(struct task, cache_creation) },
    { "cache_read_tokens", V_READ, offsetof(struct task, cache_read) },
};

static int refuse(const char *name, const struct picked *value, const char *allowed,
                  struct err *err)
{
    if (value->type == PICKED_ABSENT)
        err_set(err, ERR_USAGE, "%s is missing; it takes %s", name, allowed);
    else
        err_set(err, ERR_USAGE, "%s takes %s, not %s%.*s", name, allowed,
                value->type == PICKED_STRING ? "the text " : "",
                value->text.len < 80 ? (int)value->text.len : 80, value->text.p);
    return -1;
}

static int read_text(struct task_records *r, const struct text_field *field,
                     const struct picked *value, struct task *task, struct err *err)
{
    char scratch[TEXT_MAX_BYTES + 2];
    struct span text = picked_text(value, scratch, sizeof(scratch));
    struct span *place = (struct span *)((char *)task + field->at);

    *place = SPAN_ABSENT;
    if (value->type == PICKED_ABSENT && !field->needed)
        return 0;
    if (!text.p || text.len > TEXT_MAX_BYTES || (field->needed && text.len == 0) ||
        memchr(text.p, '\0', text.len))
        return refuse(field->name, value,
                      field->needed ? "a text of 1 to 512 bytes" : "a text of at most 512 bytes",
                      err);
    if (text.len > 0) /* an empty text tells nothing */
        *place = span_of(arena_text(r->arena, text));
    return 0;
}

static int read_count(const struct number_field *field, const struct picked *value,
                      struct task *task, struct err *err)
{
    int64_t *place = (int64_t *)((char *)task + field->at);

    *place = TASK_NULL;
    if (value->type == PICKED_ABSENT ||
        (value->type == PICKED_NUMBER && span_int(value->text, place) && *place >= 0 &&
         *place <= TASK_COUNT_MAX))
        return 0;
    return refuse(field->name, value, "a whole number from 0 to 1000000000000", err);
}

/* Milliseconds, or a time as text. */
static bool parse_time(const struct picked *value, int64_t *at_ms)
{
    char scratch[64];
    struct span text = picked_text(value, scratch, sizeof(scratch));

    if (value->type == PICKED_NUMBER)
        return span_int(value->text, at_ms) && *at_ms >= 0 && *at_ms <= TASK_TIME_MAX;
    return text.p && civil_parse_rfc3339(text, at_ms) && *at_ms >= 0 && *at_ms <= TASK_TIME_MAX;
}

static int read_times(const struct picked *v, struct task *task, struct err *err)
{
    static const char allowed[] = "milliseconds since 1970 or a time such as 2026-11-22T10:00:00Z";

    task->finished_ms = TASK_NULL;
    if (!parse_time(&v[V_STARTED], &task->started_ms))
        return refuse("started_at", &v[V_STARTED], allowed, err);
    if (v[V_FINISHED].type == PICKED_ABSENT || parse_time(&v[V_FINISHED], &task->finished_ms))
        return 0;
    return refuse("finished_at", &v[V_FINISHED], allowed, err);
}

static int read_cost(const struct picked *value, struct task *task, struct err *err)
{
    task->cost_nusd = TASK_NULL;
    if (value->type == PICKED_ABSENT ||
        (value->type == PICKED_NUMBER && picked_nusd(value, &task->cost_nusd) &&
         task->cost_nusd >= 0))
        return 0;
    return refuse("total_cost_usd", value, "dollars such as 0.0123", err);
}

static int read_record(struct task_records *r, struct span text, struct err *err)
{
    struct picked v[V_COUNT];
    struct task task = { 0 };
    size_t i;

    if (pick_json(text, keys, v, V_COUNT) < 0) {
        err_set(err, ERR_USAGE, "this is no JSON object");
        return -1;
    }
    if (v[V_AGENT].type != PICKED_OBJECT)
        return refuse("agent", &v[V_AGENT], "an object {\"name\",\"type\"}", err);
    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (read_text(r, &texts[i], &v[texts[i].slot], &task, err) < 0)
            return -1;
    }
    for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        if (read_count(&counts[i], &v[counts[i].slot], &task, err) < 0)
            return -1;
    }
    if (read_times(v, &task, err) < 0 || read_cost(&v[V_COST], &task, err) < 0)
        return -1;
    r->at = xgrow(r->at, r->n, &r->space, sizeof(*r->at));
    r->at[r->n++] = task;
    return 0;
}

/* ---- documents ---- */

/* Puts the place before what is wrong there. */
static int read_placed(struct task_records *r, struct span text, const char *unit, size_t place,
                       struct err *err)
{
    struct err why = { 0 };

    if (read_record(r, text, &why) == 0)
        return 0;
    err_set(err, why.kind, "%s %zu: %s", unit, place, why.text);
    return -1;
}

static int read_list(struct task_records *r, struct span text, struct err *err)
{
    static const struct pick_key list_key[] = { { "list", 0, NULL }, { NULL, 0, NULL } };
    struct buf wrapped = { 0 };
    struct picked list, element;
    size_t at = 0, i = 0;
    int rc = 0;

    buf_printf(&wrapped, "{\"list\":");
    buf_add_span(&wrapped, text);
    buf_add_char(&wrapped, '}');
    if (pick_json(buf_span(&wrapped), list_key, &list, 1) < 0 || list.type != PICKED_ARRAY) {
        err_set(err, ERR_USAGE, "this is no valid JSON: one task or a list of tasks is wanted");
        rc = -1;
    }
    while (rc == 0 && pick_each(list, &at, NULL, &element))
        rc = read_placed(r, element.text, "record", i++, err);
    buf_fini(&wrapped);
    return rc;
}

static int read_lines(struct task_records *r, struct span text, struct err *err)
{
    struct span line;
    size_t number = 0;

    while (span_split(&text, '\n', &line)) {
        number++;
        line = span_trim(line);
        if (line.len > 0 && read_placed(r, line, "line", number, err) < 0)
            return -1;
    }
    return 0;
}

static int read_document(struct task_records *r, struct span text, struct err *err)
{
    text = span_trim(text);
    if (text.len == 0) {
        err_set(err, ERR_USAGE, "this is empty: one task or a list of tasks is wanted");
        return -1;
    }
    return text.p[0] == '{' ? read_placed(r, text, "record", 0, err) : read_list(r, text, err);
}

int task_records_read(struct task_records **out, struct span text, enum task_records_form form,
                      struct err *err)
{
    struct task_records *r = xcalloc(1, sizeof(*r));
    int rc;

    r->arena = arena_new();
    rc = form == TASK_RECORDS_LINES ? read_lines(r, text, err) : read_document(r, text, err);
    if (rc == 0) {
        *out = r;
        r = NULL;
    }
    task_records_free(r);
    return rc;
}

void task_records_free(struct task_records *records)
{
    if (!records)
        return;
    free(records->at);
    arena_free(records->arena);
    free(records);
}

size_t task_records_count(const struct task_records *records)
{
    return records->n;
}

int task_records_store(const struct task_records *records, struct store *store, size_t *replaced,
                       struct err *err)
{
    size_t i, again = 0;
    bool was;

    if (store_begin(store, err) < 0)
        return -1;
    for (i = 0; i < records->n; i++) {
        if (store_task_put(store, &records->at[i], &was, err) < 0) {
            store_rollback(store);
            return -1;
        }
        again += was;
    }
    if (replaced)
        *replaced = again;
    return store_commit(store, err);
}

/* ---- write ---- */

static void put_number(struct json_out *out, const char *key, int64_t number)
{
    json_key(out, key);
    if (number == TASK_NULL)
        json_nil(out);
    else
        json_int(out, number);
}

void task_record_write(struct json_out *out, const struct task *task)
{
    json_open(out, '{');
    json_put_text(out, "id", task->id);
    json_key(out, "agent");
    json_open(out, '{');
    json_put_text(out, "name", task->agent);
    json_put_text(out, "type", task->type);
    json_close(out, '}');
    json_put_text(out, "model", task->model);
    json_put_text(out, "session_id", task->session);
    json_put_text(out, "status", task->status);
    put_number(out, "started_at", task->started_ms);
    put_number(out, "finished_at", task->finished_ms);
    put_number(out, "turns", task->turns);
    put_number(out, "input_tokens", task->input);
    put_number(out, "output_tokens", task->output);
    put_number(out, "cache_creation_tokens", task->cache_creation);
    put_number(out, "cache_read_tokens", task->cache_read);
    json_key(out, "total_cost_usd");
    if (task->cost_nusd == TASK_NULL)
        json_nil(out);
    else
        json_money(out, task->cost_nusd);
    json_close(out, '}');
}
