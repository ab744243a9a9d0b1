#!/bin/sh
# SPDX-License-Identifier: MIT
# Images and emulated discs as people make them: a tree of files changes, and
# sessions are recorded with the program's options in any combination, at times
# by others in between. EVERYDAY_SEEDS=a-b: other histories, and more of them.
. tests/tools/lib_tools.sh
. tests/differential/lib_differential.sh
seeds=${EVERYDAY_SEEDS:-1-12}
TMPDIR=$memory $PYTHON tests/tools/everyday_histories.py "$memory" \
	"${seeds%-*}" "${seeds#*-}" || {
	fault "seeds $seeds"
	echo "again: EVERYDAY_SEEDS=N-N BUILD=$BUILD sh $0"
}
finish
