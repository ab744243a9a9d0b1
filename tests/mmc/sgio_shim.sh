#!/bin/sh
# SPDX-License-Identifier: MIT
# Our own program on /dev/sr0: the whole SG_IO transport, with a stand-in for
# the kernel's side of it. Two sessions, read back through the same way.
. tests/third_party/lib_judges.sh

# 'nobody' may not be allowed to enter the build's folder.
cp "$BUILD/lathe" "$work/lathe" && chmod 755 "$work/lathe" || exit 1
lathe=$work/lathe
mkdir "$work/one" "$work/two" "$work/out"
chmod 777 "$work/out"
echo first >"$work/one/a"
head -c 1000000 /dev/zero | tr '\0' x >"$work/one/large"
echo second >"$work/two/b"
chmod -R a+rX "$work/one" "$work/two"

new_disc cd-rw
burns $lathe burn -d /dev/sr0 "$work/one/"
look
equals "the disc" "$(disc_is kind)" appendable
equals "sessions" "$(disc_is sessions)" 1
burns $lathe burn -d /dev/sr0 "$work/two/"
look
equals "sessions" "$(disc_is sessions)" 2
burns $lathe extract -d /dev/sr0 -C "$work/out/both"
for file in one/a one/large two/b; do
	cmp -s "$work/$file" "$work/out/both/${file#*/}" ||
		fault "$file came back changed"
done
burns $lathe info -d /dev/sr0
says "appendable"
burns $lathe blank -d /dev/sr0
look
equals "the disc" "$(disc_is kind)" blank

# Errors of the node, in the words of the program.
burner $lathe info -d /dev/sr9
equals "status without drive" "$([ $status = 0 ] && echo 0 || echo not)" not
finish
