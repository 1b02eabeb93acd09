/* config/parse.c — the words of a command line, sorted into options, command and operands.
 *
 * One pass takes every word by the table; what belongs together (is this option one of the command,
 * is this operand one it knows) is judged at the end, when the command is known wherever it stood.
 * SPDX-License-Identifier: MIT
 */
#include "config/config_internal.h"

#include "base/mem.h"

#include <stdlib.h>

/* Where the reading of argv is. */
struct words {
    char **next;  /* NULL-terminated */
    bool literal; /* "--" was seen: operands only */
    struct config *config;
    const struct config_command **command;
    struct config_call *call;
    char **rest;
    size_t rest_n;
};

static const struct config_option *find_long(struct span name)
{
    const struct config_option *o;

    for (o = config_options; o->name; o++) {
        if (config_is_word(o) && span_is(name, o->name))
            return o;
    }
    return NULL;
}

/* Rows may share a letter: the one that goes with the command, as far as it is known, is meant. */
static const struct config_option *find_letter(char letter, const struct config_command *command)
{
    const struct config_option *o, *found = NULL;

    for (o = config_options; o->name; o++) {
        if (o->letter != letter && o->also != letter)
            continue;
        if (!found || (command && (o->where & command->takes)))
            found = o;
    }
    return found;
}

static int refuse_option(struct span name, struct err *err)
{
    char *typed = xstrndup(name.p, name.len);
    struct near near = { .typed = typed };
    const struct config_option *o;

    for (o = config_options; o->name; o++) {
        if (config_is_word(o))
            near_offer(&near, o->name);
    }
    if (near.best)
        err_set(err, ERR_USAGE, "there is no option --%s; did you mean --%s?", typed, near.best);
    else
        err_set(err, ERR_USAGE, "there is no option --%s", typed);
    free(typed);
    return -1;
}

static int put(struct config *config, const struct config_option *option, const char *text,
               struct err *err)
{
    struct buf allowed = { 0 };

    if (config_allows(option, text)) {
        config_put(config, option, text, CONFIG_OPTION);
        return 0;
    }
    config_describe(&allowed, option);
    err_set(err, ERR_USAGE, "--%s takes %s, not '%s'", option->name, allowed.p, text);
    buf_fini(&allowed);
    return -1;
}

/* "--name", "--name=value", "--name value" */
static int take_long(struct words *w, const char *word, struct err *err)
{
    const char *equals = strchr(word, '=');
    struct span name = { word, equals ? (size_t)(equals - word) : strlen(word) };
    const struct config_option *option = find_long(name);

    if (!option)
        return refuse_option(name, err);
    if (option->type == CONFIG_FLAG) {
        if (equals) {
            err_set(err, ERR_USAGE, "--%s takes no value", option->name);
            return -1;
        }
        return put(w->config, option, "true", err);
    }
    if (equals)
        return put(w->config, option, equals + 1, err);
    if (!*w->next) {
        err_set(err, ERR_USAGE, "--%s needs a value", option->name);
        return -1;
    }
    return put(w->config, option, *w->next++, err);
}

/* "-j", "-jq", "-s 7d", "-s7d": what takes a value takes the rest of the word, else the next. */
static int take_letter_value(struct words *w, const struct config_option *option, const char *rest,
                             struct err *err)
{
    if (rest[0])
        return put(w->config, option, rest, err);
    if (!*w->next) {
        err_set(err, ERR_USAGE, "-%c (--%s) needs a value", option->letter, option->name);
        return -1;
    }
    return put(w->config, option, *w->next++, err);
}

static int take_letters(struct words *w, const char *letters, struct err *err)
{
    const struct config_option *option;

    for (; *letters; letters++) {
        option = find_letter(*letters, *w->command);
        if (!option) {
            err_set(err, ERR_USAGE, "there is no option -%c", *letters);
            return -1;
        }
        if (option->type != CONFIG_FLAG)
            return take_letter_value(w, option, letters + 1, err);
        if (put(w->config, option, "true", err) < 0)
            return -1;
    }
    return 0;
}

const struct config_command *config_command_find(const char *name, struct err *err)
{
    struct near near = { .typed = name };
    const struct config_command *c;

    for (c = config_commands; c->name; c++) {
        if (span_is(span_of(name), c->name))
            return c;
        near_offer(&near, c->name);
    }
    if (near.best)
        err_set(err, ERR_USAGE, "there is no command '%s'; did you mean '%s'?", name, near.best);
    else
        err_set(err, ERR_USAGE, "there is no command '%s'", name);
    return NULL;
}

/* "heron daily": the name of an agent before the command. */
static bool take_agent(struct words *w, const char *word)
{
    const struct config_dialect *dialect = w->config->dialect;
    const char *const *name = dialect ? dialect->agents : NULL;

    for (; name && *name && !w->call->agent; name++) {
        if (span_is(span_of(word), *name)) {
            w->call->agent = *name;
            return true;
        }
    }
    return false;
}

