#!/bin/sh
# SPDX-License-Identifier: MIT
# SIGINT in the midst of a burn: the program ends by itself, says how the disc
# was left, and the session before reads as it did.
. tests/tools/lib_tools.sh
need $PYTHON
disc=$scratch/d.img

make_tree "$scratch/a" 1
does emu create "$disc"
does burn -d "emu:$disc" "$scratch/a"
mkdir "$scratch/big"
for i in 1 2 3 4 5 6; do
	truncate -s 100M "$scratch/big/file $i"
done

"$lathe" burn -d "emu:$disc" --scsi-log "$scratch/log" \
	"$scratch/big" >"$scratch/out" 2>"$scratch/err" &
pid=$!
stop_when_writing $pid "$scratch/log"
kill -INT $pid
kill -CONT $pid
wait $pid
status=$?
if [ $status = 0 ]; then
	echo "the burn was done before it could be stopped"
	exit 77
fi
equals "status" $status 40
grep -q 'left open\|is closed' "$scratch/err" || fault "$(cat "$scratch/err")"
[ -s "$scratch/log" ] || fault "no log"
does extract -d "emu:$disc" --session 1 -C "$scratch/got"
diff -r "$scratch/a" "$scratch/got/a" || fault "session 1 differs"
does info -d "emu:$disc"
finish
