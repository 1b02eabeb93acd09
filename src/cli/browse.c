/* cli/browse.c — `tacho open`: the dashboard in the browser.
 *
 * Its address is told in any case, so that it can be followed by hand where no browser is.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "store/serving.h"

#include <stdlib.h>
#include <sys/utsname.h>

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);

    return value && value[0];
}

/* What opens an address here, or NULL: over ssh or on a server nothing does. */
static const char *find_opener(void)
{
    struct utsname name = { 0 };

    if (is_set("BROWSER"))
        return getenv("BROWSER");
    uname(&name);
    if (span_is(span_of(name.sysname), "Darwin"))
        return "open";
    return is_set("DISPLAY") || is_set("WAYLAND_DISPLAY") ? "xdg-open" : NULL;
}

int cli_open(const struct cli *cli, struct buf *out, struct err *err)
{
    const char *opener = find_opener();
    struct serving serving;
    struct err why = { 0 };

    if (!serving_find(cli->config->db, &serving)) {
        err_set(err, ERR_UNAVAILABLE, "no daemon serves %s; 'tacho serve --background' starts one",
                cli->config->db);
        return -1;
    }
    if (!serving.url[0]) {
        err_set(err, ERR_UNAVAILABLE, "the daemon of %s is still starting; try again in a moment",
                cli->config->db);
        return -1;
    }
    buf_printf(out, "%s\n", serving.url);
    if (!opener)
        buf_add_text(out, "There is no browser here; open that address where one is.\n");
    else if (exec_run((const char *const[]){ opener, serving.url, NULL }, &why) != 0)
        buf_printf(out, "'%s' did not open it; open that address by hand.\n", opener);
    return 0;
}
