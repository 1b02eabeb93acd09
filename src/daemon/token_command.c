/* daemon/token_command.c — `tacho token new|list|remove`.
 * SPDX-License-Identifier: MIT
 */
#include "daemon/daemon_internal.h"

#include "server/token.h"
#include "show/banner.h"
#include "show/tokens.h"

#include <stdlib.h>

struct command {
    const struct config *config;
    const char *path;    /* of the file with the tokens */
    const char *operand; /* what stands behind the verb, or NULL */
};

static int make(const struct command *c, struct buf *out, struct err *err)
{
    enum access access = c->config->admin_token ? ACCESS_ADMIN : ACCESS_READ;
    char text[TOKEN_TEXT_SIZE];

    if (c->config->admin_token && c->config->read_only_token) {
        err_set(err, ERR_USAGE, "a token is made with --read or with --admin, which may read too");
        return -1;
    }
    if (token_new(c->path, access, c->config->label ? c->config->label : "", text, err) < 0)
        return -1;
    show_token_new(out, text, access_names[access]);
    explicit_bzero(text, sizeof(text));
    return 0;
}

static void add_row(void *to, const struct token_facts *facts)
{
    show_token_row(to, &(struct show_token){ facts->number, access_names[facts->access],
                                             facts->label, facts->created_ms });
}

static int list(const struct command *c, struct buf *out, struct err *err)
{
    if (token_each(c->path, add_row, out, err) < 0)
        return -1;
    if (out->len == 0)
        show_token_none(out);
    return 0;
}

static int take_back(const struct command *c, struct buf *out, struct err *err)
{
    int64_t number;

    if (!c->operand || !span_int(span_of(c->operand), &number)) {
        err_set(err, ERR_USAGE, "'tacho token remove' needs a number out of 'tacho token list'");
        return -1;
    }
    if (token_remove(c->path, number, err) < 0)
        return -1;
    buf_printf(out, "Token %s is worth nothing from now on.\n", c->operand);
    return 0;
}

static const struct {
    const char *verb;
    int (*run)(const struct command *command, struct buf *out, struct err *err);
} verbs[] = { { "new", make }, { "list", list }, { "remove", take_back } };

int token_command(const struct config *config, char **rest, struct err *err)
{
    char *path = token_path(config->config_path);
    struct command command = { config, path, rest[0] ? rest[1] : NULL };
    struct buf out = { 0 };
    int rc = -1;
    size_t i;

    err_set(err, ERR_USAGE, "'tacho token' is followed by new, list or remove");
    for (i = 0; rest[0] && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(rest[0], verbs[i].verb) == 0)
            rc = verbs[i].run(&command, &out, err);
    }
    if (rc == 0)
        show_banner_text(buf_span(&out));
    if (out.p)
        explicit_bzero(out.p, out.len);
    buf_fini(&out);
    free(path);
    return rc;
}
