/* cli/ccusage.c — being called by the name of ccusage, whose reports ours stand in for.
 *
 * A link of that name answers its command line: words that mean something else there are put into
 * ours, words that change nothing here are accepted with a line on stderr. Its agents' names stand
 * here as words of that command line and mean nothing else.
 * SPDX-License-Identifier: MIT
 */
#include "cli/cli_internal.h"

#include "base/mem.h"

#include <stdio.h>

const char *const ccusage_agents[] = {
    "claude", "codex",    "opencode", "amp",     "droid",  "codebuff",    "hermes",
    "pi",     "goose",    "kilo",     "copilot", "gemini", "antigravity", "kimi",
    "qwen",   "openclaw", "grok",     "zcode",   NULL,
};

bool ccusage_is_us(const char *program)
{
    const char *slash = program ? strrchr(program, '/') : NULL;

    return program && span_is(span_of(slash ? slash + 1 : program), "ccusage");
}

enum show_form ccusage_form(const char *agent)
{
    if (!agent)
        return SHOW_UNITED;
    return span_is(span_of(agent), "codex") ? SHOW_BY_MODEL : SHOW_OF_AGENT;
}

const char *ccusage_blocks_agent(void)
{
    return ccusage_agents[0];
}

/* There --color is a flag. */
static bool is_color_value(const char *word)
{
    return word && (span_is(span_of(word), "auto") || span_is(span_of(word), "always") ||
                    span_is(span_of(word), "never"));
}

char **ccusage_words(char **argv)
{
    static const char always[] = "--color=always";
    size_t n = 0, to = 0;
    char **words;

    while (argv[n])
        n++;
    words = xcalloc(n + 1, sizeof(*words));
    for (; *argv; argv++) {
        bool color = span_is(span_of(*argv), "--color") && !is_color_value(argv[1]);
        bool config = span_is(span_of(*argv), "--config") && argv[1];

        if (config) {
            fprintf(stderr, "tacho: --config %s is ignored: that is a file of ccusage's\n",
                    argv[1]);
            argv++;
        } else {
            words[to++] = color ? (char *)(uintptr_t)always : *argv;
        }
    }
    return words;
}

void ccusage_tell_ignored(const struct cli *cli)
{
    const struct config_option *o;

    for (o = config_options; o->name && !cli->config->quiet; o++) {
        if (o->ignored && config_was_given(cli->config, o))
            fprintf(stderr, "tacho: --%s is ignored: %s\n", o->name, o->ignored);
    }
}
