/* Tests of gateway/usage_provider.c: the providers' own windows.
 * SPDX-License-Identifier: MIT
 */
#include "gateway_bench.h"

#define PROVIDER(members) STATUS("'providers':[{" members "}]")
#define WINDOW(members)   PROVIDER("'windows':[{" members "}]")
#define AT(place)         "providers|0|" place
#define IN(place)         "providers|0|windows|0|" place
#define AT_12             "'resetAt':1795348800000" /* in two hours */

static void providers_are_told_as_they_are(void **state)
{
    static const struct gateway_row rows[] = {
        { "provider", PROVIDER("'provider':'anthropic'"), AT("provider"), "'anthropic'" },
        { "name", PROVIDER("'displayName':'Claude'"), AT("display_name"), "'Claude'" },
        { "plan", PROVIDER("'plan':'plus'"), AT("plan"), "'plus'" },
        { "error", PROVIDER("'error':'Timeout','windows':[]"), AT("error"), "'Timeout'" },
        { "no plan", PROVIDER("'provider':'x'"), AT("plan"), "null" },
        { "no error", PROVIDER("'provider':'x'"), AT("error"), "null" },
        { "no windows", PROVIDER("'provider':'x'"), AT("windows"), "[]" },
        { "windows that are no list", PROVIDER("'windows':{'label':'5h'}"), AT("windows"), "[]" },
        { "none", STATUS("'providers':[]"), "providers", "[]" },
        { "providers that are no list", STATUS("'providers':{'a':1}"), "providers", "[]" },
        { "what is no object is skipped", STATUS("'providers':[1,'x',null,[],{'plan':'a'}]"),
          "providers|1", "absent" },
        { "usage.cost knows none", COST("'providers':[{'plan':'a'}]"), "providers", "[]" },
        { "labels are text", WINDOW("'label':'Extra usage'"), IN("label"), "'Extra usage'" },
        { "percent", WINDOW("'usedPercent':37.51239"), IN("used_percent"), "37.5124" },
        { "percent in quotes", WINDOW("'usedPercent':'120'"), IN("used_percent"), "120" },
        { "no percent", WINDOW("'usedPercent':-1"), IN("used_percent"), "null" },
        { "reset", WINDOW(AT_12), IN("resets_at"), "'2026-11-22T12:00:00.000Z'" },
        { "reset in seconds", WINDOW("'resetAt':1795348800"), IN("resets_at"),
          "'2026-11-22T12:00:00.000Z'" },
        { "no reset", WINDOW("'label':'5h'"), IN("resets_at"), "null" },
        { "nothing at all", WINDOW(""), IN("label"), "null" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

static void a_label_tells_the_length(void **state)
{
#define STARTS(label, start)                                                                       \
    {                                                                                              \
        label, WINDOW("'label':'" label "'," AT_12), IN("started_at"), start                       \
    }
    static const struct gateway_row rows[] = {
        STARTS("5h", "'2026-11-22T07:00:00.000Z'"),
        STARTS("24H", "'2026-11-21T12:00:00.000Z'"),
        STARTS("7d", "'2026-11-15T12:00:00.000Z'"),
        STARTS("30m", "'2026-11-22T11:30:00.000Z'"),
        STARTS("Day", "'2026-11-21T12:00:00.000Z'"),
        STARTS("Week", "'2026-11-15T12:00:00.000Z'"),
        STARTS("Sonnet", "'2026-11-15T12:00:00.000Z'"),
        STARTS("Opus", "'2026-11-15T12:00:00.000Z'"),
        STARTS("Month", "null"),
        STARTS("h", "null"),
        STARTS("0h", "null"),
        STARTS("-5h", "null"),
        STARTS("99999999d", "null"),
        STARTS("5x", "null"),
    };

    gateway_check_all(state, rows, COUNT(rows));
}

/* Of the five hours that end at 12:00 three are over: 60 percent. */
static void pace_is_use_against_time(void **state)
{
#define USED(percent) WINDOW("'label':'5h','usedPercent':" percent "," AT_12)
    static const struct gateway_row rows[] = {
        { "even", USED("60"), IN("pacing"), "{'delta':0,'zone':'on_track'}" },
        { "a quarter ahead", USED("85"), IN("pacing"), "{'delta':0.25,'zone':'hot'}" },
        { "nearly", USED("84.99"), IN("pacing|zone"), "'on_track'" },
        { "a fifth behind", USED("40"), IN("pacing"), "{'delta':-0.2,'zone':'chill'}" },
        { "nearly", USED("40.01"), IN("pacing|zone"), "'on_track'" },
        { "beyond the limit", USED("130"), IN("pacing|delta"), "0.7" },
        { "nobody knows when it ends", WINDOW("'label':'5h','usedPercent':90"), IN("pacing"),
          "{'delta':0,'zone':'none'}" },
        { "nobody knows how much", WINDOW("'label':'5h'," AT_12), IN("pacing|zone"), "'none'" },
        { "it is over", WINDOW("'label':'5h','usedPercent':90,'resetAt':1795341600000"),
          IN("pacing|zone"), "'none'" },
        { "it has not begun", WINDOW("'label':'1h','usedPercent':10," AT_12), IN("pacing|delta"),
          "0.1" },
    };

    gateway_check_all(state, rows, COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(providers_are_told_as_they_are),
        cmocka_unit_test(a_label_tells_the_length),
        cmocka_unit_test(pace_is_use_against_time),
    };

    return cmocka_run_group_tests(tests, gateway_set_up, gateway_tear_down);
}
