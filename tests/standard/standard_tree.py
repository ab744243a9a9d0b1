# SPDX-License-Identifier: MIT
"""Seeded trees of files on the host that are hard to record: names of many
planes and of all lengths, names that become the same, depth, crowds.
"""
import os
import random
import unicodedata

FORBIDDEN = '*/:;?\\'
# Scripts and planes; unassigned code points are taken out.
RANGES = ((0x20, 0x7E), (0xA1, 0x17F), (0x370, 0x4FF), (0x5D0, 0x5EA),
          (0x627, 0x64A), (0x905, 0x939), (0x3041, 0x30FF), (0x4E00, 0x9FFF),
          (0xAC00, 0xD7A3), (0xE000, 0xF8FF), (0xFF01, 0xFFEE),
          (0x10330, 0x1034A), (0x1D400, 0x1D454), (0x1F300, 0x1F5FF),
          (0x20000, 0x2A6D6), (0xE0100, 0xE01EF), (0x100000, 0x10FFFD))
ODD_NAMES = (
    ".hidden", "..two dots", "...", "trailing.", "trailing..", " leading",
    "blank at the end ", "two.dots.txt", "no ext", "~tilde", "#hash", "a+b=c",
    "100%.txt", "semi;1", "semi;", "colon: here", "what?", "star*",
    "back\\slash", "new\nline", "tab\there", "\x01", "\x7f", "CON", "con.txt",
    "PRN", "aux.c", "NUL", "COM1", "com9.log", "LPT1.x", "lpt5", "COM0",
    "CONS", "A.TXT", "A-B.TXT", "A B.TXT", "A (1).TXT", "A.B.TXT", "AB.TXT",
    "A!", "A", "README", "readme", "ReadMe", "readme.TXT", "README.txt",
    "Straße", "STRASSE", "Ärger", "ärger", "A\u0308rger", "_", "__", "-",
    "\ufeffmark", "\uffff", "\U0001F600", "\U0001F600" * 32,
    "x" + "\U0001F600" * 32, "x" * 30 + ".html", "x" * 40 + ".tar.gz",
    "y." + "e" * 40, "." + "e" * 40, "z" * 255)


def units(name):
    return len(name.encode("utf-16-be")) // 2


def is_joliet(name, most_units):
    """Does Joliet record the name as it is?"""
    return units(name) <= most_units and not any(
        c in FORBIDDEN or c < " " for c in name)


def random_char(rng):
    while True:
        char = chr(rng.randint(*rng.choice(RANGES)))
        if unicodedata.category(char) != "Cn" and char != "/":
            return char


def random_name(rng, length):
    name = ""
    while units(name) < length:
        name += random_char(rng)
    return name


class Tree:
    """'files': path -> content; 'folders': paths."""

    def __init__(self, top, seed):
        self.top, self.rng = top, random.Random(seed)
        self.files, self.folders = {}, [""]
        self.targets = {}    # of symbolic links: path -> text
        self.count = 0
        self.most_levels = 6
        os.makedirs(top)

    def path(self, folder, name):
        """None where the host can not have it, or has it."""
        path = folder + "/" + name if folder else name
        full = os.path.join(self.top, path)
        good = (len(name.encode()) <= 255 and name not in ("", ".", "..") and
                len(full.encode()) < 4000 and not os.path.lexists(full))
        return path if good else None

    def folder(self, parent, name):
        path = self.path(parent, name)
        if path is None:
            return parent
        os.mkdir(os.path.join(self.top, path))
        self.folders.append(path)
        return path

    def file(self, folder, name, size=None):
        path = self.path(folder, name)
        if path is None:
            return None
        if size is None:
            size = self.rng.choice((0, 1, 2047, 2048, 2049, 5000, 30000))
        self.count += 1
        data = (b"%d " % self.count + self.rng.randbytes(size))[:size]
        full = os.path.join(self.top, path)
        with open(full, "wb") as f:
            f.write(data)
        # Fixed, so that a seed gives the same image on any day.
        os.utime(full, (10 ** 9 + self.count, 10 ** 9 + self.count))
        self.files[path] = data
        return path

    def hard_link(self, target, folder, name):
        path = self.path(folder, name)
        if target and path:
            os.link(os.path.join(self.top, target),
                    os.path.join(self.top, path))
            self.files[path] = self.files[target]

    def symbolic_link(self, target, folder, name):
        path = self.path(folder, name)
        if target and path:
            self.targets[path] = os.path.join(os.path.abspath(self.top),
                                              target)
            os.symlink(self.targets[path], os.path.join(self.top, path))
            self.files[path] = self.files[target]

    def any_folder(self):
        """One that leaves room for a folder, 6.8.2.1 allows eight levels."""
        return self.rng.choice([f for f in self.folders
                                if f.count("/") < self.most_levels - 1])


def add_depth(tree):
    folder = ""
    for level in range(14):
        folder = tree.folder(folder, "level %02d" % level)
        tree.file(folder, "at level %d.txt" % level)
    for name in ("x" * 60, "y" * 60, "z" * 60, "w" * 60, "v" * 60):
        folder = tree.folder(folder, name)
    tree.file(folder, "behind 255 bytes")


def add_crowd(tree, count):
    """Enough for several blocks, most of them clashing in ISO 9660."""
    folder = tree.folder("", "a crowd")
    for i in range(count):
        kind = i % 4
        tree.file(folder, (
            "clashing long name that is cut number %05d.txt" % i,
            "%c%c%d.dat" % (65 + i % 26, 97 + i % 7, i),
            "日本語の名前 %d" % i,
            random_name(tree.rng, 20))[kind], i % 3)
    for i in range(150):
        tree.folder(tree.folders[-1] if i % 40 == 0 else folder,
                    "folder.with.dots %d" % i)


def add_names(tree):
    for length in (1, 8, 9, 30, 31, 37, 38, 63, 64, 65, 102, 103, 104, 110):
        tree.file(tree.any_folder(), "u" * length)
        tree.file(tree.any_folder(), "v" * length + ".ext")
        tree.file(tree.any_folder(), random_name(tree.rng, length))
        tree.folder(tree.any_folder(), random_name(tree.rng, length))
    for name in ODD_NAMES:
        tree.file(tree.any_folder(), name)
        tree.file("", name)
        tree.folder(tree.any_folder(), name + "d")
    for _ in range(60):
        tree.file(tree.any_folder(),
                  random_name(tree.rng, tree.rng.randint(1, 40)))


def make(top, seed, deep=False, crowd=0):
    tree = Tree(top, seed)
    for i in range(8):
        tree.folder(tree.folders[-1] if i % 3 else "", "folder %d" % i)
    add_names(tree)
    if deep:
        add_depth(tree)
    if crowd:
        add_crowd(tree, crowd)
    for size in ((1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20):
        tree.file(tree.any_folder(), "large %d" % size, size)
        tree.file(tree.any_folder(), "beside %d" % size, 2048)
    files = sorted(tree.files)
    for i in range(6):
        tree.hard_link(tree.rng.choice(files), tree.any_folder(),
                       "hard link %d" % i)
        tree.symbolic_link(tree.rng.choice(files), tree.any_folder(),
                           "symbolic link %d" % i)
    return tree
