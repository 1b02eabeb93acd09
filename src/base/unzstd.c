/* base/unzstd.c — see unzstd.h.
 * SPDX-License-Identifier: MIT
 */
#include "base/unzstd.h"

#include "base/mem.h"

#include <stdlib.h>
#include <zstd.h>

#define WINDOW_LOG_MAX 27 /* 128 MB: what zstd itself takes by default */

bool unzstd_each(struct span packed, unzstd_take_fn *take, void *to)
{
    ZSTD_inBuffer in = { packed.p, packed.len, 0 };
    size_t space = ZSTD_DStreamOutSize(), left = 0;
    ZSTD_DStream *stream = ZSTD_createDStream();
    char *bytes = xmalloc(space);
    bool on = stream != NULL;

    if (stream)
        ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
    while (on) {
        ZSTD_outBuffer out = { bytes, space, 0 };

        left = ZSTD_decompressStream(stream, &out, &in);
        if (out.pos > 0 && !take(to, (struct span){ bytes, out.pos })) {
            left = 0;
            break;
        }
        /* 0: a frame has come out whole; asked again without input, it would want another one. */
        on = !ZSTD_isError(left) && (in.pos < in.size || (left > 0 && out.pos == space));
    }
    free(bytes);
    ZSTD_freeDStream(stream);
    return stream && left == 0;
}

struct collector {
    struct buf *out;
    size_t most; /* bytes *out may hold */
    bool full;
};

static bool collect(void *to, struct span bytes)
{
    struct collector *c = to;

    c->full = bytes.len > c->most - c->out->len;
    if (!c->full)
        buf_add_span(c->out, bytes);
    return !c->full;
}

bool unzstd(struct span packed, size_t max, struct buf *out)
{
    struct collector c = { out, out->len + max, false };

    return unzstd_each(packed, collect, &c) && !c.full;
}
