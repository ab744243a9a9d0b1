# SPDX-License-Identifier: MIT
"""Seeded random trees as images, read back by other people's programs:
names, sizes, contents. Arguments: folder to work in, number of trees.
"""
import collections
import os
import random
import re
import shutil
import sys
import unicodedata

import strangers as s

faults = s.Faults()

# One range a plane or script; unassigned code points are taken out. So are
# U+EF80 to U+EFFF: 7zz has them for bytes that are no UTF-8.
RANGES = [(0x21, 0x7E), (0xA1, 0xFF), (0x100, 0x17F), (0x370, 0x3FF),
          (0x400, 0x4FF), (0x5D0, 0x5EA), (0x627, 0x64A), (0x905, 0x939),
          (0x3041, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3),
          (0xE000, 0xEF7F), (0xF000, 0xF8FF), (0x10330, 0x1034A), (0x1D400, 0x1D454),
          (0x1F300, 0x1F5FF), (0x20000, 0x2A6D6), (0xE0100, 0xE01EF),
          (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD)]
FORBIDDEN = '*/:;?\\'


def units(name):
    return len(name.encode("utf-16-be", "surrogatepass")) // 2


def random_char(rng):
    while True:
        low, high = rng.choice(RANGES)
        char = chr(rng.randint(low, high))
        if char not in FORBIDDEN and unicodedata.category(char) != "Cn":
            return char


def random_name(rng):
    name = "".join(random_char(rng) for _ in range(rng.randint(1, 24)))
    return "x" + name.rstrip(".")


def of_units(rng, length):
    name = ""
    while units(name) < length:
        char = random_char(rng)
        if units(name) + units(char) <= length:
            name += char
    return "y" + name[1:] if units(name[0]) == 1 else name


class Tree:
    """Makes files below 'top'. 'exact' is what Joliet records unchanged,
    'changed' the files whose names it has to change."""

    def __init__(self, top, rng, limit):
        self.top, self.rng, self.limit = top, rng, limit
        self.exact, self.changed = {}, {}
        self.folders = [""]
        self.number = 0
        os.makedirs(top)

    def path(self, folder, name):
        return folder + "/" + name if folder else name

    def fits_host(self, name):
        return len(name.encode()) <= 255

    def folder(self, parent, name):
        path = self.path(parent, name)
        full = os.path.join(self.top, path)
        if not self.fits_host(name) or os.path.lexists(full):
            return parent
        os.mkdir(full)
        self.exact[path] = None
        self.folders.append(path)
        return path

    def file(self, parent, name):
        path = self.path(parent, name)
        full = os.path.join(self.top, path)
        if not self.fits_host(name) or os.path.lexists(full):
            return
        self.number += 1
        size = self.rng.choice([0, 1, 2047, 2048, 2049, 7000, 40000])
        data = self.rng.randbytes(size)
        if size:	# each content is told apart by its number
            data = (b"%d " % self.number + data)[:max(size, 8)]
        with open(full, "wb") as f:
            f.write(data)
        good = units(name) <= self.limit and not any(
            c in FORBIDDEN or c < " " for c in name)
        (self.exact if good else self.changed)[path] = s.digest_file(full)


def deep(tree):
    folder = ""
    for level in range(11):
        folder = tree.folder(folder, "level %d" % level)
    tree.file(folder, "at the bottom.txt")


def make(top, seed, limit):
    rng = random.Random(seed)
    tree = Tree(top, rng, limit)
    for _ in range(6):
        tree.folder(rng.choice(tree.folders), random_name(rng))
    deep(tree)
    tree.folder(rng.choice(tree.folders), "empty directory")
    for _ in range(16):
        tree.file(rng.choice(tree.folders), random_name(rng))
    for length in (63, 64, 65, 102, 103, 104):
        tree.file(rng.choice(tree.folders), of_units(rng, length))
        tree.file("", "u%0*d" % (length - 1, length))
        tree.file("", "v" * (length - 4) + ".txt")
    for name in ("readme.TXT", "README.txt", "Straße", "STRASSE", "Ärger",
                 "ärger"):
        tree.file(rng.choice(tree.folders[:2]), name)
    for i in range(12):
        tree.file("", "a long name that clashes %d.text" % i)
        tree.file("", "longname%d.htm%d" % (i, i))
    for name in ("two.dots.txt", ".hidden", "trailing.", "a  b", "no ext",
                 "UPPER.TXT", "con", "~tilde", "#hash", "100%.txt", "a+b=c"):
        tree.file("", name)
    for name in ("colon: here", "what?", "star*", "semi;1", "back\\slash"):
        tree.file(rng.choice(tree.folders[:2]), name)
    return tree


