# SPDX-License-Identifier: MIT
# Shared by the scripts of this folder; tests/tools/lib_tools.sh comes first.
need $PYTHON xorriso genisoimage isoinfo bsdtar 7zz
$PYTHON -c 'import pycdlib' 2>/dev/null || {
	echo "no pycdlib for $PYTHON"
	exit 77
}

# Thousands of small files are made and removed: in memory where there is room.
place=${TMPDIR:-/tmp}
if [ -w /dev/shm ]; then
	room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
	[ "${room:-0}" -gt 524288 ] && place=/dev/shm
fi
memory=$(mktemp -d "$place/differential.XXXXXX") || exit 1
trap 'chmod -R u+w "$scratch" "$memory" 2>/dev/null
	rm -rf "$scratch" "$memory"' EXIT
SOURCE_DATE_EPOCH=1700000000
export SOURCE_DATE_EPOCH

between() { # program, first and last seed as "a-b"
	TMPDIR=$memory $PYTHON "tests/differential/$1" "$memory" \
		"${2%-*}" "${2#*-}" || {
		fault "$1, seeds $2"
		echo "again: DIFF_SEEDS=N-N BUILD=$BUILD sh $0"
	}
}
