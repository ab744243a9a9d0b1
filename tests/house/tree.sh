#!/bin/sh
# SPDX-License-Identifier: MIT
# What any reader of the tree may rely on: licence line, width, no trailing
# blanks, no file too long to read in one sitting, no path of somebody's
# machine, names of log lines that are formed alike and told in a header.
. tests/house/lib_house.sh

files() {
	find lathe.h mmc iso9660 joliet session tools tests \
		-name '*.[ch]' -type f 2>/dev/null
}

for file in $(files); do
	head -n 1 "$file" | grep -q 'SPDX-License-Identifier: MIT' ||
		fault "$file: no licence line"
	expand "$file" | awk -v file="$file" '
		length($0) > limit && !seen {
			print file ":" NR ": wider than 80 columns"; seen = 1
		}' limit="$(case $file in tests/*) echo 100 ;; *) echo 80 ;; esac)"
	grep -n '[ 	]$' "$file" | sed "s|^|$file: trailing blank: |"
	grep -nP '^ {8}' "$file" | sed "s|^|$file: blanks for a tab: |"
	case $file in
	tests/* | *.h) ;;
	*)
		lines=$(wc -l <"$file")
		[ "$lines" -le 600 ] || echo "$file: $lines lines" ;;
	esac
done >"$scratch/found" 2>&1
while read -r line; do
	fault "$line"
done <"$scratch/found"

for id in $(grep -ohE '"(mmc|iso9660|joliet|session)\.[^" ]+"' mmc/*.c \
	iso9660/*.c joliet/*.c session/*.c | grep -v '\.h"' | tr -d '"'); do
	echo "$id" | grep -qxE '[a-z0-9]+\.[a-z]+(-[a-z]+)*' ||
		fault "a log line's name with other than words and hyphens: $id"
	cat mmc/*.h iso9660/*.h joliet/*.h session/*.h | grep -qw -e "$id" ||
		fault "a log line that no header names: $id"
done

# Somebody's home, or the place of this checkout.
tracked=$(git ls-files 2>/dev/null) || tracked=$(files)
grep -nE '(^|[^a-z0-9_])/(home|Users|root)/[a-z]' $tracked /dev/null |
	grep -v '^tests/house/tree.sh:' >"$scratch/found"
grep -nF "$PWD/" $tracked /dev/null >>"$scratch/found"
while read -r line; do
	fault "a path of a machine: $line"
done <"$scratch/found"

# Nor may the libraries hold one: __FILE__ is relative.
for lib in $libraries; do
	[ -s "$(archive_of "$lib")" ] || continue
	cp "$(archive_of "$lib")" "$scratch/lib.a"
	strip -g "$scratch/lib.a" 2>/dev/null
	grep -qF "$PWD" "$scratch/lib.a" &&
		fault "liblathe-$lib.a holds the path of its build"
done
finish
