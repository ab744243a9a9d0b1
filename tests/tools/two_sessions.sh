#!/bin/sh
# SPDX-License-Identifier: MIT
# A disc with two sessions of real directories, the second one chosen by the
# engine: addresses, free space and budget to the block, both trees back byte
# by byte through the program, xorriso and isoinfo.
. tests/tools/lib_tools.sh
need $PYTHON

strangers=yes
for program in xorriso isoinfo; do
	command -v $program >/dev/null || strangers=no
done

first=
for path in /usr/share/doc/base-files /usr/share/zoneinfo /etc/default \
	/usr/share/misc "$PWD/mmc"; do
	[ -d "$path" ] && first="$first $path"
	[ "$(echo $first | wc -w)" = 2 ] && break
done
# All of it may be a gigabyte somewhere: then a part will do.
second=/usr/include
[ -d $second ] && [ "$(du -sm $second | cut -f1)" -lt 300 ] ||
	second=$PWD/iso9660

TMPDIR=$scratch $PYTHON tests/tools/two_sessions.py "$scratch" $strangers \
	$first -- $second || exit 1
[ $strangers = yes ] || {
	echo "held for lathe; no xorriso or isoinfo to say the same"
	exit 77
}
