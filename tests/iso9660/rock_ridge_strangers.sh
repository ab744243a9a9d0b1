#!/bin/sh
# SPDX-License-Identifier: MIT
# What we record with Rock Ridge is what bsdtar, xorriso, isoinfo and pycdlib
# read: names, types, permissions, owners, links, dates, bytes.
. tests/tools/lib_tools.sh
need $PYTHON bsdtar xorriso isoinfo
$PYTHON -c 'import pycdlib' 2>/dev/null || {
	echo "no pycdlib for $PYTHON"
	exit 77
}
$PYTHON tests/iso9660/rock_ridge_strangers.py \
	"$BUILD/tests/iso9660/tool_tree_image" "$scratch"
