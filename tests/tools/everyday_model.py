# SPDX-License-Identifier: MIT
"""What has to be on a volume after a session, by the words of the manual:
--rename, --remove, sources that are merged, --update, --mirror, patterns.
"""
import collections
import dataclasses
import os
import stat
import unicodedata

from reading import digest

NO_DATE = "none"    # 9.1.5: a date that is not given, or can not be
FIRST, LAST = -2208988800, 5869583999    # seconds it can record
ON_THE_WAY = -1


class Refused(Exception):
    """The statuses that the program may end with."""

    def __init__(self, *statuses):
        super().__init__(statuses)
        self.statuses = statuses


@dataclasses.dataclass
class Node:
    kind: str    # file, directory, symlink, fifo
    digest: str = None
    size: int = None
    mtime: object = None    # None: not compared
    mode: int = None
    owner: tuple = None
    target: str = None
    shown: str = None    # by a link, where links are not known
    new: bool = False    # recorded by this session
    file: tuple = None    # device and inode of one with several names


@dataclasses.dataclass
class Source:
    target: str
    contents: bool    # what is in the directory, not itself
    path: str
    argument: str
    folder: bool = False    # 'path' is one


@dataclasses.dataclass
class Command:
    arguments: list = dataclasses.field(default_factory=list)
    sources: list = dataclasses.field(default_factory=list)
    renames: list = dataclasses.field(default_factory=list)
    removes: list = dataclasses.field(default_factory=list)
    rules: list = dataclasses.field(default_factory=list)
    update: bool = False
    mirror: bool = False
    no_replace: bool = False
    symlinks: str = "record"
    rock: bool = True
    modes: bool = False
    owner: bool = False
    special: bool = False
    nfc: bool = False
    renames_volume: bool = False


# ---- patterns ---------------------------------------------------------------

def in_set(members, char):
    i = 0
    while i < len(members):
        if members[i + 1:i + 2] == "-" and i + 2 < len(members):
            if members[i] <= char <= members[i + 2]:
                return True
            i += 3
        else:
            if members[i] == char:
                return True
            i += 1
    return False


def glob_name(pattern, name):
    if not pattern:
        return not name
    first, rest = pattern[0], pattern[1:]
    if first == "*":
        return any(glob_name(rest, name[i:]) for i in range(len(name) + 1))
    if not name:
        return False
    end = pattern.find("]", 3 if pattern[1:2] in ("!", "^") else 2)
    if first == "[" and end > 0:
        negated = pattern[1] in "!^"
        return in_set(pattern[1 + negated:end], name[0]) != negated and \
            glob_name(pattern[end + 1:], name[1:])
    if first == "\\" and rest:
        first, rest = rest[0], rest[1:]
    elif first == "?":
        first = name[0]
    return first == name[0] and glob_name(rest, name[1:])


def glob_path(pattern, path):
    def match(p, n):
        if not p or not n:
            return not p and not n
        if p[0] == "**":
            return len(p) == 1 or any(match(p[1:], n[i:])
                                      for i in range(len(n)))
        return glob_name(p[0], n[0]) and match(p[1:], n[1:])
    return match([part for part in pattern.split("/") if part],
                 [part for part in path.split("/") if part])


def is_excluded(rules, path, directory):
    """The last pattern that matches decides."""
    for rule in reversed(rules):
        takes_in = rule.startswith("!")
        rule = rule[takes_in:]
        if rule.endswith("/") and len(rule) > 1:
            if not directory:
                continue
            rule = rule.rstrip("/")
        if glob_path(rule, path) if "/" in rule else \
                glob_name(rule, path.rpartition("/")[2]):
            return not takes_in
    return False


# ---- paths, dates -----------------------------------------------------------

def nfc(name):
    return unicodedata.normalize("NFC", name)


def parent(path):
    return path.rpartition("/")[0]


def above(path):
    parts = path.split("/")
    return ["/".join(parts[:i]) for i in range(1, len(parts))]


def below(paths, top):
    return [p for p in paths if not top or p.startswith(top + "/")]


def date_of(st):
    when = st.st_mtime_ns // 10 ** 9
    return when if FIRST <= when <= LAST else NO_DATE


def digest_of(path):
    with open(path, "rb") as f:
        return digest(f.read())


