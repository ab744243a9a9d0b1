#!/bin/sh
# SPDX-License-Identifier: MIT
# tests/run fails where a test failed, in whatever way it tells.
. tests/house/lib_house.sh

tree=$scratch/tree
mkdir -p "$tree/tests/area"
cp tests/run "$tree/tests/run"

# The script does that; the run ends with this status.
gives() { # status, what the test does
	wanted=$1
	printf '#!/bin/sh\n%s\n' "$2" >"$tree/tests/area/one.sh"
	chmod +x "$tree/tests/area/one.sh"
	BUILD=$tree/build JOBS=1 TEST_TIMEOUT=5 "$tree/tests/run" area \
		>"$scratch/output" 2>&1
	status=$?
	[ $status = "$wanted" ] || {
		fault "status $status, not $wanted: $2"
		cat "$scratch/output"
	}
}

gives 0 'echo "0 faults"'
gives 0 'echo "no tool"; exit 77'
gives 1 'exit 1'
gives 1 'kill -9 $$'
gives 1 ': >"$TMPDIR/left"'
# In a subshell a fault is told, but its count is lost.
gives 1 'faults=0; echo x | while read x; do echo "FAULT: $x"; faults=1; done
	echo "$faults faults"; [ $faults = 0 ]'
finish
