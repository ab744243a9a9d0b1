#!/bin/sh
# SPDX-License-Identifier: MIT
# Rights, exclusive use and reloading, under a real Linux kernel.
. tests/kernel/lib_boot.sh
boot lib_guest_hygiene.sh 128 cd-r-80
finish
