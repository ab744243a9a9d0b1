#!/bin/sh
# SPDX-License-Identifier: MIT
# Copies of discs to files, pipes and devices: each holds what the disc does,
# none that does not looks as if; and what programs are told meanwhile.
. tests/tools/lib_tools.sh
need $PYTHON
disc=$scratch/d.img

# Each line an object, the progress within its total, the end of that form.
events() { # file, expression about the last event and all phases
	$PYTHON - "$1" "$2" >"$scratch/said" 2>&1 <<'PY' ||
import json, sys
events = [json.loads(line) for line in open(sys.argv[1])]
assert all(isinstance(event, dict) for event in events), events
phases = []
for event in events:
    if event["event"] != "progress":
        continue
    phases.append(event["phase"])
    assert event["total"] is None or event["done"] <= event["total"], event
end = events[-1]
assert eval("(" + sys.argv[2] + ")"), (end, phases)
PY
		fault "$1: $(tail -n 1 "$scratch/said")"
}

fresh() { # medium
	rm -f "$disc" "$disc.disc"
	does emu create "$disc" --media "$1"
}

make_tree "$scratch/a" 1
make_tree "$scratch/b" 2
head -c 3000000 /dev/urandom >"$scratch/b/large"

for medium in cd-r-80 dvd+rw dvd-ram bd-re; do
	say "$medium"
	fresh $medium
	does burn -d "emu:$disc" "$scratch/a"
	does burn -d "emu:$disc" "$scratch/b"
	copy=$scratch/$medium.iso
	does read -d "emu:$disc" -o "$copy" --progress=json
	events "$scratch/out" 'list(end) == ["event", "blocks", "bad_blocks",
		"whole"] and end["whole"] and end["bad_blocks"] == 0
		and phases[-1] == "reading" and "verifying" not in phases
		and [e for e in events if "done" in e][-1]["done"]
		== end["blocks"]'
	does read -d "emu:$disc" -o "$scratch/one.iso" --session 1 \
		--progress=json --overwrite
	events "$scratch/out" 'end["event"] == "end"'
	does verify -d "emu:$disc" --progress=json
	events "$scratch/out" 'list(end) == ["event", "session", "files",
		"blocks_read", "checksum"] and end["session"] == 2
		and end["checksum"] and phases[-1] == "verifying"'

	# A pipe gets zeros where a file has holes.
	(cd "$scratch" && "$lathe" read -d "emu:$disc" -o - 2>err) |
		cmp - "$copy" || fault "$medium: a pipe gets something else"
	equals "what is said" "$(cat "$scratch/err")" ""
	[ ! -e "$scratch/-" ] || fault "a file of the name -"
	(cd "$scratch" && "$lathe" read -d "emu:$disc" -o - --progress=json \
		2>err >piped.iso) || fault "to standard output"
	cmp "$scratch/piped.iso" "$copy" || fault "standard output differs"
	events "$scratch/err" 'end["event"] == "end" and end["whole"]'
	does extract -i "$copy" --session 2 -C "$scratch/x" --progress=json
	events "$scratch/out" '"extracting" in phases and
		"importing" in phases and end["done"] == end["total"]'
	rm -rf "$scratch/x"
done

say "other commands"
does burn -d "emu:$disc" --print-size --progress=json "$scratch/a"
events "$scratch/out" 'list(end) == ["event", "blocks"]
	and end["event"] == "size" and end["blocks"] > 0'
does image --print-size --progress=json "$scratch/a"
events "$scratch/out" 'end["event"] == "size" and end["blocks"] > 0'
does image -M "$copy" --update --print-size --progress=json "$scratch/a"
events "$scratch/out" 'end["event"] == "size"'
does repair -d "emu:$disc" --progress=json
events "$scratch/out" 'end == {"event": "end", "repaired": False}'
does repair -i "$copy" --progress=json
events "$scratch/out" 'end == {"event": "end", "repaired": False}'
if [ -c /dev/full ]; then
	# What is said is why a line failed, not what links met behind it.
	ln -s x "$scratch/a/link"
	does image -o "$scratch/linked.iso" "$scratch/a/"
	rm "$scratch/a/link"
	for args in "extract -i $copy -C $scratch/y" "verify -i $copy" \
		"extract -i $scratch/linked.iso -C $scratch/z" \
		"image -o $scratch/full.iso $scratch/a"; do
		"$lathe" $args --progress=json >/dev/full 2>"$scratch/err"
		equals "status of $args" $? 3
		equals "it is told" "$(grep -c 'standard output: No space' \
			"$scratch/err")" 1
	done
