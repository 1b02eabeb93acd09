/* config/options.c — the two tables that everything about options is read from.
 *
 * Parsing, the configuration file, its checks and the help all walk these rows; an option or a
 * command is added here and nowhere else in this room. Knows no command's meaning.
 * SPDX-License-Identifier: MIT
 */
#include "config/config_internal.h"

#include <stddef.h>

#define AT(field) offsetof(struct config, field)

#define TOKENS_MAX INT64_C(1000000000000)

/* clang-format off */
const struct config_option config_options[] = {
    { .name = "since", .type = CONFIG_TEXT, .at = AT(since),
      .where = FOR_REPORT | FOR_REPRICE,
      .argument = "DATE", .help = "first day: 2026-11-01, 20261101, today, yesterday, 7d" },
    { .name = "until", .type = CONFIG_TEXT, .at = AT(until), .where = FOR_REPORT,
      .argument = "DATE", .help = "last day, included; written like --since" },
    { .name = "order", .type = CONFIG_CHOICE, .at = AT(order), .fallback = "asc",
      .choices = "asc desc", .where = FOR_REPORT | IN_FILE, .argument = "WAY", .help = "of rows" },
    { .name = "limit", .type = CONFIG_INT, .at = AT(limit), .min = 0, .max = 1000000,
      .where = FOR_REPORT, .argument = "N", .help = "at most N rows; 0 is all" },
    { .name = "json", .letter = 'j', .type = CONFIG_FLAG, .at = AT(json),
      .where = FOR_REPORT | FOR_PRICES | FOR_REPRICE | FOR_LIMITS,
      .help = "print JSON for programs" },
    { .name = "compact", .type = CONFIG_FLAG, .at = AT(compact), .where = FOR_REPORT | IN_FILE,
      .help = "the narrow table, however wide the terminal" },

    { .name = "cost", .type = CONFIG_CHOICE, .at = AT(cost), .fallback = "list",
      .choices = "list logged auto", .where = FOR_REPORT | IN_FILE, .argument = "KIND",
      .help = "cost to show" },

    { .name = "at", .type = CONFIG_TEXT, .at = AT(at), .where = FOR_PRICES, .argument = "DATE",
      .help = "prices of that day" },
    { .name = "input", .type = CONFIG_INT, .at = AT(input), .max = TOKENS_MAX,
      .where = FOR_PRICES, .argument = "N", .help = "explain: tokens of fresh prompt" },
    { .name = "output", .type = CONFIG_INT, .at = AT(output), .max = TOKENS_MAX,
      .where = FOR_PRICES, .argument = "N", .help = "explain: tokens generated" },
    { .name = "cache-read", .type = CONFIG_INT, .at = AT(cache_read), .max = TOKENS_MAX,
      .where = FOR_PRICES, .argument = "N", .help = "explain: tokens read from a cache" },
    { .name = "cache-write", .type = CONFIG_INT, .at = AT(cache_write), .max = TOKENS_MAX,
      .where = FOR_PRICES, .argument = "N", .help = "explain: tokens written to it" },
    { .name = "cache-write-1h", .type = CONFIG_INT, .at = AT(cache_write_1h), .max = TOKENS_MAX,
      .where = FOR_PRICES, .argument = "N", .help = "explain: tokens written for an hour" },
    { .name = "searches", .type = CONFIG_INT, .at = AT(searches), .max = TOKENS_MAX,
      .where = FOR_PRICES, .argument = "N", .help = "explain: web searches" },
    { .name = "fast", .type = CONFIG_FLAG, .at = AT(fast), .where = FOR_PRICES,
      .help = "explain: the dear, fast mode" },
    { .name = "us", .type = CONFIG_FLAG, .at = AT(geo_us), .where = FOR_PRICES,
      .help = "explain: inference in the US" },
    { .name = "tier", .type = CONFIG_CHOICE, .at = AT(tier), .choices = "batch flex priority",
      .where = FOR_PRICES, .argument = "TIER", .help = "explain: the service tier" },
    { .name = "dry-run", .type = CONFIG_FLAG, .at = AT(dry_run), .where = FOR_PRICES,
      .help = "import: only tell what would change" },
    { .name = "prices", .type = CONFIG_OBJECT, .at = AT(prices), .where = IN_FILE,
      .argument = "OBJECT", .help = "prices of models, dollars per million tokens" },
    { .name = "model-aliases", .type = CONFIG_OBJECT, .at = AT(model_aliases), .where = IN_FILE,
      .argument = "OBJECT", .help = "other names for models" },
    { .name = "plans", .type = CONFIG_OBJECT, .at = AT(plans), .where = IN_FILE,
      .argument = "OBJECT", .help = "what an agent's plan costs a month, in dollars" },
    { .name = "pricing-file", .type = CONFIG_TEXT, .at = AT(pricing_file), .where = IN_FILE,
      .argument = "FILE", .help = "a file of prices" },

    { .name = "bucket", .type = CONFIG_TEXT, .at = AT(bucket), .where = FOR_GUARD,
      .argument = "ID", .help = "which rate limit; five_hour unless --max-cost is given" },
    { .name = "min-remaining", .type = CONFIG_INT, .at = AT(min_remaining), .fallback = "10",
      .max = 100, .where = FOR_GUARD, .argument = "N", .help = "percent of it that must be left" },
    { .name = "max-cost", .type = CONFIG_TEXT, .at = AT(max_cost), .where = FOR_GUARD,
      .argument = "USD/day", .help = "dollars that may be spent a day, week or month" },
    { .name = "account", .type = CONFIG_TEXT, .at = AT(account), .where = FOR_GUARD,
      .argument = "NAME", .help = "whose limit, where there are several" },
    { .name = "thresholds", .type = CONFIG_OBJECT, .at = AT(thresholds), .where = IN_FILE,
      .argument = "OBJECT", .help = "percentages of a rate limit to announce, by bucket" },

    { .name = "listen", .type = CONFIG_TEXT, .at = AT(listen), .fallback = "127.0.0.1",
      .where = FOR_SERVE | IN_FILE, .argument = "ADDR", .help = "address to listen on" },
    { .name = "port", .type = CONFIG_INT, .at = AT(port), .fallback = "8224", .min = 1,
      .max = 65535, .where = FOR_SERVE | IN_FILE, .argument = "N", .help = "port to listen on" },
    { .name = "base-path", .type = CONFIG_TEXT, .at = AT(base_path), .fallback = "",
      .where = FOR_SERVE | IN_FILE, .argument = "PATH",
      .help = "path that a proxy serves it under" },
    { .name = "host", .type = CONFIG_LIST, .at = AT(hosts), .where = FOR_SERVE | IN_FILE,
      .argument = "NAME", .help = "another name it is reached by; may be repeated" },
    { .name = "allow-origin", .key = "allowed_origins", .type = CONFIG_LIST,
      .at = AT(allowed_origins), .where = FOR_SERVE | IN_FILE, .argument = "URL",
      .help = "page that may ask from elsewhere; may be repeated" },
    { .name = "trust-proxy", .type = CONFIG_LIST, .at = AT(trust_proxy),
      .where = FOR_SERVE | IN_FILE, .argument = "ADDR",
      .help = "proxy whose X-Forwarded-* counts; may be repeated" },
    { .name = "require-token", .type = CONFIG_FLAG, .at = AT(require_token),
      .where = FOR_SERVE | IN_FILE, .help = "ask for a token on this machine too" },
    { .name = "tls-cert", .type = CONFIG_TEXT, .at = AT(tls_cert), .where = FOR_SERVE | IN_FILE,
      .argument = "FILE", .help = "certificate to serve TLS with" },
    { .name = "tls-key", .type = CONFIG_TEXT, .at = AT(tls_key), .where = FOR_SERVE | IN_FILE,
      .argument = "FILE", .help = "key of that certificate" },
    { .name = "background", .type = CONFIG_FLAG, .at = AT(background), .where = FOR_SERVE,
      .help = "give the terminal back and go on serving" },
    { .name = "stop", .type = CONFIG_FLAG, .at = AT(stop), .where = FOR_SERVE,
      .help = "stop the one that runs" },
    { .name = "demo", .type = CONFIG_FLAG, .at = AT(demo), .where = FOR_SERVE,
      .help = "show invented figures instead of yours" },

    { .name = "read", .type = CONFIG_FLAG, .at = AT(read_only_token), .where = FOR_TOKEN,
      .help = "a token that may read" },
    { .name = "admin", .type = CONFIG_FLAG, .at = AT(admin_token), .where = FOR_TOKEN,
      .help = "a token that may write as well" },
    { .name = "label", .type = CONFIG_TEXT, .at = AT(label), .where = FOR_TOKEN,
      .argument = "TEXT", .help = "what the token is for, to know it again" },

    { .name = "timezone", .type = CONFIG_TEXT, .at = AT(timezone), .fallback = "",
      .where = FOR_ALL | IN_FILE, .argument = "ZONE",
      .help = "zone that days are cut in, not the system's" },
    { .name = "db", .type = CONFIG_TEXT, .at = AT(db), .where = FOR_ALL | IN_FILE,
      .argument = "PATH", .help = "the ledger, or :memory: for none that stays" },
    { .name = "config", .type = CONFIG_TEXT, .at = AT(config_path), .where = FOR_ALL,
      .argument = "PATH", .help = "the configuration file" },
    { .name = "now", .type = CONFIG_TEXT, .at = AT(now), .where = FOR_ALL,
      .argument = "TIME", .help = "pretend it is this time (RFC 3339)" },
    { .name = "color", .type = CONFIG_CHOICE, .at = AT(color), .fallback = "auto",
      .choices = "auto always never", .where = FOR_ALL | IN_FILE, .argument = "WHEN",
      .help = "colours" },
    { .name = "log-level", .type = CONFIG_CHOICE, .at = AT(log_level), .fallback = "warning",
      .choices = "error warning info debug", .where = FOR_ALL | IN_FILE,
      .argument = "LEVEL", .help = "messages" },
    { .name = "quiet", .letter = 'q', .type = CONFIG_FLAG, .at = AT(quiet), .where = FOR_ALL,
      .help = "no progress, no notes, errors only" },
    { .name = "help", .letter = 'h', .type = CONFIG_FLAG, .at = AT(help), .where = FOR_ALL,
      .help = "this help" },
    { .name = "version", .letter = 'V', .type = CONFIG_FLAG, .at = AT(version), .where = FOR_ALL,
      .help = "the version" },
    { .name = NULL },
};

