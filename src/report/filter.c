/* report/filter.c — which events a report is about, by the names they carry.
 *
 * A pattern is a glob ('*', '?', '[…]') over the whole name, letters of either case. One without
 * any of these signs also means a part: the last folder of a project, any piece of a model's name.
 * Every name and origin is judged once and remembered by its id.
 * SPDX-License-Identifier: MIT
 */
#include "report/report_internal.h"

#include "base/mem.h"

#include <fnmatch.h>
#include <stdlib.h>

enum verdict { UNKNOWN, YES, NO };

static bool is_glob(const char *pattern)
{
    return strpbrk(pattern, "*?[") != NULL;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *back = strrchr(slash ? slash : path, '\\');

    return back ? back + 1 : slash ? slash + 1 : path;
}

enum looseness { WHOLE, LAST_PART, ANY_PART };

static bool matches(const char *pattern, const char *name, enum looseness looseness)
{
    if (fnmatch(pattern, name, FNM_CASEFOLD | FNM_NOESCAPE) == 0)
        return true;
    if (is_glob(pattern))
        return false;
    return looseness == ANY_PART
               ? strcasestr(name, pattern) != NULL
               : looseness == LAST_PART && strcasecmp(pattern, last_part(name)) == 0;
}

static bool list_matches(const char *const *patterns, const struct name *name,
                         enum looseness looseness)
{
    if (!patterns || !patterns[0])
        return true;
    for (; *patterns; patterns++) {
        if (matches(*patterns, name->text.p, looseness))
            return true;
    }
    return false;
}

/* By its own name, or by the one that it is shown as. */
static bool takes_project(const struct filter *f, const struct name *project)
{
    const struct name *shown = fold_project(f->folds, project);

    if (f->of->only_project && !span_is(shown->text, f->of->only_project))
        return false;
    return list_matches(f->of->projects, project, LAST_PART) ||
           list_matches(f->of->projects, shown, LAST_PART);
}

/* The place of an id in a growing table of verdicts. */
static unsigned char *verdict_of(struct verdicts *v, int32_t id)
{
    size_t want = (size_t)id + 1;

    if (want > v->n) {
        v->at = xreallocarray(v->at, want * 2, 1);
        memset(v->at + v->n, UNKNOWN, want * 2 - v->n);
        v->n = want * 2;
    }
    return &v->at[id];
}

bool filter_takes(struct filter *f, const struct origin *origin, const struct name *model)
{
    unsigned char *o = verdict_of(&f->origins, origin->id);
    unsigned char *m = verdict_of(&f->models, model->id);

    if (*o == UNKNOWN)
        *o = list_matches(f->of->agents, origin->agent, WHOLE) &&
                     list_matches(f->of->machines, origin->machine, WHOLE) &&
                     takes_project(f, origin->project)
                 ? YES
                 : NO;
    if (*m == UNKNOWN)
        *m = list_matches(f->of->models, model, ANY_PART) ? YES : NO;
    return *o == YES && *m == YES;
}

void filter_fini(struct filter *f)
{
    free(f->origins.at);
    free(f->models.at);
    *f = (struct filter){ 0 };
}