fi

say "no room"
fresh dvd+r
does burn -d "emu:$disc" "$scratch/b"
sh -c 'ulimit -f 64; exec "$@"' sh "$lathe" read -d "emu:$disc" \
	-o "$scratch/limit.iso" 2>"$scratch/err" >"$scratch/out"
equals "status" $? 3
says 'limit\.iso: File too large'
[ ! -e "$scratch/limit.iso" ] || fault "half an image is left"
if [ -c /dev/full ]; then
	ends 3 read -d "emu:$disc" -o /dev/full --overwrite
	says '/dev/full: No space'
	[ -c /dev/full ] || fault "the device is gone"
	"$lathe" read -d "emu:$disc" -o - >/dev/full 2>"$scratch/err"
	equals "status" $? 3
	says 'standard output: No space'
fi
{ "$lathe" read -d "emu:$disc" -o -; echo $? >"$scratch/status"; } \
	2>"$scratch/err" | head -c 10 >/dev/null
equals "status" "$(cat "$scratch/status")" 3
equals "what is said to nobody" "$(cat "$scratch/err")" ""
mkfifo "$scratch/pipe"
does read -d "emu:$disc" -o "$scratch/whole.iso"
timeout -s KILL 60 cat "$scratch/pipe" >"$scratch/piped.iso" &
does read -d "emu:$disc" -o "$scratch/pipe" --overwrite
wait
cmp "$scratch/piped.iso" "$scratch/whole.iso" || fault "a named pipe"

say "the drive fails half-way"
# 4/44/00, internal target failure: no matter of the disc.
start=$(info "emu:$disc" sessions.0.start)
echo "op=28 lba=$((start + 1000)) times=0 sense=4/44/00" >"$scratch/faults"
ends 13 read -d "emu:$disc,faults=$scratch/faults" -o "$scratch/cut.iso"
says 'cut\.iso is cut short: [0-9,]+ of [0-9,]+ blocks are in it'
grep -q read "$scratch/out" && fault "told as a success: $(cat "$scratch/out")"
size=$(wc -c <"$scratch/cut.iso")
[ "$size" -gt 100000 ] || fault "what was read is not there"
head -c "$size" "$scratch/whole.iso" | cmp - "$scratch/cut.iso" ||
	fault "what was read differs"
ends 13 read -d "emu:$disc,faults=$scratch/faults" -o "$scratch/cut.iso" \
	--overwrite --progress=json
events "$scratch/out" 'end["event"] == "end" and not end["whole"]'
# The look at the disc may be good, and the first block of the copy not.
echo "op=28 count=1 lba=$start times=0 sense=4/44/00" >"$scratch/faults"
run read -d "emu:$disc,faults=$scratch/faults" -o "$scratch/none.iso"
equals "status" $status 13
[ ! -e "$scratch/none.iso" ] || fault "an image of nothing is left"

say "the damaged parts"
echo "op=28 lba=$((start + 90)) times=0 sense=3/11/05" >"$scratch/faults"
ends 31 read -d "emu:$disc,faults=$scratch/faults" -o "$scratch/bad.iso" \
	--progress=json
events "$scratch/out" 'end["bad_blocks"] == 16 and end["whole"] and
	[e for e in events if e["event"] == "bad"] ==
	[{"event": "bad", "lba": '"$start"' + 80, "blocks": 16}]'
"$lathe" read -d "emu:$disc,faults=$scratch/faults" -o - 2>"$scratch/err" |
	cmp - "$scratch/bad.iso" || fault "to a pipe"
says "^bad $((start + 80)) 16\$"

