/* store/names.c — dictionaries: a text is stored once and stands for a small number.
 *
 * Every name, origin and session that this handle has met is kept in memory, found by its hash or
 * by its id. The pointers handed out stay valid until names_free.
 * SPDX-License-Identifier: MIT
 */
#include "store/store_internal.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>

/* Which dictionary an entry belongs to: an enum name_kind, or one of these. A session's space is
 * its agent's id. */
#define SPACE_ORIGIN  0
#define SPACE_SESSION 0x100

struct entry {
    uint32_t space;
    int32_t id;
    uint64_t hash;
    const struct name *root; /* of a project; NULL: not noted, as far as is known */
    union {
        struct name name;
        struct origin origin;
    };
};

/* Two open-addressing tables over the same entries. */
struct names {
    struct entry **by_text, **by_id;
    size_t n, space; /* space is a power of two */
};

struct names *names_new(void)
{
    struct names *names = xcalloc(1, sizeof(*names));

    names->space = 256;
    names->by_text = xcalloc(names->space, sizeof(*names->by_text));
    names->by_id = xcalloc(names->space, sizeof(*names->by_id));
    return names;
}

void names_free(struct names *names)
{
    size_t i;

    if (!names)
        return;
    for (i = 0; i < names->space; i++)
        free(names->by_text[i]);
    free(names->by_text);
    free(names->by_id);
    free(names);
}

/* Ids of names, origins and sessions count separately. */
static uint32_t id_space(uint32_t space)
{
    return space == SPACE_ORIGIN ? 0 : space >= SPACE_SESSION ? 2 : 1;
}

static uint64_t id_hash(uint32_t space, int32_t id)
{
    return hash_mix(id_space(space), (uint64_t)id);
}

static void insert(struct entry **table, size_t space, uint64_t hash, struct entry *entry)
{
    size_t i = hash & (space - 1);

    while (table[i])
        i = (i + 1) & (space - 1);
    table[i] = entry;
}

static void grow(struct names *names)
{
    struct entry **old = names->by_text;
    size_t old_space = names->space;
    size_t i;

    names->space *= 2;
    free(names->by_id);
    names->by_text = xcalloc(names->space, sizeof(*names->by_text));
    names->by_id = xcalloc(names->space, sizeof(*names->by_id));
    for (i = 0; i < old_space; i++) {
        if (!old[i])
            continue;
        insert(names->by_text, names->space, old[i]->hash, old[i]);
        insert(names->by_id, names->space, id_hash(old[i]->space, old[i]->id), old[i]);
    }
    free(old);
}

static struct entry *keep(struct names *names, const struct entry *entry, struct span text)
{
    struct entry *copy = xmalloc(sizeof(*copy) + text.len + 1);

    *copy = *entry;
    if (entry->space != SPACE_ORIGIN) {
        char *bytes = (char *)(copy + 1);

        memcpy(bytes, text.p, text.len);
        bytes[text.len] = '\0';
        copy->name = (struct name){ entry->id, { bytes, text.len } };
    }
    if (++names->n * 2 > names->space)
        grow(names);
    insert(names->by_text, names->space, copy->hash, copy);
    insert(names->by_id, names->space, id_hash(copy->space, copy->id), copy);
    return copy;
}

static struct entry *known_id(const struct names *names, uint32_t space, int32_t id)
{
    size_t i = id_hash(space, id) & (names->space - 1);

    for (; names->by_id[i]; i = (i + 1) & (names->space - 1)) {
        if (names->by_id[i]->id == id && id_space(names->by_id[i]->space) == id_space(space))
            return names->by_id[i];
    }
    return NULL;
}

static struct entry *known_text(const struct names *names, uint32_t space, uint64_t hash,
                                struct span text)
{
    size_t i = hash & (names->space - 1);

    for (; names->by_text[i]; i = (i + 1) & (names->space - 1)) {
        struct entry *e = names->by_text[i];

        if (e->hash == hash && e->space == space && span_eq(e->name.text, text))
            return e;
    }
    return NULL;
}

struct span store_column(sqlite3_stmt *statement, int column)
{
    const void *p = sqlite3_column_blob(statement, column);

    return (struct span){ p ? p : "", (size_t)sqlite3_column_bytes(statement, column) };
}

static void bind_span(sqlite3_stmt *statement, int at, struct span text)
{
    if (text.p)
        sqlite3_bind_text64(statement, at, text.p, text.len, SQLITE_STATIC, SQLITE_UTF8);
    else
        sqlite3_bind_null(statement, at);
}

/* ---- names and sessions ---- */

/* Finds a text in a table through `find`, or adds it through `add`. */
struct lookup {
    enum statement find, add;
    uint32_t space;
    int64_t of; /* first bound value: the kind, or the agent's id */
    struct span parent;
};

