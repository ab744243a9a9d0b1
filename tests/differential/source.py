# SPDX-License-Identifier: MIT
"""Seeded trees on the host, small and hard to record, and what a volume of
them has to show."""
import os
import random
import stat

import standard_tree
from reading import Item, digest

YEAR_1900, YEAR_2156 = -2208988800, 5869583999 + 1
# What a host may say of a file; years beyond 1900 to 2155 can not be
# recorded (9.1.5).
TIMES = (0, 1, -1, 1 << 30, (1 << 31) - 1, 1 << 31, 4102444800, -86400 * 365,
         -2208988799, YEAR_1900 - 86400 * 400, YEAR_2156 + 86400 * 9,
         951782400, 1709164800)
MODES = (0o644, 0o444, 0o755, 0o600, 0o000, 0o4755, 0o2711, 0o1777, 0o7777,
         0o001, 0o111)
# 7zz has U+EF80 to U+EFFF for bytes that are no UTF-8, and isoinfo one line
# for a name.
UNFIT = frozenset(map(chr, range(0xEF80, 0xF000))) | {"\n"}
MIXED = ("readme.txt", "README.TXT", "ReadMe.txt", "README.txt", "Straße",
         "STRASSE", "Ärger", "ärger", "A\u0308rger", "I", "i", "ı", "İ", "ǆ",
         "Σ", "ς", "σ")
KINDS = (("names", 9), ("lengths", 5), ("odd", 7), ("clash", 8), ("case", 5),
         ("empty", 2), ("deep", 1), ("links", 2), ("symlinks", 3),
         ("special", 1), ("crowd", 1))
SIZES = (0, 0, 1, 7, 2047, 2048, 2049, 4096, 9000)


