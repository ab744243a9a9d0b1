#!/bin/sh
# SPDX-License-Identifier: MIT
# A program may link lathe and another burning library, all of both: no name
# collides.
. tests/house/lib_house.sh
need_plain_build

theirs=
for name in burn cdio; do
	file=$("$CC" -print-file-name=lib$name.a)
	[ -e "$file" ] && theirs="$theirs $file"
done
[ -n "$theirs" ] || skip "no libburn.a (package libburn-dev)"

echo 'int main(void) { return 0; }' >"$scratch/main.c"
ours=
for lib in $libraries; do
	ours="$ours $(archive_of "$lib")"
done
iscsi=
nm -u "$(archive_of mmc)" | grep -q iscsi_ && iscsi=-liscsi
"$CC" -o "$scratch/program" "$scratch/main.c" -Wl,--whole-archive $ours \
	$theirs -Wl,--no-whole-archive -lpthread -lm $iscsi >"$scratch/output" 2>&1 ||
	fault "$(cat "$scratch/output")"
echo "linked with$theirs"
finish
