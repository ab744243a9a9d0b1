#!/bin/sh
# SPDX-License-Identifier: MIT
# Images that can not grow are left alone and the reason is told; sizes that
# are no whole blocks, images above 4 GiB, several appends at once.
. tests/tools/lib_append.sh
need $PYTHON

make_tree "$scratch/one" 1
fill "$scratch/two/b.bin" 50000 b
cp -a "$scratch/one" "$scratch/both"
cp "$scratch/two/b.bin" "$scratch/both"
base=$scratch/base.iso
does image -o "$base" "$scratch/one/"

refused() { # status, what is said, image, further arguments
	sum=$(sha256sum <"$3")
	code=$1
	text=$2
	image=$3
	shift 3
	ends "$code" image -M "$image" "$@" "$scratch/two/b.bin"
	says "$text"
	equals "$image afterwards" "$(sha256sum <"$image")" "$sum"
}

say "no volume in it"
: >"$scratch/empty"
head -c 300000 /dev/zero >"$scratch/zeros"
head -c 65536 "$base" | tail -c 20000 >"$scratch/piece"
for name in empty zeros piece; do
	refused 30 "no ISO 9660 volume" "$scratch/$name"
done
ends 4 image -M "$scratch/nothing.iso" "$scratch/two/b.bin"
[ ! -e "$scratch/nothing.iso" ] || fault "it was made"

say "truncated"
blocks=$(($(stat -c %s "$base") / 2048))
for keep in 17 18 20 25 30 $((blocks - 1)); do
	head -c $((keep * 2048)) "$base" >"$scratch/short.iso"
	run image -M "$scratch/short.iso" "$scratch/two/b.bin"
	[ $status = 31 ] || [ $status = 30 ] ||
		fault "$keep blocks: status $status"
	equals "the length" "$(stat -c %s "$scratch/short.iso")" \
		$((keep * 2048))
done
refused 31 "truncated: it has [0-9]+ blocks, its newest session ends" \
	"$scratch/short.iso"
head -c $((blocks * 2048 - 1)) "$base" >"$scratch/short.iso"
refused 31 "truncated" "$scratch/short.iso"
does image -M "$base" -o "$scratch/two.iso" "$scratch/two/b.bin"
head -c -2048 "$scratch/two.iso" >"$scratch/short.iso"
refused 31 "truncated" "$scratch/short.iso"

say "damaged"
cp "$base" "$scratch/bad.iso"
printf x | dd of="$scratch/bad.iso" bs=1 seek=$((22 * 2048 + 40)) \
	conv=notrunc 2>/dev/null
refused 31 "checksum" "$scratch/bad.iso"

say "not to be written"
chmod 444 "$base"
if [ ! -w "$base" ]; then
	refused 3 "ermission denied" "$base"
	does image -M "$base" -o "$scratch/copy.iso" "$scratch/two/b.bin"
	session_is "$scratch/copy.iso" 2 "$scratch/both"
fi
chmod 644 "$base"
does emu create "$scratch/d.img" --media cd-r-80
does burn -d "emu:$scratch/d.img" "$scratch/one/"
refused 1 "emulated recorder" "$scratch/d.img"

say "the command line"
ends 2 image "$scratch/two"
ends 2 image -o "$scratch/x"
ends 2 image -C 0,99 -M "$base" "$scratch/two"
ends 2 image -C 0 -M "$base" -o "$scratch/x" "$scratch/two"
ends 2 image -C 5,4 -M "$base" -o "$scratch/x" "$scratch/two"
ends 2 image -C 0,33 -M "$base" -o "$scratch/x" "$scratch/two"
says "can not begin at 33"
ends 30 image -C 32,4000 -M "$base" -o "$scratch/x" "$scratch/two"
ends 2 image -C 0,4000 --start 4000 -M "$base" -o "$scratch/x" "$scratch/two"
ends 2 image --growable -M "$base" "$scratch/two"
ends 2 image -M "$base" -o - --map - "$scratch/two"
[ ! -e "$scratch/x" ] || fault "something was written"
sum=$(sha256sum <"$base")
ends 2 image -M "$base" -o "$base" "$scratch/two"
says "grows in place"
ln "$base" "$scratch/link.iso"
ends 2 image -M "$base" -o "$scratch/link.iso" "$scratch/two"
"$lathe" image -M "$base" -o - "$scratch/two" >>"$base" 2>"$scratch/err"
equals "status of a pipe that is none" $? 2
equals "the image" "$(sha256sum <"$base")" "$sum"

say "a source that is missing, or changes"
refused 4 "" "$base" "$scratch/not there"

say "no room: the image is as long as it was"
cp "$base" "$scratch/full.iso"
truncate -s 40M "$scratch/two/big"
sum=$(sha256sum <"$scratch/full.iso")
(
	# The limit is in blocks of 512 bytes or of 1024.
	trap '' XFSZ
	ulimit -f 10000
	"$lathe" image -M "$scratch/full.iso" "$scratch/two" \
		>/dev/null 2>"$scratch/err"
	echo $? >"$scratch/status"
)
equals "status" "$(cat "$scratch/status")" 3
equals "the image" "$(sha256sum <"$scratch/full.iso")" "$sum"
does image -o "$scratch/large.iso" "$scratch/two"
fill "$scratch/dense" 7000000 d
does image -M "$scratch/large.iso" "$scratch/dense"
rm -f "$scratch/copy.iso"
for to in "$scratch/copy.iso" -; do
	(
		trap '' XFSZ
		ulimit -f 4000
		"$lathe" image -M "$scratch/large.iso" -o "$to" "$scratch/one" \
			>"$scratch/out" 2>"$scratch/err"
		echo $? >"$scratch/status"
	)
	equals "status" "$(cat "$scratch/status")" 3
	says '^lathe image: (standard output|.*copy\.iso): File too large$'
	equals "messages to $to" "$(grep -c '^lathe' "$scratch/err")" 1
