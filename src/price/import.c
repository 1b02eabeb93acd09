/* price/import.c — see import.h: which format it is, what it would change, how it is kept.
 * SPDX-License-Identifier: MIT
 */
#include "price/import_internal.h"

#include "base/civil.h"
#include "base/mem.h"

#include <stdlib.h>

bool import_rate(const struct picked *value, int digits, int64_t *rate)
{
    if (value->type == PICKED_ABSENT)
        return true;
    return value->type == PICKED_NUMBER && row_decimal(value->text, digits, RATE_MAX, rate);
}

int64_t import_factor(int64_t part, int64_t whole)
{
    __int128 factor = (__int128)part * FACTOR_ONE;

    if (whole <= 0 || factor % whole != 0 || factor / whole >= 20 * FACTOR_ONE)
        return -1;
    return (int64_t)(factor / whole);
}

/* ---- gathering ---- */

void import_take(struct price_import *import, const struct import_offer *offer)
{
    struct import_item *item;

    import->items = xgrow(import->items, import->n, &import->space, sizeof(*import->items));
    item = &import->items[import->n++];
    *item = (struct import_item){
        .kind = offer->why ? IMPORT_REFUSED : IMPORT_NEW,
        .model = { arena_text(import->arena, offer->model), offer->model.len },
        .why = offer->why,
        .row = offer->row,
        .rank = offer->rank,
    };
    item->row.name = item->model;
    if (item->model.len == 0 || memchr(item->model.p, ' ', item->model.len) ||
        memchr(item->model.p, ',', item->model.len)) {
        item->kind = IMPORT_REFUSED;
        item->why = "has a name that no log would have";
    }
}

/* By name; the better offer first. */
static int by_name(const void *a, const void *b)
{
    const struct import_item *x = a, *y = b;
    int order = span_cmp(x->model, y->model);

    if (order == 0)
        order = (x->row.valid_from_ms > y->row.valid_from_ms) -
                (x->row.valid_from_ms < y->row.valid_from_ms);
    if (order == 0)
        order = (x->kind == IMPORT_REFUSED) - (y->kind == IMPORT_REFUSED);
    return order ? order : y->rank - x->rank;
}

static void drop_rivals(struct price_import *import)
{
    size_t i, kept = 0;

    if (import->n > 1)
        qsort(import->items, import->n, sizeof(*import->items), by_name);
    for (i = 0; i < import->n; i++) {
        const struct import_item *item = &import->items[i];
        const struct import_item *before = kept > 0 ? &import->items[kept - 1] : NULL;

        if (before && span_eq(before->model, item->model) &&
            before->row.valid_from_ms == item->row.valid_from_ms)
            continue;
        import->items[kept++] = *item;
    }
    import->n = kept;
}

/* ---- comparing ---- */

static bool same_price(const struct price_row *a, const struct price_row *b)
{
    return memcmp(a->rates, b->rates, sizeof(a->rates)) == 0 && a->long_above == b->long_above &&
           (a->long_above == INT64_MAX ||
            memcmp(a->long_rates, b->long_rates, sizeof(a->long_rates)) == 0) &&
           memcmp(a->factors, b->factors, sizeof(a->factors)) == 0 &&
           a->web_search_nusd == b->web_search_nusd;
}

static void fill_from(int64_t *to, const int64_t *from, int n)
{
    int i;

    for (i = 0; i < n; i++) {
        if (to[i] < 0)
            to[i] = from[i];
    }
}

/* What is not told stays as it is. */
static void fill_gaps(struct price_row *row, const struct price_row *before)
{
    fill_from(row->rates, before->rates, RATE_KINDS);
    if (row->long_above == before->long_above && row->long_above < INT64_MAX)
        fill_from(row->long_rates, before->long_rates, RATE_KINDS);
    fill_from(row->factors, before->factors, FACTORS);
    row->web_search_nusd = before->web_search_nusd;
}

static void refuse(struct import_item *item, const char *why)
{
    item->kind = IMPORT_REFUSED;
    item->why = why;
}

