#!/bin/sh
# SPDX-License-Identifier: MIT
# A CD-RW through its life: recorded, blanked in the same step, simulated,
# blanked by itself; tray and speed.
. tests/tools/lib_tools.sh
need $PYTHON
disc=$scratch/d.img

holds() { # folder
	rm -rf "$scratch/got"
	does extract -d "emu:$disc" -C "$scratch/got"
	diff -r "$1" "$scratch/got" || fault "the disc does not hold $1"
}

make_tree "$scratch/a" 1
make_tree "$scratch/b" 2
does emu create "$disc" --media cd-rw
equals "erasable" "$(info "emu:$disc" medium.erasable)" True

say "simulated"
before=$(fingerprint "$disc")
does burn -d "emu:$disc" --simulate "$scratch/a"
grep -q 'nothing was written' "$scratch/out" || fault "$(cat "$scratch/out")"
equals "the disc" "$(fingerprint "$disc")" "$before"

say "recorded, and blanked in one step"
does burn -d "emu:$disc" --speed 4 --blank "$scratch/a/"
holds "$scratch/a"
does burn -d "emu:$disc" --blank --eject "$scratch/b/"
holds "$scratch/b"
equals "sessions" "$(info "emu:$disc" sessions)" 1
before=$(fingerprint "$disc")
ends 22 burn -d "emu:$disc" --blank --plan "$scratch/a/"
equals "the disc after --plan" "$(fingerprint "$disc")" "$before"

say "a final disc"
does burn -d "emu:$disc" --final "$scratch/a"
ends 24 burn -d "emu:$disc" "$scratch/a"
does burn -d "emu:$disc" --blank "$scratch/a/"
holds "$scratch/a"

say "blanked"
does blank -d "emu:$disc"
equals "status" "$(info "emu:$disc" medium.status)" blank
does burn -d "emu:$disc" "$scratch/b/"
does blank -d "emu:$disc" --full --progress=json
grep -q '"phase":"blanking"' "$scratch/out" || fault "no progress of blanking"
equals "status" "$(info "emu:$disc" medium.status)" blank
equals "free" "$(info "emu:$disc" medium.free_blocks)" \
	"$(info "emu:$disc" medium.capacity_blocks)"

say "tray"
does eject -d "emu:$disc"
does load -d "emu:$disc"
finish
