/* gateway/gateways.c — see gateways.h.
 * SPDX-License-Identifier: MIT
 */
#include "gateway/gateways.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/config.h"
#include "gateway/gateways_internal.h"
#include "gateway/identity.h"

#include <stdlib.h>

enum {
    FRESH_MS = 30000, /* whoever asks gets figures no older than this soon */
};

static char *copy(const char *text)
{
    return text ? xstrdup(text) : NULL;
}

void gateways_tell(struct member *m)
{
    if (m->all->on_change)
        m->all->on_change(m->all->to, m->entry.id);
}

/* ---- one gateway ---- */

static void on_client_change(void *to)
{
    struct member *m = to;
    struct client_facts facts;
    bool open;

    client_get_facts(m->client, &facts);
    open = facts.phase == CLIENT_OPEN;
    if (open && !m->was_open) {
        m->lists_only = false;
        m->limit_step = 0;
        m->soon = 0;
    }
    if (!open && m->was_open)
        buf_clear(&m->document); /* old figures are no figures */
    m->was_open = open;
    if (facts.state != m->state) {
        m->state = facts.state;
        gateways_tell(m);
    }
    if (open)
        refresh_now(m);
}

static void on_device(void *to, const char *token)
{
    struct member *m = to;
    struct err err = { 0 };

    free(m->entry.device_token);
    m->entry.device_token = token ? xstrdup(token) : NULL;
    if (book_keep_device(m->all->path, m->entry.id, token, &err) < 0)
        log_warning("gateway %s: its device token is not kept: %s", m->entry.name, err.text);
}

static void on_timer(void *to)
{
    refresh_now(to);
}

static void disconnect(struct member *m)
{
    struct gateway_client *client = m->client;

    m->client = NULL;
    client_free(client); /* first: open questions are answered into the round */
    refresh_abandon(m);
    buf_clear(&m->document);
    free(m->trouble);
    m->trouble = NULL;
    m->was_open = false;
}

/* What connections need, made when the first gateway is there. */
static int make_ready(struct gateways *all, struct err *err)
{
    char *key = NULL;
    int rc = -1;

    if (!all->wires && wires_open(&all->wires, all->loop, err) < 0)
        goto out;
    if (!all->maker && maker_open(&all->maker, all->loop, all->config, all->ledger, err) < 0)
        goto out;
    key = book_key_path(all->config->config_path);
    if (!all->identity && identity_open(&all->identity, key, err) < 0)
        goto out;
    rc = 0;
out:
    free(key);
    return rc;
}

static void connect_member(struct member *m)
{
    struct gateways *all = m->all;
    const struct client_hooks hooks = { m, on_client_change, on_device };
    struct client_parts parts = { .loop = all->loop };
    struct credentials credentials;
    struct gateway_url url;
    struct buf scratch = { 0 };
    struct err err = { 0 };

    disconnect(m);
    if (!m->entry.enabled)
        return;
    if (make_ready(all, &err) < 0 || gateway_url_parse(&url, span_of(m->entry.url), &err) < 0 ||
        gateway_entry_credentials(&m->entry, &credentials, &scratch, &err) < 0) {
        m->trouble = xstrdup(err.text);
        log_warning("gateway %s: %s", m->entry.name, err.text);
    } else {
        parts.wires = all->wires;
        parts.identity = all->identity;
        m->client = client_new(&parts, &hooks);
        client_connect(m->client, &url, &credentials);
    }
    if (scratch.p)
        explicit_bzero(scratch.p, scratch.len);
    buf_fini(&scratch);
}

static void free_member(struct member *m)
{
    disconnect(m);
    gateway_entry_fini(&m->entry);
    buf_fini(&m->document);
    free(m);
}

static struct member *find(const struct gateways *all, struct span id)
{
    for (size_t i = 0; i < all->count; i++)
        if (span_is(id, all->members[i]->entry.id))
            return all->members[i];
    return NULL;
}

/* ---- the book ---- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Would the connection be the same? A device token comes and goes with it. */
static bool same_connection(const struct gateway_entry *a, const struct gateway_entry *b)
{
    return same_text(a->url, b->url) && same_text(a->token, b->token) &&
           same_text(a->password, b->password) && same_text(a->token_env, b->token_env) &&
           same_text(a->token_file, b->token_file) && a->enabled == b->enabled;
}

/* Takes the entry over. */
static void follow_entry(struct gateways *all, struct gateway_entry *entry)
{
    struct member *m = find(all, span_of(entry->id));
    bool stays = m && same_connection(&m->entry, entry);

    if (!m) {
        m = xcalloc(1, sizeof(*m));
        m->all = all;
        m->timer = (struct net_timer){ .fn = on_timer, .to = m };
        all->members = xgrow(all->members, all->count, &all->space, sizeof(struct member *));
        all->members[all->count++] = m;
    }
    gateway_entry_fini(&m->entry);
    m->entry = *entry;
    *entry = (struct gateway_entry){ .name = NULL };
    if (stays)
        refresh_now(m); /* its limits may be others */
    else
        connect_member(m);
    gateways_tell(m);
}

