# SPDX-License-Identifier: MIT
"""A tree of files here that changes as people's do: new files, touched ones,
others of the same size, what becomes another kind, is renamed or goes."""
import os
import shutil
import stat

PLAIN = ("readme", "Bilder", "photo", "a", "b", "c", "Über uns", "日本語",
         "note.txt", "data.bin", "with space", "x.tar.gz", ".hidden",
         "a long name that clashes with others")
# What Joliet, readers' lines or shells have trouble with.
ODD = ("new\nline", "tab\there", "\x01", "\x7f", "u\u0308ber", "über",
       "A\u030a", "CON", "aux.c", "trail.", "trail..", " lead", "end ",
       "..two", "...", "semi;1", "semi;", "what?", "st*r", "[x]",
       "back\\slash", "quo\"te", "a=b", "-dash", "--update", "#hash", "!bang",
       "~", "\U0001f600", "README", "readme", "ReadMe", "readme.TXT",
       "README.txt", "\ufeffbom", "x" * 200, "y" * 196 + ".txt", "ü" * 100,
       "z" * 255, "long name nr 1.text", "long name nr 2.text",
       "longname1.htm", "longname1.html", "%s", "$HOME", "\U0001f600" * 40,
       "l" * 63 + "1", "l" * 63 + "2", "rr_moved", "RR_MOVED", "ab:c", "a_b",
       "a;b")
SIZES = (0, 0, 1, 5, 5, 100, 2047, 2048, 2049, 4096, 6000, 20000)
MODES = (0o644, 0o644, 0o755, 0o600, 0o4755, 0o444)
# The first and last seconds that 9.1.5 can record, and what it can not.
EDGES = (0, 1, -1, -2208988800, 5869583999, -2208988801, 5869584000, 2 ** 31)
DAYS = (10 ** 8, 17 * 10 ** 8)


