# SPDX-License-Identifier: MIT
# Shared by the scripts of this folder, which run from the repository's root:
# lathe built for another target, its work compared with that of the plain
# build. PORTABLE=whole: every Check program, more and larger trees.
set -u
BUILD=${BUILD:-build}
case $BUILD in
/*) ;;
*) BUILD=$PWD/$BUILD ;;
esac
PORTABLE=${PORTABLE:-short}
plain=$BUILD/lathe
LC_ALL=C.UTF-8
SOURCE_DATE_EPOCH=1700000000
export LC_ALL SOURCE_DATE_EPOCH
faults=0

fault() {
	echo "FAULT: $*"
	faults=$((faults + 1))
}

skip() {
	echo "$*"
	exit 77
}

finish() {
	echo "$faults faults"
	[ $faults = 0 ]
	exit
}

[ -z "${SANITIZE:-}" ] || skip "compares plain builds"

scratch=$(mktemp -d "${TMPDIR:-/tmp}/portable.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP

# Say which target the rest is about. Skips where its compiler can not make a
# program that runs here.
target() { # name, compiler, options of compiling, of linking, what runs it
	name=$1 compiler=$2 compile_flags=$3 link_flags=$4 runner=$5
	command -v "${compiler%% *}" >/dev/null 2>&1 || skip "no $compiler"
	[ -z "$runner" ] || command -v "${runner%% *}" >/dev/null 2>&1 ||
		skip "no ${runner%% *}"
	echo 'int main(void) { return 0; }' >"$scratch/main.c"
	{ $compiler $compile_flags $link_flags -o "$scratch/main" \
		"$scratch/main.c" && $runner "$scratch/main"; } \
		>"$scratch/output" 2>&1 ||
		skip "$compiler $compile_flags makes no program that runs here"
	there=$BUILD/portable/$name
}

# Warnings are faults on every target.
build() { # goals
	MAKEFLAGS='' make -s -f Makefile BUILD="$there" CC="$compiler" \
		CFLAGS="-O1 -g $compile_flags -Werror" LDFLAGS="$link_flags" \
		SANITIZE= CHECK_CFLAGS=-Itests/portability/check \
		CHECK_LIBS="$scratch/check.o" "$@" >"$scratch/output" 2>&1 &&
		return
	fault "$name: make $*"
	grep -E 'error|warning|undefined|\*\*\*' "$scratch/output" |
		head -n 20
	finish
}

# The program of the target.
lathe() {
	$runner "$there/lathe" "$@"
}

# ---- trees ------------------------------------------------------------------

# $scratch/tree: what a volume can hold. Dates are given, so that an image of
# it is the same bytes tomorrow.
make_trees() {
	tree=$scratch/tree
	mkdir -p "$tree/a/b/c/d/e/f/g/h/i/j" "$tree/empty" "$tree/many"
	: >"$tree/nothing"
	for size in 1 2047 2048 2049 65536 1500000; do
		head -c $size "$plain" >"$tree/a/$size bytes.bin"
	done
	head -c 2097152 "$plain" >"$tree/a/b/large.bin"
	for title in "Grüße aus Zürich.txt" "日本語のファイル.txt" \
		"a name that is longer than thirty-one characters, by far.text" \
		"𝄞 clef.mid" "con" "lpt1.txt" ".hidden" "semi;colon" \
		"upper.TXT" "UPPER.txt" "two.dots.in.it"; do
		echo "$title" >"$tree/a/b/c/$title"
	done
	i=0
	while [ $i -lt 400 ]; do
		echo $i >"$tree/many/the same long stem, number $i.data"
		i=$((i + 1))
	done
	ln "$tree/a/1 bytes.bin" "$tree/a/b/the same again"
	ln -s "1 bytes.bin" "$tree/a/a link"
	find "$tree" -exec touch -h -d '2001-02-03 04:05:06 UTC' {} +

	# What a second session changes.
	second=$scratch/second
	mkdir -p "$second/a/new"
	echo "changed" >"$second/nothing"
	head -c 300000 "$plain" >"$second/a/new/more.bin"
	echo "more" >"$second/a/new/the same long stem, number 7.data"
	find "$second" -exec touch -h -d '2011-12-13 14:15:16 UTC' {} +
}

# Files above 4 GiB, of holes: sections, and numbers of more than 32 bits.
make_large() {
	large=$scratch/large
	mkdir -p "$large"
	truncate -s 4400000000 "$large/large.bin"
	head -c 5000 "$plain" >>"$large/large.bin"
	echo "behind it" >"$large/small"
	find "$large" -exec touch -d '2001-02-03 04:05:06 UTC' {} +
}

# ---- comparisons ------------------------------------------------------------

same() { # what, file, file
	cmp -s "$2" "$3" && return
	fault "$name: $1 differs"
	cmp "$2" "$3" 2>&1 | head -n 1
}

# The same tree and options, the same bytes.
compare_images() {
	count=0
	for options in "" "--iso-level 1" "--iso-level relaxed" \
		"--joliet-long --volume Ünïcode"; do
		"$plain" image -o "$scratch/plain.iso" $options "$tree/" \
			2>"$scratch/output" ||
			fault "plain: image $options: $(cat "$scratch/output")"
		lathe image -o "$scratch/target.iso" $options "$tree/" \
			2>"$scratch/output" ||
			fault "$name: image $options:" \
				"$(cat "$scratch/output")"
		same "image $options" "$scratch/plain.iso" \
			"$scratch/target.iso"
		count=$((count + 1))
	done
	echo "$name: $count images are the same"
}

compare_large() {
	make_large
	for kind in plain target; do
		program=lathe
		[ $kind = plain ] && program=$plain
		$program image -o "$scratch/$kind.iso" "$large/" \
			2>"$scratch/output" ||
			fault "$kind: large file: $(cat "$scratch/output")"
	done
	# Where both have holes there is nothing to compare.
	[ "$(stat -c %s "$scratch/plain.iso")" = \
		"$(stat -c %s "$scratch/target.iso")" ] ||
		fault "$name: sizes of the image of a large file differ"
	for kind in plain target; do
		head -c 2097152 "$scratch/$kind.iso"
		tail -c 2097152 "$scratch/$kind.iso"
	done >"$scratch/ends"
	head -c 4194304 "$scratch/ends" >"$scratch/ends.plain"
	tail -c 4194304 "$scratch/ends" >"$scratch/ends.target"
	same "image of a large file" "$scratch/ends.plain" \
		"$scratch/ends.target"
	lathe ls -i "$scratch/plain.iso" -l >"$scratch/list" 2>&1 ||
		fault "$name: ls of a large file: $(cat "$scratch/list")"
	grep -q 4400005000 "$scratch/list" ||
		fault "$name: size of a large file: $(cat "$scratch/list")"
	rm -f "$scratch"/*.iso "$scratch"/ends*
	echo "$name: image of a file of 4.4 GB is the same"
}

# What others wrote is listed alike.
compare_listings() {
	set --
	"$plain" image -o "$scratch/own.iso" "$tree/" 2>/dev/null
	set -- "$scratch/own.iso"
	command -v xorriso >/dev/null 2>&1 &&
		xorriso -outdev "stdio:$scratch/xorriso.iso" -joliet on -map \
			"$tree" / -commit >/dev/null 2>&1 &&
		set -- "$@" "$scratch/xorriso.iso"
	command -v genisoimage >/dev/null 2>&1 &&
		genisoimage -quiet -J -joliet-long -R -iso-level 3 \
			-m "*clef.mid" -o "$scratch/geniso.iso" \
			"$tree" >/dev/null 2>&1 &&
		set -- "$@" "$scratch/geniso.iso"
	for image; do
		"$plain" ls -i "$image" --json >"$scratch/plain.list" 2>&1
		lathe ls -i "$image" --json >"$scratch/target.list" 2>&1 ||
			fault "$name: ls: $(tail -n 3 "$scratch/target.list")"
		same "listing of ${image##*/}" "$scratch/plain.list" \
			"$scratch/target.list"
		lines=$(wc -l <"$scratch/target.list")
		[ "$lines" -gt 400 ] ||
			fault "$name: ${image##*/}: $lines lines listed"
	done
	echo "$name: $# volumes are listed alike"
	rm -f "$scratch"/*.iso
}

# Two sessions on an emulated disc: the same disc, which reads back whole.
compare_burns() {
	for kind in plain target; do
		program=lathe
		[ $kind = plain ] && program=$plain
		disc=emu:$scratch/$kind.disc
		{ $program emu create "$scratch/$kind.disc" \
			--media cd-r-80 &&
			$program burn -d "$disc" "$tree/" &&
			$program burn -d "$disc" "$second/" &&
			$program verify -d "$disc" --full; } \
			>"$scratch/output" 2>&1 </dev/null ||
			fault "$kind: burn: $(tail -n 4 "$scratch/output")"
	done
	same "disc of two sessions" "$scratch/plain.disc" \
		"$scratch/target.disc"
	same "state of the disc" "$scratch/plain.disc.disc" \
		"$scratch/target.disc.disc"
	lathe extract -d "emu:$scratch/plain.disc" -C "$scratch/out" \
		>"$scratch/output" 2>&1 </dev/null ||
		fault "$name: extract: $(tail -n 4 "$scratch/output")"
	for file in "a/1500000 bytes.bin" "a/b/large.bin" \
		"a/b/c/日本語のファイル.txt"; do
		same "$file, extracted," "$tree/$file" "$scratch/out/$file"
	done
	for file in nothing a/new/more.bin; do
		same "$file, extracted," "$second/$file" "$scratch/out/$file"
	done
	rm -rf "$scratch/out" "$scratch"/*.disc "$scratch"/*.disc.disc
	echo "$name: discs of two sessions are the same"
}

compare() {
	[ -x "$plain" ] || skip "no $plain"
	make_trees
	compare_images
	compare_listings
	compare_burns
	[ "$PORTABLE" = short ] || compare_large
}

# ---- the Check programs -----------------------------------------------------

# All of them, or those of whose areas much depends on the target.
list_programs() { # areas
	areas=$*
	[ "$PORTABLE" = short ] ||
		areas=$(ls -d tests/*/ | sed 's|/$||; s|.*/||')
	for area in $areas; do
		ls tests/$area/check_*.c 2>/dev/null
	done | sed 's/\.c$//' | grep -v "${programs_not:-^$}"
}

run_programs() { # areas
	$compiler -std=c11 -Wall -Wextra -Werror $compile_flags -c \
		-o "$scratch/check.o" tests/portability/check/check.c ||
		fault "$name: the tests' frame does not compile"
	programs=$(list_programs "$@")
	build $(echo "$programs" | sed "s|^|$there/|")
	tests=0
	for program in $programs; do
		mkdir -p "$scratch/tmp"
		if TMPDIR=$scratch/tmp timeout 1800 $runner \
			"$there/$program" >"$scratch/output" 2>&1 </dev/null
		then
			ran=$(sed -n 's/^.*: \([0-9]*\) tests, 0 .*/\1/p' \
				"$scratch/output" | tail -n 1)
			tests=$((tests + ${ran:-0}))
		else
			fault "$name: $program: status $?"
			tail -n 12 "$scratch/output"
		fi
	done
	[ $tests -gt 0 ] || fault "$name: no test ran"
	echo "$name: $tests tests of $(echo "$programs" | wc -l) programs"
}
