#!/bin/sh
# SPDX-License-Identifier: MIT
# Put a table between the markers of a document:
#	run_media_table.sh TABLE DOCUMENT
set -eu
awk -v table="$1" '
	/^<!-- media -->$/ {
		print
		while ((getline line < table) > 0)
			print line
		inside = 1
	}
	/^<!-- \/media -->$/ { inside = 0 }
	!inside { print }
' "$2" > "$2.new"
# The markers must be there: nothing is lost for want of them.
grep -q '^<!-- /media -->$' "$2.new"
cat "$2.new" > "$2"
rm "$2.new"
