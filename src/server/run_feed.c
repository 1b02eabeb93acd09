/* server/run_feed.c — see run_feed.h.
 * SPDX-License-Identifier: MIT
 */
#include "server/run_feed.h"

#include "base/json_out.h"
#include "base/mem.h"

#include <stdlib.h>

struct run_turn {
    char *model;
    struct run_tokens more;
};

struct run_feed *run_feed_new(int64_t run, enum run_state state)
{
    struct run_feed *feed = xcalloc(1, sizeof(*feed));

    feed->run = run;
    feed->state = state;
    feed->state_due = true;
    return feed;
}

void run_feed_free(struct run_feed *feed)
{
    if (!feed)
        return;
    for (size_t i = 0; i < feed->n; i++)
        free(feed->turns[i].model);
    free(feed->turns);
    free(feed);
}

/* The latest turn of that model that waits; NULL: there is none. */
static struct run_turn *find_turn(struct run_feed *feed, struct span model)
{
    for (size_t i = feed->n; i-- > 0;)
        if (span_is(model, feed->turns[i].model))
            return &feed->turns[i];
    return NULL;
}

static bool put_turn(struct run_feed *feed, const struct run_news *news)
{
    struct run_turn *turn = feed->n >= RUN_FEED_TURNS ? find_turn(feed, news->model) : NULL;

    if (turn) {
        turn->more.input += news->more.input;
        turn->more.output += news->more.output;
        turn->more.cache_read += news->more.cache_read;
        turn->more.cache_create += news->more.cache_create;
        return true;
    }
    if (feed->n >= RUN_FEED_TURNS + RUN_FEED_MODELS)
        return false;
    feed->turns = xgrow(feed->turns, feed->n, &feed->space, sizeof(*feed->turns));
    feed->turns[feed->n++] =
        (struct run_turn){ xstrndup(news->model.p, news->model.len), news->more };
    return true;
}

bool run_feed_put(struct run_feed *feed, const struct run_news *news)
{
    switch (news->kind) {
    case RUN_NEWS_STATE:
        feed->state_due |= feed->state != news->state;
        feed->state = news->state;
        return true;
    case RUN_NEWS_LIMIT:
        feed->limit = *news;
        feed->limit_due = true;
        return true;
    case RUN_NEWS_USAGE:
        return put_turn(feed, news);
    }
    return true;
}

/* ---- messages ---- */

static struct json_out begin(struct buf *out, const char *type)
{
    struct json_out json;

    json_out_init(&json, out, 0);
    json_open(&json, '{');
    json_put_text(&json, "type", span_of(type));
    return json;
}

static void tell_state(struct run_feed *feed, struct buf *out)
{
    struct json_out json = begin(out, "state");

    json_put_text(&json, "state", span_of(run_state_names[feed->state]));
    json_close(&json, '}');
    feed->state_due = false;
}

static void tell_turn(struct run_feed *feed, struct buf *out)
{
    struct json_out json = begin(out, "usage");
    struct run_turn turn = feed->turns[0];

    json_key(&json, "snapshot");
    json_open(&json, '{');
    json_put_text(&json, "model", span_of(turn.model));
    json_put_int(&json, "input_tokens", turn.more.input);
    json_put_int(&json, "output_tokens", turn.more.output);
    json_put_int(&json, "cache_read_tokens", turn.more.cache_read);
    json_put_int(&json, "cache_create_tokens", turn.more.cache_create);
    json_close(&json, '}');
    json_close(&json, '}');
    free(turn.model);
    memmove(feed->turns, feed->turns + 1, --feed->n * sizeof(turn));
}

static void put_told(struct json_out *json, const char *key, int64_t value, bool told)
{
    json_key(json, key);
    if (told)
        json_int(json, value);
    else
        json_nil(json);
}

static void tell_limit(struct run_feed *feed, struct buf *out)
{
    struct json_out json = begin(out, "rate_limit");
    const struct run_news *l = &feed->limit;

    json_key(&json, "snapshot");
    json_open(&json, '{');
    put_told(&json, "requests_remaining", l->requests.remaining, l->requests.remaining >= 0);
    put_told(&json, "requests_limit", l->requests.limit, l->requests.limit >= 0);
    put_told(&json, "tokens_remaining", l->tokens.remaining, l->tokens.remaining >= 0);
    put_told(&json, "tokens_limit", l->tokens.limit, l->tokens.limit >= 0);
    put_told(&json, "reset_at", l->resets_at_ms, l->resets_at_ms > 0);
    json_close(&json, '}');
    json_close(&json, '}');
    feed->limit_due = false;
}

/* An end is told behind all that was spent before it; everything else as soon as can be. */
bool run_feed_next(struct run_feed *feed, struct buf *out)
{
    if (feed->state_due && feed->state == RUN_RUNNING)
        tell_state(feed, out);
    else if (feed->n > 0)
        tell_turn(feed, out);
    else if (feed->limit_due)
        tell_limit(feed, out);
    else if (feed->state_due)
        tell_state(feed, out);
    else
        return false;
    return true;
}
