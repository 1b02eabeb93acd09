/* base/zone_tzif.c — the bytes of a TZif file (RFC 8536), trusted in nothing.
 *
 * Version 1 is one block with 32-bit times. From version 2 on that block is followed by another
 * with 64-bit times, which alone is read, and by the rule for the time after it between two
 * newlines. A block is
 *
 *     header       "TZif", version, 15 spare bytes, six 32-bit counts
 *     times        when local time changes, ascending
 *     indexes      to which type, one byte each
 *     types        offset (32 bits), daylight saving flag, index of the abbreviation
 *     and abbreviations, leap seconds, flags that only rules without dates need: all skipped
 *
 * Every count is checked against the bytes that are there before anything is read.
 * SPDX-License-Identifier: MIT
 */
#include "base/zone_internal.h"

#define HEAD_SIZE      44
#define TYPE_SIZE      6
#define OFFSET_LIMIT_S (26 * 3600) /* RFC 8536: offsets stay below 26 hours */

struct tzif_head {
    char version; /* '\0' for 1, then '2', '3', … */
    uint32_t isut_count, isstd_count, leap_count, time_count, type_count, char_count;
};

/* The next `size` bytes of *rest, or NULL if they are not all there. */
static const unsigned char *take(struct span *rest, uint64_t size)
{
    const char *p = rest->p;

    if (size > rest->len)
        return NULL;
    rest->p += size;
    rest->len -= size;
    return (const unsigned char *)p;
}

static uint64_t big_endian(const unsigned char *p, int size)
{
    uint64_t value = 0;
    int i;

    for (i = 0; i < size; i++)
        value = value << 8 | p[i];
    return value;
}

static int64_t read_time(const unsigned char *p, int size)
{
    return size == 8 ? (int64_t)big_endian(p, 8) : (int32_t)big_endian(p, 4);
}

/* The functions below answer NULL, or what is wrong. */

static const char *read_head(struct span *rest, struct tzif_head *head)
{
    const unsigned char *p = take(rest, HEAD_SIZE);
    uint32_t *counts[] = { &head->isut_count, &head->isstd_count, &head->leap_count,
                           &head->time_count, &head->type_count,  &head->char_count };
    size_t i;

    if (!p || memcmp(p, "TZif", 4) != 0)
        return "not a time zone file";
    head->version = (char)p[4];
    for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        *counts[i] = (uint32_t)big_endian(p + 20 + 4 * i, 4);
    return NULL;
}

/* Bytes between a block's types and its end: nothing there is needed. */
static uint64_t tail_size(const struct tzif_head *head, int time_size)
{
    return (uint64_t)head->char_count + (uint64_t)head->leap_count * (uint64_t)(time_size + 4) +
           head->isstd_count + head->isut_count;
}

static const char *skip_block(struct span *rest, const struct tzif_head *head, int time_size)
{
    uint64_t size = (uint64_t)head->time_count * (uint64_t)(time_size + 1) +
                    (uint64_t)head->type_count * TYPE_SIZE + tail_size(head, time_size);

    return take(rest, size) ? NULL : "the file is cut off";
}

static const char *read_block(struct zone *zone, struct span *rest, const struct tzif_head *head,
                              int time_size)
{
    const unsigned char *times = take(rest, (uint64_t)head->time_count * (uint64_t)time_size);
    const unsigned char *indexes = take(rest, head->time_count);
    const unsigned char *types = take(rest, (uint64_t)head->type_count * TYPE_SIZE);
    int64_t before_s = INT64_MIN;
    uint32_t i;

    if (!times || !indexes || !types || !take(rest, tail_size(head, time_size)))
        return "the file is cut off";
    if (head->type_count == 0)
        return "the file names no offset";
    if (head->leap_count > 0)
        return "the file counts leap seconds, which the system clock does not";
    for (i = 0; i < head->type_count; i++) {
        int32_t offset_s = (int32_t)big_endian(types + i * TYPE_SIZE, 4);

        if (offset_s <= -OFFSET_LIMIT_S || offset_s >= OFFSET_LIMIT_S)
            return "the file names an impossible offset";
    }
    zone_add_step(zone, -ZONE_EDGE_S, (int32_t)big_endian(types, 4));
    for (i = 0; i < head->time_count; i++) {
        int64_t at_s = read_time(times + (size_t)i * (size_t)time_size, time_size);

        if (indexes[i] >= head->type_count || (i > 0 && at_s <= before_s))
            return "the file is damaged";
        zone_add_step(zone, at_s, (int32_t)big_endian(types + indexes[i] * TYPE_SIZE, 4));
        before_s = at_s;
    }
    return NULL;
}

static const char *read_footer(struct zone *zone, struct span rest)
{
    const char *end;

    if (rest.len < 2 || rest.p[0] != '\n')
        return "the file is cut off";
    end = memchr(rest.p + 1, '\n', rest.len - 1);
    if (!end)
        return "the file is cut off";
    rest = (struct span){ rest.p + 1, (size_t)(end - rest.p - 1) };
    if (rest.len > 0 && !zone_add_rule(zone, rest))
        return "the file ends in a rule that makes no sense";
    return NULL;
}

static const char *read_file(struct zone *zone, struct span rest)
{
    struct tzif_head head;
    const char *wrong = read_head(&rest, &head);

    if (wrong)
        return wrong;
    if (head.version == '\0')
        return read_block(zone, &rest, &head, 4);
    if (head.version < '2')
        return "not a time zone file";
    wrong = skip_block(&rest, &head, 4);
    if (!wrong)
        wrong = read_head(&rest, &head);
    if (!wrong)
        wrong = read_block(zone, &rest, &head, 8);
    return wrong ? wrong : read_footer(zone, rest);
}

int zone_read_tzif(struct zone *zone, struct span file, struct err *err)
{
    const char *wrong = read_file(zone, file);

    if (!wrong)
        return 0;
    err_set(err, ERR_USAGE, "time zone %s: %s", zone->name, wrong);
    return -1;
}
