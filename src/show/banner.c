/* show/banner.c — see banner.h.
 * SPDX-License-Identifier: MIT
 */
#include "show/banner.h"

#include "show/show.h"

#include <langinfo.h>
#include <stdio.h>
#include <unistd.h>

#define SHOWN_FOLDERS 3 /* of those that were looked in */

#define BAR_WIDTH 24

static void put(struct buf *out)
{
    fwrite(out->p, 1, out->len, stdout);
    fflush(stdout);
    buf_fini(out);
}

static bool is_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

void show_banner_url(const char *url, bool demo)
{
    struct buf out = { 0 };

    buf_printf(&out, "tacho: %s\n", url);
    if (demo)
        buf_add_text(&out, "This is a demo: invented use, in a ledger of its own.\n");
    put(&out);
}

static void add_found(struct buf *out, const struct show_found *found)
{
    buf_printf(out, "%s: ", found->title);
    show_count(out, found->files);
    buf_printf(out, " file%s, ", found->files == 1 ? "" : "s");
    show_bytes(out, found->bytes);
}

static void add_bar(struct buf *out, int permille, bool utf8)
{
    int full = permille * BAR_WIDTH / 1000;
    int i;

    buf_add_char(out, ' ');
    for (i = 0; i < BAR_WIDTH; i++)
        buf_add_text(out, i < full ? (utf8 ? "━" : "#") : (utf8 ? "─" : "-"));
    buf_printf(out, " %d%%", permille / 10);
}

void show_banner_reading(const struct show_found *found, size_t n, int permille, int64_t done_ms)
{
    bool terminal = isatty(STDOUT_FILENO), utf8 = is_utf8();
    struct buf out = { 0 };
    size_t i, shown = 0;

    if (done_ms < 0 && !terminal)
        return;
    if (terminal)
        buf_add_text(&out, "\r\033[K");
    for (i = 0; i < n; i++) {
        if (found[i].files == 0)
            continue;
        buf_add_text(&out, shown++ ? (utf8 ? " · " : "; ") : "");
        add_found(&out, &found[i]);
    }
    buf_add_text(&out, utf8 ? ", reading …" : ", reading ...");
    if (done_ms < 0) {
        add_bar(&out, permille, utf8);
    } else {
        buf_add_text(&out, " done in ");
        show_duration(&out, done_ms);
        buf_add_char(&out, '\n');
    }
    put(&out);
}

void show_banner_empty(const char *const *folders, size_t n)
{
    struct buf out = { 0 };
    size_t shown = n < SHOWN_FOLDERS ? n : SHOWN_FOLDERS, i;

    buf_add_text(&out, "No agent logs yet. Looked in ");
    for (i = 0; i < shown; i++) {
        buf_add_text(&out, i ? ", " : "");
        show_text(&out, span_of(folders[i]), 0, is_utf8());
    }
    if (n > shown)
        buf_printf(&out, " and %zu more places ('tacho sources' lists them)", n - shown);
    buf_add_text(&out, ".\nThey are counted as soon as they appear. "
                       "To see a dashboard with figures now: ./start --demo\n");
    put(&out);
}

void show_banner_line(const char *text)
{
    struct buf out = { 0 };

    buf_printf(&out, "%s\n", text);
    put(&out);
}

void show_banner_error(const char *text)
{
    struct buf out = { 0 };

    show_text(&out, span_of(text), 0, is_utf8());
    fprintf(stderr, "tacho: %s\n", out.p ? out.p : "");
    buf_fini(&out);
}

void show_banner_text(struct span text)
{
    fwrite(text.p, 1, text.len, stdout);
    fflush(stdout);
}
