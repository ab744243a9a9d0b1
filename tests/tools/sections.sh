#!/bin/sh
# SPDX-License-Identifier: MIT
# A file of more than 4 GiB: several sections, ECMA-119 6.5.1.
. tests/tools/lib_tools.sh
need $PYTHON xorriso isoinfo bsdtar 7zz
room=$(df -Pk "$scratch" | awk 'NR == 2 { print int($4 / 1048576) }')
[ "$room" -ge 10 ] || {
	echo "only $room GiB free for a big image"
	exit 77
}
TMPDIR=$scratch $PYTHON tests/tools/sections.py "$scratch"
