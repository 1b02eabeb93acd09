/* source/common.c — see common.h.
 * SPDX-License-Identifier: MIT
 */
#include "source/common.h"

#include "base/civil.h"
#include "base/mem.h"
#include "base/path.h"

#include <stdio.h>
#include <stdlib.h>

#define LOOK_BACK_LINES 64 /* for the time of a line that tells none */

#define COUNT_MAX    (INT64_C(1) << 53) /* what JSON can say for sure */
#define NUSD_PER_USD INT64_C(1000000000)

enum scan scan_bad(struct scanner *s, enum problem problem)
{
    s->problem = problem;
    return SCAN_BAD;
}

/* ---- figures ---- */

static int64_t at_most(int64_t n, int64_t most)
{
    return n < most ? n : most;
}

bool figures_set(struct figures *f, const struct counters *c, enum convention convention)
{
    int64_t read = c->cache_read, write_5m = c->cache_write_5m, write_1h = c->cache_write_1h;
    int64_t fresh = c->input;

    if (convention == INPUT_IS_PROMPT) {
        read = at_most(read, fresh);
        write_5m = at_most(write_5m, fresh - read);
        write_1h = at_most(write_1h, fresh - read - write_5m);
        fresh -= read + write_5m + write_1h;
    }
    *f = (struct figures){
        .tokens = {
            [TOKEN_INPUT] = fresh,
            [TOKEN_OUTPUT] = c->output,
            [TOKEN_CACHE_READ] = read,
            [TOKEN_CACHE_WRITE_5M] = write_5m,
            [TOKEN_CACHE_WRITE_1H] = write_1h,
            [TOKEN_REASONING] = at_most(c->reasoning, c->output),
        },
        .logged_nusd = COST_UNTOLD,
    };
    return figures_total(f) <= EVENT_TOTAL_MAX;
}

int64_t logged_cost(const struct picked *dollars)
{
    int64_t nusd;

    return picked_nusd(dollars, &nusd) && nusd > 0 && nusd <= EVENT_COST_MAX ? nusd : COST_UNTOLD;
}

bool read_counts(const struct picked *picked, const int *slots, int64_t *values, int n)
{
    int i;

    for (i = 0; i < n; i++) {
        values[i] = 0;
        if (picked_int(&picked[slots[i]], &values[i]) == PICKED_INT_BAD)
            return false;
    }
    return true;
}

bool cell_counts(const struct cell *cells, int64_t *values, int n)
{
    int i;

    for (i = 0; i < n; i++) {
        values[i] = cells[i].number > 0 ? cells[i].number : 0;
        if (values[i] > COUNT_MAX)
            return false;
    }
    return true;
}

int64_t cell_cost(const struct cell *dollars)
{
    struct picked number = { PICKED_NUMBER, dollars->text, false };

    if (dollars->type == CELL_INT && dollars->number <= EVENT_COST_MAX / NUSD_PER_USD)
        return dollars->number > 0 ? dollars->number * NUSD_PER_USD : COST_UNTOLD;
    return dollars->type == CELL_REAL ? logged_cost(&number) : COST_UNTOLD;
}

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int choose_larger(const struct rival *a, const struct rival *b)
{
    const int64_t *s = a->figures->tokens, *t = b->figures->tokens;
    const int steps[] = {
        order(figures_total(a->figures), figures_total(b->figures)),
        order(s[TOKEN_OUTPUT], t[TOKEN_OUTPUT]),
        order(s[TOKEN_CACHE_READ], t[TOKEN_CACHE_READ]),
        order(s[TOKEN_CACHE_WRITE_5M], t[TOKEN_CACHE_WRITE_5M]),
        order(s[TOKEN_CACHE_WRITE_1H], t[TOKEN_CACHE_WRITE_1H]),
        order(s[TOKEN_REASONING], t[TOKEN_REASONING]),
        order(a->figures->web_searches, b->figures->web_searches),
        order(a->figures->logged_nusd, b->figures->logged_nusd),
        order(a->flags & EVENT_FIGURE_FLAGS, b->flags & EVENT_FIGURE_FLAGS),
        order(a->mark, b->mark),
        span_cmp(a->model, b->model),
    };
    size_t i;

    for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (steps[i] != 0)
            return steps[i];
    }
    return 0;
}

