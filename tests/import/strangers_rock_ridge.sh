#!/bin/sh
# SPDX-License-Identifier: MIT
# Rock Ridge of other programs: names, modes, owners, links, devices and dates
# are imported, a session appended by lathe keeps all of them, and the other
# programs still read them there.
set -u

lathe=$BUILD/lathe
tool=$BUILD/tests/import/tool_import
dir=$(mktemp -d "${TMPDIR:-/tmp}/lathe-rock.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
failed=0

fail() {
	echo "$*"
	failed=1
}

have() {
	command -v "$1" >/dev/null 2>&1
}

long=$(printf 'a name that only continuation areas can hold %.0s' 1 2 3 4)
tree=$dir/tree
mkdir -p "$tree/sub/l2/l3/l4/l5/l6/l7/level eight/level nine" "$tree/empty"
printf 'content\n' > "$tree/a file.txt"
ln "$tree/a file.txt" "$tree/sub/its other name"
printf 'x' > "$tree/Case"
printf 'y' > "$tree/case"
printf 'long\n' > "$tree/$long"
printf 'deep\n' > "$tree/sub/l2/l3/l4/l5/l6/l7/level eight/level nine/file"
printf 'z' > "$tree/sub/日本語.txt"
: > "$tree/sub/nothing"
chmod 4751 "$tree/a file.txt"
chmod 0600 "$tree/Case"
chmod 0711 "$tree/empty"
ln -s 'a file.txt' "$tree/link"
ln -s ../.././/somewhere/else "$tree/sub/up"
ln -s /absolute "$tree/absolute"
# genisoimage never ends where a link has 250 bytes and more.
ln -s "$(printf 'a/long/way/%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)end" \
	"$tree/far"
TZ=UTC touch -h -d '2001-02-03 04:05:06' "$tree"/* "$tree"/sub/*
devices=
if mknod "$tree/device" c 4 65 2>/dev/null; then
	devices=1
	mknod "$tree/block device" b 7 1
	chown 1234:5678 "$tree/sub/nothing"
fi

# What find says, in the words of the tool: type mode uid gid path target.
expected() {
	(cd "$tree" && find . \( -type l -printf 'l %#m %U %G %p -> %l\n' \) \
		-o \( -type d -printf 'd %#m %U %G %p\n' \) \
		-o \( -type f -printf 'f %#m %U %G %p\n' \) \
		-o \( -type c -printf 's %#m %U %G %p 020000 4:65\n' \) \
		-o \( -type b -printf 's %#m %U %G %p 060000 7:1\n' \)) |
		sed 's/^\(. \)0*\([0-7]*\) /\1\2 /; s, \./, /,
			s/ \.$/ \//; s,//*,/,g' | LC_ALL=C sort
}

# The same of an image, without dates.
found() {
	"$tool" -r -a "$1" | sed -n '/^[dfls] /{
		s/^\(. [^ ]* [^ ]* [^ ]*\) [^ ]*/\1/; s/^\(. \)0*/\1/
		s,//*,/,g; p; }' | LC_ALL=C sort
}

# image; a session is appended to it, and everything is still there.
check() {
	image=$dir/$1.iso
	found "$image" > "$dir/before"
	if [ "$1" = bsd ]; then
		# It makes modes alike for all: names, links and numbers.
		for i in want before; do
			sed 's/^\(.\) [^ ]* [^ ]* [^ ]* /\1 /' "$dir/$i" |
				LC_ALL=C sort > "$dir/$i.names"
		done
		cmp -s "$dir/want.names" "$dir/before.names" || fail \
			"bsd: $(diff "$dir/want.names" "$dir/before.names" |
			head -n 6)"
	else
		cmp -s "$dir/want" "$dir/before" || fail \
			"$1: $(diff "$dir/want" "$dir/before" | head -n 6)"
	fi
	"$tool" -r -l "$image" > "$dir/list"
	grep '^odd' "$dir/list" > "$dir/odd" &&
		fail "$1: $(head -n 3 "$dir/odd")"
	"$tool" -r -a "$image" | grep -q \
		'2001-02-03T04:05:06+0 /sub/nothing$' ||
		fail "$1: the date of a file"
	rm -rf "$dir/out"
	mkdir "$dir/out"
	"$tool" -r -x "$dir/out" "$image" > "$dir/log" ||
		fail "$1: $(head -n 3 "$dir/log")"
	cmp -s "$tree/a file.txt" "$dir/out/sub/its other name" ||
		fail "$1: content"
	append "$1"
}

append() {
	image=$dir/$1.iso
	"$lathe" image -M "$image" --keep-modes --keep-owner --times all \
		"/added=$dir/want" > "$dir/log" 2>&1 ||
		fail "$1, appended: $(head -n 3 "$dir/log")"
	found "$image" | grep -v ' /added$' > "$dir/after"
	cmp -s "$dir/before" "$dir/after" ||
		fail "$1, appended: $(diff "$dir/before" "$dir/after" |
			head -n 6)"
	"$tool" -r -l "$image" | grep -v ' /added$' > "$dir/list2"
	# One extent for both names, and no content was written again.
	awk '$1 == "f" && /its other name|a file.txt/ { print $3 }' \
		"$dir/list2" | sort -u | wc -l | grep -qx ' *1' ||
		fail "$1, appended: names of one extent are parted"
	awk '$1 == "f" { print $2, $3 }' "$dir/list" | sort > "$dir/extents"
	awk '$1 == "f" { print $2, $3 }' "$dir/list2" | sort > "$dir/extents2"
	grep -v '^0 ' "$dir/extents" > "$dir/e1"
	grep -v '^0 ' "$dir/extents2" | cmp -s - "$dir/e1" ||
		fail "$1, appended: contents have moved"
	others "$1"
}

