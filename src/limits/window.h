/* limits/window.h — what a sighting of a rate limit means: which bucket, which window, how far.
 *
 * Buckets are told apart by how long their window is, not by what a source calls its slots. Pure:
 * the time comes in. Thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef LIMITS_WINDOW_H
#define LIMITS_WINDOW_H

#include "store/buckets.h"

/* The bucket as this observation alone shows it; `account` where it names none. A time of the
 * future is taken for now. False: it belongs to no window that can be told. */
bool window_read(const struct observation *seen, struct span account, int64_t now_ms,
                 struct bucket *out);

enum window_news {
    WINDOW_OLD,   /* an older sighting: nothing has changed */
    WINDOW_SAME,  /* the bucket says what it said before */
    WINDOW_NEWER, /* newer figures of the same window */
    WINDOW_BEGAN, /* a new window has begun; thresholds are armed again */
};
/* Takes a sighting (of window_read) into what was known. In any order, any number of times. */
enum window_news window_merge(struct bucket *known, const struct bucket *seen, int64_t now_ms);

/* Counted per minute against an API key: shown to programs, never announced. */
bool window_is_api(const struct bucket *bucket);

/* ---- at a moment ---- */

enum pacing { PACING_NONE, PACING_CHILL, PACING_ON_TRACK, PACING_HOT };
extern const char *const pacing_names[]; /* "none", "chill", "on_track", "hot" */

/* How a bucket stands at a moment. */
struct window_state {
    bool expired;         /* its reset has passed and nothing newer was seen */
    int64_t used_ppm;     /* 0 when it has expired */
    int64_t began_ms;     /* 0: not known */
    int64_t resets_at_ms; /* 0: not known */
    int64_t delta_ppm;    /* use ahead of time; 0 without a window */
    enum pacing pacing;
};
struct window_state window_at(const struct bucket *bucket, int64_t now_ms);

/* ---- thresholds ---- */

#define THRESHOLDS_MAX 16
struct thresholds {
    int percent[THRESHOLDS_MAX];
    int n;
};
#define WINDOW_FRESH_MS (INT64_C(10) * 60000)

/* The threshold to announce now (the highest of those passed), or 0. */
int window_crossed(const struct bucket *bucket, const struct thresholds *thresholds,
                   int64_t now_ms);

/* ---- forecast ---- */

/* The pace of a bucket: two sightings of one window. */
struct window_pace {
    int64_t from_ms, until_ms;
    int64_t from_ppm, until_ppm;
};
/* When it will be full at that pace, or 0: never, or nobody knows. Less than ten minutes apart,
 * two sightings tell no pace. */
int64_t window_full_at(const struct window_pace *pace);

#endif
