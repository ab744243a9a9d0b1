#!/bin/sh
# SPDX-License-Identifier: MIT
# A drive that is pulled out while it records, under a real Linux kernel.
. tests/kernel/lib_boot.sh
echo 'op=2a count=20 gone' >"$work/faults"
serve_options="--faults $work/faults"
boot lib_guest_unplug.sh 128 cd-r-80
finish
