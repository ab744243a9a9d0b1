#!/bin/sh
# SPDX-License-Identifier: MIT
# CD: wodim with genisoimage, cdrskin, xorriso and lathe record on one disc in
# turn, track at once and session at once, and each continues the others'
# discs. CROSS=whole has every order of two.
. tests/third_party/lib_chain.sh
need wodim cdrskin genisoimage xorriso isoinfo

chain cd-r-80 wodim lathe lathe_sg
chain cd-r-80 xorriso lathe_sg xorriso lathe
chain cd-r-74 cdrskin lathe xorriso cdrskin
chain cd-rw lathe xorriso lathe
chain cd-rw lathe_sg wodim lathe
# Only a first session can be dependably recorded at once.
chain cd-r-80 wodim_sao lathe wodim
chain cd-rw cdrskin_sao lathe_sg cdrskin
chain cd-r-80 xorriso_sao lathe xorriso
if [ "${CROSS:-}" = whole ]; then
	chain cd-rw wodim_sao lathe wodim
	chain cd-r-80 cdrskin_sao lathe cdrskin
	chain cd-rw xorriso_sao lathe xorriso
	for media in cd-r-80 cd-rw; do
		chain $media lathe lathe_sg xorriso cdrskin wodim
		chain $media wodim xorriso xorriso wodim wodim
		chain $media wodim cdrskin cdrskin lathe wodim
		chain $media wodim lathe_sg cdrskin xorriso lathe
	done
fi
finish
