#!/bin/sh
# SPDX-License-Identifier: MIT
# Nothing outside the target is ever made or changed by 'extract', whatever
# stands in the image or waits in the target.
. tests/tools/lib_tools.sh
need $PYTHON
image=$scratch/a.iso
out=$scratch/target

make_tree "$scratch/a" 1
does image -o "$image" "$scratch/a/"

say "links that wait in the target"
mkdir "$out" "$scratch/outside"
echo precious >"$scratch/outside/file of 2049"
ln -s ../outside "$out/deep"
ln -s "../outside/file of 2049" "$out/file of 2049"
ln -s ../outside/new "$out/file of 1"
ends 5 extract -i "$image" -C "$out"
equals "a file behind a link" "$(cat "$scratch/outside/file of 2049")" precious
equals "files outside" "$(ls "$scratch/outside")" "file of 2049"
[ -L "$out/deep" ] || fault "the link is gone"
cmp -s "$scratch/a/file of 2048" "$out/file of 2048" ||
	fault "other files are not extracted"

ends 5 extract -i "$image" -C "$out" --overwrite
equals "a file behind a link" "$(cat "$scratch/outside/file of 2049")" precious
equals "files outside" "$(ls "$scratch/outside")" "file of 2049"
[ -L "$out/file of 2049" ] && fault "a link was not replaced"
cmp -s "$scratch/a/file of 2049" "$out/file of 2049" ||
	fault "--overwrite does not replace the link itself"
rm "$out/deep"

say "files that are there"
echo old >"$out/file of 2047"
ln "$out/file of 2047" "$scratch/other name"
ends 5 extract -i "$image" -C "$out" "/file of 2047"
equals "a file that is there" "$(cat "$out/file of 2047")" old
does extract -i "$image" -C "$out" --overwrite
diff -r "$scratch/a" "$out" || fault "the trees differ"
equals "its other name" "$(cat "$scratch/other name")" old
[ -z "$(find "$out" -name '.lathe*')" ] || fault "temporary files are left"

say "directories in the place of files, and files in that of directories"
rm -rf "$out"
mkdir -p "$out/file of 1"
echo old >"$out/deep"
ends 5 extract -i "$image" -C "$out" --overwrite
says 'file of 1: a directory is in its place$'
says 'deep: something that is no directory is in its place$'
# "deep" and the three files that are in it among them.
says '5 of 10 could not be extracted$'
equals "a file" "$(cat "$out/deep")" old
[ -d "$out/file of 1" ] || fault "a directory is gone"

say "dates"
touch -d 2003-04-05T06:07:08Z "$scratch/a/file of 1" "$scratch/a/deep"
does image -o "$image" "$scratch/a/"
rm -rf "$out"
does extract -i "$image" -C "$out"
equals "date of a file" "$(stat -c %Y "$out/file of 1")" \
	"$(stat -c %Y "$scratch/a/file of 1")"
equals "date of a directory" "$(stat -c %Y "$out/deep")" \
	"$(stat -c %Y "$scratch/a/deep")"

say "parts"
rm -rf "$out"
does extract -i "$image" -C "$out" "deep/er" "/file of 1"
(cd "$out" && find . -type f | sort) >"$scratch/got"
printf './deep/er/and deeper/bottom.bin\n./file of 1\n' |
	cmp -s - "$scratch/got" || fault "parts: $(cat "$scratch/got")"
ends 4 extract -i "$image" -C "$out" nowhere

# Names that lathe would never record: written into the directory records of
# both hierarchies, in an image without a checksum of ours.
say "hostile names"
command -v genisoimage >/dev/null || {
	finish
}
mkdir "$scratch/h" "$scratch/h/XX"
echo evil >"$scratch/h/YYYY"
echo evil >"$scratch/h/XX/ZZZZZZ"
genisoimage -quiet -J -input-charset utf-8 -o "$scratch/h.iso" "$scratch/h"
attempt=0
for names in "XX=.. YYYY=good ZZZZZZ=escape" "XX=XX YYYY=../e ZZZZZZ=../../" \
	"XX=// YYYY=/etc ZZZZZZ=../e/f" "XX=. YYYY=. ZZZZZZ=.." \
	"XX=XX YYYY=.. ZZZZZZ=a/b"; do
	attempt=$((attempt + 1))
	mkdir -p "$scratch/t$attempt/in/target"
	$PYTHON - "$scratch/h.iso" "$scratch/h2.iso" $names <<'PY'
import sys
data = open(sys.argv[1], "rb").read()
for pair in sys.argv[3:]:
    old, new = pair.split("=")
    for charset in ("ascii", "utf-16-be"):
        # Padded with NULs, so that the record keeps its length.
        was = old.encode(charset)
        data = data.replace(was, new.encode(charset).ljust(len(was), b"\0"))
open(sys.argv[2], "wb").write(data)
PY
	# In either hierarchy, as is or with the other one's descriptor gone.
	$PYTHON - "$scratch/h2.iso" "$scratch/h3.iso" <<'PY'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
for lba in range(17, 20):
    if data[lba * 2048:lba * 2048 + 6] == b"\2CD001":
        data[lba * 2048] = 0xFF
