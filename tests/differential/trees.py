# SPDX-License-Identifier: MIT
"""Seeded trees as images: by what the standards say they hold what the host
had, and each of six programs reads just that. Arguments: folder to work in,
first and last seed.
"""
import os
import random
import shutil
import sys
import time

sys.path.insert(1, os.path.join(os.path.dirname(__file__), "..", "standard"))
import deviations
import names
import peers
import source
from reading import ISO, JOLIET, ROCK, readings
from validate_volume import validate
from volume_fields import Image, Report

# What a tree asks for that goes beyond the standards: lathe records it.
ALLOWED = ("depth", "path-length", "joliet-path")
faults = reads = entries = 0


def fault(seed, text):
    global faults
    faults += 1
    if faults <= 40:
        print("FAULT: seed %d: %s" % (seed, text[:400].encode(
            "utf-8", "backslashreplace").decode()))


def lathe(*args):
    return peers.run(os.environ["BUILD"] + "/lathe", *args)


def records_rock_ridge(folder):
    """By itself, without options."""
    path = os.path.join(folder, "probe")
    os.mkdir(path)
    lathe("image", "-o", path + "/image", path)
    volume = validate(Image(path + "/image"), 0, Report())
    peers.remove(path)
    return volume.hierarchies[0].rock is not None


class Options:
    """Of one image, by its seed."""

    def __init__(self, seed, rock):
        rng = random.Random("options %d" % seed)
        self.level = rng.choice(("2", "2", "1", "relaxed"))
        self.units = rng.choice((64, 103))
        self.rock = rng.random() < 0.8 and rock
        self.keep = self.rock and rng.random() < 0.5
        self.special = self.rock and rng.random() < 0.7
        self.relocate = self.rock and rng.random() < 0.3
        self.arguments = ["--iso-level", self.level]
        if self.units == 103:
            self.arguments.append("--joliet-long")
        if not self.rock:
            self.arguments.append("--no-rock-ridge")
        if self.keep:
            self.arguments += ["--keep-modes", "--keep-owner"]
        if self.special:
            self.arguments.append("--special")
        if self.relocate:
            self.arguments.append("--relocate")

    def judged(self):
        level = self.level
        return {"level": int(level) if level.isdigit() else level,
                "joliet_units": self.units, "own": True, "rock": self.rock}


def views_of(peer, there, seed):
    """Each program reads the view it takes by itself, and one more in
    turn."""
    best = ROCK if ROCK in there else JOLIET
    if peer == "7zz":
        return (JOLIET,)
    if peer == "lathe":
        return (best,)
    others = [view for view in there if view != best]
    return best, others[seed % len(others)]


def read_by_all(seed, image, there, volume):
    global reads
    for peer, read in peers.PEERS.items():
        for view in views_of(peer, there, seed):
            if deviations.is_blind(peer, view, volume):
                view = next((v for v in (JOLIET, ROCK, ISO) if v in there and
                             peer != "7zz" and
                             not deviations.is_blind(peer, v, volume)), None)
            if view is None:
                continue
            reads += 1
            try:
                got = read(image, view)
            except peers.Failed as error:
                fault(seed, "%s, %s: %s" % (peer, view, error))
                continue
            for line in deviations.differences(peer, view, there[view],
                                               got)[:5]:
                fault(seed, "%s, %s: %s" % (peer, view, line))


def one(folder, seed, rock):
    global entries
    top, path = (os.path.join(folder, name) for name in ("tree", "image"))
    tree = source.make(top, seed)
    entries += len(tree.items)
    options = Options(seed, rock)
    try:
        lathe("image", "-o", path, *options.arguments, top + "/")
        report = Report(ALLOWED)
        image = Image(path)
        volume = validate(image, 0, report, whole=True, **options.judged())
        for line in report.lines():
            fault(seed, line)
        if volume:
            there = readings(volume)
            for line in names.check(tree, there, options):
                fault(seed, line)
            read_by_all(seed, path, there, volume)
        image.close()
    except peers.Failed as error:
        fault(seed, str(error))
    peers.remove(top)
    if os.path.exists(path):
        os.remove(path)


def main():
    folder, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.environ["TZ"] = "UTC"
    time.tzset()
    rock = records_rock_ridge(folder)
    for seed in range(first, last + 1):
        one(folder, seed, rock)
    for line in deviations.summary():
        print(line)
    for d in deviations.TABLE:
        if last - first >= 200 and d.in_trees and not d.count:
            print("FAULT: not seen any more: %s: %s" % (d.peer, d.what))
            sys.exit(1)
    print("%d trees, %d entries, %d readings, %d faults; Rock Ridge: %s" % (
        last - first + 1, entries, reads, faults,
        "yes" if rock else "not yet"))
    sys.exit(faults != 0)


if __name__ == "__main__":
    main()
