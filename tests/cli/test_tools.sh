#!/bin/sh
# tests/cli/test_tools.sh — the tools that watch over the sources turn red when they should.
#
# Each case breaks one rule in a copy of src/ with one made-up file, and expects the complaint that
# names it. Prints TAP.
# SPDX-License-Identifier: MIT
. "$(dirname -- "$0")/../lib/tap.sh"

head_of() {
    printf '/* %s — made up.\n * SPDX-License-Identifier: MIT\n */\n' "$1"
}

# furnish FILE — two headers that break no rule, and the file with the text from standard input.
furnish() {
    rm -rf "$work/src"
    mkdir -p "$work/src/base" "$work/src/store" "$work/src/$(dirname "$1")"
    { head_of base/calm.h && echo 'int calm(void);'; } >"$work/src/base/calm.h"
    { head_of store/calm.h && echo 'int calmer(void);'; } >"$work/src/store/calm.h"
    { head_of "$1" && cat; } >"$work/src/$1"
}

# breach TOOL NAME FILE COMPLAINT — the file's text comes from standard input.
breach() {
    furnish "$3"
    "$root/tools/$1" "$work/src" >"$work/said" 2>&1
    [ $? -eq 1 ] && grep -q "$3:[0-9]*: $4" "$work/said" && grep -q '^not ok' "$work/said"
    report "$1: $2" "$work/said"
}

# quiet TOOL NAME FILE — what must not be taken for a breach.
quiet() {
    furnish "$3"
    "$root/tools/$1" "$work/src" >"$work/said" 2>&1
    report "$1: $2" "$work/said"
}

# tally NAME STATUS WANT — TAP comes from standard input; WANT is "passed failed skipped".
tally() {
    cat >"$work/log"
    rm -f "$work/sums"
    "$root/tools/tap" case "$2" "$work/log" "$work/sums" >"$work/said" 2>&1
    [ "$(cat "$work/sums")" = "$3" ]
    report "tap: $1" "$work/said"
}

repeat() { # TEXT TIMES
    awk -v text="$1" -v times="$2" 'BEGIN { while (times-- > 0) print text }'
}

breach rooms 'a room reaches up' base/x.c 'base (floor 0) may not include store/calm.h' <<'END'
#include "store/calm.h"
END
breach rooms 'a room reaches sideways' tail/x.c 'tail (floor 2) may not include store/' <<'END'
#include "store/calm.h"
END
breach rooms 'a header without its room' base/x.c 'include the header by its room' <<'END'
#include "calm.h"
END
breach rooms 'a room without a floor' cellar/x.c 'room cellar has no floor' </dev/null
breach rooms 'our header in angle brackets' event/x.c 'a header of ours stands in' <<'END'
#include <base/calm.h>
END
breach rooms 'our header after the system' event/x.c 'headers of ours stand before' <<'END'
#include <stdio.h>
#include "base/calm.h"
END
breach rooms 'a header that includes itself' base/x.h 'headers include each other' <<'END'
#include "base/x.h"
END
breach rooms 'an omnibus header' event/x.h 'a header that only includes others' <<'END'
#include "base/calm.h"
#include <stdio.h>
END
breach rooms 'SQL outside the store' report/x.c 'SQL belongs to store/' <<'END'
const char *const q = "SELECT a FROM b";
END
breach rooms 'SQL that writes in a source' source/x.c 'SQL that writes belongs to store/' <<'END'
const char *const q = "INSERT OR IGNORE INTO a VALUES(1)";
END
breach rooms 'an agent in a text' report/x.c 'agents are named in' <<'END'
const char *const name = "Claude Code";
END
breach rooms 'an agent in a name' report/x.c 'agents are named in' <<'END'
int codex_sum(void);
END
breach rooms 'printing from below' report/x.c 'only cli/, show/, tui/ and server/ speak' <<'END'
int f(void) { return fputs("hm", stderr); }
END
breach rooms 'a second clock' report/x.c 'time is read only through base/clock.h' <<'END'
long f(void) { return time(0); }
END
breach rooms 'the clock of SQL' store/x.c 'time is read only through base/clock.h' <<'END'
const char *const q = "DELETE FROM a WHERE at < strftime('%s') AND b < datetime('now')";
END
breach rooms 'an unchecked call' base/x.c 'base/ has a checked way for this call: sprintf' <<'END'
void f(char *to) { sprintf(to, "x"); }
END
breach rooms 'memory from elsewhere' tail/x.c 'use the xmalloc family' <<'END'
void *f(void) { return malloc(1); }
END
breach rooms 'a struct with an alias' base/x.h "no typedef'd structs" <<'END'
typedef struct x { int a; } x;
END
breach rooms 'something left to do' base/x.c 'do it or leave it out' <<'END'
/* TODO: later */
END
breach rooms 'a global that changes' base/x.c 'a global that can change' <<'END'
static const char *last = "x";
END
quiet rooms 'comments, tables and longer names are no breach' report/x.c <<'END'
#include "base/calm.h"

