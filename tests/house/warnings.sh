#!/bin/sh
# SPDX-License-Identifier: MIT
# Not one warning, with gcc (optimizing, since some come from its data flow)
# and with clang. In the libraries, a frame fits 4 KiB and no array's length
# is decided at run time.
. tests/house/lib_house.sh

warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
check=$(pkg-config --cflags check 2>/dev/null) && tests_too=yes || tests_too=no

compile() { # compiler and options, sources from stdin
	while read -r source; do
		options=
		case $source in
		tests/third_party/shim*.c) options=-fPIC ;;
		tests/*)
			# What the optimizer would find is not for these.
			[ $tests_too = yes ] || continue
			options="$check -O0 -fsyntax-only" ;;
		tools/*) ;;
		*) options="-Wvla -Wframe-larger-than=4096" ;;
		esac
		$1 -std=c11 -I. $warnings $options -c -o "$scratch/object" \
			"$source" >"$scratch/output" 2>&1 ||
			fault "$1 $source:
$(head -n 12 "$scratch/output")"
	done
}

sources() {
	library_sources
	ls tools/*.c tests/*/*.c 2>/dev/null
}

tried=
for compiler in "gcc -O2" "clang -O1"; do
	command -v ${compiler%% *} >/dev/null 2>&1 || continue
	tried="$tried ${compiler%% *}"
	sources >"$scratch/sources"
	compile "$compiler" <"$scratch/sources"
done
[ -n "$tried" ] || skip "neither gcc nor clang"
echo "tried:$tried, $(sources | wc -l) sources"
finish
