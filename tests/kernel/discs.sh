#!/bin/sh
# SPDX-License-Identifier: MIT
# A real Linux kernel, in user mode, with emulated recorders as its drives:
# lathe burns and appends by /dev/srN and /dev/sgN, the kernel mounts. No
# root, no network.
. tests/kernel/lib_boot.sh
boot lib_guest_discs.sh 128 cd-r-80 dvd-r dvd+r dvd+rw bd-r
boot lib_guest_discs.sh 2048 cd-rw dvd-ram bd-re
# A bridge that takes little at a time.
boot lib_guest_discs.sh 32 dvd+r
finish