#include <stdio.h>

/* SELECT, claude and printf() in a comment */
static const char *const names[] = { "select a day", "insert coin" };
static const struct calm_case { int a; } cases[] = { { 1 }, { 2 } };
int runtime(void);

int f(char *to, int n)
{
    static const int one = 1;
    return snprintf(to, n, "%s%d%d", names[0], cases[0].a, one) + runtime();
}
END

{ echo 'int f(void)' && echo '{' && repeat '    calm();' 80 && echo '}'; } >"$work/long.c"
breach measure 'a long function' base/x.c 'f has 83 lines, 80 at most' <"$work/long.c"
repeat 'int calm(void);' 698 >"$work/long.c"
breach measure 'a long file' base/x.c '701 lines, 700 at most' <"$work/long.c"
repeat 'int calm(void);' 148 >"$work/long.h"
breach measure 'a long header' base/x.h '151 lines, 150 at most' <"$work/long.h"
breach measure 'six parameters' base/x.c 'f takes 6 parameters' <<'END'
int f(int a, int b, int c, int (*d)(int, int), int e, int g)
{
    return a;
}
END
breach measure 'a deep function' base/x.c 'f nests 5 levels' <<'END'
int f(int a)
{
    if (a) {
        for (;;) {
            while (a) {
                switch (a) {
                default:
                    if (a)
                        return 1;
                }
            }
        }
    }
    return 0;
}
END
echo "int $(repeat abcdefghij 12 | tr -d '\n');" >"$work/wide.c"
breach measure 'a wide line' base/x.c '125 columns, 100 at most' <"$work/wide.c"
quiet measure 'limits that are just met' base/x.c <<'END'
int f(int a, int b, int c, int (*d)(int, int), int e, ...)
{
    if (a)
        return d(b, c) + e;
    return 0;
}
END

tally 'passed and skipped' 0 '1 0 1' <<'END'
1..2
ok 1 - a
ok 2 - b # SKIP why
END
tally 'a failure' 1 '1 1 0' <<'END'
ok 1 - a
not ok 2 - b
1..2
END
tally 'a crash after the last result' 139 '1 1 0' <<'END'
1..1
ok 1 - a
END
tally 'fewer than planned' 0 '1 1 0' <<'END'
1..3
ok 1 - a
END
tally 'silence' 0 '0 1 0' </dev/null
tally 'leaves of nested tests' 1 '3 1 0' <<'END'
TAP version 13
    # Subtest: inner
    ok 1 - a
    not ok 2 - b
    1..2
not ok 1 - outer
    ok 1 - c
    1..1
ok 2 - second
ok 3 - plain
1..3
END
tally 'a parent that breaks after its children' 1 '1 1 0' <<'END'
    ok 1 - a
    1..1
not ok 1 - outer
1..1
END

plan
