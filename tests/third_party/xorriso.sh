#!/bin/sh
# SPDX-License-Identifier: MIT
# xorriso (libburn, libisofs) burns, appends, blanks, with its own images.
. tests/third_party/lib_judges.sh
need xorriso isoinfo

xorriso="xorriso -abort_on FAILURE -return_with FAILURE 32 -joliet on
	-write_type TAO"

reads_everywhere() { # address, folder
	isoinfo_reads "$1" -R "$2"
	isoinfo_reads "$1" -J "$2"
	xorriso_reads "$1" "$2"
}

life_of_a_disc() { # media
	new_disc "$1"
	say "$1, first session"
	burns $xorriso -dev /dev/sr0 -volid FIRST -map "$work/a" / -commit
	look
	equals "the disc" "$(disc_is kind)" appendable
	equals "sessions" "$(disc_is sessions)" 1
	second_at=$(($(track_is 1 blocks) + 11402))
	equals "the address behind session 1" "$(disc_is next)" $second_at
	reads_everywhere 0 "$work/a"

	say "$1, second session"
	burns $xorriso -dev /dev/sr0 -volid SECOND -map "$work/b" / -commit
	look
	equals "sessions" "$(disc_is sessions)" 2
	equals "the start of session 2" "$(track_is 2 start)" $second_at
	third_at=$((second_at + $(track_is 2 blocks) + 6902))
	equals "the address behind session 2" "$(disc_is next)" $third_at
	reads_everywhere 0 "$work/a"
	reads_everywhere $second_at "$work/ab"
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
	reads_everywhere $third_at "$work/abc"
	burns $xorriso -indev /dev/sr0 -toc
	says "Media status : is written , is closed"

	say "$1, a session too many"
	cp "$disc.disc" "$work/before"
	burner $xorriso -dev /dev/sr0 -map "$work/a" /again -commit &&
		fault "a final disc takes a further session"
	stop_drive
	cmp -s "$disc.disc" "$work/before" || fault "the state is another"
	start_drive
}

make_tree "$work/a" 1
mkdir "$work/b" "$work/c"
make_tree "$work/b/second" 2
make_tree "$work/c/third" 3
cp -R "$work/a" "$work/ab"
cp -R "$work/b/." "$work/ab"
cp -R "$work/ab" "$work/abc"
cp -R "$work/c/." "$work/abc"

life_of_a_disc cd-r-80
life_of_a_disc cd-rw
say "blank"
burns $xorriso -outdev /dev/sr0 -blank fast
look
equals "the disc" "$(disc_is kind)" blank
burns $xorriso -dev /dev/sr0 -volid AGAIN -map "$work/b" / -commit
look
equals "sessions" "$(disc_is sessions)" 1
reads_everywhere 0 "$work/b"
finish
