# SPDX-License-Identifier: MIT
"""Whether the hierarchies of a volume show the same files: by what is in
them, and by their names where Rock Ridge gives ISO 9660 names to compare."""
import collections

from volume_fields import JOLIET_FORBIDDEN
from volume_names import units_of


# ---- without names ----------------------------------------------------------

def shape(directory):
    """What is below a directory but for its identifiers: equal for two
    hierarchies that show the same files in the same folders."""
    record = directory.record
    return (record.date, record.flags,
            tuple(sorted((f.sections(), f.size) + f.attributes()
                         for f in directory.files)),
            tuple(sorted(shape(child) for child in directory.folders)))


def check_agreement(hierarchies, report):
    first, *others = hierarchies
    for other in others:
        if first.rock:
            a, b = tree_of(first), tree_of(other)
            Comparison(other, report).compare(a, b, "")
        elif shape(other.directories[0]) != shape(first.directories[0]):
            report("agreement", other.names.name, difference(first, other))


def difference(a, b):
    """Where to look: the first file that only one of the two has."""
    def all_files(hierarchy):
        return {(f.sections(), f.size) + f.attributes():
                hierarchy.where(d.path, f.id) for d, f in hierarchy.files()}
    x, y = all_files(a), all_files(b)
    alone = [x[key] for key in x.keys() - y.keys()] + \
        [y[key] for key in y.keys() - x.keys()]
    return sorted(alone)[0] if alone else "other folders"


# ---- trees as they are seen -------------------------------------------------

class Node:
    """A name in a directory. 'rock' is there where Rock Ridge is, 'file' but
    for directories."""

    def __init__(self, name, record, rock=None, file=None):
        self.name, self.record, self.rock, self.file = name, record, rock, \
            file
        self.type = rock.type if rock else "file" if file else "directory"
        self.children = {}
        self.kept = None

    def key(self):
        """What is equal in all hierarchies."""
        if self.file is None:
            return "directory", self.record.date, self.record.flags
        return ("file", self.file.sections(), self.file.size) + \
            self.file.attributes()

    def is_optional(self):
        """What hierarchies without Rock Ridge may leave out: RRIP 4.1.1
        knows it, 9.1 does not. A symbolic link may be the file there that
        it leads to."""
        return self.type not in ("file", "directory")

    def is_like(self, other):
        if self.is_optional():
            return loose(self.key()) == loose(other.key())
        return self.key() == other.key()

    def leaves(self):
        """Of all below it: how often each (depth, key) is there."""
        if self.kept is None:
            must, may = collections.Counter(), collections.Counter()
            for child in self.children.values():
                (may if child.is_optional() else must)[0, child.key()] += 1
                for mine, its in zip((must, may), child.leaves()):
                    for (depth, key), count in its.items():
                        mine[depth + 1, key] += count
            self.kept = must, may
        return self.kept


def loose(key):
    """But for content."""
    return key[0], key[-2], key[-1]


def agree(must, may, there):
    """Of Counters of keys: all that must be is there, and besides what may
    be, with whatever content."""
    extra, left = collections.Counter(), collections.Counter()
    for key, count in (there - must).items():
        extra[key[:-1] + (loose(key[-1]),)] += count
    for key, count in may.items():
        left[key[:-1] + (loose(key[-1]),)] += count
    return not must - there and not extra - left


def text_of(rock, hierarchy, record, by_rock):
    if rock and rock.name is not None:
        return rock.name.decode("utf-8", "surrogateescape")
    return hierarchy.names.text(record.id,
                                record.is_directory or not by_rock)


def things_in(directory, rock, moved):
    """Record that names it, Directory or None, File or None. Directories
    that Rock Ridge moved away are where they belong."""
    hidden = set(moved.values())
    for folder in directory.folders:
        # The place where moved ones are kept has RE, too.
        if folder not in hidden and not (
                rock and rock.of[folder.record.at].relocated):
            yield folder.record, folder, None
    for file in directory.files:
        record = file.records[0]
        if record.at in moved:
            yield record, moved[record.at], None
        else:
            yield record, None, file


