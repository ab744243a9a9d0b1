#!/bin/sh
# SPDX-License-Identifier: MIT
# Under memcheck: no byte is used that was not written, none is leaked, while
# the program works as the others of this folder do.
. tests/portability/lib_portability.sh

target valgrind "${CC:-cc}" "" "" "valgrind -q --error-exitcode=99
	--leak-check=full --errors-for-leak-kinds=definite,indirect,possible"
build all
compare
# Memory is slow here: nothing large, and no call for each allocation of it.
# The C library keeps what it loads for character sets.
programs_not='check_large\|check_charset\|check_sweeps'
run_programs joliet
finish
