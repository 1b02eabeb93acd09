/* config/completion.c — what shells need to complete our command line, from the two tables.
 *
 * A script for each shell: commands, the options of the command that stands there, the words that
 * an option or an operand takes. Files where a value is one. Knows no command's meaning.
 * SPDX-License-Identifier: MIT
 */
#include "config/config_internal.h"

static bool goes_with(const struct config_option *o, const struct config_command *c)
{
    return (o->where & (c->takes | FOR_ALL)) != 0;
}

static bool is_file(const struct config_option *o)
{
    return o->argument &&
           (span_is(span_of(o->argument), "PATH") || span_is(span_of(o->argument), "FILE"));
}

/* The words out of which the first operand is, or an absent span: "new|list|remove [ID]". */
static struct span operand_words(const struct config_command *c)
{
    struct span rest = span_of(c->operands), first;

    if (!c->operands || !span_split(&rest, ' ', &first) || !memchr(first.p, '|', first.len))
        return SPAN_ABSENT;
    return first;
}

static void add_words(struct buf *out, struct span words, char separator)
{
    struct span word;
    bool first = true;

    while (span_split(&words, separator, &word)) {
        buf_printf(out, "%s%.*s", first ? "" : " ", (int)word.len, word.p);
        first = false;
    }
}

/* Inside single quotes; `escape` also gets a backslash before it. */
static void add_quoted(struct buf *out, const char *text, const char *escape)
{
    for (; *text; text++) {
        if (*text == '\'')
            buf_add_text(out, "'\\''");
        else if (strchr(escape, *text))
            buf_printf(out, "\\%c", *text);
        else
            buf_add_char(out, *text);
    }
}

/* ---- bash ---- */

static void add_bash_values(struct buf *out)
{
    const struct config_option *o;

    for (o = config_options; o->name; o++) {
        if (!config_is_word(o) || o->type == CONFIG_FLAG)
            continue;
        if (o->type == CONFIG_CHOICE)
            buf_printf(out, "    --%s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n",
                       o->name, o->choices);
        else
            buf_printf(out, "    --%s) COMPREPLY=(%s); return ;;\n", o->name,
                       is_file(o) ? "$(compgen -f -- \"$word\")" : "");
    }
}

static void add_bash_command(struct buf *out, const struct config_command *c)
{
    const struct config_option *o;

    buf_printf(out, "    %s) words='", c->name);
    add_words(out, operand_words(c), '|');
    for (o = config_options; o->name; o++) {
        if (goes_with(o, c))
            buf_printf(out, " --%s", o->name);
    }
    buf_add_text(out, "' ;;\n");
}

