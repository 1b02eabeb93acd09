/* daemon/asks.c — what the server asks about runs, on its way to the thread that reads logs, and
 * what becomes of runs, on its way back.
 *
 *   main thread:    server ─▶ asks_put ─▶ queue        asks_hand_out ─▶ server
 *   worker thread:  asks_serve ─▶ ingest ─▶ answers and news ─▶ wake
 * SPDX-License-Identifier: MIT
 */
#include "daemon/daemon_internal.h"

#include "base/mem.h"
#include "server/server.h"

#include <pthread.h>
#include <stdlib.h>

/* Texts of a run, copied. */
struct ask {
    struct run_ask ask;
    char *texts[4];
};

/* News with its model copied behind it. */
struct told {
    struct run_news news;
    char *model;
};

struct asks {
    pthread_mutex_t lock; /* guards all of it */
    struct ask *asked;
    size_t asked_n, asked_space;
    struct run_answer *answers;
    size_t answers_n, answers_space;
    struct told *told;
    size_t told_n, told_space;
};

struct asks *asks_new(void)
{
    struct asks *asks = xcalloc(1, sizeof(*asks));

    pthread_mutex_init(&asks->lock, NULL);
    return asks;
}

static void drop_ask(struct ask *ask)
{
    size_t i;

    for (i = 0; i < sizeof(ask->texts) / sizeof(ask->texts[0]); i++)
        free(ask->texts[i]);
}

void asks_free(struct asks *asks)
{
    size_t i;

    if (!asks)
        return;
    for (i = 0; i < asks->asked_n; i++)
        drop_ask(&asks->asked[i]);
    for (i = 0; i < asks->told_n; i++)
        free(asks->told[i].model);
    free(asks->asked);
    free(asks->answers);
    free(asks->told);
    pthread_mutex_destroy(&asks->lock);
    free(asks);
}

/* ---- the main thread ---- */

void asks_put(struct asks *asks, const struct run_ask *what)
{
    struct ask ask = { .ask = *what };
    struct run *run = &ask.ask.run;
    struct span *const spans[] = { &run->agent, &run->model, &run->label, &run->dir };
    size_t i;

    for (i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
        if (!spans[i]->p)
            continue;
        ask.texts[i] = xstrndup(spans[i]->p, spans[i]->len);
        spans[i]->p = ask.texts[i];
    }
    pthread_mutex_lock(&asks->lock);
    asks->asked = xgrow(asks->asked, asks->asked_n, &asks->asked_space, sizeof(ask));
    asks->asked[asks->asked_n++] = ask;
    pthread_mutex_unlock(&asks->lock);
}

/* The server is called without the lock. */
void asks_hand_out(struct asks *asks, struct server *server)
{
    struct run_answer *answers;
    struct told *told;
    size_t answers_n, told_n, i;

    pthread_mutex_lock(&asks->lock);
    answers = asks->answers;
    answers_n = asks->answers_n;
    told = asks->told;
    told_n = asks->told_n;
    asks->answers = NULL;
    asks->told = NULL;
    asks->answers_n = asks->answers_space = asks->told_n = asks->told_space = 0;
    pthread_mutex_unlock(&asks->lock);
    for (i = 0; i < told_n; i++) {
        server_run_news(server, &told[i].news);
        free(told[i].model);
    }
    for (i = 0; i < answers_n; i++)
        server_run_answered(server, &answers[i]);
    free(told);
    free(answers);
}

/* ---- the worker's ---- */

void asks_tell(void *to, const struct run_news *news)
{
    struct asks *asks = to;
    struct told told = { .news = *news };

    if (news->model.p) {
        told.model = xstrndup(news->model.p, news->model.len);
        told.news.model.p = told.model;
    }
    pthread_mutex_lock(&asks->lock);
    asks->told = xgrow(asks->told, asks->told_n, &asks->told_space, sizeof(told));
    asks->told[asks->told_n++] = told;
    pthread_mutex_unlock(&asks->lock);
}

static bool take_ask(struct asks *asks, struct ask *ask)
{
    bool found;

    pthread_mutex_lock(&asks->lock);
    found = asks->asked_n > 0;
    if (found) {
        *ask = asks->asked[0];
        memmove(asks->asked, asks->asked + 1, --asks->asked_n * sizeof(*ask));
    }
    pthread_mutex_unlock(&asks->lock);
    return found;
}

bool asks_serve(struct asks *asks, struct ingest *ingest)
{
    bool any = false;
    struct ask ask;

    for (; take_ask(asks, &ask); any = true) {
        struct run_answer answer = { .ticket = ask.ask.ticket };
        int rc;

        if (ask.ask.what == RUN_ASK_ADD)
            rc = ingest_run_add(ingest, &ask.ask.run, &answer.err);
        else
            rc = ingest_run_end(ingest, ask.ask.run.id, ask.ask.run.state, &answer.err);
        answer.run = ask.ask.run.id;
        answer.in_use = rc == 1;
        if (rc >= 0)
            answer.err.kind = ERR_NONE;
        drop_ask(&ask);
        pthread_mutex_lock(&asks->lock);
        asks->answers = xgrow(asks->answers, asks->answers_n, &asks->answers_space, sizeof(answer));
        asks->answers[asks->answers_n++] = answer;
        pthread_mutex_unlock(&asks->lock);
    }
    return any;
}
