/* show/doctor.c — see doctor.h.
 * SPDX-License-Identifier: MIT
 */
#include "show/doctor.h"

#include "base/json_out.h"

#define ABOUT_COLUMNS 14

static const char *mark_of(const struct finding *finding, bool unicode)
{
    if (unicode)
        return finding->ok ? "✓ " : "✗ ";
    return finding->ok ? "ok " : "!! ";
}

static size_t count_wrong(const struct finding *findings, size_t n)
{
    size_t i, wrong = 0;

    for (i = 0; i < n; i++)
        wrong += !findings[i].ok;
    return wrong;
}

void show_findings(struct buf *out, const struct finding *findings, size_t n,
                   const struct show_style *style)
{
    size_t i, wrong = count_wrong(findings, n);

    for (i = 0; i < n; i++) {
        buf_printf(out, "%s%-*s", mark_of(&findings[i], style->unicode), ABOUT_COLUMNS,
                   findings[i].about);
        show_text(out, span_of(findings[i].says), 0, style->unicode);
        buf_add_char(out, '\n');
        if (findings[i].remedy)
            buf_printf(out, "%*s%s\n", ABOUT_COLUMNS + (style->unicode ? 2 : 3), "",
                       findings[i].remedy);
    }
    if (wrong == 0)
        buf_add_text(out, "All is well.\n");
    else
        buf_printf(out, "%zu of these %s attention.\n", wrong, wrong == 1 ? "needs" : "need");
}

void show_findings_json(struct buf *out, const struct finding *findings, size_t n)
{
    struct json_out json;
    size_t i;

    json_out_init(&json, out, 2);
    json_open(&json, '{');
    json_put_bool(&json, "ok", count_wrong(findings, n) == 0);
    json_key(&json, "findings");
    json_open(&json, '[');
    for (i = 0; i < n; i++) {
        json_open(&json, '{');
        json_put_text(&json, "about", span_of(findings[i].about));
        json_put_bool(&json, "ok", findings[i].ok);
        json_put_text(&json, "says", span_of(findings[i].says));
        if (findings[i].remedy)
            json_put_text(&json, "remedy", span_of(findings[i].remedy));
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
    buf_add_char(out, '\n');
}
