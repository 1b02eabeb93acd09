/* daemon/gateway_command.c — `tacho gateway add|list|remove|test|usage`.
 *
 * Secrets are asked for, or named (a variable, a file); a command line can be seen by everybody on
 * the machine. A daemon that runs is told to read the list again.
 * SPDX-License-Identifier: MIT
 */
#include "daemon/daemon_internal.h"

#include "base/mem.h"
#include "gateway/book.h"
#include "show/ask.h"
#include "show/banner.h"
#include "show/gateways.h"

#include <stdlib.h>

struct command {
    const struct config *config;
    const char *path; /* of the book */
    const char *name, *url;
};

static void set(char **slot, const char *text)
{
    if (*slot)
        explicit_bzero(*slot, strlen(*slot));
    free(*slot);
    *slot = text ? xstrdup(text) : NULL;
}

/* The entry of that name, or a new one. 1: it was there; 0; -1 with *err. */
static int begin_entry(const struct command *c, struct gateway_entry *entry, struct err *err)
{
    struct book book;
    struct gateway_entry *old;
    struct err none;

    if (book_load(&book, c->path, err) < 0)
        return -1;
    old = book_find(&book, span_of(c->name), &none);
    if (old) {
        *entry = *old;
        *old = (struct gateway_entry){ .name = NULL };
    } else {
        gateway_entry_init(entry);
    }
    book_fini(&book);
    return old != NULL;
}

static int take_secret(const struct command *c, struct gateway_entry *entry, struct err *err)
{
    const struct config *config = c->config;
    struct buf secret = { 0 };
    int rc = 0;

    set(&entry->token, NULL);
    set(&entry->password, NULL);
    set(&entry->device_token, NULL);
    set(&entry->token_env, config->token_env);
    set(&entry->token_file, config->token_file);
    if (config->token_env && config->token_file) {
        err_set(err, ERR_USAGE, "the token is in a variable or in a file, not in both");
        return -1;
    }
    if (config->token_env || config->token_file)
        return 0;
    rc = show_ask_secret(config->password ? "Password of the gateway" : "Token of the gateway",
                         &secret, err);
    if (rc == 0)
        set(config->password ? &entry->password : &entry->token, secret.p);
    if (secret.p)
        explicit_bzero(secret.p, secret.len);
    buf_fini(&secret);
    return rc;
}

static void tell_added(const struct command *c, const struct gateway_entry *entry, struct buf *out)
{
    struct gateway_url url;
    struct err none;

    buf_printf(out, "Gateway %s is kept. 'tacho gateway test %s' tries the connection.\n", c->name,
               c->name);
    if (gateway_url_parse(&url, span_of(entry->url), &none) == 0 && !url.tls &&
        !gateway_url_is_loopback(&url))
        buf_add_text(out, "Its address has no TLS: the secret travels in clear. Use wss://, or an "
                          "ssh tunnel to its loopback.\n");
}

static int add(const struct command *c, struct buf *out, struct err *err)
{
    struct gateway_entry entry = { .name = NULL };
    struct gateway_url url;
    int there, rc = -1;

    if (!c->name || !c->url) {
        err_set(err, ERR_USAGE,
                "'tacho gateway add' needs a name and an address, such as "
                "tacho gateway add home ws://127.0.0.1:18789");
        return -1;
    }
    if (gateway_url_parse(&url, span_of(c->url), err) < 0)
        return -1;
    there = begin_entry(c, &entry, err);
    if (there < 0)
        return -1;
    if (!there)
        set(&entry.name, c->name);
    set(&entry.url, c->url);
    if (c->config->account)
        set(&entry.account_key, c->config->account);
    if (take_secret(c, &entry, err) == 0 && gateway_entry_check(&entry, err) == 0)
        rc = book_put(c->path, &entry, there ? BOOK_REPLACE : BOOK_ADD, err);
    if (rc == 0) {
        tell_added(c, &entry, out);
        instance_poke(c->config->db);
    }
    gateway_entry_fini(&entry);
    return rc;
}

static int list(const struct command *c, struct buf *out, struct err *err)
{
    struct book book;

    if (book_load(&book, c->path, err) < 0)
        return -1;
    for (size_t i = 0; i < book.count; i++) {
        const struct gateway_entry *e = &book.entries[i];

        show_gateway_row(out, &(struct show_gateway){
                                  .name = span_of(e->name),
                                  .url = span_of(e->url),
                                  .secret = span_of(e->token_env    ? "in a variable"
                                                    : e->token_file ? "in a file"
                                                    : e->password   ? "password"
                                                    : e->token      ? "token"
                                                                    : "none"),
                                  .enabled = e->enabled,
                              });
    }
    if (book.count == 0)
        show_gateway_none(out);
    book_fini(&book);
    return 0;
}

/* Does `what` with the gateway of that name. */
static int with_entry(const struct command *c, const char *verb,
                      int (*what)(const struct config *config, const struct gateway_entry *entry,
                                  struct err *err),
                      struct err *err)
{
    struct gateway_entry *entry;
    struct book book;
    int rc = -1;

    if (!c->name) {
        err_set(err, ERR_USAGE, "'tacho gateway %s' needs the name of a gateway", verb);
        return -1;
    }
    if (book_load(&book, c->path, err) < 0)
        return -1;
    entry = book_find(&book, span_of(c->name), err);
    if (entry)
        rc = what(c->config, entry, err);
    book_fini(&book);
    return rc;
}

static int remove_entry(const struct config *config, const struct gateway_entry *entry,
                        struct err *err)
{
    char *path = book_path(config->config_path);
    int rc = book_remove(path, entry->id, err);

    if (rc == 0)
        instance_poke(config->db);
    free(path);
    return rc;
}

static int take_away(const struct command *c, struct buf *out, struct err *err)
{
    int rc = with_entry(c, "remove", remove_entry, err);

    if (rc == 0)
        buf_printf(out, "Gateway %s is forgotten, and its secret with it.\n", c->name);
    return rc;
}

static int test(const struct command *c, struct buf *out, struct err *err)
{
    (void)out;
    return with_entry(c, "test", gateway_test, err);
}

static int usage(const struct command *c, struct buf *out, struct err *err)
{
    (void)out;
    return with_entry(c, "usage", gateway_usage, err);
}

static const struct {
    const char *verb;
    int (*run)(const struct command *command, struct buf *out, struct err *err);
} verbs[] = {
    { "add", add }, { "list", list }, { "remove", take_away }, { "test", test }, { "usage", usage },
};

int gateway_command(const struct config *config, char **rest, struct err *err)
{
    char *path = book_path(config->config_path);
    struct command command = { .config = config, .path = path };
    struct buf out = { 0 };
    int rc = -1;

    if (rest[0] && rest[1]) {
        command.name = rest[1];
        command.url = rest[2];
    }
    err_set(err, ERR_USAGE, "'tacho gateway' is followed by add, list, remove, test or usage");
    for (size_t i = 0; rest[0] && i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strcmp(rest[0], verbs[i].verb) == 0)
            rc = verbs[i].run(&command, &out, err);
    if (out.len > 0)
        show_banner_text(buf_span(&out));
    buf_fini(&out);
    free(path);
    return rc;
}
