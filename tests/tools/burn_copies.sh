#!/bin/sh
# SPDX-License-Identifier: MIT
# The copy of a disc with several sessions has the first one's descriptors at
# block 16. Recorded as an image, a disc shows what the disc showed that was
# copied: its newest session; and what is behind the first one stays safe from
# the next session.
. tests/tools/lib_tools.sh
need $PYTHON genisoimage bsdtar
disc=$scratch/d.img
copy=$scratch/copy.iso

make_tree "$scratch/a" 1
make_tree "$scratch/b" 2
make_tree "$scratch/c" 3

copy_of() { # medium
	rm -f "$scratch/o.img"* "$copy"
	does emu create "$scratch/o.img" --media "$1"
	for i in a b c; do
		does burn -d "emu:$scratch/o.img" "$scratch/$i"
	done
	does read -d "emu:$scratch/o.img" -o "$copy"
}

fresh() { # medium
	rm -rf "$disc" "$disc.disc" "$scratch/got"
	does emu create "$disc" --media "$1"
}

holds() { # folders
	rm -rf "$scratch/got"
	does extract -d "emu:$disc" -C "$scratch/got"
	for i; do
		diff -r "$scratch/$i" "$scratch/got/$i" || fault "$i differs"
	done
	equals "what is there" "$(ls "$scratch/got" | tr '\n' ' ')" "$* "
}

for from in cd-r-80 dvd-r dvd+r bd-r; do
	copy_of $from
	sum=$(sha256sum <"$copy")
	for to in cd-r-80 dvd-r dvd+rw bd-re; do
		say "$from to $to"
		fresh $to
		does burn -d "emu:$disc" --image "$copy"
		says "copy of a disc with 3 sessions.*shows the newest"
		holds a b c
		does verify -d "emu:$disc" --full
		does read -d "emu:$disc" -o "$scratch/again.iso" --overwrite
		does ls -i "$scratch/again.iso" --sessions
		equals "sessions" "$(sed 1d "$scratch/out" | wc -l)" 3
		does extract -i "$scratch/again.iso" --session 1 -C "$scratch/1"
		equals "session 1" "$(ls "$scratch/1")" a
		diff -r "$scratch/a" "$scratch/1/a" || fault "session 1 differs"
		rm -rf "$scratch/1"
		# The next one lies behind all of it.
		does burn -d "emu:$disc" --import /more="$scratch/a"
		rm -rf "$scratch/more" && cp -r "$scratch/a" "$scratch/more"
		holds a b c more
	done
	equals "the copy" "$(sha256sum <"$copy")" "$sum"
done

# What looks like padding may be a file that its volume does not tell of.
if command -v genisoimage >/dev/null; then
	say "a volume of another program that ends behind its end"
	mkdir "$scratch/z" && cp -r "$scratch/a" "$scratch/z/a"
	head -c 400000 /dev/zero >"$scratch/z/zeros"
	genisoimage -quiet -R -J -o "$scratch/1.iso" "$scratch/a"
	genisoimage -quiet -R -J -C 0,11702 -M "$scratch/1.iso" \
		-o "$scratch/2.iso" "$scratch/z" 2>/dev/null
	cp "$scratch/1.iso" "$scratch/f.iso"
	dd if="$scratch/2.iso" of="$scratch/f.iso" bs=2048 seek=11702 \
		conv=notrunc status=none
	# ECMA-119 8.4.8: the size, 300 blocks less.
	$PYTHON - "$scratch/f.iso" <<'PY'
import struct, sys
with open(sys.argv[1], "r+b") as f:
    for lba in range(11718, 11720):
        f.seek(lba * 2048)
        block = bytearray(f.read(2048))
        if block[0] in (1, 2):
            size = struct.unpack_from("<I", block, 80)[0] - 300
            struct.pack_into("<I", block, 80, size)
            struct.pack_into(">I", block, 84, size)
        f.seek(lba * 2048)
        f.write(block)
PY
	for to in cd-r-80 dvd+rw; do
		fresh $to
		does burn -d "emu:$disc" --image "$scratch/f.iso"
		says "copy of a disc with 2 sessions"
		run extract -d "emu:$disc" -C "$scratch/got"
		cmp "$scratch/z/zeros" "$scratch/got/zeros" ||
			fault "$to: a file of zeros differs"
		diff -r "$scratch/z/a" "$scratch/got/a" || fault "$to: a"
	done
	rm -rf "$scratch/got"
fi

say "from standard input"
fresh dvd+rw
"$lathe" burn -d "emu:$disc" --image - <"$copy" >"$scratch/out" \
	2>"$scratch/err" || fault "status $?"
says "3 sessions"
holds a b c

