#!/bin/sh
# SPDX-License-Identifier: MIT
# Where the numbers of files do not last, as on FAT: a file that was looked at
# under another number is still the same one, and of two names of the disc that
# are one there the second never takes the place of the first. Permissions and
# dates that FAT does not keep are told.
. tests/tools/lib_one_case.sh

say "sources"
PASSING=executable
export PASSING
mkdir "$scratch/a" "$scratch/a/sub"
for name in one two three sub/four; do
	head -c 5000 /dev/urandom >"$scratch/a/$name"
	chmod +x "$scratch/a/$name"
done
folded 0 image -o "$scratch/a.iso" "$scratch/a/"
does extract -i "$scratch/a.iso" -C "$scratch/same"
diff -r "$scratch/a" "$scratch/same" || fault "another content"
echo more >>"$scratch/a/two"
folded 0 image -M "$scratch/a.iso" --update "$scratch/a/"
does emu create "$scratch/d.img"
folded 0 burn -d "emu:$scratch/d.img" "$scratch/a/"
folded 0 verify -d "emu:$scratch/d.img" --full

say "extract"
PASSING=all
mkdir "$scratch/b" "$scratch/b/Dir" "$scratch/b/dir"
for name in NAME Dir/One "\303\211"; do
	echo first >"$scratch/b/$(printf %b "$name")"
done
for name in Name name Dir/one dir/ONE dir/one; do
	echo another >"$scratch/b/$name"
done
echo alone >"$scratch/b/alone"
does image -o "$scratch/b.iso" "$scratch/b/"
for how in --overwrite --overwrite; do
	folded 5 extract -i "$scratch/b.iso" -C "$scratch/got" $how
	says '/name: another file of the disc has this name here$'
	says '/Name: another file of the disc has this name here$'
	says '/Dir/one: another file of the disc has this name here$'
	says '/dir/one: another file of the disc has this name here$'
	says '/dir/ONE: another file of the disc has this name here$'
	equals "the first one" "$(cat "$scratch/got/name")" first
	equals "of the directories" "$(cat "$scratch/got/dir/one")" first
	equals "one of its own" "$(cat "$scratch/got/alone")" alone
	equals "names" "$(ls -A "$scratch/got" "$scratch/got/dir" |
		wc -l)" 8
done

say "attributes"
mkdir "$scratch/c"
echo old >"$scratch/c/old"
echo mine >"$scratch/c/mine"
echo common >"$scratch/c/common"
touch -d 1975-01-02T03:04:05Z "$scratch/c/old"
touch -d 2001-02-03T04:05:07Z "$scratch/c/common"
chmod 600 "$scratch/c/old" "$scratch/c/common"
chmod 711 "$scratch/c/mine"
does image -o "$scratch/c.iso" --keep-modes "$scratch/c/"
umask 022
NO_MODES=1
export NO_MODES
for how in "0" "3 --keep-modes"; do
	set -- $how
	folded "$1" extract -i "$scratch/c.iso" -C "$scratch/kept$1" ${2:-} -v
	says '/old: owner, permissions or date: '
	says '/mine: owner, permissions or date: '
	LC_ALL=C grep -q /common "$scratch/err" &&
		fault "told without a reason"
	says 'owner, permissions or date of . entries could not be set'
done

say "names that FAT does not take"
unset NO_MODES PASSING
RESERVED=1
export RESERVED
mkdir "$scratch/d" "$scratch/d/sub" "$scratch/d/sub/con"
echo one >"$scratch/d/con"
echo two >"$scratch/d/$(printf '\303\211')"
echo three >"$scratch/d/$(printf '\303\251')"
echo four >"$scratch/d/sub/$(printf '\303\211')"
echo five >"$scratch/d/sub/con/within"
does image -o "$scratch/d.iso" "$scratch/d/"
for how in "" --overwrite; do
	rm -rf "$scratch/other"
	mkdir -p "$scratch/other/sub"
	echo old >"$scratch/other/sub/$(printf '\303\251')"
	folded 3 extract -i "$scratch/d.iso" -C "$scratch/other" $how
	says '/con: this name can not be here: '
	says '/sub/con: this name can not be here: '
	says '/sub/.*: exists already under another form of its name$'
	equals "what was there" \
		"$(cat "$scratch/other/sub/$(printf '\303\251')")" old
	[ -z "$(find "$scratch/other" -name '.lathe*')" ] ||
		fault "temporary files are left"
	# One of this disc by now.
	mkdir "$scratch/other/again"
	folded 3 extract -i "$scratch/d.iso" -C "$scratch/other/again" $how
	LC_ALL=C grep -q -e '--overwrite' "$scratch/err" &&
		fault "told as a remedy: $(cat "$scratch/err")"
done
unset RESERVED

# Where there is more than one case all of them are there.
does extract -i "$scratch/b.iso" -C "$scratch/all"
does extract -i "$scratch/b.iso" -C "$scratch/all" --overwrite
diff -r "$scratch/b" "$scratch/all" || fault "another content"
finish
