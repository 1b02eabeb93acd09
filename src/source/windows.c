/* source/windows.c — rate-limit windows as objects: a percentage, a reset, perhaps a length.
 *
 * Slots that are called primary and secondary mean nothing: on some plans the first is the week.
 * Their length tells which window it is.
 * SPDX-License-Identifier: MIT
 */
#include "source/headers.h"

#include "base/civil.h"

enum { W_USED, W_RESET, W_RESET_IN, W_MINUTES, W_SECONDS, W_COUNT };

static const struct pick_key window_keys[] = {
    { "used_percentage", W_USED },
    { "used_percent", W_USED },
    { "utilization", W_USED },
    { "resets_at", W_RESET },
    { "reset_at", W_RESET },
    { "resets_in_seconds", W_RESET_IN },
    { "reset_after_seconds", W_RESET_IN },
    { "window_minutes", W_MINUTES },
    { "limit_window_seconds", W_SECONDS },
    { NULL },
};

static const char *const slots[] = { "primary", "secondary", "primary_window", "secondary_window" };

static bool is_slot(struct span name)
{
    size_t i;

    for (i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
        if (span_is(name, slots[i]))
            return true;
    }
    return false;
}

#define WINDOW_MOST_S (INT64_C(3660) * 86400) /* ten years: longer is no window */

static void read_length(const struct picked *v, struct observation *o)
{
    int64_t n;

    if (picked_int(&v[W_SECONDS], &n) == PICKED_INT_OK && n <= WINDOW_MOST_S)
        o->window_s = n;
    else if (picked_int(&v[W_MINUTES], &n) == PICKED_INT_OK && n <= WINDOW_MOST_S / 60)
        o->window_s = n * 60;
}

static void read_reset(const struct picked *v, struct observation *o)
{
    int64_t n;

    if (!picked_time(&v[W_RESET], &o->resets_at_ms) &&
        picked_int(&v[W_RESET_IN], &n) == PICKED_INT_OK && n <= WINDOW_MOST_S)
        o->resets_at_ms = o->at_ms + n * MS_PER_SECOND;
}

static bool read_window(struct picked window, struct observation *o)
{
    struct picked v[W_COUNT];
    int64_t scaled; /* percent in billionths */

    if (pick_json(window.text, window_keys, v, W_COUNT) < 0 || !picked_nusd(&v[W_USED], &scaled))
        return false;
    o->used_ppm = scaled < 0 ? 0 : (scaled + 50000) / 100000;
    read_length(v, o);
    read_reset(v, o);
    return true;
}

int windows_read(struct picked object, const struct observation *about, const struct sink *sink)
{
    struct picked member;
    struct span name;
    size_t at = 0;
    int n = 0;

    while (pick_each(object, &at, &name, &member)) {
        struct observation o = *about;

        if (member.type != PICKED_OBJECT || !read_window(member, &o))
            continue;
        o.limit = is_slot(name) ? SPAN_ABSENT : name;
        if (sink->observation)
            sink->observation(sink->to, &o);
        n++;
    }
    return n;
}
