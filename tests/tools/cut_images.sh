#!/bin/sh
# SPDX-License-Identifier: MIT
# What ends before its volume does, of whoever made it: the files that are
# there are read, the others are named, and no status says that all is well.
# And the last blocks of a CD, which are a file's where nobody padded.
. tests/tools/lib_tools.sh
need $PYTHON genisoimage xorriso bsdtar
out=$scratch/target

mkdir -p "$scratch/a/d"
for name in f1 f2 f3; do
	head -c 300000 /dev/urandom >"$scratch/a/d/$name"
done
does image -o "$scratch/lathe.iso" "$scratch/a/"
genisoimage -quiet -R -J -o "$scratch/rock.iso" "$scratch/a"
genisoimage -quiet -J -o "$scratch/joliet.iso" "$scratch/a"
xorriso -as mkisofs -quiet -R -J -o "$scratch/xorriso.iso" "$scratch/a" \
	2>/dev/null
bsdtar -cf "$scratch/bsdtar.iso" --format iso9660 -C "$scratch/a" .

for who in lathe rock joliet xorriso bsdtar; do
	say "$who"
	image=$scratch/$who.iso
	does extract -i "$image" -C "$out"
	equals "words" "$(cat "$scratch/err")" ""
	does verify -i "$image"
	rm -rf "$out"
	# Of three files two are there.
	head -c 800000 "$image" >"$scratch/cut.iso"
	does ls -i "$scratch/cut.iso"
	equals "files listed" "$(grep -c /f "$scratch/out")" 3
	says 'is cut short: it ends at block 390, and 1 file is not whole'
	does map -i "$scratch/cut.iso"
	says 'is cut short'
	ends 31 extract -i "$scratch/cut.iso" -C "$out"
	says '/f[123]: blocks [0-9]+ to [0-9]+ can not be read'
	says '1 of 3 could not be extracted'
	equals "files" "$(find "$out" -type f | wc -l)" 2
	(cd "$out" && find . -type f) >"$scratch/there"
	while read -r name; do
		cmp -s "$scratch/a/$name" "$out/$name" || fault "$name differs"
	done <"$scratch/there"
	ends 32 verify -i "$scratch/cut.iso"
	says '/f[123], LBA [0-9]+: it ends behind what is recorded'
	rm -rf "$out"
done

# The descriptors at block 16 lead to a session that was cut off as a whole:
# what is older is shown to who asks for it, and taken for the newest by nobody.
say "an image without its newest session"
grown=$scratch/grown.iso
does image -o "$grown" "$scratch/a/d/f1"
does image -M "$grown" "$scratch/a/d/f2"
does image -M "$grown" "$scratch/a/d/f3"
does ls -i "$grown" --sessions --json
start=$(sed -n '3s/.*"start":\([0-9]*\).*/\1/p' "$scratch/out")
blocks=$(($(wc -c <"$grown") / 2048))
head -c $(((start + 10) * 2048)) "$grown" >"$scratch/lost.iso"
cp "$scratch/lost.iso" "$scratch/before.iso"
short="lost.iso is cut short: it ends at block $((start + 10)), its newest session at block $blocks"
for command in ls map verify "extract -C $out" "image -o $scratch/x.iso -M" \
	"image -M"; do
	case $command in
	image*) ends 31 $command "$scratch/lost.iso" "$scratch/a/d/f3" ;;
	*) ends 31 $command -i "$scratch/lost.iso" ;;
	esac
	says "$short"
done
for command in info "ls --sessions"; do
	does $command -i "$scratch/lost.iso"
	says "$short"
done
head -c 40000 "$grown" >"$scratch/none.iso"
ends 31 ls --sessions -i "$scratch/none.iso"
says "none.iso is cut short: it ends at block 19, its newest session at"
does info -i "$scratch/none.iso"
says "none.iso is cut short: it ends at block 19, its newest session at"
cmp "$scratch/before.iso" "$scratch/lost.iso" || fault "the image was changed"
[ -e "$out" ] && fault "something was extracted"
does ls -i "$scratch/lost.iso" --session 2
equals "the session before" "$(cat "$scratch/out")" "/f1
/f2"
does repair -i "$scratch/lost.iso"
does ls -i "$scratch/lost.iso"
equals "the newest one that is there" "$(cat "$scratch/out")" "/f1
/f2"
# And where none is left.
head -c 204800 "$grown" >"$scratch/lost.iso"
ends 31 verify -i "$scratch/lost.iso"
says "it ends at block 100, its newest session at block $blocks"

# A file that was never where its record says: all numbers beyond the volume.
say "a record that leads nowhere"
$PYTHON - "$scratch/rock.iso" "$scratch/bad.iso" <<'PY'
import struct, sys
data = bytearray(open(sys.argv[1], "rb").read())
size = struct.pack("<I", 300000) + struct.pack(">I", 300000)
first = data.index(size)        # ECMA-119 9.1.4; 9.1.3 is in front
lba = bytes(data[first - 8:first])
away = struct.pack("<I", 900000) + struct.pack(">I", 900000)
at = data.find(lba + size)
while at >= 0:
    data[at:at + 8] = away
    at = data.find(lba + size, at)
open(sys.argv[2], "wb").write(data)
PY
ends 31 extract -i "$scratch/bad.iso" -C "$out"
says 'lost in damaged directories'
equals "files" "$(find "$out" -type f | wc -l)" 2
rm -rf "$out"
ends 32 verify -i "$scratch/bad.iso"
says 'at block 900000 is not on the disc'

# Recorded at once, and not a block behind the volume: READ CAPACITY ends
# where the last file does.
say "a CD without padding"
genisoimage -quiet -R -J -no-pad -o "$scratch/close.iso" "$scratch/a"
blocks=$(($(wc -c <"$scratch/close.iso") / 2048))
does emu create "$scratch/d.img"
does burn -d "emu:$scratch/d.img" --at-once --image "$scratch/close.iso"
recorded=$(sed -n 's/^track 1 .* blocks \([0-9]*\) .*/\1/p' "$scratch/d.img.disc")
sed -i "s/\b$recorded\b/$blocks/g" "$scratch/d.img.disc"
does extract -d "emu:$scratch/d.img" -C "$out"
diff -r "$scratch/a" "$out" || fault "the trees differ"
does verify -d "emu:$scratch/d.img" --full
grep -q '3 files' "$scratch/out" || fault "$(cat "$scratch/out")"
does read -d "emu:$scratch/d.img" -o "$scratch/copy.iso"
cmp "$scratch/close.iso" "$scratch/copy.iso" || fault "the copy differs"
finish
