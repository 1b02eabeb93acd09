/* gateway/usage_provider.c — the providers' own windows, in percent, as usage.status tells them.
 *
 *   {"provider":"anthropic","displayName":"Claude",
 *    "windows":[{"label":"5h","usedPercent":23.5,"resetAt":1795315027527}]}
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "gateway/usage_internal.h"

#include <math.h>

#define PPM_PER_PERCENT 10000
#define PERCENT_MAX     1e6
#define HOT_E4          2500 /* ahead of an even pace by a quarter of the limit */
#define CHILL_E4        (-2000)

/* Windows whose length is not in their label. */
static const struct {
    const char *label;
    int64_t length_ms;
} lengths[] = {
    { "day", MS_PER_DAY },
    { "week", 7 * MS_PER_DAY },
    { "sonnet", 7 * MS_PER_DAY },
    { "opus", 7 * MS_PER_DAY },
};

static const struct {
    char unit;
    int64_t length_ms;
} units[] = { { 'm', MS_PER_MINUTE }, { 'h', MS_PER_HOUR }, { 'd', MS_PER_DAY } };

/* "5h", "7d", "Week"; 0 when the label does not say. */
static int64_t window_length(struct span label)
{
    struct span digits = label;
    int64_t count;
    size_t i;

    for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        if (label.len == strlen(lengths[i].label) &&
            strncasecmp(label.p, lengths[i].label, label.len) == 0)
            return lengths[i].length_ms;
    }
    if (label.len < 2)
        return 0;
    digits.len--;
    if (!span_int(digits, &count) || count <= 0 || count > 1000)
        return 0;
    for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if ((label.p[label.len - 1] | 0x20) == units[i].unit)
            return count * units[i].length_ms;
    }
    return 0;
}

/* How far ahead of an even pace. */
static void pace(struct gateway_window *window, int64_t now_ms)
{
    int64_t length_ms = window->resets_ms - window->started_ms;
    int64_t elapsed_ms = now_ms - window->started_ms;
    double elapsed;

    if (window->started_ms == 0 || window->resets_ms <= now_ms || window->used_ppm < 0)
        return;
    elapsed = elapsed_ms > 0 ? (double)elapsed_ms / (double)length_ms : 0;
    window->delta_e4 = llround((double)window->used_ppm / 100 - elapsed * 10000);
    window->zone = window->delta_e4 >= HOT_E4     ? GATEWAY_HOT
                   : window->delta_e4 <= CHILL_E4 ? GATEWAY_CHILL
                                                  : GATEWAY_ON_TRACK;
}

static struct span text_of(const struct tally *t, const json_t *object, const char *key)
{
    return usage_keep(t->out->arena, usage_text(json_object_get(object, key)));
}

static struct gateway_window read_window(const struct tally *t, const json_t *told)
{
    struct gateway_window window = { .label = text_of(t, told, "label"), .used_ppm = -1 };
    int64_t length_ms = window_length(window.label);
    double percent;

    if (usage_number(json_object_get(told, "usedPercent"), &percent) && percent >= 0 &&
        percent <= PERCENT_MAX)
        window.used_ppm = llround(percent * PPM_PER_PERCENT);
    usage_reset(json_object_get(told, "resetAt"), t->now_ms, &window.resets_ms);
    if (length_ms > 0 && window.resets_ms > length_ms)
        window.started_ms = window.resets_ms - length_ms;
    pace(&window, t->now_ms);
    return window;
}

static struct gateway_provider read_provider(const struct tally *t, const json_t *told)
{
    const json_t *windows = json_object_get(told, "windows");
    struct gateway_provider provider = {
        .provider = text_of(t, told, "provider"),
        .display_name = text_of(t, told, "displayName"),
        .plan = text_of(t, told, "plan"),
        .error = text_of(t, told, "error"),
        .windows = arena_take(t->out->arena,
                              (json_array_size(windows) + 1) * sizeof(struct gateway_window)),
    };
    size_t i;

    for (i = 0; i < json_array_size(windows); i++) {
        if (json_is_object(json_array_get(windows, i)))
            provider.windows[provider.windows_n++] = read_window(t, json_array_get(windows, i));
    }
    return provider;
}

void tally_fill_providers(struct tally *t)
{
    const json_t *list = json_object_get(t->status.over, "providers");
    struct gateway_usage *out = t->out;
    size_t i;

    out->providers = arena_take(out->arena, (json_array_size(list) + 1) * sizeof(*out->providers));
    for (i = 0; i < json_array_size(list); i++) {
        if (json_is_object(json_array_get(list, i)))
            out->providers[out->providers_n++] = read_provider(t, json_array_get(list, i));
    }
}
