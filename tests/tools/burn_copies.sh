#!/bin/sh
# SPDX-License-Identifier: MIT
# The copy of a disc with several sessions has the first one's descriptors at
# block 16. Recorded as an image, a disc shows what the disc showed that was
# copied: its newest session; and what is behind the first one stays safe from
# the next session.
. tests/tools/lib_tools.sh
need $PYTHON
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
finish
