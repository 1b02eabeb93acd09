/* config/help.c — help, printed from the tables so that it cannot lie.
 *
 * Plain ASCII, at most 80 columns; that of the program fits a screen of 24 lines.
 * SPDX-License-Identifier: MIT
 */
#include "config/config_internal.h"

#define COLUMNS      80
#define NAME_COLUMNS 27

/* "-j, --json", "--since DATE" */
static void write_name(struct buf *name, const struct config_option *option)
{
    if (option->letter)
        buf_printf(name, "-%c, ", option->letter);
    buf_printf(name, "--%s", option->name);
    if (option->argument)
        buf_printf(name, " %s", option->argument);
}

static void add_name(struct buf *out, const struct config_option *option)
{
    struct buf name = { 0 };

    buf_add_text(&name, option->letter ? "  " : "      ");
    write_name(&name, option);
    buf_printf(out, "%-*s", NAME_COLUMNS, name.p);
    buf_fini(&name);
}

static bool has_default(const struct config_option *option)
{
    return option->type != CONFIG_FLAG && option->fallback && option->fallback[0];
}

static void add_options(struct buf *out, unsigned where)
{
    const struct config_option *o;

    for (o = config_options; o->name; o++) {
        if (!(o->where & where))
            continue;
        add_name(out, o);
        buf_add_text(out, o->help);
        if (o->type == CONFIG_CHOICE) {
            buf_add_text(out, ": ");
            config_describe(out, o);
        }
        if (has_default(o))
            buf_printf(out, " [%s]", o->fallback);
        buf_add_char(out, '\n');
    }
}

/* Their names alone, as many to a line as fit. */
static void add_names(struct buf *out, unsigned where)
{
    const struct config_option *o;
    struct buf line = { 0 }, name = { 0 };

    for (o = config_options; o->name; o++) {
        if (!(o->where & where))
            continue;
        buf_clear(&name);
        write_name(&name, o);
        if (line.len + 2 + name.len > COLUMNS) {
            buf_printf(out, "%s\n", line.p);
            buf_clear(&line);
        }
        buf_printf(&line, "  %s", name.p);
    }
    buf_printf(out, "%s\n", line.p);
    buf_fini(&line);
    buf_fini(&name);
}

/* "  by time   daily weekly monthly": the group whose first command this is. */
static void add_group(struct buf *out, const struct config_command *first)
{
    const struct config_command *c;

    buf_printf(out, "  %-9s", first->group);
    for (c = first; c->name; c++) {
        if (c->group && span_is(span_of(c->group), first->group))
            buf_printf(out, " %s", c->name);
    }
    buf_add_char(out, '\n');
}

static bool begins_group(const struct config_command *command)
{
    const struct config_command *c = config_commands;

    while (!c->group || !span_is(span_of(c->group), command->group))
        c++;
    return c == command;
}

static void add_command(struct buf *out, const struct config_command *c)
{
    if (!c->group)
        buf_printf(out, "  %-10s%s\n", c->name, c->summary);
    else if (begins_group(c))
        add_group(out, c);
}

static void add_program(struct buf *out)
{
    const struct config_command *c;

    buf_add_text(out, "tacho " TACHO_VERSION ": counts the tokens that coding agents spend here\n\n"
                      "usage: tacho [COMMAND] [OPTION]...\n\n");
    buf_printf(out, "  %-10s%s\n", "", "without a command: today and this week at a glance");
    for (c = config_commands; c->name; c++)
        add_command(out, c);
    buf_add_text(out, "\nwith every command ('tacho help COMMAND' explains them):\n");
    add_names(out, FOR_ALL);
}

static void add_examples(struct buf *out, const char *examples)
{
    struct span rest = span_of(examples), line;

    buf_add_text(out, "\nexamples:\n");
    while (span_split(&rest, '\n', &line)) {
        if (line.len > 0)
            buf_printf(out, "  %.*s\n", (int)line.len, line.p);
    }
}

void config_help(struct buf *out, const struct config_command *command)
{
    if (!command) {
        add_program(out);
        return;
    }
    buf_printf(out, "usage: tacho %s%s%s [OPTION]...\n\n%s\n", command->name,
               command->operands ? " " : "", command->operands ? command->operands : "",
               command->summary);
    if (command->takes) {
        buf_add_char(out, '\n');
        add_options(out, command->takes);
    }
    buf_add_text(out, "\nwith every command:\n");
    add_options(out, FOR_ALL);
    if (command->examples)
        add_examples(out, command->examples);
}
