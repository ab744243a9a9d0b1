# SPDX-License-Identifier: MIT
"""The newest session against the model: by the standards, by lathe and by
others.
"""
import calendar
import os
import re
import time

import peers
from everyday_model import NO_DATE, above
from everyday_run import OVERWRITABLE, ROOT, counts, lines_of, must, run
from reading import JOLIET, ROCK, Item, readings
from validate_volume import validate
from volume_agreement import paths_of
from volume_fields import Image, Report

KINDS = {"pipe": "fifo"}


def is_plain(path):
    """Joliet has it as it is."""
    return all(len(name.encode("utf-16-be")) <= 120 and
               not any(c in '*/:;?\\' or c < " " for c in name)
               for name in path.split("/"))


def joliet_name(path):
    """What it may have taken there from one that came later."""
    return re.sub(r'[*:;?\\\x00-\x1f]', "_", path)


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
        others = {joliet_name(path) for path in self.volume
                  if not is_plain(path)}
        for path, node in self.volume.items():
            if node.kind != "symlink" or node.shown == "?" or \
                    not is_plain(path) or path in others:
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
