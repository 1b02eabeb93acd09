/* show/gateways.h — gateways and their figures, for people.
 * Writes into buffers; asks nobody. SPDX-License-Identifier: MIT
 */
#ifndef SHOW_GATEWAYS_H
#define SHOW_GATEWAYS_H

#include "base/buf.h"

struct show_gateway {
    struct span name, url, secret; /* secret: where it is from, never what it is */
    bool enabled;
};
/* One line; the heading before the first. */
void show_gateway_row(struct buf *out, const struct show_gateway *gateway);
void show_gateway_none(struct buf *out);

/* The figures of a runtime-usage document (JSON). False when it is none. */
bool show_gateway_usage(struct buf *out, struct span document);

#endif
