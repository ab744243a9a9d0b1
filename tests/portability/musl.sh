#!/bin/sh
# SPDX-License-Identifier: MIT
# Another C library, linked statically.
. tests/portability/lib_portability.sh

# The kernel's headers are the same for both.
kernel="-idirafter /usr/include"
kernel="$kernel -idirafter /usr/include/$(uname -m)-linux-gnu"
target musl musl-gcc "$kernel" "-static" ""
build all
file "$there/lathe" 2>/dev/null | grep -q 'dynamically linked' &&
	fault "musl: the program is not static"
compare
run_programs joliet emulator
finish
