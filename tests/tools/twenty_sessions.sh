#!/bin/sh
# SPDX-License-Identifier: MIT
# Twenty sessions that add, replace and remove, after two of real directories:
# each reads back in full, old ones included, and free space is the lead-out's
# limit less the next address.
. tests/tools/lib_tools.sh
need $PYTHON

# A directory of the system, if it is there, and one of our own.
TMPDIR=$scratch $PYTHON tests/tools/twenty_sessions.py "$scratch" \
	$(ls -d /usr/share/doc/base-files 2>/dev/null) "$PWD/joliet"
