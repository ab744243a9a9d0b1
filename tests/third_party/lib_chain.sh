# SPDX-License-Identifier: MIT
# One disc, several writers in turn. After each session the whole tree, old and
# new, is read by lathe and by strangers; what was there before is not touched,
# but for the descriptors of media that can be overwritten.
. tests/third_party/lib_writers.sh

# Somebody else's disc is taken over when asked to, and only then.
lathe_options() {
	options=
	[ $foreign = yes ] || return
	lathe_refuses 23 --import "$work/new"
	options=--import
}

# A DVD+R with two layers is final when its first session ends within a radius
# of 30 mm, about 537 MB: mostly zeros here, which take no space.
long_file() { # file
	truncate -s 540000000 "$1"
	content 9 100000 >>"$1"
}

# Where the session lies, and that it lies where the disc went on.
find_session() { # writer
	start=0
	overwritable && return
	equals "sessions after $1" "$(disc_is sessions)" $sessions
	start=$(track_is "$(disc_is tracks)" start)
	equals "the start of session $sessions" "$start" "$next"
	next=$(disc_is next)
}

all_read() { # writer, folder with the expected tree
	session="--session $sessions"
	overwritable && session=
	lathe_reads "$2" $session
	xorriso_reads "$start" "$2"
	# cdrskin copies the primary descriptor to LBA 16 and leaves the
	# supplementary one of the session before.
	isoinfo_reads "$start" -R "$2"
	overwritable && [ "$1" = cdrskin ] ||
		isoinfo_reads "$start" -J "$2"
}

chain() { # media, writers...
	say "$*"
	new_disc "$1"
	shift
	rm -rf "$work/tree"
	mkdir "$work/tree"
	sessions=0 next=0 foreign=no
	for writer; do
		before=$faults
		rm -rf "$work/new"
		mkdir "$work/new"
		make_tree "$work/new/$sessions $writer" $sessions
		[ "$sessions,$media" != 0,dvd+r-dl ] ||
			long_file "$work/new/long"
		cp -R "$work/new/." "$work/tree"
		options=
		case $writer in lathe*) lathe_options ;; esac
		keep_old
		"by_$writer" "$work/new" $options
		old_is_kept
		look
		sessions=$((sessions + 1))
		find_session "$writer"
		all_read "$writer" "$work/tree"
		case $writer in lathe*) foreign=no ;; *) foreign=yes ;; esac
		[ $faults = $before ] || {
			fault "$media: $writer as number $sessions of $*"
			break
		}
	done
}
