#!/bin/sh
# SPDX-License-Identifier: MIT
# Histories of many sessions: each session is what the standards demand, shows
# the files that it has to, and leaves those that are old where and what they
# were, in both hierarchies.
. tests/tools/lib_tools.sh
need $PYTHON
SOURCE_DATE_EPOCH=1700000000
export SOURCE_DATE_EPOCH

history() { # seed, sessions, ISO level, units of Joliet names, options
	say "seed $1, level $3, $4 units${5:+, $5}"
	$PYTHON tests/standard/history.py "$scratch" "$@" || fault "seed $1"
	rm -f "$scratch"/d.img*
}

history 1 14 2 64
history 2 12 1 103 --no-rock-ridge
history 3 12 relaxed 64
history 10 12 1 64 --relocate
history 11 12 2 64 --no-rock-ridge
history 45 12 2 103
finish
