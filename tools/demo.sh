#!/bin/sh
# SPDX-License-Identifier: MIT
# make demo: a disc with two sessions on a recorder made of software, with
# nothing but what a bare system has.
set -eu
cd "$(dirname "$0")/.."
lathe=${BUILD:-build}/lathe
case $lathe in
/*) ;;
*) lathe=$PWD/$lathe ;;
esac

folder=$(mktemp -d "${TMPDIR:-/tmp}/lathe-demo.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM HUP
disc=$folder/d.img

# Real directories of whatever system this is.
first=
for path in /usr/share/zoneinfo /usr/share/doc/base-files /etc/default \
	/usr/share/perl5 /usr/share/misc "$PWD/mmc"; do
	[ -d "$path" ] && first="$first $path"
	[ "$(echo $first | wc -w)" = 2 ] && break
done
second=$PWD/session
[ -d /usr/include ] && second=/usr/include

say() {
	echo
	echo "\$ $*"
}

run() {
	say "lathe $*" | sed "s|$folder/||g"
	"$lathe" "$@"
}

run emu create "$disc" --media cd-r-80
run burn -d "emu:$disc" $first
run burn -d "emu:$disc" "$second"
run info -d "emu:$disc"

say "lathe ls -d emu:d.img | tail -n 8"
"$lathe" ls -d "emu:$disc" >"$folder/list"
tail -n 8 "$folder/list"
echo "($(wc -l <"$folder/list") entries in all)"

# Out of the disc again, and compared with where it came from.
run extract -d "emu:$disc" -C "$folder/out"
for path in $first "$second"; do
	name=$(basename "$path")
	find "$path" -type f | sed "s|^$path/||" | while read -r file; do
		cmp -s "$path/$file" "$folder/out/$name/$file" ||
			echo "$path/$file" >>"$folder/different"
	done
done
if [ -s "$folder/different" ]; then
	echo "These files differ:"
	head -n 20 "$folder/different"
	exit 1
fi
echo
echo "Every file of both sessions read back as it was:" $first "$second"
