/* cli/task.c — `tacho task add` and `tacho task import`.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/path.h"
#include "report/task_record.h"

#include <errno.h>
#include <stdio.h>

#define INPUT_MAX_BYTES (256 << 20)

static int read_stdin(struct buf *text, struct err *err)
{
    char bytes[65536];
    size_t n;

    while ((n = fread(bytes, 1, sizeof(bytes), stdin)) > 0) {
        if (text->len + n > INPUT_MAX_BYTES) {
            err_set(err, ERR_USAGE, "stdin: this is more than %d bytes", INPUT_MAX_BYTES);
            return -1;
        }
        buf_add(text, bytes, n);
    }
    if (ferror(stdin)) {
        err_set(err, ERR_IO, "cannot read stdin: %s", strerror(errno));
        return -1;
    }
    return 0;
}

/* A list or one object; else an object per line. */
static int read_records(struct task_records **out, struct span text, const char *name,
                        struct err *err)
{
    struct span rest = span_trim(text), first = SPAN_ABSENT;
    struct err why = { 0 };
    bool lines;

    span_split(&rest, '\n', &first);
    first = span_trim(first);
    lines = first.len > 0 && first.p[0] == '{' && first.p[first.len - 1] == '}';
    if (task_records_read(out, text, lines ? TASK_RECORDS_LINES : TASK_RECORDS_DOCUMENT, &why) == 0)
        return 0;
    err_set(err, why.kind, "%s: %s; nothing was taken", name, why.text);
    return -1;
}

static int open_writer(struct store **out, const struct cli *cli, struct err *err)
{
    return store_open(out, cli->config->db, STORE_WRITE, err) < 0 ||
                   store_set_durable(*out, err) < 0
               ? -1
               : 0;
}

static void tell(struct buf *out, size_t n, size_t replaced)
{
    show_count(out, (int64_t)n);
    buf_add_text(out, n == 1 ? " task taken" : " tasks taken");
    if (replaced > 0) {
        buf_add_text(out, ", ");
        show_count(out, (int64_t)replaced);
        buf_add_text(out, " of them in place of what was there");
    }
    buf_add_text(out, ".\n");
}

static int add_tasks(const struct cli *cli, struct buf *out, struct err *err)
{
    const char *file = cli->config->file ? cli->config->file : "-";
    bool from_stdin = span_is(span_of(file), "-");
    struct task_records *records = NULL;
    struct store *store = NULL;
    struct buf text = { 0 };
    size_t replaced;
    int rc = -1;

    if (cli->call.rest[1]) {
        err_set(err, ERR_USAGE, "'task add' takes --file %s", cli->call.rest[1]);
        goto out;
    }
    if ((from_stdin ? read_stdin(&text, err) : path_read(file, INPUT_MAX_BYTES, &text, err)) < 0)
        goto out;
    if (read_records(&records, buf_span(&text), from_stdin ? "stdin" : file, err) < 0 ||
        open_writer(&store, cli, err) < 0 || task_records_store(records, store, &replaced, err) < 0)
        goto out;
    if (!cli->config->quiet)
        tell(out, task_records_count(records), replaced);
    rc = 0;
out:
    task_records_free(records);
    store_close(store);
    buf_fini(&text);
    return rc;
}

struct importing {
    struct store *store;
    size_t n, replaced;
};

static int import_task(void *to, const struct task *task, struct err *err)
{
    struct importing *in = to;
    bool was;

    if (store_task_put(in->store, task, &was, err) < 0)
        return -1;
    in->n++;
    in->replaced += was;
    return 0;
}

static int import_tasks(const struct cli *cli, struct buf *out, struct err *err)
{
    struct importing in = { 0 };
    int rc = -1;

    if (!cli->call.rest[1]) {
        err_set(err, ERR_USAGE, "'task import' needs a database behind it");
        return -1;
    }
    if (open_writer(&in.store, cli, err) < 0 || store_begin(in.store, err) < 0)
        goto out;
    if (store_legacy_tasks(cli->call.rest[1], cli->config->table, import_task, &in, err) < 0)
        goto out; /* closing rolls back */
    if (store_commit(in.store, err) < 0)
        goto out;
    if (!cli->config->quiet)
        tell(out, in.n, in.replaced);
    rc = 0;
out:
    store_close(in.store);
    return rc;
}

int cli_task(const struct cli *cli, struct buf *out, struct err *err)
{
    static const struct cli_action actions[] = {
        { "add", add_tasks },
        { "import", import_tasks },
        { NULL, NULL },
    };

    return cli_act(actions, cli, out, err);
}
