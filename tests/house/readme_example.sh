#!/bin/sh
# SPDX-License-Identifier: MIT
# The first C example of README.md is what it says: at most twenty-five lines
# that compile without a warning, link and run to their end.
. tests/house/lib_house.sh

[ -e README.md ] || skip "no README.md yet"
awk '/^```c$/ { inside = 1; next } /^```/ { if (inside) exit } inside' \
	README.md >"$scratch/example.c"
[ -s "$scratch/example.c" ] || skip "README.md has no C example yet"

lines=$(grep -c . "$scratch/example.c")
[ "$lines" -le 25 ] || fault "the example has $lines lines"

sanitize=
[ -z "${SANITIZE:-}" ] || sanitize="-fsanitize=$SANITIZE"
# Users before what they use.
set --
for lib in $libraries; do
	set -- "$@" "$(archive_of "$lib")"
done
"$CC" -std=c11 -I. -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror \
	$sanitize -o "$scratch/example" "$scratch/example.c" "$@" -lpthread \
	>"$scratch/output" 2>&1 || fault "$(head -n 20 "$scratch/output")"
if [ $faults = 0 ]; then
	# It may want a disc, or files: it is given a place of its own, and
	# nothing must end it but itself.
	(cd "$scratch" && timeout 60 ./example >output 2>&1)
	status=$?
	[ $status -lt 124 ] || fault "the example ends with status $status"
fi
finish
