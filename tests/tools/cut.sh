#!/bin/sh
# SPDX-License-Identifier: MIT
# The power fails in the midst of a session: the disc says so, the session
# before is untouched, and closing the rest is done on request only.
. tests/tools/lib_tools.sh
need $PYTHON
disc=$scratch/d.img

make_tree "$scratch/a" 1
make_tree "$scratch/b" 2
does emu create "$disc"
does burn -d "emu:$disc" "$scratch/a"
head -c $((16 * 2048)) "$disc" >/dev/null
echo "op=2A count=2 powercut" >"$scratch/faults"
run burn -d "emu:$disc,faults=$scratch/faults" "$scratch/b"
[ $status != 0 ] || fault "success after a power cut"
says "left open|not known"

say "what the disc says"
does info -d "emu:$disc"
equals "status" "$(info "emu:$disc" medium.status)" unfinished
equals "why" "$(info "emu:$disc" why)" unfinished
equals "sessions" "$(info "emu:$disc" sessions)" 1
does extract -d "emu:$disc" -C "$scratch/got"
diff -r "$scratch/a" "$scratch/got/a" || fault "session 1 differs"
ends 25 burn -d "emu:$disc" "$scratch/b"

say "closing it"
before=$(fingerprint "$disc")
ends 25 close -d "emu:$disc"
says "--force"
equals "the disc" "$(fingerprint "$disc")" "$before"
does close -d "emu:$disc" --force
equals "status" "$(info "emu:$disc" medium.status)" appendable
does verify -d "emu:$disc" --session 1 --full
rm -rf "$scratch/got"
does extract -d "emu:$disc" --session 1 -C "$scratch/got"
diff -r "$scratch/a" "$scratch/got/a" || fault "session 1 differs at the end"
ends 22 burn -d "emu:$disc" "$scratch/b"
finish
