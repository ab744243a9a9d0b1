#!/bin/sh
# SPDX-License-Identifier: MIT
# Discs that take no further session: CD recorded at once by a cue sheet, DVD-R
# and -RW at once into a track of the size that was reserved, and what else a
# program closes for good. Whoever wrote it, lathe and strangers read it, and
# nobody records a block more on it. What can be erased is erased, and used
# again.
. tests/third_party/lib_writers.sh
need wodim cdrskin xorriso growisofs genisoimage isoinfo

# ---- each program's way to a final disc -------------------------------------

at_once_by_wodim() { by_wodim "$1" -dao -data; }
at_once_by_cdrskin() { by_cdrskin "$1" -sao; }
at_once_by_xorriso() { by_xorriso "$1" -write_type SAO -close on; }
at_once_by_lathe() { by_lathe_sg "$1" --at-once; }
compatible_by_lathe() { by_lathe_sg "$1" --dvd-compat; }

# Its last WRITE sends a whole cluster, and says the number of blocks that are
# left: only a size that is a multiple of 16 gives a command without a
# contradiction.
at_once_by_growisofs() { # folder
	make_image "$work/session.iso" "$1" || return
	truncate -s %32K "$work/session.iso"
	burns $growisofs,dao -dvd-compat -Z "/dev/sr0=$work/session.iso"
}

final_by_lathe() { by_lathe "$1" --final; }
final_by_xorriso() { by_xorriso "$1" -close on; }
final_by_cdrskin() { by_cdrskin "$1" padsize=300k; }
final_by_growisofs() { # folder
	burns $growisofs -dvd-compat -Z /dev/sr0 $hierarchies "$1"
}

# ---- what holds for each of them --------------------------------------------

# Nobody takes it for a disc with room.
nobody_goes_on() {
	lathe info
	says 'mode +none: .* is final after'
	lathe_refuses 24 'is final after' "$work/more" --import
	keep_disc
	burner $xorriso -dev /dev/sr0 -map "$work/more" / -commit &&
		fault "xorriso goes on with a final disc"
	burner $cdrskin -v -multi "$work/session.iso" &&
		fault "cdrskin goes on with a final disc"
	case $media in
	cd-*) burner $wodim -tao -multi -data "$work/session.iso" &&
		fault "wodim goes on with a final disc" ;;
	*) burner $growisofs -M /dev/sr0 $hierarchies "$work/more" &&
		fault "growisofs goes on with a final disc" ;;
	esac
	disc_is_kept
}

all_read() { # folder with the expected tree
	lathe_reads "$1"
	strangers_read 0 "$1"
}

is_final() {
	look
	equals "the disc" "$(disc_is kind)" final
	equals "sessions" "$(disc_is sessions)" 1
	equals "tracks" "$(disc_is tracks)" 1
	equals "the open track" "$(disc_is open)" 0
	equals "the data mode" "$(track_is 1 mode)" 1
	equals "free blocks" "$(disc_is free)" 0
	all_read "$work/a"
	nobody_goes_on
}

# A cue sheet, or a reservation of just what was written then; nobody closes
# the session by a command.
went_at_once() {
	never_sent 5b
	case $media in
	cd-*)
		sent 5d
		return
		;;
	esac
	sent 53
	reserved=$(sed -n 's/^53 00 00 00 00 \(..\) \(..\) \(..\) \(..\) .*/0x\1\2\3\4/p' \
		"$work/commands" | tail -n 1)
	look
	equals "blocks of the track" "$(track_is 1 blocks)" $((reserved))
}

burnt() { # how, media, programs...
	how_burnt=$1 kind=$2
	shift 2
	for program; do
		say "$kind $how_burnt by $program"
		before=$faults
		new_disc "$kind"
		sessions=0
		"${how_burnt}_by_$program" "$work/a"
		[ "$how_burnt" = final ] || went_at_once
		is_final
		[ $faults = $before ] || fault "$kind $how_burnt by $program"
	done
}

at_once() { burnt at_once "$@"; }
final() { burnt final "$@"; }

# ---- what can be erased -----------------------------------------------------

blank_by_wodim() { burns $wodim -v blank=fast; }
blank_by_cdrskin() { burns $cdrskin -v blank=fast; }
blank_by_xorriso() { burns $xorriso -outdev /dev/sr0 -blank fast; }
blank_by_lathe() { lathe blank || fault "lathe blank: $(cat "$work/said")"; }

erased() { # media, by, then recorded by
	say "$1 erased by $2, then recorded by $3"
	new_disc "$1"
	sessions=0
	at_once_by_lathe "$work/more"
	"blank_by_$2"
	look
	equals "the disc" "$(disc_is kind)" blank
	"$3" "$work/a"
	look
	equals "sessions" "$(disc_is sessions)" 1
	all_read "$work/a"
}

