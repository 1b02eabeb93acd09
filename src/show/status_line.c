/* show/status_line.c — one line for the foot of an agent's screen.
 *
 *   H 2 | $1.27 session | $12.34 today | $3.20 block, 2h 14m left | 12% context | 5h 24% | week 41%
 *
 * SPDX-License-Identifier: MIT
 */
#include "show/status_line.h"
#include "show/show_internal.h"

#include "base/civil.h"

#include <inttypes.h>

#define PPM_PER_PERCENT 10000
#define NEARLY_FULL_PPM 900000

struct line {
    struct buf *out;
    const struct show_status *status;
    const struct show_style *style;
};

static void add_span(struct line *l, enum paint paint, struct span text)
{
    struct buf plain = { 0 };

    show_text(&plain, text, 0, l->style->unicode);
    show_paint(l->out, l->style, paint, buf_span(&plain));
    buf_fini(&plain);
}

static bool add_sums(struct line *l, const struct sums *sums)
{
    struct buf text = { 0 };

    show_cost(&text, sums, l->style->unicode);
    add_span(l, PAINT_PLAIN, buf_span(&text));
    buf_fini(&text);
    return true;
}

static void add_percent(struct line *l, enum paint paint, int64_t ppm)
{
    struct buf text = { 0 };

    buf_printf(&text, "%" PRId64 "%%", (ppm + PPM_PER_PERCENT / 2) / PPM_PER_PERCENT);
    show_paint(l->out, l->style, paint, buf_span(&text));
    buf_fini(&text);
}

/* Minutes are enough: seconds would only seem exact. */
static void add_minutes(struct line *l, int64_t ms)
{
    if (ms < MS_PER_HOUR)
        buf_printf(l->out, "%dm", ms < MS_PER_MINUTE ? 1 : (int)(ms / MS_PER_MINUTE));
    else
        show_duration(l->out, ms);
}

/* ---- the words; each is false where there is nothing to say ---- */

static bool word_model(struct line *l)
{
    if (!l->status->model || !l->status->model[0])
        return false;
    add_span(l, PAINT_BOLD, span_of(l->status->model));
    return true;
}

static bool word_session(struct line *l)
{
    struct sums sums = { .cost_nusd = l->status->session_nusd };

    return l->status->session_nusd != COST_UNKNOWN && add_sums(l, &sums);
}

static bool word_today(struct line *l)
{
    return l->status->today && add_sums(l, l->status->today);
}

static bool word_block(struct line *l)
{
    return l->status->block && add_sums(l, &l->status->block->sums);
}

static bool word_left(struct line *l)
{
    if (!l->status->block || l->status->block->block->end_ms <= l->status->now_ms)
        return false;
    add_minutes(l, l->status->block->block->end_ms - l->status->now_ms);
    return true;
}

static bool word_context(struct line *l)
{
    if (l->status->context_ppm < 0)
        return false;
    add_percent(l, PAINT_PLAIN, l->status->context_ppm);
    return true;
}

static enum paint paint_of(const struct window_state *state)
{
    static const enum paint paints[] = {
        [PACING_NONE] = PAINT_PLAIN,
        [PACING_CHILL] = PAINT_GREEN,
        [PACING_ON_TRACK] = PAINT_PLAIN,
        [PACING_HOT] = PAINT_ORANGE,
    };

    return state->used_ppm >= NEARLY_FULL_PPM ? PAINT_RED : paints[state->pacing];
}

static bool add_limit(struct line *l, int which)
{
    const struct window_state *state = l->status->limit[which];

    if (!state)
        return false;
    add_percent(l, paint_of(state), state->used_ppm);
    return true;
}

static bool add_reset(struct line *l, int which)
{
    const struct window_state *state = l->status->limit[which];

    if (!state || state->resets_at_ms <= l->status->now_ms)
        return false;
    add_minutes(l, state->resets_at_ms - l->status->now_ms);
    return true;
}

static bool word_five_hour(struct line *l)
{
    return add_limit(l, SHOW_FIVE_HOUR);
}

static bool word_five_hour_left(struct line *l)
{
    return add_reset(l, SHOW_FIVE_HOUR);
}

static bool word_weekly(struct line *l)
{
    return add_limit(l, SHOW_WEEKLY);
}

static bool word_weekly_left(struct line *l)
{
    return add_reset(l, SHOW_WEEKLY);
}

static const struct {
    const char *name;
    bool (*add)(struct line *l);
} words[] = {
    { "model", word_model },         { "session", word_session },
    { "today", word_today },         { "block", word_block },
    { "left", word_left },           { "context", word_context },
    { "five_hour", word_five_hour }, { "five_hour_left", word_five_hour_left },
    { "weekly", word_weekly },       { "weekly_left", word_weekly_left },
};

/* ---- the pattern ---- */

/* The word at the start of `rest`, braces included, where it is one of ours; else -1. */
static int find_word(struct span rest, size_t *len)
{
    const char *end = memchr(rest.p, '}', rest.len);
    struct span name;
    size_t i;

    if (rest.p[0] != '{' || !end)
        return -1;
    name = (struct span){ rest.p + 1, (size_t)(end - rest.p) - 1 };
    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (span_is(name, words[i].name)) {
            *len = name.len + 2;
            return (int)i;
        }
    }
    return -1;
}

/* False: a word in it is not known. */
static bool add_part(struct line *l, struct span part)
{
    size_t i = 0, from = 0, len;

    while (i < part.len) {
        int word = find_word((struct span){ part.p + i, part.len - i }, &len);

        if (word < 0) {
            i++;
            continue;
        }
        add_span(l, PAINT_PLAIN, (struct span){ part.p + from, i - from });
        if (!words[word].add(l))
            return false;
        i += len;
        from = i;
    }
    add_span(l, PAINT_PLAIN, (struct span){ part.p + from, i - from });
    return true;
}

void show_status_line(struct buf *out, const struct show_status *status, const char *pattern,
                      const struct show_style *style)
{
    struct span rest = span_of(pattern), part;
    struct buf text = { 0 };
    struct line line = { &text, status, style };
    bool first = true;

    while (span_split(&rest, '|', &part)) {
        buf_clear(&text);
        if (!add_part(&line, span_trim(part)) || text.len == 0)
            continue;
        if (!first)
            show_paint(out, style, PAINT_DIM, SPAN_LIT(" | "));
        buf_add_span(out, buf_span(&text));
        first = false;
    }
    buf_add_char(out, '\n');
    buf_fini(&text);
}
