#!/bin/sh
# SPDX-License-Identifier: MIT
# The program's --reserve, --stream and --layer-break: what the drive is told,
# what is on the disc then, and what is said where a medium has no such thing.
. tests/tools/lib_tools.sh
need $PYTHON

disc=$scratch/d.img
log=$scratch/log
SOURCE_DATE_EPOCH=1700000000
export SOURCE_DATE_EPOCH
make_tree "$scratch/a" 1
head -c 3000000 /dev/urandom >"$scratch/a/large"

fresh() { # medium
	rm -f "$disc" "$disc.disc"
	does emu create "$disc" --media "$1"
}

sent() { # operation code
	grep -c "^cdb=$1" "$log"
}

# The line of the first command of that kind stands before any WRITE.
first() { # operation code
	sed -n '/^cdb=\(2a\|aa\)/q;/^cdb='"$1"'/p' "$log" | head -n 1
}

# Blocks as without the option, every file as it should be.
as_without() { # medium
	cmp -s "$disc" "$scratch/plain.$1" || fault "$1: other blocks"
	rm -rf "$scratch/got"
	does extract -d "emu:$disc" -C "$scratch/got"
	diff -r "$scratch/a" "$scratch/got" || fault "$1: other files"
}

blocks() { # "track_blocks" of the end, out of JSON lines
	sed -n 's/.*"event":"end".*"track_blocks":\([0-9]*\).*/\1/p' \
		"$scratch/out"
}

say "without any"
for medium in cd-r-80 dvd-r dvd-rw-ow dvd+r dvd+r-dl dvd+rw dvd-ram bd-r bd-re
do
	fresh $medium
	does burn -d "emu:$disc" "$scratch/a/"
	mv "$disc" "$scratch/plain.$medium"
done

say "--reserve"
for medium in dvd-r dvd+r bd-r; do
	fresh $medium
	does burn -d "emu:$disc" --reserve --progress=json --scsi-log "$log" \
		"$scratch/a/"
	equals "$medium: reservations" "$(sent 53)" 1
	case $(first 53) in
	cdb=5300000000"$(printf %08x "$(blocks)")"00*) ;;
	*) fault "$medium: reserved by $(first 53), for $(blocks)" ;;
	esac
	as_without $medium
	# A second session, another reservation.
	does burn -d "emu:$disc" --reserve --scsi-log "$log" --volume TWO
	equals "$medium: again" "$(sent 53)" 1
	equals "sessions" "$(info "emu:$disc" sessions)" 2
	fresh $medium
	echo "op=53 sense=5/24/00" >"$scratch/faults"
	does burn -d "emu:$disc,faults=$scratch/faults" --reserve "$scratch/a/"
	says "RESERVE TRACK"
	as_without $medium
	fresh $medium
	before=$(fingerprint "$disc")
	echo "op=53 sense=3/0c/00" >"$scratch/faults"
	ends 13 burn -d "emu:$disc,faults=$scratch/faults" --reserve \
		"$scratch/a/"
	says "nothing was written"
	equals "$medium" "$(fingerprint "$disc")" "$before"
done
for medium in cd-r-80 dvd-ram bd-re; do
	fresh $medium
	does burn -d "emu:$disc" --reserve --scsi-log "$log" "$scratch/a/"
	equals "$medium: reservations" "$(sent 53)" 0
	as_without $medium
done
fresh dvd+r
"$lathe" image -o - "$scratch/a/" 2>/dev/null | "$lathe" burn -d "emu:$disc" \
	--reserve --image - --scsi-log "$log" >"$scratch/out" 2>&1 ||
	fault "a pipe: $(cat "$scratch/out")"
equals "of a pipe" "$(sent 53)" 0
does image -o "$scratch/a.iso" "$scratch/a/"
fresh dvd+r
does burn -d "emu:$disc" --reserve --image "$scratch/a.iso" --scsi-log "$log"
equals "of an image" "$(sent 53)" 1

say "--stream"
for medium in dvd-ram bd-r bd-re; do
	fresh $medium
	does burn -d "emu:$disc" --stream --scsi-log "$log" "$scratch/a/"
	[ "$(sent aa)" -gt 20 ] || fault "$medium: WRITE(12): $(sent aa)"
	# Byte 10 of each: the streaming bit alone.
	equals "$medium: not streamed" \
		"$(grep '^cdb=aa' "$log" | cut -c25-26 | sort -u)" 80
	as_without $medium
	fresh $medium
	ends 21 burn -d "emu:$disc,personality=no-streaming" --stream \
		--scsi-log "$log" "$scratch/a/"
	says "announces no streaming"
	equals "$medium: writes" "$(sent 2a) $(sent aa)" "0 0"
	fresh $medium
	does burn -d "emu:$disc,personality=host-max-transfer=16384" --stream \
		--scsi-log "$log" "$scratch/a/"
	as_without $medium
