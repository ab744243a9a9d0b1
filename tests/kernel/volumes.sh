#!/bin/sh
# SPDX-License-Identifier: MIT
# Images of random trees, and of random histories by several programs: under a
# real Linux kernel each session of lathe shows just what is recorded.
# KERNEL_SEEDS=a-b: other seeds.
. tests/kernel/lib_boot.sh
python=/usr/bin/python3
for program in $python xorriso genisoimage losetup; do
	command -v $program >/dev/null || { echo "no $program"; exit 77; }
done
seeds=${KERNEL_SEEDS:-9-14}
SOURCE_DATE_EPOCH=1700000000
PYTHONDONTWRITEBYTECODE=1
export BUILD SOURCE_DATE_EPOCH PYTHONDONTWRITEBYTECODE

mkdir "$work/volumes"
TMPDIR=$work $python tests/kernel/volumes.py "$work/volumes" "${seeds%-*}" \
	"${seeds#*-}" || fault "no images: seeds $seeds"
boot lib_guest_volumes.sh 0
finish
