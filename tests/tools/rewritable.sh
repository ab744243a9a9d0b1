#!/bin/sh
# SPDX-License-Identifier: MIT
# A CD-RW through its life: recorded, blanked in the same step but not in vain,
# simulated, blanked by itself; tray and speed.
. tests/tools/lib_tools.sh
need $PYTHON
disc=$scratch/d.img

holds() { # folder
	rm -rf "$scratch/got"
	does extract -d "emu:$disc" -C "$scratch/got"
	diff -r "$1" "$scratch/got" || fault "the disc does not hold $1"
}

make_tree "$scratch/a" 1
make_tree "$scratch/b" 2
does emu create "$disc" --media cd-rw
equals "erasable" "$(info "emu:$disc" medium.erasable)" True

say "simulated"
before=$(fingerprint "$disc")
does burn -d "emu:$disc" --simulate "$scratch/a"
grep -q 'nothing was written' "$scratch/out" || fault "$(cat "$scratch/out")"
equals "the disc" "$(fingerprint "$disc")" "$before"

say "recorded, and blanked in one step"
does burn -d "emu:$disc" --speed 4 --blank "$scratch/a/"
holds "$scratch/a"
does burn -d "emu:$disc" --blank --eject "$scratch/b/"
holds "$scratch/b"
equals "sessions" "$(info "emu:$disc" sessions)" 1
before=$(fingerprint "$disc")
ends 22 burn -d "emu:$disc" --blank --plan "$scratch/a/"
equals "the disc after --plan" "$(fingerprint "$disc")" "$before"

say "a final disc"
does burn -d "emu:$disc" --final "$scratch/a"
ends 24 burn -d "emu:$disc" "$scratch/a"

say "nothing is erased for what can not be recorded, nor for a simulation"
keeps() { # status, expression, arguments
	before=$(fingerprint "$disc")
	wanted=$1 expression=$2
	shift 2
	ends "$wanted" burn -d "emu:$disc" --blank "$@" && says "$expression"
	equals "the disc after $*" "$(fingerprint "$disc")" "$before"
}
mkdir "$scratch/odd"
: >"$scratch/odd/x:y"
mkdir "$scratch/twins"
: >"$scratch/twins/a"
: >"$scratch/twins/A"
printf x >"$scratch/odd/$(printf 'bad\377')"
truncate -s 800M "$scratch/large"
keeps 22 "would erase" --simulate "$scratch/a"
keeps 4 "no such file" "$scratch/a" "$scratch/nothing"
keeps 6 "can not be recorded" "$scratch/odd"
keeps 6 "" --joliet-strict --skip-unreadable "$scratch/odd"
keeps 6 "case alone" --strict-case "$scratch/twins"
keeps 2 "character set" --charset nothing "$scratch/a"
keeps 2 "contradict" --no-replace --update "$scratch/a"
keeps 4 "nothing" --exclude-from "$scratch/nothing" "$scratch/a"
keeps 4 "nothing" --path-list "$scratch/nothing"
keeps 4 "/gone" --remove /gone "$scratch/a"
keeps 26 "there is room for" "$scratch/large"
keeps 4 "nothing" --image "$scratch/nothing"
keeps 26 "there is room for" --image "$scratch/large"
keeps 7 "" --image /dev/null
keeps 7 "" --image -
SOURCE_DATE_EPOCH=soon keeps 2 "SOURCE_DATE_EPOCH" "$scratch/a"
keeps 7 "nothing"
keeps 21 "layer break" --layer-break 160 "$scratch/a"
keeps 21 "spare areas" --spares=most "$scratch/a"
keeps 6 "volume name has" --volume "$(printf '%0300d' 0)" "$scratch/a"
does image -o "$scratch/later.iso" --start 64 "$scratch/a"
keeps 27 "made for a later session" --image "$scratch/later.iso"
# What comes through a pipe has a length that nobody knows beforehand.
piped() { # status, expression, options
	before=$(fingerprint "$disc")
	wanted=$1 expression=$2
	shift 2
	cat "$image" | "$lathe" burn -d "emu:$disc" "$@" --image - \
		>"$scratch/out" 2>"$scratch/err"
	equals "status of $* and a pipe" $? "$wanted"
	says "$expression"
	equals "the disc after $* and a pipe" "$(fingerprint "$disc")" "$before"
}
does image -o "$scratch/a.iso" "$scratch/a"
image=$scratch/later.iso
piped 27 'made for a later session' --blank
image=$scratch/a.iso
for wish in --at-once --dvd-compat; do
	piped 2 'through a pipe.*at once' --blank $wish
done
cp "$disc" "$scratch/final.img"
cp "$disc.disc" "$scratch/final.img.disc"
final=$disc
for medium in dvd+rw bd-re dvd-ram cd-rw; do
	disc=$scratch/$medium.img
	does emu create "$disc" --media $medium
	does burn -d "emu:$disc" "$scratch/a"
	keeps 21 "layer break" --layer-break 160 "$scratch/b"
	keeps 27 "made for a later" --image "$scratch/later.iso"
	if [ $medium = cd-rw ]; then
		truncate -s 730000000 "$scratch/large"
		keeps 26 "more to keep" --keep-appendable "$scratch/large"
	else
		keeps 21 "at once" --at-once "$scratch/b"
	fi
	case $medium in
	bd-re) keeps 22 "spare areas" --spares=most "$scratch/b" ;;
	*) keeps 21 "spare areas" --spares=most "$scratch/b" ;;
	esac
	rm "$disc" "$disc.disc"
done

say "a final disc has all of its room when it is erased"
disc=$scratch/final.img
truncate -s 600M "$scratch/large"
does burn -d "emu:$disc" --blank --verify=none "$scratch/large"
disc=$final

say "a list from standard input is read once"
printf '%s\n' "$scratch/a/" >"$scratch/list"
"$lathe" burn -d "emu:$disc" --blank --skip-unreadable --path-list - \
	"$scratch/odd/" <"$scratch/list" >/dev/null 2>"$scratch/err" ||
	fault "a list from standard input: $(cat "$scratch/err")"
equals "what is told twice" "$(grep -c 'left out' "$scratch/err")" 1
rm "$scratch"/odd/bad*
mkfifo "$scratch/odd/pipe"
does burn -d "emu:$disc" --blank -v "$scratch/a/" "$scratch/odd/"
equals "what -v tells twice" "$(grep -c 'left out: ' "$scratch/err")" 1
rm "$scratch/odd/pipe"
cp -r "$scratch/a" "$scratch/both"
cp "$scratch/odd/x:y" "$scratch/both"
holds "$scratch/both"

say "final"
does burn -d "emu:$disc" --blank --final "$scratch/a/"
ends 24 burn -d "emu:$disc" "$scratch/b/"
says 'what to do: use another disc, or let --blank erase this one'

say "blanked"
does blank -d "emu:$disc"
equals "status" "$(info "emu:$disc" medium.status)" blank
does burn -d "emu:$disc" "$scratch/b/"
does blank -d "emu:$disc" --full --progress=json
grep -q '"phase":"blanking"' "$scratch/out" || fault "no progress of blanking"
equals "status" "$(info "emu:$disc" medium.status)" blank
equals "free" "$(info "emu:$disc" medium.free_blocks)" \
	"$(info "emu:$disc" medium.capacity_blocks)"

say "tray"
does eject -d "emu:$disc"
does load -d "emu:$disc"
finish
