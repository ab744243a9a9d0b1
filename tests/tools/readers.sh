#!/bin/sh
# SPDX-License-Identifier: MIT
# Fifty random trees as images, read by other people's programs.
. tests/tools/lib_tools.sh
need $PYTHON xorriso isoinfo bsdtar 7zz
$PYTHON -c 'import pycdlib' 2>/dev/null || {
	echo "no pycdlib for $PYTHON"
	exit 77
}
TMPDIR=$scratch $PYTHON tests/tools/random_trees.py "$scratch" 50
