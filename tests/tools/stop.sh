#!/bin/sh
# SPDX-License-Identifier: MIT
# SIGINT in the midst of a burn: the program ends by itself, says how the disc
# was left, the session before reads as it did, and the disc can be gone on
# with.
. tests/tools/lib_tools.sh
need $PYTHON
disc=$scratch/d.img
late=

make_tree "$scratch/a" 1
mkdir "$scratch/big"
for i in 1 2 3 4 5 6; do
	truncate -s 100M "$scratch/big/file $i"
done

holds_first() {
	rm -rf "$scratch/got"
	does extract -d "emu:$disc" --session 1 -C "$scratch/got"
	diff -r "$scratch/a" "$scratch/got/a" || fault "session 1 differs"
}

stop() { # medium, what is said
	say "$1"
	rm -rf "$disc" "$disc.disc" "$scratch/log" "$scratch/got"
	does emu create "$disc" --media "$1"
	does burn -d "emu:$disc" "$scratch/a"
	"$lathe" burn -d "emu:$disc" --scsi-log "$scratch/log" \
		"$scratch/big" >"$scratch/out" 2>"$scratch/err" &
	pid=$!
	stop_when_writing $pid "$scratch/log"
	kill -INT $pid
	kill -CONT $pid
	wait $pid
	status=$?
	if [ $status = 0 ]; then
		late="$late $1"
		return
	fi
	equals "status" $status 40
	says "$2"
	[ -s "$scratch/log" ] || fault "no log"
	holds_first
	does info -d "emu:$disc"
	does burn -d "emu:$disc" --volume AGAIN
	holds_first
}

for medium in cd-r-80 dvd-r dvd+r bd-r; do
	stop $medium 'is closed, the disc stays appendable; [0-9]+ files? in'
done
for medium in dvd-rw-ow dvd+rw dvd-ram bd-re; do
	stop $medium 'cut short: nothing leads to it'
done
# nohup(1) starts a program so.
say "SIGHUP where it is ignored"
rm -rf "$disc" "$disc.disc" "$scratch/log"
does emu create "$disc" --media dvd-r
(trap '' HUP
exec "$lathe" burn -d "emu:$disc" --scsi-log "$scratch/log" \
	"$scratch/big" >"$scratch/out" 2>"$scratch/err") &
pid=$!
stop_when_writing $pid "$scratch/log"
kill -HUP $pid
kill -CONT $pid
wait $pid
equals "status" $? 0
does verify -d "emu:$disc"

say "what is waited for: nobody comes to the other end of a pipe"
mkfifo "$scratch/pipe"
for what in "-o $scratch/pipe $scratch/a" \
	"-o $scratch/x.iso --map $scratch/pipe $scratch/a" \
	"-o $scratch/x.iso --path-list $scratch/pipe"; do
	# shellcheck disable=SC2086
	"$lathe" image $what >"$scratch/out" 2>"$scratch/err" &
	pid=$!
	sleep 0.3
	kill -INT $pid
	wait $pid
	equals "status of image $what" $? 40
	says 'pipe: cancelled on request$'
	[ ! -e "$scratch/x.iso" ] || fault "an image is there"
done
if [ -n "$late" ] && [ $faults = 0 ]; then
	echo "done before they could be stopped:$late"
	exit 77
fi
finish
