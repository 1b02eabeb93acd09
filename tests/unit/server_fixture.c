/* server_fixture.c — the server alone in a process, for tests/e2e/server.test.mjs.
 *
 * Takes the words of the real daemon (`serve …`, `token new …`). It reads no logs: SIGUSR1 adds an
 * event of 1000 tokens to the ledger, SIGUSR2 does so every 10 ms until it comes again.
 * FIXTURE_PATIENCE="next,head,body,answer,linger,take,ping" (ms) shortens what the server waits
 * for. SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/config.h"
#include "server/assets.h"
#include "server/server_internal.h"
#include "server/token.h"
#include "store/rows.h"
#include "store/store.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_FDS = 512, CHANGE_MS = 10, EVENT_TOKENS = 1000 };

struct fixture {
    struct config config;
    struct net_loop *loop;
    struct server *server;
    struct store *writer, *reader;
    struct zone *zone;
    struct net_timer changes;
};

static struct net_loop *woken; /* what signal handlers can reach */
static atomic_bool wants_stop, wants_change, wants_changes;

/* ---- a page of two files ---- */

static const unsigned char page[] = "<!doctype html><title>fixture</title>";
static const unsigned char script[] = "export const answer = 42;";
static const unsigned char script_gz[] = {
    /* the same, gzipped */
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff, 0x4b, 0xad, 0x28, 0xc8, 0x2f,
    0x2a, 0x51, 0x48, 0xce, 0xcf, 0x2b, 0x2e, 0x51, 0x48, 0xcc, 0x2b, 0x2e, 0x4f, 0x2d, 0x52,
    0xb0, 0x55, 0x30, 0x31, 0xb2, 0x06, 0x00, 0xe0, 0x48, 0x74, 0x96, 0x19, 0x00, 0x00, 0x00,
};

const struct asset assets[] = {
    { "/index.html", "text/html; charset=utf-8", page, sizeof(page) - 1, NULL, 0, "page", false },
    { "/app-1.js", "text/javascript; charset=utf-8", script, sizeof(script) - 1, script_gz,
      sizeof(script_gz), "script", true },
};
const size_t assets_n = sizeof(assets) / sizeof(assets[0]);

/* ---- the ledger ---- */

static int add_event(struct fixture *f, struct err *err)
{
    struct rows was = { 0 }, now = { 0 };
    struct row *row = rows_add(&now);
    struct origin origin = { 0 };
    struct store_facts facts;
    int rc = -1;

    if (store_get_facts(f->writer, &facts, err) < 0 || store_begin(f->writer, err) < 0)
        goto out;
    origin.agent = store_name(f->writer, NAME_AGENT, SPAN_LIT("claude"), err);
    origin.project = store_name(f->writer, NAME_PROJECT, SPAN_LIT("/work/shop"), err);
    origin.machine = store_name(f->writer, NAME_MACHINE, SPAN_LIT("here"), err);
    origin.account = store_name(f->writer, NAME_ACCOUNT, SPAN_LIT("claude"), err);
    row->model = store_name(f->writer, NAME_MODEL, SPAN_LIT("claude-opus-5"), err);
    row->group = (uint64_t)facts.events + 1;
    row->at_ms = clock_now_ms();
    row->figures.tokens[TOKEN_OUTPUT] = EVENT_TOKENS;
    row->figures.logged_nusd = COST_UNTOLD;
    row->cost_nusd = 25000000;
    row->origin = store_origin(f->writer, &origin, err);
    row->session = store_session(f->writer, origin.agent, SPAN_LIT("s1"), SPAN_ABSENT, err);
    if (store_group_put(f->writer, &was, &now, err) == 0 && store_commit(f->writer, err) == 0)
        rc = 0;
out:
    rows_fini(&now);
    return rc;
}

static void change(struct fixture *f)
{
    struct err err;

    if (add_event(f, &err) < 0)
        log_error("%s", err.text);
    server_changed(f->server);
}

static void on_changes(void *to)
{
    struct fixture *f = to;

    change(f);
    net_timer_set(f->loop, &f->changes, CHANGE_MS);
}

/* ---- signals ---- */

