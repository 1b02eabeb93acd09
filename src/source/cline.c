/* source/cline.c — tasks of Cline, Roo Code and Kilo Code inside VS Code and its forks, and of the
 * Cline CLI. Rules: docs/sources/cline.md.
 *
 *   <user folder>/globalStorage/<extension>/tasks/<task>/ui_messages.json
 *   ~/.cline/data/tasks/<task>/ui_messages.json
 *
 *   [{"ts":1935655200000,"type":"say","say":"api_req_started","text":
 *     "{\"tokensIn\":10,\"tokensOut\":80,\"cacheWrites\":20,\"cacheReads\":900,\"cost\":0.01}"}]
 *
 * Oddities: the usage is JSON inside a JSON text, and appears when the request ends; whether
 * tokensIn holds the cached part depends on the extension and the protocol; the model stands in
 * another file, if anywhere.
 * SPDX-License-Identifier: MIT
 */
#include "source/agents.h"
#include "source/common.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"

#include <stdlib.h>

enum { V_TS, V_TYPE, V_SAY, V_TEXT, V_COUNT };
static const struct pick_key message_keys[] = {
    { "ts", V_TS }, { "type", V_TYPE }, { "say", V_SAY }, { "text", V_TEXT }, { NULL },
};

enum { U_IN, U_OUT, U_WRITES, U_READS, U_COST, U_PROTOCOL, U_COUNT };
static const struct pick_key usage_keys[] = {
    { "tokensIn", U_IN },
    { "tokensOut", U_OUT },
    { "cacheWrites", U_WRITES },
    { "cacheReads", U_READS },
    { "cost", U_COST },
    { "apiProtocol", U_PROTOCOL },
    { NULL },
};

/* ---- where the logs are ---- */

struct extension_adder {
    source_root_fn *add;
    void *to;
    const char *base;      /* where the applications' folders lie */
    const char *extension; /* the name of its storage */
};

static const char *const applications[] = {
    "Code", "Code - Insiders", "Cursor", "Windsurf", "VSCodium", "Positron",
};

static void add_tasks(const struct extension_adder *a, const char *user)
{
    char *storage = xasprintf("%s/globalStorage/%s/tasks", user, a->extension);

    a->add(a->to, storage, NULL);
}

/* An application that is there, or the one that most people have. */
static void add_application(void *to, const char *name)
{
    const struct extension_adder *a = to;
    size_t i;

    for (i = 0; i < sizeof(applications) / sizeof(applications[0]); i++) {
        if (strcmp(applications[i], name) == 0) {
            char *user = xasprintf("%s/%s/User", a->base, name);

            add_tasks(a, user);
            free(user);
        }
    }
}

static void add_extension(const struct source_env *env, const char *extension, source_root_fn *add,
                          void *to)
{
    static const char *const bases[] = { ".config", "Library/Application Support" };
    char *server = path_join(env->home, ".vscode-server/data/User");
    size_t i;

    for (i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
        char *base = path_join(env->home, bases[i]);
        struct extension_adder a = { add, to, base, extension };

        if (env->each_name)
            env->each_name(env, base, add_application, &a);
        free(base);
    }
    add_tasks(&(struct extension_adder){ add, to, NULL, extension }, server);
    free(server);
}

static void cline_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    add_extension(env, "saoudrizwan.claude-dev", add, to);
    add_home_root(env, &(struct home_root){ "CLINE_DIR", ".cline", "data/tasks" }, add, to);
}

static void roo_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    add_extension(env, "rooveterinaryinc.roo-cline", add, to);
}

static void kilocode_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    add_extension(env, "kilocode.kilo-code", add, to);
}

/* "<task>": what lies deeper are copies of files. */
static bool cline_enters(struct span below)
{
    return !path_part(below, 1).p;
}

/* ---- models ---- */

/* The model that was in use at a time, out of the task's metadata; "unknown" without any. */
static struct span model_at(struct scanner *s, int64_t at_ms, char *scratch, size_t size)
{
    static const struct pick_key keys[] = { { "model_usage", 0 }, { NULL } };
    static const struct pick_key entry_keys[] = { { "ts", 0 }, { "model_id", 1 }, { NULL } };
    struct span text = s->read_near(s->near, NEAR_FILE, "task_metadata.json");
    struct span model = SPAN_LIT("unknown");
    struct picked list, entry, v[2];
    int64_t ts, best = INT64_MIN;
    size_t at = 0;

    if (pick_json(text, keys, &list, 1) < 0 || list.type != PICKED_ARRAY)
        return model;
    while (pick_each(list, &at, NULL, &entry)) {
        if (entry.type != PICKED_OBJECT || pick_json(entry.text, entry_keys, v, 2) < 0 ||
            !picked_time(&v[0], &ts) || ts > at_ms || ts < best)
            continue;
        model = text_or(&v[1], scratch, size, model);
        best = ts;
    }
    return model;
}

/* ---- messages ---- */

