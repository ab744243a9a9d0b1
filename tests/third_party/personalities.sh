#!/bin/sh
# SPDX-License-Identifier: MIT
# Where drives differ, the recorder can behave either way. Programs that have
# met many drives must get along with each of these behaviours: two sessions
# by xorriso on CD-R, two by wodim on CD-RW.
. tests/third_party/lib_writers.sh
need wodim xorriso genisoimage

# What a program has never learnt to live with.
cannot() { # program, personality
	case $1,$2 in
	# It gives up when SET CD SPEED is refused.
	wodim,no-speed) return 0 ;;
	# It takes the address for a real one and writes into the pre-gap.
	wodim,nwa-minus-150) return 0 ;;
	# Both ask for the buffer before it was ever full.
	*,buffer-query-hangs) return 0 ;;
	# It knows the sessions of a CD from the full TOC alone.
	xorriso,no-full-toc) return 0 ;;
	# It gives up at the first answer, or asks for fewer bytes.
	wodim,first-write-waits | wodim,close-repeats) return 0 ;;
	wodim,close-says-busy) return 0 ;;
	wodim,close-returns-early | wodim,mode-sense-30-bytes) return 0 ;;
	esac
	return 1
}

two_sessions() { # program, media, personality
	before=$faults
	new_disc "$2"
	restart_drive "$3"
	sessions=0
	"by_$1" "$work/a" 2>/dev/null
	stop_drive
	"$inspector" state "$disc" >"$work/state"
	next=$(disc_is next)
	start_drive "$3"
	sessions=1
	"by_$1" "$work/b" 2>/dev/null
	stop_drive
	"$inspector" state "$disc" >"$work/state"
	equals "the disc" "$(disc_is kind)" appendable
	equals "sessions" "$(disc_is sessions)" 2
	equals "the start of session 2" "$(track_is 2 start)" "$next"
	xorriso_reads 0 "$work/a"
	xorriso_reads "$next" "$work/ab"
	[ $faults = $before ] || echo "FAULTY: $1 on $2 with $3"
}

make_three_trees

tried=0
for personality in $("$inspector" personalities | sort -u); do
	cannot xorriso "$personality" ||
		two_sessions xorriso cd-r-80 "$personality"
	cannot wodim "$personality" ||
		two_sessions wodim cd-rw "$personality"
	tried=$((tried + 1))
done
[ $tried -gt 10 ] || fault "only $tried personalities"
echo "$tried personalities"
finish
