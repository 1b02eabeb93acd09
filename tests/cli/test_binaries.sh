#!/bin/sh
# tests/cli/test_binaries.sh — the programs are hardened, and tacho is light.
#
# Looks at the release build (TACHO_BIN_DIR) with readelf. Prints TAP.
# SPDX-License-Identifier: MIT
. "$(dirname -- "$0")/../lib/tap.sh"

dir=${TACHO_BIN_DIR:-$(dirname -- "$0")/../../build}

# has PATTERN — what readelf said of the program holds it; hasnt is its opposite.
has() { grep -Eq "$1" "$work/said"; }
hasnt() { [ -s "$work/said" ] && ! grep -Eq "$1" "$work/said"; }

for name in tacho tachod; do
    readelf -Whld --dyn-syms "$dir/$name" >"$work/said" 2>"$work/err" || cat "$work/err"
    has 'Type: +DYN'
    report "$name can be loaded anywhere (PIE)"
    has 'GNU_RELRO' && has 'BIND_NOW|Flags:.*NOW'
    report "$name makes its tables read-only before it runs"
    hasnt 'GNU_STACK.* RWE'
    report "$name has no executable stack"
    has '__stack_chk_fail'
    report "$name guards its stack"
    has '__(memcpy|snprintf|vsnprintf|read|fprintf)_chk'
    report "$name checks sizes that the compiler knows"
    hasnt 'R(UN)?PATH'
    report "$name looks for libraries where the system does"
done

readelf -Wd "$dir/tacho" >"$work/said"
hasnt 'NEEDED.*(websockets|ssl|crypto|curl|archive)'
report 'tacho links nothing of the network'
readelf -Wd "$dir/tachod" >"$work/said"
hasnt 'NEEDED.*curl'
report 'tachod loads libcurl when it is first needed, not before'

plan
