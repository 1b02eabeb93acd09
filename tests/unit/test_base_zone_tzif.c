/* tests/unit/test_base_zone_tzif.c — TZif files that are cut off, damaged or lie. Needs the
 * system's tzdata.
 * SPDX-License-Identifier: MIT
 */
#include "base/zone_internal.h"

#include "base/mem.h"
#include "base/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ZONEINFO     "/usr/share/zoneinfo"

static struct buf berlin_bytes(void)
{
    struct buf bytes = { 0 };

    assert_int_equal(path_read(ZONEINFO "/Europe/Berlin", 1 << 20, &bytes, NULL), 0);
    return bytes;
}

static int read_bytes(struct zone **out, struct span bytes, struct err *err)
{
    int rc;

    *out = zone_new("Test/Zone");
    rc = zone_read_tzif(*out, bytes, err);
    zone_seal(*out);
    return rc;
}

static void a_file_cut_off_anywhere_is_refused(void **state)
{
    struct buf bytes = berlin_bytes();
    struct zone *zone;
    struct err err;
    size_t len;

    (void)state;
    for (len = 0; len <= bytes.len; len++) {
        char *copy = xmalloc(len); /* its own block: reading beyond it is seen */
        int rc;

        memcpy(copy, bytes.p, len);
        err = (struct err){ 0 };
        rc = read_bytes(&zone, (struct span){ copy, len }, &err);
        if ((rc == 0) != (len == bytes.len))
            fail_msg("%zu of %zu bytes: %d", len, bytes.len, rc);
        if (rc < 0)
            assert_non_null(strstr(err.text, "time zone Test/Zone: "));
        zone_close(zone);
        free(copy);
    }
    buf_fini(&bytes);
}

/* Whatever the steps are, days follow each other. */
static void days_are_in_order(const struct zone *zone)
{
    int64_t day;

    for (day = -40000; day < 400000; day += 293) {
        int64_t start_ms = zone_day_start_ms(zone, day);
        int64_t next_ms = zone_day_start_ms(zone, day + 1);

        assert_true(start_ms <= next_ms);
        if (start_ms < next_ms) {
            assert_int_equal(zone_day_of(zone, start_ms), day);
            assert_int_equal(zone_day_of(zone, next_ms - 1), day);
        }
    }
}

/* Every byte of a file in turn made four other bytes: refused, or a zone with its days in order. */
static void a_damaged_file_does_no_harm(void **state)
{
    static const unsigned char flips[] = { 0x01, 0x30, 0x80, 0xff };
    struct buf bytes = berlin_bytes();
    size_t i, k, refused = 0;

    (void)state;
    for (i = 0; i < bytes.len; i++) {
        for (k = 0; k < COUNT(flips); k++) {
            struct zone *zone;

            bytes.p[i] ^= (char)flips[k];
            if (read_bytes(&zone, buf_span(&bytes), NULL) < 0)
                refused++;
            else
                days_are_in_order(zone);
            zone_offset_s(zone, INT64_MAX);
            zone_day_of(zone, INT64_MIN);
            zone_close(zone);
            bytes.p[i] ^= (char)flips[k];
        }
    }
    assert_true(refused > 500);
    buf_fini(&bytes);
}

/* A version 1 file: its header's counts, then whatever follows. */
static struct buf tiny_file(uint8_t times, uint8_t types, uint8_t leaps, struct span body)
{
    unsigned char head[44] = "TZif";
    struct buf file = { 0 };

    head[31] = leaps;
    head[35] = times;
    head[39] = types;
    head[43] = 4;
    buf_add(&file, head, sizeof(head));
    buf_add_span(&file, body);
    return file;
}

static const struct tiny_case {
    const char *why;
    uint8_t times, types, leaps;
    struct span body;
    const char *refusal; /* NULL: accepted */
} tiny[] = {
    { "one type", 0, 1, 0, SPAN_LIT("\0\0\x0e\x10\0\0CET"), NULL },
    { "two changes", 2, 1, 0, SPAN_LIT("\0\0\0\1\0\0\0\2\0\0\0\0\x0e\x10\0\0CET"), NULL },
    { "no type", 0, 0, 0, SPAN_LIT("CET"), "names no offset" },
    { "changes out of order", 2, 1, 0, SPAN_LIT("\0\0\0\2\0\0\0\1\0\0\0\0\x0e\x10\0\0CET"),
      "damaged" },
    { "the same change twice", 2, 1, 0, SPAN_LIT("\0\0\0\2\0\0\0\2\0\0\0\0\x0e\x10\0\0CET"),
      "damaged" },
    { "a type that is not there", 1, 1, 0, SPAN_LIT("\0\0\0\2\1\0\0\x0e\x10\0\0CET"), "damaged" },
    { "an offset of 26 hours", 0, 1, 0, SPAN_LIT("\0\1\x6d\xa0\0\0CET"), "impossible offset" },
    { "the least offset", 0, 1, 0, SPAN_LIT("\x80\0\0\0\0\0CET"), "impossible offset" },
    { "leap seconds", 0, 1, 1, SPAN_LIT("\0\0\x0e\x10\0\0CET\0\0\0\0\1\0\0\0\1"), "leap seconds" },
    { "too short", 0, 1, 9, SPAN_LIT("\0\0\x0e\x10\0\0CET"), "cut off" },
};

static void a_file_of_version_1_is_read_and_checked(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(tiny); i++) {
        const struct tiny_case *c = &tiny[i];
        struct span body = { c->body.p, c->body.len + 1 }; /* with the NUL of the name */
        struct buf file = tiny_file(c->times, c->types, c->leaps, body);
        struct zone *zone;
        struct err err;
        int rc = read_bytes(&zone, buf_span(&file), &err);

        if (rc != (c->refusal ? -1 : 0) || (rc < 0 && !strstr(err.text, c->refusal)))
            fail_msg("%s: %s", c->why, rc < 0 ? err.text : "accepted");
        if (rc == 0)
            assert_int_equal(zone_offset_s(zone, 0), 3600);
        zone_close(zone);
        buf_fini(&file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_cut_off_anywhere_is_refused),
        cmocka_unit_test(a_damaged_file_does_no_harm),
        cmocka_unit_test(a_file_of_version_1_is_read_and_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
