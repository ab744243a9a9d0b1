#!/bin/sh
# SPDX-License-Identifier: MIT
# Names that differ in case alone, extracted where such names are one: what the
# disc has there already is never replaced by another of its files, and no hard
# link leads to the wrong one.
. tests/tools/lib_one_case.sh

mkdir "$scratch/a" "$scratch/a/Dir" "$scratch/a/dir"
echo first >"$scratch/a/NAME"
echo another >"$scratch/a/name"
ln "$scratch/a/NAME" "$scratch/a/other"
ln "$scratch/a/name" "$scratch/a/OTHER2"
ln -s NAME "$scratch/a/LINK"
ln -s OTHER2 "$scratch/a/link"
echo one >"$scratch/a/Dir/one"
echo two >"$scratch/a/dir/two"
does image -o "$scratch/a.iso" "$scratch/a/"

# Into an empty place, over what is there, and over that again.
for how in "" --overwrite --overwrite; do
	say "extract $how"
	# shellcheck disable=SC2086
	folded 5 extract -i "$scratch/a.iso" -C "$scratch/got" $how
	says '/name: another file of the disc has this name here$'
	says '/link: another file of the disc has this name here$'
	says '/dir: is one with another directory of the disc here$'
	says '2 of 8 could not be extracted$'
	equals "the first one" "$(cat "$scratch/got/name")" first
	equals "its other name" "$(cat "$scratch/got/other")" first
	equals "names of one file" "$(stat -c %h "$scratch/got/name")" 2
	equals "the link" "$(readlink "$scratch/got/link")" NAME
	equals "a name of the one left out" \
		"$(cat "$scratch/got/other2")" another
	equals "the directories" "$(cat "$scratch"/got/dir/*)" "one
two"
	equals "names" "$(ls -A "$scratch/got" | tr '\n' ' ')" \
		"dir link name other other2 "
	# What was there before is replaced, and told so where it is not.
	[ -z "$how" ] || continue
	folded 5 extract -i "$scratch/a.iso" -C "$scratch/got"
	says '/NAME: exists already; --overwrite replaces it$'
	echo old >"$scratch/got/name"
done
finish
