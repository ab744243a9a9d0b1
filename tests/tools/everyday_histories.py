# SPDX-License-Identifier: MIT
"""Seeded histories of images and of emulated discs as people make them: a
tree here changes, and sessions are recorded with options in any combination.
After each the volume is judged by the standards and read by lathe and others,
and is what everyday_model.py says; so are statuses, numbers that were told
beforehand, and that the same again writes nothing. Arguments: folder to work
in, first and last seed.
"""
import calendar
import collections
import dataclasses
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [HERE + "/../standard", HERE + "/../differential"]
import histories as peers_histories
import peers
from everyday_host import Host
from everyday_model import NO_DATE, Command, Node, Refused, Session, Source, \
    above, nfc
from reading import JOLIET, ROCK, Item, readings
from validate_volume import validate
from volume_agreement import paths_of
from volume_fields import Image, Report

LATHE = os.environ["BUILD"] + "/lathe"
MEDIA = ("cd-r-80", "cd-rw", "dvd-r", "dvd-rw", "dvd-rw-ow", "dvd+r",
         "dvd+rw", "dvd-ram", "bd-r", "bd-re")
OVERWRITABLE = ("dvd-rw-ow", "dvd+rw", "dvd-ram", "bd-re")
PATTERNS = ("*.txt", "readme*", "/s0/a*", "photo?", "**/b", "/t/**", "[a-c]",
            "[!a-z]*", "dir/", "Bilder*/", ".hidden*", "s0/*/x", "d/d",
            "!*1", "!/s0/a1", "note*", "!note.txt2")
REMOVED = ("**/readme*", "/*/photo*", "*/a", "**/[ab]*", "t/*", "**/*.txt",
           "**/?")
KINDS = {"pipe": "fifo"}
ROOT = os.getuid() == 0
STRANGERS = ("genisoimage", "xorriso")
counts = collections.Counter()


class Wrong(Exception):
    pass


def must(condition, text, *values):
    if not condition:
        raise Wrong(text % values)


def run(*args, stdin=None, ok=True):
    counts["runs"] += 1
    done = subprocess.run([LATHE, *map(os.fsencode, args)], input=stdin or b"",
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=peers.ENV, timeout=120)
    done.said = (done.stderr + done.stdout).decode("utf-8", "replace")
    must(0 <= done.returncode < 128 and (done.returncode == 0 or not ok),
         "lathe %r ends with %d: %s", args, done.returncode, done.said)
    return done


def lines_of(done):
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def event(done, kind):
    found = [line for line in lines_of(done) if line["event"] == kind]
    return found[0] if found else None


def escaped(path):
    return "/" + path.replace("\\", "\\\\").replace("=", "\\=")


# ---- what is asked for ------------------------------------------------------

