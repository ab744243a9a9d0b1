#!/bin/sh
# SPDX-License-Identifier: MIT
# The first C example of README.md is what it says: some twenty lines that
# compile without a warning, link, and record a folder on a disc, twice.
. tests/house/lib_house.sh

awk '/^```c$/ { inside = 1; next } /^```/ { if (inside) exit } inside' \
	README.md >"$scratch/example.c"
[ -s "$scratch/example.c" ] || fault "README.md has no C example"

statements=$(grep -c ';' "$scratch/example.c")
[ "$statements" -le 22 ] || fault "the example has $statements statements"

sanitize=
[ -z "${SANITIZE:-}" ] || sanitize="-fsanitize=$SANITIZE"
# Users before what they use.
set --
for lib in $libraries; do
	set -- "$@" "$(archive_of "$lib")"
done
# What a reader of README.md would do: all in one command.
"$CC" -std=c11 -I. -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror \
	-Wno-missing-prototypes $sanitize -o "$scratch/example" \
	"$scratch/example.c" tests/house/readme_main.c "$@" -lpthread \
	>"$scratch/output" 2>&1 || fault "$(head -n 20 "$scratch/output")"
if [ $faults = 0 ]; then
	text="written by the example of the README"
	mkdir "$scratch/folder"
	echo "$text" >"$scratch/folder/a file.txt"
	timeout 60 "$scratch/example" "$scratch/folder" "$text" ||
		fault "the example does not record"
fi
finish
