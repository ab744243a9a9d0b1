#!/bin/sh
# SPDX-License-Identifier: MIT
# An image grows by twenty-two sessions: each of them stays as it was, readers
# of plain files see the newest; in place, as a copy and through a pipe alike,
# with the first session at block 0 and at block 32.
. tests/tools/lib_append.sh
need $PYTHON

made=$scratch/made
make_tree "$made/1" 1
fill "$made/1/sub/name with  blanks.bin" 2049 a

grow() { # image, options of the first session
	image=$1
	shift
	does image -o "$image" "$@" "$made/1/"
	n=1
	while [ $n -lt 23 ]; do
		before=$n
		n=$((n + 1))
		[ -d "$made/$n" ] || {
			cp -a "$made/$before" "$made/$n"
			fill "$made/$n/new $n/file.bin" $((n * 1500)) $n
			# Each third one replaces a file of the session before.
			[ $((n % 3)) = 0 ] && fill \
				"$made/$n/new $before/file.bin" 999 r$n
		}
		set -- "/new $n=$made/$n/new $n"
		[ $((n % 3)) = 0 ] && set -- "$@" \
			"/new $before=$made/$n/new $before"
		does image -M "$image" "$@"
	done
}

check() { # image
	equals "sessions of $1" "$(sessions "$1")" 23
	for n in 1 2 3 12 22 23; do
		session_is "$1" $n "$made/$n"
	done
	strangers_see "$1" "$made/23"
	"$lathe" ls -i "$1" --sessions --json | $PYTHON -c '
import json, sys
last = -1
for line in sys.stdin:
    session = json.loads(line)
    if session["start"] % 32 or session["start"] <= last:
        sys.exit("sessions begin at the wrong place")
    if not session["own"]:
        sys.exit("a session is not ours")
    last = session["start"]' || fault "starts in $1"
}

say "first session at block 0"
grow "$scratch/a.iso"
check "$scratch/a.iso"

say "first session at block 32"
grow "$scratch/g.iso" --growable
check "$scratch/g.iso"

say "copies, pipes and the image itself are the same bytes"
fill "$scratch/more/last.bin" 70000 z
for image in a g; do
	for first in yes no; do
		from=$scratch/from.iso
		cp "$scratch/$image.iso" "$from"
		[ $first = no ] || does image -o "$from" "$made/1/"
		sum=$(sha256sum <"$from")
		does image -M "$from" -o "$scratch/copy.iso" "$scratch/more"
		"$lathe" image -M "$from" -o - "$scratch/more" \
			>"$scratch/pipe.iso" || fault "-o -"
		"$lathe" image -M "$from" -o - "$scratch/more" |
			cat >"$scratch/real-pipe.iso"
		equals "the old image" "$(sha256sum <"$from")" "$sum"
		does image -M "$from" "$scratch/more"
		for other in copy pipe real-pipe; do
			cmp "$from" "$scratch/$other.iso" || fault "$other"
		done
	done
done
# As do files that others write to before and behind.
from=$made/1/
for how in "" --growable "-M $scratch/b.iso" "-M $scratch/b.iso --update"; do
	cp "$scratch/a.iso" "$scratch/b.iso"
	does image $how -o "$scratch/copy.iso" "$from"
	{ printf before && cat "$scratch/copy.iso" && echo behind; } \
		>"$scratch/wanted"
	for before in before ""; do
		{ printf "$before" && "$lathe" image $how -o - "$from" \
			2>/dev/null && echo behind; } >"$scratch/out.iso"
		{ [ "$before" ] || printf before; cat "$scratch/out.iso"; } |
			cmp - "$scratch/wanted" || fault "$how, '$before'"
	done
	from=$made/23/
done
does image --growable -o "$scratch/1.iso" "$made/1/"
"$lathe" image --growable -o - "$made/1/" | cmp - "$scratch/1.iso" ||
	fault "--growable through a pipe"