class Chooser:
    """A command at random, for what is on the volume and here."""

    def __init__(self, history):
        self.rng, self.host = history.rng, history.host
        self.history = history
        self.command = Command(rock=history.rock)

    def choose(self):
        rng, command = self.rng, self.command
        if self.history.toggles:
            command.rock = rng.random() < .7
        what = rng.random()
        if self.history.number == 0:
            what = what * 4 if what > .15 else .1
        command.update = what < .55
        command.mirror = what < .28 and self.history.number > 0
        command.no_replace = .55 <= what < .6
        self.arguments(
            command.update and (not command.mirror or rng.random() < .3) and
            "--update", command.mirror and "--mirror",
            command.no_replace and "--no-replace")
        self.sources()
        if self.history.number:
            self.changes()
        if rng.random() < .35:
            self.filters()
        self.options()
        return command

    def arguments(self, *arguments):
        self.command.arguments += [each for each in arguments if each]

    def options(self):
        rng, command, history = self.rng, self.command, self.history
        what = rng.random()
        if what < .12 and not self.host.far:
            command.symlinks = "follow"
            self.arguments(rng.choice(("--follow", "--symlinks=follow")))
        elif what < .2:
            command.symlinks = "skip"
            self.arguments("--symlinks", "skip")
        command.nfc = history.nfc and rng.random() < .7
        if command.rock:
            command.modes = rng.random() < history.modes
            command.owner = ROOT and rng.random() < history.modes
            command.special = history.special
        self.arguments(
            not command.rock and "--no-rock-ridge", command.nfc and "--nfc",
            command.modes and "--keep-modes",
            command.owner and "--keep-owner",
            command.special and "--special",
            command.rock and history.relocates and "--relocate",
            command.rock and rng.random() < .15 and "--times=all",
            rng.random() < .06 and "--one-file-system", *history.fixed)
        if rng.random() < .08:
            command.renames_volume = True
            self.arguments("--volume", "NAME_%d" % history.number)

    # ---- sources

    def sources(self):
        rng, host = self.rng, self.host
        count = rng.choice((1, 1, 1, 1, 2, 2, 3))
        if self.history.number and rng.random() < .12:
            count = 0
        usual = rng.random() < .6
        for _ in range(count):
            if rng.random() < .7 and self.source_again():
                continue
            path = rng.choice(["s0", "s1"] + (
                [] if usual else ["s0", "s1"] + host.walk()))
            full = host.full(path)
            if self.is_source(full):
                self.source(full)
        if not self.command.sources and not self.history.number:
            self.source(host.full("s0"))

    def source_again(self):
        """One of an earlier session: an update has something to find."""
        used = [source for source in self.history.used
                if self.is_source(source.path) and
                os.path.isdir(source.path) == source.folder]
        if used:
            self.command.sources.append(self.rng.choice(used))
        return bool(used)

    def is_source(self, full):
        """A link that is named is followed."""
        return (os.path.isdir(full) or os.path.isfile(full)) and \
            os.path.realpath(full).startswith(self.host.top + "/s")

    def source(self, path):
        """Each form of an argument."""
        rng, volume = self.rng, self.history.volume
        base = os.path.basename(path)
        base = nfc(base) if self.history.nfc else base
        folder = os.path.isdir(path)
        at = rng.choice(["", "t", "t/u", "new"] + sorted(
            p for p, node in volume.items() if node.kind == "directory"))
        inside = at + "/" + base if at else base
        new = (at + "/" if at else "") + rng.choice(
            ("t", "t2") if self.host.plain else ("t", "x=y", "b\\c"))
        forms = [Source(base, False, path, path),
                 Source(new, False, path, escaped(new) + "=" + path)]
        if at:
            forms.append(Source(inside, False, path,
                                escaped(at) + "/=" + path))
        if folder:
            forms += [Source("", True, path, path + "/"),
                      Source("", True, path, "/=" + path),
                      Source(at, True, path, (
                          escaped(at) if at else "") + "/=" + path + "/")]
        if self.history.nfc:    # a base name is one of this host
            forms = forms[1:2] + forms[3:] if at else forms[1:]
        source = dataclasses.replace(rng.choice(forms), folder=folder)
        self.command.sources.append(source)
        self.history.used.append(source)

    def operands(self):
        """Arguments, and what is on standard input."""
        rng, stdin, arguments = self.rng, None, []
        names = [source.argument for source in self.command.sources]
        if names and rng.random() < .25:
            cut = rng.randrange(len(names))
            zero = rng.random() < .5 or any("\n" in name for name in names)
            listed = b"".join(os.fsencode(name) + (b"\0" if zero else b"\n")
                              for name in names[cut:])
            names = names[:cut]
            where = "-"
            if rng.random() < .5:
                stdin = listed
            else:
                where = self.history.place("list", listed)
            arguments += ["--path-list", where] + ["-0"] * zero
        return arguments, ["--"] * (rng.random() < .3) + names, stdin

    # ---- what is there already

    def changes(self):
        rng, volume = self.rng, self.history.volume
        if not volume:
            return
        there = sorted(volume)
        for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 3))):
            at = rng.choice([""] + [p + "/" for p in there if
                                    volume[p].kind == "directory"])
            self.command.renames.append((rng.choice(there), rng.choice((
                rng.choice(there), at or "top/", "m/n/",
                "nd/" + self.host.name(), at + self.host.name(),
                at + self.host.name()))))
        for _ in range(rng.choice((0, 0, 0, 0, 1, 1, 2))):
            self.command.removes.append(rng.choice((
                "/" + rng.choice(there), "/" + rng.choice(there),
                rng.choice(there), rng.choice(REMOVED),
                rng.choice(REMOVED), "nothing/at all")))

    def change_arguments(self):
        command, arguments = self.command, []
        for old, new in command.renames:
            arguments += ["--rename", escaped(old) + "=" + escaped(new)]
        for path in command.removes:
            arguments.append("--remove=" + path)
        return arguments

    def filters(self):
        rng = self.rng
        pool = PATTERNS + tuple(
            "/" + path for path in sorted(self.history.volume)
            if not set(path) & set("\n\\*?[]"))[:3]
        in_file = rng.sample(pool, rng.randint(0, 2))
        if in_file:
            text = "# a remark\n\n" + "".join(p + "\n" for p in in_file)
            self.arguments("--exclude-from", self.history.place(
                "rules", text.encode()))
        others = rng.sample(pool, rng.randint(0, 2))
        for pattern in others:
            self.arguments("--exclude", pattern)
        self.command.rules = in_file + others


