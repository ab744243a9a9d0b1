# SPDX-License-Identifier: MIT
"""Images of seeded trees, judged by the standards, and compared with what
they were made of. Argument: folder to work in.
"""
import collections
import os
import shutil
import subprocess
import sys

import standard_tree
from validate_volume import validate
from volume_fields import Image, Report

# What a tree asks for that goes beyond the standards: lathe records it.
LONG_PATHS = ("joliet-path",)
DEPTH_RULES = ("depth", "path-length", "joliet-path")

# Seed, ISO level, longest Joliet names, deep, files in a crowd.
VOLUMES = ((1, "2", 64, False, 2000), (2, "1", 64, False, 500),
           (3, "relaxed", 64, False, 500), (4, "2", 103, True, 0),
           (5, "1", 103, True, 2000), (6, "relaxed", 103, True, 0),
           (7, "2", 64, False, 0), (8, "1", 103, False, 0),
           (9, "relaxed", 103, False, 2000), (10, "2", 103, True, 400))

faults = 0


def fault(text):
    global faults
    faults += 1
    if faults < 40:
        print("FAULT: " + text[:400])


def lathe(*args):
    done = subprocess.run([os.environ["BUILD"] + "/lathe", *args],
                          capture_output=True)
    if done.returncode:
        sys.exit("lathe %s: status %d\n%s" % (
            " ".join(args), done.returncode, done.stderr.decode()))


def compare(who, tree, volume, most_units):
    """The Joliet hierarchy holds the tree; the ISO 9660 one is of the same
    shape, which the validator has seen."""
    joliet = volume.hierarchies[1]
    got = joliet.by_name()
    folders = {p for p in tree.folders if p}
    if sum(file is None for file in got.values()) != len(folders):
        fault("%s: %d folders, not %d" % (who, sum(
            file is None for file in got.values()), len(folders)))
    wanted = dict(tree.files, **dict.fromkeys(folders))
    for path, content in wanted.items():
        if not all(standard_tree.is_joliet(name, most_units)
                   for name in path.split("/")):
            continue
        if path not in got:
            fault("%s: missing: %r" % (who, path))
        elif (content is None) != (got[path] is None) or \
                content is not None and joliet.content(got[path]) != content:
            fault("%s: other content: %r" % (who, path))
    contents = collections.Counter(tree.files.values())
    for hierarchy in volume.hierarchies:
        if contents != collections.Counter(
                hierarchy.content(file) for _, file in hierarchy.files()):
            fault("%s, %s: other contents" % (who, hierarchy.names.name))


def one(folder, seed, level, most_units, deep, crowd):
    who = "tree %d, level %s, %d units" % (seed, level, most_units)
    top, path = os.path.join(folder, "tree"), os.path.join(folder, "a.iso")
    tree = standard_tree.make(top, seed, deep, crowd)
    lathe("image", "-o", path, "--iso-level", level, "--volume",
          "Volume: %d; ä?" % seed,
          *(["--joliet-long"] if most_units == 103 else []), top + "/")
    report = Report(DEPTH_RULES if deep else LONG_PATHS)
    image = Image(path)
    volume = validate(
        image, 0, report, whole=True, own=True, joliet_units=most_units,
        level=int(level) if level.isdigit() else level)
    for line in report.lines():
        fault("%s: %s" % (who, line))
    if deep and "depth" not in {rule for rule, _, _ in report.allowed}:
        fault(who + ": the tree is not deep")
    if volume:
        compare(who, tree, volume, most_units)
    image.close()
    shutil.rmtree(top)
    os.remove(path)
    return len(tree.files)


def main():
    count = sum(one(sys.argv[1], *volume) for volume in VOLUMES)
    print("%d volumes, %d files, %d faults" % (len(VOLUMES), count, faults))
    sys.exit(faults != 0)


if __name__ == "__main__":
    main()