done
for medium in cd-r-80 dvd-r dvd-rw-ow dvd+r dvd+rw; do
	fresh $medium
	does burn -d "emu:$disc" --stream --scsi-log "$log" "$scratch/a/"
	equals "$medium: WRITE(12)" "$(sent aa)" 0
	as_without $medium
done

say "--layer-break"
fresh dvd+r-dl
does burn -d "emu:$disc" --layer-break 1008 --scsi-log "$log" "$scratch/a/"
case $(first bf) in
cdb=bf00000000000020000c*data=000a000000000000000003f0*) ;;
*) fault "told: $(first bf)" ;;
esac
grep -qx 'layer-break 1008' "$disc.disc" || fault "not on the disc"
as_without dvd+r-dl
does image -o "$scratch/a.iso" "$scratch/a/"
fresh dvd+r-dl
does burn -d "emu:$disc" --layer-break 1008 --image "$scratch/a.iso"
grep -qx 'layer-break 1008' "$disc.disc" || fault "not on the disc"
fresh dvd+r-dl
before=$(fingerprint "$disc")
# The plan is that of the smaller disc.
does burn -d "emu:$disc" --layer-break 1008 --plan "$scratch/a/"
grep -q '^free  *2,016 blocks' "$scratch/out" || fault "$(cat "$scratch/out")"
ends 26 burn -d "emu:$disc" --layer-break 512 --plan "$scratch/a/"
ends 26 burn -d "emu:$disc" --layer-break 512 --print-size "$scratch/a/"
# Too small for the content, larger than a layer, not a whole ECC block.
ends 26 burn -d "emu:$disc" --layer-break 512 "$scratch/a/"
ends 13 burn -d "emu:$disc" --layer-break 4000000 "$scratch/a/"
ends 2 burn -d "emu:$disc" --layer-break 1001 "$scratch/a/"
ends 2 burn -d "emu:$disc" --layer-break much "$scratch/a/"
equals "the disc" "$(fingerprint "$disc")" "$before"
for medium in cd-r-80 dvd-r dvd-rw-ow dvd+r dvd+rw dvd-ram bd-r bd-re; do
	fresh $medium
	before=$(fingerprint "$disc")
	ends 21 burn -d "emu:$disc" --layer-break 1008 "$scratch/a/"
	says "layer break"
	ends 21 burn -d "emu:$disc" --layer-break 1008 --plan "$scratch/a/"
	says "layer break"
	equals "$medium" "$(fingerprint "$disc")" "$before"
done
# The first session was closed: the layers stay as they are.
fresh dvd+r-dl
truncate -s 540000000 "$scratch/zeros"
does burn -d "emu:$disc" --layer-break 300000 --image "$scratch/zeros" \
	--verify=none
grep -qx "not read back" "$scratch/out" || fault "told as read back"
equals "status" "$(info "emu:$disc" medium.status)" appendable
before=$(cat "$disc.disc")
does image -o "$scratch/next.iso" \
	-C "0,$(info "emu:$disc" medium.next_writable)" "$scratch/a/"
ends 21 burn -d "emu:$disc" --layer-break 300000 --image "$scratch/next.iso"
equals "the disc" "$(cat "$disc.disc")" "$before"

# START STOP UNIT, MMC-6: 2 opens the tray, 3 closes it.
moves() { # what is expected, arguments of burn
	expected=$1
	shift
	does burn -d "emu:$disc" --scsi-log "$scratch/log" "$@"
	equals "the tray, $*" "$(sed -n 's/^cdb=1b0000000\(.\).*/\1/p' \
		"$scratch/log" | tr -d '\n')" "$expected"
}

say "the tray"
fresh dvd-r
moves 2 --eject "$scratch/a"
# Nothing to record is a success.
moves 2 --update --eject "$scratch/a"
moves 23 --update --reload "$scratch/a"
moves "" --update "$scratch/a"
for asked in --plan --print-size; do
	moves "" $asked --eject "/b=$scratch/a"
	moves "" $asked --reload "/b=$scratch/a"
	moves "" $asked --update --eject "$scratch/a"
done
finish
