#!/bin/sh
# SPDX-License-Identifier: MIT
# A processor of the same kind with pointers of 32 bits: builds without a
# warning, makes the same bytes, passes the tests.
. tests/portability/lib_portability.sh

[ "$(uname -m)" = x86_64 ] || skip "this is no x86-64"
# The kernel's headers are the same for both; gcc-multilib, which says so,
# can not be installed beside compilers for other processors.
target native32 gcc "-m32 -idirafter /usr/include/x86_64-linux-gnu" "-m32" ""
build all
compare
run_programs iso9660 joliet import
finish