say "old bytes stay in their places"
cp "$scratch/a.iso" "$scratch/b.iso"
does image -M "$scratch/b.iso" "$scratch/more"
$PYTHON - "$scratch/a.iso" "$scratch/b.iso" <<'PY' || fault "old bytes"
import sys
a, b = (open(name, "rb").read() for name in sys.argv[1:])
# Blocks 16 to 18 are the head; everything else is as it was.
assert a[:16 * 2048] == b[:16 * 2048]
assert a[16 * 2048:19 * 2048] != b[16 * 2048:19 * 2048]
assert a[19 * 2048:] == b[19 * 2048:len(a)]
assert len(b) % 2048 == 0
PY

say "nothing to record"
sum=$(sha256sum <"$scratch/b.iso")
ends 7 image -M "$scratch/b.iso"
equals "the image" "$(sha256sum <"$scratch/b.iso")" "$sum"

say "an update records what differs, with links and permissions"
mkdir "$scratch/home"
fill "$scratch/home/run" 3000 run
chmod 755 "$scratch/home/run"
ln "$scratch/home/run" "$scratch/home/again"
ln -s run "$scratch/home/link"
ln -s nowhere "$scratch/home/dangling"
does image -o "$scratch/u.iso" "$scratch/home/"
sum=$(sha256sum <"$scratch/u.iso")
does image -M "$scratch/u.iso" --update "$scratch/home/"
says "nothing to record"
equals "the image" "$(sha256sum <"$scratch/u.iso")" "$sum"
rm -f "$scratch/copy.iso"
does image -M "$scratch/u.iso" -o "$scratch/copy.iso" --update "$scratch/home/"
says "nothing to record: .* is copied as such"
"$lathe" image -M "$scratch/u.iso" -o - --update "$scratch/home/" \
	2>"$scratch/err" | cat >"$scratch/pipe.iso"
says "nothing to record: .* is copied as such"
for other in copy pipe; do
	cmp "$scratch/u.iso" "$scratch/$other.iso" || fault "no copy: $other"
	rm -f "$scratch/$other.iso"
done
# Its end is a hole, and what is below that of the output is not seen.
mkdir "$scratch/hollow"
truncate -s 3M "$scratch/hollow/file"
does image -o "$scratch/h.iso" "$scratch/hollow"
for volume in LATHE OTHER; do
	does image -M "$scratch/h.iso" --update --volume $volume \
		-o "$scratch/copy.iso" "$scratch/hollow"
	head -c 4000000 /dev/urandom >"$scratch/over.iso"
	"$lathe" image -M "$scratch/h.iso" --update --volume $volume -o - \
		"$scratch/hollow" 2>/dev/null >"$scratch/pipe.iso"
	"$lathe" image -M "$scratch/h.iso" --update --volume $volume -o - \
		"$scratch/hollow" 2>/dev/null 1<>"$scratch/over.iso"
	truncate -s "$(wc -c <"$scratch/copy.iso")" "$scratch/over.iso"
	for other in pipe over; do
		cmp "$scratch/copy.iso" "$scratch/$other.iso" ||
			fault "$volume: $other"
	done
done
rm -f "$scratch/copy.iso"
# Named as Joliet shows it, it keeps the longer name of ISO 9660.
does image -o "$scratch/v.iso" --volume "A name that Joliet cuts" "$scratch/home"
does image -M "$scratch/v.iso" --volume "A name that Joli" "$scratch/hollow"
equals "the volume's name" "$(head -c 32840 "$scratch/v.iso" | tail -c 32)" \
	"A_NAME_THAT_JOLIET_CUTS         "
does image -M "$scratch/v.iso" --volume "A name that J" "$scratch/hollow"
equals "another name" "$(head -c 32840 "$scratch/v.iso" | tail -c 32)" \
	"A_NAME_THAT_J                   "
rm -f "$scratch/v.iso"
does image -M "$scratch/u.iso" --start 99999 -o "$scratch/copy.iso" --update \
	"$scratch/home/"
says "nothing to record: .* no session is written"
for option in --plan --print-size; do
	does image -M "$scratch/u.iso" -o "$scratch/copy.iso" $option \
		--update --progress=json "$scratch/home/"
	grep -qx -e '.*"blocks":0}' \
		-e '.*"volume_blocks":0,"metadata_blocks":0}' \
		"$scratch/out" || fault "$option: $(cat "$scratch/out")"