def like_7zz(pairs):
    """7zz drops dots at the end of a file's name, with the version."""
    for path, value in pairs:
        folder, name = os.path.split(path)
        yield (os.path.join(folder, name.rstrip(".")) if value else path,
               value)


def like_isoinfo(pairs):
    return ((s.in_latin_1(path), value) for path, value in pairs)


def check_names(who, tree, got, limit, like=lambda pairs: pairs):
    """'got': pairs of path and value. What Joliet holds unchanged must be
    there under its name, all else with its content under another one."""
    got = collections.Counter(got)
    exact = collections.Counter(like(tree.exact.items()))
    for path, value in (exact - got):
        faults("%s: missing: %r %s" % (who, path, value))
    rest = got - exact

    def contents(pairs):
        return collections.Counter((os.path.dirname(p), v) for p, v in pairs)
    wanted = contents(like(tree.changed.items()))
    shown = contents(rest.elements())
    if shown != wanted:
        folders = {key[0] for key in (shown - wanted) + (wanted - shown)}
        faults("%s: changed names: too much %r, missing %r; there: %r" % (
            who, list(shown - wanted)[:3], list(wanted - shown)[:3],
            sorted(p for p, v in rest if os.path.dirname(p) in folders)[:8]))
    for path, _ in rest:
        name = os.path.basename(path)
        if units(name) > limit or any(c in FORBIDDEN for c in name):
            faults("%s: Joliet can not hold %r" % (who, path))


ISO_NAME = {
    "2": re.compile(r"^(?=.{1,33}$)[A-Z0-9_]{0,30}\.[A-Z0-9_]{0,30};1$"),
    "1": re.compile(r"^[A-Z0-9_]{0,8}\.[A-Z0-9_]{0,3};1$"),
    "relaxed": re.compile(r"^[\x20-\x7e]{1,39}$"),
}
ISO_FOLDER = {
    "2": re.compile(r"^[A-Z0-9_]{1,31}$"),
    "1": re.compile(r"^[A-Z0-9_]{1,8}$"),
    "relaxed": re.compile(r"^[\x20-\x7e]{1,37}$"),
}


def check_iso(who, tree, got, level):
    """ISO 9660's own names: other ones, of the level; all contents."""
    for path, value in got:
        name = os.path.basename(path)
        pattern = ISO_FOLDER if value is None else ISO_NAME
        if not pattern[level].match(name):
            faults("%s: %r is no name of level %s" % (who, name, level))

    def shape(pairs):
        return sorted((p.count("/"), v or ()) for p, v in pairs)
    if shape(got) != shape({**tree.exact, **tree.changed}.items()):
        faults(who + ": other depths or contents")


def attempt(who, read, check):
    try:
        got = read()
    except Exception as error:    # a stranger's failure is a finding
        faults("%s: %s" % (who, error))
        return
    check(got)


def one(folder, seed):
    limit = 103 if seed % 2 else 64
    level = ("2", "2", "1", "relaxed")[seed % 4]
    top = os.path.join(folder, "tree")
    image = os.path.join(folder, "tree.iso")
    tree = make(top, seed, limit)
    s.lathe("image", "-o", image, "--no-rock-ridge", "--iso-level", level,
            *(["--joliet-long"] if limit == 103 else []), top + "/")

    def attempt_joliet(who, read, **like):
        who = "tree %d by %s" % (seed, who)
        attempt(who, read, lambda got: check_names(
            who, tree, got, limit, **like))

    def attempt_iso(who, read):
        who = "tree %d by %s, ISO 9660" % (seed, who)
        attempt(who, read, lambda got: check_iso(who, tree, got, level))

    attempt_joliet("lathe", lambda: s.by_lathe(("-i", image)).items())
    attempt_joliet("xorriso", lambda: s.by_xorriso(image).items())
    attempt_joliet("bsdtar", lambda: s.by_bsdtar(image).items())
    attempt_joliet("pycdlib", lambda: s.by_pycdlib(image).items())
    attempt_joliet("7zz", lambda: s.by_7zz(image).items(), like=like_7zz)
    attempt_joliet("isoinfo", lambda: s.by_isoinfo(image, joliet=True),
                   like=like_isoinfo)
    attempt_iso("isoinfo", lambda: s.by_isoinfo(image))
    attempt_iso("pycdlib", lambda: s.by_pycdlib(image, joliet=False).items())
    shutil.rmtree(top)
    os.remove(image)


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    for seed in range(count):
        one(folder, seed)
    print("%d trees" % count)
    faults.finish()


if __name__ == "__main__":
    main()