static int32_t find_or_add(struct store *store, const struct lookup *l, struct span text,
                           struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, l->find, err);
    int32_t id = 0;
    int rc;

    if (!statement)
        return 0;
    sqlite3_bind_int64(statement, 1, l->of);
    bind_span(statement, 2, text);
    rc = store_step(store, statement, err);
    if (rc == 1)
        id = sqlite3_column_int(statement, 0);
    sqlite3_reset(statement);
    if (rc != 0 || !store->in_transaction) {
        if (rc == 0)
            err_set(err, ERR_NOT_FOUND, "the ledger has no such name");
        return id;
    }
    statement = store_sql(store, l->add, err);
    if (!statement)
        return 0;
    sqlite3_bind_int64(statement, 1, l->of);
    bind_span(statement, 2, text);
    if (l->add == SQL_SESSION_ADD)
        bind_span(statement, 3, l->parent);
    return store_run(store, statement, err) < 0 ? 0 : (int32_t)sqlite3_last_insert_rowid(store->db);
}

static const struct name *intern(struct store *store, const struct lookup *l, struct span text,
                                 struct err *err)
{
    uint64_t hash = hash_span_seed(text, l->space);
    struct entry *e = known_text(store->names, l->space, hash, text);
    int32_t id;

    if (e)
        return &e->name;
    if (!text.p)
        text = SPAN_LIT(""); /* absent and empty are one name */
    id = find_or_add(store, l, text, err);
    if (id == 0)
        return NULL;
    return &keep(store->names, &(struct entry){ .space = l->space, .id = id, .hash = hash }, text)
                ->name;
}

const struct name *store_name(struct store *store, enum name_kind kind, struct span text,
                              struct err *err)
{
    struct lookup l = { SQL_NAME_FIND, SQL_NAME_ADD, kind, kind, SPAN_ABSENT };

    return intern(store, &l, text, err);
}

const struct name *store_root(struct store *store, const struct name *project)
{
    struct entry *e = known_id(store->names, NAME_PROJECT, project->id);
    sqlite3_stmt *statement;
    int32_t id = 0;

    if (!e || e->root)
        return e ? e->root : NULL;
    statement = store_sql(store, SQL_ROOT_GET, NULL);
    if (!statement) /* an older ledger that is only looked at */
        return NULL;
    sqlite3_bind_int(statement, 1, project->id);
    if (store_step(store, statement, NULL) == 1)
        id = sqlite3_column_int(statement, 0);
    sqlite3_reset(statement);
    e->root = id != 0 ? names_by_id(store, id, NULL) : NULL;
    return e->root;
}

int store_set_root(struct store *store, const struct name *project, struct span root,
                   struct err *err)
{
    const struct name *name = store_name(store, NAME_PROJECT, root, err);
    struct entry *e = known_id(store->names, NAME_PROJECT, project->id);
    sqlite3_stmt *statement = name ? store_sql(store, SQL_ROOT_SET, err) : NULL;

    if (!statement)
        return -1;
    sqlite3_bind_int(statement, 1, project->id);
    sqlite3_bind_int(statement, 2, name->id);
    if (store_run(store, statement, err) < 0)
        return -1;
    if (e)
        e->root = name;
    return 0;
}

const struct name *store_session(struct store *store, const struct name *agent, struct span text,
                                 struct span parent, struct err *err)
{
    struct lookup l = { SQL_SESSION_FIND, SQL_SESSION_ADD, SPACE_SESSION + (uint32_t)agent->id,
                        agent->id, parent };

    return intern(store, &l, text, err);
}

/* The space of a stored name, from its kind, or of a session, from its agent. False where no such
 * thing can be: the page is damaged. */
static bool stored_space(sqlite3_stmt *statement, uint32_t space, uint32_t *out)
{
    bool session = space == SPACE_SESSION;
    int64_t stored = sqlite3_column_int64(statement, 0);

    *out = (session ? SPACE_SESSION : 0) + (uint32_t)stored;
    return stored >= 1 && stored <= (session ? INT32_MAX : NAME_ACCOUNT);
}

static const struct name *read_by_id(struct store *store, enum statement which, uint32_t space,
                                     int32_t id, struct err *err)
{
    struct entry *e = known_id(store->names, space, id);
    sqlite3_stmt *statement;
    struct entry fresh = { .id = id };
    struct span text;
    int rc;

    if (e)
        return &e->name;
    statement = store_sql(store, which, err);
    if (!statement)
        return NULL;
    sqlite3_bind_int64(statement, 1, id);
    rc = store_step(store, statement, err);
    if (rc == 1 && !stored_space(statement, space, &fresh.space))
        rc = 0;
    if (rc == 1) {
        text = store_column(statement, 1);
        fresh.hash = hash_span_seed(text, fresh.space);
        e = keep(store->names, &fresh, text);
    } else if (rc == 0) {
        err_set(err, ERR_DAMAGED, "the ledger %s is damaged (name %d is missing)", store->path,
                (int)id);
    }
    sqlite3_reset(statement);
    return e ? &e->name : NULL;
}

