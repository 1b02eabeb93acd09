/* tui/live_keys.c — what keys do on the live screen. SPDX-License-Identifier: MIT
 */
#include "tui/live_internal.h"
#include "tui/terminal.h"

const char *const live_sort_names[SORTS] = { "tokens", "cost", "latest", "name" };

static void quit(struct live_choice *c)
{
    c->quit = true;
}

static void sort(struct live_choice *c)
{
    c->sort = (c->sort + 1) % SORTS;
}

static void filter(struct live_choice *c)
{
    c->typing = true;
}

static void let_go(struct live_choice *c)
{
    c->filter[0] = '\0';
    c->help = false;
}

static void pause_it(struct live_choice *c)
{
    c->paused = !c->paused;
}

static void help(struct live_choice *c)
{
    c->help = !c->help;
}

static const struct {
    int code, also;
    const char *key, *what;
    void (*run)(struct live_choice *choice);
} keys[] = {
    { 'q', 'Q', "q", "quit", quit },     { 's', 'S', "s", "sort", sort },
    { '/', 'f', "/", "filter", filter }, { 'p', ' ', "p", "pause", pause_it },
    { '?', 'h', "?", "help", help },     { KEY_ESCAPE, 0, "Esc", "show all again", let_go },
};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

bool live_key_help(size_t n, const char **key, const char **what)
{
    if (n >= KEYS)
        return false;
    *key = keys[n].key;
    *what = keys[n].what;
    return true;
}

/* Bytes of UTF-8 are taken as they come; a backspace takes a whole character away. */
static void type(struct live_choice *c, int key)
{
    size_t n = strlen(c->filter);

    if (key == KEY_ENTER || key == '\n' || key == KEY_ESCAPE)
        c->typing = false;
    if (key == KEY_ESCAPE)
        c->filter[0] = '\0';
    if (key == KEY_BACKSPACE || key == '\b') {
        while (n > 0 && ((unsigned char)c->filter[n - 1] & 0xc0) == 0x80)
            n--;
        c->filter[n > 0 ? n - 1 : 0] = '\0';
    } else if (key >= ' ' && n + 1 < sizeof(c->filter)) {
        c->filter[n] = (char)key;
        c->filter[n + 1] = '\0';
    }
}

void live_key(struct live_choice *c, int key)
{
    size_t i;

    if (c->typing) {
        type(c, key);
        return;
    }
    for (i = 0; i < KEYS; i++) {
        if (key == keys[i].code || (key == keys[i].also && key != 0))
            keys[i].run(c);
    }
}
