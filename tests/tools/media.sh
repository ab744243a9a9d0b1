#!/bin/sh
# SPDX-License-Identifier: MIT
# The program on DVD and BD: sessions, ready images and pipes, copies to image
# files that foreign readers take, resuming, repairing, erasing, formatting.
. tests/tools/lib_tools.sh
need $PYTHON isoinfo
disc=$scratch/d.img

holds() { # folder, drive or image with its option
	rm -rf "$scratch/got"
	does extract "$2" "$3" -C "$scratch/got"
	diff -r "$1" "$scratch/got" || fault "$3 does not hold $1"
}

fresh() { # medium
	rm -f "$disc" "$disc.disc"
	does emu create "$disc" --media "$1"
}

make_tree "$scratch/a" 1
make_tree "$scratch/b" 2
mkdir "$scratch/both"
cp -R "$scratch/a" "$scratch/b" "$scratch/both"
mkdir "$scratch/only"
cp -R "$scratch/a" "$scratch/only"

for medium in dvd-r dvd-rw dvd-rw-ow dvd+r dvd+rw dvd-ram bd-r bd-re; do
	say "$medium: two sessions, and a copy of the disc"
	fresh $medium
	equals "blank" "$(info "emu:$disc" medium.blank)" True
	does burn -d "emu:$disc" --verify=full --speed 4 "$scratch/a"
	grep -q 'asked for' "$scratch/out" || fault "no speed is told"
	does burn -d "emu:$disc" --verify=full "$scratch/b"
	equals "sessions" "$(info "emu:$disc" sessions)" 2
	holds "$scratch/both" -d "emu:$disc"
	does extract -d "emu:$disc" --session 1 -C "$scratch/one"
	diff -r "$scratch/a" "$scratch/one/a" || fault "$medium: session 1"
	rm -rf "$scratch/one"
	does verify -d "emu:$disc" --full
	does read -d "emu:$disc" -o "$scratch/copy.iso"
	holds "$scratch/both" -i "$scratch/copy.iso"
	ends 5 read -d "emu:$disc" -o "$scratch/copy.iso"
	start=$(info "emu:$disc" sessions.1.start)
	[ "$(info "emu:$disc" medium.overwritable)" = True ] && start=0
	isoinfo -J -f -i "$scratch/copy.iso" -T "$start" -N 0 \
		>"$scratch/names" 2>"$scratch/err" || fault "isoinfo"
	grep -q '^/b/deep/' "$scratch/names" ||
		fault "$medium: isoinfo sees no second session"
	rm "$scratch/copy.iso"
done

say "an image, a pipe, an image for the next session"
does image -o "$scratch/a.iso" "$scratch/a"
for medium in dvd+r bd-re; do
	fresh $medium
	does burn -d "emu:$disc" --image "$scratch/a.iso"
	holds "$scratch/only" -d "emu:$disc"
	ends 22 burn -d "emu:$disc" --image "$scratch/a.iso"
	fresh $medium
	"$lathe" image -o - "$scratch/a" 2>/dev/null |
		"$lathe" burn -d "emu:$disc" --image - >"$scratch/out" 2>&1 ||
		fault "from a pipe: $(cat "$scratch/out")"
	last=$(info "emu:$disc" sessions.0.start)
	next=$(info "emu:$disc" medium.next_writable)
	does read -d "emu:$disc" -o "$scratch/one.iso"
	does image -o "$scratch/b.iso" -M "$scratch/one.iso" \
		-C "$last,$((next + 32))" "$scratch/b"
	before=$(fingerprint "$disc")
	ends 27 burn -d "emu:$disc" --image "$scratch/b.iso"
	equals "the disc" "$(fingerprint "$disc")" "$before"
	does image -o "$scratch/b.iso" -M "$scratch/one.iso" \
		-C "$last,$next" "$scratch/b"
	before=$(fingerprint "$disc")
	ends 22 burn -d "emu:$disc" --image "$scratch/b.iso" --single
	says "--single asks for a blank one"
	equals "the disc" "$(fingerprint "$disc")" "$before"
	does burn -d "emu:$disc" --image "$scratch/b.iso"
	holds "$scratch/both" -d "emu:$disc"
	rm "$scratch/one.iso"
