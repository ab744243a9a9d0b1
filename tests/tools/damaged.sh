#!/bin/sh
# SPDX-License-Identifier: MIT
# Volumes of lathe whose directories are damaged: what is left is listed and
# extracted, the damage is told and in the status, and nothing is built on it.
. tests/tools/lib_tools.sh
need $PYTHON
image=$scratch/t.iso
bad=$scratch/bad.iso

make_tree "$scratch/tree" damaged
does image -o "$image" "$scratch/tree/"
does ls -i "$image"
sort "$scratch/out" >"$scratch/all"

# The block of primary or Joliet records in which a name stands.
directory_of() { # name as Python has it
	$PYTHON -c 'import sys
print(open(sys.argv[1], "rb").read().index(eval(sys.argv[2])) // 2048)' \
		"$image" "$1"
}

lose() { # block
	cp "$image" "$bad"
	dd if=/dev/zero of="$bad" bs=2048 seek="$1" count=1 conv=notrunc \
		2>/dev/null
}

# All files that are there are as they were, and at least so many.
same_files() { # least
	(cd "$scratch/out.d" && find . -type f) >"$scratch/there"
	[ "$(wc -l <"$scratch/there")" -ge "$1" ] ||
		fault "only $(wc -l <"$scratch/there") files"
	while read -r name; do
		cmp -s "$scratch/tree/$name" "$scratch/out.d/$name" ||
			fault "$name differs"
	done <"$scratch/there"
	rm -rf "$scratch/out.d"
}

say "a path table is lost: nothing is missing"
lose 20
ends 31 ls -i "$bad"
says 'checksum over the metadata'
says 'its directories are damaged'
sort "$scratch/out" | cmp -s - "$scratch/all" || fault "the list differs"
ends 31 map -i "$bad"
ends 31 extract -i "$bad" -C "$scratch/out.d"
same_files 9

say "a directory is lost: the others are there"
for name in 'b"BOTTOM.BIN;1"' '"bottom.bin".encode("utf-16-be")'; do
	lose "$(directory_of "$name")"
	ends 31 extract -i "$bad" -C "$scratch/out.d"
	says 'its directories are damaged'
	same_files 8
	# Who wants to add to it is told no, and the image stays as it is.
	cp "$bad" "$scratch/before.iso"
	ends 31 image -M "$bad" "$image"
	cmp -s "$bad" "$scratch/before.iso" || fault "the image was changed"
	ends 32 verify -i "$bad"
done

say "the newest session's root is lost: no older one takes its place"
mkdir "$scratch/more"
echo newest >"$scratch/more/newest"
cp "$image" "$scratch/grown.iso"
does image -M "$scratch/grown.iso" "$scratch/more/"
cp "$scratch/grown.iso" "$bad"
does map --json -i "$bad"
root=$($PYTHON -c 'import json, sys
for line in sys.stdin:
    piece = json.loads(line)
    if piece["path"] == "/" and piece["hierarchy"] == "ISO 9660":
        print(piece["lba"])' <"$scratch/out")
dd if=/dev/zero of="$bad" bs=2048 seek="$root" count=1 conv=notrunc \
	2>/dev/null
cp "$bad" "$scratch/before.iso"
ends 32 verify -i "$bad"
ends 31 ls -i "$bad"
grep -q '^/newest$' "$scratch/out" || fault "its files are not listed"
does repair -i "$bad"
ends 31 image -M "$bad" "$image"
cmp -s "$bad" "$scratch/before.iso" || fault "the image was changed"

say "its first descriptor is lost: the head has it, and leads to the others"
does ls --sessions --json -i "$scratch/grown.iso"
cp "$scratch/out" "$scratch/sessions"
start=$($PYTHON -c 'import json, sys
print(json.loads(sys.stdin.readlines()[-1])["descriptors"])' <"$scratch/out")
cp "$scratch/grown.iso" "$bad"
dd if=/dev/zero of="$bad" bs=2048 seek="$start" count=1 conv=notrunc \
	2>/dev/null
does ls --sessions --json -i "$bad"
sed 's/"descriptors":16,/"descriptors":'"$start,/" "$scratch/out" |
	cmp -s - "$scratch/sessions" || fault "other sessions than there were"
does verify --full -i "$bad"
does image -M "$bad" "$image"
does verify --full -i "$bad"
does ls --session 1 -i "$bad"
says 'not all of its older sessions are found'

say "a drive that can not read a directory"
disc=$scratch/d.img
does emu create "$disc"
does burn -d "emu:$disc" "$scratch/tree/"
block=$(directory_of 'b"BOTTOM.BIN;1"')
echo "lba=$block times=0 sense=3/11/05" >"$scratch/faults"
ends 31 ls -d "emu:$disc" --emu-faults "$scratch/faults"
says 'its directories are damaged'
ends 31 extract -d "emu:$disc" --emu-faults "$scratch/faults" \
	-C "$scratch/out.d"
same_files 8

say "a drive that goes while files are read"
within=$("$lathe" ls -d "emu:$disc" --json | $PYTHON -c '
import json, sys
print(max((entry["size"], entry["lba"])
          for entry in map(json.loads, sys.stdin))[1] + 30)')
for fault in "gone 10" "sense=2/3A/00 20"; do
	rm -rf "$scratch/out.g"
	echo "op=28 lba=$within times=0 ${fault% *}" >"$scratch/faults"
	ends "${fault#* }" extract -d "emu:$disc" --emu-faults "$scratch/faults" \
		-C "$scratch/out.g"
	says 'not all of it is there$'
	equals "complaints of files" "$(grep -c 'can not be read' \
		"$scratch/err")" 0
	[ -e "$scratch/out.g/file of 100001" ] && fault "a part of a file"
done

say "what has no directories at all is an error as before"
lose 16
ends 30 ls -i "$bad"

# Some drives do not come back from a block, and are reset; that of an older
# session is nothing to those who ask for another one.
disc=$scratch/d.img
mkdir "$scratch/a" "$scratch/b"
echo first >"$scratch/a/first"
echo second >"$scratch/b/second"
for medium in cd-r-80 dvd+r; do
	say "no answer about an older session: $medium"
	rm -f "$disc" "$disc.disc"
	does emu create "$disc" --media $medium
	does burn -d "emu:$disc" "$scratch/a"
	does burn -d "emu:$disc" "$scratch/b"
	start=$(info "emu:$disc" sessions.1.start)
	"$lathe" ls --sessions -d "emu:$disc" >"$scratch/sessions"
	echo "op=28 lba=16 times=0 timeout" >"$scratch/faults"
	ill=emu:$disc,faults=$scratch/faults
	for command in ls "extract -C $scratch/out.d" verify "map" info \
		"ls --session 2"; do
		# shellcheck disable=SC2086
		does $command -d "$ill"
		says 'session 1: .*no answer in time'
	done
	cmp -s "$scratch/a/first" "$scratch/out.d/a/first" || fault "a/first"
	rm -rf "$scratch/out.d"
	ends 30 ls --session 1 -d "$ill"
	# Where it is does not depend on that.
	does ls --sessions -d "$ill"
	sed 's/\( *1 *[0-9]* *[0-9]* \).*/\1/' "$scratch/out" >"$scratch/is"
	sed 's/\( *1 *[0-9]* *[0-9]* \).*/\1/' "$scratch/sessions" |
		cmp -s - "$scratch/is" || fault "$(cat "$scratch/out")"
	# For the newest one nothing else is taken.
	echo "op=28 lba=$((start + 16)) times=0 timeout" >"$scratch/faults"
	for command in ls verify; do
		ends 13 $command -d "$ill"
	done
done
finish