say "a pipe can not be looked at: as it is"
fresh dvd-r
cat "$copy" | "$lathe" burn -d "emu:$disc" --image - >"$scratch/out" 2>&1 ||
	fault "a pipe: $(cat "$scratch/out")"
holds a
head -c "$(stat -c %s "$copy")" "$disc" | cmp - "$copy"

say "as it is what shows its newest session by itself"
does image -o "$scratch/one.iso" "$scratch/a"
cp "$scratch/one.iso" "$scratch/two.iso"
does image -M "$scratch/two.iso" "$scratch/b"
cp "$copy" "$scratch/mended.iso"
does repair -i "$scratch/mended.iso"
head -c 300000 /dev/urandom >"$scratch/other.iso"
for image in one two mended other; do
	fresh cd-r-80
	does burn -d "emu:$disc" --image "$scratch/$image.iso"
	equals "said of $image" "$(cat "$scratch/err")" ""
	head -c "$(stat -c %s "$scratch/$image.iso")" "$disc" |
		cmp - "$scratch/$image.iso" || fault "$image: other bytes"
done

say "a disc with room for the copy, and for nothing else"
# With the run-out of a CD.
blocks=$(($(stat -c %s "$copy") / 2048 + 2))
for limit in $blocks $((blocks + 100)); do
	fresh cd-r-80
	sed -i "s/^limit .*/limit $limit/" "$disc.disc"
	does burn -d "emu:$disc" --image "$copy" --final
	holds a b c
done
fresh cd-r-80
sed -i "s/^limit .*/limit $((blocks - 1))/" "$disc.disc"
ends 26 burn -d "emu:$disc" --image "$copy" --final
says "nothing was written"

say "one of which the end is missing"
head -c 150000 "$scratch/two.iso" >"$scratch/cut.iso"
fresh cd-r-80
does burn -d "emu:$disc" --image "$scratch/cut.iso"
says "cut short"
equals "told" "$(grep -c 'cut short' "$scratch/err")" 1
# ECMA-119 8.4.8: of one session, through a pipe, to be appended.
head -c 150000 "$scratch/one.iso" >"$scratch/cut.iso"
blocks=$(($(stat -c %s "$scratch/one.iso") / 2048))
for how in "" "cut.iso" ; do
	fresh dvd-r
	"$lathe" burn -d "emu:$disc" --image "${how:+$scratch/}${how:--}" \
		<"$scratch/cut.iso" >"$scratch/out" 2>"$scratch/err"
	equals "status" $? 0
	says "ends at block 74, its volume at block $blocks"
done
fresh dvd-r
cat "$scratch/cut.iso" | "$lathe" burn -d "emu:$disc" --image - \
	>"$scratch/out" 2>"$scratch/err"
says "ends at block 74, its volume at block $blocks"
next=$(info "emu:$disc" medium.next_writable)
does image -C "0,$next" -o "$scratch/s.iso" "$scratch/a/"
end=$((next + $(stat -c %s "$scratch/s.iso") / 2048))
cp "$disc" "$scratch/d2.img" && cp "$disc.disc" "$scratch/d2.img.disc"
cat "$scratch/s.iso" | "$lathe" burn -d "emu:$disc" --image - \
	>"$scratch/out" 2>"$scratch/err" || fault "a session"
equals "what is said" "$(cat "$scratch/err")" ""
head -c 150000 "$scratch/s.iso" | "$lathe" burn -d "emu:$scratch/d2.img" \
	--image - >"$scratch/out" 2>"$scratch/err" || fault "a session"
says "ends at block $((next + 74)), its volume at block $end"

say "a later session of genisoimage, longer than what is in front of it"
fresh dvd-ram
echo small >"$scratch/small"
does burn -d "emu:$disc" "$scratch/small"
mkdir "$scratch/long"
head -c 600000 /dev/zero | tr '\0' x >"$scratch/long/x"
genisoimage -quiet -R -J -M "$disc" -C 32,64 -o "$scratch/s.iso" \
	"$scratch/long" 2>/dev/null || fault "genisoimage"
does burn -d "emu:$disc" --image "$scratch/s.iso"
# ECMA-119 8.4.8: from the start of the disc. It stays so.
size_at() { # block
	od -An -t u4 -j $(($1 * 2048 + 80)) -N 4 "$copy" | tr -d ' '
}
does read -d "emu:$disc" -o "$copy" --overwrite
blocks=$(($(stat -c %s "$scratch/s.iso") / 2048))
equals "session" "$(size_at 80)" "$blocks"
equals "head" "$(size_at 16)" $((64 + blocks))
does repair -i "$copy"
grep -q "nothing was to be repaired" "$scratch/out" || fault "repaired"
equals "head" "$(size_at 16)" $((64 + blocks))
bsdtar -tf "$copy" >"$scratch/out" 2>&1 || fault "$(cat "$scratch/out")"
finish
