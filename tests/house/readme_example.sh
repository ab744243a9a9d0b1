#!/bin/sh
# SPDX-License-Identifier: MIT
# The C examples of README.md are what they say: they compile without a
# warning, as C++ as well, and link; the first one, some twenty lines, records a
# folder on a disc, twice, and another one makes an image of it.
. tests/house/lib_house.sh

awk -v to="$scratch/example" '
	/^```c$/ { inside = 1; n++; next }
	/^```/ { inside = 0 }
	inside { print >(to n ".c") }' README.md
[ -s "$scratch/example1.c" ] || fault "README.md has no C example"

statements=$(grep -c ';' "$scratch/example1.c")
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
	"$scratch"/example[0-9]*.c tests/house/readme_main.c "$@" -lpthread \
	>"$scratch/output" 2>&1 || fault "$(head -n 20 "$scratch/output")"
# C++20 has initializers like these, in the order of the fields.
for example in "$scratch"/example[0-9]*.c; do
	c++ -std=c++20 -x c++ -fsyntax-only /dev/null 2>/dev/null || break
	c++ -std=c++20 -x c++ -I. -Wall -Wextra -Wpedantic -Wshadow -Werror \
		-Wno-missing-field-initializers -fsyntax-only "$example" \
		>"$scratch/output" 2>&1 ||
		fault "as C++: $(head -n 20 "$scratch/output")"
done
if [ $faults = 0 ]; then
	text="written by the example of the README"
	mkdir "$scratch/folder"
	echo "$text" >"$scratch/folder/a file.txt"
	timeout 60 "$scratch/example" "$scratch/folder" "$text" \
		"$scratch/image" || fault "the examples do not record"
fi
finish
