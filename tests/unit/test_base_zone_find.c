/* tests/unit/test_base_zone_find.c — which zone a name, the TZ variable or /etc/localtime means.
 * Needs the system's tzdata.
 * SPDX-License-Identifier: MIT
 */
#include "base/zone_internal.h"

#include "base/mem.h"
#include "base/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ZONEINFO     "/usr/share/zoneinfo"

static struct zone *open_zone(const char *name)
{
    struct zone *zone;
    struct err err;

    if (zone_open(&zone, name, &err) < 0)
        fail_msg("%s", err.text);
    return zone;
}

static void a_name_that_is_none_is_refused(void **state)
{
    static const char *const names[] = {
        "../../../etc/passwd",
        "/etc/passwd",
        "/usr/share/zoneinfo/UTC",
        "Europe/../UTC",
        "Europe/",
        "Europe",
        "Europe//Berlin",
        "Mars/Olympus",
        "zone.tab",
        "Europe/Ber lin",
        ".",
        "..",
        "./UTC",
        "CET-1CEST,M3.5.0,M10.5.0/3", /* a rule is for TZ only */
    };
    struct zone *zone = NULL;
    struct err err;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(names); i++) {
        err = (struct err){ 0 };
        if (zone_open(&zone, names[i], &err) == 0)
            fail_msg("opened %s", names[i]);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, names[i]));
        assert_null(zone);
    }
    assert_int_equal(zone_open(&zone, "Mars/Olympus", NULL), -1);
    assert_int_equal(zone_open(&zone, "Europe/Berlin\n\x1b\xff", &err), -1);
    assert_non_null(strstr(err.text, "\"Europe/Berlin???\"")); /* a message is one line of text */
}

static struct buf berlin_bytes(void)
{
    struct buf bytes = { 0 };

    assert_int_equal(path_read(ZONEINFO "/Europe/Berlin", 1 << 20, &bytes, NULL), 0);
    return bytes;
}

/* A folder that plays the system: zoneinfo/, localtime, timezone. */
struct place {
    char folder[32];
    char *zoneinfo, *localtime, *timezone;
};

static void place_init(struct place *place)
{
    *place = (struct place){ .folder = "/tmp/test-zone-XXXXXX" };
    assert_non_null(mkdtemp(place->folder));
    place->zoneinfo = path_join(place->folder, "zoneinfo");
    place->localtime = path_join(place->folder, "localtime");
    place->timezone = path_join(place->folder, "timezone");
    assert_int_equal(path_make(place->zoneinfo, NULL), 0);
}

static void place_fini(struct place *place)
{
    char *file = path_join(place->zoneinfo, "Zone");

    unlink(file);
    unlink(place->localtime);
    unlink(place->timezone);
    rmdir(place->zoneinfo);
    rmdir(place->folder);
    free(file);
    free(place->zoneinfo);
    free(place->localtime);
    free(place->timezone);
}

static void place_put(const char *folder, const char *name, struct span bytes)
{
    char *path = path_join(folder, name);

    assert_int_equal(path_write(path, bytes, 0600, NULL), 0);
    free(path);
}

static struct zone_places places_of(const struct place *place, const char *tz)
{
    return (struct zone_places){ tz, place->zoneinfo, place->localtime, place->timezone };
}

#define SUMMER_MS INT64_C(1782864000000) /* 2026-07-01 */

static void expect_system(const struct place *place, const char *tz, const char *name, int hours)
{
    struct zone_places places = places_of(place, tz);
    struct zone *zone;
    struct err err;

    if (zone_open_at(&zone, "local", &places, &err) < 0)
        fail_msg("%s", err.text);
    assert_string_equal(zone_name(zone), name);
    assert_int_equal(zone_offset_s(zone, SUMMER_MS), hours * 3600);
    zone_close(zone);
}

