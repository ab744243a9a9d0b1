#!/bin/sh
# SPDX-License-Identifier: MIT
# Under memcheck: no byte is used that was not written, none is leaked, while
# the program works as the others of this folder do.
. tests/portability/lib_portability.sh

target valgrind "${CC:-cc}" "" "" "valgrind -q --error-exitcode=99
	--leak-check=full --errors-for-leak-kinds=definite,indirect,possible"
build all
compare
# Under which memory is slow: nothing large.
programs_not=check_large
run_programs joliet
finish