# ---- what is there then -----------------------------------------------------

def is_plain(path):
    """Joliet has it as it is."""
    return all(len(name.encode("utf-16-be")) <= 120 and
               not any(c in '*/:;?\\' or c < " " for c in name)
               for name in path.split("/"))


class Looker:
    """Compares the newest session with the model."""

    def __init__(self, history, session, command):
        self.history, self.session, self.command = history, session, command
        self.volume = history.volume

    def look(self):
        self.by_standards()
        self.by_lathe()
        what = self.history.rng.random()
        if what < .25:
            self.by_xorriso()
        elif what < .4:
            self.by_bsdtar()
        if what < .6:
            run("verify", *self.history.device(),
                *["--full"] * (what < .2))

    # ---- one tree

    def compare(self, who, got):
        wanted = self.volume
        if self.history.relocates:
            got = {path: item for path, item in got.items() if path in
                   wanted or not path.lower().startswith("rr_moved")}
        must(got.keys() == wanted.keys(), "%s: missing %r, too much %r", who,
             sorted(wanted.keys() - got.keys())[:4],
             sorted(got.keys() - wanted.keys())[:4])
        for path, node in wanted.items():
            item = got[path]
            must(item.kind == node.kind, "%s: %r is %s, not %s", who, path,
                 item.kind, node.kind)
            for field in ("digest", "size", "mtime", "mode", "owner",
                          "target"):
                self.compare_field(who, path, field, getattr(item, field),
                                   getattr(node, field))

    def compare_field(self, who, path, field, got, wanted):
        if got is None or wanted is None or (
                field == "mtime" and path in self.session.unsure):
            return
        must(got == wanted, "%s: %r: %s is %s, not %s", who, path, field, got,
             wanted)

    # ---- by the standards

    def by_standards(self):
        history = self.history
        report = Report(history.allowed())
        image = Image(history.file)
        volume = validate(
            image, history.sessions[-1]["descriptors"] - 16, report,
            own=not history.foreign, foreign=("RR", "AL"),
            joliet_units=history.joliet_units(),
            rock=None if history.foreign else self.command.rock)
        lines = list(report.lines())
        must(volume and not lines, "by the standards: %s", lines[:3])
        views = readings(volume)
        for view in views.values():
            for path, item in view.items():
                if item.mtime is None:
                    view[path] = item.with_all(mtime=NO_DATE)
        self.compare("the standards",
                     views[ROCK if self.command.rock else JOLIET])
        if self.command.rock:
            self.links_in_joliet(views[JOLIET])
            self.names_of_files(views[ROCK])
        self.what_stays(volume, views)
        image.close()

    def links_in_joliet(self, joliet):
        for path, node in self.volume.items():
            if node.kind != "symlink" or node.shown == "?" or \
                    not is_plain(path):
                continue
            item = joliet.get(path)
            if path in self.session.unsure and item:
                node.shown = item.digest
            must((item and item.digest) == node.shown,
                 "Joliet shows %s of link %r, not %s",
                 item and item.digest, path, node.shown)

    def names_of_files(self, views):
        """Names of one file that are new have one extent, or that of a name
        which the update found as it is."""
        if self.session.lost_name:    # the one that led to the others
            return
        extents = {}
        for path, node in self.volume.items():
            if not (node.new and node.file and node.size) or any(
                    views[path].extents == views[other].extents
                    for other in self.session.kept[node.file]):
                continue
            first = extents.setdefault(node.file, path)
            must(views[first].extents == views[path].extents,
                 "%r and %r are one file here", first, path)

    def what_stays(self, volume, views):
        """Identifiers, and blocks, of what this session did not touch."""
        iso, ids = volume.hierarchies[0], {}
        raw = {node.record.at: path for path, node in
               paths_of(iso, False).items()}
        if iso.rock:
            ids = {path: raw.get(node.record.at) for path, node in
                   paths_of(iso).items()}
        blocks = {path: item.extents for path, item in
                  views[ROCK if iso.rock else JOLIET].items()}
        now = {"identifier": {} if self.history.relocates else ids,
               "blocks": blocks,
               "in Joliet": {path: True for path in views[JOLIET]
                             if is_plain(path)}}
        before, self.history.names = self.history.names, now
        for what in now if before else ():
            for path in filter(self.is_untouched, before[what]):
                was, is_now = before[what][path], now[what].get(path)
                must(was == is_now or not now[what],
                     "%s of %r was %r, is %r", what, path, was, is_now)

    def is_untouched(self, path):
        old, new = self.history.before, self.volume
        if not (path in old and path in new and not new[path].new and
                new[path].kind == old[path].kind):
            return False
        return all(p in old and p in new and not new[p].new and
                   p not in self.session.moved
                   for p in above(path) + [path])

    # ---- by programs

    def by_lathe(self):
        got = {}
        for line in lines_of(run("ls", *self.history.device(), "--json")):
            when = NO_DATE if line["mtime"] is None else calendar.timegm(
                time.strptime(line["mtime"], "%Y-%m-%dT%H:%M:%SZ"))
            kind = KINDS.get(line["type"], line["type"])
            rock = line["mode"] is not None
            got[line["path"][1:]] = Item(
                kind, mtime=when, target=line.get("target"),
                size=line["size"] if kind == "file" else None,
                mode=int(line["mode"], 8) if rock else None,
                owner=(line["uid"], line["gid"]) if rock else None)
        got.pop("", None)
        self.compare("lathe ls", got)
        if self.history.rng.random() < .5:
            self.extracted("lathe extract", lambda to: run(
                "extract", *self.history.device(), "-C", to, "--keep-modes",
                *["--keep-owner"] * ROOT))

    def by_xorriso(self):
        """It reads ahead of a directory, at multiples of 32 blocks: one that
        is the end of the image it can not read then."""
        if os.path.getsize(self.history.file) % (32 * peers.BLOCK) == 0:
            return
        counts["xorriso"] += 1
        start = self.history.sessions[-1]["descriptors"] - 16
        self.extracted("xorriso", lambda to: peers.run(
            "xorriso", "-abort_on", "FAILURE", "-return_with", "FAILURE",
            "32", "-read_fs", "any" if self.command.rock else "norock",
            "-load", "sbsector", str(start),
            "-indev", "stdio:" + self.history.file, "-osirrox",
            "on:auto_chmod_off:device_files", "-extract", "/", to))

    def by_bsdtar(self):
        """It reads what block 16 shows, no date before 1970, and no name in
        an area behind the bytes of its file (SPEC 1.9)."""
        history = self.history
        texts = [name for path in self.volume for name in path.split("/")] + \
            [node.target or "" for node in self.volume.values()]
        longest = max((len(t.encode()) for t in texts), default=0)
        if history.relocates or longest > 90 or \
                any(node.mtime not in (None, NO_DATE) and node.mtime < 0
                    for node in self.volume.values()) or \
                (history.number > 1 and history.medium and
                 history.medium not in OVERWRITABLE):
            return
        counts["bsdtar"] += 1
        self.extracted("bsdtar", lambda to: peers.run(
            "bsdtar", "-xpf", history.file, "-C", to))

    def extracted(self, who, command):
        to = self.history.folder + "/out"
        os.makedirs(to)
        try:
            command(to)
            got = dict(peers.tree_below(to))
        finally:
            peers.remove(to)
        for path, node in self.volume.items():
            if node.kind == "fifo" and who == "lathe extract":
                got[path] = Item("fifo")
        for path, item in got.items():
            node = self.volume.get(path)
            drop = {}
            if not ROOT or not self.command.rock:
                drop["owner"] = None
            if not self.command.rock:
                drop["mode"] = None
            # Not all restore these.
            if item.kind in ("symlink", "fifo"):
                drop.update(mtime=None, mode=None, owner=None)
            if node and (node.mtime == NO_DATE or (
                    item.kind == "directory" and who != "lathe extract")):
                drop["mtime"] = None
            got[path] = item.with_all(**drop)
        self.compare(who, got)


