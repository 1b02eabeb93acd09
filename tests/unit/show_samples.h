/* Reports made by hand for the tests of show/. Invented figures.
 * SPDX-License-Identifier: MIT
 */
#ifndef SHOW_SAMPLES_H
#define SHOW_SAMPLES_H

#include "show/show.h"

#define OPUS_SUMS                                                                                  \
    {                                                                                              \
        .events = 12, .tokens = { 1812, 11831, 611197, 55408, 7000, 900 }, .cost_nusd = 955550750, \
        .web_searches = 3, .logged_nusd = 40000000                                                 \
    }
#define HAIKU_SUMS                                                                                 \
    {                                                                                              \
        .events = 5, .tokens = { 783, 3822, 372984, 55290, 0, 0 }, .cost_nusd = 2430200            \
    }
#define GPT_SUMS                                                                                   \
    {                                                                                              \
        .events = 2, .tokens = { 1200, 300, 0, 0, 0, 0 }, .unpriced_tokens = 1500                  \
    }

static struct report_part sample_parts_1[] = {
    { "claude", "claude-opus-4-5-20251101", OPUS_SUMS },
    { "claude", "claude-haiku-4-5-20251001", HAIKU_SUMS },
};
static struct report_part sample_parts_2[] = {
    { "heron", "claude-opus-4-5-20251101", OPUS_SUMS },
    { "claude", "claude-opus-4-5@20251101", HAIKU_SUMS },
    { "heron", "h-2-preview", GPT_SUMS },
};
static struct report_part sample_parts_3[] = { { "heron", "h-2-preview", GPT_SUMS } };

/* 2026-11-16 was a Monday: day 20773. */
static struct report_row sample_rows[] = {
    { .key = "2026-11-16",
      .day = 20773,
      .parts = sample_parts_1,
      .parts_n = 2,
      .sums = { .events = 17,
                .tokens = { 2595, 15653, 984181, 110698, 7000, 900 },
                .cost_nusd = 957980950,
                .web_searches = 3,
                .logged_nusd = 40000000 } },
    { .key = "2026-11-18",
      .day = 20775,
      .parts = sample_parts_2,
      .parts_n = 3,
      .sums = { .events = 19,
                .tokens = { 3795, 15953, 984181, 110698, 7000, 900 },
                .cost_nusd = 957980950,
                .unpriced_tokens = 1500 } },
    { .key = "2026-11-22",
      .day = 20779,
      .parts = sample_parts_3,
      .parts_n = 1,
      .sums = { .events = 2, .tokens = { 1200, 300, 0, 0, 0, 0 }, .unpriced_tokens = 1500 } },
};

static const struct report sample_report = {
    .by = REPORT_DAY,
    .zone_name = "Europe/Berlin",
    .since_day = 20773,
    .until_day = 20779,
    .rows = sample_rows,
    .rows_n = 3,
    .rows_total = 3,
    .complete = true,
    .totals = { .events = 38,
                .tokens = { 7590, 31906, 1968362, 221396, 14000, 1800 },
                .cost_nusd = 1915961900,
                .unpriced_tokens = 3000,
                .web_searches = 3,
                .logged_nusd = 40000000 },
};

/* Names that a log should not have: wide, long, and out to drive the terminal. */
static struct report_part sample_parts_hostile[] = {
    { "heron", "\u5927\u6a21\u578b-72b", HAIKU_SUMS },
    { "heron", "h-3\033[31m\u202e\xff", GPT_SUMS },
    { "heron", "a-model-with-a-name-longer-than-any-column-should-be", GPT_SUMS },
};
static struct report_row sample_rows_hostile[] = {
    { .key = "/home/ada/projects/a/very/deep/folder/named/\n\u5927",
      .day = REPORT_OPEN,
      .parts = sample_parts_hostile,
      .parts_n = 3,
      .sums = { .events = 9,
                .tokens = { 3183, 4422, 372984, 55290, 0, 0 },
                .cost_nusd = 2430200,
                .unpriced_tokens = 3000 } },
};
static const struct report sample_hostile = {
    .by = REPORT_PROJECT,
    .zone_name = "UTC",
    .since_day = REPORT_OPEN,
    .until_day = REPORT_OPEN,
    .rows = sample_rows_hostile,
    .rows_n = 1,
    .rows_total = 40,
    .read_permille = 428,
    .totals = { .events = 900,
                .tokens = { 12345678, 9876543, 2147483648, 55290, 0, 0 },
                .cost_nusd = 1234567890123,
                .unpriced_tokens = 3000 },
};

static const struct report sample_today = {
    .by = REPORT_DAY,
    .zone_name = "Europe/Berlin",
    .since_day = 20779,
    .until_day = 20779,
    .rows = sample_rows + 2,
    .rows_n = 1,
    .rows_total = 1,
    .complete = true,
    .totals = { .events = 2, .tokens = { 1200, 300, 0, 0, 0, 0 }, .unpriced_tokens = 1500 },
};

static const struct report sample_empty = {
    .by = REPORT_DAY,
    .zone_name = "UTC",
    .since_day = REPORT_OPEN,
    .until_day = REPORT_OPEN,
    .complete = true,
};

#endif
