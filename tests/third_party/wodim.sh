#!/bin/sh
# SPDX-License-Identifier: MIT
# wodim burns, appends, blanks. By itself it records mode 2 form 1 when a disc
# shall stay open.
. tests/third_party/lib_cdrecord.sh
need wodim genisoimage isoinfo xorriso

cdrecord=$wodim

new_disc cd-r-80
say "what wodim sees"
burns $cdrecord -prcap
says "Does write CD-R media"
says "Does write CD-RW media"
burns $cdrecord -atip
says "ATIP start of lead in"
says "ATIP start of lead out: 3598[0-9][0-9]"
burns $cdrecord -checkdrive
says "Driver flags *: MMC-3 .*BURNFREE"
says "Supported modes: .*TAO"

life_of_a_disc cd-r-80
equals "the mode of wodim's first track" "$(track_is 1 mode)" 2
life_of_a_disc cd-r-74 -data
equals "the mode of -data" "$(track_is 1 mode)" 1
life_of_a_disc cd-rw -data
blank_and_again -data
finish
