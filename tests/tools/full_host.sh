#!/bin/sh
# SPDX-License-Identifier: MIT
# Where the emulator keeps its discs there is no room any more: nothing says
# that it went well, and the disc is what it was. A directory in the place of
# the file that is to become the new state is as good as a full disk, and works
# for root as well.
. tests/tools/lib_tools.sh
disc=$scratch/d.img

make_tree "$scratch/a" 1
make_tree "$scratch/b" 2

fresh() { # medium
	rm -rf "$disc" "$disc.disc" "$scratch/got"
	does emu create "$disc" --media "$1"
	does burn -d "emu:$disc" "$scratch/a"
	mkdir "$disc.disc~"
}

not_done() { # arguments
	run "$@" && fault "lathe $*: success"
	says "d.img.disc still tells an older state of the disc"
}

still_there() {
	rmdir "$disc.disc~"
	does verify -d "emu:$disc" --session 1 --full
	does extract -d "emu:$disc" --session 1 -C "$scratch/got"
	diff -r "$scratch/a" "$scratch/got/a" || fault "session 1 differs"
}

for medium in cd-rw dvd-rw dvd-ram bd-r; do
	say "$medium"
	fresh $medium
	not_done burn -d "emu:$disc" /again="$scratch/b"
	still_there
	does burn -d "emu:$disc" /again="$scratch/b"
done

say "what else changes a disc"
fresh cd-rw
not_done blank -d "emu:$disc"
not_done blank -d "emu:$disc" --full
still_there
fresh dvd+r
not_done close -d "emu:$disc" --final
still_there
fresh dvd-ram
not_done format -d "emu:$disc"
still_there

say "looking at it needs no room"
fresh dvd-rw
does info -d "emu:$disc"
does ls -d "emu:$disc"
does eject -d "emu:$disc"
rm -rf "$disc" "$disc.disc" "$disc.disc~"
does emu create "$disc" --media dvd+rw
does burn -d "emu:$disc" "$scratch/a"
mkdir "$disc.disc~"
# It is formatted while it lies there.
does ls -d "emu:$disc"
equals "said" "$(cat "$scratch/err")" ""
finish
