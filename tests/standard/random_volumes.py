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
from volume_agreement import paths_of
from volume_fields import Image, Report

# What a tree asks for that goes beyond the standards: lathe records it.
LONG_PATHS = ("joliet-path",)
PATH_RULES = ("path-length", "joliet-path")
DEPTH_RULES = PATH_RULES + ("depth",)

# Rock Ridge: by itself, not at all, with directories moved.
ROCK, NONE, MOVED = (), ("--no-rock-ridge",), ("--relocate",)
# Seed, ISO level, longest Joliet names, deep, files in a crowd, Rock Ridge.
VOLUMES = ((1, "2", 64, False, 2000, ROCK), (2, "1", 64, False, 500, NONE),
           (3, "relaxed", 64, False, 500, ROCK), (4, "2", 103, True, 0, ROCK),
           (5, "1", 103, True, 2000, NONE),
           (6, "relaxed", 103, True, 0, MOVED),
           (7, "2", 64, False, 0, ROCK), (8, "1", 103, False, 0, MOVED),
           (9, "relaxed", 103, False, 2000, NONE),
           (10, "2", 103, True, 400, MOVED), (11, "1", 64, True, 400, MOVED),
           (12, "1", 103, True, 0, ROCK))

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
    for hierarchy in volume.hierarchies:
        if hierarchy.rock:
            compare_rock(who, tree, hierarchy)
        elif collections.Counter(tree.files.values()) != collections.Counter(
                hierarchy.content(file) for _, file in hierarchy.files()):
            fault("%s, %s: other contents" % (who, hierarchy.names.name))


def compare_rock(who, tree, hierarchy):
    """All names as they are, and links as links."""
    got = paths_of(hierarchy)
    wanted = {path: ("file", data) for path, data in tree.files.items()}
    wanted.update((p, ("symlink", t.encode())) for p, t in
                  tree.targets.items())
    wanted.update((path, ("directory", None)) for path in tree.folders[1:])
    there = {path: (node.type, None if node.type == "directory" else
                    node.rock.target if node.type == "symlink" else
                    hierarchy.content(node.file))
             for path, node in got.items()}
    for path in sorted(wanted.keys() | there.keys()):
        if wanted.get(path) != there.get(path):
            fault("%s, Rock Ridge: %r: %.60s, not %.60s" % (
                who, path, there.get(path), wanted.get(path)))


def one(folder, seed, level, most_units, deep, crowd, rock):
    who = "tree %d, level %s, %d units, %s" % (
        seed, level, most_units, " ".join(rock) or "Rock Ridge")
    top, path = os.path.join(folder, "tree"), os.path.join(folder, "a.iso")
    tree = standard_tree.make(top, seed, deep, crowd)
    lathe("image", "-o", path, "--iso-level", level, "--volume",
          "Volume: %d; ä?" % seed,
          *(["--joliet-long"] if most_units == 103 else []), *rock, top + "/")
    # Where directories are moved away the primary hierarchy is not deep.
    report = Report(LONG_PATHS if not deep else
                    PATH_RULES if rock == MOVED else DEPTH_RULES)
    image = Image(path)
    volume = validate(
        image, 0, report, whole=True, own=True, joliet_units=most_units,
        rock=rock != NONE, level=int(level) if level.isdigit() else level)
    for line in report.lines():
        fault("%s: %s" % (who, line))
    allowed = {rule for rule, _, _ in report.allowed}
    if deep and rock != MOVED and "depth" not in allowed:
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
