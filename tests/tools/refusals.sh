#!/bin/sh
# SPDX-License-Identifier: MIT
# What is refused, before the first WRITE and with the disc left as it was:
# what does not fit, another disc, a used disc where a blank one is needed,
# a disc of another program. And what is taken nevertheless: what fits as
# final, and the foreign disc with --import.
. tests/tools/lib_tools.sh
need $PYTHON
disc=$scratch/d.img

# Ends with that status, says that, and the disc is as it was.
refuses() { # status, expression, arguments
	before=$(fingerprint "$disc")
	wanted=$1 expression=$2
	shift 2
	ends "$wanted" "$@" && says "$expression"
	grep -q 'what to do: ' "$scratch/err" || fault "no remedy: lathe $*"
	[ "$(fingerprint "$disc")" = "$before" ] ||
		fault "lathe $* changed the disc"
}

# A sparse file of so many blocks.
blocks_file() { # name, blocks
	rm -f "$1"
	truncate -s $(($2 * 2048)) "$1"
}

# What --plan says the given files need.
plan() { # member, arguments of burn
	member=$1
	shift
	"$lathe" burn -d "emu:$disc" --plan --progress=json "$@" 2>/dev/null |
		$PYTHON -c 'import json, sys
for line in sys.stdin:
    event = json.loads(line)
    if event["event"] == "plan":
        print(event[sys.argv[1]])' "$member"
}

make_tree "$scratch/a" 1
make_tree "$scratch/b" 2

say "full"
does emu create "$disc" --media cd-r-74
does burn -d "emu:$disc" "$scratch/a"
free=$(info "emu:$disc" medium.free_blocks)
blocks_file "$scratch/big" $((free + 1))
refuses 26 "$free" burn -d "emu:$disc" "$scratch/big"
blocks_file "$scratch/big" 1000
need=$(plan need_blocks "$scratch/big")
blocks_file "$scratch/big" $((free - need + 1000 + 1))
equals "need of one block too many" "$(run burn -d "emu:$disc" --plan \
	"$scratch/big"; echo $?)" 26
refuses 26 "$free" burn -d "emu:$disc" "$scratch/big"

say "fits as final only"
# The read-ahead pad is no part of the need, so that this is the last block.
blocks_file "$scratch/big" $((free - need + 1000))
equals "need of the largest file" "$(plan need_blocks "$scratch/big")" "$free"
refuses 26 "appendable" burn -d "emu:$disc" --keep-appendable "$scratch/big"
before=$(fingerprint "$disc")
does burn -d "emu:$disc" --plan "$scratch/big"
says "becomes final"
equals "the disc after --plan" "$(fingerprint "$disc")" "$before"
does burn -d "emu:$disc" "$scratch/big"
says "becomes final"
equals "status" "$(info "emu:$disc" medium.status)" final
equals "free" "$(info "emu:$disc" medium.free_blocks)" 0
does extract -d "emu:$disc" -C "$scratch/got"
cmp -s "$scratch/big" "$scratch/got/big" || fault "the last file differs"
diff -r "$scratch/a" "$scratch/got/a" || fault "the old files differ"
rm -rf "$scratch/got" "$scratch/big"
refuses 24 "is final after 2 sessions$" burn -d "emu:$disc" "$scratch/b"

say "the reserve, to the block"
rm -f "$disc" "$disc".*
does emu create "$disc"
free=$(info "emu:$disc" medium.free_blocks)
blocks_file "$scratch/big" 1000
need=$(plan need_blocks "$scratch/big")
blocks_file "$scratch/big" $((free - 10752 - need + 1000))
equals "final with the reserve" "$(plan final "$scratch/big")" False
blocks_file "$scratch/big" $((free - 10752 - need + 1000 + 1))
equals "final without" "$(plan final "$scratch/big")" True

say "within the budget, but with no room behind it"
blocks_file "$scratch/big" $((free - 10752 - need + 1000))
does burn -d "emu:$disc" "$scratch/big"
says "no further session will fit"
grep -q "the disc is full" "$scratch/out" || fault "not called full"
equals "status" "$(info "emu:$disc" medium.status)" appendable
refuses 24 "further session needs" burn -d "emu:$disc" "$scratch/b"
rm -f "$scratch/big" "$disc" "$disc".*

