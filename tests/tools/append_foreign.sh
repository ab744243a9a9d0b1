#!/bin/sh
# SPDX-License-Identifier: MIT
# Images of other programs grow, and others continue ours: every session stays
# as it was, however it was written, and everybody sees the newest.
. tests/tools/lib_append.sh
need $PYTHON xorriso genisoimage isoinfo bsdtar 7zz

# Upper case and 8.3: the same names in every hierarchy, whoever reads it.
mkdir -p "$scratch/one/DIR" "$scratch/two" "$scratch/three"
fill "$scratch/one/A.BIN" 100000 a
fill "$scratch/one/DIR/B.TXT" 3 b
fill "$scratch/two/C.BIN" 50000 c
fill "$scratch/three/D.BIN" 7000 d
fill "$scratch/three/E.BIN" 2048 e
mkdir "$scratch/one+two" "$scratch/one+three" "$scratch/all"
cp -a "$scratch/one/." "$scratch/two/." "$scratch/one+two"
cp -a "$scratch/one/." "$scratch/three/." "$scratch/one+three"
cp -a "$scratch/one+two/." "$scratch/three/." "$scratch/all"

quietly() {
	"$@" >"$scratch/said" 2>&1 </dev/null || {
		fault "$*"
		cat "$scratch/said"
	}
}

others_see() { # image, folder
	for program in bsdtar 7zz xorriso; do
		rm -rf "$scratch/o"
		mkdir "$scratch/o"
		case $program in
		bsdtar) quietly bsdtar -xf "$1" -C "$scratch/o" ;;
		7zz) quietly 7zz x -y -o"$scratch/o" "$1" ;;
		xorriso) quietly xorriso -osirrox on -indev "$1" \
			-extract / "$scratch/o" ;;
		esac
		chmod -R u+w "$scratch/o"
		diff -r "$2" "$scratch/o" >"$scratch/diff" || {
			fault "$program sees something else in $1"
			cat "$scratch/diff"
		}
	done
	equals "files that isoinfo lists in $1" \
		"$(isoinfo -f -i "$1" | sed 's/;1$//; s/\.$//' | sort)" \
		"$(cd "$2" && find . -mindepth 1 | sed 's/^\.//' | sort)"
}

# Sessions of a foreign image, then ours on top, in place and twice.
grows() { # what, image, folder of the newest session, sessions
	say "$1"
	image=$2
	head=$3
	count=$4
	equals "sessions of $1" "$(sessions "$image")" "$count"
	session_is "$image" "$count" "$head"
	system=$(head -c 32768 "$image" | sha256sum)
	length=$(stat -c %s "$image")
	tail -c +65537 "$image" >"$scratch/tail"
	does image -M "$image" "$scratch/three/D.BIN"
	does image -M "$image" "$scratch/three/E.BIN"
	equals "sessions of $1" "$(sessions "$image")" $((count + 2))
	mkdir -p "$scratch/now"
	rm -rf "$scratch/now"
	cp -a "$head" "$scratch/now"
	cp "$scratch/three/D.BIN" "$scratch/now"
	session_is "$image" $((count + 1)) "$scratch/now"
	cp "$scratch/three/E.BIN" "$scratch/now"
	session_is "$image" $((count + 2)) "$scratch/now"
	session_is "$image" "$count" "$head"
	[ "$count" = 1 ] || session_is "$image" 1 "$scratch/one"
	others_see "$image" "$scratch/now"
	equals "system area of $1" \
		"$(head -c 32768 "$image" | sha256sum)" "$system"
	head -c "$length" "$image" | tail -c +65537 | cmp - "$scratch/tail" ||
		fault "old bytes of $1"
}

quietly genisoimage -J -o "$scratch/1.iso" "$scratch/one"
grows "genisoimage -J" "$scratch/1.iso" "$scratch/one" 1

quietly genisoimage -o "$scratch/2.iso" "$scratch/one"
grows "genisoimage without Joliet" "$scratch/2.iso" "$scratch/one" 1

