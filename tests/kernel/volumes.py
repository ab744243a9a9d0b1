# SPDX-License-Identifier: MIT
"""Seeded images for the guest: histories of lathe, xorriso and genisoimage in
turn, and hard trees by lathe alone, three sessions each. FOLDER gets them, and
'wanted': for each its name, and of lathe's sessions where the kernel is to
look, and what tests/standard reads there, which is compared with a model and
with the tree on the host. Arguments: FOLDER, first and last seed.
"""
import json
import os
import pickle
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [HERE + "/../differential", HERE + "/../standard"]
import histories
import names
import peers
import source
import trees
from reading import readings
from validate_volume import validate
from volume_fields import Image, Report


class History(histories.History):
    """Notes what each session of lathe holds; others read it elsewhere."""

    def __init__(self, folder, seed):
        super().__init__(folder, seed)
        self.noted = {}

    def read_by_all(self, there, best):
        if self.writer == histories.LATHE:
            self.noted[self.start] = there


def sessions(image):
    return [json.loads(line) for line in trees.lathe(
        "ls", "-i", image, "--sessions", "--json").splitlines()]


def history(folder, seed):
    made = History(folder, seed)
    for writer in made.writers:
        made.session(writer)
    return made.image, made.noted


def tree(folder, seed):
    top, image = folder + "/tree", folder + "/image"
    made = source.make(top, seed)
    options, noted = trees.Options(seed, True), {}
    for more in (["-o", image, top + "/"],
                 ["-M", image, "/once=" + top],
                 ["-M", image, "--rename", "/once=/a/b/c"]):
        trees.lathe("image", *options.arguments, *more)
        start = sessions(image)[-1]["start"]
        volume = validate(Image(image), start, Report(trees.ALLOWED),
                          joliet_units=options.units)
        noted[start] = readings(volume)
        if len(noted) == 1:
            for line in names.check(made, noted[start], options):
                histories.fault("tree %d" % seed, line)
    peers.remove(top)
    return image, noted


def places(image, noted):
    """Sessions by the block that the kernel is told, which is another one
    where the descriptors were replaced; None: it is told nothing."""
    there = sessions(image)
    found = [(s["descriptors"] - 16, noted[s["start"]]) for s in there
             if s["start"] in noted]
    if there[-1]["start"] in noted:
        found.append((None, noted[there[-1]["start"]]))
    return found


def main():
    folder, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.environ["TZ"] = "UTC"
    time.tzset()
    wanted = []
    for make in (history, tree):
        for seed in range(first, last + 1):
            name = "%s%d" % (make.__name__, seed)
            inner = folder + "/making"
            os.mkdir(inner)
            image, noted = make(inner, seed)
            os.rename(image, folder + "/" + name)
            peers.remove(inner)
            wanted.append((name, places(folder + "/" + name, noted)))
    with open(folder + "/wanted", "wb") as f:
        pickle.dump(wanted, f)
    sys.exit(histories.faults != 0)


if __name__ == "__main__":
    main()