say "a disc for one session"
does emu create "$disc" --media dvd-r-dl
equals "final, however short" "$(plan final "$scratch/a")" True
refuses 26 "takes only one session more" \
	burn -d "emu:$disc" --plan --keep-appendable "$scratch/a"
does info -d "emu:$disc"
grep -q 'blank, for one session more' "$scratch/out" || fault "not told"
does burn -d "emu:$disc" "$scratch/a"
does info -d "emu:$disc"
grep -q 'session more' "$scratch/out" && fault "one more on a final disc"
rm -f "$disc" "$disc".*

# SPEC.md 2: 47,120 blocks from the end of a first session behind LBA 1,267,456
# to the next one. A DVD-R has 2,298,496.
say "what closing costs at the outer edge"
does emu create "$disc" --media dvd-r
truncate -s 4648501248 "$scratch/big"
equals "closing" "$(plan closing_blocks "$scratch/big")" 47120
refuses 26 "2,269,808 blocks are needed and 47,120 more" \
	burn -d "emu:$disc" --plan --keep-appendable "$scratch/big"
truncate -s 4610752512 "$scratch/big"
does burn -d "emu:$disc" --plan --keep-appendable "$scratch/big"
says "47,120 blocks: no further session will fit"
rm -f "$scratch/big" "$disc" "$disc".*

say "no room behind a session that costs nothing to close"
does emu create "$disc" --media bd-r
free=$(info "emu:$disc" medium.free_blocks)
blocks_file "$scratch/big" 1000
need=$(plan need_blocks "$scratch/big")
truncate -s $(((free - need + 1000) * 2048)) "$scratch/big"
does burn -d "emu:$disc" --plan "$scratch/big"
says "no further session will fit behind it"
! grep -q "about 0 blocks" "$scratch/err" || fault "closing takes nothing"
rm -f "$scratch/big" "$disc" "$disc".*
does emu create "$disc"

say "a used disc where a blank one is needed"
does burn -d "emu:$disc" "$scratch/a"
refuses 22 "not blank, and --single asks" \
	burn -d "emu:$disc" --single "$scratch/b"
refuses 22 "not blank, and --overwrite is for discs that can be overwritten" \
	burn -d "emu:$disc" --overwrite "$scratch/b"
refuses 21 "can not be erased" burn -d "emu:$disc" --blank "$scratch/b"

say "nothing to record"
refuses 7 "nothing" burn -d "emu:$disc"
refuses 4 "no such name|nothing of that name" \
	burn -d "emu:$disc" --remove /nowhere
refuses 5 "" burn -d "emu:$disc" --no-replace "$scratch/a"

say "another disc than the one that was read"
cp "$disc" "$scratch/other.img"
cp "$disc.disc" "$scratch/other.img.disc"
[ ! -e "$disc.raw" ] || cp "$disc.raw" "$scratch/other.img.raw"
does burn -d "emu:$scratch/other.img" "$scratch/b"
# The tray is locked only after the content was brought together.
echo "op=1E swap" >"$scratch/faults"
cp -r "$scratch/other.img.disc" "$scratch/other.before"
refuses 27 "differs|no longer|not the disc" burn -d "emu:$disc" \
	--emu-faults "$scratch/faults" --emu-swap "$scratch/other.img" \
	"$scratch/b"
cmp -s "$scratch/other.img.disc" "$scratch/other.before" ||
	fault "the disc that was swapped in was changed"
echo "op=1E eject" >"$scratch/faults"
refuses 27 "" burn -d "emu:$disc,faults=$scratch/faults" "$scratch/b"
does burn -d "emu:$disc" "$scratch/b"

say "empty drive"
echo "op=00 eject" >"$scratch/faults"
refuses 20 "" burn -d "emu:$disc,faults=$scratch/faults" "$scratch/b"
finish