quietly genisoimage -J -R -o "$scratch/3.iso" "$scratch/one"
blocks=$((($(stat -c %s "$scratch/3.iso") / 2048 + 15) / 16 * 16))
quietly genisoimage -J -R -C 0,$blocks -M "$scratch/3.iso" \
	-o "$scratch/s.iso" "$scratch/two"
quietly dd if="$scratch/s.iso" of="$scratch/3.iso" bs=2048 seek=$blocks \
	conv=notrunc
grows "genisoimage -J -R, continued by itself" "$scratch/3.iso" \
	"$scratch/one+two" 2

say "genisoimage, which records a directory of two names once"
fill "$scratch/folder/LOW/F.BIN" 4000 f
mkdir "$scratch/twice"
cp -a "$scratch/folder" "$scratch/twice/ONE"
cp -a "$scratch/folder" "$scratch/twice/TWO"
for options in "-J -R" -R -J ""; do
	rm -f "$scratch/twice/D.BIN"
	quietly genisoimage $options -graft-points -o "$scratch/t.iso" \
		/ONE="$scratch/folder" /TWO="$scratch/folder"
	session_is "$scratch/t.iso" 1 "$scratch/twice"
	does image -M "$scratch/t.iso" "$scratch/three/D.BIN"
	cp "$scratch/three/D.BIN" "$scratch/twice"
	session_is "$scratch/t.iso" 2 "$scratch/twice"
	others_see "$scratch/t.iso" "$scratch/twice"
done

quietly xorriso -joliet on -padding 0 -outdev "$scratch/4.iso" \
	-map "$scratch/one" /
quietly xorriso -joliet on -dev "$scratch/4.iso" -map "$scratch/two" /
grows "xorriso, grown by itself" "$scratch/4.iso" "$scratch/one+two" 2

quietly xorriso -as mkisofs -J -o "$scratch/5.iso" "$scratch/one"
grows "xorriso -as mkisofs -J" "$scratch/5.iso" "$scratch/one" 1

# Its root directory is right behind the terminator.
quietly xorriso -as mkisofs -o "$scratch/6.iso" "$scratch/one"
grows "xorriso -as mkisofs" "$scratch/6.iso" "$scratch/one" 1

(cd "$scratch/one" && bsdtar -cf "$scratch/7.iso" --format=iso9660 *)
grows "bsdtar" "$scratch/7.iso" "$scratch/one" 1

if $PYTHON -c 'import pycdlib' 2>/dev/null; then
	$PYTHON - "$scratch/8.iso" "$scratch/one" <<'PY' || fault pycdlib
import pycdlib, sys
iso = pycdlib.PyCdlib()
iso.new(interchange_level=3, joliet=3)
iso.add_directory("/DIR", joliet_path="/DIR")
for name in ("A.BIN", "DIR/B.TXT"):
    iso.add_file(sys.argv[2] + "/" + name, "/" + name + ";1",
                 joliet_path="/" + name)
iso.write(sys.argv[1])
iso.close()
PY
	grows "pycdlib" "$scratch/8.iso" "$scratch/one" 1
fi

# Its checksum of the descriptors stands behind them, and would refuse others;
# those of the files hold on.
for joliet in off on; do
	say "xorriso with checksums, Joliet $joliet"
	image=$scratch/md5-$joliet.iso
	quietly xorriso -for_backup -joliet $joliet -outdev "$image" \
		-map "$scratch/one" /
	does image -M "$image" "$scratch/three/D.BIN"
	equals "Joliet" "$(dd if="$image" bs=2048 skip=17 count=1 2>/dev/null |
		head -c 1 | od -An -tu1 | tr -d ' ')" 2
	does image -M "$image" "$scratch/three/E.BIN"
	session_is "$image" 3 "$scratch/one+three"
	others_see "$image" "$scratch/one+three"
	quietly xorriso -for_backup -indev "$image" -check_md5_r sorry / --
	LC_ALL=C grep -qa 'checksums match' "$scratch/said" ||
		fault "$(cat "$scratch/said")"
	does repair -i "$image"
	equals "repaired" "$(cat "$scratch/out")" \
		"$image: nothing was to be repaired"
