/* limits/window.c — see window.h.
 *
 * A sighting older than what is known changes nothing. A newer one belongs to the same window
 * unless its window begins where the known one ends, that end has passed, or its end lies well
 * elsewhere and less is used: sources differ by seconds about one and the same reset.
 * SPDX-License-Identifier: MIT
 */
#include "limits/limits_internal.h"

#include "base/civil.h"

#define WHOLE        1000000 /* parts per million */
#define SLACK_MS     (5 * MS_PER_MINUTE)
#define HOT_PPM      250000
#define CHILL_PPM    (-200000)
#define PACE_LEAST   (10 * MS_PER_MINUTE)
#define COUNT_MOST   (INT64_C(1) << 53)
#define USED_MOST    (INT64_C(1000) * WHOLE) /* a thousand times the limit */
#define FORECAST_FAR (INT64_C(366) * MS_PER_DAY)

const char *const pacing_names[] = { "none", "chill", "on_track", "hot" };

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t ppm_of(const struct bucket *b)
{
    return (int64_t)least(USED_MOST, (int64_t)((__int128)b->used * WHOLE / b->of));
}

/* ---- one sighting ---- */

static bool told(const struct allowance *a)
{
    return a->limit > 0 && a->remaining >= 0 && a->limit <= COUNT_MOST &&
           a->remaining <= COUNT_MOST;
}

static bool read_use(const struct observation *seen, struct bucket *b)
{
    const struct allowance *a = told(&seen->tokens)     ? &seen->tokens
                                : told(&seen->requests) ? &seen->requests
                                                        : NULL;

    if (a) {
        b->used = a->remaining < a->limit ? a->limit - a->remaining : 0;
        b->of = a->limit;
    } else if (seen->used_ppm >= 0 || seen->reached) {
        b->used = seen->used_ppm >= 0 ? least(seen->used_ppm, USED_MOST) : WHOLE;
        b->of = WHOLE;
    }
    return b->of > 0;
}

bool window_read(const struct observation *seen, struct span account, int64_t now_ms,
                 struct bucket *out)
{
    *out = (struct bucket){
        .at_ms = least(seen->at_ms, now_ms),
        .resets_at_ms = seen->resets_at_ms > 0 ? seen->resets_at_ms : 0,
        .via = seen->via,
        .tokens = seen->tokens,
        .requests = seen->requests,
    };
    if (seen->at_ms <= 0 || !window_name(seen, out->id, &out->window_s) || !read_use(seen, out))
        return false;
    span_copy(seen->account.len > 0 ? seen->account : account, out->account, BUCKET_NAME_SIZE);
    span_copy(seen->plan, out->plan, BUCKET_NAME_SIZE);
    return out->account[0] != '\0';
}

/* ---- two sightings ---- */

static bool begins_anew(const struct bucket *known, const struct bucket *seen)
{
    int64_t length_ms = seen->window_s * MS_PER_SECOND;
    int64_t moved_ms = seen->resets_at_ms - known->resets_at_ms;
    bool fell = ppm_of(seen) < ppm_of(known);

    if (known->resets_at_ms ==
        0) /* nobody told when: then a use that fell by half has begun anew */
        return ppm_of(seen) < ppm_of(known) / 2;
    if (known->resets_at_ms <= seen->at_ms)
        return true;
    if (seen->resets_at_ms == 0)
        return false;
    if (seen->resets_at_ms - length_ms >= known->resets_at_ms - SLACK_MS)
        return true;
    return fell && (moved_ms < 0 ? -moved_ms : moved_ms) > length_ms / 10;
}

static bool same_figures(const struct bucket *a, const struct bucket *b)
{
    return a->at_ms == b->at_ms && a->used == b->used && a->of == b->of &&
           a->resets_at_ms == b->resets_at_ms && strcmp(a->plan, b->plan) == 0;
}

enum window_news window_merge(struct bucket *known, const struct bucket *seen, int64_t now_ms)
{
    struct bucket before = *known;
    bool anew;

    /* what was seen in the future, by a clock that was wrong, must not stand for ever */
    if (known->at_ms > now_ms)
        known->at_ms = now_ms;
    if (seen->at_ms < known->at_ms)
        return WINDOW_OLD;
    anew = before.at_ms == 0 || begins_anew(known, seen);
    *known = *seen;
    known->row = before.row;
    if (seen->plan[0] == '\0')
        memcpy(known->plan, before.plan, sizeof(known->plan));
    if (anew)
        return WINDOW_BEGAN;
    known->announced = before.announced;
    if (seen->resets_at_ms == 0)
        known->resets_at_ms = before.resets_at_ms;
    return same_figures(&before, known) ? WINDOW_SAME : WINDOW_NEWER;
}

bool window_is_api(const struct bucket *bucket)
{
    return strncmp(bucket->id, "api_", 4) == 0;
}

/* ---- at a moment ---- */

static void set_pacing(struct window_state *s, int64_t now_ms)
{
    int64_t length_ms = s->resets_at_ms - s->began_ms, elapsed_ppm;

    if (s->resets_at_ms == 0 || length_ms <= 0)
        return;
    elapsed_ppm = (int64_t)((__int128)(now_ms - s->began_ms) * WHOLE / length_ms);
    elapsed_ppm = elapsed_ppm < 0 ? 0 : least(elapsed_ppm, WHOLE);
    s->delta_ppm = s->used_ppm - elapsed_ppm;
    s->pacing = s->delta_ppm >= HOT_PPM     ? PACING_HOT
                : s->delta_ppm <= CHILL_PPM ? PACING_CHILL
                                            : PACING_ON_TRACK;
}

struct window_state window_at(const struct bucket *b, int64_t now_ms)
{
    struct window_state s = { 0 };

    s.expired = b->resets_at_ms > 0 && now_ms >= b->resets_at_ms;
    if (s.expired)
        return s;
    s.used_ppm = ppm_of(b);
    s.resets_at_ms = b->resets_at_ms;
    if (b->resets_at_ms > 0)
        s.began_ms = b->resets_at_ms - b->window_s * MS_PER_SECOND;
    set_pacing(&s, now_ms);
    return s;
}

/* ---- thresholds ---- */

int window_crossed(const struct bucket *b, const struct thresholds *thresholds, int64_t now_ms)
{
    int i, highest = 0;

    if (window_is_api(b) || window_at(b, now_ms).expired || now_ms - b->at_ms >= WINDOW_FRESH_MS)
        return 0;
    for (i = 0; i < thresholds->n; i++) {
        int t = thresholds->percent[i];

        if (t > highest && (__int128)b->used * 100 >= (__int128)t * b->of)
            highest = t;
    }
    return highest > b->announced ? highest : 0;
}

/* ---- forecast ---- */

int64_t window_full_at(const struct window_pace *p)
{
    int64_t took_ms = p->until_ms - p->from_ms, gained = p->until_ppm - p->from_ppm, left_ms;

    if (p->until_ppm >= WHOLE)
        return p->until_ms;
    if (took_ms < PACE_LEAST || gained <= 0)
        return 0;
    left_ms = (int64_t)((__int128)(WHOLE - p->until_ppm) * took_ms / gained);
    return left_ms > FORECAST_FAR ? 0 : p->until_ms + left_ms;
}
