/* tests/unit/test_ingest_project.c — folders of one repository have one root.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/project.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* What lies below the folder of the test; "TOP" stands for that. NULL: a folder. */
static const struct {
    const char *path, *text;
} things[] = {
    { "shop/.git/worktrees/fix", NULL },
    { "shop/.git/modules/lib", NULL },
    { "shop/src/deep", NULL },
    { "shop/lib/.git", "gitdir: ../.git/modules/lib\n" },
    { "trees/fix/src", NULL },
    { "trees/fix/.git", "gitdir: TOP/shop/.git/worktrees/fix\n" },
    { "shop/.agent/near/.git", "gitdir: ../../.git/worktrees/near\n" },
    { "bare.git/worktrees/x", NULL },
    { "x/.git", "gitdir: TOP/bare.git/worktrees/x\n" },
    { "home/.git", NULL },
    { "home/notes/today", NULL },
    { "home/mill/.git", NULL },
    { "odd/.git", "what is this\n" },
    { "plain/folder", NULL },
};

static const struct root_case {
    const char *why, *folder, *root;
} cases[] = {
    { "a repository is its own root", "shop", "shop" },
    { "a folder in it", "shop/src/deep", "shop" },
    { "a slash at the end changes nothing", "shop/src/", "shop" },
    { "a folder that is gone", "shop/src/gone/for/ever", "shop" },
    { "a worktree elsewhere", "trees/fix", "shop" },
    { "a folder in it, too", "trees/fix/src", "shop" },
    { "a worktree told of by a relative path", "shop/.agent/near", "shop" },
    { "a worktree of a repository without files", "x", "bare.git" },
    { "a submodule is a repository of its own", "shop/lib", "shop/lib" },
    { "home, which is one", "home", "home" },
    { "what lies below such a home is not of it", "home/notes/today", NULL },
    { "but of its own repository", "home/mill/src", "home/mill" },
    { "a .git that says nothing", "odd", NULL },
    { "no repository", "plain/folder", NULL },
};

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
    (void)st;
    (void)kind;
    (void)walk;
    return remove(path);
}

static void make(const char *top, const char *path, const char *text)
{
    char *whole = path_join(top, path), *folder = path_dir(whole), *filled;
    const char *at = text ? strstr(text, "TOP") : NULL;

    assert_int_equal(path_make(text ? folder : whole, NULL), 0);
    filled =
        at ? xasprintf("%.*s%s%s", (int)(at - text), text, top, at + 3) : xstrdup(text ? text : "");
    if (text)
        assert_int_equal(path_write(whole, span_of(filled), 0600, NULL), 0);
    free(filled);
    free(folder);
    free(whole);
}

static void folders_of_one_repository_have_one_root(void **state)
{
    char made[] = "/tmp/tacho-project-XXXXXX";
    char *top, *home;
    size_t i;

    (void)state;
    assert_non_null(mkdtemp(made));
    top = realpath(made, NULL);
    home = path_join(top, "home");
    for (i = 0; i < sizeof(things) / sizeof(things[0]); i++)
        make(top, things[i].path, things[i].text);
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *folder = path_join(top, cases[i].folder);
        char *want = cases[i].root ? path_join(top, cases[i].root) : NULL;
        char *root = project_root(span_of(folder), home);

        if (want ? !root || strcmp(root, want) != 0 : root != NULL)
            fail_msg("%s: %s", cases[i].why, root ? root : "none");
        free(folder);
        free(want);
        free(root);
    }
    nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(home);
    free(top);
}

static void what_is_no_folder_has_no_root(void **state)
{
    (void)state;
    assert_null(project_root(SPAN_LIT(""), "/home/kim"));
    assert_null(project_root(SPAN_LIT("-work-shop"), "/home/kim"));
    assert_null(project_root(SPAN_LIT("/"), "/home/kim"));
    assert_null(project_root(SPAN_LIT("unknown"), "/home/kim"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders_of_one_repository_have_one_root),
        cmocka_unit_test(what_is_no_folder_has_no_root),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