done
[ ! -e "$scratch/copy.iso" ] || fault "a part of a copy stays"
rm "$scratch/two/big" "$scratch/out"

say "sizes that are no whole blocks"
for more in 1 2047 2049 65537; do
	cp "$base" "$scratch/odd.iso"
	fill "$scratch/rest" $more rest
	cat "$scratch/rest" >>"$scratch/odd.iso"
	does image -M "$scratch/odd.iso" "$scratch/two/b.bin"
	session_is "$scratch/odd.iso" 1 "$scratch/one"
	session_is "$scratch/odd.iso" 2 "$scratch/both"
	tail -c +$((blocks * 2048 + 1)) "$scratch/odd.iso" | head -c $more |
		cmp - "$scratch/rest" || fault "what stood behind the volume"
done

say "locked by another one"
if command -v flock >/dev/null; then
	flock "$base" sh -c "\"$lathe\" image -M \"$base\" \
		\"$scratch/two/b.bin\" 2>\"$scratch/err\"; \
		echo \$? >\"$scratch/status\""
	equals "status" "$(cat "$scratch/status")" 12
	says "another program is writing it"
fi

say "eight at once: each one is recorded whole or refused"
cp "$base" "$scratch/many.iso"
for i in 1 2 3 4 5 6 7 8; do
	fill "$scratch/m$i.bin" 400000 m$i
	(
		"$lathe" image -M "$scratch/many.iso" "$scratch/m$i.bin" \
			2>/dev/null
		echo $? >"$scratch/m$i.status"
	) &
done
wait
done=0
for i in 1 2 3 4 5 6 7 8; do
	case $(cat "$scratch/m$i.status") in
	0)
		done=$((done + 1))
		rm -rf "$scratch/got"
		does extract -i "$scratch/many.iso" -C "$scratch/got" \
			"/m$i.bin"
		cmp "$scratch/m$i.bin" "$scratch/got/m$i.bin" ||
			fault "m$i.bin"
		;;
	12) ;;
	*) fault "status of $i: $(cat "$scratch/m$i.status")" ;;
	esac
done
[ $done -ge 1 ] || fault "none was recorded"
equals "sessions" "$(sessions "$scratch/many.iso")" $((done + 1))
session_is "$scratch/many.iso" 1 "$scratch/one"

say "another program writes it meanwhile"
cp "$base" "$scratch/race.iso"
# What holds the run in front of the head is a source that takes its time.
truncate -s 150M "$scratch/two/long"
"$lathe" image -M "$scratch/race.iso" "$scratch/two" \
	2>"$scratch/err" >/dev/null &
process=$!
tries=0
while [ "$(stat -c %s "$scratch/race.iso")" -lt 3000000 ] &&
	[ $tries -lt 2000 ] && kill -0 $process 2>/dev/null; do
	tries=$((tries + 1))
	sleep 0.005
done
printf 'somebody else' | dd of="$scratch/race.iso" bs=1 \
	seek=$((1000 * 1024 * 1024)) conv=notrunc 2>/dev/null
wait $process
status=$?
case $status in
27)
	says "another program changed it"
	equals "what somebody else wrote" \
		"$(tail -c 13 "$scratch/race.iso")" "somebody else"
	equals "files" "$("$lathe" ls -i "$scratch/race.iso" --session 1 |
		wc -l)" "$(find "$scratch/one" -mindepth 1 | wc -l)"
	;;
0) ;; # too late
*) fault "status $status: $(cat "$scratch/err")" ;;
esac
rm "$scratch/two/long"

say "above 4 GiB"
# What stands behind the volume stays, be it a hole.
cp "$base" "$scratch/large.iso"
if truncate -s 4400M "$scratch/large.iso" 2>/dev/null; then
	does image -M "$scratch/large.iso" "$scratch/two/b.bin"
	does image -M "$scratch/large.iso" /c.bin="$scratch/two/b.bin"
	equals "sessions" "$(sessions "$scratch/large.iso")" 3
	does extract -i "$scratch/large.iso" -C "$scratch/lg" /b.bin /c.bin
	cmp "$scratch/two/b.bin" "$scratch/lg/c.bin" || fault "c.bin"
	does ls -i "$scratch/large.iso" -l /b.bin
	awk '{ exit !($2 > 2252800) }' "$scratch/out" ||
		fault "b.bin is not behind it: $(cat "$scratch/out")"
	session_is "$scratch/large.iso" 1 "$scratch/one"
	does image -M "$scratch/large.iso" -o "$scratch/large2.iso" \
		/d.bin="$scratch/two/b.bin"
	equals "sessions of the copy" "$(sessions "$scratch/large2.iso")" 4
	[ "$(du -k "$scratch/large2.iso" | cut -f1)" -le \
		$(($(du -k "$scratch/large.iso" | cut -f1) + 2000)) ] ||
		fault "holes were filled"
	if command -v isoinfo >/dev/null; then
		isoinfo -i "$scratch/large2.iso" -J -x /d.bin |
			cmp - "$scratch/two/b.bin" || fault "isoinfo: d.bin"
	fi
fi
finish
