/* show/tokens.c — see tokens.h.
 * SPDX-License-Identifier: MIT
 */
#include "show/tokens.h"

#include "base/civil.h"
#include "show/show.h"

#include <inttypes.h>

void show_token_new(struct buf *out, const char *token, const char *access)
{
    buf_printf(out, "%s\n", token);
    buf_printf(out,
               "This %s token is shown once. Programs send it as \"Authorization: Bearer ...\";\n"
               "people enter it at /login. 'tacho token remove' takes it back.\n",
               access);
}

void show_token_row(struct buf *out, const struct show_token *token)
{
    char stamp[CIVIL_TIME_SIZE];

    civil_format_iso(token->created_ms, stamp);
    if (out->len == 0)
        buf_add_text(out, "No.  Access  Created     Label\n");
    buf_printf(out, "%-4" PRId64 " %-7s %.10s  ", token->number, token->access, stamp);
    show_text(out, token->label, 0, true);
    buf_add_char(out, '\n');
}

void show_token_none(struct buf *out)
{
    buf_add_text(out, "There are no tokens. 'tacho token new --read' makes one.\n");
}
