/* base/zone_find.c — which file or rule a name or the system means.
 *
 * The system's zone is what the C library would take: the TZ variable (a name, a path below the
 * folder of zones, a bare rule, each with or without a colon before it), else /etc/localtime. That
 * file's content counts; its name is read off the link it is, else out of /etc/timezone.
 * SPDX-License-Identifier: MIT
 */
#include "base/zone_internal.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_FILE_BYTES (1u << 20)
#define MAX_NAME_LEN   128

/* "Europe/Berlin": a relative path without dots, of the bytes that tzdata uses. */
static bool is_name(struct span name)
{
    struct span part;

    if (name.len == 0 || name.len > MAX_NAME_LEN)
        return false;
    while (span_split(&name, '/', &part)) {
        size_t i;

        if (part.len == 0 || part.p[0] == '.')
            return false;
        for (i = 0; i < part.len; i++) {
            char c = part.p[i];

            if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-' || c == '+' || c == '.'))
                return false;
        }
    }
    return true;
}

/* Says so with the bytes that may stand in a message. */
static void refuse_name(const char *name, struct err *err)
{
    char shown[MAX_NAME_LEN];
    size_t n = span_copy(span_of(name), shown, sizeof(shown));
    size_t i;

    for (i = 0; i < n; i++) {
        if (shown[i] < ' ' || shown[i] > '~')
            shown[i] = '?';
    }
    err_set(err, ERR_USAGE, "\"%s\" is not the name of a time zone, like Europe/Berlin", shown);
}

static int open_utc(struct zone **out, const char *name)
{
    *out = zone_new(name);
    zone_seal(*out);
    return 0;
}

static int open_bytes(struct zone **out, const char *name, struct span bytes, struct err *err)
{
    struct zone *zone = zone_new(name);

    if (zone_read_tzif(zone, bytes, err) < 0) {
        zone_close(zone);
        return -1;
    }
    zone_seal(zone);
    *out = zone;
    return 0;
}

static bool open_rule(struct zone **out, const char *rule)
{
    struct zone *zone = zone_new(rule);

    if (strlen(rule) > MAX_NAME_LEN || !zone_add_rule(zone, span_of(rule))) {
        zone_close(zone);
        return false;
    }
    zone_seal(zone);
    *out = zone;
    return true;
}

static int open_named(struct zone **out, const char *name, const char *folder, struct err *err)
{
    struct buf bytes = { 0 };
    struct err why;
    char *path;
    int rc = -1;

    if (strcmp(name, "UTC") == 0 || strcmp(name, "Etc/UTC") == 0)
        return open_utc(out, name); /* small containers have no tzdata */
    if (!is_name(span_of(name))) {
        refuse_name(name, err);
        return -1;
    }
    path = path_join(folder, name);
    if (path_read(path, MAX_FILE_BYTES, &bytes, &why) < 0)
        err_set(err, ERR_USAGE, "time zone %s: %s", name, why.text);
    else
        rc = open_bytes(out, name, buf_span(&bytes), err);
    free(path);
    buf_fini(&bytes);
    return rc;
}

/* The name in a path like "../usr/share/zoneinfo/Europe/Berlin"; absent if there is none. */
static struct span name_in_path(const char *path)
{
    static const char folder[] = "/zoneinfo/";
    const char *at = strstr(path, folder);
    struct span name;

    if (!at)
        return SPAN_ABSENT;
    name = span_of(at + strlen(folder));
    return is_name(name) ? name : SPAN_ABSENT;
}

/* What the system calls its zone, on the heap. The link itself is asked before what it leads to in
 * the end: Europe/Amsterdam may be a link to Europe/Brussels. */
static char *system_name(const struct zone_places *places)
{
    char link[PATH_MAX];
    ssize_t n = readlink(places->localtime, link, sizeof(link) - 1);
    struct buf text = { 0 };
    struct span name;
    char *copy;

    link[n > 0 ? n : 0] = '\0';
    name = name_in_path(link);
    if (!name.p && n > 0 && realpath(places->localtime, link))
        name = name_in_path(link);
    if (!name.p && path_read(places->timezone, MAX_NAME_LEN, &text, NULL) == 0) {
        name = span_trim(buf_span(&text));
        if (!is_name(name))
            name = SPAN_ABSENT;
    }
    copy = name.p ? xstrndup(name.p, name.len) : xstrdup("local");
    buf_fini(&text);
    return copy;
}

static int open_localtime(struct zone **out, const struct zone_places *places, struct err *err)
{
    struct buf bytes = { 0 };
    struct err why;
    char *name;
    int rc = -1;

    if (path_read(places->localtime, MAX_FILE_BYTES, &bytes, &why) == 0) {
        name = system_name(places);
        rc = open_bytes(out, name, buf_span(&bytes), err);
        free(name);
    } else if (why.kind == ERR_NOT_FOUND) {
        rc = open_utc(out, "UTC");
    } else {
        err_set(err, ERR_USAGE, "the system's time zone: %s", why.text);
    }
    buf_fini(&bytes);
    return rc;
}

static int open_system(struct zone **out, const struct zone_places *places, struct err *err)
{
    const char *tz = places->tz;
    size_t n = strlen(places->folder);
    struct err why;

    if (!tz)
        return open_localtime(out, places, err);
    tz += *tz == ':';
    if (*tz == '\0')
        return open_utc(out, "UTC");
    if (strcmp(tz, places->localtime) == 0) /* ":/etc/localtime" saves the C library a stat */
        return open_localtime(out, places, err);
    if (strncmp(tz, places->folder, n) == 0 && tz[n] == '/')
        tz += n + 1;
    if (open_named(out, tz, places->folder, &why) == 0 || open_rule(out, tz))
        return 0;
    err_set(err, ERR_USAGE, "the TZ variable: %s", why.text);
    return -1;
}

int zone_open_at(struct zone **out, const char *name, const struct zone_places *places,
                 struct err *err)
{
    if (*name == '\0' || strcmp(name, "local") == 0)
        return open_system(out, places, err);
    return open_named(out, name, places->folder, err);
}

int zone_open(struct zone **out, const char *name, struct err *err)
{
    const char *folder = getenv("TZDIR");
    struct zone_places places = {
        .tz = getenv("TZ"),
        .folder = folder && *folder ? folder : "/usr/share/zoneinfo",
        .localtime = "/etc/localtime",
        .timezone = "/etc/timezone",
    };

    return zone_open_at(out, name, &places, err);
}
