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
#                     theirs behind the terminator
#   rock-self         genisoimage: ".." of the root has the links that the
#                     file system counts, which btrfs does not
#   a-characters      pycdlib names itself with lower case letters
#   depth             libisofs relocates nothing
#   rock-px,          genisoimage: where RR_MOVED is made, its second record
#   rock-self         has mode 0 and the dates of 1970
#   rock-agreement    genisoimage, libarchive: RR_MOVED is a directory like
#                     others, without RE, and Joliet has none;
#                     pycdlib: takes any name for Joliet that it is given
#   rock-links        pycdlib: each serial number is 0
#   susp-entry,       genisoimage: an SL of more than 255 bytes, the length of
#   susp-unknown,     which is recorded modulo 256
#   rock-sl
#   rock-sl           libisofs: "a//b" has the root in its midst
#   space-size,       genisoimage's later sessions: the size of the volume
#   extent, susp-ce   space is the session's own, but addresses are absolute;
#                     the root's continuation area is behind its end
#   rock-self         genisoimage's later sessions: ".." of the root, and of
#                     directories below it, as they were before; a
#                     continuation area that no record leads to
XORRISO = ("directory-parent", "unexplained")
DEEP_XORRISO = XORRISO + ("depth", "rock-sl")
MOVED = ("rock-px", "rock-self", "rock-agreement")
UNCOUNTED = ("rock-self",)
LONG_SL = ("susp-entry", "susp-unknown", "rock-sl")
LIBARCHIVE = ("unexplained", "rock-agreement")
LATER = ("space-size", "extent", "susp-ce")
MERGED = ("rock-self", "unexplained")
PYCDLIB = ("a-characters", "rock-links", "rock-agreement")
GENISOIMAGE = ("genisoimage", "-quiet", "-J", "-V", "VOLUME")
MKISOFS = ("xorriso", "-as", "mkisofs", "-quiet", "-J", "-V", "VOLUME")
BSDTAR = ("bsdtar", "-c", "--format=iso9660", "--options=volume-id=VOLUME")
LONG = ("-joliet-long",)
# RRIP 1.09 had an entry that says which ones there are; libisofs keeps
# attributes of its own.
FOREIGN = ("RR", "AL")

# Command, ISO level, units, deviations, tree, Rock Ridge.
PLAIN, POSIX = "tree", "posix"
IMAGES = (
    (GENISOIMAGE, 1, 64, (), PLAIN, False),
    (GENISOIMAGE + ("-iso-level", "2"), 2, 64, (), PLAIN, False),
    (GENISOIMAGE + ("-iso-level", "3") + LONG, 3, 103, (), PLAIN, False),
    (GENISOIMAGE + ("-R",), 1, 64, (), PLAIN, True),
    (GENISOIMAGE + ("-r",) + LONG, 1, 103, MOVED + LONG_SL, POSIX, True),
    (MKISOFS + ("-iso-level", "1"), 1, 64, XORRISO, PLAIN, True),
    (MKISOFS + ("-iso-level", "2"), 2, 64, XORRISO, PLAIN, True),
    (MKISOFS + ("-iso-level", "3") + LONG, 3, 103, XORRISO, PLAIN, True),
    (MKISOFS + ("-R",), 3, 64, XORRISO, PLAIN, True),
    (MKISOFS + ("-R",) + LONG, 3, 103, DEEP_XORRISO, POSIX, True),
    (MKISOFS + ("-R", "--hardlinks") + LONG, 3, 103, DEEP_XORRISO, POSIX,
     True),
    (BSDTAR, 1, 64, LIBARCHIVE, POSIX, True),
)

faults = seen = 0


def fault(text):
    global faults
    faults += 1
    if faults < 40:
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


