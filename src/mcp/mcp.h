/* mcp/mcp.h — the Model Context Protocol: an agent asks what it has spent and what it has left.
 *
 * One JSON-RPC 2.0 message in, at most one out; a line each. Tools only read, and every figure
 * comes out of the report that the command line prints. Knows neither pipes nor files: whoever
 * calls brings lines and a ledger. Keeps nothing between two messages; thread-safe as far as `open`
 * is.
 * SPDX-License-Identifier: MIT
 */
#ifndef MCP_MCP_H
#define MCP_MCP_H

#include "base/buf.h"
#include "report/report.h"

enum { MCP_LINE_MAX = 1 << 20 }; /* bytes of one message */

struct config;

struct mcp_parts {
    const struct config *config; /* lent */
    struct report_query query;   /* what a report is asked with where a call says nothing else */
    /* The ledger, up to date, for one call. It is closed after it. */
    int (*open)(void *to, struct store **out, struct err *err);
    void *to;
};

/* Takes one message and appends what is to be answered, without a newline; nothing where no answer
 * is due. Whatever the line holds, the answer is a valid message. */
void mcp_take(const struct mcp_parts *parts, struct span line, struct buf *out);
/* The answer to a line of more than MCP_LINE_MAX bytes. */
void mcp_refuse_length(struct buf *out);

#endif