static int take_word(struct words *w, char *word, struct err *err)
{
    bool dashed = word[0] == '-' && word[1] && !w->literal;

    if (dashed && word[1] == '-' && !word[2]) {
        w->literal = true;
        return 0;
    }
    if (dashed && word[1] == '-')
        return take_long(w, word + 2, err);
    if (dashed)
        return take_letters(w, word + 1, err);
    if (!*w->command && take_agent(w, word))
        return 0;
    if (!*w->command) {
        *w->command = config_command_find(word, err);
        return *w->command ? 0 : -1;
    }
    w->rest[w->rest_n++] = word;
    return 0;
}

/* The first command that takes the option, for a message. */
static const char *owner_of(const struct config_option *option)
{
    const struct config_command *c = config_commands;

    unsigned where = option->where & FOR_CCUSAGE ? FOR_REPORT : option->where;

    while (c->name && !(c->takes & where))
        c++;
    return c->name;
}

static int check_options(const struct config *config, const struct config_command *command,
                         struct err *err)
{
    unsigned takes = FOR_ALL | (command ? command->takes : 0);
    const struct config_option *o;

    if (takes & FOR_REPORT)
        takes |= FOR_CCUSAGE;
    for (o = config_options; o->name; o++) {
        if (config_origin_of(config, o) != CONFIG_OPTION || (o->where & takes))
            continue;
        if (command)
            err_set(err, ERR_USAGE, "--%s goes with '%s', not with '%s'", o->name, owner_of(o),
                    command->name);
        else
            err_set(err, ERR_USAGE, "--%s needs a command, such as '%s'", o->name, owner_of(o));
        return -1;
    }
    return 0;
}

/* "info|rebuild": one of those words; "ID": any. */
static int check_word(struct span pattern, const char *word, const char *command, struct err *err)
{
    struct near near = { .typed = word };
    struct span choices = pattern, choice;
    char names[8][24];
    size_t n = 0;

    if (!memchr(pattern.p, '|', pattern.len))
        return 0;
    while (n < sizeof(names) / sizeof(names[0]) && span_split(&choices, '|', &choice)) {
        if (span_is(choice, word))
            return 0;
        span_copy(choice, names[n], sizeof(names[n]));
        near_offer(&near, names[n++]);
    }
    if (near.best)
        err_set(err, ERR_USAGE, "'%s' does not know '%s'; did you mean '%s'?", command, word,
                near.best);
    else
        err_set(err, ERR_USAGE, "'%s' takes %.*s, not '%s'", command, (int)pattern.len, pattern.p,
                word);
    return -1;
}

/* "PATH...": one, or more. */
static bool takes_more(struct span *pattern)
{
    bool more = pattern->len > 3 && memcmp(pattern->p + pattern->len - 3, "...", 3) == 0;

    if (more)
        pattern->len -= 3;
    return more;
}

/* Do the operands match command->operands? */
static int check_rest(char **rest, const struct config_command *command, struct err *err)
{
    struct span patterns = span_of(command->operands), pattern;

    while (span_split(&patterns, ' ', &pattern)) {
        bool optional = pattern.p[0] == '[', more = takes_more(&pattern);

        if (optional)
            pattern = (struct span){ pattern.p + 1, pattern.len - 2 };
        if (!*rest && optional)
            return 0;
        if (!*rest) {
            err_set(err, ERR_USAGE, "'%s' needs %.*s behind it", command->name, (int)pattern.len,
                    pattern.p);
            return -1;
        }
        do {
            if (check_word(pattern, *rest++, command->name, err) < 0)
                return -1;
        } while (more && *rest);
    }
    if (*rest) {
        err_set(err, ERR_USAGE, "'%s' does not know what to do with '%s'", command->name, *rest);
        return -1;
    }
    return 0;
}

/* Where no command was named there may be one all the same. */
static void choose_command(const struct config *config, struct config_call *call)
{
    const char *otherwise = config->dialect ? config->dialect->otherwise : NULL;

    if (call->command || config->help)
        return;
    if (otherwise)
        call->command = config_command_find(otherwise, NULL);
    else if (call->agent)
        call->command = &config_commands[0];
}

int config_parse(struct config *config, int argc, char **argv, struct config_call *call,
                 struct err *err)
{
    struct words w = { .config = config, .command = &call->command, .call = call };
    int rc = -1;

    *call = (struct config_call){ 0 };
    w.next = argv + (argc > 0);
    w.rest = xcalloc((size_t)argc + 1, sizeof(*w.rest));
    while (*w.next) {
        char *word = *w.next++;

        if (take_word(&w, word, err) < 0)
            goto out;
    }
    choose_command(config, call);
    if (!config->help && !config->version) {
        if (check_options(config, call->command, err) < 0)
            goto out;
        if (call->command && check_rest(w.rest, call->command, err) < 0)
            goto out;
    }
    call->rest = w.rest;
    w.rest = NULL;
    rc = 0;
out:
    free(w.rest);
    return rc;
}
