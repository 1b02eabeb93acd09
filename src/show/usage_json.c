/* show/usage_json.c — the document of GET /usage, key by key as its clients know it.
 * SPDX-License-Identifier: MIT
 */
#include "show/usage.h"

#include "base/json_out.h"

static void put_time(struct json_out *json, const char *key, int64_t at_ms)
{
    char text[CIVIL_TIME_SIZE];

    json_key(json, key);
    if (at_ms == USAGE_NONE) {
        json_nil(json);
        return;
    }
    civil_format_iso(at_ms, text);
    json_text(json, span_of(text));
}

static void put_part(struct json_out *json, const struct usage_part *part)
{
    json_put_int(json, "tasks", part->tasks);
    json_put_int(json, "turns", part->turns);
    json_put_int(json, "input_tokens", part->input);
    json_put_int(json, "output_tokens", part->output);
    json_put_int(json, "cache_read", part->cache_read);
    json_put_int(json, "cache_creation", part->cache_creation);
}

static void put_agents(struct json_out *json, const struct usage *usage)
{
    size_t i;

    json_key(json, "by_agent");
    json_open(json, '[');
    for (i = 0; i < usage->agents_n; i++) {
        const struct usage_agent *a = &usage->agents[i];

        json_open(json, '{');
        json_put_text(json, "name", span_of(a->name));
        json_put_text(json, "type", span_of(a->type));
        json_put_text(json, "model", span_of(a->model));
        put_part(json, &a->part);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void put_days(struct json_out *json, const struct usage *usage)
{
    char day[CIVIL_DAY_SIZE];
    size_t i;

    json_key(json, "by_day");
    json_open(json, '[');
    for (i = 0; i < usage->days_n; i++) {
        civil_format_day(usage->days[i].day, day);
        json_open(json, '{');
        json_put_text(json, "day", span_of(day));
        put_part(json, &usage->days[i].part);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void put_threshold(struct json_out *json, const struct usage *usage)
{
    int64_t used = usage_part_tokens(&usage->totals);

    json_key(json, "threshold");
    if (usage->threshold == 0) {
        json_nil(json);
        return;
    }
    json_open(json, '{');
    json_put_int(json, "tokens", usage->threshold);
    json_put_int(json, "used", used);
    json_key(json, "percent");
    json_fixed(json, (double)used * 100 / (double)usage->threshold, 4);
    json_put_text(json, "state",
                  span_of(usage_state_names[usage_state_of(used, usage->threshold)]));
    json_close(json, '}');
}

void show_usage_json(struct buf *out, const struct usage *usage, int indent)
{
    struct json_out json;

    json_out_init(&json, out, indent);
    json_open(&json, '{');
    json_key(&json, "window");
    json_open(&json, '{');
    put_time(&json, "reset_at", usage->reset_ms);
    put_time(&json, "since", usage->since_ms);
    json_close(&json, '}');
    json_key(&json, "totals");
    json_open(&json, '{');
    put_part(&json, &usage->totals);
    json_close(&json, '}');
    put_agents(&json, usage);
    put_days(&json, usage);
    json_put_int(&json, "used", usage_part_tokens(&usage->totals));
    put_threshold(&json, usage);
    json_close(&json, '}');
}
