/* source/amp.c — threads of Amp. Rules: docs/sources/amp.md.
 *
 *   threads/T-<id>.json      one document a thread, rewritten as it grows
 *
 *   {"id":"T-1","created":1935655200000,"env":{"initial":{"trees":[{"uri":"file:///w"}]}},
 *    "messages":[{"role":"assistant","messageId":3,"usage":{"model":"c-9","inputTokens":4,
 *      "outputTokens":80,"cacheReadInputTokens":900,"cacheCreationInputTokens":20,
 *      "timestamp":"2031-05-04T10:00:00Z"}}],
 *    "usageLedger":{"events":[{"id":"e","timestamp":"2031-05-04T10:00:00Z","model":"c-9",
 *      "toMessageId":3,"credits":0.1,"tokens":{"input":4,"output":80}}]}}
 *
 * Oddities: a thread with a ledger tells each response twice, the ledger without its cache. Both
 * have the message in common, so that one identity serves both.
 * SPDX-License-Identifier: MIT
 */
#include "source/agents.h"
#include "source/common.h"

#include "base/hash.h"

enum { V_ID, V_CREATED, V_ENV, V_MESSAGES, V_EVENTS, V_COUNT };
enum { E_ID, E_TIMESTAMP, E_MODEL, E_MESSAGE, E_INPUT, E_OUTPUT, E_COUNT };
enum {
    M_ROLE,
    M_ID,
    M_TIMESTAMP,
    M_USAGE,
    M_MODEL,
    M_INPUT,
    M_OUTPUT,
    M_READ,
    M_WRITE,
    M_USAGE_TIMESTAMP,
    M_COUNT
};

static const struct pick_key ledger_keys[] = { { "events", V_EVENTS }, { NULL } };
static const struct pick_key thread_keys[] = {
    { "id", V_ID },
    { "created", V_CREATED },
    { "env", V_ENV },
    { "messages", V_MESSAGES },
    { "usageLedger", -1, ledger_keys },
    { NULL },
};

static const struct pick_key tokens_keys[] = {
    { "input", E_INPUT },
    { "output", E_OUTPUT },
    { NULL },
};
static const struct pick_key event_keys[] = {
    { "id", E_ID },
    { "timestamp", E_TIMESTAMP },
    { "model", E_MODEL },
    { "toMessageId", E_MESSAGE },
    { "tokens", -1, tokens_keys },
    { NULL },
};

static const struct pick_key usage_keys[] = {
    { "model", M_MODEL },
    { "inputTokens", M_INPUT },
    { "outputTokens", M_OUTPUT },
    { "cacheReadInputTokens", M_READ },
    { "cacheCreationInputTokens", M_WRITE },
    { "timestamp", M_USAGE_TIMESTAMP },
    { NULL },
};
static const struct pick_key message_keys[] = {
    { "role", M_ROLE },
    { "messageId", M_ID },
    { "timestamp", M_TIMESTAMP },
    { "usage", M_USAGE, usage_keys },
    { NULL },
};

/* ---- where the logs are ---- */

static void amp_roots(const struct source_env *env, source_root_fn *add, void *to)
{
    add_home_root(env, &(struct home_root){ "XDG_DATA_HOME", ".local/share", "amp/threads" }, add,
                  to);
}

static bool amp_first_ms(struct span head, int64_t *at_ms)
{
    return first_time_of(head, "timestamp", at_ms);
}

/* ---- one thread ---- */

struct thread {
    struct scanner *scanner;
    struct span id, project;
    struct picked messages;
    int64_t created_ms;
};

/* The working directory, out of {"initial":{"trees":[{"uri":"file:///w"}]}}. */
static struct span project_of(struct picked env, char *scratch, size_t size)
{
    static const struct pick_key trees_keys[] = { { "trees", 0 }, { NULL } };
    static const struct pick_key env_keys[] = { { "initial", -1, trees_keys }, { NULL } };
    static const struct pick_key tree_keys[] = { { "uri", 0 }, { NULL } };
    struct picked trees, tree, uri;
    struct span text;
    size_t at = 0;

    if (env.type != PICKED_OBJECT || pick_json(env.text, env_keys, &trees, 1) < 0 ||
        trees.type != PICKED_ARRAY || !pick_each(trees, &at, NULL, &tree) ||
        tree.type != PICKED_OBJECT || pick_json(tree.text, tree_keys, &uri, 1) < 0)
        return SPAN_LIT("");
    text = text_or(&uri, scratch, size, SPAN_LIT(""));
    if (span_starts(text, "file://"))
        text = (struct span){ text.p + strlen("file://"), text.len - strlen("file://") };
    return text;
}

/* Numbers and texts alike: 3 and "3" are one message. */
static uint64_t group_of(const struct thread *t, const struct picked *id, uint64_t kind)
{
    return hash_span_seed(id->text, hash_span_seed(t->id, kind));
}

enum { BY_MESSAGE = 0xa3b001, BY_EVENT = 0xa3b002 };

/* Gives the event its place and hands it out. */
static void put(struct thread *t, const struct picked *time, struct event *e)
{
    struct scanner *s = t->scanner;

    e->flags |=
        EVENT_STOPPED | EVENT_FINAL | EVENT_MAIN_CHAIN | EVENT_OWNER_MAIN | EVENT_OWNER_PLAIN;
    if (!picked_time(time, &e->at_ms)) {
        e->flags |= EVENT_TIME_GUESSED;
        e->at_ms = t->created_ms ? t->created_ms : s->mtime_ms;
    }
    if (e->model.len == 0) {
        e->model = SPAN_LIT("unknown");
        s->problem = PROBLEM_NO_MODEL;
    }
    e->session = t->id;
    e->project = t->project;
    if (figures_total(&e->figures) > 0)
        s->out->event(s->out->to, e);
}

