# SPDX-License-Identifier: MIT
"""Where other programs show something else than what is recorded: which one,
in which view, what it does, and why that is not the volume's fault. Each
applies where its condition holds and nowhere else, and is counted.
"""
import collections
import unicodedata

from reading import ISO, JOLIET, ROCK

ALL = (ISO, JOLIET, ROCK)
DAY = 86400


class Deviation:
    """'name': of one name, and whether it is a directory's; 'item': of what
    is said of it; 'paths': (path, Item) of all that is shown instead, None if
    it is shown as it is. 'both': some of what it shows is changed, so that
    the name is compared as it would be. 'blind': whether the volume is one
    that it can not read this way; it is asked for another view then."""

    def __init__(self, peer, views, what, why, name=None, item=None,
                 paths=None, both=False, blind=None, trees=True):
        self.peer, self.views, self.what, self.why = peer, views, what, why
        self.name, self.item, self.paths = name, item, paths
        self.both, self.blind, self.count = both, blind, 0
        self.in_trees = trees    # whether trees.py is to see it


def without_version(name, folder):
    """ISO 9660's ";1", and a dot that nothing follows."""
    if folder or ";" not in name:
        return name
    name = name.rpartition(";")[0]
    return name[:-1] if name.endswith(".") else name


def in_latin_1(name, _):
    units = name.encode("utf-16-be", "surrogatepass")
    return "".join(chr(units[i + 1]) if units[i] == 0 else "_"
                   for i in range(0, len(units), 2))


def in_nfc(name, _):
    return unicodedata.normalize("NFC", name)


def without_version_and_dot(name, folder):
    name = without_version(name, folder)
    return name[:-1] if folder and name.endswith(".") else name


def without_backslash(path, item, _):
    return [(path.lstrip("\\"), item)] if path[:1] == "\\" else None


def without_special(_, item, __):
    return None if item.kind in ("file", "directory", "symlink") else []


def has_moved(volume):
    rock = volume.hierarchies[0].rock
    return bool(rock and rock.moved())


def has_moved_twice(volume):
    """A directory that was moved away from below one that was."""
    rock = volume.hierarchies[0].rock
    moved = rock.moved() if rock else {}
    for directory in volume.hierarchies[0].directories:
        above = directory
        while above and above not in moved.values():
            above = above.parent
        if above and any(r.at in moved for r in directory.records):
            return True
    return False


def has_composed_twins(volume):
    """Names of one directory that are the same when they are composed, one
    of them a directory's."""
    for directory in volume.hierarchies[1].directories:
        names = [in_nfc(volume.hierarchies[1].names.text(r.id, True), None)
                 for r in directory.records]
        if len(set(names)) < len(names):
            return True
    return False


def has_dots_twin(volume):
    """As JOLIET is the view that 7zz takes, there is no other."""
    for directory in volume.hierarchies[1].directories:
        names = {volume.hierarchies[1].names.text(r.id, True)
                 for r in directory.records}
        if {"...", "_"} <= names:
            return True
    return False


def is_blind(peer, view, volume):
    blind = [d for d in TABLE if d.blind and d.peer == peer and
             view in d.views and d.blind(volume)]
    for d in blind:
        d.count += 1
    return bool(blind)


def is_split(path, reading):
    return any(p.startswith(path + "/") for p in reading)


def without_last_dot(path, item, reading):
    """Of the last name; names of directories on the way are whole, so that
    one that holds something is made twice."""
    if not path.endswith("."):
        return None
    base, _, name = path[:-1].rpartition("/")
    shown = [((base + "/" if base else "") + name, item)]
    if name == "..":    # what would lead upwards is made safe
        shown = [] if item.kind == "directory" else [
            ((base + "/" if base else "") + "_", item)]
    if item.kind == "directory" and is_split(path, reading):
        shown.append((path, item.with_all(mtime=None)))
    return shown


def date_of_links(_, item, reading):
    if item.extents and sum(i.extents == item.extents
                            for i in reading.values()) > 1:
        return item.with_all(mtime=None)
    return item


def holds_dots(path, item, reading):
    """A directory with a directory "..."."""
    inside = reading.get(path + "/...")
    if inside is not None and inside.kind == "directory":
        return item.with_all(mtime=None)
    return item


def without_time_of_links(_, item, __):
    return item.with_all(mtime=None) if item.kind == "symlink" else item


def no_root(_, item, __):
    return item.with_all(target="") if item.target == "/" else item


def plain_permissions(_, item, __):
    return item if item.mode is None else item.with_all(
        mode=item.mode & 0o777)


def recorded_date(_, item, __):
    return item if item.recorded is None else item.with_all(
        mtime=item.recorded)


def one_second_before_1970(_, item, __):
    return item.with_all(mtime=0) if item.mtime == -1 else item


