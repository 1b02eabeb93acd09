/* limits/name.c — what a window is called, and how long it is.
 *
 *   five_hour, 5h, 300 minutes          → five_hour
 *   seven_day, 7d, Week, 10080 minutes  → weekly
 *   seven_day_sonnet, 7d-sonnet, Sonnet → sonnet_weekly
 *   8h → 8h · 7d_oi → 7d_oi · 43200 s without a name → 12h
 * SPDX-License-Identifier: MIT
 */
#include "limits/limits_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

#define HOUR_S INT64_C(3600)
#define DAY_S  (24 * HOUR_S)

static const struct known {
    const char *name, *id;
    int64_t window_s;
} known[] = {
    { "five_hour", "five_hour", 5 * HOUR_S },
    { "5h", "five_hour", 5 * HOUR_S },
    { "seven_day", "weekly", 7 * DAY_S },
    { "7d", "weekly", 7 * DAY_S },
    { "week", "weekly", 7 * DAY_S },
    { "weekly", "weekly", 7 * DAY_S },
    { "seven_day_sonnet", "sonnet_weekly", 7 * DAY_S },
    { "7d_sonnet", "sonnet_weekly", 7 * DAY_S },
    { "sonnet", "sonnet_weekly", 7 * DAY_S },
    { "sonnet_weekly", "sonnet_weekly", 7 * DAY_S },
    { "seven_day_opus", "opus_weekly", 7 * DAY_S },
    { "7d_opus", "opus_weekly", 7 * DAY_S },
    { "opus", "opus_weekly", 7 * DAY_S },
    { "opus_weekly", "opus_weekly", 7 * DAY_S },
};

/* Beginnings of names that are not known whole. */
static const struct {
    const char *prefix;
    int64_t window_s;
} lengths[] = { { "five_hour_", 5 * HOUR_S }, { "seven_day_", 7 * DAY_S } };

/* Lower case, '_' for whatever is no letter, digit or dot. */
static void plain(struct span name, char out[BUCKET_NAME_SIZE])
{
    size_t n = span_copy(name, out, BUCKET_NAME_SIZE), i;

    for (i = 0; i < n; i++)
        out[i] = isalnum((unsigned char)out[i]) || out[i] == '.'
                     ? (char)tolower((unsigned char)out[i])
                     : '_';
}

static const struct known *find_known(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(name, known[i].name) == 0)
            return &known[i];
    }
    return NULL;
}

/* "8h", "30d", "7d_oi", "seven_day_cowork": how long; 0 when the name does not say. */
static int64_t length_in(const char *name)
{
    int64_t n = 0;
    size_t i;

    for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        if (span_starts(span_of(name), lengths[i].prefix))
            return lengths[i].window_s;
    }
    for (i = 0; isdigit((unsigned char)name[i]) && n < 10000; i++)
        n = n * 10 + name[i] - '0';
    if (n == 0 || n >= 10000 || (name[i] && name[i + 1] && name[i + 1] != '_'))
        return 0;
    return name[i] == 'h' ? n * HOUR_S : name[i] == 'd' ? n * DAY_S : name[i] == 'm' ? n * 60 : 0;
}

static void name_length(int64_t window_s, char out[BUCKET_NAME_SIZE])
{
    if (window_s == 5 * HOUR_S)
        snprintf(out, BUCKET_NAME_SIZE, "five_hour");
    else if (window_s == 7 * DAY_S)
        snprintf(out, BUCKET_NAME_SIZE, "weekly");
    else if (window_s % DAY_S == 0)
        snprintf(out, BUCKET_NAME_SIZE, "%dd", (int)(window_s / DAY_S));
    else if (window_s % HOUR_S == 0)
        snprintf(out, BUCKET_NAME_SIZE, "%dh", (int)(window_s / HOUR_S));
    else
        snprintf(out, BUCKET_NAME_SIZE, "%dm", (int)((window_s + 59) / 60));
}

bool window_name(const struct observation *seen, char id[BUCKET_NAME_SIZE], int64_t *window_s)
{
    char name[BUCKET_NAME_SIZE] = "", own[BUCKET_NAME_SIZE], joined[2 * BUCKET_NAME_SIZE];
    const struct known *k;

    plain(seen->limit, name);
    k = find_known(name);
    *window_s = seen->window_s > 0 ? seen->window_s : k ? k->window_s : length_in(name);
    if (k)
        span_copy(span_of(k->id), name, sizeof(name));
    else if (name[0] == '\0' && *window_s > 0)
        name_length(*window_s, name);
    if (name[0] == '\0' || *window_s <= 0)
        return false;
    if (seen->limit_id.len == 0) {
        span_copy(span_of(name), id, BUCKET_NAME_SIZE);
        return true;
    }
    plain(seen->limit_id, own);
    snprintf(joined, sizeof(joined), "%s:%s", own, name);
    span_copy(span_of(joined), id, BUCKET_NAME_SIZE);
    return true;
}