class Source:
    """'items': path -> Item of what was made, with the host's mode, owner and
    time."""

    def __init__(self, top, seed):
        self.top, self.rng = top, random.Random("tree %d" % seed)
        self.items, self.folders, self.number = {}, [""], 0
        self.groups = {}    # hard links: path -> path of the first name
        os.makedirs(top)

    # ---- making

    def full(self, path):
        return os.path.join(self.top, path)

    def path(self, folder, name):
        """None where the host can not have it, has it, or where peers could
        not be asked."""
        path = folder + "/" + name if folder else name
        good = (name not in ("", ".", "..") and
                len(name.encode()) <= 255 and len(path.encode()) < 900 and
                UNFIT.isdisjoint(name) and
                not os.path.lexists(self.full(path)))
        return path if good else None

    def any_folder(self):
        return self.rng.choice(self.folders)

    def any_file(self):
        files = [p for p, i in self.items.items() if i.kind == "file"]
        return self.rng.choice(files) if files else None

    def note(self, path, kind, **more):
        """Times and modes are set when all is made."""
        self.items[path] = Item(kind, **more)

    def folder(self, parent, name):
        path = self.path(parent, name)
        if path is None:
            return parent
        os.mkdir(self.full(path))
        self.note(path, "directory")
        self.folders.append(path)
        return path

    def file(self, folder, name, size=None):
        path = self.path(folder, name)
        if path is None:
            return
        self.number += 1
        size = self.rng.choice(SIZES) if size is None else size
        data = (b"%d " % self.number + self.rng.randbytes(size))[:size]
        with open(self.full(path), "wb") as f:
            f.write(data)
        self.note(path, "file", size=size, digest=digest(data))

    def hard_link(self, folder, name):
        path, target = self.path(folder, name), self.any_file()
        if path is None or target is None:
            return
        os.link(self.full(target), self.full(path))
        self.items[path] = self.items[target]
        self.groups[path] = self.groups.setdefault(target, target)

    def symlink(self, folder, name, target):
        path = self.path(folder, name)
        if path is None:
            return
        os.symlink(target, self.full(path))
        self.note(path, "symlink", target=target)

    def special(self, folder, name, kind):
        path = self.path(folder, name)
        if path is None:
            return
        if kind == "fifo":
            os.mkfifo(self.full(path))
            self.note(path, kind)
        elif os.getuid() == 0:
            device = self.rng.choice(((1, 3), (8, 0), (255, 7), (0x102, 255)))
            os.mknod(self.full(path), 0o600 | (
                stat.S_IFCHR if kind == "character" else stat.S_IFBLK),
                os.makedev(*device))
            self.note(path, kind, device=device)

    def finish(self):
        """Modes, times; inner names first, since a change of a directory is
        a change of its time."""
        for path in sorted(self.items, reverse=True):
            full, item = self.full(path), self.items[path]
            if path not in self.groups.values() and path in self.groups:
                continue
            if item.kind != "symlink":
                os.chmod(full, self.rng.choice(MODES) |
                         (0o700 if item.kind == "directory" else 0o400))
            when = self.rng.choice(TIMES) if self.rng.random() < 0.3 else \
                self.rng.randrange(1, 1 << 31)
            try:
                os.utime(full, (when, when), follow_symlinks=False)
            except OSError:    # the host has no such time
                pass
        for path, item in self.items.items():
            was = os.lstat(self.full(path))
            self.items[path] = item.with_all(
                mode=stat.S_IMODE(was.st_mode), mtime=int(was.st_mtime),
                owner=(was.st_uid, was.st_gid), links=was.st_nlink)

    # ---- what there is

    def names(self):
        rng = self.rng
        name = standard_tree.random_name(rng, rng.randint(1, 30))
        (self.folder if rng.random() < 0.25 else self.file)(
            self.any_folder(), name)

    def lengths(self):
        rng = self.rng
        length = rng.choice((1, 8, 30, 31, 63, 64, 65, 102, 103, 104, 110,
                             150, 200, 248, 250, 254, 255))
        name = rng.choice((
            rng.choice("abcXYZ") * length,
            rng.choice("defUVW") * (length - 4) + ".ext",
            standard_tree.random_name(rng, min(length, 120))))
        (self.folder if rng.random() < 0.2 else self.file)(
            self.any_folder(), name)

    def odd(self):
        name = self.rng.choice(standard_tree.ODD_NAMES)
        (self.folder if self.rng.random() < 0.2 else self.file)(
            self.any_folder(), name)

    def clash(self):
        self.file("", "clashing name %d.%s" % (
            self.rng.randrange(40), self.rng.choice(("text", "textual", "t"))),
            self.rng.choice((0, 1, 3)))

    def case(self):
        self.file(self.folders[len(self.folders) // 2],
                  self.rng.choice(MIXED))

    def empty(self):
        self.folder(self.any_folder(), "empty %d" % self.rng.randrange(9))

    def deep(self):
        folder = self.any_folder()
        for level in range(self.rng.randint(4, 12)):
            folder = self.folder(folder, "level %d" % level)
        self.file(folder, "at the bottom")

    def links(self):
        self.hard_link(self.any_folder(), "link %d" % self.rng.randrange(99))

    def symlinks(self):
        rng = self.rng
        target = rng.choice((
            "..", ".", "/", "/nowhere/at/all", "../" * 9 + "x",
            "../" * rng.randint(100, 150) + "x",
            "x" * rng.randint(1, 255), "y/" * rng.randint(1, 80) + "z",
            standard_tree.random_name(rng, 20), self.any_file() or "none"))
        self.symlink(self.any_folder(), "symbolic %d" % rng.randrange(99),
                     target)

    def crowd(self):
        folder = self.folder("", "crowd")
        for i in range(self.rng.randint(30, 70)):
            self.file(folder, "member number %d of a crowd" % i, i % 3)

    def special_file(self):
        self.special(self.any_folder(), "special %d" % self.rng.randrange(9),
                     self.rng.choice(("fifo", "character", "block")))


def make(top, seed, entries=30):
    source = Source(top, seed)
    makers, weights = zip(*KINDS)
    for _ in range(source.rng.randint(entries // 2, entries)):
        kind = source.rng.choices(makers, weights)[0]
        getattr(source, "special_file" if kind == "special" else kind)()
    source.finish()
    return source


def recorded_time(mtime):
    return min(max(mtime, YEAR_1900), YEAR_2156 - 1)
