/* tests/unit/test_archive_unpack.c — what leaves an archive, and which archives are refused.
 * SPDX-License-Identifier: MIT
 */
#include "archive/unpack.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"

#include <archive.h>
#include <archive_entry.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SECOND 1790000000

struct place {
    char folder[64]; /* of this test alone */
    char *archive, *to;
};

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
    (void)st;
    (void)kind;
    (void)walk;
    return remove(path);
}

static int set_up(void **state)
{
    struct place *p = xcalloc(1, sizeof(*p));

    snprintf(p->folder, sizeof(p->folder), "/tmp/tacho-unpack-XXXXXX");
    assert_non_null(mkdtemp(p->folder));
    p->archive = path_join(p->folder, "a.tar.gz");
    p->to = path_join(p->folder, "to");
    assert_int_equal(mkdir(p->to, 0700), 0);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;

    nftw(p->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(p->archive);
    free(p->to);
    free(p);
    return 0;
}

/* An archive of files "0", "1", … of so many bytes each, in folders named alike. */
static void write_archive(const struct place *p, int files, size_t size)
{
    struct archive *out = archive_write_new();
    char *bytes = xcalloc(1, size + 1);
    char name[32];
    int i;

    archive_write_add_filter_gzip(out);
    archive_write_set_format_pax_restricted(out);
    assert_int_equal(archive_write_open_filename(out, p->archive), ARCHIVE_OK);
    for (i = 0; i < files; i++) {
        struct archive_entry *entry = archive_entry_new();

        snprintf(name, sizeof(name), "d%d/%d", i, i);
        archive_entry_set_pathname(entry, name);
        archive_entry_set_size(entry, (la_int64_t)size);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 04777);
        archive_entry_set_mtime(entry, SECOND, 0);
        assert_int_equal(archive_write_header(out, entry), ARCHIVE_OK);
        archive_write_data(out, bytes, size);
        archive_entry_free(entry);
    }
    archive_write_free(out);
    free(bytes);
}

static bool wants(void *to, const char *path)
{
    const char *not_this = to;

    return !not_this || strcmp(path, not_this) != 0;
}

static const struct unpack_taker all = { wants, NULL, NULL, &unpack_limits };

static void a_file_is_written_with_its_time_and_for_nobody_else(void **state)
{
    struct place *p = *state;
    char *path = path_join(p->to, "d0/0"), *folder = path_join(p->to, "d0");
    struct unpack_result result;
    struct stat st;

    write_archive(p, 1, 5);
    assert_int_equal(unpack_into(p->to, p->archive, &all, &result, NULL), 0);
    assert_int_equal(result.files, 1);
    assert_int_equal(result.bytes, 5);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, 5);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(st.st_mtim.tv_sec, SECOND);
    assert_int_equal(stat(folder, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    free(path);
    free(folder);
}

static void what_nobody_wants_is_not_written(void **state)
{
    struct place *p = *state;
    struct unpack_taker taker = { wants, NULL, (void *)(uintptr_t) "d1/1", &unpack_limits };
    char *path = path_join(p->to, "d1/1");
    struct unpack_result result;

    write_archive(p, 3, 5);
    assert_int_equal(unpack_into(p->to, p->archive, &taker, &result, NULL), 0);
    assert_int_equal(result.files, 2);
    assert_int_equal(access(path, F_OK), -1);
    free(path);
}

static const struct limit_case {
    const char *why;
    struct unpack_limits limits;
    const char *want; /* what the sentence says, or NULL: all is well */
} limit_cases[] = {
    { "four files of a thousand bytes are fine", { 4000, 4, 4, 1000, 0 }, NULL },
    { "a byte more than allowed", { .bytes = 3999 }, "too large" },
    { "a file more than allowed", { .files = 3 }, "too many logs" },
    { "a name more than allowed", { .names = 3 }, "too many files" },
    { "more than so many times its size", { .ratio = 2, .ratio_from = 3000 }, "tighter" },
    { "the same, below where that is asked", { .ratio = 2, .ratio_from = 30000 }, NULL },
};

static void an_archive_over_a_limit_is_refused(void **state)
{
    struct place *p = *state;
    struct unpack_result result;
    struct err err;
    size_t i;

    write_archive(p, 4, 1000);
    for (i = 0; i < sizeof(limit_cases) / sizeof(limit_cases[0]); i++) {
        const struct limit_case *c = &limit_cases[i];
        const struct unpack_taker taker = { wants, NULL, NULL, &c->limits };
        int rc = unpack_into(p->to, p->archive, &taker, &result, &err);

        if (rc != (c->want ? -1 : 0))
            fail_msg("%s: %d %s", c->why, rc, rc < 0 ? err.text : "");
        if (c->want && (err.kind != ERR_DAMAGED || !strstr(err.text, c->want)))
            fail_msg("%s: %s", c->why, err.text);
    }
}

static bool at_once(void *to)
{
    (void)to;
    return true;
}

static void who_is_told_to_stop_stops(void **state)
{
    struct place *p = *state;
    struct unpack_taker taker = { wants, at_once, NULL, &unpack_limits };
    struct unpack_result result;
    struct err err;

    write_archive(p, 1, 5);
    assert_int_equal(unpack_into(p->to, p->archive, &taker, &result, &err), -1);
    assert_int_equal(err.kind, ERR_UNAVAILABLE);
    assert_int_equal(result.files, 0);
}

/* Wherever an archive is cut, it is refused or whole; nothing is written elsewhere. */
static void an_archive_cut_anywhere_does_no_harm(void **state)
{
    struct place *p = *state;
    struct unpack_result result;
    struct buf bytes = { 0 };
    size_t n;

    write_archive(p, 3, 700);
    assert_int_equal(path_read(p->archive, 1 << 20, &bytes, NULL), 0);
    for (n = 0; n < bytes.len; n++) {
        struct err err = { 0 };
        int rc;

        assert_int_equal(truncate(p->archive, 0), 0);
        assert_int_equal(path_write(p->archive, (struct span){ bytes.p, n }, 0600, NULL), 0);
        rc = unpack_into(p->to, p->archive, &all, &result, &err);
        if (rc < 0 && err.kind != ERR_DAMAGED)
            fail_msg("cut at %zu: %s", n, err.text);
        if (rc == 0 && result.files != 0 && result.files != 3)
            fail_msg("cut at %zu: %d files", n, (int)result.files);
    }
    buf_fini(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_is_written_with_its_time_and_for_nobody_else, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_nobody_wants_is_not_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_archive_over_a_limit_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_is_told_to_stop_stops, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_archive_cut_anywhere_does_no_harm, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
