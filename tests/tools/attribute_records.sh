#!/bin/sh
# SPDX-License-Identifier: MIT
# Extended attribute records (ECMA-119 9.5) stand in front of what a directory
# or file holds, in its extent: addresses that are told are those behind them.
# (isoinfo takes the attribute record of a directory for the directory.)
. tests/tools/lib_tools.sh
need $PYTHON
image=$scratch/x.iso

# Block 20: the root's attribute record; 21, 22: the root; 23: attributes of
# /D; 24: /D; 25, 26: attributes of /D/F.;1; 27: its content.
$PYTHON - "$image" <<'PY'
import struct, sys

def both(fmt, value):
    return struct.pack("<" + fmt, value) + struct.pack(">" + fmt, value)

def record(name, extent, xar, size, flags):
    """9.1: length, attribute record's length, extent, size, date, flags."""
    text = bytes([33 + len(name) + (len(name) + 1) % 2, xar])
    text += both("I", extent) + both("I", size)
    text += bytes([126, 11, 21, 9, 30, 0, 0, flags, 0, 0]) + both("H", 1)
    text += bytes([len(name)]) + name
    return text + bytes(len(text) % 2)

def path(name, extent, xar, parent, order):
    """9.4: length, attribute record's length, extent, parent."""
    text = bytes([len(name), xar]) + struct.pack(order + "IH", extent, parent)
    return text + name + bytes(len(name) % 2)

def table(order):
    return path(b"\0", 20, 1, 1, order) + path(b"D", 23, 1, 1, order)

def root(name=b"\0"):
    return record(name, 20, 1, 4096, 2)

def folder(name=b"\0"):
    return record(name, 23, 1, 2048, 2)

def primary():
    """8.4"""
    text = b"\1CD001\1\0" + b" " * 32 + b"ATTRIBUTES".ljust(32) + bytes(8)
    text += both("I", 28) + bytes(32) + both("H", 1) + both("H", 1)
    text += both("H", 2048) + both("I", len(table("<")))
    text += struct.pack("<II", 18, 0) + struct.pack(">II", 19, 0)
    text += root() + b" " * 623 + b"0" * 16 + b"\0"
    text += (b"0" * 16 + b"\0") * 3 + b"\1"
    return text

blocks = {16: primary(), 17: b"\xffCD001\1", 18: table("<"), 19: table(">"),
          20: b"attributes of the root",
          21: root() + root(b"\1") + folder(b"D"),
          23: b"attributes of D",
          24: folder() + root(b"\1") + record(b"F.;1", 25, 2, 9, 0),
          25: b"attributes of F", 26: b"and more", 27: b"the file\n"}
image = bytearray(28 * 2048)
for block, text in blocks.items():
    image[block * 2048:block * 2048 + len(text)] = text
open(sys.argv[1], "wb").write(image)
PY

say "the tree"
does ls -i "$image"
equals "names" "$(tr '\n' ' ' <"$scratch/out")" "/D/ /D/F "
equals "what is said" "$(cat "$scratch/err")" ""
does ls -i "$image" --json /D/F
grep -q '"lba":27,' "$scratch/out" || fault "ls: $(cat "$scratch/out")"
does extract -i "$image" -C "$scratch/x"
equals "the file" "$(cat "$scratch/x/D/F")" "the file"
does verify -i "$image"

say "the map"
does map -i "$image" --json
grep -E '"kind":"(directory|file)"' "$scratch/out" |
	sed 's/.*"lba":\([0-9]*\),.*"bytes":\([0-9]*\),.*"path":"\(.*\)".*/\1 \2 \3/' \
		>"$scratch/got"
printf '21 4096 /\n24 2048 /D\n27 9 /D/F\n' | cmp -s - "$scratch/got" ||
	fault "the map: $(cat "$scratch/out")"
finish
