/* cli/statusline_install.c — `tacho statusline install`: into the settings of the agent.
 *
 * That file belongs to somebody else and is written by hand, so its text is edited and not written
 * anew: one member is added or one command replaced, every other byte stays. The file as it was is
 * kept beside it. Done twice it changes nothing.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/json_out.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/pick.h"
#include "ingest/catch_up.h"
#include "source/status_line.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SETTINGS_MAX (4 << 20)
#define BACKUPS_MAX  100
#define OURS         " statusline"

enum { V_LINE, V_TYPE, V_COMMAND, V_COUNT };
static const struct pick_key line_keys[] = {
    { "type", V_TYPE },
    { "command", V_COMMAND },
    { NULL },
};
static const struct pick_key keys[] = { { "statusLine", V_LINE, line_keys }, { NULL } };

/* A file of settings, and what becomes of it. */
struct settings {
    char *path;       /* as the agent names it */
    char *real;       /* where that leads, links followed */
    unsigned mode;    /* permissions */
    bool there;       /* is there such a file? */
    struct buf text;  /* as it is */
    struct buf fresh; /* as it is to be */
    char *command;    /* ours */
    char *replaced;   /* the command that stood there; NULL: none */
};

static void settings_fini(struct settings *s)
{
    free(s->path);
    free(s->real);
    free(s->command);
    free(s->replaced);
    buf_fini(&s->text);
    buf_fini(&s->fresh);
}

/* ---- what we are called ---- */

/* A shell reads the command: what is not plain goes into quotes. */
static void add_quoted(struct buf *out, const char *path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "/._-+@%,:";
    const char *p;

    if (path[strspn(path, plain)] == '\0') {
        buf_add_text(out, path);
        return;
    }
    buf_add_char(out, '\'');
    for (p = path; *p; p++) {
        if (*p == '\'')
            buf_add_text(out, "'\\''");
        else
            buf_add_char(out, *p);
    }
    buf_add_char(out, '\'');
}

static char *our_command(void)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    struct buf command = { 0 };

    self[n > 0 ? n : 0] = '\0';
    add_quoted(&command, n > 0 ? self : "tacho");
    buf_add_text(&command, OURS);
    return buf_take(&command);
}

/* ---- reading ---- */

static int check_text(const struct settings *s, struct err *err)
{
    struct picked v[V_COUNT];
    json_error_t where;
    json_t *tree;

    if (pick_json(buf_span(&s->text), keys, v, V_COUNT) == 0)
        return 0;
    tree = json_loadb(buf_span(&s->text).p, s->text.len, 0, &where);
    if (tree)
        err_set(err, ERR_USAGE, "%s holds no JSON object; it was left as it is", s->path);
    else
        err_set(err, ERR_USAGE, "%s: line %d is not JSON (%s); it was left as it is", s->path,
                where.line, where.text);
    json_decref(tree);
    return -1;
}

static int read_settings(struct settings *s, struct err *err)
{
    struct err why = { 0 };
    struct stat st;

    s->real = realpath(s->path, NULL);
    if (!s->real)
        s->real = xstrdup(s->path);
    s->mode = 0600;
    if (path_read(s->real, SETTINGS_MAX, &s->text, &why) < 0) {
        if (why.kind == ERR_NOT_FOUND)
            return 0;
        *err = why;
        return -1;
    }
    s->there = true;
    if (stat(s->real, &st) == 0)
        s->mode = st.st_mode & 0777;
    return span_trim(buf_span(&s->text)).len == 0 ? 0 : check_text(s, err);
}

/* ---- editing ---- */

static void add_value(struct buf *out, const char *command)
{
    struct json_out json;

    json_out_init(&json, out, 0);
    buf_add_text(out, "{ \"type\": \"command\", \"command\": ");
    json_text(&json, span_of(command));
    buf_add_text(out, " }");
}

/* As the first member, indented as the one that was first. */
static void add_member(struct settings *s)
{
    struct span text = buf_span(&s->text), rest, lead;
    const char *open = memchr(text.p, '{', text.len);
    size_t blanks = 0;

    if (!open) {
        buf_add_text(&s->fresh, "{\n  \"statusLine\": ");
        add_value(&s->fresh, s->command);
        buf_add_text(&s->fresh, "\n}\n");
        return;
    }
    rest = (struct span){ open + 1, (size_t)(text.p + text.len - open - 1) };
    while (blanks < rest.len && strchr(" \t\r\n", rest.p[blanks]))
        blanks++;
    lead = (struct span){ rest.p, blanks };
    buf_add(&s->fresh, text.p, (size_t)(rest.p - text.p));
    if (rest.p[blanks] == '}') {
        buf_add_text(&s->fresh, "\n  \"statusLine\": ");
        add_value(&s->fresh, s->command);
        buf_add_text(&s->fresh, "\n");
        rest = (struct span){ rest.p + blanks, rest.len - blanks };
    } else {
        buf_add_span(&s->fresh, lead);
        buf_add_text(&s->fresh, "\"statusLine\": ");
        add_value(&s->fresh, s->command);
        buf_add_char(&s->fresh, ',');
    }
    buf_add_span(&s->fresh, rest);
}

