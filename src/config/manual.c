/* config/manual.c — the manual page, in mdoc(7), printed from the two tables.
 * SPDX-License-Identifier: MIT
 */
#include "config/config_internal.h"

/* Text as a line of its own: what roff would take for an instruction is escaped. */
static void add_text(struct buf *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        buf_add_text(out, "\\&");
    for (; *text; text++) {
        if (*text == '\\')
            buf_add_text(out, "\\e");
        else if (*text == '-')
            buf_add_text(out, "\\-");
        else
            buf_add_char(out, *text);
    }
}

static void add_option(struct buf *out, const struct config_option *o)
{
    buf_add_text(out, ".It ");
    if (o->letter)
        buf_printf(out, "Fl %c , ", o->letter);
    buf_printf(out, "Fl \\-%s", o->name);
    if (o->argument)
        buf_printf(out, " Ar %s", o->argument);
    buf_add_char(out, '\n');
    add_text(out, o->help);
    if (o->type == CONFIG_CHOICE) {
        buf_add_text(out, ": ");
        config_describe(out, o);
    }
    buf_add_char(out, '\n');
    if (o->ignored) {
        buf_add_text(out, "(ignored: ");
        add_text(out, o->ignored);
        buf_add_text(out, ")\n");
    }
}

static void add_options(struct buf *out, unsigned where)
{
    const struct config_option *o;

    buf_add_text(out, ".Bl -tag -width Ds\n");
    for (o = config_options; o->name; o++) {
        if (o->where & where)
            add_option(out, o);
    }
    buf_add_text(out, ".El\n");
}

/* The options' names alone: each is explained once. */
static void add_names(struct buf *out, unsigned where)
{
    const struct config_option *o;
    bool first = true;

    for (o = config_options; o->name; o++) {
        if (!(o->where & where))
            continue;
        buf_printf(out, "%s\n.Fl \\-%s", first ? "Takes" : " ,", o->name);
        first = false;
    }
    if (!first)
        buf_add_text(out, " .\n");
}

static void add_command(struct buf *out, const struct config_command *c)
{
    buf_printf(out, ".It Nm Cm %s", c->name);
    if (c->operands)
        buf_printf(out, " Ar %s", c->operands);
    buf_add_char(out, '\n');
    add_text(out, c->summary);
    buf_add_text(out, ".\n");
    add_names(out, c->takes);
}

static void add_examples(struct buf *out)
{
    const struct config_command *c;

    buf_add_text(out, ".Sh EXAMPLES\n.Bd -literal\n");
    for (c = config_commands; c->name; c++) {
        struct span rest = span_of(c->examples), line;

        while (c->examples && span_split(&rest, '\n', &line)) {
            char text[200];

            span_copy(line, text, sizeof(text));
            if (line.len > 0) {
                add_text(out, text);
                buf_add_char(out, '\n');
            }
        }
    }
    buf_add_text(out, ".Ed\n");
}

void config_manual(struct buf *out)
{
    const struct config_command *c;
    unsigned all = 0;

    for (c = config_commands; c->name; c++)
        all |= c->takes;
    buf_add_text(out, ".Dd November 22, 2026\n.Dt TACHO 1\n.Os\n.Sh NAME\n.Nm tacho\n"
                      ".Nd counts the tokens that coding agents spend here\n"
                      ".Sh SYNOPSIS\n.Nm\n.Op Ar command\n.Op Ar option ...\n"
                      ".Sh DESCRIPTION\n"
                      "Without a command, today and this week at a glance.\n"
                      ".Bl -tag -width Ds\n");
    for (c = config_commands; c->name; c++)
        add_command(out, c);
    buf_add_text(out, ".El\n.Ss Options of every command\n");
    add_options(out, FOR_ALL);
    buf_add_text(out, ".Ss Options of some\n");
    add_options(out, all & ~(unsigned)FOR_ALL);
    buf_add_text(out, ".Ss Options of ccusage\n"
                      "Reports accept these too, so that scripts written for it work.\n");
    add_options(out, FOR_CCUSAGE);
    buf_add_text(out, ".Sh FILES\n.Bl -tag -width Ds\n"
                      ".It Pa ~/.config/tacho/config.json\nthe configuration\n"
                      ".It Pa ~/.local/share/tacho/tacho.db\nthe ledger\n.El\n"
                      ".Sh EXIT STATUS\n"
                      "0 when all went well, also for a report without use;\n"
                      "1 when a named thing does not exist;\n"
                      "2 for wrong use;\n"
                      "69, 70, 74 when something is unavailable, wrong inside, or could not be\n"
                      "read or written.\n");
    add_examples(out);
}