static void raise_to(int64_t *to, int64_t from)
{
    if (from > *to)
        *to = from;
}

void join_counters(struct figures *to, const struct figures *from)
{
    int kind;

    for (kind = 0; kind < TOKEN_KINDS; kind++)
        raise_to(&to->tokens[kind], from->tokens[kind]);
    raise_to(&to->web_searches, from->web_searches);
    raise_to(&to->logged_nusd, from->logged_nusd);
}

void join_prompt(struct figures *to, const struct figures *from)
{
    int64_t prompt = figures_prompt(to);
    int64_t cached;

    raise_to(&prompt, figures_prompt(from));
    join_counters(to, from);
    cached = figures_prompt(to) - to->tokens[TOKEN_INPUT];
    to->tokens[TOKEN_INPUT] = prompt > cached ? prompt - cached : 0;
}

/* ---- paths and times ---- */

struct span path_part(struct span below, int n)
{
    struct span part = SPAN_ABSENT;

    for (; n >= 0; n--) {
        if (!span_split(&below, '/', &part))
            return SPAN_ABSENT;
    }
    return part;
}

struct span path_name(struct span below)
{
    const char *slash = memrchr(below.p, '/', below.len);

    if (!slash)
        return below;
    return (struct span){ slash + 1, (size_t)(below.p + below.len - slash - 1) };
}

struct span path_stem(struct span below)
{
    struct span rest = path_name(below), stem = SPAN_LIT("");

    span_split(&rest, '.', &stem);
    return stem;
}

struct span known(struct span text)
{
    return text.len > 0 ? text : SPAN_LIT("unknown");
}

void add_home_root(const struct source_env *env, const struct home_root *root, source_root_fn *add,
                   void *to)
{
    const char *set = root->variable ? env->get(root->variable) : NULL;
    char *base = set && *set ? path_expand(set, env->home) : path_join(env->home, root->fallback);

    add(to, root->folder ? path_join(base, root->folder) : xstrdup(base), NULL);
    free(base);
}

bool first_time_of(struct span head, const char *key, int64_t *at_ms)
{
    char mark[64];
    const char *at, *quote;

    snprintf(mark, sizeof(mark), "\"%s\":\"", key);
    at = memmem(head.p, head.len, mark, strlen(mark));
    if (!at)
        return false;
    at += strlen(mark);
    quote = memchr(at, '"', (size_t)(head.p + head.len - at));
    return quote && civil_parse_rfc3339((struct span){ at, (size_t)(quote - at) }, at_ms);
}

bool last_time_of(struct span lines, int64_t *at_ms)
{
    static const struct pick_key keys[] = { { "timestamp", 0 }, { NULL } };
    int tries = LOOK_BACK_LINES;

    while (lines.len > 0 && tries-- > 0) {
        const char *newline = memrchr(lines.p, '\n', lines.len - 1);
        size_t start = newline ? (size_t)(newline + 1 - lines.p) : 0;
        struct picked time;

        if (pick_json((struct span){ lines.p + start, lines.len - start }, keys, &time, 1) == 0 &&
            picked_time(&time, at_ms))
            return true;
        lines.len = start;
    }
    return false;
}

struct span text_or(const struct picked *value, char *scratch, size_t size, struct span otherwise)
{
    struct span text = picked_text(value, scratch, size);

    return text.len > 0 ? text : otherwise;
}

/* `"…"` or `'…'`: what is between the quotes. */
static struct span unquote(struct span value)
{
    const char *end;

    if (value.len < 2 || (value.p[0] != '"' && value.p[0] != '\''))
        return SPAN_LIT("");
    end = memchr(value.p + 1, value.p[0], value.len - 1);
    return end ? (struct span){ value.p + 1, (size_t)(end - value.p - 1) } : SPAN_LIT("");
}

struct span toml_text(struct span toml, const char *key)
{
    struct span line, name;

    while (span_split(&toml, '\n', &line)) {
        line = span_trim(line);
        if (span_starts(line, "["))
            break;
        if (span_split(&line, '=', &name) && span_is(span_trim(name), key) && line.p)
            return unquote(span_trim(line));
    }
    return SPAN_LIT("");
}