def make_posix_tree(top):
    """Links, pipes, names and targets of all lengths, ten levels. A target
    of 600 components is too much for genisoimage, which never ends."""
    make_tree(top, 3, "")
    deep = os.path.join(top, "1/2/3/4/5/6/7/8/9")
    os.makedirs(deep)
    for i, length in enumerate((1, 60, 100, 149, 150, 200, 248, 249, 250, 251,
                                255)):
        with open(os.path.join(deep, chr(97 + i) * length), "wb") as f:
            f.write(b"%d" % length)
    os.link(os.path.join(top, "big.bin"), os.path.join(deep, "hard link"))
    for number, target in enumerate((
            "big.bin", "/", ".", "..", "/usr/lib", "../a/./b//c", "no/",
            "x" * 255, "/".join(["y" * 100] * 9), "a/" * 100 + "z")):
        os.symlink(target, os.path.join(top, "symbolic %d" % number))
    os.mkfifo(os.path.join(top, "pipe"))
    os.chmod(os.path.join(top, "empty"), 0o4711)
    if os.getuid() == 0:
        os.mknod(os.path.join(top, "null"), 0o20666, os.makedev(1, 3))


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
    done = subprocess.run(command, capture_output=True, timeout=60)
    if done.returncode:
        sys.exit("%s: %s" % (" ".join(command), done.stderr.decode()))


def by_pycdlib(path):
    import io
    import pycdlib
    iso = pycdlib.PyCdlib()
    iso.new(joliet=3, rock_ridge="1.12", interchange_level=2)
    iso.add_directory("/D", rr_name="d", joliet_path="/d")
    for i in range(3):
        iso.add_fp(io.BytesIO(b"x" * i), i, "/D/F%d.;1" % i,
                   rr_name="f" * (i * 100 + 1),
                   joliet_path="/d/" + "f" * (i * 20 + 1))
    iso.add_symlink("/S.;1", "link", "../x/" + "y" * 240 + "/z")
    iso.write(path)
    iso.close()


def later_session(folder, first, options, **judged):
    """As genisoimage makes it, and with the size as it should be."""
    start = (os.path.getsize(first) // BLOCK + 31) // 16 * 16
    more, second = (os.path.join(folder, n) for n in ("more", "second"))
    make_tree(more, 2, "more")
    run(*GENISOIMAGE, *options, "-C", "0,%d" % start, "-M", first,
        "-o", second, more)
    data = bytearray(read(first).ljust(start * BLOCK, b"\0") + read(second))
    judge("genisoimage -M", bytes(data), LATER + MERGED, start, level=1,
          **judged)
    for lba in (start + 16, start + 17):
        size, = struct.unpack_from("<I", data, lba * BLOCK + 80)
        struct.pack_into("<I", data, lba * BLOCK + 80, start + size)
        struct.pack_into(">I", data, lba * BLOCK + 84, start + size)
    volume = judge("genisoimage -M, size corrected", bytes(data), MERGED,
                   start, level=1, **judged)
    if volume and len(volume.hierarchies[1].by_name()) < 250:
        fault("genisoimage -M: few files")
    shutil.rmtree(more)


def main():
    folder = sys.argv[1]
    path = os.path.join(folder, "a.iso")
    make_tree(os.path.join(folder, PLAIN), 1, "")
    make_posix_tree(os.path.join(folder, POSIX))
    for command, level, units, known, tree, rock in IMAGES:
        who = " ".join(command)
        top = os.path.join(folder, tree)
        run(*command, *(["-C", top, "-f", path, "."] if command is BSDTAR
                        else ["-o", path, top]))
        if command[0] == "genisoimage" and os.stat(top).st_nlink == 1:
            known += UNCOUNTED
        judge(who, read(path), known, level=level, joliet_units=units,
              rock=rock, foreign=FOREIGN)
    by_pycdlib(path)
    judge("pycdlib", read(path), PYCDLIB, level=2, rock=True)
    for options in ((), ("-R",)):
        run(*GENISOIMAGE, *options, "-o", path, os.path.join(folder, PLAIN))
        later_session(folder, path, options, rock=bool(options),
                      foreign=FOREIGN)
    print("%d volumes, %d known deviations, %d faults" % (
        len(IMAGES) + 5, seen, faults))
    sys.exit(faults != 0)


if __name__ == "__main__":
    main()