const struct config_command config_commands[] = {
    { .name = "daily", .summary = "tokens and cost, day by day", .takes = FOR_REPORT,
      .examples = "tacho daily --since 7d\n"
                  "tacho daily --since 2026-11-01 --until yesterday --order desc\n"
                  "tacho daily --json | jq .totals.totalCost\n" },
    { .name = "serve", .summary = "the dashboard and its API, as a web server",
      .takes = FOR_SERVE, .in_daemon = true,
      .examples = "tacho serve\n"
                  "tacho serve --background\n"
                  "tacho serve --listen 0.0.0.0 --tls-cert cert.pem --tls-key key.pem\n" },
    { .name = "token", .summary = "tokens for those who ask the server from elsewhere",
      .takes = FOR_TOKEN, .in_daemon = true, .operands = "new|list|remove [ID]",
      .examples = "tacho token new --read --label kitchen\n"
                  "tacho token list\n"
                  "tacho token remove 2\n" },
    { .name = "prices", .summary = "what models cost, and why; prices from elsewhere",
      .takes = FOR_PRICES, .operands = "list|explain|import [MODEL-OR-FILE]",
      .examples = "tacho prices list gpt-5.6\n"
                  "tacho prices list --at 2026-08-01\n"
                  "tacho prices explain gpt-5.6 --input 300000 --output 2000\n"
                  "tacho prices import model_prices.json --dry-run\n" },
    { .name = "reprice", .summary = "cost of all that is in the ledger, by today's price table",
      .takes = FOR_REPRICE,
      .examples = "tacho reprice\n"
                  "tacho reprice --since 2026-11-01\n" },
    { .name = "gateway", .summary = "what a gateway spends, out of recorded answers",
      .operands = "eval",
      .examples = "tacho gateway eval --now 2026-11-22T10:00:00Z < answers.json\n" },
    { .name = "limits", .summary = "how far the rate limits are used up", .takes = FOR_LIMITS,
      .examples = "tacho limits\n"
                  "tacho limits --json | jq '.accounts[].buckets[]'\n" },
    { .name = "guard", .summary = "exit 0 if enough is left, 1 if not, 69 if unknown",
      .takes = FOR_GUARD,
      .examples = "tacho guard && long-task\n"
                  "tacho guard --bucket weekly --min-remaining 20\n"
                  "tacho guard --max-cost 20/day\n" },
    { .name = "ledger", .summary = "what the ledger holds; build it anew when it is damaged",
      .operands = "info|rebuild",
      .examples = "tacho ledger info\n"
                  "tacho ledger rebuild\n" },
    { .name = "help", .summary = "how to use a command", .operands = "[COMMAND]",
      .examples = "tacho help daily\n" },
    { .name = "version", .summary = "the version" },
    { .name = NULL },
};
/* clang-format on */

_Static_assert(sizeof(config_options) / sizeof(config_options[0]) <= CONFIG_OPTIONS_MAX + 1,
               "config.origins has a place for every option");
