# SPDX-License-Identifier: MIT
# Who records a folder as the next session of the disc: each program in its own
# way, at the place that it finds itself. $media and $sessions say what is in
# the recorder.
. tests/third_party/lib_judges.sh

# What a plain user may read and run, wherever the build is.
cp "$BUILD/lathe" "$work/lathe" && chmod 755 "$work/lathe" || exit 1

overwritable() {
	case $media in
	*+rw | *ram | *-re | *-re-dl | *-ow) ;;
	*) return 1 ;;
	esac
}

# ---- lathe ------------------------------------------------------------------

# Its program straight on the disc. What it says is kept in $work/said.
lathe() { # command, options
	command=$1
	shift
	stop_drive
	"$work/lathe" "$command" -d "emu:$disc" "$@" >"$work/said" 2>&1
	status=$?
	start_drive
	return $status
}

by_lathe() { # folder, options
	folder=$1
	shift
	lathe burn --verify full "$@" "$folder/" || {
		fault "lathe burn ends with status $status"
		tail -n 12 "$work/said"
	}
}

# The same program as a plain user, by the system's interface for drives.
by_lathe_sg() { # folder, options
	folder=$1
	shift
	burns "$work/lathe" burn -d /dev/sr0 --verify full "$@" "$folder/"
}

lathe_reads() { # folder with the expected tree, options
	tree=$1
	shift
	rm -rf "$work/extracted"
	lathe extract -C "$work/extracted" "$@" ||
		fault "lathe extract $*: $(tail -n 3 "$work/said")"
	diff -r "$tree" "$work/extracted" >"$work/said" 2>&1 || {
		fault "lathe reads another tree $*"
		head -n 10 "$work/said"
	}
}

# lathe burns with these options are refused: the status, the word for it, and
# not a byte of the disc has changed.
lathe_refuses() { # status, expression, folder, options
	expected=$1 word=$2 folder=$3
	shift 3
	keep_disc
	lathe burn "$@" "$folder/"
	equals "lathe burn $*: the status" $status "$expected"
	says "$word"
	disc_is_kept
}

# ---- strangers --------------------------------------------------------------

# "0,12010", as genisoimage wants it, by the program's own -msinfo; nothing on
# a blank disc.
place_by() { # program, options
	[ "$sessions" != 0 ] || return
	burner "$@" -msinfo
	sed -n 's/^\([0-9]*,[0-9]*\) *$/\1/p' "$work/said" | tail -n 1
}

# A plain user may not lock the memory of wodim's default buffer. By itself it
# records mode 2 when a disc shall stay open; -data asks for mode 1.
wodim='wodim dev=/dev/sr0 fs=2m gracetime=2'
cdrskin='cdrskin dev=/dev/sr0 fs=2m gracetime=0'
xorriso='xorriso -abort_on FAILURE -return_with FAILURE 32 -joliet on'
# Without spare areas: with them it makes a BD-R pseudo-overwritable, and then
# fails to close it.
growisofs='growisofs -use-the-force-luke=notray,spare:none,tty'
hierarchies='-R -J -joliet-long -input-charset utf-8 -quiet'

by_wodim() { # folder, options in place of the usual ones
	folder=$1
	shift
	make_image "$work/session.iso" "$folder" $(place_by $wodim) &&
		burns $wodim -v ${*:--tao -multi -data} "$work/session.iso"
}

by_wodim_sao() { # folder
	by_wodim "$1" -sao -multi -data
	sent 5d
}

# Where overwritable media have no track, it has its own way to grow.
by_cdrskin() { # folder, options in place of the usual ones
	folder=$1
	shift
	how='-multi padsize=300k'
	case $media in cd-*) how='-tao -multi' ;; esac
	overwritable && how='--grow_overwriteable_iso padsize=300k'
	case $sessions,$media in
	0,bd-re*) burns $cdrskin blank=as_needed ;;
	esac
	place=$(place_by $cdrskin $how)
	[ "$sessions,$place" != "0," ] && [ -z "$place" ] &&
		fault "cdrskin finds no place to append"
	make_image "$work/session.iso" "$folder" $place &&
		burns $cdrskin -v ${*:-$how} "$work/session.iso"
}

by_cdrskin_sao() { # folder
	by_cdrskin "$1" -sao -multi
	sent 5d
}

by_xorriso() { # folder, options in place of the usual ones
	folder=$1
	shift
	how=
	case $media in cd-*) how='-write_type TAO' ;; esac
	burns $xorriso ${*:-$how} -dev /dev/sr0 -map "$folder" / -commit
}

by_xorriso_sao() { # folder
	by_xorriso "$1" -write_type SAO -close off
	sent 5d
}

by_growisofs() { # folder
	how=-M
	[ "$sessions" != 0 ] || how=-Z
	burns $growisofs $how /dev/sr0 $hierarchies "$1"
}

# ---- nothing that was there before is changed by a session ------------------

keep_disc() {
	stop_drive
	cp "$disc.disc" "$work/kept"
	cksum <"$disc" >"$work/kept.sum"
	start_drive
}

disc_is_kept() {
	stop_drive
	cmp -s "$disc.disc" "$work/kept" || fault "the disc's state is another"
	cksum <"$disc" | cmp -s - "$work/kept.sum" ||
		fault "the disc's blocks are others"
	start_drive
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
