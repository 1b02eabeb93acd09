/* daemon/gateway_test.c — `tacho gateway test NAME`: the way to a gateway, step by step.
 *
 * Says after each step that it works, and at the first that does not what is wrong and what helps.
 * SPDX-License-Identifier: MIT
 */
#include "daemon/daemon_internal.h"

#include "base/log.h"
#include "gateway/book.h"
#include "gateway/client.h"
#include "net/loop.h"
#include "show/banner.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

enum { FILES = 64, PATIENCE_MS = 30000, QUESTION_MS = 8000 };

static const struct {
    const char *method, *params;
} questions[] = {
    { "usage.status", "{}" },
    { "usage.cost", "{}" },
    { "sessions.list", "{\"limit\":1}" },
};
enum { QUESTIONS = sizeof(questions) / sizeof(questions[0]) };

/* What works, in order. */
enum step { STEP_NONE, STEP_FOUND, STEP_REACHED, STEP_GREETED, STEP_LET_IN };

struct trying {
    struct net_loop *loop;
    struct gateway_client *client;
    struct net_timer patience;
    const char *book;
    const struct gateway_entry *entry;
    enum step done;
    int asked;
    bool good;
};

__attribute__((format(printf, 2, 3))) static void say(bool good, const char *format, ...)
{
    struct buf line = { 0 };
    char text[600];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    buf_printf(&line, "%s  %s", good ? "ok    " : "failed", text);
    show_banner_line(line.p);
    buf_fini(&line);
}

static enum step step_of(const struct client_facts *facts)
{
    if (facts->phase == CLIENT_OPEN)
        return STEP_LET_IN;
    if (facts->phase == CLIENT_HELLO)
        return STEP_GREETED;
    if (facts->reached)
        return STEP_REACHED;
    return facts->host_found ? STEP_FOUND : STEP_NONE;
}

static void tell_step(const struct trying *t, enum step step, const struct client_facts *facts)
{
    switch (step) {
    case STEP_FOUND:
        say(true, "the host of %s is known", t->entry->url);
        break;
    case STEP_REACHED:
        say(true, "a WebSocket is open");
        break;
    case STEP_GREETED:
        say(true, "a gateway answers there and asks who we are");
        break;
    case STEP_LET_IN:
        say(true, "it lets us in and read; its version is %s",
            facts->version[0] ? facts->version : "not told");
        break;
    case STEP_NONE:
        break;
    }
}

static void ask_next(struct trying *t);

static void on_answer(void *to, const struct client_answer *answer)
{
    struct trying *t = to;
    const char *method = questions[t->asked - 1].method;

    if (answer->state == GATEWAY_ANSWERED)
        say(true, "%s answers", method);
    else if (answer->state == GATEWAY_REFUSED)
        say(false, "%s: %s", method, answer->error);
    else
        say(false, "%s: no answer within %d seconds", method, QUESTION_MS / 1000);
    t->good = t->good && answer->state == GATEWAY_ANSWERED;
    ask_next(t);
}

static void ask_next(struct trying *t)
{
    struct client_question question = { .timeout_ms = QUESTION_MS, .fn = on_answer, .to = t };

    if (t->asked < QUESTIONS) {
        question.method = questions[t->asked].method;
        question.params = span_of(questions[t->asked].params);
        t->asked++;
        if (client_ask(t->client, &question))
            return;
        t->good = false;
    }
    net_loop_stop(t->loop);
}

static void on_change(void *to)
{
    struct trying *t = to;
    struct client_facts facts;
    enum step step;

    client_get_facts(t->client, &facts);
    step = step_of(&facts);
    while (t->done < step)
        tell_step(t, ++t->done, &facts);
    if (facts.phase == CLIENT_OPEN && t->asked == 0) {
        t->good = true;
        ask_next(t);
    } else if (facts.phase == CLIENT_STOPPED ||
               (facts.phase == CLIENT_WAITING && facts.retry_in_ms > 0)) {
        say(false, "%s", facts.error ? facts.error : gateway_state_names[facts.state]);
        t->good = false;
        net_loop_stop(t->loop);
    }
}

static void on_device(void *to, const char *token)
{
    struct trying *t = to;
    struct err err = { 0 };

    if (book_keep_device(t->book, t->entry->id, token, &err) < 0)
        log_warning("the device token is not kept: %s", err.text);
}

static void on_patience(void *to)
{
    struct trying *t = to;

    say(false, "nothing more has come for %d seconds", PATIENCE_MS / 1000);
    t->good = false;
    net_loop_stop(t->loop);
}

/* All that the connection needs is there: walk. */
static void walk(struct trying *t, const struct client_parts *parts,
                 const struct credentials *credentials)
{
    const struct client_hooks hooks = { t, on_change, on_device };
    struct gateway_url url;
    struct err err = { 0 };

    if (gateway_url_parse(&url, span_of(t->entry->url), &err) < 0) {
        say(false, "%s", err.text);
        return;
    }
    t->patience = (struct net_timer){ .fn = on_patience, .to = t };
    net_timer_set(t->loop, &t->patience, PATIENCE_MS);
    t->client = client_new(parts, &hooks);
    client_connect(t->client, &url, credentials);
    net_loop_run(t->loop);
    net_timer_cancel(t->loop, &t->patience);
    client_free(t->client);
}

int gateway_test(const struct config *config, const struct gateway_entry *entry, struct err *err)
{
    char *book = book_path(config->config_path), *key = book_key_path(config->config_path);
    struct trying t = { .book = book, .entry = entry };
    struct identity *identity = NULL;
    struct wires *wires = NULL;
    struct credentials credentials;
    struct buf scratch = { 0 };
    int rc = -1;

    if (net_loop_new(&t.loop, FILES, err) < 0 || wires_open(&wires, t.loop, err) < 0 ||
        identity_open(&identity, key, err) < 0 ||
        gateway_entry_credentials(entry, &credentials, &scratch, err) < 0)
        goto out;
    walk(&t, &(struct client_parts){ t.loop, wires, identity }, &credentials);
    rc = t.good ? EXIT_SUCCESS : EX_UNAVAILABLE;
out:
    if (scratch.p)
        explicit_bzero(scratch.p, scratch.len);
    buf_fini(&scratch);
    wires_close(wires);
    net_loop_free(t.loop);
    identity_free(identity);
    free(key);
    free(book);
    return rc;
}
