# SPDX-License-Identifier: MIT
"""Volumes by other people's programs, judged by the standards: what is found
has to be a deviation that is known. Argument: folder to work in.
"""
import os
import random
import shutil
import struct
import subprocess
import sys

from validate_volume import validate
from volume_fields import BLOCK, Image, Report

# Deviations, each seen in the bytes:
#   directory-parent  libisofs: in Joliet the second record of a directory
#                     has the address of the directory itself, not of its
#                     parent's
#   unexplained       libisofs and libarchive leave a block with a version of
#                     theirs behind the terminator; with Rock Ridge there are
#                     continuation areas, which are no part of ECMA-119
#   space-size,       genisoimage's later sessions: the size of the volume
#   extent            space is the session's own, but addresses are absolute
XORRISO = ("directory-parent", "unexplained")
ROCK_RIDGE = ("unexplained",)
LATER = ("space-size", "extent")
GENISOIMAGE = ("genisoimage", "-quiet", "-J", "-V", "VOLUME")
MKISOFS = ("xorriso", "-as", "mkisofs", "-quiet", "-J", "-V", "VOLUME")
LONG = ("-joliet-long",)

# Command, ISO level, units, deviations.
IMAGES = (
    (GENISOIMAGE, 1, 64, ()),
    (GENISOIMAGE + ("-iso-level", "2"), 2, 64, ()),
    (GENISOIMAGE + ("-iso-level", "3") + LONG, 3, 103, ()),
    (GENISOIMAGE + ("-R",), 1, 64, ROCK_RIDGE),
    (MKISOFS + ("-iso-level", "1"), 1, 64, XORRISO),
    (MKISOFS + ("-iso-level", "2"), 2, 64, XORRISO),
    (MKISOFS + ("-iso-level", "3") + LONG, 3, 103, XORRISO),
    (MKISOFS + ("-R",), 3, 64, XORRISO),
)

faults = seen = 0


def fault(text):
    global faults
    faults += 1
    print("FAULT: " + text[:300])


def make_tree(top, seed, prefix):
    rng = random.Random(seed)
    names = {"A/B/C/D.TXT": 3000, "READ ME.TXT": 10, "empty": 0,
             "A/Empty": 0, "big.bin": 1500000, "a.b.c": 5, ".hidden": 4,
             "long name that goes on and on and on and on.html": 70000,
             "clash-one.text": 1, "clash+one.text": 2, "Grüße.txt": 5000,
             "A/日本語": 77}
    names.update({"crowd/member %03d.txt" % i: i % 3 for i in range(120)})
    for name, size in names.items():
        path = os.path.join(top, prefix, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(rng.randbytes(size))


def judge(who, data, known, start=0, **options):
    global seen
    report = Report(known)
    volume = validate(Image(data), start, report, **options)
    for line in report.lines():
        fault("%s: %s" % (who, line))
    seen += len(report.allowed)
    if volume and len(volume.hierarchies) != 2:
        fault(who + ": %d hierarchies" % len(volume.hierarchies))
    return volume


def read(path):
    with open(path, "rb") as f:
        return f.read()


def run(*command):
    done = subprocess.run(command, capture_output=True)
    if done.returncode:
        sys.exit("%s: %s" % (" ".join(command), done.stderr.decode()))


def later_session(folder, first):
    """As genisoimage makes it, and with the size as it should be."""
    start = (os.path.getsize(first) // BLOCK + 31) // 16 * 16
    more, second = (os.path.join(folder, n) for n in ("more", "second"))
    make_tree(more, 2, "more")
    run(*GENISOIMAGE, "-C", "0,%d" % start, "-M", first, "-o", second, more)
    data = bytearray(read(first).ljust(start * BLOCK, b"\0") + read(second))
    judge("genisoimage -M", bytes(data), LATER, start, level=1)
    for lba in (start + 16, start + 17):
        size, = struct.unpack_from("<I", data, lba * BLOCK + 80)
        struct.pack_into("<I", data, lba * BLOCK + 80, start + size)
        struct.pack_into(">I", data, lba * BLOCK + 84, start + size)
    volume = judge("genisoimage -M, size corrected", bytes(data), (), start,
                   level=1)
    if volume and len(volume.hierarchies[1].by_name()) < 250:
        fault("genisoimage -M: few files")
    shutil.rmtree(more)


def main():
    folder = sys.argv[1]
    top, path = os.path.join(folder, "tree"), os.path.join(folder, "a.iso")
    make_tree(top, 1, "")
    for command, level, units, known in IMAGES:
        who = " ".join(command)
        run(*command, "-o", path, top)
        judge(who, read(path), known, level=level, joliet_units=units)
    run(*GENISOIMAGE, "-o", path, top)
    later_session(folder, path)
    print("%d volumes, %d known deviations, %d faults" % (
        len(IMAGES) + 2, seen, faults))
    sys.exit(faults != 0)


if __name__ == "__main__":
    main()
