/* server/assets.c — see assets.h.
 * SPDX-License-Identifier: MIT
 */
#include "server/assets.h"

#include <stdio.h>

const struct asset *asset_find(struct span path)
{
    if (span_is(path, "/"))
        path = SPAN_LIT("/index.html");
    for (size_t i = 0; i < assets_n; i++)
        if (span_is(path, assets[i].path))
            return &assets[i];
    return NULL;
}

void asset_answer(const struct asset *asset, const struct request *request,
                  struct response *response)
{
    bool gzip = asset->gz && request_lists(request->headers[HEADER_ACCEPT_ENCODING], "gzip");

    response->status = 200;
    response->type = asset->type;
    response->immutable = asset->immutable;
    response->shared =
        bytes_new_lent(gzip ? (struct span){ (const char *)asset->gz, asset->gz_size }
                            : (struct span){ (const char *)asset->raw, asset->raw_size });
    /* two encodings are two bodies: their tags differ */
    snprintf(response->etag, sizeof(response->etag), "\"%.32s%s\"", asset->etag, gzip ? "-gz" : "");
    if (asset->gz)
        response_header(response, "Vary", "Accept-Encoding");
    if (gzip)
        response_header(response, "Content-Encoding", "gzip");
}
