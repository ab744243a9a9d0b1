# SPDX-License-Identifier: MIT
"""A file of more than 4 GiB needs several sections. Strangers tell its size;
bytes at both ends and at the seam are where isoinfo says. Argument: folder.
"""
import os
import sys

import strangers as s

SECTION = 0xFFFFF800
SIZE = SECTION + 1048576 + 123
MARKS = {0: b"the beginning", SECTION - 20: b"across the seam of two sections",
         SIZE - 7: b"the end"}

faults = s.Faults()


def make(path):
    with open(path, "wb") as f:
        f.truncate(SIZE)
        for offset, text in MARKS.items():
            f.seek(offset)
            f.write(text)


def read_at(f, extents, offset, length):
    """'length' bytes of a file that lies in 'extents' of the image."""
    data = b""
    for lba, size in extents:
        if offset < size and length > len(data):
            f.seek(lba * s.BLOCK + offset)
            data += f.read(min(size - offset, length - len(data)))
            offset = 0
        else:
            offset -= min(size, offset)
    return data


def check_isoinfo(image, joliet):
    who = "isoinfo -J" if joliet else "isoinfo"
    for path, extents in s.isoinfo_extents(image, 0, joliet):
        if not path.upper().startswith("BIG"):
            continue
        faults.equal(who + ": sizes", [e[1] for e in extents],
                     [SECTION, SIZE - SECTION])
        with open(image, "rb") as f:
            for offset, text in MARKS.items():
                faults.equal("%s: bytes at %d" % (who, offset),
                             read_at(f, extents, offset, len(text)), text)
        return
    faults(who + " shows no such file")


def check_sizes(image):
    listed = s.run("bsdtar", "-tvf", image).decode()
    if str(SIZE) not in listed:
        faults("bsdtar: " + listed)
    listed = s.run("7zz", "l", image).decode()
    if str(SIZE) not in listed:
        faults("7zz: " + listed)
    listed = s.run("xorriso", "-indev", "stdio:" + image, "-lsl",
                   "/big.bin", "--").decode()
    if str(SIZE) not in listed:
        faults("xorriso: " + listed)
    listed = s.lathe("ls", "-i", image, "-l").stdout.decode()
    if str(SIZE) not in listed:
        faults("lathe: " + listed)


def check_extract(folder, image):
    out = os.path.join(folder, "out")
    s.lathe("extract", "-i", image, "-C", out)
    path = os.path.join(out, "big.bin")
    stat = os.stat(path)
    faults.equal("extracted size", stat.st_size, SIZE)
    if stat.st_blocks * 512 > 64 << 20:
        faults("not sparse: %d blocks" % stat.st_blocks)
    with open(path, "rb") as f:
        for offset, text in MARKS.items():
            f.seek(offset)
            faults.equal("extracted bytes at %d" % offset,
                         f.read(len(text)), text)
    os.remove(path)


def main():
    folder = sys.argv[1]
    source = os.path.join(folder, "tree")
    image = os.path.join(folder, "big.iso")
    os.mkdir(source)
    make(os.path.join(source, "big.bin"))
    with open(os.path.join(source, "small.txt"), "w") as f:
        f.write("small\n")
    s.lathe("image", "-o", image, source + "/")
    check_isoinfo(image, False)
    check_isoinfo(image, True)
    check_sizes(image)
    check_extract(folder, image)
    faults.finish()


if __name__ == "__main__":
    main()
