/* cli/action.c — commands whose first operand says what to do: `tacho prices list`.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include <assert.h>

int cli_act(const struct cli_action *actions, const struct cli *cli, struct buf *out,
            struct err *err)
{
    for (; actions->name; actions++) {
        if (span_is(span_of(cli->call.rest[0]), actions->name))
            return actions->run(cli, out, err);
    }
    assert(!"config_commands lets an operand pass that has no action");
    return -1;
}