static void write_bash(struct buf *out)
{
    const struct config_command *c;

    buf_add_text(out, "# tacho, for bash: source this, or put it into"
                      " ~/.local/share/bash-completion/completions/tacho\n"
                      "_tacho() {\n"
                      "    local word=${COMP_WORDS[COMP_CWORD]} command= words= i\n"
                      "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                      "        case ${COMP_WORDS[i]} in\n        ");
    for (c = config_commands; c->name; c++)
        buf_printf(out, "%s%s", c == config_commands ? "" : "|", c->name);
    buf_add_text(out, ") command=${COMP_WORDS[i]}; break ;;\n        esac\n    done\n"
                      "    case ${COMP_WORDS[COMP_CWORD-1]} in\n");
    add_bash_values(out);
    buf_add_text(out, "    esac\n    case $command in\n    '') words='");
    for (c = config_commands; c->name; c++)
        buf_printf(out, "%s%s", c == config_commands ? "" : " ", c->name);
    buf_add_text(out, "' ;;\n");
    for (c = config_commands; c->name; c++)
        add_bash_command(out, c);
    buf_add_text(out, "    esac\n    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n"
                      "complete -F _tacho tacho\n");
}

/* ---- zsh ---- */

static void add_zsh_option(struct buf *out, const struct config_option *o)
{
    buf_printf(out, " \\\n            '--%s%s[", o->name, o->type == CONFIG_FLAG ? "" : "=");
    add_quoted(out, o->help, "[]:\\");
    buf_add_char(out, ']');
    if (o->type == CONFIG_CHOICE)
        buf_printf(out, ":%s:(%s)", o->argument, o->choices);
    else if (o->type != CONFIG_FLAG)
        buf_printf(out, ":%s:%s", o->argument, is_file(o) ? "_files" : " ");
    buf_add_char(out, '\'');
}

static void add_zsh_command(struct buf *out, const struct config_command *c)
{
    const struct config_option *o;

    buf_printf(out, "    %s)\n        _arguments '1: :(%s)'", c->name, c->name);
    if (operand_words(c).p) {
        buf_add_text(out, " '2: :(");
        add_words(out, operand_words(c), '|');
        buf_add_text(out, ")'");
    }
    for (o = config_options; o->name; o++) {
        if (goes_with(o, c))
            add_zsh_option(out, o);
    }
    buf_add_text(out, "\n        ;;\n");
}

static void write_zsh(struct buf *out)
{
    const struct config_command *c;

    buf_add_text(out, "#compdef tacho\n"
                      "# tacho, for zsh: as _tacho in a folder of $fpath\n"
                      "_tacho() {\n"
                      "    local -a commands=(\n");
    for (c = config_commands; c->name; c++) {
        buf_printf(out, "        '%s:", c->name);
        add_quoted(out, c->summary, ":\\");
        buf_add_text(out, "'\n");
    }
    buf_add_text(out, "    )\n"
                      "    if (( CURRENT == 2 )); then\n"
                      "        _describe command commands\n"
                      "        return\n"
                      "    fi\n"
                      "    case $words[2] in\n");
    for (c = config_commands; c->name; c++)
        add_zsh_command(out, c);
    buf_add_text(out, "    esac\n}\n"
                      "if [ \"$funcstack[1]\" = _tacho ]; then\n    _tacho \"$@\"\n"
                      "else\n    compdef _tacho tacho\nfi\n");
}

/* ---- fish ---- */

/* Those commands that take the option; nothing for one that all take. */
static void add_fish_condition(struct buf *out, const struct config_option *o)
{
    const struct config_command *c;

    if (o->where & FOR_ALL)
        return;
    buf_add_text(out, " -n '__fish_seen_subcommand_from");
    for (c = config_commands; c->name; c++) {
        if (goes_with(o, c))
            buf_printf(out, " %s", c->name);
    }
    buf_add_char(out, '\'');
}

static void add_fish_option(struct buf *out, const struct config_option *o)
{
    buf_add_text(out, "complete -c tacho");
    add_fish_condition(out, o);
    buf_printf(out, " -l %s", o->name);
    if (o->letter)
        buf_printf(out, " -s %c", o->letter);
    if (o->type == CONFIG_CHOICE)
        buf_printf(out, " -x -a '%s'", o->choices);
    else if (o->type != CONFIG_FLAG)
        buf_add_text(out, is_file(o) ? " -r -F" : " -x");
    buf_add_text(out, " -d '");
    add_quoted(out, o->help, "");
    buf_add_text(out, "'\n");
}

static void write_fish(struct buf *out)
{
    const struct config_command *c;
    const struct config_option *o;

    buf_add_text(out, "# tacho, for fish: as ~/.config/fish/completions/tacho.fish\n"
                      "complete -c tacho -f\n");
    for (c = config_commands; c->name; c++) {
        buf_printf(out, "complete -c tacho -n __fish_use_subcommand -a %s -d '", c->name);
        add_quoted(out, c->summary, "");
        buf_add_text(out, "'\n");
        if (!operand_words(c).p)
            continue;
        buf_printf(out, "complete -c tacho -n '__fish_seen_subcommand_from %s' -a '", c->name);
        add_words(out, operand_words(c), '|');
        buf_add_text(out, "'\n");
    }
    for (o = config_options; o->name; o++) {
        if (config_is_word(o) && !(o->where & FOR_CCUSAGE))
            add_fish_option(out, o);
    }
}

/* ---- which one ---- */

static const struct {
    const char *name;
    void (*write)(struct buf *out);
} kinds[] = {
    { "bash", write_bash },
    { "zsh", write_zsh },
    { "fish", write_fish },
    { "man", config_manual },
};

bool config_complete(struct buf *out, const char *shell)
{
    size_t i;

    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (span_is(span_of(shell), kinds[i].name)) {
            kinds[i].write(out);
            return true;
        }
    }
    return false;
}