done

say "a damaged record: the file stays in the older session"
quietly genisoimage -o "$scratch/d.iso" "$scratch/one"
$PYTHON - "$scratch/d.iso" <<'PY' || fault "no record"
import sys
data = bytearray(open(sys.argv[1], "rb").read())
at = data.index(b"\7A.BIN;1") - 32	# ECMA-119 9.1
assert data[at + 2:at + 6] == data[at + 9:at + 5:-1]
data[at + 2:at + 10] = b"\xff\xff\xff\x00\x00\xff\xff\xff"
open(sys.argv[1], "wb").write(data)
PY
does image -M "$scratch/d.iso" "$scratch/three/D.BIN"
says "a file of 100000 bytes at block 16777215 is not on the disc"
says "the new session does not have what is damaged there; the older ones stay"
does ls -i "$scratch/d.iso"
equals "files" "$(tr '\n' ' ' <"$scratch/out")" "/D.BIN /DIR/ /DIR/B.TXT "
does image -M "$scratch/d.iso" "$scratch/three/E.BIN"
grep damaged "$scratch/err" && fault "it is told again"

say "UDF and partitions beside it"
quietly genisoimage -J -udf -o "$scratch/u.iso" "$scratch/one"
cp "$scratch/u.iso" "$scratch/u2.iso"
does image -M "$scratch/u.iso" "$scratch/three/D.BIN"
says "its UDF volume stays as it is: systems that read that one do not see"
equals "words" "$(grep -c 'UDF' "$scratch/err")" 1
does image -M "$scratch/u.iso" "$scratch/three/E.BIN"
grep UDF "$scratch/err" && fault "it is told again"
does emu create "$scratch/u.img" --media dvd+rw
does burn -d "emu:$scratch/u.img" --image "$scratch/u2.iso"
does burn -d "emu:$scratch/u.img" --import "$scratch/three/D.BIN"
says "its UDF volume stays as it is"
fill "$scratch/part" 100000 p
quietly xorriso -as mkisofs -J -append_partition 2 0x83 "$scratch/part" \
	-o "$scratch/p.iso" "$scratch/one"
does image -M "$scratch/p.iso" "$scratch/three/D.BIN"
says "its partitions stay as they are, and end in front of the new session"
for image in 1 5; do
	does image -M "$scratch/$image.iso" "$scratch/three/E.BIN"
	grep -E 'UDF|partition' "$scratch/err" && fault "told of $image.iso"
done

say "a list is no image"
sum=$(sha256sum <"$scratch/1.iso")
ln -s 1.iso "$scratch/same.iso"
for map in 1 same; do
	ends 2 image -M "$scratch/1.iso" --map "$scratch/$map.iso" \
		"$scratch/two/C.BIN"
	says "is the image itself"
	ends 2 image -M "$scratch/1.iso" -o "$scratch/other.iso" \
		--map "$scratch/$map.iso" "$scratch/two/C.BIN"
	ends 2 image -o "$scratch/1.iso" --map "$scratch/$map.iso" \
		"$scratch/two/C.BIN"
done
ends 2 image -o "$scratch/other.iso" --map "$scratch/other.iso" \
	"$scratch/two/C.BIN"
[ -e "$scratch/other.iso" ] && fault "other.iso is there"
equals "the image" "$(sha256sum <"$scratch/1.iso")" "$sum"

say "a computer still starts from it"
mkdir "$scratch/boot"
cp -a "$scratch/one/." "$scratch/boot"
fill "$scratch/boot/BOOT.IMG" 2048 boot
quietly genisoimage -J -b BOOT.IMG -c BOOT.CAT -no-emul-boot \
	-o "$scratch/9.iso" "$scratch/boot"