done
ends 2 burn -d "emu:$disc" --image "$scratch/a.iso" "$scratch/a"
ends 4 burn -d "emu:$disc" --image "$scratch/none.iso"
# What is for files would do nothing, and nobody would know.
echo "$scratch/b" >"$scratch/list"
fresh cd-r-80
for option in --path-list=$scratch/list --exclude=x --volume=NAME \
	--remove=/a --rename=/a=/c --charset=UTF-8 --times=all --update \
	--keep-modes --plan --print-size; do
	ends 2 burn -d "emu:$disc" --image "$scratch/a.iso" "$option"
	says "as it is: ${option%%=*} has no place with it"
done
equals "blank" "$(info "emu:$disc" medium.blank)" True
echo "op=00 eject" >"$scratch/faults"
ends 20 burn -d "emu:$disc,faults=$scratch/faults" --single \
	--image "$scratch/a.iso"
ends 2 resume -d "emu:$disc" --image "$scratch/a.iso"
says "begin anew on another disc"

say "at once, and what players read"
fresh dvd-r
does burn -d "emu:$disc" --dvd-compat "$scratch/a/"
holds "$scratch/a" -d "emu:$disc"
equals "status" "$(info "emu:$disc" medium.status)" final
ends 24 burn -d "emu:$disc" "$scratch/b"
says "is final after 1 session$"
fresh cd-r-80
does burn -d "emu:$disc" --at-once --verify=full "$scratch/a/"
holds "$scratch/a" -d "emu:$disc"

say "made final later"
for medium in dvd+r bd-r; do
	fresh $medium
	does burn -d "emu:$disc" "$scratch/a"
	does burn -d "emu:$disc" "$scratch/b"
	before=$(sha256sum <"$disc")
	ends 21 close -d "emu:$disc,personality=final-wants-session" --final
	says "one more session"
	does close -d "emu:$disc" --final
	equals "status" "$(info "emu:$disc" medium.status)" final
	equals "sessions" "$(info "emu:$disc" sessions)" 2
	equals "the blocks" "$(sha256sum <"$disc")" "$before"
	holds "$scratch/both" -d "emu:$disc"
	ends 24 close -d "emu:$disc" --final
done
fresh bd-re
ends 21 close -d "emu:$disc" --final
does burn -d "emu:$disc" "$scratch/a"
ends 21 close -d "emu:$disc"
says "never final"

say "killed, and gone on with"
for medium in dvd-r dvd+r bd-r; do
	fresh $medium
	does burn -d "emu:$disc" "$scratch/a"
	head -c 30000000 /dev/urandom >"$scratch/large"
	: >"$scratch/log"
	# The name as a whole is in ISO 9660 alone.
	"$lathe" burn -d "emu:$disc" --scsi-log "$scratch/log" \
		--volume "More than 16; characters" \
		"$scratch/large" "$scratch/b" >/dev/null 2>&1 &
	burner=$!
	tries=0
	until [ "$(grep -c '^cdb=2a' "$scratch/log")" -gt 60 ]; do
		tries=$((tries + 1))
		[ $tries -lt 4000 ] || break
		sleep 0.002
	done
	kill -KILL $burner
	wait $burner 2>/dev/null
	if [ "$(info "emu:$disc" medium.status)" = appendable ]; then
		# It was faster than we are.
		equals "sessions" "$(info "emu:$disc" sessions)" 2
		continue
	fi
	equals "why" "$(info "emu:$disc" why)" unfinished
	ends 25 burn -d "emu:$disc" "$scratch/b"
	says 'what to do: go on with it by lathe resume, close it'
	before=$(fingerprint "$disc")
	ends 8 resume -d "emu:$disc" "$scratch/b"
	equals "the disc" "$(fingerprint "$disc")" "$before"
	# The drive dies with its process: the block in work is lost for ever,
	# so the file that it was of is told, and recorded once more.
	run resume -d "emu:$disc" --verify=full "$scratch/large" "$scratch/b"
	case $status in
	0) ;;
	32)
		says 'not whole: .*/large$'
		equals "told" "$(grep -c 'not whole: ' "$scratch/err")" 1
		equals "sessions" "$(info "emu:$disc" sessions)" 2
		does burn -d "emu:$disc" --verify=full "$scratch/large" ;;
	*) fault "resume: status $status" && cat "$scratch/err" ;;
	esac
	rm -rf "$scratch/got"
	does extract -d "emu:$disc" -C "$scratch/got"
	cmp "$scratch/large" "$scratch/got/large" || fault "$medium: large"
	diff -r "$scratch/a" "$scratch/got/a" || fault "$medium: session 1"
	diff -r "$scratch/b" "$scratch/got/b" || fault "$medium: session 2"
	ends 1 resume -d "emu:$disc" "$scratch/b"
	says 'what to do: record with lathe burn'
