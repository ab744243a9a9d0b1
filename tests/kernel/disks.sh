#!/bin/sh
# SPDX-License-Identifier: MIT
# Images onto disks, which are as long as they are, under a real Linux kernel.
. tests/kernel/lib_boot.sh
disk=$work/disk
truncate -s 4M "$disk"
boot lib_guest_disks.sh 0
finish
