#!/bin/sh
# SPDX-License-Identifier: MIT
# Speed and memory of images against other programs: programs run in turn, a
# first round to warm up and ROUNDS that count. Ratios are taken round by
# round, so that a slow moment of the machine hits both sides; each bound is
# compared with the median of its ratio.
#
#	ROUNDS=7	at least that many make sense
#	SCALE=1		10: a tenth of the files, to try the script
#	ONLY="burns text small tiny large append list grow limits rock"
#	README=1	the table goes into README.md, too
#
# Needs some 11 GB in $TMPDIR and 2 GB of memory. As root it mounts a file with
# XFS and one with btrfs, too.
set -eu
cd "$(dirname "$0")/../.."

BUILD=${BUILD:-build}
ROUNDS=${ROUNDS:-7}
SCALE=${SCALE:-1}
ONLY=${ONLY:-burns text small tiny large append list grow limits rock}
root=$PWD
tools=$PWD/$BUILD/tests/bench
case $BUILD in /*) tools=$BUILD/tests/bench ;; esac
. tests/bench/lib_table.sh

make -s BUILD="$BUILD" "$BUILD/tests/bench/tool_image" \
	"$BUILD/tests/bench/tool_tree" "$BUILD/tests/bench/tool_measure" \
	"$BUILD/tests/bench/tool_grow" "$BUILD/tests/bench/tool_burn_bench" \
	"$BUILD/tests/bench/tool_disc_bench"

asked() { case " $ONLY " in *" $1 "*) return 0 ;; esac; return 1; }
have() { command -v "$1" >/dev/null 2>&1; }

work=$(mktemp -d "${TMPDIR:-/tmp}/lathe-bench.XXXXXX")
trap 'umount "$work/other" 2>/dev/null || :; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
table_begin "$work/table"

if asked text; then
	echo "machine code at -Os"
	# The house holds the limits; here they are told.
	BUILD="$BUILD" sh tests/house/sizes.sh 2>/dev/null >"$work/sizes" ||
		true
	size_of() { sed -n "s/^ *$1: \([0-9]*\) bytes.*/\1/p" "$work/sizes"; }
	kib() { size_of "$1" | awk '{ printf "%.1f", $1 / 1024 }'; }
	judge "text at -Os, iso9660 joliet" KB "$(kib "iso9660 joliet")" \
		"" "" le 60
	# What of it a program carries that does one thing.
	for use in "make volumes of its own data" \
		"make images of host files" "read volumes, Rock Ridge too" \
		"append host files to volumes"; do
		judge "of it linked to $use" KB "$(kib "links to $use")" "" ""
	done
	judge "text at -Os, mmc session" KB "$(kib "mmc session")" \
		"" "" le 60
fi

cd "$work"

# measure NAME COMMAND ...; commands whose program is missing are left out.
# Only the last line of a command is measured, for all programs alike: a file
# of the round before is gone by then.
measure() {
	count=$#
	while [ "$count" -gt 0 ]; do
		name=$1 line=$2
		shift 2
		count=$((count - 2))
		program=${name%% *}
		case $program in
		lathe) set -- "$@" "$name" "$line" ;;
		*) if have "$program"; then
			set -- "$@" "$name" "$line"
		else
			echo "  $program is not installed"
		fi ;;
		esac
	done
	RUNS=$work/runs "$tools/tool_measure" "$ROUNDS" "$@"
}

# A command that makes a file of a tree anew. The tree is in memory: a machine
# may have given up some of it. Nothing that was made before is on its way to
# the disk, and its memory has become free just now.
makes() { # tree, command
	printf 'tar cf - %s | cat >/dev/null; sync; rm -f out\n%s' "$1" "$2"
}
make_image() { # threads, tree
	makes "$2" "$tools/tool_image make out $1 $2"
}

# Peak memory above that of an empty tree.
per_file() { # files, tree
	mkdir -p empty
	RUNS=$work/memory "$tools/tool_measure" 1 \
		full "$tools/tool_image make m.iso 2 $2" \
		empty "$tools/tool_image make m.iso 2 empty" >/dev/null
	rm -f m.iso
	set -- "$1" $(cut -f 2 memory)
	judge "memory, $1 files" "bytes a file" "$(awk -v n="$1" -v m="$2" \
		-v e="$3" 'BEGIN { printf "%.0f", (m - e) * 1048576 / n }')" \
		"" "$2" le 160
	judge "memory without files" MB "$3" "" "$3" le 12
}