class Session:
    """'volume' (path -> Node) and its root, changed by a command."""

    def __init__(self, volume, root, first, command):
        self.volume = {path: dataclasses.replace(node, new=False)
                       for path, node in volume.items()}
        self.root, self.first, self.command = root, first, command
        self.updates = command.update or command.mirror
        self.changed = False
        self.totals = collections.Counter()
        self.moved = []    # pairs of paths
        self.unsure = set()    # links of which nobody can know
        self.seen, self.targets, self.later = {}, [], []
        self.found = set()    # files of this host that came by
        # Their names on the volume that stay as they are.
        self.kept = collections.defaultdict(list)
        # A name of a file of this session made way for another file.
        self.lost_name = False
        self.root_filled, self.call = False, 0
        self.named = []    # what is known of the sources

    def run(self):
        for old, new in self.command.renames:
            self.rename(old, new)
        for path in self.command.removes:
            self.remove(path)
        sources = self.command.sources
        for source in reversed(sources) if self.updates else sources:
            self.call += 1
            self.add(source)
        self.date_root()
        self.mirror()
        if self.changed:
            for path, st in self.later:
                self.describe(path, st)
        # A name is reason for a session, and no difference of the tree.
        self.changed |= self.command.renames_volume and not self.first
        if self.command.rock:
            self.fill_in()
        else:
            self.flatten()
        return self

    # ---- what is there

    def drop(self, path):
        gone = [path] + below(self.volume, path)
        for each in gone:
            del self.volume[each]
        self.changed = True
        return len(gone)

    def parents(self, paths, mtime=NO_DATE):
        """They have no permissions, until a source gives them some."""
        for path in paths:
            if path not in self.volume:
                self.volume[path] = Node("directory", mtime=mtime, new=True)
                self.changed = True
            elif self.volume[path].kind != "directory":
                raise Refused(5)

    def rename(self, old, new):
        if old not in self.volume:
            raise Refused(4)
        if new.endswith("/"):
            new += old.rpartition("/")[2]
        self.parents(above(new))
        if new == old:
            return
        if new.startswith(old + "/"):
            raise Refused(2, 5)
        if new in self.volume:
            raise Refused(5)
        self.changed = True
        self.moved += [old, new]
        for path in [old] + below(self.volume, old):
            self.volume[new + path[len(old):]] = self.volume.pop(path)

    def remove(self, pattern):
        path = pattern.strip("/")
        if path in self.volume:
            self.drop(path)
            return
        found = [p for p in self.volume if glob_path(pattern, p)] \
            if set(pattern) & set("*?[\\") else []
        if not found:
            raise Refused(4)
        for path in found:
            if path in self.volume:
                self.drop(path)

    # ---- sources

    def add(self, source):
        st = os.stat(source.path)
        self.named.append(st)
        links = []
        if source.contents:
            self.parents(above(source.target + "/x") if source.target else [],
                         date_of(st))
            self.refuse_unmounted(source)
            if not source.target:
                self.fill_root(st)
        else:
            self.parents(above(source.target), date_of(st))
            self.refuse_unmounted(source)
            if stat.S_ISDIR(st.st_mode):
                self.folder(source.target, st)
        if stat.S_ISDIR(st.st_mode):
            if self.command.mirror:
                self.targets.append(source.target)
                self.on_the_way(source.target)
            self.walk(source.target, source.path,
                      [(st.st_dev, st.st_ino)], links)
        else:
            if self.command.mirror:
                self.on_the_way(parent(source.target))
            self.file(source.target, st, source.path)
        for link in links:
            self.link(*link)

    def refuse_unmounted(self, source):
        """All files of it would go, but for excluded ones."""
        if self.command.mirror and os.path.isdir(source.path) and \
                not os.listdir(source.path) and \
                any(self.volume[p].kind == "file" and not self.volume[p].new
                    and not self.stays_excluded(p, source.target)
                    for p in below(self.volume, source.target)):
            raise Refused(7)

    def stays_excluded(self, path, top):
        return any(is_excluded(self.command.rules, "/" + p,
                               self.volume[p].kind == "directory")
                   for p in below(above(path) + [path], top))

    def fill_root(self, st):
        if self.root_filled:
            return
        self.root_filled = self.updates
        if self.updates and NO_DATE not in (self.root.mtime, date_of(st)):
            self.keep("", self.root, st)
        elif self.root.mtime == NO_DATE or (
                self.first and not self.command.no_replace):
            self.changed = self.changed or not self.first
            self.describe("", st)

    def date_root(self):
        """One that nothing fills has the newest date of what was named."""
        if self.first and self.root.mtime == NO_DATE and self.named:
            self.root.mtime = date_of(max(
                self.named, key=lambda st: st.st_mtime_ns // 10 ** 9))

    def walk(self, node, path, chain, links):
        for name in sorted(os.listdir(path)):
            full = path + "/" + name
            st, followed = self.look(full)
            where = nfc(name) if self.command.nfc else name
            where = node + "/" + where if node else where
            if is_excluded(self.command.rules, "/" + where,
                           stat.S_ISDIR(st.st_mode)):
                continue
            if stat.S_ISDIR(st.st_mode):
                key = st.st_dev, st.st_ino
                if followed and key in chain:
                    self.leave_out(where)
                    continue
                self.folder(where, st)
                self.walk(where, full, chain + [key], links)
            elif stat.S_ISLNK(st.st_mode):
                self.found_link(where, full, st, links)
            elif stat.S_ISREG(st.st_mode):
                self.file(where, st, full)
            else:
                self.special(where, st)

    def look(self, full):
        """A link to a file waits until all files are known."""
        st = os.lstat(full)
        if stat.S_ISLNK(st.st_mode) and self.command.symlinks == "follow" \
                and os.path.exists(full) and not os.path.isfile(full):
            return os.stat(full), True
        return st, False

    def on_the_way(self, path):
        for each in above(path) + [path]:
            self.seen.setdefault(each, ON_THE_WAY)

    def see(self, path):
        if self.seen.get(path, ON_THE_WAY) == ON_THE_WAY:
            self.seen[path] = self.call

    def came(self, path):
        """By itself, not only on the way to something else."""
        return self.seen.get(path, ON_THE_WAY) != ON_THE_WAY

    def leave_out(self, path):
        """What is here and was left out stays on the disc."""
        if self.command.mirror and path in self.volume:
            for each in [path] + below(self.volume, path):
                self.see(each)

    def meet(self, path, kind):
        """What is there already: None, "old", or "earlier": of another
        source."""
        node = self.volume.get(path)
        if not (self.updates or self.command.nfc):
            return None
        if node is None:
            self.totals["new"] += 1
            return None
        call = self.seen.get(path, ON_THE_WAY)
        if call == self.call:
            raise Refused(5)
        if not self.updates:
            return None
        if "directory" in (node.kind, kind) and node.kind != kind and \
                any(self.came(each)
                    for each in [path] + below(self.volume, path)):
            raise Refused(5)
        if call != ON_THE_WAY:
            return "earlier"
        if node.kind == kind:
            return "old"
        self.drop(path)
        self.totals["changed"] += 1
        return None

    def refuse_clash(self, path, met):
        if path in self.volume and met != "old" and (
                self.command.no_replace or
                self.volume[path].kind == "directory"):
            raise Refused(5)

    # ---- attributes

    def attributes(self, st, kind):
        """What is recorded of them."""
        if not self.command.rock:
            return {"mode": None, "owner": None}
        mode = stat.S_IMODE(st.st_mode)
        if not self.command.modes:
            mode = 0o777 if kind == "symlink" else \
                0o555 if kind == "directory" or mode & 0o111 else 0o444
        return {"mode": mode, "owner": (st.st_uid, st.st_gid)
                if self.command.owner else (0, 0)}

    def describe(self, path, st):
        node = self.root if not path else self.volume.get(path)
        if node is None:
            return
        given = self.attributes(st, node.kind)
        if node.mode is not None and not self.command.modes and \
                node.kind in ("file", "fifo"):
            # Whether it can be executed is no difference.
            given["mode"] = 0o555 if node.mode & 0o111 else 0o444
        node = dataclasses.replace(node, mtime=date_of(st), **given)
        if path:
            self.volume[path] = node
        else:
            self.root = node

    def keep(self, path, node, st):
        command = self.command
        self.see(path)
        if command.rock and (
                command.modes and node.mode != stat.S_IMODE(st.st_mode) or
                command.owner and node.owner != (st.st_uid, st.st_gid)):
            self.describe(path, st)
            self.totals["attributes"] += 1
            self.changed = True
            return
        self.totals["kept"] += 1
        if node.kind != "file" and node.mtime != date_of(st):
            self.later.append((path, st))

    def put(self, path, kind, st, **more):
        self.volume[path] = Node(kind, mtime=date_of(st), new=True,
                                 **self.attributes(st, kind), **more)
        self.changed = True
        self.see(path)

    # ---- each kind

    def folder(self, path, st):
        met = self.meet(path, "directory")
        node = self.volume.get(path)
        if met == "old":
            self.keep(path, node, st)
        elif node is None:
            self.put(path, "directory", st)
        elif node.kind != "directory":
            raise Refused(5)
        elif met is None:
            # Those of the disc stay.
            if node.new:
                self.describe(path, st)
            self.see(path)

    def file(self, path, st, full):
        met = self.meet(path, "file")
        node = self.volume.get(path)
        if met == "earlier":
            return
        self.found.add((st.st_dev, st.st_ino))
        if met == "old" and (node.size, node.mtime) == (
                st.st_size, date_of(st)):
            self.kept[st.st_dev, st.st_ino].append(path)
            return self.keep(path, node, st)
        self.totals["changed"] += met == "old"
        self.refuse_clash(path, met)
        if node and node.new and node.file != (st.st_dev, st.st_ino):
            self.lost_name = True
        self.put(path, "file", st, digest=digest_of(full), size=st.st_size,
                 file=(st.st_dev, st.st_ino) if st.st_nlink > 1 else None)

    def special(self, path, st):
        if not self.command.special:
            self.leave_out(path)
            return
        met = self.meet(path, "fifo")
        if met == "old":
            self.keep(path, self.volume[path], st)
        elif met is None:
            self.refuse_clash(path, met)
            self.put(path, "fifo", st)

    def found_link(self, path, full, st, links):
        behind = os.stat(full) if os.path.isfile(full) else None
        if self.command.symlinks != "skip" and (behind or (
                self.command.rock and self.command.symlinks == "record")):
            links.append((path, full, st, behind))
        else:
            self.leave_out(path)

    def link(self, path, full, st, behind):
        if self.command.symlinks == "follow" or not self.command.rock:
            return self.file(path, behind, full)
        text = os.readlink(full)
        if self.command.nfc:
            text = "/".join(map(nfc, text.split("/")))
        met = self.meet(path, "symlink")
        if met == "earlier":
            return
        node = self.volume.get(path)
        shown = digest_of(full) if behind else None
        if met == "old" and node.target == text:
            # Whether it shows the same is told by size and blocks alone.
            if shown != node.shown or (behind and behind.st_size and (
                    behind.st_dev, behind.st_ino) in self.found):
                self.unsure.add(path)
            if shown == node.shown:
                return self.keep(path, node, st)
        self.totals["changed"] += met == "old"
        self.refuse_clash(path, met)
        self.put(path, "symlink", st, target=text, shown=shown)

    # ---- the end

    def beside_what_came(self, path):
        """All of a directory, but for what is below what came by."""
        return [path] + [each for each in below(self.volume, path)
                         if not any(self.came(up) for up in above(each)
                                    if up.startswith(path + "/"))]

    def mirror(self):
        rules = self.command.rules
        for top in self.targets:
            self.see(top)
        for top in self.targets if rules else ():
            for path in below(self.volume, top):
                if self.came(path) or not is_excluded(
                        rules, "/" + path,
                        self.volume[path].kind == "directory"):
                    continue
                for each in self.beside_what_came(path):
                    self.see(each)
                self.on_the_way(parent(path))
        for top in self.targets:
            for path in below(list(self.volume), top):
                if path in self.volume and path not in self.seen:
                    self.totals["gone"] += self.drop(path)

    def fill_in(self):
        """What a session without Rock Ridge had no permissions of."""
        self.root = dataclasses.replace(self.root)
        for node in [self.root] + list(self.volume.values()):
            if node.mode is None:
                node.mode = 0o555 if node.kind == "directory" else 0o444
                node.owner = (0, 0)

    def flatten(self):
        """Without Rock Ridge a link is what Joliet shows of it."""
        self.root = dataclasses.replace(self.root, mode=None, owner=None)
        for path, node in list(self.volume.items()):
            if node.kind == "fifo" or (node.kind == "symlink" and
                                       node.shown is None):
                del self.volume[path]
            elif node.kind == "symlink":
                self.volume[path] = Node("file", digest=node.shown)
            else:
                self.volume[path] = dataclasses.replace(node, mode=None,
                                                        owner=None)
