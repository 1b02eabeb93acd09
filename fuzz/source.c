/* fuzz/source.c — whatever lies in a log, its source survives it and tells nothing absurd.
 *
 * The input's first line is "<agent> <path below a root>", the rest is the file: of the framing
 * that the source's format for that path has. A database's rows come as lines, too: a cell a line
 * ("i12", "t<text>", "b<bytes>", "n"), an empty line ends a row. FUZZ_AGENT in the environment
 * stands for the first word.
 * SPDX-License-Identifier: MIT
 */
#include "base/unzstd.h"
#include "source/common.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

#define CELLS_MAX 32
#define UNPACKED  (4 << 20)
/* Sums of a whole session may be larger than any response. */
#define TOTAL_MAX INT64_C(4000000000000000)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void demand(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "an event is absurd: %s\n", what);
    abort();
}

/* Answers a hash of all that was told, so that two readings can be compared. */
static void on_event(void *to, const struct event *e)
{
    uint64_t *told = to;
    int kind;

    for (kind = 0; kind < TOKEN_KINDS; kind++)
        demand(e->figures.tokens[kind] >= 0, "a counter below zero");
    demand(figures_total(&e->figures) <= TOTAL_MAX, "more tokens than there can be");
    demand(e->figures.tokens[TOKEN_REASONING] <= e->figures.tokens[TOKEN_OUTPUT],
           "more reasoning than output");
    demand(e->figures.logged_nusd == COST_UNTOLD || e->figures.logged_nusd >= 0, "a debt");
    demand(e->model.p && e->model.len > 0, "no model");
    demand(e->session.p && e->session.len > 0, "no session");
    demand(e->extras_n >= 0 && e->extras_n <= EVENT_EXTRAS_MAX, "too many extras");
    *told = hash_mix(*told, hash_mix(e->group, e->part));
    *told = hash_mix(*told, (uint64_t)e->at_ms);
    *told = hash_mix(*told, hash_span((struct span){ (const char *)e->figures.tokens,
                                                     sizeof(e->figures.tokens) }));
    *told = hash_mix(*told, hash_span(e->model));
}

static void on_observation(void *to, const struct observation *o)
{
    uint64_t *told = to;

    *told = hash_mix(*told, (uint64_t)o->at_ms);
}

static struct span read_near(void *near, enum near from, const char *name)
{
    (void)near;
    (void)from;
    (void)name;
    return SPAN_LIT(
        "{\"projects\":{\"/w\":\"w\"},\"model_usage\":[{\"ts\":1,\"model_id\":\"m\"}]}");
}

static bool holds_needle(const struct format *format, struct span line)
{
    const char *const *needle;

    for (needle = format->needles; *needle; needle++) {
        if (memmem(line.p, line.len, *needle, strlen(*needle)))
            return true;
    }
    return false;
}

static void scan_lines(const struct format *format, struct scanner *s, struct span lines)
{
    struct span rest = lines, line;

    while (span_split(&rest, '\n', &line)) {
        s->before = (struct span){ lines.p, (size_t)(line.p - lines.p) };
        if (holds_needle(format, line))
            format->scan(s, line);
    }
    s->before = SPAN_ABSENT;
    if (format->leave)
        format->leave(s, lines);
}

static struct cell cell_of(struct span line)
{
    struct span text = { line.p + 1, line.len - 1 };
    struct cell cell = { CELL_NULL, 0, SPAN_LIT("") };

    if (line.p[0] == 'i' && span_int(text, &cell.number))
        cell.type = CELL_INT;
    else if (line.p[0] == 't' || line.p[0] == 'b')
        cell = (struct cell){ line.p[0] == 't' ? CELL_TEXT : CELL_BLOB, 0, text };
    return cell;
}

static void clear_cells(struct cell *cells)
{
    size_t i;

    for (i = 0; i < CELLS_MAX; i++)
        cells[i] = (struct cell){ CELL_NULL, 0, SPAN_LIT("") };
}

static void scan_rows(const struct format *format, struct scanner *s, struct span rest)
{
    struct cell cells[CELLS_MAX];
    struct span line;
    size_t n = 0;

    clear_cells(cells);
    while (span_split(&rest, '\n', &line)) {
        if (line.len > 0 && n < CELLS_MAX) {
            cells[n++] = cell_of(line);
            continue;
        }
        format->row(s, format->questions[0].topic, cells);
        clear_cells(cells);
        n = 0;
    }
}

static void scan_packed(const struct format *format, struct scanner *s, struct span bytes)
{
    struct buf lines = { 0 };

    unzstd(bytes, UNPACKED, &lines);
    scan_lines(format, s, buf_span(&lines));
    buf_fini(&lines);
}

static uint64_t read_once(const struct format *format, struct span below, struct span bytes)
{
    uint64_t told = 0;
    const struct sink sink = { .event = on_event, .observation = on_observation, .to = &told };
    struct scanner s = { .below = below,
                         .root = SPAN_LIT("/home/kim/shop/.crush"),
                         .mtime_ms = 1,
                         .memory = xcalloc(1, format->memory + 1),
                         .out = &sink,
                         .read_near = read_near };

    switch (format->framing) {
    case FRAMING_LINES:
        scan_lines(format, &s, bytes);
        break;
    case FRAMING_PACKED:
        scan_packed(format, &s, bytes);
        break;
    case FRAMING_DOCUMENT:
        format->scan(&s, bytes);
        break;
    case FRAMING_DATABASE:
        scan_rows(format, &s, bytes);
        break;
    case FRAMING_WAL:
        break;
    }
    free(s.memory);
    return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct span rest = { (const char *)bytes, size }, head, agent;
    const char *only = getenv("FUZZ_AGENT");
    const struct source *source;
    const struct format *format;
    uint64_t told;

    if (!span_split(&rest, '\n', &head) || !span_split(&head, ' ', &agent) || !head.p || !rest.p)
        return -1;
    source = source_find(only ? span_of(only) : agent);
    format = source ? source->format(head) : NULL;
    if (!format)
        return -1;
    told = read_once(format, head, rest);
    demand(told == read_once(format, head, rest), "read again, it is another");
    return 0;
}
