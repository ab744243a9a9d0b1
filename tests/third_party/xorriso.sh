#!/bin/sh
# SPDX-License-Identifier: MIT
# xorriso (libburn, libisofs) burns, appends, blanks, with its own images.
. tests/third_party/lib_writers.sh
need xorriso isoinfo

xorriso="$xorriso -write_type TAO"

life_of_a_disc() { # media
	new_disc "$1"
	say "$1, first session"
	burns $xorriso -dev /dev/sr0 -volid FIRST -map "$work/a" / -commit
	look
	equals "the disc" "$(disc_is kind)" appendable
	equals "sessions" "$(disc_is sessions)" 1
	second_at=$(($(track_is 1 blocks) + 11402))
	equals "the address behind session 1" "$(disc_is next)" $second_at
	strangers_read 0 "$work/a"

	say "$1, second session"
	burns $xorriso -dev /dev/sr0 -volid SECOND -map "$work/b" / -commit
	look
	equals "sessions" "$(disc_is sessions)" 2
	equals "the start of session 2" "$(track_is 2 start)" $second_at
	third_at=$((second_at + $(track_is 2 blocks) + 6902))
	equals "the address behind session 2" "$(disc_is next)" $third_at
	strangers_read 0 "$work/a"
	strangers_read $second_at "$work/ab"
	burns $xorriso -indev /dev/sr0 -toc
	says "ISO session *: +1 , +0 , +[0-9]+s , FIRST"
	says "ISO session *: +2 , +$second_at , +[0-9]+s , SECOND"
	says "Media status : is written , is appendable"
	says "Media nwa *: +${third_at}s"

	say "$1, last session"
	burns $xorriso -dev /dev/sr0 -volid THIRD -close on \
		-map "$work/c" / -commit
	look
	equals "the disc" "$(disc_is kind)" final
	equals "sessions" "$(disc_is sessions)" 3
	strangers_read $third_at "$work/abc"
	burns $xorriso -indev /dev/sr0 -toc
	says "Media status : is written , is closed"

	say "$1, a session too many"
	keep_disc
	burner $xorriso -dev /dev/sr0 -map "$work/a" /again -commit &&
		fault "a final disc takes a further session"
	disc_is_kept
}

make_three_trees

life_of_a_disc cd-r-80
life_of_a_disc cd-rw
say "blank"
burns $xorriso -outdev /dev/sr0 -blank fast
look
equals "the disc" "$(disc_is kind)" blank
burns $xorriso -dev /dev/sr0 -volid AGAIN -map "$work/b" / -commit
look
equals "sessions" "$(disc_is sessions)" 1
strangers_read 0 "$work/b"
finish
