#!/bin/sh
# SPDX-License-Identifier: MIT
# Names in normalisation form C and patterns of paths, against Python's.
. tests/tools/lib_tools.sh
need $PYTHON
helper=$BUILD/tests/tools/tool_names
[ -x "$helper" ] || {
	echo "no $helper"
	exit 77
}
$PYTHON tests/tools/names.py "$helper" || fault "names.py"
if [ "$($PYTHON -c 'import unicodedata as u; print(u.unidata_version)')" = \
	14.0.0 ]; then
	$PYTHON tests/tools/nfc_table.py | cmp -s - tools/nfc_table.h ||
		fault "tools/nfc_table.h is not what nfc_table.py makes"
fi
finish
