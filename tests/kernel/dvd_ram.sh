#!/bin/sh
# SPDX-License-Identifier: MIT
# A recorder that nobody here wrote, under a real Linux kernel: tcmu-runner's
# DVD-RAM. It announces little, refuses much, and leaves behind a reply what
# was in the buffer before.
. tests/kernel/lib_boot.sh
. tests/third_party/lib_readers.sh
[ -x /usr/bin/tcmu-runner ] || [ -x "$unpacked/usr/bin/tcmu-runner" ] || {
	echo "no tcmu-runner: make deps-kernel"
	exit 77
}
need isoinfo xorriso
mkdir -p "$unpacked" "$work/home"
boot lib_guest_dvd_ram.sh 0

# What is in its file, by three readers that never saw the drive.
plainly() {
	env HOME="$work/home" LC_ALL=C.UTF-8 "$@"
}
disc=$work/ram.img
for number in 1 2 3; do
	tree=$work/tree$number
	start=$(awk -v number=$number '$1 == number { print $2 }' \
		"$work/sessions")
	isoinfo_reads "$start" -R "$tree"
	xorriso_reads "$start" "$tree"
	"$BUILD/lathe" extract -i "$disc" --session $number \
		-C "$work/back" >"$work/said" 2>&1 ||
		fault "lathe extract: $(cat "$work/said")"
	diff -r "$tree" "$work/back" || fault "session $number differs"
	rm -r "$work/back"
done
# The newest is also what readers take that know of no sessions.
isoinfo_reads 0 -R "$tree"
finish