say "the disc itself"
before=$(fingerprint "$disc")
for name in "$disc" "$disc.disc"; do
	ends 2 read -d "emu:$disc" -o "$name" --overwrite
	says 'is the disc that is to be read'
done
ln -s "$disc" "$scratch/link.iso"
ends 2 read -d "emu:$disc" -o "$scratch/link.iso" --overwrite
equals "the disc" "$(fingerprint "$disc")" "$before"

say "sessions that are not there"
ends 4 read -d "emu:$disc" -o "$scratch/none.iso" --session 2
says 'no session 2, it has 1 session$'
fresh cd-r-80
ends 30 read -d "emu:$disc" -o "$scratch/none.iso"
says 'the disc is blank'
[ ! -e "$scratch/none.iso" ] || fault "an image was made"

# Nobody records audio here; mode 0 in the text says that it was.
say "audio"
does burn -d "emu:$disc" "$scratch/a"
does burn -d "emu:$disc" "$scratch/b"
cp "$disc.disc" "$scratch/state"
does read -d "emu:$disc" -o "$scratch/both.iso"
set_audio() { # tracks
	cp "$scratch/state" "$disc.disc"
	for track; do
		sed "/^track $track /s/mode 1/mode 0/" "$disc.disc" >"$scratch/t"
		cat "$scratch/t" >"$disc.disc"
	done
}
set_audio 1 2
ends 21 read -d "emu:$disc" -o "$scratch/none.iso"
says 'all of the disc is audio'
set_audio 1
ends 21 read -d "emu:$disc" -o "$scratch/none.iso" --session 1
says 'session 1 is audio$'
equals "lines" "$(wc -l <"$scratch/err")" 2
[ ! -e "$scratch/none.iso" ] || fault "an image of audio was made"
does read -d "emu:$disc" -o "$scratch/second.iso" --progress=json
says 'session 1 is audio: left out$'
events "$scratch/out" 'end["whole"] and [e for e in events if "done" in e]
	[-1]["done"] == end["blocks"]'
start=$(info "emu:$disc" sessions.1.start)
tail -c +$((start * 2048 + 1)) "$scratch/both.iso" >"$scratch/t"
tail -c +$((start * 2048 + 1)) "$scratch/second.iso" | cmp - "$scratch/t" ||
	fault "the second session differs"
set_audio 2
does read -d "emu:$disc" -o "$scratch/first.iso"
says 'session 2 is audio: left out$'
blocks=$(info "emu:$disc" sessions.0.blocks)
head -c $((blocks * 2048)) "$scratch/both.iso" | cmp - "$scratch/first.iso" ||
	fault "the first session differs"

say "audio behind data in one session"
set_audio 2
sed '/^track 2 /s/session 2/session 1/;/^session 1 /d
	s/^session 2 first 2/session 1 first 1/' "$disc.disc" >"$scratch/t"
cat "$scratch/t" >"$disc.disc"
equals "sessions" "$(info "emu:$disc" sessions)" 1
does read -d "emu:$disc" -o "$scratch/mixed.iso"
says '1 track of audio in session 1 left out$'
cmp "$scratch/mixed.iso" "$scratch/first.iso" || fault "the data track"
say "an overwritable disc whose first session begins at block 0"
# Its descriptors are kept in front of the second one, which no session has.
for medium in dvd+rw dvd-ram bd-re; do
	rm -rf "$disc" "$disc.disc" "$scratch/again.iso" "$scratch/got"
	does emu create "$disc" --media $medium
	does image -o "$scratch/first.iso" "$scratch/a"
	does burn -d "emu:$disc" --image "$scratch/first.iso"
	does burn -d "emu:$disc" "$scratch/b"
	does ls -d "emu:$disc" --sessions
	equals "sessions" "$(sed 1d "$scratch/out" | wc -l)" 2
	sed 1d "$scratch/out" >"$scratch/sessions"
	does read -d "emu:$disc" -o "$scratch/again.iso"
	does ls -i "$scratch/again.iso" --sessions
	sed 1d "$scratch/out" | cmp - "$scratch/sessions" ||
		fault "$medium: other sessions"
	does extract -i "$scratch/again.iso" --session 1 -C "$scratch/got"
	equals "$medium: session 1" "$(ls "$scratch/got")" a
	# Blocks 0 to 31 as they were are in front of that again.
	cmp -n "$(stat -c %s "$scratch/again.iso")" "$disc" \
		"$scratch/again.iso" || fault "$medium: other blocks"
	does read -d "emu:$disc" -o "$scratch/again.iso" --session 2 --overwrite
	does ls -i "$scratch/again.iso"
