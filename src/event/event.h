/* event/event.h — the words every room shares: what one model response cost in tokens.
 *
 * An event is one billed response (or one step of a running total). There is no field for what was
 * said in it, and there must never be one. Plain data, no functions that keep state; thread-safe.
 * SPDX-License-Identifier: MIT
 */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include "base/span.h"

/* Kinds of token. The first five are disjoint and add up to the total; reasoning is a part of
 * output and only informs. */
enum token {
    TOKEN_INPUT,          /* fresh prompt: neither read from nor written to a cache */
    TOKEN_OUTPUT,         /* all that was generated, reasoning included */
    TOKEN_CACHE_READ,     /* prompt served from a cache */
    TOKEN_CACHE_WRITE_5M, /* prompt written to a cache, also when its life time is not known */
    TOKEN_CACHE_WRITE_1H, /* prompt written to a cache for an hour */
    TOKEN_REASONING,      /* part of output; 0 if not known */
    TOKEN_KINDS,
    TOKEN_BILLED = TOKEN_REASONING, /* kinds below this one add up */
};

/* Facts about a copy, kept in the ledger's row (bits are stored: never renumber). */
enum event_flag {
    EVENT_SUBAGENT = 1 << 0,     /* spent by a sub-agent */
    EVENT_ESTIMATED = 1 << 1,    /* for reports: INFERRED, TIME_GUESSED or not STOPPED */
    EVENT_UNPRICED = 1 << 2,     /* no price row: the cost is unknown, not 0 */
    EVENT_STOPPED = 1 << 3,      /* a copy with a stop reason was seen: output is no lower bound */
    EVENT_MAIN_CHAIN = 1 << 4,   /* a copy outside any side chain was seen */
    EVENT_OWNER_MAIN = 1 << 5,   /* the owning copy is outside any side chain */
    EVENT_OWNER_PLAIN = 1 << 6,  /* the owning copy lies in a main transcript's file */
    EVENT_TIME_GUESSED = 1 << 7, /* at_ms was not logged */
    EVENT_NO_REQUEST = 1 << 8,   /* the copy named its group but no part */
    EVENT_CROWDED = 1 << 9,      /* the group has several members, kept in table `member` */
    EVENT_FAST = 1 << 10,        /* dearer, faster mode */
    EVENT_GEO_US = 1 << 11,      /* inference region with a surcharge */
    EVENT_TIER_BATCH = 1 << 12,  /* service tiers with own factors */
    EVENT_TIER_FLEX = 1 << 13,
    EVENT_TIER_PRIORITY = 1 << 14,
    EVENT_SUMMED = 1 << 15,   /* several requests in one event: never long-context rates */
    EVENT_FINAL = 1 << 16,    /* the copy whose figures stand has a stop reason itself */
    EVENT_INFERRED = 1 << 17, /* the figures of that copy were inferred, not logged */
};
#define EVENT_TIERS (EVENT_TIER_BATCH | EVENT_TIER_FLEX | EVENT_TIER_PRIORITY)
/* These belong to the figures of a copy and travel with them; the others gather. */
#define EVENT_FIGURE_FLAGS                                                                         \
    (EVENT_FAST | EVENT_GEO_US | EVENT_TIERS | EVENT_SUMMED | EVENT_FINAL | EVENT_INFERRED)

#define COST_UNTOLD  INT64_MIN /* the agent wrote no cost */
#define COST_UNKNOWN INT64_MIN /* there is no price for it; never the same as 0 */

/* What a response is billed by. */
struct figures {
    int64_t tokens[TOKEN_KINDS];
    int64_t web_searches;
    int64_t logged_nusd; /* what the agent said it cost, or COST_UNTOLD */
};

/* Work inside a response that is billed beside it (another model was asked for advice, …). It
 * comes and goes with the copy that tells of it. */
struct event_extra {
    struct span model; /* never empty */
    uint32_t flags;    /* out of EVENT_FIGURE_FLAGS */
    struct figures figures;
};
#define EVENT_EXTRAS_MAX 63

/* One copy of a response as a source reads it from a log line. The spans are lent: they die with
 * the line. */
struct event {
    uint64_t group;  /* hash of the agent's id of the response; members of a group are one bill or
                        rival copies of one */
    uint64_t thread; /* id of a thread that may begin with copies: the group is then made of it and
                        `step`; 0: of none */
    int64_t step;    /* how many events the thread has before this one, copies included */
    uint64_t part;   /* hash of what tells members of a group apart; 0 where there is but one */
    int64_t at_ms;   /* UTC */
    uint32_t flags;  /* enum event_flag */
    uint32_t mark;   /* the source's own, goes with the figures: a rank among copies, a hash */
    struct figures figures;
    struct span model;                /* as logged, never empty: "unknown" if the log has none */
    struct span session;              /* never empty */
    struct span parent_session;       /* absent: none */
    struct span project;              /* working directory, else what the folder name says */
    struct span version;              /* of the agent; absent: not logged */
    const struct event_extra *extras; /* lent; further bills inside the same response */
    int extras_n;                     /* at most EVENT_EXTRAS_MAX */
};

/* What is left of an allowance and what it counts down from; -1: not told. */
struct allowance {
    int64_t remaining, limit;
};
#define ALLOWANCE_UNTOLD ((struct allowance){ -1, -1 })

/* Who saw a rate limit (stored: never renumber). */
enum observation_via { VIA_LOG, VIA_STATUS_LINE, VIA_GATEWAY, VIA_ENDPOINT, VIA_KINDS };

/* A rate limit as somebody saw it. The spans are lent. */
struct observation {
    int64_t at_ms;        /* when it was seen */
    struct span account;  /* whose it is; absent: that of the log it stands in */
    struct span plan;     /* absent: not told */
    struct span limit_id; /* of a limit beside the account's main one; absent: the main one */
    struct span limit;    /* the window as the source names it: "5h", "seven_day", …; absent where
                             only its length tells */
    int64_t window_s;     /* length, 0 if not told */
    int64_t used_ppm;     /* utilization in millionths, or -1 */
    struct allowance tokens, requests;
    int64_t resets_at_ms; /* or 0 */
    enum observation_via via;
    bool reached; /* the provider refused a request because of it */
};
/* Nothing told yet. */
#define OBSERVATION_NONE                                                                           \
    ((struct observation){                                                                         \
        .used_ppm = -1, .tokens = ALLOWANCE_UNTOLD, .requests = ALLOWANCE_UNTOLD })

/* From `since_ms` up to, not including, `until_ms`. */
struct timespan {
    int64_t since_ms, until_ms;
};

static inline int64_t figures_prompt(const struct figures *f)
{
    return f->tokens[TOKEN_INPUT] + f->tokens[TOKEN_CACHE_READ] + f->tokens[TOKEN_CACHE_WRITE_5M] +
           f->tokens[TOKEN_CACHE_WRITE_1H];
}

static inline int64_t figures_total(const struct figures *f)
{
    return figures_prompt(f) + f->tokens[TOKEN_OUTPUT];
}

#endif