open(sys.argv[2], "wb").write(data)
PY
	for hostile in "$scratch/h2.iso" "$scratch/h3.iso"; do
		run extract -i "$hostile" -C "$scratch/t$attempt/in/target"
		[ $status -lt 128 ] || fault "status $status on $names"
		run ls -i "$hostile" --json
		[ $status -lt 128 ] || fault "status $status of ls on $names"
	done
	(cd "$scratch/t$attempt" && find . -path ./in/target -prune -o -print |
		sort | tr '\n' ' ') >"$scratch/got"
	equals "outside of the target, $names" "$(cat "$scratch/got")" \
		". ./in "
	find "$scratch/t$attempt" -type l | grep . && fault "a link was made"
done

# Links that lead out, and names that go through them: in an image of another
# program, whose Rock Ridge names are written over.
say "hostile symbolic links"
hostile=$scratch/s
mkdir -p "$hostile/in/BBBBBB" "$scratch/victim/folder"
echo precious >"$scratch/victim/file"
echo evil >"$hostile/in/BBBBBB/file"
echo evil >"$hostile/in/CCCCCC"
ln "$hostile/in/CCCCCC" "$hostile/in/ZZZZZZ"
ln -s "$scratch/victim" "$hostile/in/AAAAAA"
ln -s "$scratch/victim/file" "$hostile/in/DDDDDD"
ln -s ../victim "$hostile/in/EEEEEE"
ln -s / "$hostile/in/FFFFFF"
ln -s . "$hostile/in/GGGGGG"
ln -s GGGGGG/../../victim/new "$hostile/in/HHHHHH"
genisoimage -quiet -R -o "$scratch/s.iso" "$hostile/in"
attempt=0
for names in "AAAAAA=AAAAAA" "BBBBBB=AAAAAA" "AAAAAA=BBBBBB" "CCCCCC=DDDDDD" \
	"DDDDDD=CCCCCC" "ZZZZZZ=DDDDDD" "HHHHHH=CCCCCC" "EEEEEE=BBBBBB" \
	"AAAAAA=......" "AAAAAA=A/B/.." "BBBBBB=../../" "GGGGGG=BBBBBB"; do
	attempt=$((attempt + 1))
	$PYTHON - "$scratch/s.iso" "$scratch/s2.iso" "$names" <<'PY'
import re, sys
data = bytearray(open(sys.argv[1], "rb").read())
old, new = sys.argv[3].encode().split(b"=")
# RRIP 4.1.4: "NM", length, version 1, flags, name
for match in re.finditer(b"NM" + bytes([5 + len(old)]) + b"\1\0" + old, data):
    data[match.start() + 5:match.end()] = new
open(sys.argv[2], "wb").write(data)
PY
	out=$scratch/s$attempt/target
	mkdir -p "$scratch/s$attempt"
	ln -s ../victim "$scratch/s$attempt/victim"
	for again in "" --overwrite --overwrite; do
		run extract -i "$scratch/s2.iso" -C "$out" $again
		[ $status -lt 128 ] || fault "status $status on $names"
	done
	run extract -i "$scratch/s2.iso" -C "$out" --keep-modes --overwrite \
		/AAAAAA /BBBBBB /CCCCCC
	[ $status -lt 128 ] || fault "status $status on parts of $names"
	equals "what links lead to, $names" \
		"$(cd "$scratch/victim" && find . | sort | tr '\n' ' ')" \
		". ./file ./folder "
	equals "a file behind a link, $names" "$(cat "$scratch/victim/file")" \
		precious
	[ ! -e "$scratch/s$attempt/folder" ] || fault "outside of the target"
	[ -z "$(find "$out" -name '.lathe*')" ] || fault "temporary files"
done
equals "links are made" "$(readlink "$scratch/s1/target/AAAAAA")" \
	"$scratch/victim"
equals "links in names" "$(readlink "$scratch/s1/target/HHHHHH")" \
	GGGGGG/../../victim/new
does extract -i "$scratch/s.iso" -C "$scratch/s0"
equals "names of one file" "$(stat -c %i "$scratch/s0/CCCCCC")" \
	"$(stat -c %i "$scratch/s0/ZZZZZZ")"

# A link of one image in the place of a folder of the next one.
say "a link of an earlier extraction"
mkdir -p "$scratch/l1" "$scratch/l2/x" "$scratch/t2"
ln -s "$scratch/victim" "$scratch/l1/x"
echo evil >"$scratch/l2/x/file"
does image -o "$scratch/l1.iso" "$scratch/l1/"
does image -o "$scratch/l2.iso" "$scratch/l2/"
does extract -i "$scratch/l1.iso" -C "$scratch/t2"
equals "a link" "$(readlink "$scratch/t2/x")" "$scratch/victim"
ends 5 extract -i "$scratch/l2.iso" -C "$scratch/t2" --overwrite
equals "a file behind a link" "$(cat "$scratch/victim/file")" precious
equals "the folder it leads to" "$(ls "$scratch/victim")" "file
folder"
# And the reverse: a folder is not replaced by a link.
does extract -i "$scratch/l2.iso" -C "$scratch/t3"
run extract -i "$scratch/l1.iso" -C "$scratch/t3" --overwrite
[ $status != 0 ] || fault "a link took the place of a folder"
cmp -s "$scratch/t3/x/file" "$scratch/l2/x/file" || fault "the folder is gone"

