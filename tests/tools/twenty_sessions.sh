#!/bin/sh
# SPDX-License-Identifier: MIT
# Twenty sessions that add, replace and remove: each reads back in full, old
# ones included, and free space is the lead-out's limit less the next address.
. tests/tools/lib_tools.sh
need $PYTHON
TMPDIR=$scratch $PYTHON tests/tools/twenty_sessions.py "$scratch"
