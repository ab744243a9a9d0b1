#!/bin/sh
# SPDX-License-Identifier: MIT
# With -v each path that the sum of an update counts is told, with what became
# of it.
. tests/tools/lib_tools.sh
image=$scratch/a.iso
a=$scratch/a

listed() { # the kind and path of each line, sorted
	sed -n 's/^lathe [a-z]*: \([a-z ]*: \/.*\)/\1/p' "$scratch/err" |
		LC_ALL=C sort
}

told() { # added, changed, gone, attributes, kept; list
	says "$1 new, $2 changed, $3 gone, $4 with other attributes, $5 as"
	[ "$(listed)" = "$6" ] || fault "told: $(listed); not: $6"
}

mkdir "$a" "$a/folder" "$a/going"
for name in one two folder/three folder/four going/five; do
	echo "$name" >"$a/$name"
done
ln -s one "$a/link"
chmod 644 "$a/one" "$a/two" "$a/folder/three" "$a/folder/four"
chmod 755 "$a/folder"
for from in "" --no-rock-ridge; do
	say "from a disc $from"
	# shellcheck disable=SC2086
	does image -o "$image" ${from:---keep-modes} "$a/"
	cp "$image" "$scratch/before.iso"
	chmod 600 "$a/folder/three"
	chmod 711 "$a/folder"
	echo changed >>"$a/one"
	echo new >"$a/new"
	mv "$a/going" "$scratch/gone"
	does image -M "$image" --mirror --keep-modes -v "$a/"
	if [ -z "$from" ]; then
		# The link shows another file to systems without links.
		told 1 2 2 2 3 "attributes: /folder/
attributes: /folder/three
changed: /link
changed: /one
gone: /going/
gone: /going/five
new: /new"
	else
		# Nothing was recorded of any, and no link: all are new ones.
		says ' with other attributes, '
		equals "attributes told" "$(listed | grep -c '^attributes: ')" \
			"$(sed -n 's/.* \([0-9]*\) with other attr.*/\1/p' \
				"$scratch/err")"
		[ "$(listed | grep -c '^attributes: ')" -ge 3 ] ||
			fault "told: $(listed)"
	fi
	# Without the option no other mode counts.
	does image -M "$scratch/before.iso" --update -v "$a/"
	listed | grep -q '^attributes' && fault "told: $(listed)"
	chmod 644 "$a/folder/three"
	chmod 755 "$a/folder"
	rm "$a/new"
	mv "$scratch/gone" "$a/going"
done
does image -o "$image" --keep-modes "$a/"
chmod 700 "$a"
chmod 640 "$a/two"
does image -M "$image" --update --keep-modes -v "$a/"
equals "the top" "$(listed | grep -c '^attributes: /$')" 1
equals "two" "$(listed | grep -c '^attributes: /two$')" 1
equals "as many as counted" "$(listed | grep -c '^attributes: ')" \
	"$(sed -n 's/.* \([0-9]*\) with other attr.*/\1/p' "$scratch/err")"
finish
