#!/bin/sh
# tests/cli/test_start.sh — ./start builds when it must, only then, and hands its words on.
#
# Works on a made-up clone with two programs that print how they were called, in a folder whose name
# has blanks. Prints TAP.
# SPDX-License-Identifier: MIT
. "$(dirname -- "$0")/../lib/tap.sh"

clone="$work/a clone"

# start ARGS… — runs it; stdout, stderr and exit status are kept.
start() {
    (cd "$clone" && ./start "$@") >"$work/out" 2>"$work/err"
    code=$?
}

# called NAME WORDS — the last start ran build/NAME with these words, and ended well.
called() {
    [ "$code" -eq 0 ] && [ "$(cat "$work/out")" = "$1: $2" ]
}

write_program() {
    printf '#include <stdio.h>\nint main(int n, char **a)\n{\n    printf("%s:");\n' "$1"
    printf '    for (int i = 1; i < n; i++)\n        printf(" %%s", a[i]);\n'
    printf '    putchar(10);\n    return 0;\n}\n'
}

mkdir -p "$clone/src" "$clone/tools" "$clone/web"
cp "$root/start" "$clone/"
cp "$root/tools/deps" "$clone/tools/"
write_program tacho >"$clone/src/tacho.c"
write_program tachod >"$clone/src/tachod.c"
cat >"$clone/meson.build" <<'END'
project('made_up', 'c')
executable('tacho', 'src/tacho.c')
executable('tachod', 'src/tachod.c')
END
: >"$clone/meson_options.txt"

start daily --json
called tacho 'daily --json'
report 'a fresh clone is built, then the words go to tacho' "$work/out" "$work/err"
grep -q '^building tacho$' "$work/err"
report 'what is said of the build goes to stderr' "$work/out" "$work/err"

start daily
called tacho 'daily' && [ ! -s "$work/err" ]
report 'the second start says nothing and builds nothing' "$work/out" "$work/err"

start
called tachod 'serve'
report 'no word at all runs the daemon' "$work/out" "$work/err"
start --port 9000 --demo
called tachod 'serve --port 9000 --demo'
report 'options go to the daemon' "$work/out" "$work/err"
start --version
called tacho '--version'
report '--version is answered by tacho' "$work/out" "$work/err"
start serve --port 9000
called tacho 'serve --port 9000'
report 'serve is a word like the others' "$work/out" "$work/err"

ln -s "$clone/start" "$work/link"
(cd / && "$work/link" 'two words') >"$work/out" 2>"$work/err"
code=$?
called tacho 'two words'
report 'it runs through a link from elsewhere and keeps blanks in words' "$work/out" "$work/err"

write_program changed >"$clone/src/tacho.c"
start x
called changed 'x'
report 'a changed source is built again' "$work/out" "$work/err"
start x
called changed 'x' && [ ! -s "$work/err" ]
report 'and once only' "$work/out" "$work/err"

rm "$clone/build/tachod"
start
called tachod 'serve'
report 'a program that was deleted is built again' "$work/out" "$work/err"

mv "$clone" "$work/moved clone"
clone="$work/moved clone"
start x
called changed 'x' && grep -q building "$work/err"
report 'a clone that was moved is built anew' "$work/out" "$work/err"

echo '#error out of paint' >>"$clone/src/tacho.c"
start x
[ "$code" -eq 69 ] && grep -q 'error.*out of paint' "$work/err" &&
    grep -q 'build failed' "$work/err"
report 'a failed build shows the error and ends with 69' "$work/out" "$work/err"
[ ! -s "$work/out" ]
report 'and runs nothing' "$work/out" "$work/err"

write_program tacho >"$clone/src/tacho.c"
for i in 1 2 3; do
    (cd "$clone" && ./start "$i") >"$work/out.$i" 2>"$work/err.$i" &
done
wait
cat "$work"/out.? >"$work/out"
cat "$work"/err.? >"$work/err"
[ "$(cat "$work/out")" = "$(printf 'tacho: 1\ntacho: 2\ntacho: 3')" ] &&
    [ "$(grep -c '^building tacho$' "$work/err")" -eq 1 ]
report 'of several at once one builds, the others wait' "$work/out" "$work/err"

write_program tacho >"$clone/src/tacho.c"
chmod a-w "$clone"
if [ -w "$clone" ]; then
    skip 'a read-only clone is refused with a sentence' 'nothing is read-only to us'
else
    start x
    [ "$code" -eq 73 ] && grep -q 'read-only' "$work/err"
    report 'a read-only clone is refused with a sentence' "$work/out" "$work/err"
fi

plan
