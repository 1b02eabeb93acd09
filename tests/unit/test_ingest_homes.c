/* tests/unit/test_ingest_homes.c — a path tells in whose home it lies.
 * SPDX-License-Identifier: MIT
 */
#include "ingest/homes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct homes_case {
    const char *why, *path;
    enum homes_what want;
    const char *home;
} cases[] = {
    { "a log below a home", "/home/kim/.claude/projects/p/a.jsonl", HOMES_LOG, "/home/kim" },
    { "a home that was copied", "/mnt/old/home/kim/.claude/projects/p/a.jsonl", HOMES_LOG,
      "/mnt/old/home/kim" },
    { "a home that is the top", "/.claude/projects/p/a.jsonl", HOMES_LOG, "" },
    { "a home in a hidden folder", "/b/.old/.claude/projects/p/a.jsonl", HOMES_LOG, "/b/.old" },
    { "another root of the same agent", "/h/.config/claude/projects/p/a.jsonl", HOMES_LOG, "/h" },
    { "a root whose name is found", "/h/.openclaw-work/agents/main/sessions/s.jsonl", HOMES_LOG,
      "/h" },
    { "a root below an application that is found",
      "/h/.config/Code/User/globalStorage/saoudrizwan.claude-dev/tasks/1/ui_messages.json",
      HOMES_LOG, "/h" },
    { "a folder of the system's",
      "/h/Library/Application Support/Cursor/User/globalStorage/saoudrizwan.claude-dev/tasks/1/"
      "ui_messages.json",
      HOMES_LOG, "/h" },
    { "a file that a scan asks for", "/h/.gemini/projects.json", HOMES_NEAR, "/h" },
    { "one beside the log",
      "/h/.vscode-server/data/User/globalStorage/saoudrizwan.claude-dev/tasks/1/"
      "task_metadata.json",
      HOMES_NEAR, "/h" },
    { "one of many", "/h/.local/share/opencode/storage/session/p/ses_1.json", HOMES_NEAR, "/h" },
    { "a secret of the agent's", "/h/.codex/auth.json", HOMES_NOTHING, NULL },
    { "no log below a root", "/h/.claude/projects/p/a.txt", HOMES_NOTHING, NULL },
    { "a name that only begins like a root", "/h/.claude/projects-old/p/a.jsonl", HOMES_NOTHING,
      NULL },
    { "a folder that is not hidden", "/h/claude/projects/p/a.jsonl", HOMES_NOTHING, NULL },
    { "nothing at all", "/", HOMES_NOTHING, NULL },
};

static void a_path_tells_in_whose_home_it_lies(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t len = 0;
        enum homes_what what = homes_find(cases[i].path, &len);

        if (what != cases[i].want)
            fail_msg("%s: %d, not %d", cases[i].why, (int)what, (int)cases[i].want);
        if (cases[i].home &&
            (len != strlen(cases[i].home) || strncmp(cases[i].path, cases[i].home, len) != 0))
            fail_msg("%s: the home is %.*s", cases[i].why, (int)len, cases[i].path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_path_tells_in_whose_home_it_lies) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