done
[ ! -e "$scratch/copy.iso" ] || fault "something was written"
fill "$scratch/home/new" 10 new
for option in --plan --print-size; do
	does image -M "$scratch/u.iso" $option "$scratch/home/"
	equals "the image" "$(sha256sum <"$scratch/u.iso")" "$sum"
done
rm "$scratch/home/dangling"
does image -M "$scratch/u.iso" --mirror "$scratch/home/"
equals "sessions" "$(sessions "$scratch/u.iso")" 2
does ls -i "$scratch/u.iso" --json
$PYTHON - "$scratch/out" <<'PY' || fault "the tree of an update"
import json, sys
tree = {e["path"]: e for e in map(json.loads, open(sys.argv[1]))}
assert set(tree) == {"/run", "/again", "/link", "/new"}, tree
assert tree["/link"]["target"] == "run"
assert tree["/run"]["mode"] == "0555" and tree["/new"]["mode"] == "0444"
assert tree["/run"]["lba"] == tree["/again"]["lba"]
assert tree["/run"]["session"] == 1 and tree["/new"]["session"] == 2
PY
does ls -i "$scratch/u.iso" --session 1
grep -qx /dangling "$scratch/out" || fault "session 1 lost a link"

say "a name that is recorded differently is the same the next time"
for name in 0123456789abcdefghij 'a;b' 'ends in a blank ' ''; do
	does image -o "$scratch/v.iso" --volume "$name" "$scratch/home"
	does image -M "$scratch/v.iso" --volume "$name" --update \
		"$scratch/home"
	says "nothing to record"
done
does image -o "$scratch/v.iso" --volume 'a;b' "$scratch/home"
says "the volume's name is a_b where Joliet is read"
does image -M "$scratch/v.iso" --volume 'a:b' --update "$scratch/home"
says "nothing to record"
does image -M "$scratch/v.iso" --volume A_B --update "$scratch/home"
equals "sessions" "$(sessions "$scratch/v.iso")" 2
does image -o "$scratch/v.iso" --volume 0123456789abcdefghij "$scratch/home"
does image -M "$scratch/v.iso" --volume 0123456789abcdefghik --update \
	"$scratch/home"
equals "sessions" "$(sessions "$scratch/v.iso")" 2

say "map"
for from in home made/23; do
	does image -o "$scratch/m.iso" --map "$scratch/map2" \
		--map-format null "$scratch/$from/"
	"$lathe" map -i "$scratch/m.iso" -0 | cmp - "$scratch/map2" ||
		fault "the map of what was written is another one"
done
"$lathe" image -M "$scratch/b.iso" --map - --map-format json \
	"/map=$scratch/more" >"$scratch/json"
"$lathe" map -i "$scratch/b.iso" --json | cmp - "$scratch/json" ||
	fault "the map of an append is another one"
$PYTHON - "$scratch/m.iso" "$scratch/map2" "$made/23" <<'PY' || fault "map"
import os
import sys
image, name, folder = sys.argv[1:]
data = open(image, "rb").read()
files = {}
kinds = set()
for record in open(name, "rb").read().split(b"\0")[:-1]:
    lba, offset, size, kind, hierarchy, path = record.split(b"\t")
    kinds.add(kind)
    if lba:
        assert int(offset) == int(lba) * 2048
    if kind == b"file":
        at = int(offset) if lba else 0
        files[path] = data[at:at + int(size)]
    if kind == b"directory":
        at = int(offset)
        assert data[at + 2:at + 6] == int(lba).to_bytes(4, "little")
        assert data[at + 10:at + 14] == int(size).to_bytes(4, "little")
assert {b"system-area", b"primary-descriptor", b"supplementary-descriptor",
        b"terminator", b"path-table-l", b"path-table-m", b"directory",
        b"file"} <= kinds, kinds
for parent, _, names in os.walk(folder):
    for each in names:
        path = os.path.join(parent, each)
        with open(path, "rb") as file:
            inside = b"/" + os.path.relpath(path, folder).encode()
            assert files.pop(inside) == file.read(), inside
assert not files, files
PY
finish
