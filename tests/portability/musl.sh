#!/bin/sh
# SPDX-License-Identifier: MIT
# Another C library, linked statically.
. tests/portability/lib_portability.sh

target musl musl-gcc "" "-static" ""
build all
file "$there/lathe" 2>/dev/null | grep -q 'dynamically linked' &&
	fault "musl: the program is not static"
compare
run_programs joliet emulator
finish
