#!/bin/sh
# SPDX-License-Identifier: MIT
# Speed and memory of images against other programs: each line runs them in
# turn, a first round to warm up and ROUNDS that count. "x" is relative to the
# first program of a line, measured round by round.
#
#	ROUNDS=7	at least that many make sense
#	SCALE=1		10: a tenth of the files, to try the script
#	ONLY="burns text small tiny large append list"
#
# Needs some 12 GB in $TMPDIR.
set -eu
cd "$(dirname "$0")/../.."

BUILD=${BUILD:-build}
ROUNDS=${ROUNDS:-7}
SCALE=${SCALE:-1}
ONLY=${ONLY:-burns text small tiny large append list}
tools=$PWD/$BUILD/tests/bench
case $BUILD in /*) tools=$BUILD/tests/bench ;; esac

make -s BUILD="$BUILD" "$BUILD/tests/bench/tool_image" \
	"$BUILD/tests/bench/tool_tree" "$BUILD/tests/bench/tool_measure" \
	"$BUILD/tests/bench/tool_burn_bench"

asked() { case " $ONLY " in *" $1 "*) return 0 ;; esac; return 1; }

if asked text; then
	echo "machine code at -Os"
	# Limits are the house's; here it is only told.
	BUILD="$BUILD" sh tests/house/sizes.sh 2>/dev/null |
		grep 'bytes of text' | sed 's/^/  /'
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/lathe-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
cd "$work"

have() { command -v "$1" >/dev/null 2>&1; }

# measure NAME COMMAND ...; commands whose program is missing are left out
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
	"$tools/tool_measure" "$ROUNDS" "$@" | tee last
}

# Peak memory, in bytes a file above that of an empty tree.
per_file() { # files
	mkdir -p empty
	"$tools/tool_measure" 1 full "$tools/tool_image make m.iso 2 $2" \
		empty "$tools/tool_image make m.iso 2 empty" |
		awk -v files="$1" '{ m[$1] = $(NF - 1) }
			END { printf "  peak memory: %.0f bytes a file above %.1f MB\n",
			(m["full"] - m["empty"]) * 1048576 / files, m["empty"] }'
	rm -f m.iso
}

trees() { # name, files, most bytes: compare all programs
	"$tools/tool_tree" "$1" "$2" "$3" 7
	iso="-iso-level 3 -J -joliet-long"
	measure \
		tar "rm -f t.tar; tar cf t.tar $1" \
		"lathe 2 readers" "rm -f a.iso; $tools/tool_image make a.iso 2 $1" \
		"lathe 1 reader" "rm -f b.iso; $tools/tool_image make b.iso 1 $1" \
		genisoimage "rm -f c.iso; genisoimage -quiet $iso -o c.iso $1" \
		xorriso "rm -f d.iso; xorriso -as mkisofs -quiet $iso -o d.iso $1" \
		bsdtar "rm -f e.iso; bsdtar -c --format iso9660 -f e.iso $1"
	per_file "$2" "$1"
	rm -f t.tar a.iso b.iso c.iso d.iso e.iso
}

if asked burns; then
	echo "burns of 20 files, 64 KiB, on a blank emulated disc, verified"
	"$tools/tool_burn_bench" | sed 's/^/  /'
fi

if asked small; then
	n=$((100000 / SCALE))
	echo "image of $n files of 0-8 KiB"
	trees small $n 8192
	rm -rf small
fi

if asked tiny || asked append || asked list; then
	n=$((300000 / SCALE))
	"$tools/tool_tree" tiny $n 64 8
fi

if asked tiny; then
	echo "image of $n files of 0-64 B"
	measure \
		tar "rm -f t.tar; tar cf t.tar tiny" \
		"lathe 2 readers" "rm -f a.iso; $tools/tool_image make a.iso 2 tiny" \
		"lathe 1 reader" "rm -f b.iso; $tools/tool_image make b.iso 1 tiny"
	per_file $n tiny
	rm -f t.tar a.iso b.iso
fi

if asked large; then
	mb=$((1500 / SCALE))
	mkdir large
	for f in a b; do
		head -c "${mb}000000" /dev/urandom >large/$f
	done
	echo "image of two files of $mb MB"
	measure \
		cat "rm -f c; cat large/a large/b > c" \
		"lathe 2 readers" "rm -f a.iso; $tools/tool_image make a.iso 2 large" \
		"lathe 1 reader" "rm -f b.iso; $tools/tool_image make b.iso 1 large"
	rm -rf large c a.iso b.iso
fi

if asked append || asked list; then
	"$tools/tool_image" make own.iso 2 tiny
fi

if asked append; then
	echo "ten files to an image with $n"
	"$tools/tool_tree" ten 10 64 10
	own=$(stat -c %s own.iso)
	set -- "lathe" "truncate -s $own own.iso; $tools/tool_image append own.iso 2 ten"
	if have genisoimage; then
		genisoimage -quiet -iso-level 3 -J -joliet-long -o gen.iso tiny
		next=$((($(stat -c %s gen.iso) / 2048 + 31) / 32 * 32))
		set -- "$@" "genisoimage level 3" "genisoimage -quiet -iso-level 3 -J -joliet-long -C 0,$next -M gen.iso -o new.iso ten"
	fi
	if have genisoimage; then
		genisoimage -quiet -J -o gen1.iso tiny 2>/dev/null
		next=$((($(stat -c %s gen1.iso) / 2048 + 31) / 32 * 32))
		set -- "$@" "genisoimage -J" "genisoimage -quiet -J -C 0,$next -M gen1.iso -o new.iso ten"
	fi
	if have xorriso; then
		# It writes to the head of the image: put that back.
		cp own.iso xor.iso
		head -c 65536 xor.iso >xor.head
		set -- "$@" "xorriso" "truncate -s $own xor.iso; dd if=xor.head of=xor.iso bs=65536 conv=notrunc status=none; xorriso -dev stdio:xor.iso -joliet on -map ten / -commit"
	fi
	measure "$@"
	truncate -s "$own" own.iso
	rm -f gen.iso gen1.iso new.iso xor.iso
fi

if asked list; then
	echo "listing $n files"
	measure \
		lathe "$tools/tool_image list own.iso 0" \
		isoinfo "isoinfo -J -f -i own.iso" \
		bsdtar "bsdtar -tf own.iso" \
		xorriso "xorriso -indev own.iso -find /"
fi
