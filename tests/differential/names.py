# SPDX-License-Identifier: MIT
"""What a volume is to show of a tree of the host: under its own name what the
hierarchy can hold, the rest under another one in the same directory."""
import collections
import os

import source
import standard_tree
from reading import JOLIET, ROCK, digest

RATIONAL = {"directory": 0o555}


def children(items):
    below = collections.defaultdict(dict)
    for path, item in items.items():
        folder, _, name = path.rpartition("/")
        below[folder][name] = item
    return below


class Comparison:
    """'wanted' and 'got': path -> Item. 'holds' tells whether a name can be
    recorded as it is."""

    def __init__(self, who, wanted, got, holds):
        self.who, self.holds, self.lines = who, holds, []
        self.wanted, self.got = children(wanted), children(got)
        self.folder("", "")

    def same(self, path, item, other_path, other):
        if item.kind != other.kind or item.digest != other.digest:
            return False
        return item.kind != "directory" or \
            self.leaves(self.wanted, path) == self.leaves(self.got,
                                                          other_path)

    def leaves(self, tree, path):
        found, pending = collections.Counter(), [(path, 0)]
        for folder, depth in pending:    # grows while it is walked
            for name, item in tree.get(folder, {}).items():
                found[depth, item.kind, item.digest] += 1
                if item.kind == "directory":
                    pending.append((folder + "/" + name, depth + 1))
        return found

    def folder(self, path, other_path):
        mine = dict(self.wanted.get(path, {}))
        its = dict(self.got.get(other_path, {}))
        for name in sorted(mine.keys() & its.keys()):
            if self.holds(name):
                self.pair(path, name, other_path, name, mine, its)
        for name in sorted(mine):
            full = join(path, name)
            if self.holds(name):
                self.lines.append("%s: %r is missing" % (self.who, full))
                continue
            found = [n for n in sorted(its) if self.same(
                full, mine[name], join(other_path, n), its[n])]
            if not found:
                self.lines.append("%s: nothing is %r" % (self.who, full))
            elif len(found) == 1 or mine[name].kind != "directory":
                self.pair(path, name, other_path, found[0], mine, its)
            else:
                del mine[name], its[found[0]]
        for name in sorted(its):
            self.lines.append("%s: nobody asked for %r" % (
                self.who, join(other_path, name)))

    def pair(self, path, name, other_path, other_name, mine, its):
        item, other = mine.pop(name), its.pop(other_name)
        full, other_full = join(path, name), join(other_path, other_name)
        if (item.kind, item.size, item.digest) != (other.kind, other.size,
                                                   other.digest):
            self.lines.append("%s: %r is a %s of %s bytes, not a %s of %s" % (
                self.who, full, other.kind, other.size, item.kind, item.size))
        elif item.mtime is not None and other.mtime != item.mtime:
            self.lines.append("%s: %r is of %s, not of %s" % (
                self.who, full, other.mtime, item.mtime))
        if item.kind == "directory" == other.kind:
            self.folder(full, other_full)


def join(folder, name):
    return folder + "/" + name if folder else name


def without_rock_ridge(tree, links_too):
    """Links to files are those files; other links and what is no file are
    left out."""
    wanted = {}
    for path, item in tree.items.items():
        full = tree.full(path)
        if item.kind == "symlink" and os.path.isfile(full) and links_too:
            with open(full, "rb") as f:
                data = f.read()
            item = item.with_all(kind="file", size=len(data),
                                 digest=digest(data), mtime=None)
        if item.kind in ("file", "directory"):
            wanted[path] = with_time(item)
    return wanted


def with_time(item):
    if item.mtime is None or source.recorded_time(item.mtime) != item.mtime:
        return item.with_all(mtime=None)
    return item


def check(tree, there, options):
    """Lines."""
    wanted = without_rock_ridge(tree, True)
    joliet = Comparison(
        JOLIET, wanted, there[JOLIET],
        lambda name: standard_tree.is_joliet(name, options.units)).lines
    lines = joliet
    if ROCK in there:
        lines += check_rock(tree, there[ROCK], options)
    return lines


def check_rock(tree, got, options):
    wanted = {path: with_time(item) for path, item in tree.items.items()
              if options.special or
              item.kind in ("file", "directory", "symlink")}
    lines = Comparison(ROCK, wanted, got, lambda name: True).lines
    groups = collections.Counter(tree.groups.values())
    for path in wanted.keys() & got.keys():
        lines += check_posix(path, wanted[path], got[path], options,
                             tree.groups.get(path), got)
    return lines


def check_posix(path, item, other, options, first, got):
    if options.keep:
        mode, owner = item.mode, item.owner
    else:
        mode = 0o555 if item.kind == "directory" or item.mode & 0o111 \
            else 0o444
        owner = (0, 0)
    if item.kind == "symlink":
        mode = other.mode    # POSIX says nothing of it
    lines = []
    for what, is_, wanted in (
            ("mode", other.mode, mode), ("owner", other.owner, owner),
            ("device", other.device, item.device),
            ("target", other.target, item.target),
            ("links", other.links, item.links if item.kind == "file"
             else other.links)):
        if is_ != wanted:
            lines.append("%s: %s of %r is %r, not %r" % (
                ROCK, what, path, is_, wanted))
    if first and item.size and got[first].extents != other.extents:
        lines.append("%s: %r has other extents than %r" % (ROCK, path,
                                                           first))
    return lines
