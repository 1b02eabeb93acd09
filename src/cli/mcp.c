/* cli/mcp.c — `tacho mcp`: an agent's questions on stdin, the answers on stdout, a line each.
 *
 * Ends when stdin does. Nothing that a line holds ends it before; only a stdin or stdout that is
 * broken does.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "mcp/mcp.h"
#include "store/store.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { CHUNK = 64 << 10 };

/* What came of stdin and was not answered yet. */
struct talk {
    struct mcp_parts parts;
    struct buf in;  /* the beginning of a line */
    bool too_long;  /* of that line only the end is waited for */
    struct buf out; /* one answer */
};

static int open_for_call(void *to, struct store **out, struct err *err)
{
    return open_ledger(out, to, err);
}

static int send_answer(struct talk *talk, struct err *err)
{
    if (talk->out.len == 0)
        return 0;
    buf_add_char(&talk->out, '\n');
    if (fwrite(talk->out.p, 1, talk->out.len, stdout) != talk->out.len || fflush(stdout) != 0) {
        err_set(err, ERR_IO, "cannot write to stdout: %s", strerror(errno));
        return -1;
    }
    buf_clear(&talk->out);
    return 0;
}

static int take_line(struct talk *talk, struct span line, struct err *err)
{
    if (!talk->too_long)
        mcp_take(&talk->parts, line, &talk->out);
    talk->too_long = false;
    return send_answer(talk, err);
}

/* Answers every line that is whole and keeps the rest. */
static int take_lines(struct talk *talk, struct err *err)
{
    struct span rest = buf_span(&talk->in);
    const char *end;

    while ((end = memchr(rest.p, '\n', rest.len)) != NULL) {
        size_t len = (size_t)(end - rest.p);

        if (take_line(talk, (struct span){ rest.p, len }, err) < 0)
            return -1;
        rest = (struct span){ end + 1, rest.len - len - 1 };
    }
    if (rest.len > MCP_LINE_MAX) {
        if (!talk->too_long)
            mcp_refuse_length(&talk->out);
        talk->too_long = true;
        rest.len = 0;
    }
    if (talk->in.p)
        memmove(talk->in.p, rest.p, rest.len);
    talk->in.len = rest.len;
    return send_answer(talk, err);
}

static int take_all(struct talk *talk, struct err *err)
{
    ssize_t n;

    do {
        buf_reserve(&talk->in, CHUNK);
        n = read(STDIN_FILENO, talk->in.p + talk->in.len, CHUNK);
        if (n > 0) {
            talk->in.len += (size_t)n;
            if (take_lines(talk, err) < 0)
                return -1;
        }
    } while (n > 0 || (n < 0 && errno == EINTR));
    if (n < 0) {
        err_set(err, ERR_IO, "cannot read from stdin: %s", strerror(errno));
        return -1;
    }
    return take_line(talk, buf_span(&talk->in), err); /* the last one may lack its newline */
}

int cli_mcp(const struct cli *cli, struct buf *out, struct err *err)
{
    struct config config = *cli->config; /* shallow: nothing of it is freed */
    struct cli quiet = *cli;
    struct talk talk = { .parts = { .config = &config, .open = open_for_call, .to = &quiet } };
    struct asked asked;
    int rc = -1;

    (void)out;
    config.quiet = true; /* notes of every call would fill the client's log */
    quiet.config = &config;
    if (ask_reports(&asked, cli, err) < 0)
        goto out;
    talk.parts.query = asked.query;
    rc = take_all(&talk, err);
out:
    buf_fini(&talk.in);
    buf_fini(&talk.out);
    ask_fini(&asked);
    return rc;
}