quietly xorriso -indev "$scratch/9.iso" -report_el_torito plain
grep -a 'El Torito' "$scratch/said" | grep -v size >"$scratch/before"
does image -M "$scratch/9.iso" "$scratch/three/D.BIN"
quietly xorriso -indev "$scratch/9.iso" -report_el_torito plain
grep -a 'El Torito' "$scratch/said" | grep -v size >"$scratch/after"
grep -q 'boot img' "$scratch/before" || fault "no boot image before"
cmp "$scratch/before" "$scratch/after" || fault "the boot record is lost"

# Three blocks, with UDF behind them: for Joliet or for the boot record.
quietly genisoimage -udf -b BOOT.IMG -c BOOT.CAT -no-emul-boot \
	-o "$scratch/10.iso" "$scratch/boot"
quietly xorriso -indev "$scratch/10.iso" -report_el_torito plain
grep -a 'El Torito' "$scratch/said" | grep -v size >"$scratch/before"
for more in D E; do
	does image -M "$scratch/10.iso" "$scratch/three/$more.BIN"
	says "no room for a Joliet descriptor"
	quietly xorriso -indev "$scratch/10.iso" -report_el_torito plain
	grep -a 'El Torito' "$scratch/said" | grep -v size >"$scratch/after"
	cmp "$scratch/before" "$scratch/after" || fault "the boot record is lost"
done
does emu create "$scratch/10.img" --media dvd+rw
quietly genisoimage -udf -b BOOT.IMG -c BOOT.CAT -no-emul-boot \
	-o "$scratch/10.disc.iso" "$scratch/boot"
does burn -d "emu:$scratch/10.img" --image "$scratch/10.disc.iso"
for more in D E; do
	does burn -d "emu:$scratch/10.img" --import "$scratch/three/$more.BIN"
	grep 'no room for the boot record' "$scratch/err" && fault "it is told"
	quietly xorriso -indev "$scratch/10.img" -report_el_torito plain
	grep -a 'El Torito' "$scratch/said" | grep -v size >"$scratch/after"
	cmp "$scratch/before" "$scratch/after" || fault "the disc's boot record"
done
cp "$scratch/three/D.BIN" "$scratch/three/E.BIN" "$scratch/boot"
rm -rf "$scratch/got"
does extract -i "$scratch/10.iso" -C "$scratch/got"
rm "$scratch/got/BOOT.CAT"
diff -r "$scratch/boot" "$scratch/got" || fault "files of the one that boots"

say "ours, continued by xorriso and again by us"
for first in "" --growable; do
	image=$scratch/x$first.iso
	does image $first -o "$image" "$scratch/one/"
	does image -M "$image" "$scratch/two/"
	quietly xorriso -joliet on -dev "$image" \
		-map "$scratch/three/D.BIN" /D.BIN
	does image -M "$image" "$scratch/three/E.BIN"
	equals "sessions" "$(sessions "$image")" 4
	session_is "$image" 1 "$scratch/one"
	session_is "$image" 2 "$scratch/one+two"
	session_is "$image" 4 "$scratch/all"
	others_see "$image" "$scratch/all"
done

say "ours, continued by genisoimage and again by us"
does image --growable -o "$scratch/g.iso" "$scratch/one/"
does image -M "$scratch/g.iso" "$scratch/two/"
start=$("$lathe" ls -i "$scratch/g.iso" --sessions --json | tail -1 |
	sed 's/.*"start":\([0-9]*\).*/\1/')
blocks=$((($(stat -c %s "$scratch/g.iso") / 2048 + 15) / 16 * 16))
quietly genisoimage -J -C "$start,$blocks" -M "$scratch/g.iso" \
	-o "$scratch/s.iso" "$scratch/three/D.BIN"
quietly dd if="$scratch/s.iso" of="$scratch/g.iso" bs=2048 seek=$blocks \
	conv=notrunc
does image -M "$scratch/g.iso" "$scratch/three/E.BIN"
equals "sessions" "$(sessions "$scratch/g.iso")" 4
session_is "$scratch/g.iso" 1 "$scratch/one"
session_is "$scratch/g.iso" 2 "$scratch/one+two"
others_see "$scratch/g.iso" "$scratch/all"

