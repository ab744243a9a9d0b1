#!/bin/sh
# SPDX-License-Identifier: MIT
# An append that is cut: after each step of writing, within each step, and with
# a head that was torn in every way, the older session is there, the whole
# image is found, and the next append makes it whole.
. tests/tools/lib_append.sh
need $PYTHON

make_tree "$scratch/one" 1
cp -a "$scratch/one" "$scratch/two"
fill "$scratch/two/second/file.bin" 300000 b
cp -a "$scratch/two" "$scratch/three"
fill "$scratch/three/third.bin" 5000 c

states() { # old image, new image, folder for the states
	mkdir -p "$3"
	$PYTHON - "$@" <<'PY'
import itertools
import sys
old, new = (bytearray(open(name, "rb").read()) for name in sys.argv[1:3])
folder = sys.argv[3]
B = 2048
session = int.from_bytes(new[16 * B + 895:16 * B + 899], "little")
head = slice(16 * B, 19 * B)
behind = (len(old) + B - 1) // B
at = (behind + 31) // 32 * 32

def keep(name, data):
    open("%s/%s" % (folder, name), "wb").write(data)

# Everything of the session but its descriptor, cut at some places; the
# descriptor is zeros until the rest is there.
body = bytearray(new)
body[head] = old[head]
descriptors = slice((session + 16) * B, (session + 19) * B)
held = bytearray(body)
held[(session + 16) * B:(session + 17) * B] = bytes(B)
for block in {at, at + 1, at + 16, at + 17, at + 31, session, session + 16,
              session + 17, session + 20, len(new) // B - 1, len(new) // B}:
    if block * B > len(old):
        keep("old-body-%d" % block, held[:block * B])
# Blocks of the body that were written while earlier ones were not.
late = bytearray(held)
late[session * B:(session + 40) * B] = bytes(40 * B)
keep("old-late", late)
# Its descriptors, block by block, in any order.
for blocks in itertools.product((False, True), repeat=3):
    state = bytearray(held)
    state[descriptors] = bytes(3 * B)
    for i, there in enumerate(blocks):
        if there:
            a = (session + 16 + i) * B
            state[a:a + B] = new[a:a + B]
    keep("%s-descriptors-%d%d%d" % (("whole" if blocks == (True,) * 3 else
                                     "any" if blocks[0] else "old",) +
                                    blocks), state)
# The head, torn in every way; a block that was lost reads as zeros or noise.
for blocks in itertools.product("onzx", repeat=3):
    state = bytearray(body)
    for i, what in enumerate(blocks):
        a = (16 + i) * B
        state[a:a + B] = {"o": old[a:a + B], "n": new[a:a + B],
                          "z": bytes(B), "x": b"\xa5" * B}[what]
    keep("whole-head-" + "".join(blocks), state)
PY
}

judge() { # folder of states
	for state in "$1"/*; do
		name=${state##*/}
		count=$(sessions "$state")
		case $name in
		old-*) expected=1 ;;
		whole-*) expected=2 ;;
		*) expected=$count ;;
		esac
		equals "sessions of $name" "$count" $expected
		rm -rf "$scratch/got"
		does extract -i "$state" --session 1 -C "$scratch/got"
		diff -r "$scratch/one" "$scratch/got" >/dev/null ||
			fault "$name: session 1"
		[ "$expected" = 2 ] && case $name in
		whole-*)
			does verify -i "$state" --full
			rm -rf "$scratch/got"
			does extract -i "$state" -C "$scratch/got"
			diff -r "$scratch/two" "$scratch/got" >/dev/null ||
				fault "$name: session 2"
			;;
		esac
		# The next append begins behind all of it and mends the head.
		case $name in
		old-body-*[05] | old-late | whole-head-[nz]?[xo] | \
			whole-desc*)
			does image -M "$state" "/third.bin=$scratch/three/third.bin"
			equals "sessions of $name, continued" \
				"$(sessions "$state")" $((expected + 1))
			rm -rf "$scratch/got"
			does extract -i "$state" -C "$scratch/got"
			[ $expected = 1 ] || diff -r "$scratch/three" \
				"$scratch/got" >/dev/null ||
				fault "$name: session 3"
			cmp -s "$scratch/got/third.bin" \
				"$scratch/three/third.bin" ||
				fault "$name: the new file"
			session_is "$state" 1 "$scratch/one"
			;;
		esac
	done
}

for first in "" --growable; do
	say "first session ${first:-at block 0}"
	does image $first -o "$scratch/old.iso" "$scratch/one/"
	does image -M "$scratch/old.iso" -o "$scratch/new.iso" \
		"/second=$scratch/two/second"
	rm -rf "$scratch/states"
	states "$scratch/old.iso" "$scratch/new.iso" "$scratch/states" ||
		fault "no states"
	judge "$scratch/states"
done