# ---- histories --------------------------------------------------------------

class History:
    def __init__(self, folder, seed):
        self.folder = folder
        self.rng = rng = random.Random("everyday %d" % seed)
        self.host = Host(folder + "/here", rng, rng.random() < .4)
        self.medium = rng.choice(MEDIA) if rng.random() < .45 else None
        self.file = folder + "/volume"
        # Joliet's names are known beforehand where they are the same.
        self.rock = not self.host.plain or rng.random() < .85
        self.toggles = self.host.plain and rng.random() < .4
        self.nfc = rng.random() < .15
        self.modes = rng.choice((0, 0, .5, 1))
        self.special = rng.random() < .2
        self.relocates = rng.random() < .2
        self.fixed = ["--joliet-long"] * (rng.random() < .25) + rng.choice(
            ([], [], ["--iso-level", "1"], ["--iso-level", "relaxed"]))
        self.volume, self.before, self.names = {}, {}, None
        self.root = Node("directory", mtime=NO_DATE, mode=0o555, owner=(0, 0))
        self.number, self.sessions, self.older = 0, [], {}
        self.foreign, self.log, self.used = False, [], []

    def place(self, name, data):
        path = self.folder + "/" + name
        with open(path, "wb") as f:
            f.write(data)
        return path

    def device(self):
        return ("-d", "emu:" + self.file) if self.medium else \
            ("-i", self.file)

    def allowed(self):
        """Of names that are as long and deep as here; of others' sessions."""
        rules = ("joliet-path", "path-length", "depth")
        if self.toggles:    # that names share an extent is not noted there
            rules += ("rock-links",)
        if self.foreign:
            rules += peers_histories.INHERITED
            for writer in STRANGERS:
                rules += peers_histories.KNOWN[writer]
        return rules

    def joliet_units(self):
        return 103 if "--joliet-long" in self.fixed or self.foreign else 64

    def fingerprint(self):
        done = hashlib.sha256()
        for path in (self.file, self.file + ".disc"):
            if os.path.exists(path):
                with open(path, "rb") as f:
                    while block := f.read(1 << 20):
                        done.update(block)
        return done.digest()

    def run(self):
        rng = self.rng
        self.host.change(rng.randint(5, 30))
        if self.medium:
            run("emu", "create", self.file, "--media", self.medium)
        goal = rng.randint(3, 8)
        strangers = self.host.plain and self.rock and not (
            self.toggles or self.nfc or self.medium in OVERWRITABLE)
        for _ in range(16):
            if self.number >= goal:
                return
            if strangers and self.number and rng.random() < .2:
                self.stranger()
            else:
                self.step()
                if rng.random() < .85:
                    self.host.change(rng.randint(1, 8))

    # ---- one session

    def words(self, command, ready=None):
        if ready:    # a session alone, for another program to record
            return ["image", "-M", self.file, "-o", ready, "-C", "%d,%d" % (
                self.sessions[-1]["start"], self.next_writable())]
        if self.medium:
            return ["burn", "-d", "emu:" + self.file] + \
                ["--import"] * self.foreign
        if self.number:
            return ["image", "-M", self.file]
        return ["image", "-o", self.file] + \
            ["--growable"] * (self.rng.random() < .5)

    def step(self):
        chooser = Chooser(self)
        command = chooser.choose()
        lists, names, stdin = chooser.operands()
        session = Session(self.volume, self.root, not self.number, command)
        statuses = (0,)
        try:
            session.run()
        except Refused as refused:
            statuses = refused.statuses
        ready = self.folder + "/ready" if self.number and self.medium and \
            self.medium not in OVERWRITABLE and self.rng.random() < .15 \
            else None
        words = self.words(command, ready) + command.arguments + lists + \
            chooser.change_arguments() + names
        self.log.append((words, stdin))
        before = self.fingerprint()
        size, plan = self.beforehand(words, stdin, statuses)
        if not self.medium and self.number and self.rng.random() < .2:
            self.elsewhere(words, stdin)
        must(self.fingerprint() == before, "what writes nothing wrote")
        done = run(words[0], *["--progress=json"] * (words[0] == "burn"),
                   *words[1:], stdin=stdin, ok=False)
        if ready and os.path.exists(ready):
            run("burn", *self.device(), "--image", ready)
            os.remove(ready)
        if not self.changed(done, session, statuses, before):
            if done.returncode == 0:
                must(not size and not (plan and plan["volume_blocks"]),
                     "nothing, planned %s blocks, %s", size, plan)
            return
        counts["sessions"] += 1
        self.number += 1
        self.before, self.volume = self.volume, session.volume
        self.root = session.root
        self.sessions = lines_of(run("ls", *self.device(), "--sessions",
                                     "--json"))
        if not ready:
            self.told(session, done, size, plan)
        Looker(self, session, command).look()
        self.look_back()
        if command.sources and self.rng.random() < .6:
            self.again(command, lists + names, stdin)

    def changed(self, done, session, statuses, before):
        """Is there a session, and was it to be expected?"""
        status, update = done.returncode, session.updates
        nothing = "nothing to record" in done.said or \
            '"disc":"untouched"' in done.said
        if status or nothing:
            counts["nothing or refused"] += 1
            must(self.fingerprint() == before, "status %d, but written: %s",
                 status, done.said)
        else:
            must(before != self.fingerprint(), "nothing was written")
        if statuses != (0,):
            must(status in statuses, "status %d, not one of %s: %s", status,
                 statuses, done.said)
            return False
        if self.number and not session.changed and not session.unsure and \
                not (self.foreign and status == 0):
            must(nothing and status == (0 if update else 7),
                 "no difference, but status %d: %s", status, done.said)
        if session.changed:
            must(status == 0 and not nothing, "status %d: %s", status,
                 done.said)
        return not nothing and status == 0

    def beforehand(self, words, stdin, statuses):
        """What --print-size and --plan say."""
        size = plan = None
        if self.rng.random() < .4:
            done = run(words[0], "--print-size", *words[1:], stdin=stdin,
                       ok=False)
            must(done.returncode in statuses + (7,), "--print-size: %d: %s",
                 done.returncode, done.said)
            size = None if done.returncode else int(done.stdout)
        if self.rng.random() < .3:
            done = run(words[0], "--plan", "--progress=json", *words[1:],
                       stdin=stdin, ok=False)
            plan = None if done.returncode else event(done, "plan")
        return size, plan

    def elsewhere(self, words, stdin):
        """A copy, a pipe and the image itself get the same bytes."""
        copy, other = self.folder + "/copy", self.folder + "/other"
        done = run("image", "-o", copy, *words[1:], stdin=stdin, ok=False)
        piped = run("image", "-o", "-", *words[1:], stdin=stdin, ok=False)
        must(done.returncode == piped.returncode, "-o ends with %d, -o - %d",
             done.returncode, piped.returncode)
        if done.returncode == 0:
            shutil.copyfile(self.file, other)
            run(*[other if word == self.file else word for word in words],
                stdin=stdin)
            with open(copy, "rb") as f, open(other, "rb") as g:
                data = f.read()
                must(data == piped.stdout, "-o - is not as -o FILE")
                must(data == g.read(), "a copy is not as the image")
            os.remove(other)
            os.remove(copy)

    def told(self, session, done, size, plan):
        """Numbers that were told beforehand, and by an update."""
        last = self.sessions[-1]
        if self.medium:
            recorded, end = event(done, "plan"), event(done, "end")
            must(plan in (None, recorded), "planned %s, then %s", plan,
                 recorded)
            must(size in (None, recorded["need_blocks"]), "%s blocks, then %s",
                 size, recorded)
            for name in ("session", "start", "track_blocks", "volume_blocks"):
                must(end[name] == recorded[name], "%s is %s, planned %s",
                     name, end[name], recorded[name])
        else:
            must(size in (None, last["blocks"]), "%s blocks, then %s", size,
                 last)
            must(not plan or (plan["start"], plan["volume_blocks"]) ==
                 (last["start"], last["blocks"]), "planned %s, then %s",
                 plan, last)
        if session.updates and session.command.sources and not (
                self.foreign or session.unsure):
            self.told_of_update(session.totals, done)

    @staticmethod
    def told_of_update(totals, done):
        line = [each for each in done.said.splitlines()
                if each.endswith(" as they were")]
        must(line, "an update tells nothing: %s", done.said)
        numbers = [int(part.split()[0].replace(",", "")) for part in
                   line[0].rpartition(": ")[2].split(", ")]
        wanted = [totals[name] for name in (
            "new", "changed", "gone", "attributes", "kept")]
        must(numbers == wanted, "told %s, not %s", numbers, wanted)

    def look_back(self):
        """Older sessions read as before."""
        number = len(self.sessions)
        self.older[number] = self.listing(number)
        old = self.rng.choice(sorted(self.older))
        must(self.older[old] == self.listing(old), "session %d is another one",
             old)

    def listing(self, number):
        return run("ls", *self.device(), "--json", "--session",
                   str(number)).stdout

    def again(self, command, names, stdin):
        """What was just recorded is no difference. But a link to a file that
        came by only later got a content of its own: an update leads it to
        the file."""
        command = dataclasses.replace(
            command, renames=[], removes=[], update=True, no_replace=False,
            renames_volume=False)
        session = Session(self.volume, self.root, False, command)
        try:
            session.run()
        except Refused:    # what came from several sources
            return
        if session.changed or session.unsure or self.foreign:
            return
        arguments = ["--update"] + [each for each in command.arguments if
                                    each not in ("--no-replace", "--update")]
        before = self.fingerprint()
        words = self.words(command) + arguments + names
        self.log.append((words, stdin))
        done = run(*words, stdin=stdin, ok=False)
        counts["again"] += 1
        must(done.returncode == 0 and "nothing to record" in done.said and
             self.fingerprint() == before, "the same again: %s", done.said)

    # ---- sessions of others

    def stranger(self):
        stage, rng = self.folder + "/stage", self.rng
        os.makedirs(stage + "/foreign/sub")
        for i in range(rng.randint(1, 4)):
            path = stage + "/foreign/" + rng.choice((
                "f%d" % i, "sub/g%d" % i, "A long File Name %d.text" % i))
            with open(path, "wb") as f:
                f.write(self.host.content())
            os.utime(path, (10 ** 9 + i, 10 ** 9 + i))
        for folder in ("/foreign/sub", "/foreign"):
            os.utime(stage + folder, (10 ** 9, 10 ** 9))
        writer = "genisoimage" if self.medium else rng.choice(STRANGERS)
        self.log.append((writer, stage))
        getattr(self, "by_" + writer)(stage)
        shutil.rmtree(stage)
        counts["sessions of others"] += 1
        self.number += 1
        self.foreign, self.names, self.older = True, None, {}
        self.sessions = lines_of(run("ls", *self.device(), "--sessions",
                                     "--json"))
        self.take_over()

    def by_xorriso(self, stage):
        peers.run("xorriso", "-abort_on", "FAILURE", "-return_with",
                  "FAILURE", "32", "-joliet", "on", "-compliance",
                  "joliet_long_names:joliet_long_paths:joliet_utf16",
                  "-padding", "0", "-iso_rr_pattern", "off", "-disk_pattern",
                  "off", "-dev", "stdio:" + self.file, "-map", stage, "/",
                  "-commit")

    def next_writable(self):
        return lines_of(run("info", *self.device(), "--json"))[0]["medium"][
            "next_writable"]

    def by_genisoimage(self, stage):
        more = self.folder + "/more"
        size = os.path.getsize(self.file) // peers.BLOCK
        start = (size + 31) // 32 * 32
        if self.medium:
            start = self.next_writable()
        peers.run("genisoimage", "-quiet", "-R", "-J", "-joliet-long",
                  "-input-charset", "utf-8", "-o", more, "-C", "%d,%d" % (
                      self.sessions[-1]["start"], start), "-M", self.file,
                  stage)
        if self.medium:
            run("burn", *self.device(), "--image", more)
            return
        with open(more, "rb") as f, open(self.file, "r+b") as g:
            session = f.read()
            g.seek(start * peers.BLOCK)
            g.write(session)
            g.seek(16 * peers.BLOCK)
            g.write(peers_histories.History.head(session, start))

    def take_over(self):
        """What it made is the model from now on."""
        image = Image(self.file)
        volume = validate(image, self.sessions[-1]["descriptors"] - 16,
                          Report(self.allowed()), foreign=("RR", "AL"),
                          joliet_units=self.joliet_units())
        self.volume = {
            path: Node(item.kind, item.digest, item.size,
                       NO_DATE if item.mtime is None else item.mtime,
                       item.mode, item.owner, item.target,
                       "?" if item.kind == "symlink" else None)
            for path, item in readings(volume)[ROCK].items()}
        image.close()


def one(folder, seed):
    os.makedirs(folder)
    history = None
    try:
        history = History(folder, seed)
        history.run()
    except (Wrong, peers.Failed, subprocess.TimeoutExpired) as error:
        print("FAULT: seed %d, session %d: %s" % (
            seed, history.number, ascii(str(error)[:600])))
    except Exception:
        print("FAULT: seed %d: %s" % (seed, traceback.format_exc(limit=-3)))
    else:
        shutil.rmtree(folder)
        return 0
    for words in history.log[-3:] if history else ():
        print("    %s" % ascii(words))
    if not os.environ.get("EVERYDAY_KEEP"):
        shutil.rmtree(folder)
    return 1


def main():
    folder, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.environ["TZ"] = "UTC"
    time.tzset()
    faults = sum(one("%s/%d" % (folder, seed), seed)
                 for seed in range(first, last + 1))
    print("%d histories, %s, %d faults" % (
        last - first + 1, ", ".join("%d %s" % (number, what) for what, number
                                    in sorted(counts.items())), faults))
    sys.exit(faults != 0)


if __name__ == "__main__":
    main()
