# SPDX-License-Identifier: MIT
# The life of a disc, burned by a program with cdrecord's options: TAO, a
# second session, a last one, and blanking where the disc allows it.
. tests/third_party/lib_writers.sh

# What closing a session costs after the end of a TAO track's data, in blocks:
# run-out 2, lead-out 6,750 (later ones 2,250), lead-in 4,500, pre-gap 150.
first_gap=11402
later_gap=6902

# A TAO track has at least 300 blocks.
track_blocks() {
	blocks=$(image_blocks "$1")
	[ "$blocks" -ge 300 ] || blocks=300
	echo "$blocks"
}

toc_has() { # track number or "lout", address
	says "^track: *$1 lba: +$2 "
}

first_session() { # extra options
	say "first session"
	make_image "$work/1.iso" "$work/a" || return
	burns $cdrecord -v -tao -multi "$@" "$work/1.iso"
	second_at=$(($(track_blocks "$work/1.iso") + first_gap))
	look
	equals "the disc" "$(disc_is kind)" appendable
	equals "sessions" "$(disc_is sessions)" 1
	equals "the address behind session 1" "$(disc_is next)" $second_at
	equals "free blocks" "$(disc_is free)" \
		$(($(disc_is limit) - second_at))
	strangers_read 0 "$work/a"
	equals "-msinfo" "$(place_by $cdrecord)" "0,$second_at"
	burns $cdrecord -toc
	toc_has 1 0
	toc_has lout $((second_at - 11400))
}

second_session() { # extra options
	say "second session"
	make_image "$work/2.iso" "$work/b" "0,$second_at" || return
	burns $cdrecord -v -tao -multi "$@" "$work/2.iso"
	third_at=$((second_at + $(track_blocks "$work/2.iso") + later_gap))
	look
	equals "sessions" "$(disc_is sessions)" 2
	equals "the start of session 2" "$(track_is 2 start)" $second_at
	equals "the address behind session 2" "$(disc_is next)" $third_at
	strangers_read 0 "$work/a"
	strangers_read $second_at "$work/ab"
	equals "-msinfo" "$(place_by $cdrecord)" "$second_at,$third_at"
	burns $cdrecord -toc
	toc_has 1 0
	toc_has 2 $second_at
	toc_has lout $((third_at - 6900))
}

last_session() { # extra options
	say "last session"
	make_image "$work/3.iso" "$work/c" "$second_at,$third_at" || return
	burns $cdrecord -v -tao "$@" "$work/3.iso"
	look
	equals "the disc" "$(disc_is kind)" final
	equals "sessions" "$(disc_is sessions)" 3
	equals "free blocks" "$(disc_is free)" 0
	strangers_read $third_at "$work/abc"
	burns $cdrecord -toc
	toc_has 3 $third_at

	say "a session too many"
	keep_disc
	burner $cdrecord -v -tao "$@" "$work/1.iso" &&
		fault "a final disc takes a further session"
	disc_is_kept
	strangers_read $third_at "$work/abc"
}

blank_and_again() { # extra options
	say "blank"
	burns $cdrecord -v blank=fast
	look
	equals "the disc" "$(disc_is kind)" blank
	equals "sessions" "$(disc_is sessions)" 0
	equals "the address of a blank disc" "$(disc_is next)" 0
	make_image "$work/2.iso" "$work/b" || return
	burns $cdrecord -v -tao -multi "$@" "$work/2.iso"
	look
	equals "sessions" "$(disc_is sessions)" 1
	equals "the address behind session 1" "$(disc_is next)" \
		$(($(track_blocks "$work/2.iso") + first_gap))
	strangers_read 0 "$work/b"
}

life_of_a_disc() { # media, extra options
	say "$1"
	new_disc "$1"
	shift
	sessions=1
	first_session "$@"
	second_session "$@"
	last_session "$@"
}

make_three_trees
