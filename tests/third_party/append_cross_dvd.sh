#!/bin/sh
# SPDX-License-Identifier: MIT
# DVD and BD: xorriso, cdrskin, growisofs and lathe record on one disc in turn.
# CROSS=whole has every order of two on each medium, and a DVD+R with two
# layers, which is final after a short session.
. tests/third_party/lib_chain.sh
need xorriso cdrskin growisofs genisoimage isoinfo

for media in ${MEDIA:-dvd-r dvd-rw dvd+r bd-r dvd+rw dvd-ram bd-re dvd-rw-ow}
do
	if [ "${CROSS:-}" = whole ]; then
		chain "$media" lathe lathe xorriso cdrskin growisofs
		chain "$media" growisofs xorriso xorriso growisofs growisofs
		chain "$media" growisofs cdrskin cdrskin lathe growisofs
		chain "$media" growisofs lathe cdrskin xorriso lathe
	else
		chain "$media" lathe xorriso lathe growisofs
		chain "$media" cdrskin lathe lathe xorriso
	fi
done
for media in ${MEDIA:-bd-r-dl bd-r-tl bd-r-ql bd-re-dl}; do
	chain "$media" xorriso lathe cdrskin lathe xorriso
done
[ "${CROSS:-}" != whole ] || {
	chain dvd+r-dl xorriso lathe cdrskin
	chain dvd+r-dl lathe xorriso
}
finish