static void the_tz_variable_says_which_zone(void **state)
{
    struct buf bytes = berlin_bytes();
    struct place place;
    struct zone_places places;
    struct zone *zone;
    struct err err;
    char *path, *colon;

    (void)state;
    place_init(&place);
    place_put(place.zoneinfo, "Zone", buf_span(&bytes));
    path = path_join(place.zoneinfo, "Zone");
    colon = xasprintf(":%s", path);
    expect_system(&place, "Zone", "Zone", 2);
    expect_system(&place, ":Zone", "Zone", 2);
    expect_system(&place, path, "Zone", 2);
    expect_system(&place, colon, "Zone", 2);
    expect_system(&place, "", "UTC", 0);
    expect_system(&place, ":", "UTC", 0);
    expect_system(&place, "UTC", "UTC", 0);
    expect_system(&place, "Etc/UTC", "Etc/UTC", 0);
    expect_system(&place, "EST5EDT", "EST5EDT", -4);
    expect_system(&place, "<+03>-3", "<+03>-3", 3);
    expect_system(&place, ":<+03>-3", "<+03>-3", 3);

    place_put(place.folder, "localtime", buf_span(&bytes));
    expect_system(&place, place.localtime, "local", 2);

    places = places_of(&place, "Mars/Olympus");
    assert_int_equal(zone_open_at(&zone, "", &places, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.text, "TZ"));
    assert_non_null(strstr(err.text, "Mars/Olympus"));
    free(colon);
    free(path);
    place_fini(&place);
    buf_fini(&bytes);
}

static void without_tz_the_local_file_counts(void **state)
{
    struct buf bytes = berlin_bytes();
    struct zone_places places;
    struct place place;
    struct zone *zone;
    struct err err;

    (void)state;
    place_init(&place);
    expect_system(&place, NULL, "UTC", 0); /* nothing is there at all */

    place_put(place.folder, "localtime", buf_span(&bytes));
    expect_system(&place, NULL, "local", 2);
    place_put(place.folder, "timezone", SPAN_LIT(""));
    expect_system(&place, NULL, "local", 2);
    place_put(place.folder, "timezone", SPAN_LIT("no name at all\n"));
    expect_system(&place, NULL, "local", 2);
    place_put(place.folder, "timezone", SPAN_LIT("Europe/Berlin\n"));
    expect_system(&place, NULL, "Europe/Berlin", 2);

    unlink(place.localtime); /* a link beats the name in the file */
    assert_int_equal(symlink(ZONEINFO "/Asia/Tokyo", place.localtime), 0);
    expect_system(&place, NULL, "Asia/Tokyo", 9);
    unlink(place.localtime);
    assert_int_equal(symlink("/nowhere/zoneinfo/Asia/Tokyo", place.localtime), 0);
    expect_system(&place, NULL, "UTC", 0); /* tzdata is not installed */

    unlink(place.localtime);
    place_put(place.folder, "localtime", SPAN_LIT("TZif"));
    places = places_of(&place, NULL);
    assert_int_equal(zone_open_at(&zone, "", &places, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    place_fini(&place);
    buf_fini(&bytes);
}

static void the_environment_is_looked_at(void **state)
{
    struct zone *zone;

    (void)state;
    setenv("TZ", ":Asia/Tokyo", 1);
    zone = open_zone("");
    assert_string_equal(zone_name(zone), "Asia/Tokyo");
    zone_close(zone);
    zone = open_zone("Europe/Berlin"); /* a name is a name */
    assert_string_equal(zone_name(zone), "Europe/Berlin");
    zone_close(zone);
    setenv("TZDIR", "/nowhere", 1);
    assert_int_equal(zone_open(&zone, "Europe/Berlin", NULL), -1);
    unsetenv("TZDIR");
    unsetenv("TZ");
}

static void an_endless_file_is_refused(void **state)
{
    struct zone_places places = { .localtime = "/dev/zero",
                                  .folder = "/nowhere",
                                  .timezone = "/nowhere/t" };
    struct zone *zone;
    struct err err;

    (void)state;
    assert_int_equal(zone_open_at(&zone, "", &places, &err), -1);
    assert_non_null(strstr(err.text, "larger than"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_that_is_none_is_refused),
        cmocka_unit_test(the_tz_variable_says_which_zone),
        cmocka_unit_test(without_tz_the_local_file_counts),
        cmocka_unit_test(the_environment_is_looked_at),
        cmocka_unit_test(an_endless_file_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
