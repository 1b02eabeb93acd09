/* cli/gateway.c — `tacho gateway eval`: the document out of recorded answers, offline.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/clock.h"
#include "base/log.h"
#include "gateway/eval.h"

#include <errno.h>
#include <unistd.h>

#define INPUT_MAX_BYTES (64 << 20)
#define READ_BYTES      (64 << 10)

static int read_stdin(struct buf *text, struct err *err)
{
    ssize_t n;

    do {
        buf_reserve(text, READ_BYTES);
        n = read(STDIN_FILENO, text->p + text->len, READ_BYTES);
        if (n > 0)
            text->len += (size_t)n;
    } while ((n > 0 && text->len <= INPUT_MAX_BYTES) || (n < 0 && errno == EINTR));
    if (n < 0) {
        err_set(err, ERR_IO, "cannot read stdin: %s", strerror(errno));
        return -1;
    }
    if (text->len > INPUT_MAX_BYTES) {
        err_set(err, ERR_USAGE, "stdin holds more than %d MiB", INPUT_MAX_BYTES >> 20);
        return -1;
    }
    return 0;
}

static int eval(const struct cli *cli, struct buf *out, struct err *err)
{
    struct gateway_eval how = { .now_ms = clock_now_ms(),
                                .now_is_fixed = cli->config->now != NULL };
    struct gateway_prices *prices = NULL;
    struct buf text = { 0 };
    struct err why = { 0 };
    struct json_out json;
    int rc = -1;

    if (read_stdin(&text, err) < 0 || gateway_prices_open(&prices, cli->config, err) < 0)
        goto out;
    how.prices = prices;
    json_out_init(&json, out, 2);
    if (gateway_eval(&how, buf_span(&text), &json, &why) < 0)
        log_warning("stdin: %s; the document says that there is no data", why.text);
    buf_add_char(out, '\n');
    rc = 0;
out:
    gateway_prices_close(prices);
    buf_fini(&text);
    return rc;
}

static const struct cli_action actions[] = { { "eval", eval }, { NULL } };

int cli_gateway(const struct cli *cli, struct buf *out, struct err *err)
{
    return cli_act(actions, cli, out, err);
}
