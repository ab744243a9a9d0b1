#!/bin/sh
# SPDX-License-Identifier: MIT
# One disc, several writers in turn: lathe continues discs of wodim with
# genisoimage and of xorriso when asked to, and they continue lathe's. After
# each session the whole tree, old and new, is read by lathe and by strangers.
. tests/third_party/lib_judges.sh
need wodim genisoimage xorriso isoinfo

cp "$BUILD/lathe" "$work/lathe" && chmod 755 "$work/lathe" || exit 1

# Each writer records one folder more. $address: where its session begins.
of_lathe() { # folder, options: straight onto the disc
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

# The same program as a plain user, by the system's interface for drives.
of_lathe_sg() { # folder, options
	folder=$1
	shift
	burns "$work/lathe" burn -d /dev/sr0 --verify full "$@" "$folder/"
}

of_wodim() { # folder
	if [ $sessions = 0 ]; then
		make_image "$work/session.iso" "$1"
	else
		make_image "$work/session.iso" "$1" "$last,$address"
	fi && burns wodim dev=/dev/sr0 fs=2m gracetime=2 -v -tao -multi \
		-data "$work/session.iso"
}

of_xorriso() { # folder
	burns xorriso -abort_on FAILURE -return_with FAILURE 32 -joliet on \
		-write_type TAO -dev /dev/sr0 -map "$1" / -commit
}

lathe_extracts() { # session
	rm -rf "$work/extracted"
	stop_drive
	"$work/lathe" extract -d "emu:$disc" --session "$1" \
		-C "$work/extracted" >"$work/said" 2>&1 ||
		fault "lathe extract --session $1: $(tail -n 3 "$work/said")"
	start_drive
}

lathe_reads() { # session, folder with the expected tree
	lathe_extracts "$1"
	diff -r "$2" "$work/extracted" >"$work/said" 2>&1 || {
		fault "lathe reads another tree in session $1"
		head -n 10 "$work/said"
	}
}

refuses_without_import() {
	stop_drive
	cp "$disc.disc" "$work/before"
	"$work/lathe" burn -d "emu:$disc" "$work/new" >"$work/said" 2>&1 &&
		fault "a disc of somebody else is taken over unasked"
	says "--import"
	cmp -s "$disc.disc" "$work/before" || fault "the disc is another"
	start_drive
}

# Nothing that was there before a session may be changed by it.
keep_old() {
	old_bytes=$(wc -c <"$disc")
	cksum <"$disc" >"$work/old"
}
old_is_kept() {
	head -c "$old_bytes" "$disc" | cksum | cmp -s - "$work/old" ||
		fault "an earlier session has changed"
}

# genisoimage knows the names of a disc by Rock Ridge or as ISO 9660 has them.
# A disc of lathe has Joliet, so that it takes over "FILE_OF_0" for "file of
# 0": then contents are compared, whatever their names.
contents_of() { # folder
	(cd "$1" && find . -type f -exec cat {} + | wc -c &&
		find . -type f -exec cksum {} + | cut -d' ' -f1,2 | sort)
}

lathe_reads_contents() { # session, folder
	lathe_extracts "$1"
	contents_of "$2" >"$work/expected"
	contents_of "$work/extracted" | cmp -s - "$work/expected" ||
		fault "lathe reads other contents in session $1"
}

# Record by each writer in turn, and look at the whole after each.
chain() { # media, writers...
	media=$1
	shift
	say "$media: $*"
	new_disc "$media"
	rm -rf "$work/tree"
	mkdir "$work/tree"
	sessions=0 address=0 last=0 foreign=no previous=none renamed=no
	for writer; do
		rm -rf "$work/new"
		mkdir "$work/new"
		make_tree "$work/new/$sessions $writer" $sessions
		cp -R "$work/new/." "$work/tree"
		options=
		case $writer in lathe*)
			if [ $foreign = yes ]; then
				refuses_without_import
				options=--import
			fi ;;
		esac
		keep_old
		"of_$writer" "$work/new" $options
		old_is_kept
		look
		sessions=$((sessions + 1))
		equals "sessions after $writer" "$(disc_is sessions)" $sessions
		equals "the start of session $sessions" \
			"$(track_is $sessions start)" $address
		case $previous,$writer in lathe*,wodim) renamed=yes ;; esac
		if [ $renamed = yes ]; then
			lathe_reads_contents $sessions "$work/tree"
		else
			lathe_reads $sessions "$work/tree"
			xorriso_reads $address "$work/tree"
			isoinfo_reads $address -J "$work/tree"
		fi
		previous=$writer
		last=$address
		address=$(disc_is next)
		case $writer in
		lathe*) foreign=no ;;
		*) foreign=yes ;;
		esac
	done
}

chain cd-r-80 wodim lathe lathe_sg
chain cd-r-80 xorriso lathe_sg xorriso lathe
chain cd-rw lathe xorriso lathe
chain cd-rw lathe_sg wodim lathe
finish
