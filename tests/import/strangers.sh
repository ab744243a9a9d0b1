#!/bin/sh
# SPDX-License-Identifier: MIT
# Volumes of other programs: what they recorded is imported, byte for byte,
# and thousands of damaged copies of them do no harm.
set -u

# xorriso and genisoimage take names as those of the locale.
LC_ALL=C.UTF-8
export LC_ALL

tool=$BUILD/tests/import/tool_import
mutations=$BUILD/tests/import/check_mutations
dir=$(mktemp -d "${TMPDIR:-/tmp}/lathe-strangers.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
failed=0
images=

fail() {
	echo "$*"
	failed=1
}

have() {
	command -v "$1" >/dev/null 2>&1
}

# Names that ISO 9660 mangles alike, empty files, equal contents, folders of
# folders; nothing that one of the writers refuses.
fill() {
	mkdir -p "$1"
	i=0
	while [ $i -lt 25 ]; do
		printf '%0*d' $((i * 13)) $i > "$1/file with number 0$i.dat"
		i=$((i + 1))
	done
	for name in readme.txt README2.TXT a A-b.txt 'many.dots.in.a.name.c' \
		.hidden 'no extension' '日本語.txt' '日本.txt' 'Ünïcode.tar.gz' \
		'a rather long name that needs Joliet to be kept.text'; do
		printf 'content of %s\n' "$name" > "$1/$name"
	done
	: > "$1/empty one"
	: > "$1/empty two"
	printf 'same' > "$1/same 1"
	printf 'same' > "$1/same 2"
	printf 'same' > "$1/another copy of it"
}

tree=$dir/tree
fill "$tree"
fill "$tree/directory"
fill "$tree/directory with a long name, one"
fill "$tree/directory with a long name, two"
fill "$tree/directory with a long name, two/日本"
fill "$tree/directory with a long name, two/日本語の資料"
mkdir -p "$tree/only/directories/in here" "$tree/empty directory"
head -c 300000 /dev/zero > "$tree/larger.bin"

# name of the image, arguments of the tool; the tree must come back.
same_tree() {
	image=$1
	shift
	rm -rf "$dir/out"
	mkdir "$dir/out"
	if ! "$tool" "$@" -x "$dir/out" "$dir/$image.iso" > "$dir/log"; then
		fail "$image: $(head -n 3 "$dir/log")"
		return
	fi
	diff -r "$tree" "$dir/out" > "$dir/diff" ||
		fail "$image: $(head -n 5 "$dir/diff")"
	grep -q '^odd' "$dir/log" &&
		fail "$image: $(grep '^odd' "$dir/log" | head -n 3)"
	images="$images $dir/$image.iso"
}

# All contents, whatever the names are.
contents() {
	find "$1" -type f -exec cksum {} + | cut -d' ' -f1,2 | sort
}

same_contents() {
	image=$1
	shift
	rm -rf "$dir/out"
	mkdir "$dir/out"
	if ! "$tool" "$@" -x "$dir/out" "$dir/$image.iso" > "$dir/log"; then
		fail "$image: $(head -n 3 "$dir/log")"
		return
	fi
	contents "$tree" > "$dir/want"
	contents "$dir/out" > "$dir/got"
	cmp -s "$dir/want" "$dir/got" || fail "$image: contents differ"
}

genisoimage_images() {
	gen='genisoimage -quiet -input-charset utf-8'
	(
		cd "$dir" || exit 1
		$gen -J -joliet-long -o gen-8.3.iso tree
		$gen -J -joliet-long -iso-level 3 -o gen-3.iso tree
		$gen -J -joliet-long -R -iso-level 2 -o gen-r.iso tree
		$gen -J -joliet-long -udf -o gen-udf.iso tree
		$gen -iso-level 2 -o gen-plain.iso tree
		# A second session, as cdrecord would put it at block 3000.
		cp gen-3.iso gen-multi.iso
		truncate -s $((3000 * 2048)) gen-multi.iso
		mkdir added
		printf 'new' > added/new.txt
		$gen -J -joliet-long -iso-level 3 -C 0,3000 -M gen-3.iso \
			-o second.iso added
		cat second.iso >> gen-multi.iso
	) > "$dir/log" 2>&1 || fail "genisoimage: $(cat "$dir/log")"
	for i in gen-8.3 gen-3 gen-r gen-udf; do
		same_tree $i
	done
	same_contents gen-plain
	images="$images $dir/gen-plain.iso"
	# Names of the primary hierarchy: other names, same files.
	same_contents gen-8.3 -n 1
	same_contents gen-8.3 -j
	mkdir "$dir/both"
	cp -r "$tree/." "$dir/added/." "$dir/both/"
	first=$tree
	tree=$dir/both
	same_contents gen-multi -s 3000
	tree=$first
}

xorriso_images() {
	(
		cd "$dir" || exit 1
		xorriso -as mkisofs -quiet -J -joliet-long -o xor.iso tree
		xorriso -as mkisofs -quiet -J -joliet-long -iso-level 3 \
			-o xor-3.iso tree
		# Two sessions in one file; block 16 shows the newer one.
		xorriso -joliet on -outdev stdio:xor-multi.iso \
			-map tree/directory /directory -commit
		xorriso -joliet on -compliance joliet_long_names \
			-dev stdio:xor-multi.iso -rm_r /directory -- \
			-map tree / -commit
	) > "$dir/log" 2>&1 || fail "xorriso: $(tail -n 5 "$dir/log")"
	same_tree xor
	same_tree xor-3
	same_tree xor-multi
}

bsdtar_images() {
	(cd "$dir" && LC_ALL=C.UTF-8 bsdtar -cf bsd.iso --format=iso9660 \
		-C tree .) > "$dir/log" 2>&1 ||
		fail "bsdtar: $(cat "$dir/log")"
	same_tree bsd
}

pycdlib_images() {
	/usr/bin/python3 - "$tree" "$dir/pycdlib.iso" <<'SCRIPT' > "$dir/log" 2>&1 ||
import os, re, sys
import pycdlib

top, image = sys.argv[1:]
iso = pycdlib.PyCdlib()
iso.new(interchange_level=3, joliet=3)
iso_of = {"": ""}
number = 0
for here, dirs, files in os.walk(top):
    place = os.path.relpath(here, top)
    place = "" if place == "." else "/" + place
    for name in sorted(dirs):
        number += 1
        short = re.sub("[^A-Z0-9]", "_", name.upper())[:16]
        iso_of[place + "/" + name] = (iso_of[place] +
                                      "/%s%05d" % (short, number))
        iso.add_directory(iso_of[place + "/" + name],
                          joliet_path=place + "/" + name)
    for name in sorted(files):
        number += 1
        iso.add_file(os.path.join(here, name),
                     iso_of[place] + "/F%05d.;1" % number,
                     joliet_path=place + "/" + name)
iso.write(image)
iso.close()
SCRIPT
		{ fail "pycdlib: $(tail -n 3 "$dir/log")"; return; }
	same_tree pycdlib
}

made=
missing=
if have genisoimage; then
	genisoimage_images
	made="$made genisoimage"
else
	missing="$missing genisoimage"
fi
if have xorriso; then
	xorriso_images
	made="$made xorriso"
else
	missing="$missing xorriso"
fi
if have bsdtar; then
	bsdtar_images
	made="$made bsdtar"
else
	missing="$missing bsdtar"
fi
if /usr/bin/python3 -c 'import pycdlib' 2>/dev/null; then
	pycdlib_images
	made="$made pycdlib"
else
	missing="$missing pycdlib"
fi
if [ -z "$made" ]; then
	echo "none of$missing is installed"
	exit 77
fi
[ -z "$missing" ] || echo "not installed, left out:$missing"

LATHE_IMAGES=$images LATHE_MUTATIONS=${LATHE_MUTATIONS:-1000} \
	LATHE_SECONDS=${LATHE_SECONDS:-2} CK_RUN_CASE=mutations \
	"$mutations" > "$dir/log" 2>&1 || fail "$(tail -n 20 "$dir/log")"
exit $failed
