#!/bin/sh
# SPDX-License-Identifier: MIT
# Discs of other programs: not taken over by themselves, continued with
# --import, and all their files survive.
. tests/tools/lib_tools.sh
need $PYTHON
# Burners run on the recorder through the library that third_party builds.
[ -e "$BUILD/tests/third_party/shim.so" ] || {
	echo "no $BUILD/tests/third_party/shim.so"
	exit 77
}
tools_scratch=$scratch
. tests/third_party/lib_judges.sh
trap 'clean_up; chmod -R u+w "$tools_scratch"; rm -rf "$tools_scratch"' EXIT
# Of what both libraries have, the other one's holds from here on.
need xorriso wodim genisoimage

folder=$work/home/tree
make_tree "$folder" 5
make_tree "$work/new" 6
chmod -R a+rX "$work"

starts() { # -d DEV or -i IMAGE
	"$lathe" info "$@" --json | $PYTHON -c 'import json, sys
print([s["start"] for s in json.load(sys.stdin)["sessions"]])'
}

continue_disc() { # who wrote it
	say "$1"
	stop_drive
	before=$(sha256sum <"$disc.disc")
	run burn -d "emu:$disc" "$work/new"
	equals "status on a disc of $1" "$status" 23
	grep -q -e '--import' "$scratch/err" || fault "no word of --import"
	equals "state of the disc" "$(sha256sum <"$disc.disc")" "$before"
	run info -d "emu:$disc"
	grep -q 'mode *single: another program' "$scratch/out" ||
		fault "$(cat "$scratch/out")"

	does burn -d "emu:$disc" --import --verify=full "$work/new"
	rm -rf "$scratch/got"
	does extract -d "emu:$disc" -C "$scratch/got"
	diff -r "$work/new" "$scratch/got/new" || fault "new files differ"
	rm -rf "$scratch/got/new"
	diff -r "$folder" "$scratch/got" || fault "old files differ"
	does verify -d "emu:$disc" --full
	# It is ours from now on.
	does burn -d "emu:$disc" --volume OURS --remove /new
	rm -rf "$scratch/got"
	does extract -d "emu:$disc" -C "$scratch/got"
	diff -r "$folder" "$scratch/got" || fault "old files differ later"
	# Without a table of contents the same sessions are found.
	equals "sessions in the image file" "$(starts -i "$disc")" \
		"$(starts -d "emu:$disc")"
	rm -rf "$scratch/got"
	does extract -i "$disc" --session 1 -C "$scratch/got"
	diff -r "$folder" "$scratch/got" || fault "session 1 differs"
}

new_disc cd-r-80
burns xorriso -abort_on FAILURE -return_with FAILURE 32 -joliet on \
	-write_type TAO -dev /dev/sr0 -volid FOREIGN -map "$folder" / -commit
continue_disc xorriso

# A plain user may not lock the memory of wodim's default buffer.
new_disc cd-r-80
make_image "$work/1.iso" "$folder"
burns wodim dev=/dev/sr0 fs=2m gracetime=2 -tao -multi "$work/1.iso"
continue_disc "wodim and genisoimage"

say "and seen by xorriso in turn"
stop_drive
start_drive
burns xorriso -indev /dev/sr0 -toc
says "OURS"

# Without Joliet: the hierarchy that it lacks is built.
new_disc cd-rw
plainly genisoimage -quiet -V PLAIN -iso-level 3 -o "$work/home/p.iso" \
	"$folder" >"$work/said" 2>&1 || fault "genisoimage"
burns wodim dev=/dev/sr0 fs=2m gracetime=2 -tao -multi "$work/home/p.iso"
stop_drive
run burn -d "emu:$disc" "$work/new"
equals "status on a disc without Joliet" "$status" 23
does burn -d "emu:$disc" --import --verify=full "$work/new"
rm -rf "$scratch/got"
does extract -d "emu:$disc" -C "$scratch/got"
diff -r "$work/new" "$scratch/got/new" || fault "new files differ"
equals "files taken over" \
	"$(cd "$scratch/got" && find . -path ./new -prune -o -type f -print |
		wc -l)" "$(find "$folder" -type f | wc -l)"
finish
