# SPDX-License-Identifier: MIT
"""Seeded histories of images that grow session by session: files are added,
replaced, removed and renamed, by lathe, xorriso and genisoimage in turn.
After each session the volume is judged by the standards, holds what a model
has, and all six programs read just that; what lathe did not touch keeps its
identifiers. Arguments: folder to work in, first and last seed.
"""
import collections
import os
import random
import struct
import sys
import time

sys.path.insert(1, os.path.join(os.path.dirname(__file__), "..", "standard"))
import deviations
import peers
import standard_tree
from reading import ISO, JOLIET, ROCK, Item, digest, readings
from validate_volume import validate
from volume_agreement import paths_of
from volume_fields import BLOCK, Image, Report

LATHE, XORRISO, GENISOIMAGE = "lathe", "xorriso", "genisoimage"
# What each is known for: tests/standard/judge_strangers.py has the reasons.
KNOWN = {
    LATHE: (),
    XORRISO: ("directory-parent", "unexplained", "space-size", "extent",
              "susp-ce", "depth", "joliet-text",
              # It compares whole identifiers, extensions included.
              "order"),
    GENISOIMAGE: ("space-size", "extent", "susp-ce", "rock-self",
                  "unexplained", "rock-px", "rock-agreement",
                  # A name that is changed in a later session stays where the
                  # old one was.
                  "order"),
}
FOREIGN = ("RR", "AL")
# Identifiers that others recorded stay, whatever lathe's own are like.
INHERITED = ("own-id", "file-id", "directory-id", "file-id-length",
             "directory-id-length", "own-rock",
             # xorriso gives each name of a file a link of its own.
             "rock-links",
             # The mark leads through sessions of lathe alone.
             "session-extent")
ALIGN = 32

faults = sessions = reads = 0
kept = collections.Counter()


def fault(who, text):
    global faults
    faults += 1
    if faults <= 40:
        print("FAULT: %s: %s" % (who, text[:400].encode(
            "utf-8", "backslashreplace").decode()))


