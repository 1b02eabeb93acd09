/* mcp/mcp_internal.h — what the files of this room share. No other room includes it.
 * SPDX-License-Identifier: MIT
 */
#ifndef MCP_MCP_INTERNAL_H
#define MCP_MCP_INTERNAL_H

#include "base/json_out.h"
#include "mcp/mcp.h"

#include <jansson.h>

/* ---- tools.c ---- */

/* What a method does: appends its result as JSON, or -1 with *err; ERR_USAGE: bad parameters.
 * `params` is an object, or NULL. */
typedef int mcp_method(const struct mcp_parts *parts, const json_t *params, struct buf *result,
                       struct err *err);
mcp_method mcp_tools_list, mcp_tools_call;

/* ---- ask.c ---- */

enum mcp_tool {
    MCP_USAGE = 1 << 0,
    MCP_SESSIONS = 1 << 1,
    MCP_LIMITS = 1 << 2,
    MCP_COST = 1 << 3,
};

enum { MCP_GLOBS = 32 }; /* in one list */

/* The arguments of a call; texts are lent from its JSON. */
struct mcp_ask {
    const char *by, *order, *period, *since, *until, *id; /* NULL: not given */
    int64_t last, limit, offset;                          /* last 0: not given */
    int64_t budget_nusd;                                  /* -1: not given */
    const char *agents[MCP_GLOBS + 1], *models[MCP_GLOBS + 1];
    const char *projects[MCP_GLOBS + 1], *machines[MCP_GLOBS + 1];
};

/* 0, or -1 with *err (ERR_USAGE) naming the argument. `arguments` may be NULL: none. */
int mcp_ask_read(struct mcp_ask *ask, enum mcp_tool tool, const json_t *arguments, struct err *err);
/* The same as a report's question; lent from `ask`. `by` is what a row stands for. */
int mcp_ask_query(const struct mcp_ask *ask, const struct mcp_parts *parts, enum report_by by,
                  struct report_query *query, struct err *err);
/* Which one `by` names; REPORT_DAY where it was not given. */
enum report_by mcp_ask_by(const char *name);
/* The arguments of a tool as a JSON Schema. */
void mcp_ask_schema(struct json_out *out, enum mcp_tool tool);

#endif