class Host:
    """Below 'top': two sources, s0 and s1, and what links lead out to."""

    def __init__(self, top, rng, plain):
        self.top, self.rng, self.plain = top, rng, plain
        self.number = 0
        # Links to the top of everything must not be followed.
        self.far = rng.random() < .5
        for name in ("s0", "s1", "out/dir"):
            os.makedirs(self.full(name))
        for i in range(3):
            self.put("out/f%d" % i)
        self.put("out/dir/in")
        os.symlink("../dir", self.full("out/dir/loop"))
        self.settle()

    def full(self, path):
        return self.top + "/" + path

    def kind(self, path):
        return stat.S_IFMT(os.lstat(self.full(path)).st_mode)

    def walk(self):
        found = []
        for base in ("s0", "s1"):
            for folder, folders, files in os.walk(self.full(base)):
                folders.sort()
                found += [os.path.relpath(folder + "/" + name, self.top)
                          for name in sorted(folders + files)]
        return found

    # ---- dates

    def set_time(self, path, when):
        when = int(when * 4) * 250000000 if when % 1 else int(when) * 10 ** 9
        os.utime(self.full(path), ns=(when, when), follow_symlinks=False)

    def touch(self, path):
        when = self.rng.randrange(*DAYS) + self.rng.choice((0, 0, 0, .25))
        if self.rng.random() < .04:
            when = self.rng.choice(EDGES)
        try:
            self.set_time(path, when)
        except OSError:    # the file system has no such time
            pass

    def settle(self):
        """Dates of today are of no use where a seed shall do the same."""
        for folder, folders, files in os.walk(self.top):
            for name in sorted(folders + files) + ["."]:
                path = os.path.relpath(folder + "/" + name, self.top)
                if DAYS[1] < os.lstat(self.full(path)).st_mtime < 3 * 10 ** 9:
                    self.set_time(path, self.rng.randrange(*DAYS))

    # ---- making

    def content(self, size=None):
        self.number += 1
        size = self.rng.choice(SIZES) if size is None else size
        return (b"%d " % self.number + self.rng.randbytes(size))[:size]

    def put(self, path, size=None):
        with open(self.full(path), "wb") as f:
            if size is None and self.rng.random() < .05:
                f.seek(40000)    # holes in front and behind
                f.write(self.content(100))
                f.truncate(self.rng.choice((50000, 90000)))
            else:
                f.write(self.content(size))
        os.chmod(self.full(path), self.rng.choice(MODES))
        self.give(path, .2)
        self.touch(path)

    def give(self, path, how_often):
        if self.rng.random() < how_often and os.getuid() == 0:
            os.chown(self.full(path), self.rng.choice((0, 1000, 70000)),
                     self.rng.choice((0, 100)))

    def name(self):
        rng = self.rng
        if not self.plain and rng.random() < .4:
            return rng.choice(ODD)
        return rng.choice(PLAIN) + (
            str(rng.randrange(6)) if rng.random() < .6 else "")

    def new_path(self):
        folders = ["s0", "s1"] + [p for p in self.walk()
                                  if self.kind(p) == stat.S_IFDIR]
        for _ in range(9):
            path = self.rng.choice(folders) + "/" + self.name()
            if path.count("/") < 14 and len(os.fsencode(path)) < 800 and \
                    not os.path.lexists(self.full(path)):
                return path
        return None

    def make(self, path):
        kinds = (self.put, self.make_folder, self.make_link, self.make_name,
                 lambda path: os.mkfifo(self.full(path)), self.make_deep)
        self.rng.choices(kinds, (50, 18, 14, 8, 2, 2))[0](path)

    def make_folder(self, path):
        os.mkdir(self.full(path))
        os.chmod(self.full(path), self.rng.choice((0o755, 0o700, 0o2770)))

    def make_deep(self, path):
        path += "/d" * self.rng.randint(3, 10)
        os.makedirs(self.full(path))
        self.put(path + "/bottom")

    def make_name(self, path):
        """A further name of a file."""
        files = [p for p in self.walk() if self.kind(p) == stat.S_IFREG]
        if not files:
            return self.put(path)
        os.link(self.full(self.rng.choice(files)), self.full(path))

    def make_link(self, path):
        rng, here = self.rng, os.path.dirname(path)
        near = [p for p in self.walk() if self.kind(p) != stat.S_IFDIR]
        outside = "out/f%d" % rng.randrange(3)
        text = rng.choice(
            [os.path.relpath(p, here) for p in near[:3]] +
            [os.path.relpath(outside, here), os.path.relpath("out/dir", here),
             self.full(outside), "nothing", ".", "x" * 255, "y/" * 80 + "z"] +
            ["..", "../.."] * (path.count("/") > 2) +
            ["/", "/x", "../" * 120 + "u\u0308"] * self.far)
        os.symlink(text, self.full(path))
        self.touch(path)

    # ---- changing

    def remove(self, path):
        if self.kind(path) == stat.S_IFDIR:
            shutil.rmtree(self.full(path))
        else:
            os.remove(self.full(path))

    def rewrite(self, path, size):
        full = self.full(path)
        before = os.stat(full)
        with open(full, "wb") as f:
            f.write(self.content(size))
        self.touch(path)
        if self.rng.random() < .4 and \
                os.path.getsize(full) != before.st_size:
            os.utime(full, ns=(before.st_mtime_ns, before.st_mtime_ns))

    def rename(self, path):
        new = self.new_path()
        if new and not (new + "/").startswith(path + "/"):
            os.rename(self.full(path), self.full(new))

    def change_one(self, path):
        rng, full = self.rng, self.full(path)
        kind = self.kind(path)
        what = rng.random()
        if what < .15:
            self.remove(path)
        elif what < .3:
            self.remove(path)
            self.make(path)
        elif what < .4:
            self.rename(path)
        elif kind == stat.S_IFLNK:
            self.remove(path)
            self.make_link(path)
        elif what < .5:
            os.chmod(full, rng.choice((0o644, 0o755, 0o600, 0o1777)) |
                     (0o700 if kind == stat.S_IFDIR else 0))
            self.give(path, .4)
        elif what < .65 or kind != stat.S_IFREG:
            self.touch(path)
        else:
            size = os.path.getsize(full) if what < .85 else None
            self.rewrite(path, size)

    def change(self, count):
        for _ in range(count):
            there = self.walk()
            if self.rng.random() < .03:
                self.rewrite("out/f%d" % self.rng.randrange(3), None)
            elif self.rng.random() < .4 or not there:
                path = self.new_path()
                if path:
                    self.make(path)
            else:
                self.change_one(self.rng.choice(there))
        self.settle()
