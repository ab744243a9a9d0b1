# SPDX-License-Identifier: MIT
# Shared by the scripts about images that grow.
. tests/tools/lib_tools.sh

# A file of so many bytes that no other call gives.
fill() { # path, bytes, seed
	mkdir -p "$(dirname "$1")"
	$PYTHON -c 'import random, sys
random.seed(sys.argv[3])
open(sys.argv[1], "wb").write(random.randbytes(int(sys.argv[2])))' "$@"
}

sessions() { # image
	"$lathe" ls -i "$1" --sessions --json | wc -l
}

# Session N of an image is that folder, byte by byte, and holds together.
session_is() { # image, session, folder
	rm -rf "$scratch/got"
	does extract -i "$1" --session "$2" -C "$scratch/got"
	diff -r "$3" "$scratch/got" >"$scratch/diff" || {
		fault "session $2 of $1 is not $3"
		head -20 "$scratch/diff"
	}
	does verify -i "$1" --session "$2" --full
}

# What other programs see without being told of sessions is that folder.
strangers_see() { # image, folder
	if command -v xorriso >/dev/null; then
		rm -rf "$scratch/x"
		xorriso -osirrox on -indev "$1" -extract / "$scratch/x" \
			>"$scratch/xorriso" 2>&1 || fault "xorriso: $1"
		chmod -R u+w "$scratch/x"
		diff -r "$2" "$scratch/x" >/dev/null ||
			fault "xorriso sees something else in $1"
	fi
	if command -v bsdtar >/dev/null; then
		rm -rf "$scratch/b"
		mkdir "$scratch/b"
		bsdtar -xf "$1" -C "$scratch/b" || fault "bsdtar: $1"
		chmod -R u+w "$scratch/b"
		diff -r "$2" "$scratch/b" >/dev/null ||
			fault "bsdtar sees something else in $1"
	fi
	if command -v 7zz >/dev/null; then
		rm -rf "$scratch/7"
		7zz x -y -o"$scratch/7" "$1" >"$scratch/7zz" 2>&1 ||
			fault "7zz: $1"
		diff -r "$2" "$scratch/7" >/dev/null ||
			fault "7zz sees something else in $1"
	fi
	if command -v isoinfo >/dev/null; then
		equals "files that isoinfo lists in $1" \
			"$(isoinfo -f -i "$1" | wc -l)" \
			"$(find "$2" -mindepth 1 | wc -l)"
	fi
	$PYTHON -c 'import pycdlib' 2>/dev/null || return 0
	$PYTHON tests/tools/append_reads.py "$1" "$2" || fault "pycdlib: $1"
}
