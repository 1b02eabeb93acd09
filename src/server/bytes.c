/* server/bytes.c — counted bytes in one allocation, or around somebody's constant.
 * SPDX-License-Identifier: MIT
 */
#include "server/bytes.h"

#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>

struct bytes *bytes_new(struct span content)
{
    struct bytes *bytes = xmalloc(sizeof(*bytes) + content.len);
    char *copy = (char *)(bytes + 1);

    if (content.len > 0)
        memcpy(copy, content.p, content.len);
    *bytes = (struct bytes){ .refs = 1, .at = { copy, content.len } };
    return bytes;
}

struct bytes *bytes_new_lent(struct span constant)
{
    struct bytes *bytes = xmalloc(sizeof(*bytes));

    *bytes = (struct bytes){ .refs = 1, .at = constant };
    return bytes;
}

struct bytes *bytes_keep(struct bytes *bytes)
{
    bytes->refs++;
    return bytes;
}

void bytes_drop(struct bytes *bytes)
{
    if (!bytes)
        return;
    assert(bytes->refs > 0);
    if (--bytes->refs == 0)
        free(bytes);
}
