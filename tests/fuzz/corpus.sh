#!/bin/sh
# SPDX-License-Identifier: MIT
# The kept inputs of the fuzz targets, once each, under sanitizers where the
# build has them.
set -u

programs=$BUILD/sanitize/tests/fuzz
[ -d "$programs" ] || programs=$BUILD/tests/fuzz
# Sanitizers and a busy machine: this is about loops without an end.
FUZZ_SLOW=${FUZZ_SLOW:-5}
export FUZZ_SLOW
failed=0
inputs=0

for source in tests/fuzz/target_*.c; do
	target=${source##*target_}
	target=${target%.c}
	corpus=tests/fuzz/corpus/$target
	if [ ! -d "$corpus" ]; then
		echo "$target: no corpus"
		failed=1
		continue
	fi
	if ! out=$("$programs/target_$target" "$corpus" 2>&1); then
		echo "$target: $(echo "$out" | tail -n 20)"
		failed=1
	fi
	n=$(echo "$out" | sed -n 's/^\([0-9]*\) inputs$/\1/p')
	inputs=$((inputs + ${n:-0}))
done
echo "$inputs inputs"
exit $failed
