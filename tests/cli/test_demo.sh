#!/bin/sh
# tests/cli/test_demo.sh — the demo lives in a home of its own and touches no other.
#
# Runs the daemon of the release build (TACHO_BIN_DIR) with a made-up home. Prints TAP.
# SPDX-License-Identifier: MIT
. "$(dirname -- "$0")/../lib/tap.sh"

bin=${TACHO_BIN_DIR:-$root/build}
HOME=$work/home
export HOME
unset XDG_CONFIG_HOME XDG_DATA_HOME
mkdir "$HOME"
port=$(python3 -c '
import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')

"$bin/tachod" serve --demo --background --port "$port" >"$work/said" 2>&1
report 'the demo starts' "$work/said"
grep -q "http://127.0.0.1:$port/" "$work/said"
report 'and says where it is' "$work/said"

find "$HOME" -path "$HOME/.local/share/tacho-demo" -prune -o -type f -print >"$work/strangers"
[ ! -s "$work/strangers" ]
report 'no file of it lies outside its own folder' "$work/strangers"
"$bin/tacho" daily --json >"$work/said" 2>&1
grep -q '"daily": *\[\]' "$work/said"
report 'a report of the real home knows nothing of it' "$work/said"

"$bin/tachod" serve --demo --stop --port "$port" >"$work/said" 2>&1
report 'and --stop ends it' "$work/said"
plan