class History:
    def __init__(self, folder, seed):
        self.folder, self.seed = folder, seed
        self.rng = random.Random("history %d" % seed)
        self.image = os.path.join(folder, "image")
        self.stage = os.path.join(folder, "stage")
        rng = self.rng
        self.rock = rng.random() < 0.8
        writers = [LATHE, LATHE, XORRISO] + [GENISOIMAGE] * self.rock
        self.writers = [rng.choice(writers) for _ in range(
            rng.randint(2, 5))]
        if LATHE not in self.writers:
            self.writers[-1] = LATHE
        # genisoimage stops at characters above FFFFh.
        self.planes = GENISOIMAGE not in self.writers
        self.level = rng.choice(("2", "1", "relaxed"))
        self.growable = rng.random() < 0.7
        self.model, self.before = {}, {}
        self.number, self.start, self.writer = 0, 0, None
        self.previous = None    # readings and identifiers before

    @property
    def who(self):
        return "seed %d, session %d of %s" % (
            self.seed, self.number, ", ".join(self.writers))

    # ---- what is to happen

    def name(self):
        rng = self.rng
        kind = rng.randrange(7)
        if kind == 0:
            name = standard_tree.random_name(rng, rng.randint(1, 20))
            if not self.planes:
                name = "".join(c for c in name if c <= "\uffff")
        else:
            name = ("a long name that clashes %d.text" % rng.randrange(30),
                    "readme %d.TXT" % rng.randrange(5),
                    "日本語 %d" % rng.randrange(30),
                    ".hidden.%d.txt" % rng.randrange(30),
                    "x" * rng.randint(20, 60) + "%d" % rng.randrange(9),
                    "Name%d" % rng.randrange(40))[kind - 1]
        # Blanks and dots at the end are other tests' concern.
        return name.rstrip(". ").replace("\n", "") or "empty"

    def fits(self, path):
        """Not there; no two names that differ in case alone, since Joliet
        of genisoimage has none; nothing that Joliet would change."""
        name = path.rpartition("/")[2]
        folded = {p.casefold() for p in [*self.model, *self.before]}
        above = self.model.get(path.rpartition("/")[0])
        return (standard_tree.is_joliet(name, 64) and
                not set(name) & source_unfit() and
                path.casefold() not in folded and
                (above is None or above.kind == "directory") and
                "=" not in path)

    def folders(self):
        return [""] + sorted(p for p, i in self.model.items()
                             if i.kind == "directory")

    def new_path(self):
        rng = self.rng
        for _ in range(20):
            folder = rng.choice(self.folders())
            if folder.count("/") > 4:
                continue
            base = folder + "/" if folder else ""
            if rng.random() < 0.25:
                inner = base + self.name()
                if not self.fits(inner):
                    continue
                self.model[inner] = Item("directory")
                base = inner + "/"
            path = base + self.name()
            if self.fits(path):
                return path
        return None

    def content(self, path):
        rng = self.rng
        size = rng.choice((0, 0, 1, 5, 2048, 2049, 6000))
        data = (b"%d %d " % (self.number, rng.randrange(10 ** 9)) +
                rng.randbytes(size))[:size]
        full = os.path.join(self.stage, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as f:
            f.write(data)
        when = 10 ** 9 + 86400 * self.number + rng.randrange(80000)
        os.utime(full, (when, when))
        self.model[path] = Item("file", size=len(data), digest=digest(data),
                                mtime=when)

    def link(self, path):
        full = os.path.join(self.stage, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        # genisoimage parts long ones where bsdtar sees no slash.
        target = self.rng.choice((
            "nowhere", "../up", "/",
            "a/b/" * (20 if GENISOIMAGE not in self.writers else 2) + "c"))
        os.symlink(target, full)
        self.model[path] = Item("symlink", target=target)

    def hard_link(self, path):
        """A further name of a file that is new as well."""
        new = [p for p, i in self.model.items() if i.kind == "file" and
               os.path.isfile(os.path.join(self.stage, p))]
        if not new:
            return self.content(path)
        target = self.rng.choice(new)
        full = os.path.join(self.stage, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        os.link(os.path.join(self.stage, target), full)
        self.model[path] = self.model[target]

    def plan(self, writer):
        """Changes the model; returns paths that go, and pairs of old and new
        ones."""
        rng = self.rng
        os.makedirs(self.stage)
        old = sorted(self.model)
        gone, moved = [], []
        if writer != GENISOIMAGE:    # which takes nothing away
            gone = self.remove(old)
            moved = self.rename()
        files = sorted(p for p, i in self.model.items() if i.kind == "file")
        touched = {new for _, new in moved}
        for path in files:
            if rng.random() < 0.12 and not any(
                    path == t or path.startswith(t + "/") for t in touched):
                self.content(path)
        for _ in range(rng.randint(3, 12) if old else 14):
            path = self.new_path()
            if path is None:
                continue
            # xorriso has a name for them in Joliet, genisoimage a file.
            if self.rock and rng.random() < 0.1:
                self.link(path)
            elif rng.random() < 0.1:
                self.hard_link(path)
            else:
                self.content(path)
        for path, item in self.model.items():
            if item.kind == "directory" and path not in old and not any(
                    path == new or path.startswith(new + "/")
                    for _, new in moved):
                os.makedirs(os.path.join(self.stage, path), exist_ok=True)
        return gone, moved

    def remove(self, old):
        gone = []
        for path in old:
            if self.rng.random() < 0.08 and path in self.model:
                gone.append(path)
                for other in list(self.model):
                    if other == path or other.startswith(path + "/"):
                        del self.model[other]
        return gone

    def rename(self):
        moved = []
        for path in sorted(self.model):
            if self.rng.random() > 0.06 or any(
                    path.startswith(new) or new.startswith(path) or
                    path.startswith(was) or was.startswith(path)
                    for was, new in moved):
                continue
            new = path.rpartition("/")[0]
            new = (new + "/" if new else "") + self.name()
            if not self.fits(new):
                continue
            moved.append((path, new))
            for other in list(self.model):
                if other == path or other.startswith(path + "/"):
                    self.model[new + other[len(path):]] = self.model.pop(other)
        return moved

    # ---- writers

    def session(self, writer):
        global sessions
        sessions += 1
        self.number += 1
        self.writer = writer
        self.before = dict(self.model)
        gone, moved = self.plan(writer)
        blocks = os.path.getsize(self.image) // BLOCK if self.number > 1 \
            else 0
        getattr(self, "by_" + writer)(gone, moved, blocks)
        self.start = self.find_start(blocks)
        self.look(gone, moved)
        peers.remove(self.stage)

    def by_lathe(self, gone, moved, blocks):
        args = ["--joliet-long", "--iso-level", self.level]
        if not self.rock:
            args.append("--no-rock-ridge")
        for old, new in moved:
            args += ["--rename", "/%s=/%s" % (old, new)]
        for path in gone:    # renaming comes first
            for old, new in moved:
                if path.startswith(old + "/"):
                    path = new + path[len(old):]
            args += ["--remove", "/" + path]
        if blocks:
            args += ["-M", self.image]
        else:
            args += ["-o", self.image] + ["--growable"] * self.growable
        peers.run(os.environ["BUILD"] + "/lathe", "image", *args,
                  self.stage + "/")

    def by_xorriso(self, gone, moved, blocks):
        changes = []
        for path in gone:
            changes += ["-rm_r", "/" + path, "--"]
        for old, new in moved:
            changes += ["-mv", "/" + old, "/" + new, "--"]
        peers.run("xorriso", "-abort_on", "FAILURE", "-return_with",
                  "FAILURE", "32", "-joliet", "on", "-compliance",
                  "joliet_long_names:joliet_long_paths:joliet_utf16",
                  "-padding", "0", "-iso_rr_pattern", "off",
                  "-disk_pattern", "off", "-dev", "stdio:" + self.image,
                  *changes, "-map", self.stage, "/", "-commit")

    def by_genisoimage(self, gone, moved, blocks):
        """As growisofs does it: a session behind the last one, and a copy of
        its descriptors where the first has them."""
        start = (blocks + ALIGN - 1) // ALIGN * ALIGN
        more = os.path.join(self.folder, "more")
        old = ["-C", "%d,%d" % (self.start, start), "-M", self.image] \
            if blocks else []
        peers.run("genisoimage", "-quiet", "-R", "-J", "-joliet-long",
                  "-input-charset", "utf-8", "-o", more, *old, self.stage)
        with open(more, "rb") as f:
            session = f.read()
        os.remove(more)
        with open(self.image, "r+b" if blocks else "wb") as f:
            f.seek(start * BLOCK)
            f.write(session)
            if blocks:
                f.seek(16 * BLOCK)
                f.write(self.head(session, start))

    @staticmethod
    def head(session, start):
        blocks, at = bytearray(), 16 * BLOCK
        while True:
            block = bytearray(session[at:at + BLOCK])
            if block[0] in (1, 2):
                size, = struct.unpack_from("<I", block, 80)
                struct.pack_into("<I", block, 80, start + size)
                struct.pack_into(">I", block, 84, start + size)
            blocks += block
            at += BLOCK
            if block[0] == 255:
                return blocks

    def find_start(self, blocks):
        """The first volume behind what was there that has the root of the
        descriptors at 16, where each writer leaves the newest. Lathe may
        have put a copy of the old ones in front of it."""
        with open(self.image, "rb") as f:
            f.seek(16 * BLOCK)
            newest = f.read(BLOCK)
            for lba in range(blocks, blocks + 4 * ALIGN) if blocks else \
                    (ALIGN, 0):
                f.seek((lba + 16) * BLOCK)
                block = f.read(BLOCK)
                if block[:6] == b"\1CD001" and \
                        block[156:166] == newest[156:166]:
                    return lba
        raise peers.Failed("no session behind block %d" % blocks)

    # ---- what there is then

    def look(self, gone, moved):
        own = self.writer == LATHE
        mixed = own and set(self.writers[:self.number - 1]) - {LATHE}
        report = Report(KNOWN[self.writer] + ("joliet-path", "path-length",
                                              "depth") +
                        (INHERITED if mixed else ()))
        image = Image(self.image)
        volume = validate(
            image, self.start, report, own=own, joliet_units=103,
            foreign=FOREIGN, rock=self.rock if own else None,
            level=None if mixed or not own else
            int(self.level) if self.level.isdigit() else self.level)
        for line in report.lines():
            fault(self.who, line)
        if volume is None:
            raise peers.Failed("no volume")
        there = readings(volume)
        best = ROCK if ROCK in there else JOLIET
        self.compare(there[best])
        ids = self.identifiers(volume, there)
        if self.previous:
            self.compare_identifiers(ids, gone, moved)
        self.previous = ids
        self.read_by_all(there, best)
        image.close()

    def compare(self, got):
        wanted = self.model
        got = {path: item for path, item in got.items()
               if path != "rr_moved"}
        for path in sorted(wanted.keys() - got.keys())[:5]:
            fault(self.who, "%r is missing" % path)
        for path in sorted(got.keys() - wanted.keys())[:5]:
            fault(self.who, "%r is there" % path)
        for path in sorted(got.keys() & wanted.keys()):
            for difference in deviations.unlike(got[path], wanted[path]):
                fault(self.who, "%r: %s is %r, not %r" % (
                    (path,) + difference))

    def identifiers(self, volume, there):
        """Path -> raw identifiers of it in ISO 9660 and in Joliet. Without
        Rock Ridge those of ISO 9660 are found by extents."""
        raw, ids = {}, {}
        iso, joliet = volume.hierarchies[:2]
        for path, node in paths_of(iso, False).items():
            raw[node.record.at] = path
        if iso.rock:
            for path, node in paths_of(iso).items():
                ids[path] = [raw.get(node.record.at)]
        else:
            by_extents = collections.defaultdict(list)
            for path, item in there[ISO].items():
                if item.size:
                    by_extents[item.extents].append(path)
            for path, item in there[JOLIET].items():
                found = by_extents.get(item.extents, [])
                ids[path] = [found[0] if len(found) == 1 else None]
        for path, item in ids.items():
            item.append(path if path in there[JOLIET] else None)
        return ids

    def compare_identifiers(self, ids, gone, moved):
        """Of what is as it was. Directories that got another identifier
        would show in the paths of what is in them."""
        changed = 0
        for path, now in ids.items():
            if path not in self.before or path not in self.previous or \
                    self.is_new(path):
                continue
            for kind, a, b in zip((ISO, JOLIET), self.previous[path], now):
                if a is None or (b is None and not self.rock):
                    continue
                kept[self.writer, kind, a == b] += 1
                if a != b and self.writer == LATHE:
                    changed += 1
                    if changed < 4:
                        fault(self.who, "%s: %r was %r, is %r" % (
                            kind, path, a, b))

    def is_new(self, path):
        """Replaced, or below a directory that was renamed."""
        return os.path.isfile(os.path.join(self.stage, path)) or \
            self.model.get(path) != self.before[path]

    def read_by_all(self, there, best):
        global reads
        for peer, read in peers.PEERS.items():
            view = JOLIET if peer == "7zz" else best
            start = self.start if peer in ("xorriso", "isoinfo") else 0
            reads += 1
            try:
                got = read(self.image, view, start)
            except peers.Failed as error:
                fault(self.who, "%s: %s" % (peer, error))
                continue
            for line in deviations.differences(peer, view, there[view],
                                               got)[:4]:
                fault(self.who, "%s, %s: %s" % (peer, view, line))


def source_unfit():
    from source import UNFIT
    return UNFIT


def one(folder, seed):
    history = History(folder, seed)
    try:
        for writer in history.writers:
            history.session(writer)
    except peers.Failed as error:
        fault(history.who, str(error))
    peers.remove(history.stage)
    if os.path.exists(history.image):
        os.remove(history.image)


def main():
    folder, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.environ["TZ"] = "UTC"
    time.tzset()
    for seed in range(first, last + 1):
        one(folder, seed)
    for line in deviations.summary():
        print(line)
    for writer in (LATHE, XORRISO, GENISOIMAGE):
        for kind in (ISO, JOLIET):
            print("%s: %d identifiers of %s kept, %d changed" % (
                writer, kept[writer, kind, True], kind,
                kept[writer, kind, False]))
    print("%d histories, %d sessions, %d readings, %d faults" % (
        last - first + 1, sessions, reads, faults))
    sys.exit(faults != 0)


if __name__ == "__main__":
    main()