say "names of volumes"
quietly genisoimage -J -V "Of 2026; for the older ones" -o "$scratch/n.iso" \
	"$scratch/one"
label=$(dd if="$scratch/n.iso" bs=1 skip=32808 count=32 2>/dev/null)
for more in two three; do
	does image -M "$scratch/n.iso" "$scratch/$more/"
	equals "label" "$(dd if="$scratch/n.iso" bs=1 skip=32808 count=32 \
		2>/dev/null)" "$label"
done
does image -M "$scratch/n.iso" --volume new
equals "a new one" "$(dd if="$scratch/n.iso" bs=1 skip=32808 count=4 \
	2>/dev/null)" "NEW "

say "a session that another program records"
does image -o "$scratch/c.iso" "$scratch/one/"
does image -C 0,5008 -M "$scratch/c.iso" -o "$scratch/s.iso" "$scratch/two/"
does image --start 5008 -M "$scratch/c.iso" -o "$scratch/s2.iso" \
	"$scratch/two/"
cmp "$scratch/s.iso" "$scratch/s2.iso" || fault "-C and --start"
does image -C 0,5008 -M "$scratch/c.iso" -o "$scratch/s3.iso" \
	--map "$scratch/map" --map-format null "$scratch/two/"
$PYTHON - "$scratch/map" "$scratch/s3.iso" "$scratch/two/C.BIN" <<'PY' ||
import sys
for record in open(sys.argv[1], "rb").read().split(b"\0")[:-1]:
    lba, offset, size, kind, hierarchy, path = record.split(b"\t")
    if path == b"/C.BIN":
        assert (int(lba) - 5008) * 2048 == int(offset)
        data = open(sys.argv[2], "rb").read()
        assert data[int(offset):][:int(size)] == \
            open(sys.argv[3], "rb").read()
    if path == b"/A.BIN" and kind == b"file":
        assert offset == b"" and int(lba) < 5008
PY
	fault "map of a session alone"
# In a file of its own its addresses are wrong by as much.
does ls -i "$scratch/s.iso"
equals "what lies in it" "$(grep -v '/$' "$scratch/out")" /C.BIN
does extract -i "$scratch/s.iso" -C "$scratch/alone" /C.BIN
cmp "$scratch/two/C.BIN" "$scratch/alone/C.BIN" || fault "a session alone"
tr '\0' '\n' <"$scratch/map" | cut -f2- | sed '/^	/d' >"$scratch/wanted"
"$lathe" map -i "$scratch/s.iso" -0 2>/dev/null | tr '\0' '\n' | cut -f2- |
	diff - "$scratch/wanted" || fault "map of a session alone"
ends 31 image -M "$scratch/s.iso" -o "$scratch/no.iso" "$scratch/two/"
quietly dd if="$scratch/s.iso" of="$scratch/c.iso" bs=2048 seek=5008 \
	conv=notrunc
session_is "$scratch/c.iso" 2 "$scratch/one+two"
session_is "$scratch/c.iso" 1 "$scratch/one"
# -N is where isoinfo is told that the session begins.
equals "isoinfo at that block" \
	"$(isoinfo -f -J -i "$scratch/c.iso" -T 5008 | sort)" \
	"$(cd "$scratch/one+two" && find . -mindepth 1 | sed 's/^\.//' | sort)"

# On a disc an image whose first session is at 32 begins at 0, which other
# programs report.
does image --growable -o "$scratch/g.iso" "$scratch/one/"
does image -C 0,5008 -M "$scratch/g.iso" -o "$scratch/s3.iso" "$scratch/two/"
does image -C 32,5008 -M "$scratch/g.iso" -o "$scratch/s2.iso" "$scratch/two/"
cmp "$scratch/s2.iso" "$scratch/s3.iso" || fault "-C 0 and -C 32"
ends 30 image -C 16,5008 -M "$scratch/g.iso" -o "$scratch/s2.iso" \
	"$scratch/two/"