# Joliet has names of up to 110 units, which are 330 bytes of UTF-8.
say "names that are too long here"
$PYTHON - "$scratch" <<'PY' >"$scratch/long"
import sys
for i in range(3):
    open("%s/long%d" % (sys.argv[1], i), "w").write(str(i) * 9)
name = "\u672c" * 98
print("/%s1.txt=%s/long0" % (name, sys.argv[1]))
print("/%s2.txt=%s/long1" % (name, sys.argv[1]))
print("/%s/f=%s/long2" % (name + "34567", sys.argv[1]))
print("/%s=%s/long2" % ("\u65e5" * 85, sys.argv[1]))
PY
does image --no-rock-ridge --joliet-long -o "$scratch/long.iso" \
	--path-list "$scratch/long"
does extract -i "$scratch/long.iso" -C "$scratch/long.out"
says 'names of 3 entries are too long here, and cut; -v lists them$'
for again in 1 2; do
	$PYTHON - "$scratch/long.out" <<'PY' || fault "long names"
import os, re, sys
found = {}
os.chdir(sys.argv[1])
for path, folders, files in os.walk("."):
    for name in folders + files:
        assert len(name.encode()) <= 255
        if name == "\u65e5" * 85 or name == "f":
            continue
        assert re.fullmatch("\u672c{8,}.*~[0-9]+(\\.txt)?", name), name
    for name in files:
        found[open(os.path.join(path, name)).read()] = name[-4:]
assert found.pop("2" * 9)
assert found == {"0" * 9: ".txt", "1" * 9: ".txt"}, found
PY
	does extract -i "$scratch/long.iso" -C "$scratch/long.out" \
		--overwrite -v
	equals "names told" "$(grep -c ': extracted as ' "$scratch/err")" 3
done

say "permissions"
mkdir "$scratch/m" "$scratch/m/shut"
for mode in 4755 2755 1777 0640 0444 0000; do
	echo x >"$scratch/m/f$mode"
	chmod $mode "$scratch/m/f$mode"
done
echo x >"$scratch/m/shut/file"
ln -s file "$scratch/m/shut/link"
chmod 0500 "$scratch/m/shut"
does image -o "$scratch/m.iso" --keep-modes "$scratch/m"
umask 027
does extract -i "$scratch/m.iso" -C "$scratch/m1"
does extract -i "$scratch/m.iso" -C "$scratch/m2" --keep-modes
umask 022
equals "masked" "$(cd "$scratch/m1/m" && stat -c %a f* shut | tr '\n' ' ')" \
	"200 640 640 750 750 750 700 "
equals "kept" "$(cd "$scratch/m2/m" && stat -c %a f* shut | tr '\n' ' ')" \
	"0 444 640 1777 2755 4755 500 "
equals "a link in a folder that may not be written" \
	"$(readlink "$scratch/m2/m/shut/link")" file

say "an image cut short"
size=$(wc -c <"$image")
for part in 2 5 9; do
	head -c $((size * part / 10)) "$image" >"$scratch/cut.iso"
	rm -rf "$out"
	run extract -i "$scratch/cut.iso" -C "$out"
	[ $status != 0 ] || fault "a cut image is extracted as if whole"
	run verify -i "$scratch/cut.iso"
	[ $status != 0 ] || fault "a cut image is verified"
done
say "what is read is not replaced"
rm -rf "$scratch/own" "$scratch/t4"
mkdir "$scratch/own" "$scratch/t4"
echo text >"$scratch/own/a.iso"
echo more >"$scratch/own/b"
ln "$scratch/own/b" "$scratch/own/c.iso"
ln -s b "$scratch/own/d.iso"
for name in a c d; do
	does image -o "$scratch/t4/$name.iso" "$scratch/own/"
	sum=$(sha256sum <"$scratch/t4/$name.iso")
	ends 5 extract -i "$scratch/t4/$name.iso" -C "$scratch/t4" --overwrite
	says "/$name.iso: what is read is in its place, and stays"
	equals "the image" "$(sha256sum <"$scratch/t4/$name.iso")" "$sum"
	equals "what is there" "$(ls "$scratch/t4" | tr '\n' ' ')" \
		"a.iso b c.iso d.iso "
	rm "$scratch/t4"/*
done
cp "$scratch/own/b" "$scratch/own/e.img"
cp "$scratch/own/b" "$scratch/own/e.img.disc"
does emu create "$scratch/t4/e.img"
does burn -d "emu:$scratch/t4/e.img" "$scratch/own/"
sum=$(fingerprint "$scratch/t4/e.img")
ends 5 extract -d "emu:$scratch/t4/e.img" -C "$scratch/t4" --overwrite
equals "the disc" "$(fingerprint "$scratch/t4/e.img")" "$sum"
finish
