/* ingest/tally.c — see tally.h.
 *
 * A group may come in several batches: its copies lie in several files. Only what it was before the
 * first of them was known before.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/tally.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>

void tally_fini(struct tally *tally)
{
    free(tally->rows);
    free(tally->seen);
    *tally = (struct tally){ 0 };
}

static size_t place_of(const struct tally *tally, uint64_t key)
{
    size_t i = key & (tally->seen_space - 1);

    while (tally->seen[i] != 0 && tally->seen[i] != key)
        i = (i + 1) & (tally->seen_space - 1);
    return i;
}

static void widen(struct tally *tally)
{
    uint64_t *old = tally->seen;
    size_t n = tally->seen_space, i;

    tally->seen_space = n ? n * 2 : 1024;
    tally->seen = xcalloc(tally->seen_space, sizeof(*tally->seen));
    for (i = 0; i < n; i++) {
        if (old[i] != 0)
            tally->seen[place_of(tally, old[i])] = old[i];
    }
    free(old);
}

static bool is_first(struct tally *tally, uint64_t key)
{
    size_t i;

    if ((tally->seen_n + 1) * 2 > tally->seen_space)
        widen(tally);
    i = place_of(tally, key);
    if (tally->seen[i] == key)
        return false;
    tally->seen[i] = key;
    tally->seen_n++;
    return true;
}

struct tally_row *tally_row(struct tally *tally, const struct source *source)
{
    const struct source *const *s = sources;
    size_t i = 0;

    for (; *s != source; s++)
        i += i < tally->n && tally->rows[i].source == *s;
    if (i < tally->n && tally->rows[i].source == source)
        return &tally->rows[i];
    tally->rows = xgrow(tally->rows, tally->n, &tally->space, sizeof(*tally->rows));
    memmove(&tally->rows[i + 1], &tally->rows[i], (tally->n - i) * sizeof(*tally->rows));
    tally->rows[i] = (struct tally_row){ .source = source };
    tally->n++;
    return &tally->rows[i];
}

void tally_group(struct tally *tally, const struct source *source, uint64_t group, int64_t was,
                 int64_t now)
{
    struct tally_row *row = tally_row(tally, source);
    uint64_t key = hash_mix(group, hash_span(span_of(source->name)));

    if (group != 0 && is_first(tally, key != 0 ? key : 1))
        row->events_known += was;
    row->events_new += now - was;
}
