#!/bin/sh
# SPDX-License-Identifier: MIT
# Each flaw in the table of check_flaws.c has the test that is named there.
set -u

rows=$(sed -n 's/^ \* [^|]*| \([a-z_0-9]*\) *\([a-z_0-9.]*\).*/\1 \2/p' \
	tests/import/check_flaws.c | grep -c .)
missing=$(sed -n 's/^ \* [^|]*| \([a-z_0-9.]*\) *\([a-z_0-9]*\).*/\1 \2/p' \
	tests/import/check_flaws.c | grep -v '^test' |
	while read -r file test; do
		case $file in
		*.sh) ls tests/*/"$file" >/dev/null 2>&1 && continue ;;
		*)
			grep -qs "^START_TEST($test)" tests/*/"$file.c" &&
				continue
			;;
		esac
		echo "$file $test"
	done)
if [ "$rows" -lt 40 ] || [ -n "$missing" ]; then
	echo "$rows flaws; no such test: $missing"
	exit 1
fi
