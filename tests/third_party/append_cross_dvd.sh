#!/bin/sh
# SPDX-License-Identifier: MIT
# DVD and BD: xorriso, cdrskin, growisofs and lathe record on one disc in turn,
# in every order of two and some of three. After each session the whole tree,
# old and new, is read by lathe and by strangers; what was there before is not
# touched, but for the descriptors of media that can be overwritten. CROSS=whole
# tries more orders.
. tests/third_party/lib_judges.sh
need xorriso cdrskin growisofs genisoimage isoinfo

cp "$BUILD/lathe" "$work/lathe" && chmod 755 "$work/lathe" || exit 1

of_lathe() { # folder, options
	folder=$1
	shift
	stop_drive
	"$work/lathe" burn -d "emu:$disc" --verify full "$@" "$folder/" \
		>"$work/said" 2>&1 || {
		fault "lathe burn ends with status $?"
		tail -n 12 "$work/said"
	}
	start_drive
}

of_xorriso() { # folder
	burns xorriso -abort_on FAILURE -return_with FAILURE 32 -joliet on \
		-dev /dev/sr0 -map "$1" / -commit
}

# Where overwritable media have no track, cdrskin's own way to grow.
of_cdrskin() { # folder
	how=-multi
	overwritable && how=--grow_overwriteable_iso
	[ $sessions,$media = 0,bd-re ] &&
		burns cdrskin dev=/dev/sr0 blank=as_needed
	place=
	if [ $sessions != 0 ]; then
		burner cdrskin dev=/dev/sr0 $how -msinfo
		place=$(sed -n 's/^\([0-9]*,[0-9]*\) *$/\1/p' "$work/said" |
			tail -n 1)
		[ -n "$place" ] || fault "cdrskin finds no place to append"
	fi
	make_image "$work/session.iso" "$1" $place &&
		burns cdrskin dev=/dev/sr0 fs=2m -v $how padsize=300k \
			"$work/session.iso"
}

# Without spare areas: with them it makes a BD-R pseudo-overwritable, and then
# fails to close it.
of_growisofs() { # folder
	how=-M
	[ $sessions = 0 ] && how=-Z
	burns growisofs -use-the-force-luke=notray,spare:none,tty $how \
		/dev/sr0 -R -J -joliet-long -input-charset utf-8 -quiet "$1"
}

lathe_reads() { # folder
	rm -rf "$work/extracted"
	stop_drive
	"$work/lathe" extract -d "emu:$disc" -C "$work/extracted" \
		>"$work/said" 2>&1 ||
		fault "lathe extract: $(tail -n 3 "$work/said")"
	start_drive
	diff -r "$1" "$work/extracted" >"$work/said" 2>&1 || {
		fault "lathe reads another tree"
		head -n 10 "$work/said"
	}
}

overwritable() {
	case $media in
	*+rw | *ram | *re | *ow) ;;
	*) return 1 ;;
	esac
}

# What a volume says that it takes, ECMA-119 8.4.8, in bytes. Behind it there
# is padding that the next session may have.
volume_bytes() {
	echo $(($(od -An -tu4 -j32848 -N4 "$disc" 2>/dev/null || echo 0) * 2048))
}

# The blocks of earlier sessions, from LBA 32 on where the head is rewritten.
keep_old() {
	from=1
	old_bytes=$(wc -c <"$disc")
	if overwritable; then
		from=65537
		old_bytes=$(volume_bytes)
	fi
	head -c "$old_bytes" "$disc" | tail -c +$from | cksum >"$work/old"
}

old_is_kept() {
	head -c "$old_bytes" "$disc" | tail -c +$from | cksum |
		cmp -s - "$work/old" || fault "an earlier session has changed"
}

chain() { # media, writers...
	media=$1
	shift
	say "$media: $*"
	new_disc "$media"
	rm -rf "$work/tree"
	mkdir "$work/tree"
	sessions=0 foreign=no
	for writer; do
		before=$faults
		rm -rf "$work/new"
		mkdir "$work/new"
		make_tree "$work/new/$sessions $writer" $sessions
		cp -R "$work/new/." "$work/tree"
		options=
		[ $writer,$foreign = lathe,yes ] && options=--import
		keep_old
		"of_$writer" "$work/new" $options
		old_is_kept
		look
		sessions=$((sessions + 1))
		address=0
		overwritable || {
			equals "sessions after $writer" \
				"$(disc_is sessions)" $sessions
			address=$(track_is "$(disc_is tracks)" start)
		}
		lathe_reads "$work/tree"
		xorriso_reads "$address" "$work/tree"
		# cdrskin copies the primary descriptor to LBA 16 and leaves
		# the supplementary one of the session before.
		names=-J
		overwritable && [ $writer = cdrskin ] && names=-R
		isoinfo_reads "$address" $names "$work/tree"
		case $writer in lathe) foreign=no ;; *) foreign=yes ;; esac
		[ $faults = $before ] || {
			fault "$media: $writer as number $sessions of $*"
			break
		}
	done
}

for media in ${MEDIA:-dvd-r dvd-rw dvd+r bd-r dvd+rw dvd-ram bd-re dvd-rw-ow}
do
	chain "$media" lathe xorriso lathe growisofs
	chain "$media" cdrskin lathe lathe xorriso
	[ "${CROSS:-}" = whole ] || continue
	chain "$media" xorriso lathe cdrskin lathe
	chain "$media" growisofs xorriso growisofs lathe
	chain "$media" growisofs lathe growisofs
	chain "$media" lathe cdrskin xorriso
done
finish
