# tests/lib/tap.sh — what every test in sh shares: a place to work, and TAP.
#
# Sourced, not run. Sets `root`, the top of the tree, and `work`, a folder that is gone at the end.
# SPDX-License-Identifier: MIT
set -u

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
tap_count=0

# report NAME [FILE…] — ok or not by the status of the command before it; a failure shows the files.
report() {
    tap_status=$?
    tap_count=$((tap_count + 1))
    if [ "$tap_status" -eq 0 ]; then
        echo "ok $tap_count - $1"
        return
    fi
    echo "not ok $tap_count - $1"
    shift
    [ $# -eq 0 ] || sed -n '1,30s/^/# /p' "$@"
}

skip() { # NAME REASON
    tap_count=$((tap_count + 1))
    echo "ok $tap_count - $1 # SKIP $2"
}

plan() { # last of all
    echo "1..$tap_count"
}
