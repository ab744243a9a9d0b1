# SPDX-License-Identifier: MIT
"""Twenty sessions that add, replace and remove, on a disc that has a session
of each real directory; each reads back in full, also after all the others.
Arguments: folder to work in, the directories.
"""
import hashlib
import json
import os
import random
import sys

import strangers as s

SEED, SESSIONS = 20, 20
FIRST_GAP, LATER_GAP = 11402, 6902

faults = s.Faults()
rng = random.Random(SEED)


def info(disc):
    return json.loads(s.lathe("info", "-d", "emu:" + disc, "--json").stdout)


def write_files(folder, paths):
    tree = {}
    for path in paths:
        data = rng.randbytes(rng.choice([0, 1, 2048, 5000, 60000]))
        full = os.path.join(folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as f:
            f.write(data)
        tree[path] = (len(data), hashlib.sha256(data).hexdigest())
    return tree


def parents(path):
    while "/" in path:
        path = path.rsplit("/", 1)[0]
        yield path


def with_parents(files):
    tree = dict(files)
    for path in files:
        tree.update({parent: None for parent in parents(path)})
    return tree


def new_paths(number):
    return ["d%d/e%d/new %d-%d.txt" % (
        rng.randrange(4), rng.randrange(3), number, i) for i in range(8)]


def session(folder, disc, number, tree):
    """Record one; the tree as it must be then."""
    stage = os.path.join(folder, "stage%d" % number)
    files = sorted(p for p, v in tree.items() if v)
    removed = rng.sample(files, min(3, len(files) // 4))
    left = [p for p in files if p not in removed]
    replaced = rng.sample(left, min(4, len(left)))
    new = write_files(stage, new_paths(number) + replaced)
    args = []
    for path in removed:
        args += ["--remove", path]
    s.lathe("burn", "-d", "emu:" + disc, "--verify=full", *args, stage + "/")
    tree = {p: v for p, v in tree.items() if p not in removed}
    tree.update(with_parents(new))
    return tree


def real_sessions(disc, directories):
    """Their trees, as they were read back; two_sessions.py compares them with
    the sources. A link would show what later sessions make of its target."""
    trees = []
    for directory in directories:
        s.lathe("burn", "-d", "emu:" + disc, "--follow", directory)
        trees.append(s.by_lathe(("-d", "emu:" + disc)))
    return trees


def check_all(disc, trees):
    for number, tree in enumerate(trees, 1):
        faults.same("session %d at the end" % number, tree, s.by_lathe(
            ("-i", disc), "--session", str(number)))


def main():
    folder, directories = sys.argv[1], sys.argv[2:]
    disc = os.path.join(folder, "d.img")
    s.lathe("emu", "create", disc, "--media", "cd-r-80")
    limit = info(disc)["medium"]["free_blocks"]
    trees = real_sessions(disc, directories)
    tree = trees[-1] if trees else {}
    for number in range(len(trees) + 1, len(trees) + SESSIONS + 1):
        tree = session(folder, disc, number, tree)
        trees.append(tree)
        faults.same("session %d" % number, tree,
                    s.by_lathe(("-d", "emu:" + disc)))
        now = info(disc)
        last = now["sessions"][-1]
        gap = FIRST_GAP if number == 1 else LATER_GAP
        nwa = last["start"] + last["blocks"] + gap
        faults.equal("sessions", len(now["sessions"]), number)
        faults.equal("next writable", now["medium"]["next_writable"], nwa)
        faults.equal("free blocks", now["medium"]["free_blocks"], limit - nwa)
    check_all(disc, trees)
    rows = [line.split() for line in
            s.lathe("ls", "-d", "emu:" + disc, "-l").stdout.splitlines()]
    if len({row[0] for row in rows}) < 10:
        faults("files of fewer than ten sessions are on the disc")
    faults.finish()


if __name__ == "__main__":
    main()