static bool is_listed(const struct book *book, const char *id)
{
    for (size_t i = 0; i < book->count; i++)
        if (strcmp(book->entries[i].id, id) == 0)
            return true;
    return false;
}

static int follow_book(struct gateways *all, struct err *err)
{
    struct book book;
    size_t kept = 0;

    if (book_load(&book, all->path, err) < 0)
        return -1;
    for (size_t i = 0; i < all->count; i++) {
        if (is_listed(&book, all->members[i]->entry.id))
            all->members[kept++] = all->members[i];
        else
            free_member(all->members[i]);
    }
    all->count = kept;
    for (size_t i = 0; i < book.count; i++)
        if (!all->only || strcmp(all->only, book.entries[i].id) == 0)
            follow_entry(all, &book.entries[i]);
    book_fini(&book);
    return 0;
}

void gateways_reload(struct gateways *all)
{
    struct err err = { 0 };

    if (follow_book(all, &err) < 0)
        log_error("%s", err.text);
}

struct gateways *gateways_open(const struct gateways_parts *parts)
{
    struct gateways *all = xcalloc(1, sizeof(*all));

    all->loop = parts->loop;
    all->config = parts->config;
    all->ledger = copy(parts->ledger);
    all->only = copy(parts->only);
    all->path = book_path(parts->config->config_path);
    gateways_reload(all);
    return all;
}

void gateways_close(struct gateways *all)
{
    if (!all)
        return;
    all->on_change = NULL;
    for (size_t i = 0; i < all->count; i++)
        free_member(all->members[i]);
    free(all->members);
    maker_close(all->maker);
    wires_close(all->wires);
    identity_free(all->identity);
    free(all->ledger);
    free(all->path);
    free(all->only);
    free(all);
}

void gateways_on_change(struct gateways *all, void (*fn)(void *to, const char *id), void *to)
{
    all->on_change = fn;
    all->to = to;
}

/* ---- changes from outside ---- */

/* Reads a body over the entry; what a file of ours may hold besides is not for strangers. */
static int read_body(struct gateway_entry *entry, struct span body, struct err *err)
{
    static const char *const ours[] = { "token_env", "token_file", "device_token" };
    json_error_t where;
    json_t *object = json_loadb(body.p ? body.p : "", body.len, JSON_REJECT_DUPLICATES, &where);
    int rc = -1;

    if (!object) {
        err_set(err, ERR_USAGE, "the body is not JSON: %s (line %d)", where.text, where.line);
        return -1;
    }
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        json_object_del(object, ours[i]);
    if (gateway_entry_read(entry, object, err) == 0)
        rc = gateway_entry_check(entry, err);
    json_decref(object);
    return rc;
}

int gateways_add(struct gateways *all, struct span body, char id[GATEWAY_ID_SIZE], struct err *err)
{
    struct gateway_entry entry;
    int rc = -1;

    gateway_entry_init(&entry);
    if (read_body(&entry, body, err) == 0 && book_put(all->path, &entry, BOOK_ADD, err) == 0) {
        memcpy(id, entry.id, GATEWAY_ID_SIZE);
        follow_entry(all, &entry);
        rc = 0;
    }
    gateway_entry_fini(&entry);
    return rc;
}

static struct gateway_entry copy_entry(const struct gateway_entry *from)
{
    struct gateway_entry to = *from;

    to.name = copy(from->name);
    to.url = copy(from->url);
    to.account_key = copy(from->account_key);
    to.token = copy(from->token);
    to.password = copy(from->password);
    to.token_env = copy(from->token_env);
    to.token_file = copy(from->token_file);
    to.device_token = copy(from->device_token);
    return to;
}

/* A secret is for the address that it was entered for, and no other. */
static int check_move(const struct gateway_entry *old, const struct gateway_entry *new,
                      struct err *err)
{
    if (same_text(old->url, new->url) ||
        !(new->token || new->password || new->token_env || new->token_file) ||
        !same_connection(old, &(struct gateway_entry){ .url = old->url,
                                                       .token = new->token,
                                                       .password = new->password,
                                                       .token_env = new->token_env,
                                                       .token_file = new->token_file,
                                                       .enabled = old->enabled }))
        return 0;
    err_set(err, ERR_USAGE, "a new url needs its token or password once more");
    return -1;
}

int gateways_change(struct gateways *all, struct span id, struct span body, struct err *err)
{
    struct member *m = find(all, id);
    struct gateway_entry entry;
    int rc = -1;

    if (!m) {
        err_set(err, ERR_NOT_FOUND, "there is no such gateway");
        return -1;
    }
    entry = copy_entry(&m->entry);
    if (read_body(&entry, body, err) == 0 && check_move(&m->entry, &entry, err) == 0) {
        if (strcmp(entry.id, m->entry.id) != 0) {
            err_set(err, ERR_USAGE, "the id of a gateway cannot be changed");
        } else {
            if (!same_text(entry.url, m->entry.url)) {
                free(entry.device_token);
                entry.device_token = NULL;
            }
            rc = book_put(all->path, &entry, BOOK_REPLACE, err);
        }
    }
    if (rc == 0)
        follow_entry(all, &entry);
    gateway_entry_fini(&entry);
    return rc;
}