# The median of as many runs of a program as there are rounds: its last line.
median_of() { # program, number of the word
	round=0
	while [ $round -lt "$ROUNDS" ]; do
		"$tools/$1" | tail -n 1 | cut -d ' ' -f "$2"
		round=$((round + 1))
	done | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

if asked burns; then
	echo "burns of 20 files, 64 KiB, on a blank emulated disc, verified"
	judge "small emulated burns" "a CPU second" \
		"$(median_of tool_burn_bench 2)" "" "" ge 2000
	echo "a whole emulated BD-R: recorder, store of digests and runner"
	blocks=$("$tools/tool_disc_bench" | cut -d ' ' -f 4)
	judge "emulated BD-R of $blocks blocks" "s of CPU" \
		"$(median_of tool_disc_bench 2)" "" "" le 1
fi

iso="-iso-level 3 -J -joliet-long"

if asked small; then
	n=$((100000 / SCALE))
	echo "image of $n files of 0-8 KiB"
	"$tools/tool_tree" small $n 8192 7
	measure \
		tar "$(makes small "tar cf out small")" \
		"lathe 2 readers" "$(make_image 2 small)" \
		"lathe 1 reader" "$(make_image 1 small)" \
		genisoimage "$(makes small "genisoimage -quiet $iso -o out small")" \
		xorriso "$(makes small "xorriso -as mkisofs -quiet $iso -o out small")" \
		bsdtar "$(makes small "bsdtar -c --format iso9660 -f out small")"
	rm -f out
	what="image of $n files of 0-8 KiB"
	judge_ratio "$what, two readers" "lathe 2 readers" tar le 1.0
	judge_ratio "$what" genisoimage "lathe 2 readers" ge 4
	judge_ratio "$what" xorriso "lathe 2 readers"
	judge_ratio "$what" bsdtar "lathe 2 readers"
	per_file "$n" small
fi

if asked small && asked rock; then
	echo "the same with Rock Ridge"
	measure \
		"lathe 2 readers" "$(makes small "$tools/tool_image rock make out 2 small")" \
		genisoimage "$(makes small "genisoimage -quiet $iso -R -o out small")"
	judge_ratio "$what, Rock Ridge" genisoimage "lathe 2 readers"
fi
rm -rf small out

if asked tiny || asked append || asked list; then
	n=$((300000 / SCALE))
	"$tools/tool_tree" tiny $n 64 8
fi

if asked tiny; then
	what="image of $n files of 0-64 B"
	echo "$what"
	measure \
		tar "$(makes tiny "tar cf out tiny")" \
		"lathe 2 readers" "$(make_image 2 tiny)" \
		"lathe 1 reader" "$(make_image 1 tiny)"
	rm -f out
	judge_ratio "$what, two readers" "lathe 2 readers" tar le 1.0
	judge_ratio "$what, one reader" "lathe 1 reader" tar le 1.3
	per_file "$n" tiny
fi

large_files() { # what
	mkdir large
	for f in a b; do
		head -c "${mb}000000" /dev/urandom >large/$f
	done
	echo "$1"
	measure \
		cat "$(makes large "cat large/a large/b >out")" \
		"lathe 2 readers" "$(make_image 2 large)" \
		"lathe 1 reader" "$(make_image 1 large)"
	judge_ratio "$1" "lathe 2 readers" cat le 1.05
	rm -rf large out
}

# A file system of another kind, where there is one; root alone may.
mounted() { # kind
	have "mkfs.$1" || return 1
	mkdir other
	truncate -s $((8000 / SCALE + 600))M other.img
	"mkfs.$1" -q other.img >/dev/null 2>&1 &&
		mount -o loop other.img other 2>/dev/null
}

if asked large; then
	mb=$((1500 / SCALE))
	what="image of two files of $mb MB"
	large_files "$what"
	for kind in xfs btrfs; do
		if mounted $kind; then
			cd other
			large_files "$what, on $kind"
			cd "$work"
			umount other
		fi
		rm -rf other other.img
	done
fi

# append TITLE ROCK OWN-NAME: ten files to an image; ROCK is "rock" or empty,
# with -R for genisoimage then.
append() {
	title=$1 rock=$2 own=$3 r=${2:+-R}
	size=$(stat -c %s "$own")
	set -- "lathe" "truncate -s $size $own
$(makes "ten $own" "$tools/tool_image $rock append $own 2 ten")"
	if have genisoimage; then
		genisoimage -quiet $iso $r -o gen.iso tiny
		genisoimage -quiet -J $r -o gen1.iso tiny 2>/dev/null
		next() { echo $((($(stat -c %s "$1") / 2048 + 31) / 32 * 32)); }
		set -- "$@" "genisoimage level 3" "$(makes "ten gen.iso" "genisoimage -quiet $iso $r -C 0,$(next gen.iso) -M gen.iso -o out ten")" \
			"genisoimage -J" "$(makes "ten gen1.iso" "genisoimage -quiet -J $r -C 0,$(next gen1.iso) -M gen1.iso -o out ten")"
	fi
	if have xorriso && [ -z "$rock" ]; then
		# It writes to the head of the image: put that back.
		cp "$own" xor.iso
		head -c 65536 xor.iso >xor.head
		set -- "$@" "xorriso" "truncate -s $size xor.iso
dd if=xor.head of=xor.iso bs=65536 conv=notrunc status=none
$(makes "ten xor.iso" "xorriso -dev stdio:xor.iso -joliet on -map ten / -commit")"
	fi
	echo "$title"
	measure "$@"
	truncate -s "$size" "$own"
	rm -f gen.iso gen1.iso out xor.iso
}

if asked append || asked list; then
	"$tools/tool_image" make own.iso 2 tiny
	"$tools/tool_tree" ten 10 64 10
fi

if asked append; then
	append "ten files to an image with $n" "" own.iso
	judge_ratio "append ten files to $n" "genisoimage level 3" lathe ge 10
	judge_ratio "append ten files to $n" "genisoimage -J" lathe ge 5
	judge_ratio "append ten files to $n" xorriso lathe ge 15
fi

if asked append && asked rock; then
	"$tools/tool_image" rock make rock.iso 2 tiny
	append "the same with Rock Ridge" rock rock.iso
	judge_ratio "append, Rock Ridge" "genisoimage level 3" lathe
	judge_ratio "append, Rock Ridge" "genisoimage -J" lathe
	rm -f rock.iso
fi

if asked list; then
	echo "listing $n files"
	measure \
		lathe "$tools/tool_image list own.iso 0" \
		isoinfo "isoinfo -J -f -i own.iso" \
		bsdtar "bsdtar -tf own.iso" \
		xorriso "xorriso -indev own.iso -find /"
	judge_time "list $n files" lathe le 0.15
fi
rm -rf tiny ./*.iso

# What a file costs must not depend on how many there are.
if asked grow; then
	echo "growth, no disk: processor seconds to add, plan, encode, import"
	sizes="100000 1000000 10000000"
	first=
	for n in $sizes; do
		set -- $("$tools/tool_grow" $((n / SCALE)))
		each=$(echo "$2 $3 $4 $5 $1" |
			awk '{ printf "%.2f", ($1 + $2 + $3 + $4) * 1e6 / $5 }')
		first=${first:-$each}
		echo "  $1 files: $2 $3 $4 $5 s, $each us a file;" \
			"$6 bytes a file, $7 imported"
		judge "$1 files, time a file against 100,000" x \
			"$(echo "$each $first" | awk '{ printf "%.2f", $1 / $2 }')" \
			"" "" le 1.5
		judge "$1 files, tree and plan" "bytes a file" "$6" "" "" le 160
	done
fi

if asked limits && pkg-config --exists check 2>/dev/null; then
	echo "large volumes: tree, plan, image and import, each"
	make -s -C "$root" BUILD="$BUILD" "$BUILD/tests/iso9660/check_large"
	CK_FORK=no CK_XML_LOG_FILE_NAME=large.xml CK_DEFAULT_TIMEOUT=100 \
		"${tools%/bench}/iso9660/check_large" >/dev/null
	sed -n -e 's/.*<id>\(.*\)<.id>.*/\1/p' \
		-e 's/.*<duration>\(.*\)<.duration>.*/\1/p' large.xml |
		paste - - | sed '/_/!d; y/_/ /' >large
	while read -r line; do
		seconds=${line##*[!0-9.]}
		judge "limits: ${line%%[	]*}" s \
			"$(echo "$seconds" | awk '{ printf "%.2f", $1 }')" \
			"" "" le 2
	done <large
fi

table_end