# ECMA-119 8.4.8: genisoimage counts from the start of a session, and what it
# counts is more than what is in front.
say "sessions that another program makes for an overwritable disc"
rm -f "$scratch/c.iso"
does emu create "$scratch/o.img" --media dvd+rw
fill "$scratch/first/F.BIN" 600000 f
fill "$scratch/large/L.BIN" 900000 l
does burn -d "emu:$scratch/o.img" "$scratch/first/"
for folder in large three; do
	next=$(info "emu:$scratch/o.img" medium.next_writable)
	does ls -d "emu:$scratch/o.img" --sessions --json
	last=$(sed -n '$s/.*"start":\([0-9]*\).*/\1/p' "$scratch/out")
	does read -d "emu:$scratch/o.img" -o "$scratch/c.iso" --overwrite
	quietly genisoimage -quiet -R -J -C "$last,$next" -M "$scratch/c.iso" \
		-o "$scratch/2.iso" "$scratch/$folder"
	does burn -d "emu:$scratch/o.img" --image "$scratch/2.iso"
done
rm -rf "$scratch/got"
does extract -d "emu:$scratch/o.img" -C "$scratch/got"
for folder in first large three; do
	for path in "$scratch/$folder"/*.BIN; do
		cmp "$path" "$scratch/got/${path##*/}" || fault "$path"
	done
done

# A mark names no session of theirs on a disc, whose table of contents does.
say "the copy of a disc that they began"
does emu create "$scratch/d.img"
quietly genisoimage -quiet -R -J -o "$scratch/1.iso" "$scratch/one"
does burn -d "emu:$scratch/d.img" --image "$scratch/1.iso"
next=$(info "emu:$scratch/d.img" medium.next_writable)
quietly genisoimage -quiet -R -J -C "0,$next" -M "$scratch/1.iso" \
	-o "$scratch/2.iso" "$scratch/two"
does burn -d "emu:$scratch/d.img" --image "$scratch/2.iso"
# Theirs is the newest.
rm "$scratch/c.iso"
does read -d "emu:$scratch/d.img" -o "$scratch/c.iso"
does repair -i "$scratch/c.iso"
equals "sessions" "$(sessions "$scratch/c.iso")" 2
does image -M "$scratch/c.iso" "$scratch/three/"
equals "sessions" "$(sessions "$scratch/c.iso")" 3
session_is "$scratch/c.iso" 1 "$scratch/one"
session_is "$scratch/c.iso" 2 "$scratch/one+two"
session_is "$scratch/c.iso" 3 "$scratch/all"
does emu create "$scratch/e.img" --media dvd+rw
rm "$scratch/c.iso"
does read -d "emu:$scratch/d.img" -o "$scratch/c.iso"
does burn -d "emu:$scratch/e.img" --image "$scratch/c.iso"
does burn -d "emu:$scratch/e.img" --import "$scratch/three/"
rm "$scratch/c.iso"
does read -d "emu:$scratch/e.img" -o "$scratch/c.iso"
equals "sessions" "$(sessions "$scratch/c.iso")" 3
session_is "$scratch/c.iso" 1 "$scratch/one"
session_is "$scratch/c.iso" 2 "$scratch/one+two"
session_is "$scratch/c.iso" 3 "$scratch/all"
does burn -d "emu:$scratch/d.img" --import "$scratch/three/"
for how in "image -M" "repair -i"; do
	rm -f "$scratch/c.iso"
	does read -d "emu:$scratch/d.img" -o "$scratch/c.iso"
	equals "sessions" "$(sessions "$scratch/c.iso")" 3
	[ "$how" = "image -M" ] || does repair -i "$scratch/c.iso"
	does image -M "$scratch/c.iso" "/more=$scratch/one"
	equals "words" "$(cat "$scratch/err")" ""
	equals "sessions behind $how" "$(sessions "$scratch/c.iso")" 4
	session_is "$scratch/c.iso" 1 "$scratch/one"
	session_is "$scratch/c.iso" 2 "$scratch/one+two"
	session_is "$scratch/c.iso" 3 "$scratch/all"
done
finish
