/* tui/live.c — the live screen's loop: look, draw, wait for a key.
 *
 * Whoever holds the ingest lease reads the logs. Where that is another process, its commits are
 * noticed by the ledger's revision; else the logs are looked at here, and the longer that takes the
 * seldomer it is done, so that it costs a small share of a core whatever there is to look at.
 * SPDX-License-Identifier: MIT
 */
#include "tui/live.h"

#include "base/civil.h"
#include "base/clock.h"
#include "base/log.h"
#include "ingest/catch_up.h"
#include "store/store.h"
#include "tui/live_internal.h"
#include "tui/terminal.h"

#include <signal.h>

#define LOOK_LEAST_MS 2000
#define LOOK_MOST_MS  (30 * MS_PER_SECOND)
#define LOOK_SHARE    200 /* looking may take one part in so many */
#define POLL_MS       1000
#define FRESH_MS      (10 * MS_PER_SECOND) /* countdowns go on though nothing happens */
#define SIGNAL_CODE   128

struct live {
    const struct live_setup *setup;
    struct terminal *terminal;
    struct screen *screen;
    struct live_choice choice;
    struct view view;
    struct err trouble; /* of the last look */
    bool elsewhere;     /* another process reads the logs */
    int64_t revision;   /* of the ledger, when it was loaded */
    int64_t look_ms;    /* when the logs are looked at */
    int64_t load_ms;    /* when the ledger is loaded at last … */
    int64_t rest_ms;    /* … and when at first, should it change */
};

/* Also not again at once: somebody may be writing all the time. */
static void load(struct live *l)
{
    const struct live_setup *s = l->setup;
    int64_t began_ms = clock_mono_ms(), took_ms;
    struct err err = { 0 };

    l->revision = store_revision(s->store);
    if (view_load(&l->view, s->store, s->zone, s->cost, &err) < 0)
        l->trouble = err;
    took_ms = clock_mono_ms() - began_ms;
    l->rest_ms = began_ms + took_ms * LOOK_SHARE;
    l->load_ms = l->rest_ms > began_ms + FRESH_MS ? l->rest_ms : began_ms + FRESH_MS;
}

static void look(struct live *l)
{
    int64_t began_ms = clock_mono_ms(), wait_ms;
    struct catch_up_result result = { 0 };
    struct err err = { 0 };

    if (catch_up(l->setup->store, l->setup->config, NULL, NULL, &result, &err) < 0)
        l->trouble = err;
    else
        l->trouble = (struct err){ 0 };
    l->elsewhere = result.held_elsewhere;
    load(l);
    wait_ms = (clock_mono_ms() - began_ms) * LOOK_SHARE;
    wait_ms = wait_ms < LOOK_LEAST_MS ? LOOK_LEAST_MS : wait_ms;
    if (wait_ms > LOOK_MOST_MS || l->elsewhere)
        wait_ms = LOOK_MOST_MS;
    l->look_ms = clock_mono_ms() + wait_ms;
}

/* Brings the view up to date where it is time to; returns how long nothing is to be done then. */
static int64_t keep_fresh(struct live *l)
{
    int64_t now_ms = clock_mono_ms(), next_ms;

    if (l->choice.paused)
        return LOOK_MOST_MS;
    if (now_ms >= l->look_ms)
        look(l);
    else if (now_ms >= l->load_ms ||
             (now_ms >= l->rest_ms && store_revision(l->setup->store) != l->revision))
        load(l);
    next_ms = l->look_ms < l->load_ms ? l->look_ms : l->load_ms;
    next_ms -= clock_mono_ms();
    return l->elsewhere && next_ms > POLL_MS ? POLL_MS : next_ms;
}

static int draw(struct live *l, struct err *err)
{
    const struct live_frame frame = {
        .view = &l->view,
        .choice = &l->choice,
        .trouble = l->trouble.kind ? l->trouble.text : NULL,
        .unicode = l->setup->unicode,
    };
    struct buf out = { 0 };
    int rc;

    live_draw(l->screen, &frame);
    screen_draw(l->screen, &out);
    rc = terminal_write(l->terminal, buf_span(&out), err);
    buf_fini(&out);
    return rc;
}

static void fit(struct live *l)
{
    int columns, rows;

    terminal_size(l->terminal, &columns, &rows);
    screen_resize(l->screen, columns, rows);
}

/* The exit code, or -1 with *err. */
static int run(struct live *l, struct err *err)
{
    fit(l);
    while (!l->choice.quit) {
        int64_t wait_ms = keep_fresh(l);
        struct terminal_event event;

        if (draw(l, err) < 0)
            return -1;
        event = terminal_wait(l->terminal, wait_ms);
        if (event.news == TERMINAL_KEY)
            live_key(&l->choice, event.code);
        if (event.news == TERMINAL_CHANGED)
            fit(l);
        if (event.news == TERMINAL_ENDED)
            return event.code == SIGINT ? 0 : SIGNAL_CODE + event.code;
    }
    return 0;
}

int live_run(const struct live_setup *setup, struct err *err)
{
    struct live l = { .setup = setup };
    int code;

    load(&l);
    if (l.trouble.kind) {
        *err = l.trouble;
        return -1;
    }
    if (terminal_enter(&l.terminal, err) < 0) {
        view_fini(&l.view);
        return -1;
    }
    log_set("tacho", LOG_QUIET); /* a line in between would spoil the screen */
    l.screen = screen_new(setup->color);
    l.look_ms = clock_mono_ms() + LOOK_LEAST_MS;
    code = run(&l, err);
    terminal_leave(l.terminal);
    screen_free(l.screen);
    view_fini(&l.view);
    return code;
}