/* Puts `s->fresh` together from the text with `old` (lent from it) left out. */
static void replace(struct settings *s, struct span old, struct span by)
{
    struct span text = buf_span(&s->text);

    buf_add(&s->fresh, text.p, (size_t)(old.p - text.p));
    buf_add_span(&s->fresh, by);
    buf_add(&s->fresh, old.p + old.len, (size_t)(text.p + text.len - old.p - old.len));
}

static void edit(struct settings *s)
{
    char command[PATH_MAX + 64];
    struct picked v[V_COUNT] = { 0 };
    struct buf value = { 0 };
    struct span old, type;

    if (s->text.len > 0 && pick_json(buf_span(&s->text), keys, v, V_COUNT) < 0)
        v[V_LINE].type = PICKED_ABSENT; /* blanks alone */
    if (v[V_LINE].text.len == 0) {
        add_member(s);
        return;
    }
    type = v[V_TYPE].text;
    old = picked_text(&v[V_COMMAND], command, sizeof(command));
    if (old.len > 0)
        s->replaced = xstrndup(old.p, old.len);
    if (old.len > 0 && span_is(type, "command")) { /* what stands beside the command stays */
        struct json_out json;

        json_out_init(&json, &value, 0);
        json_text(&json, span_of(s->command));
        replace(s, v[V_COMMAND].text, (struct span){ value.p + 1, value.len - 2 });
    } else {
        add_value(&value, s->command);
        replace(s, v[V_LINE].text, buf_span(&value));
    }
    buf_fini(&value);
}

/* ---- writing ---- */

/* The file as it was, under a name that is free; yours to free. NULL with *err. */
static char *keep_old(const struct settings *s, struct err *err)
{
    char *path = xasprintf("%s.before-tacho", s->real);
    int n;

    for (n = 2; access(path, F_OK) == 0 && n < BACKUPS_MAX; n++) {
        free(path);
        path = xasprintf("%s.before-tacho-%d", s->real, n);
    }
    if (path_write(path, buf_span(&s->text), s->mode, err) == 0)
        return path;
    free(path);
    return NULL;
}

static int write_settings(const struct settings *s, struct buf *out, struct err *err)
{
    char *folder = path_dir(s->real), *backup = NULL;
    int rc = -1;

    if (access(folder, F_OK) < 0 && path_make(folder, err) < 0)
        goto out;
    if (s->there && !(backup = keep_old(s, err)))
        goto out;
    if (path_write(s->real, buf_span(&s->fresh), s->mode, err) < 0)
        goto out;
    buf_printf(out, "%s: the status line is tacho's now.\n", s->path);
    if (backup)
        buf_printf(out, "As it was, it is kept as %s.\n", backup);
    rc = 0;
out:
    free(folder);
    free(backup);
    return rc;
}

static void tell_replaced(struct buf *out, const struct cli *cli, const struct settings *s)
{
    if (!s->replaced)
        return;
    buf_add_text(out, cli->config->dry_run ? "It would replace: " : "It replaced: ");
    show_text(out, span_of(s->replaced), 0, cli->style.unicode);
    buf_add_char(out, '\n');
}

static int install(const struct cli *cli, struct settings *s, struct buf *out, struct err *err)
{
    if (read_settings(s, err) < 0)
        return -1;
    edit(s);
    if (s->replaced && strcmp(s->replaced, s->command) == 0) {
        buf_printf(out, "%s: the status line is tacho's already; nothing changes.\n", s->path);
        return 0;
    }
    if (cli->config->dry_run) {
        buf_printf(out, "%s would get\n  \"statusLine\": ", s->path);
        add_value(out, s->command);
        buf_add_char(out, '\n');
    } else if (write_settings(s, out, err) < 0) {
        return -1;
    }
    tell_replaced(out, cli, s);
    return 0;
}

int statusline_install(const struct cli *cli, struct buf *out, struct err *err)
{
    struct source_env env = catch_up_env(cli->config);
    struct settings settings = { 0 };
    int rc;

    if (!span_is(span_of(cli->call.rest[0]), "install")) {
        err_set(err, ERR_USAGE, "'statusline' takes install or nothing, not '%s'",
                cli->call.rest[0]);
        return -1;
    }
    settings.path = status_line_settings(&env);
    settings.command = our_command();
    rc = install(cli, &settings, out, err);
    settings_fini(&settings);
    return rc;
}
