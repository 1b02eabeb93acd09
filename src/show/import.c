/* show/import.c — see import.h.
 * SPDX-License-Identifier: MIT
 */
#include "show/import.h"

#include "base/json_out.h"
#include "show/show.h"

/* "1 file", "3,237 files" */
static void put_count(struct buf *out, int64_t n, const char *one, const char *many)
{
    show_count(out, n);
    buf_add_text(out, n == 1 ? one : many);
}

static void put_row(struct buf *out, const struct show_import_row *row)
{
    buf_printf(out, "  %-20s ", row->title);
    put_count(out, row->files, " file: ", " files: ");
    put_count(out, row->events_new, " event new, ", " events new, ");
    put_count(out, row->events_known, " known already", " known already");
    if (row->problems > 0) {
        buf_add_text(out, ", ");
        put_count(out, row->problems, " line not understood", " lines not understood");
    }
    buf_add_char(out, '\n');
}

void show_import_text(struct buf *out, const struct show_import *import, bool unicode)
{
    size_t i;

    buf_add_text(out, "Imported for the machine ");
    show_text(out, span_of(import->machine), 0, unicode);
    buf_add_text(out, ":\n");
    for (i = 0; i < import->n; i++)
        put_row(out, &import->rows[i]);
    if (import->refused == 0)
        return;
    put_count(out, import->refused, " entry", " entries");
    buf_add_text(out, " passed over: links, or names that lead out of the archive.\n");
}

static void put_figures(struct json_out *json, const struct show_import_row *row)
{
    json_put_int(json, "files", row->files);
    json_put_int(json, "new", row->events_new);
    json_put_int(json, "known", row->events_known);
    json_put_int(json, "problems", row->problems);
}

void show_import_json(struct buf *out, const struct show_import *import)
{
    struct show_import_row total = { 0 };
    struct json_out json;
    size_t i;

    json_out_init(&json, out, 2);
    json_open(&json, '{');
    json_put_text(&json, "machine", span_of(import->machine));
    json_key(&json, "agents");
    json_open(&json, '[');
    for (i = 0; i < import->n; i++) {
        const struct show_import_row *row = &import->rows[i];

        json_open(&json, '{');
        json_put_text(&json, "agent", span_of(row->agent));
        put_figures(&json, row);
        json_close(&json, '}');
        total.files += row->files;
        total.events_new += row->events_new;
        total.events_known += row->events_known;
        total.problems += row->problems;
    }
    json_close(&json, ']');
    json_key(&json, "totals");
    json_open(&json, '{');
    put_figures(&json, &total);
    json_close(&json, '}');
    json_put_int(&json, "refused", import->refused);
    json_close(&json, '}');
    buf_add_char(out, '\n');
}
