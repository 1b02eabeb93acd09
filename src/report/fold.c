/* report/fold.c — under which name a project is shown.
 *
 * Folders of one repository are one project, and a folder that the owner gave a name goes by that.
 * A given name is no name of the ledger's: it has an id of its own, below zero. Every project is
 * looked up once. SPDX-License-Identifier: MIT
 */
#include "report/report_internal.h"

#include "base/mem.h"
#include "base/pick.h"

#include <stdlib.h>

static const struct pick_key nothing[] = { { NULL, 0, NULL } };

/* Calls fn for every folder that has a name; stops at false. False: this is no object of names. */
static bool each_given(const char *json, bool (*fn)(void *to, struct span folder, struct span name),
                       void *to)
{
    struct picked value, object = { PICKED_OBJECT, span_of(json), false };
    char folder[4096], name[512];
    struct span key;
    size_t at = 0;

    if (!json)
        return true;
    if (pick_json(object.text, nothing, &value, 0) < 0)
        return false;
    while (pick_each(object, &at, &key, &value)) {
        const struct picked k = { PICKED_STRING, key, memchr(key.p, '\\', key.len) != NULL };
        struct span f = picked_text(&k, folder, sizeof(folder));
        struct span n = picked_text(&value, name, sizeof(name));

        if (value.type != PICKED_STRING || n.len == 0 || !fn(to, f, n))
            return false;
    }
    return true;
}

static bool anything(void *to, struct span folder, struct span name)
{
    (void)to;
    (void)folder;
    (void)name;
    return true;
}

int folds_init(struct folds *folds, struct store *store, const struct report_query *query,
               struct err *err)
{
    folds->store = store;
    folds->query = query;
    if (each_given(query->project_names, anything, NULL))
        return 0;
    err_set(err, ERR_USAGE,
            "project_names: this is no object of folders and names such as "
            "{\"/work/shop\": \"shop\"}");
    return -1;
}

void folds_fini(struct folds *folds)
{
    size_t i;

    for (i = 0; i < folds->given_n; i++)
        free(folds->given[i]);
    free(folds->given);
    free(folds->at);
    *folds = (struct folds){ 0 };
}

/* ---- names that were given ---- */

/* The given name whose folder holds a path; of several the deepest. */
struct search {
    struct folds *folds;
    struct span path;
    size_t depth;
    const struct name *found;
};

static const struct name *given_name(struct folds *folds, struct span text)
{
    struct name *name;
    size_t i;

    for (i = 0; i < folds->given_n; i++) {
        if (span_eq(folds->given[i]->text, text))
            return folds->given[i];
    }
    name = xmalloc(sizeof(*name) + text.len + 1);
    *name = (struct name){ -(int32_t)i - 1, { memcpy(name + 1, text.p, text.len), text.len } };
    ((char *)(name + 1))[text.len] = '\0';
    folds->given = xgrow(folds->given, folds->given_n, &folds->given_space, sizeof(struct name *));
    folds->given[folds->given_n++] = name;
    return name;
}

static bool try_given(void *to, struct span folder, struct span name)
{
    struct search *s = to;
    bool below = s->path.len >= folder.len && memcmp(s->path.p, folder.p, folder.len) == 0 &&
                 (s->path.len == folder.len || s->path.p[folder.len] == '/');

    if (below && (!s->found || folder.len > s->depth)) {
        s->depth = folder.len;
        s->found = given_name(s->folds, name);
    }
    return true;
}

/* ---- projects ---- */

static const struct name *look_up(struct folds *folds, const struct name *project)
{
    const struct name *root = folds->query->unfolded ? NULL : store_root(folds->store, project);
    struct search search = { .folds = folds, .path = project->text };

    each_given(folds->query->project_names, try_given, &search);
    if (!search.found && root) {
        search.path = root->text;
        each_given(folds->query->project_names, try_given, &search);
    }
    return search.found ? search.found : root ? root : project;
}

const struct name *fold_project(struct folds *folds, const struct name *project)
{
    size_t id = (size_t)project->id;

    if (id >= folds->n) {
        folds->at = xreallocarray(folds->at, 2 * id + 16, sizeof(*folds->at));
        memset(folds->at + folds->n, 0, (2 * id + 16 - folds->n) * sizeof(*folds->at));
        folds->n = 2 * id + 16;
    }
    if (!folds->at[id])
        folds->at[id] = look_up(folds, project);
    return folds->at[id];
}