static void compare(struct import_item *item, const struct price_table *table, int64_t day,
                    const char *source)
{
    struct price_match match = price_match(table, item->model);
    bool is_dated = item->row.checked.p != NULL; /* a row of ours says everything itself */
    int64_t at_ms = is_dated ? item->row.valid_from_ms : day * MS_PER_DAY;
    const struct price_row *before = price_match_row(&match, at_ms);
    const char *wrong;

    if (item->kind == IMPORT_REFUSED)
        return;
    if (before && !is_dated && match.rule != PRICE_BY_VENDOR) {
        fill_gaps(&item->row, before);
        item->row.valid_from_ms = day * MS_PER_DAY;
    }
    if (item->row.source.p == NULL)
        item->row.source = span_of(source);
    wrong = is_dated ? NULL : row_finish(&item->row);
    if (wrong) {
        refuse(item, "has no price for input or output, or none for a long prompt");
    } else if (before) {
        item->before = *before;
        item->kind = same_price(&item->row, before) ? IMPORT_SAME : IMPORT_CHANGED;
    }
}

/* ---- formats ---- */

static int take_csv(struct price_import *import, struct span text)
{
    struct price_row blank = row_blank(PRICE_IMPORTED);
    struct span line;

    while (span_split(&text, '\n', &line)) {
        struct price_table *rows = price_table_new();
        struct import_offer offer = { 0 };
        size_t i;

        line = span_trim(line);
        if (line.len > 0 && line.p[0] != '#' && !span_starts(line, "models,")) {
            struct span rest = line;

            offer.why = csv_line(rows, line, &blank);
            if (offer.why && span_split(&rest, ',', &offer.model))
                import_take(import, &offer);
        }
        for (i = 0; !offer.why && i < rows->n; i++) {
            struct price_row *row = &rows->rows[i];

            offer = (struct import_offer){ .model = row->name, .row = *row };
            offer.row.source =
                (struct span){ arena_text(import->arena, row->source), row->source.len };
            offer.row.checked =
                (struct span){ arena_text(import->arena, row->checked), row->checked.len };
            import_take(import, &offer);
        }
        price_close(rows);
    }
    return 0;
}

/* Has the first entry a list of models? Then they stand by provider. */
static bool is_by_provider(struct picked object)
{
    static const struct pick_key keys[] = { { "models", 0 }, { NULL } };
    struct picked entry, models;
    size_t at = 0;

    return pick_each(object, &at, NULL, &entry) && entry.type == PICKED_OBJECT &&
           pick_json(entry.text, keys, &models, 1) == 0 && models.type == PICKED_OBJECT;
}

static int take_json(struct price_import *import, struct span text, struct err *err)
{
    static const struct pick_key nothing[] = { { NULL } };
    struct picked unused, object = { PICKED_OBJECT, text, false };

    if (pick_json(text, nothing, &unused, 0) < 0) {
        err_set(err, ERR_USAGE, "this is not valid JSON");
        return -1;
    }
    if (is_by_provider(object)) {
        import->format = "models.dev";
        import_models_dev(import, object);
    } else {
        import->format = "LiteLLM";
        import_litellm(import, object);
    }
    return 0;
}

int price_import_read(struct price_import *import, const struct price_table *table,
                      struct span text, int64_t day, struct err *err)
{
    size_t i;
    int rc;

    *import = (struct price_import){ .format = "CSV", .arena = arena_new() };
    text = span_trim(text);
    rc = span_starts(text, "{") ? take_json(import, text, err) : take_csv(import, text);
    if (rc == 0 && import->n == 0) {
        err_set(err, ERR_USAGE, "no prices were found in it");
        rc = -1;
    }
    if (rc < 0) {
        price_import_fini(import);
        return -1;
    }
    drop_rivals(import);
    for (i = 0; i < import->n; i++) {
        compare(&import->items[i], table, day, import->format);
        import->counts[import->items[i].kind]++;
    }
    return 0;
}

void price_import_fini(struct price_import *import)
{
    free(import->items);
    arena_free(import->arena);
    *import = (struct price_import){ 0 };
}

/* ---- keeping ---- */

void price_import_write(const struct price_import *import, struct span kept, int64_t day,
                        struct buf *out)
{
    struct price_table *table = price_table_new();
    char checked[CIVIL_DAY_SIZE];
    struct err unread;
    size_t i;

    civil_format_day(day, checked);
    csv_add(table, kept, PRICE_BUILT_IN, "", &unread); /* its bad rows were told when it was read */
    for (i = 0; i < import->n; i++) {
        struct price_row row = import->items[i].row;

        if (import->items[i].kind != IMPORT_NEW && import->items[i].kind != IMPORT_CHANGED)
            continue;
        row.origin = PRICE_IMPORTED;
        row.line = 0;
        if (!row.checked.p)
            row.checked = span_of(checked);
        price_table_add(table, &row);
    }
    price_table_settle(table);
    csv_write(table, out);
    price_close(table);
}
