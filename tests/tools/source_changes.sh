#!/bin/sh
# SPDX-License-Identifier: MIT
# A source file shrinks while it is recorded, or is written into: the session is
# finished, the file is listed and ends in zeros, all others are whole, and the
# exit status is one of its own. With --on-source-error=stop nothing goes on.
. tests/tools/lib_tools.sh
need $PYTHON
disc=$scratch/d.img

# Files lie on the disc in the order of their names.
prepare() {
	rm -rf "$scratch/s" "$disc" "$disc".*
	mkdir "$scratch/s"
	truncate -s 200M "$scratch/s/1 big"
	head -c 3000000 /dev/urandom >"$scratch/s/2 shrinks"
	head -c 100000 /dev/urandom >"$scratch/s/3 stays"
	does emu create "$disc"
}

# Burn, and cut the file once blocks are written. False: it was too late.
burn_and_cut() { # options
	rm -f "$scratch/log"
	"$lathe" burn -d "emu:$disc" --scsi-log "$scratch/log" "$@" \
		"$scratch/s" >"$scratch/out" 2>"$scratch/err" &
	pid=$!
	stop_when_writing $pid "$scratch/log"
	truncate -s 1000000 "$scratch/s/2 shrinks"
	kill -CONT $pid
	wait $pid
	status=$?
	[ $status != 0 ]
}

in_time() { # options
	for attempt in 1 2 3 4; do
		prepare
		cp "$scratch/s/2 shrinks" "$scratch/whole"
		burn_and_cut "$@" && return
	done
	echo "the burn was done before a file could be changed"
	exit 77
}

in_time
equals "status" $status 8
says "not whole: .*on the disc: /s/2 shrinks"
says "is closed, the disc stays appendable"
says "name it without them to record it again"
equals "files told" "$(grep -c 'not whole: ' "$scratch/err")" 1
does extract -d "emu:$disc" -C "$scratch/got"
cmp -s "$scratch/s/3 stays" "$scratch/got/s/3 stays" ||
	fault "another file differs"
head -c 1000000 "$scratch/whole" >"$scratch/wanted"
truncate -s 3000000 "$scratch/wanted"
cmp -s "$scratch/wanted" "$scratch/got/s/2 shrinks" ||
	fault "the file is not what was there and then zeros"
does verify -d "emu:$disc" --full

in_time --on-source-error=stop
equals "status with stop" $status 8
says "shrinks"

# Its size stays; its head is recorded, its end is not yet read.
write_into() { # command, options
	rm -rf "$scratch/t" "$disc" "$disc".*
	mkdir "$scratch/t"
	truncate -s 200M "$scratch/t/torn"
	does emu create "$disc"
	"$@" >"$scratch/out" 2>"$scratch/err"
	status=$?
	equals "status of $*" $status 8
	says "torn"
}

burn_torn() { # options
	"$lathe" burn -d "emu:$disc" --scsi-log "$scratch/log" "$@" \
		"$scratch/t" &
	pid=$!
	stop_when_writing $pid "$scratch/log"
	printf new | dd of="$scratch/t/torn" conv=notrunc status=none
	kill -CONT $pid
	wait $pid
}

# A pipe takes a part; then the rest.
image_torn() { # options
	{
		"$lathe" image -o - "$@" "$scratch/t"
		echo $? >"$scratch/status"
	} | {
		head -c 50000000
		printf new | dd of="$scratch/t/torn" conv=notrunc status=none
		cat
	} >"$scratch/i"
	return $(cat "$scratch/status")
}

rm -f "$scratch/log"
write_into burn_torn
says "is closed, the disc stays appendable"
write_into image_torn --on-source-error=zero
write_into image_torn
finish
