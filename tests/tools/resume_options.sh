#!/bin/sh
# SPDX-License-Identifier: MIT
# A burn that was cut is gone on with by the same options as before. Some of
# them have done on the disc already what they are for: what they began with
# stays, and is neither erased nor refused.
. tests/tools/lib_tools.sh
need $PYTHON
disc=$scratch/d.img

make_tree "$scratch/a" 1
make_tree "$scratch/b" 2
head -c 3000000 /dev/urandom >"$scratch/b/large"
echo "op=2a count=40 gone" >"$scratch/faults"

# Cut with these options, and gone on with by the same ones.
goes_on() { # medium, option of burn, what the disc is then
	say "$1 $2"
	rm -f "$disc" "$disc.disc"
	does emu create "$disc" --media "$1"
	[ "$2" != --blank ] || does burn -d "emu:$disc" "$scratch/a"
	ends 10 burn -d "emu:$disc,faults=$scratch/faults" $2 "$scratch/b"
	equals "why" "$(info "emu:$disc" why)" unfinished
	before=$(fingerprint "$disc")
	# Another content is none of it, and nothing is written for it.
	ends 8 resume -d "emu:$disc" $2 "$scratch/a"
	equals "the disc" "$(fingerprint "$disc")" "$before"
	does resume -d "emu:$disc" --verify=full $2 "$scratch/b"
	equals "sessions" "$(info "emu:$disc" sessions)" 1
	equals "status" "$(info "emu:$disc" medium.status)" \
		"${3:-appendable}"
	rm -rf "$scratch/got"
	does extract -d "emu:$disc" -C "$scratch/got"
	diff -r "$scratch/b" "$scratch/got/b" || fault "$1 $2: files differ"
}

goes_on dvd-rw --blank
goes_on dvd-r --single
goes_on dvd+r --overwrite
goes_on dvd-r --reserve
goes_on bd-r --spares=default
# A drive makes a short one final by itself.
goes_on dvd+r-dl --layer-break=100000 final

# Nothing stays open there: the first session is recorded anew, over the rest of
# the one that was cut.
say "overwritable discs"
rm -f "$disc" "$disc.disc"
does emu create "$disc" --media bd-re
ends 10 burn -d "emu:$disc,faults=$scratch/faults" --spares=default \
	"$scratch/b"
ends 22 resume -d "emu:$disc" --spares=default "$scratch/b"
says 'what to do: --overwrite gives up what is on it'
does resume -d "emu:$disc" --spares=default --overwrite "$scratch/b"
rm -rf "$scratch/got"
does extract -d "emu:$disc" -C "$scratch/got"
diff -r "$scratch/b" "$scratch/got/b" || fault "bd-re: files differ"
finish