/* "Tokens" of the document. False: a number in it makes no sense. */
static bool read_figures(const struct picked *u, enum convention convention, struct figures *f)
{
    static const int slots[] = { U_IN, U_OUT, U_WRITES, U_READS };
    struct counters c;
    int64_t n[4];

    if (!read_counts(u, slots, n, 4))
        return false;
    c = (struct counters){
        .input = n[0], .output = n[1], .cache_write_5m = n[2], .cache_read = n[3]
    };
    if (u[U_PROTOCOL].type == PICKED_STRING)
        convention = INPUT_IS_PROMPT;
    if (!figures_set(f, &c, convention))
        return false;
    f->logged_nusd = logged_cost(&u[U_COST]);
    return true;
}

/* Of what a message is: requests, and the sum of those that were deleted with their messages. */
static uint32_t kind_of(const struct picked *v)
{
    if (span_is(v[V_SAY].text, "deleted_api_reqs"))
        return EVENT_SUMMED;
    return span_is(v[V_SAY].text, "api_req_started") ? EVENT_MAIN_CHAIN : 0;
}

static void put(struct scanner *s, const struct picked *v, struct span usage,
                enum convention convention)
{
    struct event e = { .flags = kind_of(v) | EVENT_MAIN_CHAIN | EVENT_OWNER_MAIN |
                                EVENT_OWNER_PLAIN | EVENT_STOPPED | EVENT_FINAL };
    struct picked u[U_COUNT];
    char model[256];

    if (pick_json(usage, usage_keys, u, U_COUNT) < 0)
        return; /* a request that has not been sent yet, or failed before */
    if (!read_figures(u, convention, &e.figures) || !picked_time(&v[V_TS], &e.at_ms)) {
        scan_bad(s, PROBLEM_SUSPICIOUS);
        return;
    }
    if (figures_total(&e.figures) == 0)
        return;
    e.session = known(path_part(s->below, 0));
    e.project = SPAN_LIT("unknown");
    e.model = model_at(s, e.at_ms, model, sizeof(model));
    e.group =
        hash_mix(hash_span_seed(e.session, 0xc11e01 + (e.flags & EVENT_SUMMED)), (uint64_t)e.at_ms);
    s->out->event(s->out->to, &e);
}

static void scan_message(struct scanner *s, struct span message, enum convention convention)
{
    struct picked v[V_COUNT];
    struct span usage;
    char *text;

    if (pick_json(message, message_keys, v, V_COUNT) < 0 || !span_is(v[V_TYPE].text, "say") ||
        kind_of(v) == 0 || v[V_TEXT].type != PICKED_STRING)
        return;
    text = xmalloc(v[V_TEXT].text.len + 1);
    usage = picked_text(&v[V_TEXT], text, v[V_TEXT].text.len + 1);
    put(s, v, usage, convention);
    free(text);
}

/* The document is an array, which is picked as the one value of an object. */
static enum scan scan_messages(struct scanner *s, struct span document, enum convention convention)
{
    static const struct pick_key keys[] = { { "m", 0 }, { NULL } };
    struct buf wrapped = { 0 };
    struct picked list, message;
    enum scan result = SCAN_OK;
    size_t at = 0;

    buf_add_text(&wrapped, "{\"m\":");
    buf_add_span(&wrapped, document);
    buf_add_char(&wrapped, '}');
    if (pick_json(buf_span(&wrapped), keys, &list, 1) < 0 || list.type != PICKED_ARRAY)
        result = scan_bad(s, PROBLEM_NOT_JSON);
    while (result == SCAN_OK && pick_each(list, &at, NULL, &message)) {
        if (message.type == PICKED_OBJECT)
            scan_message(s, message.text, convention);
    }
    buf_fini(&wrapped);
    return result;
}

static enum scan cline_scan(struct scanner *s, struct span document)
{
    return scan_messages(s, document, INPUT_IS_FRESH);
}

static enum scan roo_scan(struct scanner *s, struct span document)
{
    return scan_messages(s, document, INPUT_IS_PROMPT);
}

static const struct format fresh_messages = { .framing = FRAMING_DOCUMENT, .scan = cline_scan };
static const struct format prompt_messages = { .framing = FRAMING_DOCUMENT, .scan = roo_scan };

static const struct format *cline_format(struct span below)
{
    return span_is(path_part(below, 1), "ui_messages.json") ? &fresh_messages : NULL;
}

static const struct format *roo_format(struct span below)
{
    return span_is(path_part(below, 1), "ui_messages.json") ? &prompt_messages : NULL;
}

static const char *const cline_near[] = { "task_metadata.json", NULL };

const struct source source_cline = {
    .name = "cline",
    .title = "Cline",
    .roots = cline_roots,
    .format = cline_format,
    .enters = cline_enters,
    .near = cline_near,
    .choose = choose_larger,
    .join = join_counters,
};

const struct source source_roo = {
    .name = "roo",
    .title = "Roo Code",
    .roots = roo_roots,
    .format = roo_format,
    .enters = cline_enters,
    .near = cline_near,
    .choose = choose_larger,
    .join = join_prompt,
};

const struct source source_kilocode = {
    .name = "kilocode",
    .title = "Kilo Code",
    .roots = kilocode_roots,
    .format = cline_format,
    .enters = cline_enters,
    .near = cline_near,
    .choose = choose_larger,
    .join = join_counters,
};