const struct name *names_by_id(struct store *store, int32_t id, struct err *err)
{
    return read_by_id(store, SQL_NAME_BY_ID, NAME_AGENT, id, err);
}

const struct name *session_by_id(struct store *store, int32_t id, struct err *err)
{
    return read_by_id(store, SQL_SESSION_BY_ID, SPACE_SESSION, id, err);
}

/* ---- origins ---- */

static uint64_t origin_hash(const struct origin *o)
{
    int32_t ids[] = { o->agent->id, o->project->id, o->machine->id, o->account->id, o->subagent };

    return hash_span((struct span){ (const char *)ids, sizeof(ids) });
}

static bool same_origin(const struct origin *a, const struct origin *b)
{
    return a->agent == b->agent && a->project == b->project && a->machine == b->machine &&
           a->account == b->account && a->subagent == b->subagent;
}

static void bind_origin(sqlite3_stmt *statement, const struct origin *o)
{
    sqlite3_bind_int(statement, 1, o->agent->id);
    sqlite3_bind_int(statement, 2, o->project->id);
    sqlite3_bind_int(statement, 3, o->machine->id);
    sqlite3_bind_int(statement, 4, o->account->id);
    sqlite3_bind_int(statement, 5, o->subagent);
}

static int32_t find_or_add_origin(struct store *store, const struct origin *wanted, struct err *err)
{
    sqlite3_stmt *statement = store_sql(store, SQL_ORIGIN_FIND, err);
    int32_t id = 0;
    int rc;

    if (!statement)
        return 0;
    bind_origin(statement, wanted);
    rc = store_step(store, statement, err);
    if (rc == 1)
        id = sqlite3_column_int(statement, 0);
    sqlite3_reset(statement);
    if (rc != 0)
        return id;
    statement = store_sql(store, SQL_ORIGIN_ADD, err);
    if (!statement)
        return 0;
    bind_origin(statement, wanted);
    return store_run(store, statement, err) < 0 ? 0 : (int32_t)sqlite3_last_insert_rowid(store->db);
}

static const struct origin *keep_origin(struct store *store, const struct origin *o, int32_t id)
{
    struct entry fresh = { .space = SPACE_ORIGIN, .id = id, .hash = origin_hash(o), .origin = *o };

    fresh.origin.id = id;
    return &keep(store->names, &fresh, SPAN_ABSENT)->origin;
}

const struct origin *store_origin(struct store *store, const struct origin *wanted, struct err *err)
{
    const struct names *names = store->names;
    uint64_t hash = origin_hash(wanted);
    size_t i = hash & (names->space - 1);
    int32_t id;

    for (; names->by_text[i]; i = (i + 1) & (names->space - 1)) {
        const struct entry *e = names->by_text[i];

        if (e->hash == hash && e->space == SPACE_ORIGIN && same_origin(&e->origin, wanted))
            return &e->origin;
    }
    id = find_or_add_origin(store, wanted, err);
    return id == 0 ? NULL : keep_origin(store, wanted, id);
}

const struct origin *origin_by_id(struct store *store, int32_t id, struct err *err)
{
    struct entry *e = known_id(store->names, SPACE_ORIGIN, id);
    struct origin o = { .id = id };
    int32_t ids[4];
    sqlite3_stmt *statement;
    int i;

    if (e)
        return &e->origin;
    statement = store_sql(store, SQL_ORIGIN_BY_ID, err);
    if (!statement)
        return NULL;
    sqlite3_bind_int64(statement, 1, id);
    if (store_step(store, statement, err) != 1) {
        err_set(err, ERR_DAMAGED, "the ledger %s is damaged (origin %d is missing)", store->path,
                (int)id);
        return NULL;
    }
    for (i = 0; i < 4; i++)
        ids[i] = sqlite3_column_int(statement, i);
    o.subagent = sqlite3_column_int(statement, 4) != 0;
    sqlite3_reset(statement);
    o.agent = names_by_id(store, ids[0], err);
    o.project = names_by_id(store, ids[1], err);
    o.machine = names_by_id(store, ids[2], err);
    o.account = names_by_id(store, ids[3], err);
    if (!o.agent || !o.project || !o.machine || !o.account)
        return NULL;
    return keep_origin(store, &o, id);
}