# ---- what is never closed ---------------------------------------------------

# By default growisofs formats a BD-R for pseudo-overwrite, and goes on with it;
# the close that it sends in the end is refused. Everybody reads it, and lathe
# records nothing on it.
pow_by_growisofs() { # -Z or -M, genisoimage's graft
	burner growisofs -use-the-force-luke=notray,tty "$1" /dev/sr0 \
		$hierarchies -graft-points "$2"
	says 'CLOSE TRACK failed'
}

pseudo_overwrite() {
	say "bd-r with pseudo-overwrite by growisofs"
	new_disc bd-r
	rm -rf "$work/both"
	mkdir "$work/both"
	for folder in a more; do
		option=-M
		[ $folder = more ] || option=-Z
		cp -R "$work/$folder" "$work/both/"
		pow_by_growisofs $option "$folder/=$work/$folder"
		lathe verify || fault "lathe verify: $(cat "$work/said")"
		all_read "$work/both"
		lathe info
		says 'mode +none: .* formatted for pseudo-overwrite'
		lathe_refuses 21 'formatted for pseudo-overwrite' \
			"$work/more" --import
		lathe_refuses 21 'formatted for pseudo-overwrite' \
			"$work/more" --blank
		lathe_refuses 21 'formatted for pseudo-overwrite' \
			"$work/more" --overwrite
	done
	stop_drive
	dd if=/dev/zero of="$disc" bs=2048 seek=16 count=1 conv=notrunc \
		2>"$work/said"
	start_drive
	keep_disc
	lathe repair
	equals "lathe repair: the status" $? 21
	says 'formatted for pseudo-overwrite: it can be read, not repaired'
	grep -q 'lathe close' "$work/said" && fault "it can not be closed"
	disc_is_kept
}

make_tree "$work/a" 1
make_tree "$work/more" 2

at_once cd-r-80 wodim cdrskin xorriso lathe
at_once dvd-r wodim cdrskin xorriso growisofs lathe
burnt compatible dvd-r lathe
# Two layers take one session. growisofs records only there what needs more than
# half of them.
at_once dvd-r-dl wodim cdrskin xorriso lathe
final dvd+r xorriso cdrskin growisofs lathe
final dvd+r-dl xorriso cdrskin growisofs lathe
final bd-r xorriso cdrskin lathe
erased cd-rw wodim at_once_by_cdrskin
erased cd-rw cdrskin at_once_by_xorriso
erased cd-rw xorriso at_once_by_wodim
# Erased in a minute, a DVD-RW can be recorded at once only.
erased dvd-rw wodim at_once_by_growisofs
erased dvd-rw cdrskin at_once_by_wodim
erased dvd-rw cdrskin final_by_lathe
erased dvd-rw xorriso at_once_by_cdrskin
erased dvd-rw lathe by_xorriso
pseudo_overwrite

if [ "${CROSS:-}" = whole ]; then
	at_once cd-rw wodim cdrskin xorriso lathe
	at_once dvd-rw wodim cdrskin xorriso growisofs lathe
	burnt compatible dvd-rw lathe
	final dvd-r xorriso cdrskin growisofs lathe
	final dvd-rw xorriso cdrskin growisofs lathe
	final dvd-r-dl cdrskin xorriso lathe
	final bd-r-dl xorriso cdrskin lathe
	final bd-r-tl xorriso cdrskin lathe
	final bd-r-ql xorriso cdrskin lathe
fi

say "at once where that can not be"
for media in cd-r-80 dvd-r; do
	new_disc $media
	sessions=0
	by_cdrskin "$work/a"
	lathe_refuses 22 'only a blank disc' "$work/more" --import --at-once
done
new_disc dvd+r
lathe_refuses 21 'can not be recorded at once' "$work/more" --at-once

say "a first WRITE that fits, a last one that does not"
new_disc dvd-r
make_image "$work/session.iso" "$work/a"
burner $growisofs,dao -Z "/dev/sr0=$work/session.iso" &&
	fault "growisofs takes a lost burn for a good one"
look
equals "sessions" "$(disc_is sessions)" 0
equals "the open track" "$(disc_is open)" 1
lathe_refuses 25 'cut short' "$work/more"

say "a data form that no drive knows"
new_disc cd-r-80
burner $wodim -v -sao -xa1 "$work/session.iso" &&
	fault "wodim's cue sheet for mode 2 is taken"
look
equals "the disc" "$(disc_is kind)" blank
finish