def tree_of(hierarchy, by_rock=True):
    """As those see it who know Rock Ridge, or as others do: then names are
    whole identifiers."""
    rock = hierarchy.rock if by_rock else None
    moved = rock.moved() if rock else {}
    root = hierarchy.directories[0]
    top = Node("", root.record, rock and rock.of[root.self_record.at])
    pending = [(top, root)]
    for node, directory in pending:    # grows while it is walked
        for record, folder, file in things_in(directory, rock, moved):
            said = rock and rock.of[record.at]
            name = text_of(said, hierarchy, record, by_rock)
            while name in node.children:
                name += "\0"    # twice, which is told elsewhere
            child = Node(name, folder.record if folder else record, said,
                         file)
            node.children[name] = child
            if folder:
                pending.append((child, folder))
        if len(pending) > 2 * len(hierarchy.directories):
            break    # a loop of CL, which is told elsewhere
    return top


def contents_of(hierarchy):
    """Directory -> the one it belongs into, what it holds, and what of that
    others need not have; those that are there for moved ones are left
    out."""
    rock, found = hierarchy.rock, {}
    moved = rock.moved() if rock else {}
    root = hierarchy.directories[0]
    pending = [(root, None)]
    for directory, parent in pending:    # grows while it is walked
        must, may = collections.Counter(), collections.Counter()
        if directory in found:
            break    # a loop of CL, which is told elsewhere
        found[directory] = parent, must, may
        for record, folder, file in things_in(directory, rock, moved):
            node = Node("", folder.record if folder else record,
                        rock and rock.of[record.at], file)
            (may if node.is_optional() else must)[node.key(),] += 1
            if folder:
                pending.append((folder, directory))
    return found


def paths_of(hierarchy, by_rock=True):
    """Path -> Node, of all that is there."""
    paths, pending = {}, [("", tree_of(hierarchy, by_rock))]
    for base, node in pending:    # grows while it is walked
        for name, child in node.children.items():
            paths[base + name] = child
            pending.append((base + name + "/", child))
    return paths


# ---- with names -------------------------------------------------------------

class Comparison:
    """Of Rock Ridge and another hierarchy, which shows what it can."""

    def __init__(self, other, report):
        self.other, self.report = other, report

    def fault(self, path, text):
        self.report("rock-agreement", "%s %s" % (
            self.other.names.name, path.encode(
                "unicode_escape", "surrogatepass").decode() or "/"), text)

    def can_hold(self, name):
        try:
            units = units_of(name.encode("utf-16-be"))
        except UnicodeEncodeError:
            return False
        return len(units) <= self.other.names.most_units and \
            JOLIET_FORBIDDEN.isdisjoint(units)

    def fits(self, a, b):
        """'b' has all that 'a' has; of what it may leave out, some."""
        if not a.is_like(b):
            return False
        must, may = a.leaves()
        return agree(must, may, sum(b.leaves(), collections.Counter()))

    def compare(self, a, b, path):
        mine, its = dict(a.children), dict(b.children)
        for name in sorted(mine.keys() & its.keys()):
            if self.can_hold(name) and self.fits(mine[name], its[name]):
                self.go_on(mine.pop(name), its.pop(name), path)
        for name in sorted(mine):
            self.other_name(name, mine, its, b, path)
        for name, child in mine.items():
            if not child.is_optional():
                self.fault(path + "/" + name, "is not there")
        for name in its:
            self.fault(path + "/" + name, "is not in Rock Ridge")

    def go_on(self, a, b, path):
        if a.file is None:
            self.compare(a, b, path + "/" + a.name)

    def other_name(self, name, mine, its, b, path):
        """One that Joliet can not hold, or that another has there."""
        child = mine[name]
        found = [n for n in sorted(its) if self.fits(child, its[n])]
        if not found:
            return
        if self.can_hold(name) and name not in b.children and \
                not child.is_optional():
            self.fault(path + "/" + name, "is %r" % found[0])
        del mine[name]
        other = its.pop(found[0])
        if len(found) == 1:
            self.go_on(child, other, path)
