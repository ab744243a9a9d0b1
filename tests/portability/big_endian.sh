#!/bin/sh
# SPDX-License-Identifier: MIT
# Processors with the other order of bytes, run by qemu: 32 bits, and 64 bits
# where that compiler is there.
. tests/portability/lib_portability.sh

# glibc's conversions of character sets are modules of their own, for one
# processor.
programs_not='check_charset\|check_memory_sweep_charset'
target powerpc powerpc-linux-gnu-gcc "" "-static" qemu-ppc
build all
compare
run_programs joliet iso9660
if [ "$PORTABLE" = whole ] && command -v s390x-linux-gnu-gcc >/dev/null 2>&1
then
	target s390x s390x-linux-gnu-gcc "" "-static" qemu-s390x
	build all
	compare
	run_programs
fi
finish
