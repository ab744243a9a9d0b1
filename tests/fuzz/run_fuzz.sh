#!/bin/sh
# SPDX-License-Identifier: MIT
# Run libFuzzer targets, FUZZ_SECONDS each, FUZZ_JOBS (2) at a time, from the
# kept corpus: run_fuzz.sh [TARGET]... Findings and what was learned stay in
# $BUILD/fuzz/findings and $BUILD/fuzz/learned. Fails where there is one.
set -u
cd "$(dirname "$0")/../.." || exit 1

BUILD=${BUILD:-build}
FUZZ_SECONDS=${FUZZ_SECONDS:-60}
FUZZ_JOBS=${FUZZ_JOBS:-2}
programs=$BUILD/fuzz/tests/fuzz
findings=$BUILD/fuzz/findings
learned=$BUILD/fuzz/learned

if [ $# = 0 ]; then
	for source in tests/fuzz/target_*.c; do
		target=${source##*target_}
		set -- "$@" "${target%.c}"
	done
fi

number() { # the last number behind $1 in the log
	sed -n "s/.*$1 *\([0-9][0-9]*\).*/\1/p" "$log" | tail -n 1
}

run_one() { # target
	log=$findings/$1.log
	rm -f "$findings/$1"-*
	mkdir -p "$learned/$1"
	set -- "$1" "$learned/$1"
	[ -d "tests/fuzz/corpus/$1" ] && set -- "$@" "tests/fuzz/corpus/$1"
	dict=
	[ -e "tests/fuzz/$1.dict" ] && dict=-dict=tests/fuzz/$1.dict
	target=$1
	shift
	"$programs/target_$target" -max_total_time="$FUZZ_SECONDS" \
		-max_len=16384 -timeout=10 -rss_limit_mb=1024 \
		-print_final_stats=1 -artifact_prefix="$findings/$target-" \
		${dict:+"$dict"} "$@" >"$log" 2>&1
	status=$?
	if [ $status = 0 ]; then
		printf '%-12s %9s inputs, %5s edges\n' "$target" \
			"$(number number_of_executed_units:)" "$(number cov:)"
		return 0
	fi
	echo "$target: finding, see $log and $findings/$target-*"
	grep -a 'does not hold\|^SUMMARY' "$log" | head -n 3
	: >"$findings/failed"
}

mkdir -p "$findings"
rm -f "$findings/failed"
worker() { # which of so many
	which=$1
	shift
	i=0
	for target; do
		i=$((i + 1))
		[ $((i % FUZZ_JOBS)) = "$which" ] && run_one "$target"
	done
}
n=0
while [ $n -lt "$FUZZ_JOBS" ]; do
	worker $n "$@" &
	n=$((n + 1))
done
wait
[ ! -e "$findings/failed" ]
