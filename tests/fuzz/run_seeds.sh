#!/bin/sh
# SPDX-License-Identifier: MIT
# Seeds for the fuzz targets, from small volumes of all writers that are
# here: run_seeds.sh DIRECTORY makes DIRECTORY/<target>/<name>; and volumes,
# as tests/fuzz/volumes has them.
set -eu

out=$1
pack=$BUILD/tests/fuzz/tool_pack
lathe=$BUILD/lathe
work=$(mktemp -d "${TMPDIR:-/tmp}/lathe-seeds.XXXXXX")
trap 'rm -rf "$work"' EXIT
SOURCE_DATE_EPOCH=1577934245
export SOURCE_DATE_EPOCH

# One of each kind, and names that mangle alike.
tree=$work/tree
mkdir -p "$tree/directory/inner" "$tree/Empty one"
printf 'text' > "$tree/readme.txt"
printf 'TEXT' > "$tree/README1.TXT"
: > "$tree/empty"
printf 'x' > "$tree/a name that is too long for ISO 9660.tar.gz"
printf 'y' > "$tree/directory/äöü 日本.bin"
ln "$tree/readme.txt" "$tree/directory/again"
ln -s ../readme.txt "$tree/directory/link"
printf 'z' > "$tree/directory/inner/z"
mkdir "$work/more"
printf 'more' > "$work/more/more.txt"
printf 'TeXt' > "$work/more/readme.txt"
# Long enough for continuation areas.
long=$work/long
mkdir "$long"
name=$(printf '%0200d' 7)
: > "$long/$name"
ln -s "a/very/../long/./$name" "$long/link"

have() {
	command -v "$1" >/dev/null 2>&1
}

images() {
	"$lathe" image -o lathe.iso tree/ || :
	cp lathe.iso lathe-two.iso
	"$lathe" image -M lathe-two.iso more/ || rm lathe-two.iso
	"$lathe" image -o lathe-long.iso long/ || :
	"$lathe" image --no-rock-ridge -o lathe-plain.iso tree/ || :
	if have genisoimage; then
		gen='genisoimage -quiet -no-pad -input-charset utf-8'
		$gen -J -o gen-j.iso tree
		$gen -R -o gen-r.iso tree
		$gen -R -J -iso-level 3 -o gen-rj.iso tree
		$gen -R -o gen-long.iso long
		$gen -iso-level 2 -o gen.iso tree
		cp gen-rj.iso gen-two.iso
		truncate -s $((200 * 2048)) gen-two.iso
		$gen -R -J -iso-level 3 -C 0,200 -M gen-rj.iso \
			-o second.iso more
		cat second.iso >> gen-two.iso
	fi
	if have xorriso; then
		xor='xorriso -as mkisofs -quiet -no-pad'
		$xor -J -o xor-j.iso tree
		$xor -iso-level 3 -o xor-long.iso long
		xorriso -joliet on -outdev stdio:xor-two.iso -padding 0 \
			-map tree / -commit -map more /more -commit
	fi
	if have bsdtar; then
		LC_ALL=C.UTF-8 bsdtar -cf bsd.iso --format=iso9660 \
			--options=iso9660:pad=false -C tree .
	fi
}
(cd "$work" && images) >"$work/log" 2>&1 || {
	cat "$work/log"
	exit 1
}

# 16 bits, little endian, in hex
hex16() {
	printf '%02x%02x' $(($1 % 256)) $(($1 / 256))
}

mkdir -p "$out/volumes" "$out/chain" "$out/import" "$out/append" "$out/extract" "$out/descriptor" \
	"$out/own"
for image in "$work"/*.iso; do
	name=${image##*/}
	name=${name%.iso}
	[ "$name" = second ] && continue
	start=$(hex16 "$("$pack" -s "$image")")
	for options in 10 14 11; do
		"$pack" "$options${start}" "$image" \
			> "$out/import/$name-$options"
	done
	"$pack" "10${start}03040112400402" "$image" \
		> "$out/append/$name"
	"$pack" "00${start}00" "$image" > "$out/append/$name-bare"
	"$pack" 00 "$image" > "$out/extract/$name"
	"$pack" 03 "$image" > "$out/extract/$name-planted"
	"$pack" 0000 "$image" > "$out/descriptor/$name"
	"$pack" "" "$image" > "$out/volumes/$name"
	"$pack" 03 "$image" > "$out/chain/$name"
	case $name in
	lathe*)
		"$pack" "1c${start}" "$image" > "$out/own/$name"
		"$pack" "18${start}" "$image" \
			> "$out/import/$name-sealed"
		;;
	esac
done
