/* cli/service.c — `tacho service`: the system's own manager keeps the daemon running.
 *
 * A user's service, never the machine's: it reads that user's logs. The file comes from packaging/
 * with the place of the program beside us in it; the manager is asked by its own program.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/mem.h"
#include "base/path.h"
#include "cli/service_texts.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#define WORDS_MAX 8

/* What the daemon is started with. */
struct start {
    const char *words[WORDS_MAX]; /* NULL-terminated */
    char *program;                /* the first of them */
};

/* ---- the two managers ---- */

/* systemd: inside quotes, and '%' and '$' mean something. */
static void add_unit_word(struct buf *out, const char *word)
{
    buf_add_char(out, '"');
    for (; *word; word++) {
        if (strchr("\"\\", *word))
            buf_add_char(out, '\\');
        else if (strchr("%$", *word))
            buf_add_char(out, *word);
        buf_add_char(out, *word);
    }
    buf_add_char(out, '"');
}

static void write_unit(struct buf *out, const struct start *start)
{
    static const char key[] = "ExecStart=";
    struct span rest = span_of(strstr(service_unit, "[Unit]")), line;
    const char *const *word;

    while (span_split(&rest, '\n', &line) && rest.p) {
        if (!span_starts(line, key)) {
            buf_add_span(out, line);
        } else {
            buf_add_text(out, key);
            for (word = start->words; *word; word++) {
                buf_add_text(out, word == start->words ? "" : " ");
                add_unit_word(out, *word);
            }
        }
        buf_add_char(out, '\n');
    }
}

static void add_xml(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("&<>", *text))
            buf_printf(out, "&#%d;", *text);
        else
            buf_add_char(out, *text);
    }
}

static void write_plist(struct buf *out, const struct start *start)
{
    static const char mark[] = "@COMMAND@";
    const char *at = strstr(service_plist, mark);
    const char *const *word;

    buf_add(out, service_plist, (size_t)(at - service_plist));
    for (word = start->words; *word; word++) {
        buf_add_text(out, word == start->words ? "<string>" : "\n        <string>");
        add_xml(out, *word);
        buf_add_text(out, "</string>");
    }
    buf_add_text(out, at + strlen(mark));
}

/* A manager. In `calls`, "%u" is the user's id and "%f" the file. */
struct manager {
    const char *system;            /* as uname(2) says it; NULL: any other */
    const char *variable, *folder; /* XDG-like variable, and where below the home without it */
    const char *file;              /* below that folder */
    void (*write)(struct buf *out, const struct start *start);
    const char *const *install, *const *uninstall, *const *status; /* lines of words by blanks */
    const char *hint;                                              /* what to know besides */
};

static const char *const systemd_install[] = { "systemctl --user daemon-reload",
                                               "systemctl --user enable --now tacho.service",
                                               NULL };
static const char *const systemd_uninstall[] = { "systemctl --user disable --now tacho.service",
                                                 NULL };
static const char *const systemd_status[] = { "systemctl --user is-active --quiet tacho.service",
                                              NULL };
static const char *const launchd_install[] = { "launchctl bootstrap gui/%u %f", NULL };
static const char *const launchd_uninstall[] = { "launchctl bootout gui/%u/tacho", NULL };
static const char *const launchd_status[] = { "launchctl list tacho", NULL };

static const struct manager managers[] = {
    { "Darwin", NULL, "Library", "LaunchAgents/tacho.plist", write_plist, launchd_install,
      launchd_uninstall, launchd_status, "" },
    { NULL, "XDG_CONFIG_HOME", ".config", "systemd/user/tacho.service", write_unit, systemd_install,
      systemd_uninstall, systemd_status,
      "It ends when you log out; 'loginctl enable-linger' keeps it running.\n" },
};

static const struct manager *find_manager(void)
{
    const struct manager *m = managers;
    struct utsname name = { 0 };

    uname(&name);
    while (m->system && !span_is(span_of(name.sysname), m->system))
        m++;
    return m;
}

/* ---- one call ---- */

struct service {
    const struct manager *manager;
    char *path; /* of its file */
    bool dry;   /* only tell */
    bool unicode;
    struct buf *out;
};

static char *file_of(const struct manager *manager, const char *home)
{
    const char *value = manager->variable ? getenv(manager->variable) : NULL;
    char *folder = value && value[0] == '/' ? xstrdup(value) : path_join(home, manager->folder);
    char *path = path_join(folder, manager->file);

    free(folder);
    return path;
}

/* The words of a line, with what its marks stand for; *memory is theirs. */
static void split_line(const struct service *s, const char *line, struct buf *memory,
                       const char *words[WORDS_MAX])
{
    struct span rest = span_of(line), word;
    size_t starts[WORDS_MAX], n = 0, i;

    while (n < WORDS_MAX - 1 && span_split(&rest, ' ', &word)) {
        starts[n++] = memory->len;
        if (span_is(word, "%f"))
            buf_add_text(memory, s->path);
        else if (span_starts(word, "gui/%u"))
            buf_printf(memory, "gui/%u%.*s", (unsigned)getuid(), (int)word.len - 6, word.p + 6);
        else
            buf_add_span(memory, word);
        buf_add_char(memory, '\0');
    }
    for (i = 0; i < n; i++)
        words[i] = memory->p + starts[i];
    words[n] = NULL;
}

