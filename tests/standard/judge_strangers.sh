#!/bin/sh
# SPDX-License-Identifier: MIT
# The judge of volumes is fair: what other programs write passes, but for
# deviations that are known and listed.
. tests/tools/lib_tools.sh
need $PYTHON genisoimage xorriso bsdtar
$PYTHON -c 'import pycdlib' 2>/dev/null || {
	echo "no pycdlib for $PYTHON"
	exit 77
}
$PYTHON tests/standard/judge_strangers.py "$scratch"
