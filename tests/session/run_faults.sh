#!/bin/sh
# SPDX-License-Identifier: MIT
# The whole sweep of faults, in two processes side by side:
#	run_faults.sh PROGRAM LOG LEAST
# Fails if a burn did, or if there were fewer than LEAST. The last line says
# how many burns it made.
set -u
program=$1 log=$2 least=$3

run_part() {
	LATHE_FAULTS=whole LATHE_FAULTS_PART=$1/2 CK_VERBOSITY=normal \
		"$program" > "$log.$1" 2>&1
}

run_part 0 &
first=$!
run_part 1
status=$?
wait $first || status=1
cat "$log.0" "$log.1"
awk -v least="$least" '
	/ burns, / {
		burns += $1
		sub(/^[0-9]* /, "")
		rest = $0
	}
	END {
		print burns + 0 " " rest
		exit burns < least
	}' "$log.0" "$log.1" || status=1
rm -f "$log.0" "$log.1"
exit $status