/* ---- messages ---- */

static bool read_message(const struct picked *m, struct counters *c)
{
    static const int slots[] = { M_INPUT, M_OUTPUT, M_READ, M_WRITE };
    int64_t n[4];

    if (!read_counts(m, slots, n, 4))
        return false;
    *c = (struct counters){
        .input = n[0], .output = n[1], .cache_read = n[2], .cache_write_5m = n[3]
    };
    return true;
}

static void scan_message(struct thread *t, const struct picked *m)
{
    const struct picked *time = &m[m[M_USAGE_TIMESTAMP].type ? M_USAGE_TIMESTAMP : M_TIMESTAMP];
    struct event e = { .group = group_of(t, &m[M_ID], BY_MESSAGE) };
    struct counters c;
    char model[256];

    if (!read_message(m, &c) || !figures_set(&e.figures, &c, INPUT_IS_FRESH)) {
        scan_bad(t->scanner, PROBLEM_SUSPICIOUS);
        return;
    }
    e.model = text_or(&m[M_MODEL], model, sizeof(model), SPAN_LIT(""));
    put(t, time, &e);
}

static bool next_message(const struct thread *t, size_t *at, struct picked *m)
{
    struct picked message;

    while (t->messages.type == PICKED_ARRAY && pick_each(t->messages, at, NULL, &message)) {
        if (message.type == PICKED_OBJECT &&
            pick_json(message.text, message_keys, m, M_COUNT) == 0 &&
            m[M_USAGE].type == PICKED_OBJECT && span_is(m[M_ROLE].text, "assistant"))
            return true;
    }
    return false;
}

static void scan_messages(struct thread *t)
{
    struct picked m[M_COUNT];
    size_t at = 0;

    while (next_message(t, &at, m))
        scan_message(t, m);
}

/* ---- the ledger ---- */

/* What the message says of the cache, which the ledger leaves out. */
static void add_cache(const struct thread *t, const struct picked *id, struct counters *c)
{
    struct picked m[M_COUNT];
    struct counters of_message;
    size_t at = 0;

    while (id->type != PICKED_ABSENT && next_message(t, &at, m)) {
        if (!span_eq(m[M_ID].text, id->text) || !read_message(m, &of_message))
            continue;
        c->cache_read = of_message.cache_read;
        c->cache_write_5m = of_message.cache_write_5m;
        return;
    }
}

static void scan_event(struct thread *t, struct span text)
{
    static const int slots[] = { E_INPUT, E_OUTPUT };
    struct picked v[E_COUNT];
    struct event e = { 0 };
    struct counters c = { 0 };
    bool tied;
    char model[256];
    int64_t n[2];

    if (pick_json(text, event_keys, v, E_COUNT) < 0)
        return;
    if (!read_counts(v, slots, n, 2)) {
        scan_bad(t->scanner, PROBLEM_SUSPICIOUS);
        return;
    }
    c.input = n[0];
    c.output = n[1];
    add_cache(t, &v[E_MESSAGE], &c);
    if (!figures_set(&e.figures, &c, INPUT_IS_FRESH)) {
        scan_bad(t->scanner, PROBLEM_SUSPICIOUS);
        return;
    }
    tied = v[E_MESSAGE].type != PICKED_ABSENT;
    e.group = group_of(t, &v[tied ? E_MESSAGE : E_ID], tied ? BY_MESSAGE : BY_EVENT);
    e.model = text_or(&v[E_MODEL], model, sizeof(model), SPAN_LIT(""));
    put(t, &v[E_TIMESTAMP], &e);
}

/* Answers how many there were. */
static int scan_ledger(struct thread *t, struct picked events)
{
    struct picked event;
    size_t at = 0;
    int n = 0;

    while (events.type == PICKED_ARRAY && pick_each(events, &at, NULL, &event)) {
        n++;
        if (event.type == PICKED_OBJECT)
            scan_event(t, event.text);
    }
    return n;
}

static enum scan amp_scan(struct scanner *s, struct span document)
{
    struct thread t = { .scanner = s };
    struct picked v[V_COUNT];
    char id[128], project[4096];

    if (pick_json(document, thread_keys, v, V_COUNT) < 0)
        return scan_bad(s, PROBLEM_NOT_JSON);
    t.id = text_or(&v[V_ID], id, sizeof(id), known(path_stem(s->below)));
    t.project = project_of(v[V_ENV], project, sizeof(project));
    t.messages = v[V_MESSAGES];
    picked_time(&v[V_CREATED], &t.created_ms);
    if (scan_ledger(&t, v[V_EVENTS]) == 0)
        scan_messages(&t);
    return s->problem == PROBLEM_NONE ? SCAN_OK : SCAN_BAD;
}

static const struct format thread_format = {
    .framing = FRAMING_DOCUMENT,
    .scan = amp_scan,
    .first_ms = amp_first_ms,
};

static const struct format *amp_format(struct span below)
{
    bool is_thread = span_starts(path_name(below), "T-") && span_ends(below, ".json");

    return is_thread ? &thread_format : NULL;
}

const struct source source_amp = {
    .name = "amp",
    .title = "Amp",
    .roots = amp_roots,
    .format = amp_format,
    .choose = choose_larger,
    .join = join_counters,
};
