#!/bin/sh
# SPDX-License-Identifier: MIT
# cdrskin (libburn) burns, appends, blanks.
. tests/third_party/lib_cdrecord.sh
need cdrskin genisoimage isoinfo xorriso

cdrecord=$cdrskin

new_disc cd-r-80
say "what cdrskin sees"
burns $cdrecord -minfo
says "disk status: +empty"
says "Remaining writable size: +3598[0-9][0-9]"
burns $cdrecord -atip

life_of_a_disc cd-r-80
life_of_a_disc cd-rw
blank_and_again
burns $cdrecord -minfo
says "disk status: +incomplete/appendable"
says "session status: +empty"
says "Is erasable"
finish