say "the order of writing is that of the states"
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	does image -o "$scratch/s.iso" "$scratch/one/"
	# The sanitizer looks for leaks by tracing, too: only one can.
	ASAN_OPTIONS=detect_leaks=0 \
		strace -f -o "$scratch/trace" \
		-e trace=pwrite64,fsync,ftruncate \
		"$lathe" image -M "$scratch/s.iso" "$scratch/two/second" \
		>/dev/null 2>&1 || fault "strace"
	$PYTHON - "$scratch/trace" <<'PY' || fault "$(cat "$scratch/trace")"
import re
import sys
steps = []
for line in open(sys.argv[1]):
    call = re.search(r"(pwrite64|fsync|ftruncate)\((.*)\)\s+= (\d+)", line)
    if not call:
        continue
    if call[1] == "pwrite64":
        steps.append(("at", int(call[2].rsplit(", ", 1)[1])))
    else:
        steps.append((call[1], 0))
assert steps[-1][0] == "fsync" and steps[-2] == ("at", 16 * 2048), steps
assert steps[-3][0] == "fsync" and steps[-4][0] == "at", steps
assert steps[-5][0] == "fsync", steps
assert [s for s in steps[:-2] if s[0] == "at" and s[1] < 19 * 2048] == []
PY
fi

say "stopped on request: the file is as it was"
does image -o "$scratch/k.iso" "$scratch/one/"
sum=$(sha256sum <"$scratch/k.iso")
fill "$scratch/gone/a" 100000 k
# Long enough to be caught at it.
truncate -s 150M "$scratch/gone/long"
"$lathe" image -M "$scratch/k.iso" "$scratch/gone" >"$scratch/out" \
	2>"$scratch/err" &
process=$!
tries=0
while [ "$(stat -c %s "$scratch/k.iso")" -lt 3000000 ] &&
	[ $tries -lt 2000 ] && kill -0 $process 2>/dev/null; do
	tries=$((tries + 1))
	sleep 0.005
done
kill -INT $process 2>/dev/null
wait $process
status=$?
if [ $status = 40 ]; then
	equals "the image" "$(sha256sum <"$scratch/k.iso")" "$sum"
elif [ $status != 0 ]; then
	fault "status $status"
fi
equals "session 1" "$("$lathe" ls -i "$scratch/k.iso" --session 1 | wc -l)" \
	"$(find "$scratch/one" -mindepth 1 | wc -l)"

say "a copy of a disc of several sessions grows: all of them stay"
does emu create "$scratch/d.img"
does burn -d "emu:$scratch/d.img" "$scratch/one"
does burn -d "emu:$scratch/d.img" --remove /one "$scratch/two/second"
does read -d "emu:$scratch/d.img" -o "$scratch/r.iso"
does verify -i "$scratch/r.iso" --session 1
cp "$scratch/r.iso" "$scratch/whole.iso"
does repair -i "$scratch/r.iso"
equals "what repair says" "$(grep -c 'made anew' "$scratch/out")" 1
does ls -i "$scratch/r.iso"
equals "the newest" "$(tr '\n' ' ' <"$scratch/out")" "/second/ /second/file.bin "
does ls --sessions -i "$scratch/r.iso"
equals "sessions" "$(wc -l <"$scratch/out")" 3
equals "what is said" "$(cat "$scratch/err")" ""
does ls -i "$scratch/r.iso" --session 1
equals "files of session 1" "$(wc -l <"$scratch/out")" \
	"$(find "$scratch/one" | wc -l)"
does repair -i "$scratch/r.iso"
equals "what repair says" "$(grep -c 'nothing was' "$scratch/out")" 1
does image -M "$scratch/r.iso" "/n=$scratch/two/second"
does ls --sessions -i "$scratch/r.iso"
equals "sessions" "$(wc -l <"$scratch/out")" 4
equals "what is said" "$(cat "$scratch/err")" ""
mv "$scratch/whole.iso" "$scratch/r.iso"
for count in 3 4 5; do
	does image -M "$scratch/r.iso" "/n$count=$scratch/two/second"
	does ls --sessions -i "$scratch/r.iso"
	equals "sessions" "$(wc -l <"$scratch/out")" $((count + 1))
	equals "what is said" "$(cat "$scratch/err")" ""
	rm -rf "$scratch/got"
	does extract -i "$scratch/r.iso" --session 1 -C "$scratch/got"
	diff -r "$scratch/one" "$scratch/got/one" || fault "session 1"
	does verify -i "$scratch/r.iso" --session 1 --full
	does ls -i "$scratch/r.iso" --session 2
	equals "session 2" "$(tr '\n' ' ' <"$scratch/out")" \
		"/second/ /second/file.bin "
done

say "stopped while the old image is copied: that is said"
fill "$scratch/gone/long" 1000000 l
does image -o "$scratch/l.iso" "$scratch/gone"
mkfifo "$scratch/pipe"
"$lathe" image -M "$scratch/l.iso" -o - "$scratch/one" >"$scratch/pipe" \
	2>"$scratch/err" &
process=$!
{
	head -c 100000 >/dev/null
	kill -INT $process
	cat >/dev/null
} <"$scratch/pipe"
wait $process
equals "status" $? 40
says 'standard output: cancelled on request'
says 'what to do: '
finish