static void tell_words(const struct service *s, const char *const *words)
{
    buf_add_text(s->out, "would run:");
    for (; *words; words++) {
        buf_add_char(s->out, ' ');
        show_text(s->out, span_of(*words), 0, s->unicode);
    }
    buf_add_char(s->out, '\n');
}

/* One after another until one fails. 0, the exit code of that one, or -1 with *err. */
static int call(const struct service *s, const char *const *lines, struct err *err)
{
    int rc = 0;

    for (; *lines && rc == 0; lines++) {
        struct buf memory = { 0 };
        const char *words[WORDS_MAX];

        split_line(s, *lines, &memory, words);
        if (s->dry)
            tell_words(s, words);
        else
            rc = exec_run(words, err);
        buf_fini(&memory);
    }
    return rc;
}

static int must_call(const struct service *s, const char *const *lines, struct err *err)
{
    int rc = call(s, lines, err);

    if (rc <= 0)
        return rc;
    err_set(err, ERR_UNAVAILABLE, "'%s' ended with %d", lines[0], rc);
    return -1;
}

static int write_file(const struct service *s, struct span text, struct err *err)
{
    char *folder = path_dir(s->path);
    int rc = -1;

    if (path_make(folder, err) == 0)
        rc = path_write(s->path, text, 0600, err);
    free(folder);
    return rc;
}

static void put_path(const struct service *s, const char *before, const char *after)
{
    buf_add_text(s->out, before);
    show_text(s->out, span_of(s->path), 0, s->unicode);
    buf_add_text(s->out, after);
}

/* Ledger and configuration of this call are those of the service, too. */
static int find_start(struct start *start, const struct config *config, struct err *err)
{
    const struct {
        const char *option, *value;
    } kept[] = { { "--config", config->config_path }, { "--db", config->db } };
    const struct config_option *o;
    size_t n = 0, i;

    start->program = exec_path_beside("tachod");
    if (!start->program || access(start->program, X_OK) < 0) {
        err_set(err, ERR_UNAVAILABLE, "there is no program tachod beside tacho to start");
        return -1;
    }
    start->words[n++] = start->program;
    start->words[n++] = "serve";
    for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        for (o = config_options; o->name; o++) {
            if (!span_is(span_of(kept[i].option + 2), o->name) || !config_was_given(config, o))
                continue;
            if (kept[i].value[0] != '/') {
                err_set(err, ERR_USAGE, "%s has to be an absolute path for a service, not '%s'",
                        kept[i].option, kept[i].value);
                return -1;
            }
            start->words[n++] = kept[i].option;
            start->words[n++] = kept[i].value;
        }
    }
    return 0;
}

static int install(const struct service *s, const struct config *config, struct err *err)
{
    struct start start = { { NULL } };
    struct buf text = { 0 };
    int rc = -1;

    if (find_start(&start, config, err) < 0)
        goto out;
    s->manager->write(&text, &start);
    if (s->dry) {
        put_path(s, "would write ", ":\n\n");
        buf_add_span(s->out, buf_span(&text));
        buf_add_char(s->out, '\n');
    } else if (write_file(s, buf_span(&text), err) < 0) {
        goto out;
    }
    rc = must_call(s, s->manager->install, err);
    if (rc == 0 && !s->dry) {
        put_path(s, "The daemon runs, and will at every login (", ").\n");
        buf_add_text(s->out, s->manager->hint);
    }
out:
    buf_fini(&text);
    free(start.program);
    return rc;
}

static int status(const struct service *s, const struct config *config, struct err *err)
{
    int rc;

    (void)config;
    if (access(s->path, F_OK) < 0) {
        buf_add_text(s->out, "not installed; 'tacho service install' does it\n");
        return 1;
    }
    put_path(s, "installed: ", "\n");
    rc = call(s, s->manager->status, err);
    if (rc >= 0 && !s->dry)
        buf_add_text(s->out, rc == 0 ? "running\n" : "not running\n");
    return rc > 0 ? 1 : rc;
}

/* The file goes even where the manager cannot be asked: it would start the daemon again. */
static int uninstall(const struct service *s, const struct config *config, struct err *err)
{
    struct err why = { 0 };

    (void)config;
    if (access(s->path, F_OK) < 0) {
        buf_add_text(s->out, "not installed\n");
        return 0;
    }
    if (must_call(s, s->manager->uninstall, &why) < 0)
        buf_printf(s->out, "%s\n", why.text);
    if (s->dry) {
        put_path(s, "would remove ", "\n");
        return 0;
    }
    if (unlink(s->path) < 0) {
        err_set(err, ERR_IO, "cannot remove %s: %s", s->path, strerror(errno));
        return -1;
    }
    put_path(s, "Removed ", "; ledger and configuration stay.\n");
    return 0;
}

static const struct {
    const char *name;
    int (*run)(const struct service *s, const struct config *config, struct err *err);
} actions[] = { { "install", install }, { "status", status }, { "uninstall", uninstall } };

int cli_service(const struct cli *cli, struct buf *out, struct err *err)
{
    struct service s = { .manager = find_manager(),
                         .dry = cli->config->dry_run,
                         .unicode = cli->style.unicode,
                         .out = out };
    size_t i = 0;
    int rc;

    s.path = file_of(s.manager, cli->config->home);
    while (!span_is(span_of(cli->call.rest[0]), actions[i].name))
        i++; /* the table of commands lets no other word pass */
    rc = actions[i].run(&s, cli->config, err);
    free(s.path);
    return rc;
}