done

# xorriso pads its sessions, so the next one is not looked for near enough; and
# a volume may tell an end that its files go beyond (ECMA-119 8.4.8).
if command -v xorriso >/dev/null; then
	say "what no session is known to hold"
	head -c 3000000 /dev/urandom >"$scratch/b/large"
	for i in a b c d; do
		[ -d "$scratch/$i" ] || make_tree "$scratch/$i" $i
		xorriso -dev "stdio:$scratch/x.iso" -map "$scratch/$i" "/$i" \
			-commit -end >/dev/null 2>&1 || fault "xorriso: $i"
	done
	fresh dvd+rw
	does burn -d "emu:$disc" --image "$scratch/x.iso"
	does ls -d "emu:$disc" --sessions
	sed 1d "$scratch/out" >"$scratch/sessions"
	[ "$(wc -l <"$scratch/sessions")" -lt 4 ] || fault "all are found"
	does read -d "emu:$disc" -o "$scratch/again.iso" --overwrite
	"$lathe" read -d "emu:$disc" -o - 2>"$scratch/err" |
		cmp - "$scratch/again.iso" || fault "a pipe"
	rm -rf "$scratch/got"
	does extract -i "$scratch/again.iso" -C "$scratch/got"
	for i in a b c d; do
		diff -r "$scratch/$i" "$scratch/got/$i" || fault "$i differs"
	done

	# Behind the second session: no error, if it was never recorded.
	behind=$(sed -n 's/^ *2 *\([0-9]*\) *\([0-9]*\) .*/\1+\2/p' \
		"$scratch/sessions")
	behind=$((($behind + 15) / 16 * 16))
	for sense in 8/00/00 5/21/00 5/64/00 3/11/05; do
		echo "op=28 lba=$behind times=0 sense=$sense" >"$scratch/faults"
		run read -d "emu:$disc,faults=$scratch/faults" --overwrite \
			-o "$scratch/gap.iso"
		case $sense in
		3/*) want=31 lines="bad $behind 16" ;;
		*) want=0 lines= ;;
		esac
		equals "status of $sense" $status $want
		equals "lines of $sense" "$(grep bad "$scratch/out")" "$lines"
		dd if="$scratch/again.iso" of="$scratch/gap.iso" bs=2048 \
			skip=$behind seek=$behind count=16 conv=notrunc \
			status=none
		cmp "$scratch/gap.iso" "$scratch/again.iso" ||
			fault "$sense: other blocks"
	done

	rm "$scratch/x.iso"
	xorriso -dev "stdio:$scratch/x.iso" -map "$scratch/b" / \
		-commit -end >/dev/null 2>&1 || fault "xorriso"
	$PYTHON - "$scratch/x.iso" <<'PY'
import struct, sys
with open(sys.argv[1], "r+b") as f:
    for lba in (16, 17, 48, 49):
        f.seek(lba * 2048)
        block = bytearray(f.read(2048))
        if block[0] in (1, 2):
            size = struct.unpack_from("<I", block, 80)[0] - 1000
            struct.pack_into("<I", block, 80, size)
            struct.pack_into(">I", block, 84, size)
        f.seek(lba * 2048)
        f.write(block)
PY
	fresh dvd-ram
	does burn -d "emu:$disc" --image "$scratch/x.iso"
	does read -d "emu:$disc" -o "$scratch/again.iso" --overwrite
	rm -rf "$scratch/got"
	does extract -i "$scratch/again.iso" -C "$scratch/got"
	diff -r "$scratch/b" "$scratch/got" || fault "a file is cut"
fi

finish