done

say "a cut head"
fresh dvd+rw
does burn -d "emu:$disc" "$scratch/a"
echo "op=2a cdb2=00 cdb3=00 cdb4=00 cdb5=00 times=0 sense=3/0c/00" \
	>"$scratch/faults"
run burn -d "emu:$disc,faults=$scratch/faults" "$scratch/b"
[ $status != 0 ] || fault "success without a head"
says "lathe repair"
equals "torn" "$(info "emu:$disc" medium.head_torn)" True
equals "sessions" "$(info "emu:$disc" sessions)" 2
does repair -d "emu:$disc"
equals "torn" "$(info "emu:$disc" medium.head_torn)" False
holds "$scratch/both" -d "emu:$disc"
does repair -d "emu:$disc"
grep -q 'nothing was to be repaired' "$scratch/out" || fault "repaired twice"
fresh dvd+r
does burn -d "emu:$disc" "$scratch/a"
ends 21 repair -d "emu:$disc"

say "a cut head of an image"
does image -o "$scratch/grow.iso" --growable "$scratch/a"
does image -M "$scratch/grow.iso" "$scratch/b"
cp "$scratch/grow.iso" "$scratch/whole.iso"
dd if=/dev/zero of="$scratch/grow.iso" bs=2048 seek=16 count=2 conv=notrunc \
	2>/dev/null
does repair -i "$scratch/grow.iso"
cmp "$scratch/whole.iso" "$scratch/grow.iso" || fault "not as it was"
does repair -i "$scratch/a.iso"
grep -q 'nothing was to be repaired' "$scratch/out" || fault "a plain image"

say "erased and formatted"
fresh dvd-rw
does burn -d "emu:$disc" "$scratch/a"
does burn -d "emu:$disc" --blank "$scratch/b/"
holds "$scratch/b" -d "emu:$disc"
does blank -d "emu:$disc" --minimal
equals "one session" "$(info "emu:$disc" medium.single_session)" True
ends 26 burn -d "emu:$disc" --keep-appendable "$scratch/a"
does format -d "emu:$disc"
equals "kind" "$(info "emu:$disc" medium.kind)" "DVD-RW overwrite"
does burn -d "emu:$disc" "$scratch/a/"
holds "$scratch/a" -d "emu:$disc"
does blank -d "emu:$disc"
equals "blank" "$(info "emu:$disc" medium.blank)" True
does blank -d "emu:$disc" --full
equals "kind" "$(info "emu:$disc" medium.kind)" "DVD-RW"
fresh bd-r
does burn -d "emu:$disc" --spares=default "$scratch/a/"
holds "$scratch/a" -d "emu:$disc"
ends 22 burn -d "emu:$disc" --spares=most "$scratch/b"
ends 21 format -d "emu:$disc"
ends 21 blank -d "emu:$disc"
fresh dvd-ram
does burn -d "emu:$disc" "$scratch/a"
ends 22 burn -d "emu:$disc" --single "$scratch/b"
does burn -d "emu:$disc" --overwrite "$scratch/b/"
holds "$scratch/b" -d "emu:$disc"
equals "sessions" "$(info "emu:$disc" sessions)" 1

say "what can not be read"
fresh dvd+r
does burn -d "emu:$disc" "$scratch/a/"
start=$(info "emu:$disc" sessions.0.start)
echo "op=28 lba=$((start + 90)) times=0 sense=3/11/05" >"$scratch/faults"
ends 31 read -d "emu:$disc,faults=$scratch/faults" -o "$scratch/bad.iso"
grep -q '^bad 80 16$' "$scratch/out" || fault "told: $(cat "$scratch/out")"
"$PYTHON" - "$disc" "$scratch/bad.iso" <<'PY' || fault "another image"
import sys
disc, image = (open(name, "rb").read() for name in sys.argv[1:])
for block in range(len(image) // 2048):
    part = image[block * 2048:block * 2048 + 2048]
    want = disc[block * 2048:block * 2048 + 2048]
    assert part == (bytes(2048) if 80 <= block < 96 else want), block
PY
does read -d "emu:$disc" -o "$scratch/one.iso" --session 1 --overwrite
ends 4 read -d "emu:$disc" -o "$scratch/none.iso" --session 2
ends 31 extract -d "emu:$disc,faults=$scratch/faults" -C "$scratch/rest"
says ": block $((start + 90)) can not be read"
says '^lathe extract: 1 of [0-9]+ could not be extracted'
finish