def day_only(_, item, __):
    return item if item.mtime is None else item.with_all(
        mtime=item.mtime // DAY * DAY)


TABLE = [
    Deviation("isoinfo", (ROCK,), "the date of the record",
              "it has no eyes for TF; genisoimage's links have two dates",
              item=recorded_date, trees=False),
    Deviation("pycdlib", (ROCK,), "the date of the record",
              "it is asked for that; genisoimage's links have two dates",
              item=recorded_date, trees=False),
    Deviation("xorriso", (ISO,), "no version number, no dot at the end",
              "its map of ECMA-119 names, as of all systems",
              name=without_version),
    Deviation("bsdtar", (ISO,), "no version number, no dot at the end",
              "as all systems show them, directories included",
              name=without_version_and_dot),
    Deviation("isoinfo", ALL, "of a date the day",
              "its listing is that of ls", item=day_only),
    Deviation("isoinfo", (JOLIET,), "_ for each unit that Latin-1 has not",
              "it knows no charset of more than 8 bits", name=in_latin_1),
    Deviation("bsdtar", (JOLIET,), "composed characters",
              "libarchive normalizes what it converts from UTF-16",
              name=in_nfc, both=True),
    Deviation("bsdtar", ALL, "a second before 1970 is 1970",
              "-1 is what mktime() says when it fails",
              item=one_second_before_1970),
    Deviation("7zz", (JOLIET,), "no dot at the end of a name",
              "it takes it for the one that ISO 9660 has in front of ;1",
              paths=without_last_dot),
    Deviation("7zz", (JOLIET,), "the date of a directory that holds '...'",
              "that one is taken for the directory itself", item=holds_dots),
    Deviation("xorriso", (ROCK,), "symbolic links of today",
              "it sets no times of links when it extracts them",
              item=without_time_of_links),
    Deviation("isoinfo", (ROCK,), "nothing for a link to the root",
              "it prints no component of that flag", item=no_root),
    Deviation("pycdlib", (ROCK,), "nothing for a link to the root",
              "it joins the components with '/' between them", item=no_root),
    Deviation("lathe", (ROCK,), "no devices, pipes and sockets",
              "extract leaves them out, and says how many",
              paths=without_special),
    Deviation("isoinfo", (ROCK,), "directories that were moved, in RR_MOVED",
              "it does not follow CL", blind=has_moved),
    Deviation("pycdlib", (ROCK, ISO), "directories that were moved, twice",
              "in RR_MOVED, and as the file that has CL", blind=has_moved),
    Deviation("bsdtar", (ISO, JOLIET), "one date for names of one extent",
              "it makes hard links of them", item=date_of_links),
    Deviation("bsdtar", (ROCK,), "a directory moved from a moved one: error",
              "it has passed the one in RR_MOVED before it sees the CL",
              blind=has_moved_twice),
    Deviation("bsdtar", (JOLIET,), "a file and a directory of one name",
              "they are one when their characters are composed",
              blind=has_composed_twins),
    Deviation("bsdtar", (ROCK,), "no backslash at the beginning of a path",
              "it takes paths for those of Windows", paths=without_backslash),
    Deviation("7zz", (JOLIET,), "'...' is '_', as another name may be",
              "two files, or a file and a directory, in one place",
              blind=has_dots_twin, trees=False),
    Deviation("isoinfo", (ROCK,), "no set-user-ID, set-group-ID, sticky bit",
              "its listing has the nine bits only", item=plain_permissions),
]


def expected(peer, view, reading):
    """What the peer is to show of a reading: list of (path, Item)."""
    mine = [d for d in TABLE if d.peer == peer and view in d.views]
    found = []
    for path, item in reading.items():
        new_path = renamed([d for d in mine if d.name], path, item)
        for d in mine:
            if d.item:
                item = changed(d, d.item(path, item, reading), item)
        found += replaced([d for d in mine if d.paths], new_path, item,
                          reading)
    return found


def renamed(names, path, item):
    parts = path.split("/")
    for i, part in enumerate(parts):
        folder = i < len(parts) - 1 or item.kind == "directory"
        for d in names:
            parts[i] = changed(d, d.name(parts[i], folder), parts[i])
    return "/".join(parts)


def replaced(deviations, path, item, reading):
    for d in deviations:
        instead = d.paths(path, item, reading)
        if instead is not None:
            d.count += 1
            return instead
    return [(path, item)]


def shown(peer, view, got):
    """What the peer shows, for the comparison."""
    for d in TABLE:
        if d.both and d.peer == peer and view in d.views:
            got = [("/".join(d.name(part, True) for part in path.split("/")),
                    item) for path, item in got]
    return got


def changed(deviation, new, old):
    deviation.count += new != old
    return new


# ---- comparing --------------------------------------------------------------

# Those that make files: of several of one name, one is left.
MAKERS = ("xorriso", "bsdtar", "7zz", "lathe")
FIELDS = ("kind", "size", "digest", "mode", "mtime", "target", "device",
          "links", "owner", "extents")


def unlike(a, b):
    """Fields of which both say something, and not the same."""
    return [(f, getattr(a, f), getattr(b, f)) for f in FIELDS
            if getattr(a, f) is not None and getattr(b, f) is not None and
            getattr(a, f) != getattr(b, f)]


def differences(peer, view, reading, got):
    """Lines."""
    wanted, got = expected(peer, view, reading), shown(peer, view, got)
    there, here = collections.defaultdict(list), collections.defaultdict(list)
    for path, item in wanted:
        there[path].append(item)
    for path, item in got:
        here[path].append(item)
    lines = []
    for path in sorted(there.keys() | here.keys()):
        lines += compare_name(peer, path, there.get(path, []),
                              here.get(path, []))
    return lines


def compare_name(peer, path, wanted, got):
    if len(wanted) > len(got) == 1 and peer in MAKERS:
        wanted = [w for w in wanted if not unlike(got[0], w)][:1] or wanted
    if len(wanted) != len(got):
        return ["%r: %d times, not %d" % (path, len(got), len(wanted))]
    lines, left = [], list(wanted)
    for item in got:
        best = min(left, key=lambda other: len(unlike(item, other)))
        left.remove(best)
        lines += ["%r: %s is %r, not %r" % ((path,) + difference)
                  for difference in unlike(item, best)]
    return lines


def summary():
    for d in TABLE:
        yield "%6d  %s, %s: %s (%s)" % (
            d.count, d.peer, "/".join(d.views), d.what, d.why)
