/* server/assets.h — the page's files, compiled in.
 *
 * The table comes from the build of web/ (file names carry a hash of their content, except the page
 * itself). Constant; thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_ASSETS_H
#define SERVER_ASSETS_H

#include "server/http.h"

struct asset {
    const char *path; /* "/assets/app-4f3c1b.js"; the page is "/index.html" */
    const char *type; /* Content-Type */
    const unsigned char *raw;
    size_t raw_size;
    const unsigned char *gz; /* the same, gzipped; NULL: not worth it */
    size_t gz_size;
    const char *etag; /* letters that name the content; quotes are put around them here */
    bool immutable;   /* the path names the content */
};

extern const struct asset assets[];
extern const size_t assets_n;

/* The file at this path ("/" is the page), or NULL. */
const struct asset *asset_find(struct span path);
void asset_answer(const struct asset *asset, const struct request *request,
                  struct response *response);

#endif
