# SPDX-License-Identifier: MIT
"""Two sessions of real directories; each address and tree is checked, by
other people's programs as well. Arguments: folder to work in, whether
strangers are there, directories of session 1, "--", directories of session 2.
"""
import json
import os
import sys

import strangers as s

FIRST_GAP, LATER_GAP = 11402, 6902
FIRST_RESERVE, LATER_RESERVE = 10752, 5632

faults = s.Faults()


def info(disc):
    return json.loads(s.lathe("info", "-d", "emu:" + disc, "--json").stdout)


def record(disc, paths):
    """The events of a burn that must succeed, by their names."""
    out = s.lathe("burn", "-d", "emu:" + disc, "--no-rock-ridge",
                  "--progress=json", *paths)
    events = [json.loads(line) for line in out.stdout.splitlines()]
    return {event["event"]: event for event in events}


def tree_of(paths):
    tree = {}
    for path in paths:
        tree.update(s.of_directory(path, os.path.basename(path)))
    return tree


def check_readers(disc, number, start, tree, with_strangers):
    who = "session %d by " % number
    faults.same(who + "lathe -d", tree, s.by_lathe(
        ("-d", "emu:" + disc), "--session", str(number)))
    faults.same(who + "lathe -i", tree, s.by_lathe(
        ("-i", disc), "--session", str(number)))
    if not with_strangers:
        return
    faults.same(who + "xorriso", tree, s.by_xorriso(disc, start))
    faults.same(who + "isoinfo -J",
                {s.in_latin_1(p): v for p, v in tree.items()},
                dict(s.by_isoinfo(disc, start, joliet=True)))
    check_iso_names(who + "isoinfo", disc, start, tree)
    check_whole_files(disc, start, tree)


def check_iso_names(who, disc, start, tree):
    """ISO 9660's own names differ; number, depth, contents do not."""
    def shape(some):
        return sorted((p.count("/"), v or ()) for p, v in some)
    if shape(tree.items()) != shape(s.by_isoinfo(disc, start)):
        faults(who + ": other contents than the tree's")


def check_whole_files(disc, start, tree):
    """isoinfo -x itself, on a few."""
    files = [p for p, v in sorted(tree.items()) if v and v[0]]
    for path in files[::max(1, len(files) // 5)]:
        data = s.run("isoinfo", "-J", "-j", "iso8859-1", "-T", str(start),
                     "-i", disc, "-x", "/" + s.in_latin_1(path))
        faults.equal("isoinfo -x " + path, len(data), tree[path][0])


def check_state(disc, number, limit, last, reserve, gaps):
    now = info(disc)
    track = now["sessions"][number - 1]
    nwa = track["start"] + track["blocks"] + gaps
    faults.equal("sessions", len(now["sessions"]), number)
    faults.equal("next writable", now["medium"]["next_writable"], nwa)
    faults.equal("free blocks", now["medium"]["free_blocks"], limit - nwa)
    faults.equal("own", track["own"], True)
    faults.equal("mode", (now["mode"], now["why"]), ("multi", "own"))
    faults.equal("closing", now["closing"], {
        "documented_blocks": reserve, "physical_blocks": LATER_GAP,
        "next_documented_blocks": LATER_RESERVE,
        "next_physical_blocks": LATER_GAP})
    faults.equal("the report's next address", last["end"]["next_writable"],
                 nwa)
    faults.equal("the report's start", last["end"]["start"], track["start"])
    faults.equal("the track", last["end"]["track_blocks"], track["blocks"])
    return nwa


def main():
    folder, with_strangers = sys.argv[1], sys.argv[2] == "yes"
    middle = sys.argv.index("--")
    first, second = sys.argv[3:middle], sys.argv[middle + 1:]
    disc = os.path.join(folder, "d.img")

    s.lathe("emu", "create", disc, "--media", "cd-r-80")
    blank = info(disc)
    limit = blank["medium"]["free_blocks"]
    faults.equal("mode", (blank["mode"], blank["why"]), ("single", "blank"))
    faults.equal("closing", blank["closing"], {
        "documented_blocks": FIRST_RESERVE, "physical_blocks": FIRST_GAP,
        "next_documented_blocks": LATER_RESERVE,
        "next_physical_blocks": LATER_GAP})

    one = record(disc, first)
    faults.equal("the start of session 1", one["end"]["start"], 0)
    start = check_state(disc, 1, limit, one, LATER_RESERVE, FIRST_GAP)
    old = tree_of(first)
    check_readers(disc, 1, 0, old, with_strangers)

    two = record(disc, second)
    faults.equal("the start of session 2", two["end"]["start"], start)
    check_state(disc, 2, limit, two, LATER_RESERVE, LATER_GAP)
    new = tree_of(second)
    check_readers(disc, 2, start, {**old, **new}, with_strangers)
    check_readers(disc, 1, 0, old, with_strangers)
    check_old_extents(disc, old)
    for number in ("1", "2"):
        s.lathe("verify", "-d", "emu:" + disc, "--full", "--session", number)
        s.lathe("verify", "-i", disc, "--full", "--session", number)
    faults.finish()


def check_old_extents(disc, old):
    """No old block was copied: old files are where session 1 put them."""
    def listed(number):
        out = s.lathe("ls", "-d", "emu:" + disc, "--json", "--session",
                      number).stdout
        rows = [json.loads(line) for line in out.splitlines()]
        return {row["path"][1:]: row for row in rows}
    before, after = listed("1"), listed("2")
    for path, value in old.items():
        if not value or not value[0]:
            continue
        for key in ("lba", "session", "size", "mtime"):
            faults.equal("%s of %s" % (key, path), after[path][key],
                         before[path][key])
        faults.equal("session of " + path, after[path]["session"], 1)


if __name__ == "__main__":
    main()
