/* show/metrics.c — figures as the text that Prometheus reads. Computes nothing.
 *
 *   # HELP tacho_responses_total Billed responses.
 *   # TYPE tacho_responses_total counter
 *   tacho_responses_total{gen_ai_agent_name="heron",gen_ai_response_model="h-2"} 12
 * SPDX-License-Identifier: MIT
 */
#include "show/metrics.h"

#include "base/civil.h"
#include "base/json_out.h"
#include "show/show.h"

#include <inttypes.h>

/* ---- the form ---- */

static void add_head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Control bytes and what is not UTF-8 go, since one bad label spoils the whole page. */
static void add_label(struct buf *out, const char *name, const char *value)
{
    struct buf clean = { 0 };
    struct span text;

    show_text(&clean, span_of(value), 0, true);
    text = buf_span(&clean);
    buf_printf(out, "%s=\"", name);
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] == '"' || text.p[i] == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, text.p[i]);
    }
    buf_add_char(out, '"');
    buf_fini(&clean);
}

/* A fraction kept as an integer: 235000 millionths are 0.235000. */
static void add_fixed(struct buf *out, int64_t value, int64_t unit, int decimals)
{
    buf_printf(out, " %" PRId64 ".%0*" PRId64 "\n", value / unit, decimals, value % unit);
}

static void add_seconds(struct buf *out, int64_t ms)
{
    add_fixed(out, ms, MS_PER_SECOND, 3);
}

/* ---- what agents spent ---- */

static void add_part(struct buf *out, const char *name, const struct report_part *part)
{
    buf_printf(out, "%s{", name);
    add_label(out, "gen_ai_agent_name", part->agent);
    buf_add_char(out, ',');
    add_label(out, "gen_ai_response_model", part->model);
}

/* No token is in two of these. */
static void add_tokens(struct buf *out, const char *name, const struct report_part *part)
{
    const struct {
        const char *type;
        int64_t tokens;
    } kinds[] = {
        { "input", part->sums.tokens[TOKEN_INPUT] },
        { "output", part->sums.tokens[TOKEN_OUTPUT] },
        { "cache_read", part->sums.tokens[TOKEN_CACHE_READ] },
        { "cache_creation", sums_cache_write(&part->sums) },
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        add_part(out, name, part);
        buf_printf(out, ",gen_ai_token_type=\"%s\"} %" PRId64 "\n", kinds[i].type, kinds[i].tokens);
    }
}

static void add_responses(struct buf *out, const char *name, const struct report_part *part)
{
    add_part(out, name, part);
    buf_printf(out, "} %" PRId64 "\n", part->sums.events);
}

/* An unknown cost is no sample at all, never 0. */
static void add_cost(struct buf *out, const char *name, const struct report_part *part)
{
    struct json_out number;

    if (sums_unpriced(&part->sums))
        return;
    add_part(out, name, part);
    buf_add_text(out, "} ");
    json_out_init(&number, out, 0);
    json_money(&number, part->sums.cost_nusd);
    buf_add_char(out, '\n');
}

static void add_unpriced(struct buf *out, const char *name, const struct report_part *part)
{
    add_part(out, name, part);
    buf_printf(out, "} %" PRId64 "\n", part->sums.unpriced_tokens);
}

static const struct spent {
    const char *name;
    void (*add)(struct buf *out, const char *name, const struct report_part *part);
    const char *help;
} spent[] = {
    { "gen_ai_client_token_usage_tokens_total", add_tokens,
      "Tokens by kind; each token is of one kind." },
    { "tacho_responses_total", add_responses, "Billed responses." },
    { "tacho_cost_usd_total", add_cost, "Cost in US dollars of the tokens that have a price." },
    { "tacho_unpriced_tokens_total", add_unpriced, "Tokens that have no price." },
};

static void add_spent(struct buf *out, const struct report *models)
{
    for (size_t i = 0; i < sizeof(spent) / sizeof(spent[0]); i++) {
        add_head(out, spent[i].name, "counter", spent[i].help);
        for (size_t row = 0; row < models->rows_n; row++) {
            for (size_t part = 0; part < models->rows[row].parts_n; part++)
                spent[i].add(out, spent[i].name, &models->rows[row].parts[part]);
        }
    }
}

/* ---- rate limits ---- */

static void add_bucket(struct buf *out, const char *name, const struct limits_account *account,
                       const struct limits_bucket *b)
{
    buf_printf(out, "%s{", name);
    add_label(out, "account", account->name);
    buf_add_char(out, ',');
    add_label(out, "limit", b->bucket.id);
    buf_add_char(out, '}');
}

static void add_used(struct buf *out, const char *name, const struct limits_account *account,
                     const struct limits_bucket *b)
{
    add_bucket(out, name, account, b);
    add_fixed(out, b->state.used_ppm, 1000000, 6);
}

static void add_reset(struct buf *out, const char *name, const struct limits_account *account,
                      const struct limits_bucket *b)
{
    if (b->state.resets_at_ms <= 0)
        return;
    add_bucket(out, name, account, b);
    add_seconds(out, b->state.resets_at_ms);
}

static const struct limit {
    const char *name;
    void (*add)(struct buf *out, const char *name, const struct limits_account *account,
                const struct limits_bucket *b);
    const char *help;
} limit_families[] = {
    { "tacho_limit_utilization_ratio", add_used, "Used share of a rate limit; 1 is all of it." },
    { "tacho_limit_reset_timestamp_seconds", add_reset, "When a rate limit's window ends." },
};

static void add_limits(struct buf *out, const struct limits *limits)
{
    for (size_t i = 0; i < sizeof(limit_families) / sizeof(limit_families[0]); i++) {
        add_head(out, limit_families[i].name, "gauge", limit_families[i].help);
        for (size_t a = 0; a < limits->accounts_n; a++) {
            const struct limits_account *account = &limits->accounts[a];

            for (size_t k = 0; k < account->n; k++)
                limit_families[i].add(out, limit_families[i].name, account, &account->buckets[k]);
        }
    }
}

/* ---- ourselves ---- */

static void add_facts(struct buf *out, const struct store_facts *facts)
{
    add_head(out, "tacho_build_info", "gauge", "The version that answers; always 1.");
    buf_add_text(out, "tacho_build_info{version=\"" TACHO_VERSION "\"} 1\n");
    add_head(out, "tacho_ledger_size_bytes", "gauge", "Size of the ledger's file.");
    buf_printf(out, "tacho_ledger_size_bytes %" PRId64 "\n", facts->size_bytes);
    add_head(out, "tacho_first_read_ratio", "gauge",
             "How far the first read of the logs is; 1 when it is done.");
    buf_add_text(out, "tacho_first_read_ratio");
    add_fixed(out, facts->complete ? 1000 : facts->read_permille, 1000, 3);
    if (facts->last_event_ms <= 0)
        return;
    add_head(out, "tacho_last_response_timestamp_seconds", "gauge",
             "When the newest response in the ledger was given.");
    buf_add_text(out, "tacho_last_response_timestamp_seconds");
    add_seconds(out, facts->last_event_ms);
}

void show_metrics(struct buf *out, const struct metrics_parts *what)
{
    add_spent(out, what->models);
    add_limits(out, what->limits);
    add_facts(out, what->facts);
}