# What xorriso and bsdtar say of the new session.
others() {
	image=$dir/$1.iso
	if have xorriso; then
		xorriso -abort_on NEVER -indev "$image" -find / -type l \
			-exec lsdl -- > "$dir/xor" 2> /dev/null
		grep -q "'/link' -> 'a file.txt'" "$dir/xor" ||
			fail "$1: xorriso does not find the link"
		xorriso -abort_on NEVER -indev "$image" -lsdl '/a file.txt' -- \
			-lsdl "/$long" -- -lsdl /device -- > "$dir/xor" 2>&1
		[ "$1" = bsd ] ||
			grep -q '^-rwsr-x--x .*a file.txt' "$dir/xor" ||
			fail "$1: xorriso finds other permissions"
		grep -q "'/$long'" "$dir/xor" || grep -q "'$long'" \
			"$dir/xor" || fail "$1: xorriso finds another name"
		# genisoimage records major and minor; xorriso takes both
		# halves as one number, also on discs of genisoimage.
		case $devices$1 in
		1xor*|1bsd)
			grep -q '^c.* 4,65 ' "$dir/xor" ||
				fail "$1: xorriso finds another device"
			;;
		esac
	fi
	if have bsdtar; then
		# It refuses continuation areas behind a file's content, where
		# those of all later sessions are: without that file.
		"$lathe" image -M "$image" --remove "/$long" \
			> "$dir/log" 2>&1 || fail "$1: $(cat "$dir/log")"
		LC_ALL=C.UTF-8 bsdtar -tvf "$image" > "$dir/bsd" 2> /dev/null
		grep -q ' link -> a file.txt$' "$dir/bsd" ||
			fail "$1: bsdtar does not find the link"
		grep -q "level eight/level nine/file" "$dir/bsd" ||
			fail "$1: bsdtar does not find what is deep"
	fi
}

expected > "$dir/want"
made=
if have genisoimage; then
	(
		cd "$dir" || exit 1
		gen='timeout 60 genisoimage -quiet -input-charset utf-8'
		$gen -R -o gen-r.iso tree
		$gen -R -J -joliet-long -iso-level 3 -o gen-rj.iso tree
	) > "$dir/log" 2>&1 || fail "genisoimage: $(head -n 3 "$dir/log")"
	check gen-r
	check gen-rj
	made=1
fi
if have xorriso; then
	(
		cd "$dir" || exit 1
		xorriso -as mkisofs -quiet -R -o xor-r.iso tree
		xorriso -as mkisofs -quiet -R -J -joliet-long \
			-rr_reloc_dir /rr_moved -o xor-rj.iso tree
	) > "$dir/log" 2>&1 || fail "xorriso: $(tail -n 3 "$dir/log")"
	check xor-r
	check xor-rj
	made=1
fi
if have bsdtar; then
	(cd "$tree" && LC_ALL=C.UTF-8 bsdtar -cf "$dir/bsd.iso" \
		--format=iso9660 --options 'iso9660:rockridge=strict' .) \
		> "$dir/log" 2>&1 || fail "bsdtar: $(head -n 3 "$dir/log")"
	check bsd
	made=1
fi

# Entries that nobody here knows: access control lists and extended
# attributes, as xorriso records them, survive two sessions.
if have xorriso; then
	value=$(printf 'a_long_value_%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 \
		16 17 18 19 20 21 22 23 24 25 26 27 28 29 30)
	xorriso -rockridge on -acl on -xattr on -outdev "stdio:$dir/acl.iso" \
		-map "$tree" / -setfattr user.colour green /Case -- \
		-setfattr user.long "$value" /empty -- \
		-setfacl u:17:r-- /case -- -commit > "$dir/log" 2>&1 ||
		fail "xorriso: $(tail -n 3 "$dir/log")"
	for i in 1 2; do
		"$lathe" image -M "$dir/acl.iso" --keep-modes "/added$i=$dir/want" \
			> "$dir/log" 2>&1 || fail "acl: $(head -n 3 "$dir/log")"
	done
	xorriso -acl on -xattr on -indev "$dir/acl.iso" \
		-getfattr /Case /empty -- -getfacl /case -- \
		> "$dir/xor" 2> /dev/null
	for i in user.colour=\"green\" "user.long=\"$value\""; do
		grep -q "^$i\$" "$dir/xor" ||
			fail "an extended attribute is lost: $i"
	done
	grep -q '^user:17:r--' "$dir/xor" ||
		fail "access control lists are lost"
fi
if [ -z "$made" ]; then
	echo "none of genisoimage, xorriso, bsdtar is installed"
	exit 77
fi
exit $failed