int gateways_remove(struct gateways *all, struct span id, struct err *err)
{
    struct member *m = find(all, id);
    size_t i = 0;

    if (!m) {
        err_set(err, ERR_NOT_FOUND, "there is no such gateway");
        return -1;
    }
    if (book_remove(all->path, m->entry.id, err) < 0)
        return -1;
    while (all->members[i] != m)
        i++;
    memmove(&all->members[i], &all->members[i + 1], (--all->count - i) * sizeof(struct member *));
    gateways_tell(m);
    free_member(m);
    return 0;
}

/* ---- what is known ---- */

bool gateways_has(const struct gateways *all, struct span id)
{
    return find(all, id) != NULL;
}

static void write_text_or_nil(struct json_out *out, const char *key, const char *text)
{
    json_key(out, key);
    if (text)
        json_text(out, span_of(text));
    else
        json_nil(out);
}

static void get_facts(const struct member *m, struct client_facts *facts)
{
    *facts =
        (struct client_facts){ .state = m->entry.enabled ? GATEWAY_AUTH_FAILED : GATEWAY_DISABLED,
                               .error = m->trouble };
    if (m->client)
        client_get_facts(m->client, facts);
}

static void write_member(const struct member *m, struct json_out *out)
{
    struct client_facts facts;

    get_facts(m, &facts);
    json_open(out, '{');
    json_put_text(out, "id", span_of(m->entry.id));
    json_put_text(out, "name", span_of(m->entry.name));
    json_put_text(out, "url", span_of(m->entry.url));
    json_put_text(out, "account_key",
                  span_of(m->entry.account_key ? m->entry.account_key : "default"));
    json_put_text(out, "state", span_of(gateway_state_names[facts.state]));
    write_text_or_nil(out, "last_error", facts.error);
    json_key(out, "last_seen_at");
    if (facts.last_seen_ms > 0)
        json_int(out, facts.last_seen_ms);
    else
        json_nil(out);
    json_close(out, '}');
}

void gateways_write_all(const struct gateways *all, struct json_out *out)
{
    json_open(out, '[');
    for (size_t i = 0; i < all->count; i++)
        write_member(all->members[i], out);
    json_close(out, ']');
}

bool gateways_write_one(const struct gateways *all, struct span id, struct json_out *out)
{
    const struct member *m = find(all, id);

    if (m)
        write_member(m, out);
    return m != NULL;
}

/* ---- documents ---- */

/* Somebody wants to know: ask anew what is old, and knock again where a person may have opened. */
static void want(struct member *m)
{
    int64_t now_ms = clock_boot_ms();
    struct client_facts facts;

    m->wanted_ms = now_ms;
    if (!m->client)
        return;
    client_get_facts(m->client, &facts);
    if (facts.phase == CLIENT_STOPPED && facts.state == GATEWAY_PAIRING_REQUIRED &&
        now_ms - m->tried_ms >= FRESH_MS) {
        m->tried_ms = now_ms;
        client_retry(m->client);
    } else if (m->made_ms > 0 && now_ms - m->made_ms > FRESH_MS) {
        refresh_now(m);
    } else if (!m->round.making && !m->round.sent && m->soon == 0) {
        refresh_plan(m);
    }
}

/* A document that says why there are no figures. */
static void write_none(const struct member *m, struct buf *out)
{
    struct making *making = making_new(&m->entry, clock_now_ms());
    struct client_facts facts;

    get_facts(m, &facts);
    for (int i = 0; i < MAKINGS; i++) {
        making->answers[i].state = GATEWAY_REFUSED;
        making->answers[i].error = xstrdup(gateway_state_names[facts.state]);
    }
    making_make(making, NULL);
    buf_add_span(out, buf_span(&making->document));
    making_free(making);
}

bool gateways_document(struct gateways *all, struct span id, struct buf *out)
{
    struct member *m = find(all, id);

    if (!m)
        return false;
    want(m);
    if (m->document.len > 0)
        buf_add_span(out, buf_span(&m->document));
    else
        write_none(m, out);
    return true;
}

void gateways_watch(struct gateways *all, struct span id, int change)
{
    struct member *m = find(all, id);

    if (!m)
        return;
    m->listeners += change;
    if (change > 0)
        want(m);
}

enum gateway_state gateways_state(const struct gateways *all, struct span id, const char **error)
{
    const struct member *m = find(all, id);
    struct client_facts facts = { .state = GATEWAY_DISABLED };

    if (m)
        get_facts(m, &facts);
    *error = facts.error;
    return facts.state;
}

bool gateways_has_document(const struct gateways *all, struct span id)
{
    const struct member *m = find(all, id);

    return m && m->document.len > 0;
}