static void on_signal(int number)
{
    atomic_store(number == SIGUSR1   ? &wants_change
                 : number == SIGUSR2 ? &wants_changes
                                     : &wants_stop,
                 true);
    net_loop_wake(woken);
}

static void on_wake(void *to)
{
    struct fixture *f = to;

    if (atomic_exchange(&wants_change, false))
        change(f);
    if (atomic_exchange(&wants_changes, false)) {
        if (f->changes.armed)
            net_timer_cancel(f->loop, &f->changes);
        else
            net_timer_set(f->loop, &f->changes, CHANGE_MS);
    }
    if (atomic_load(&wants_stop))
        net_loop_stop(f->loop);
}

/* ---- serving ---- */

/* In the order of FIXTURE_PATIENCE. */
static const enum conn_wait told_waits[] = { WAIT_NEXT,   WAIT_HEAD,   WAIT_BODY,
                                             WAIT_ANSWER, WAIT_LINGER, WAIT_TAKE };
enum { TOLD_WAITS = sizeof(told_waits) / sizeof(told_waits[0]) };

static void shorten_patience(struct server *server)
{
    struct span rest = span_of(getenv("FIXTURE_PATIENCE")), piece;
    struct server_limits limits = { 0 };

    for (int i = 0; i <= TOLD_WAITS && span_split(&rest, ',', &piece); i++)
        span_int(piece, i < TOLD_WAITS ? &limits.wait_ms[told_waits[i]] : &limits.ping_ms);
    if (limits.ping_ms > 0)
        server_set_limits(server, &limits);
}

static void health(void *to, struct json_out *out)
{
    (void)to;
    json_put_text(out, "fixture", SPAN_LIT("yes"));
}

static void handle_signals(void (*handler)(int number))
{
    static const int numbers[] = { SIGTERM, SIGINT, SIGUSR1, SIGUSR2 };
    struct sigaction action = { .sa_handler = handler };

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        sigaction(numbers[i], &action, NULL);
}

static int serve(struct fixture *f, struct err *err)
{
    struct server_parts parts = { .config = &f->config, .hooks = { .health = health } };

    if (net_loop_new(&f->loop, MAX_FDS, err) < 0 ||
        store_open(&f->writer, f->config.db, STORE_WRITE, err) < 0 || add_event(f, err) < 0 ||
        store_open(&f->reader, f->config.db, STORE_READ, err) < 0 ||
        zone_open(&f->zone, f->config.timezone, err) < 0)
        return -1;
    parts.loop = f->loop;
    parts.store = f->reader;
    parts.zone = f->zone;
    if (server_open(&f->server, &parts, err) < 0)
        return -1;
    shorten_patience(f->server);
    f->changes = (struct net_timer){ .fn = on_changes, .to = f };
    net_loop_on_wake(f->loop, on_wake, f);
    woken = f->loop;
    handle_signals(on_signal);
    printf("%s\n", server_url(f->server));
    fflush(stdout);
    net_loop_run(f->loop);
    handle_signals(SIG_IGN); /* the loop that a handler would wake goes now */
    return 0;
}

static int make_token(struct fixture *f, struct err *err)
{
    char *path = token_path(f->config.config_path);
    char text[TOKEN_TEXT_SIZE];
    int rc = token_new(path, f->config.admin_token ? ACCESS_ADMIN : ACCESS_READ, f->config.label,
                       text, err);

    if (rc == 0)
        printf("%s\n", text);
    free(path);
    return rc;
}

int main(int argc, char **argv)
{
    struct config_call call;
    struct fixture f = { 0 };
    struct err err = { 0 };
    int rc = -1;

    log_set("fixture", LOG_LEVEL_INFO);
    config_init(&f.config);
    if (config_parse(&f.config, argc, argv, &call, &err) == 0 &&
        config_finish(&f.config, &err) == 0)
        rc = call.command && strcmp(call.command->name, "token") == 0 ? make_token(&f, &err)
                                                                      : serve(&f, &err);
    if (rc < 0)
        log_error("%s", err.text);
    server_close(f.server);
    net_loop_free(f.loop);
    zone_close(f.zone);
    store_close(f.reader);
    store_close(f.writer);
    config_fini(&f.config);
    free(call.rest);
    return rc < 0 ? err_exit_code(err.kind) : 0;
}
