# SPDX-License-Identifier: MIT
"""Rock Ridge, RRIP 1.12: what the entries of a record say of a file, and
whether they agree with the record, with each other and with other records.
"""
import struct

from volume_fields import both, check_date_7, check_date_17

RRIP_IDS = (b"RRIP_1991A", b"IEEE_P1282", b"IEEE_1282")
NAME_MOST, TARGET_MOST = 255, 4095
# 4.1.1, table of file types.
TYPES = {0o140000: "socket", 0o120000: "symlink", 0o100000: "file",
         0o060000: "block", 0o020000: "character", 0o040000: "directory",
         0o010000: "fifo"}
# 4.1.6, in the order of their bits.
STAMPS = ("created", "modified", "accessed", "changed", "backup", "expires",
          "effective")
KNOWN = (b"PX", b"PN", b"SL", b"NM", b"CL", b"PL", b"RE", b"TF", b"ER",
         b"ES")
# SPEC 1.9, the order of entries; others follow.
ORDER = (b"PX", b"TF", b"PL", b"PN", b"CL", b"RE", b"NM", b"SL", b"ER")
CONTINUE, CURRENT, PARENT, SL_ROOT = 1, 2, 4, 8


class Rock:
    """What is said of one record."""

    def __init__(self, record):
        self.record = record
        self.mode = self.links = self.uid = self.gid = None
        self.serial = self.name = self.target = self.device = None
        self.child = self.parent = None    # CL, PL
        self.relocated = False
        self.stamps = {}
        self.foreign = []

    @property
    def type(self):
        return TYPES.get(self.mode & 0o170000) if self.mode is not None \
            else None

    def attributes(self):
        """But for times that change while a volume is made."""
        return (self.mode, self.links, self.uid, self.gid, self.serial,
                self.stamps.get("modified", b"").hex())


class Reader:
    """Entries of one record -> Rock."""

    def __init__(self, record, entries, report, where, place, foreign=()):
        self.rock, self.report = Rock(record), report
        self.where, self.place = where, place
        self.parts = {b"NM": [], b"SL": []}
        self.seen = set()
        readers = {b"PX": self.px, b"PN": self.pn, b"TF": self.tf,
                   b"CL": self.cl, b"PL": self.pl, b"RE": self.re}
        for entry in entries:
            if entry.sig in self.parts:
                self.parts[entry.sig].append(entry)
            elif entry.sig in readers:
                if entry.sig != b"TF":
                    self.once(entry)
                readers[entry.sig](entry)
            elif entry.sig not in KNOWN:
                self.rock.foreign.append(entry)
                if entry.text() not in foreign:
                    report("susp-unknown", where, entry.text())
        self.nm()
        self.sl()

    def once(self, entry):
        if entry.sig in self.seen:
            self.report("rock-twice", self.where, entry.text())
        self.seen.add(entry.sig)

    def has_length(self, entry, rule, *lengths):
        if entry.length not in lengths:
            self.report(rule, self.where, "%s, length %d" % (
                entry.text(), entry.length))
        return entry.length >= lengths[0]

    def number(self, entry, at, name):
        return both(entry.data, at, 4, self.report, self.where, name)

    # ---- 4.1.1, 4.1.2

    def px(self, entry):
        if not self.has_length(entry, "rock-px", 36, 44):
            return
        rock = self.rock
        rock.mode, rock.links, rock.uid, rock.gid = (
            self.number(entry, 8 * i, name) for i, name in
            enumerate(("mode", "links", "user", "group")))
        if entry.length >= 44:
            rock.serial = self.number(entry, 32, "serial number")
        if rock.mode >> 16 or rock.type is None:
            self.report("rock-px", self.where, "mode %o" % rock.mode)
        if not rock.links:
            self.report("rock-links", self.where, "none")

    def pn(self, entry):
        if self.has_length(entry, "rock-pn", 20):
            self.rock.device = (self.number(entry, 0, "device, high"),
                                self.number(entry, 8, "device, low"))

    # ---- 4.1.6

    def tf(self, entry):
        flags = entry.data[0] if entry.data else 0
        size = 17 if flags & 0x80 else 7
        stamps = [name for i, name in enumerate(STAMPS) if flags >> i & 1]
        if entry.length != 5 + size * len(stamps):
            self.report("rock-tf", self.where, "flags %02x, length %d" % (
                flags, entry.length))
            return
        for i, name in enumerate(stamps):
            date = entry.data[1 + size * i:1 + size * (i + 1)]
            (check_date_17 if size == 17 else check_date_7)(
                date, self.report, self.where + ", TF")
            if name in self.rock.stamps:
                self.report("rock-tf", self.where, "%s twice" % name)
            self.rock.stamps[name] = date

    # ---- 4.1.5

    def cl(self, entry):
        if self.has_length(entry, "rock-relocated", 12):
            self.rock.child = self.number(entry, 0, "child link")

    def pl(self, entry):
        if self.has_length(entry, "rock-relocated", 12):
            self.rock.parent = self.number(entry, 0, "parent link")

    def re(self, entry):
        self.has_length(entry, "rock-relocated", 4)
        self.rock.relocated = True

    # ---- 4.1.4

    def nm(self):
        parts = self.parts[b"NM"]
        if not parts:
            return
        flags = [p.data[0] if p.data else 0xff for p in parts]
        name = b"".join(p.data[1:] for p in parts)
        wanted = [CONTINUE] * (len(parts) - 1) + [0]
        if flags not in (wanted, [CURRENT], [PARENT]):
            self.report("rock-nm", self.where, "flags %s" % (flags,))
        if flags[0] & (CURRENT | PARENT):
            if name or (CURRENT, PARENT)[self.place == "parent"] != flags[0] \
                    or self.place == "child":
                self.report("rock-nm", self.where, "flags %02x" % flags[0])
            return
        if (self.place != "child" or not name or b"/" in name or
                b"\0" in name or name in (b".", b"..") or
                len(name) > NAME_MOST):
            self.report("rock-nm", self.where, "%r, %d bytes" % (
                name, len(name)))
        self.rock.name = name

    # ---- 4.1.3

    def sl(self):
        """Components, which may go on in the next entry."""
        parts = self.parts[b"SL"]
        if not parts:
            return
        text, joined = [], False
        for i, part in enumerate(parts):
            flags = part.data[0] if part.data else 0xff
            if flags != (CONTINUE if i < len(parts) - 1 else 0):
                self.report("rock-sl", self.where, "flags %02x" % flags)
            at = 1
            while at < len(part.data):
                joined, at = self.component(part.data, at, text, joined)
        if joined:
            self.report("rock-sl", self.where, "the last component goes on")
        target = b"/".join(text)
        if text == [b""]:
            target = b"/"
        if not 0 < len(target) <= TARGET_MOST:
            self.report("rock-sl", self.where, "%d bytes" % len(target))
        self.rock.target = target

    def component(self, data, at, text, joined):
        if at + 2 > len(data) or at + 2 + data[at + 1] > len(data):
            self.report("rock-sl", self.where, "a component of %d bytes" % (
                len(data) - at))
            return False, len(data)
        flags, size = data[at], data[at + 1]
        part = data[at + 2:at + 2 + size]
        special = {CURRENT: b".", PARENT: b"..", SL_ROOT: b""}
        if flags & ~CONTINUE:
            # One that goes on may have begun with nothing, in the entry
            # before.
            if flags not in special or size or (joined and text[-1]) or (
                    flags == SL_ROOT and text):
                self.report("rock-sl", self.where, "component %02x, %d" % (
                    flags, size))
            part = special.get(flags & ~CONTINUE, b"")
        elif b"/" in part or b"\0" in part or (
                part in (b".", b"..") and not (joined or flags)):
            self.report("rock-sl", self.where, "component %r" % part)
        if joined and text:
            text[-1] += part
        else:
            text.append(part)
        return bool(flags & CONTINUE), at + 2 + size


class RockRidge:
    """Rock Ridge of a hierarchy: 'of' has it for each record, by its byte in
    the image."""

    def __init__(self, hierarchy, system_use):
        self.hierarchy, self.system_use = hierarchy, system_use
        self.report, self.own = hierarchy.report, hierarchy.own
        self.of = {}
        for directory in hierarchy.directories:
            where = hierarchy.where(directory.path)
            for place, records in (
                    ("self", directory.special[:1]),
                    ("parent", directory.special[1:]),
                    ("child", directory.records)):
                for record in records:
                    self.of[record.at] = Reader(
                        record, system_use.entries[record.at], self.report,
                        "%s, %s" % (where, record.id.hex()), place,
                        hierarchy.foreign).rock
        self.check_er()
        self.check_self(hierarchy.directories[0])
        for directory in hierarchy.directories:
            self.check_directory(directory)
        self.check_links()
        self.check_relocated()
        if self.own:
            self.check_own_order()
            self.check_own_directories()

    # ---- SUSP 5.5

    def check_er(self):
        """The root's own record says that it is RRIP, once."""
        known = 0
        root = self.hierarchy.directories[0].self_record
        for at, entries in self.system_use.entries.items():
            for entry in entries:
                if entry.sig == b"ER":
                    known += self.is_rrip(entry, at == root.at)
        if known != 1:
            self.report("susp-er", self.hierarchy.where(()),
                        "RRIP is named %d times" % known)

    def is_rrip(self, entry, at_root):
        where = self.hierarchy.where(()) + ", ER"
        texts = entry.data[4:]
        if not at_root or len(entry.data) < 4 or \
                sum(entry.data[:3]) != len(texts) or entry.data[3] != 1:
            self.report("susp-er", where, entry.data.hex())
            return 0
        return texts[:entry.data[0]] in RRIP_IDS

    # ---- records

    def check_directory(self, directory):
        names = set()
        for folder in directory.folders:
            self.check_child(directory, folder.record, names)
            self.check_self(folder)
        for file in directory.files:
            rock = self.check_child(directory, file.records[0], names)
            for record in file.records[1:]:
                self.check_section(directory, rock, record)

    def where(self, directory, record):
        return self.hierarchy.where(directory.path, record.id)

    def check_child(self, directory, record, names):
        rock = self.of[record.at]
        where = self.where(directory, record)
        if rock.mode is None:
            self.report("rock-px", where, "there is none")
        if rock.name is None:
            if self.own:
                self.report("own-rock", where, "no name")
        elif rock.name in names and not rock.relocated:
            self.report("rock-unique", where, "%r twice" % rock.name)
        if not rock.relocated:    # seen where CL is
            names.add(rock.name)
        self.check_type(rock, record, where)
        if self.own:
            self.check_own(rock, record, where)
        return rock

    def check_type(self, rock, record, where):
        directory = record.is_directory or rock.child is not None
        if rock.mode is not None and (rock.type == "directory") != directory:
            self.report("rock-type", where, "mode %o, flags %02x" % (
                rock.mode, record.flags))
        if (rock.target is not None) != (rock.type == "symlink"):
            self.report("rock-sl", where, "a %s" % rock.type)
        if (rock.device is not None) != (rock.type in ("block",
                                                       "character")):
            self.report("rock-pn", where, "a %s" % rock.type)
        if rock.type not in ("file", "directory", "symlink") and record.size:
            self.report("rock-type", where, "a %s of %d bytes" % (
                rock.type, record.size))

    def check_own(self, rock, record, where):
        if rock.serial is not None:
            self.report("own-rock", where, "a serial number")
        if rock.stamps.keys() - {"modified", "accessed", "changed"} or any(
                len(stamp) != 7 for stamp in rock.stamps.values()):
            self.report("own-rock", where, "TF: %s" % sorted(rock.stamps))
        if rock.stamps.get("modified", bytes(7)) != record.date:
            self.report("own-rock", where, "modified: %s and %s" % (
                rock.stamps.get("modified", b"").hex(), record.date.hex()))

    def check_section(self, directory, first, record):
        """Sections say the same as the first, or nothing."""
        rock = self.of[record.at]
        if rock.mode is not None and (
                rock.attributes() != first.attributes() or
                rock.name != first.name):
            self.report("rock-sections", self.where(directory, record),
                        "other attributes")

    def check_self(self, folder):
        """Its own record, and its children's of it, say what its parent's
        does of it; 4.1.5.2 leaves open what is said of a parent that the
        directory was moved away from."""
        rock = self.of[folder.record.at if folder.parent
                       else folder.self_record.at]
        where = self.hierarchy.where(folder.path)
        for record in folder.special[:1 if folder.parent else 2] + [
                d.special[1] for d in folder.folders
                if not self.of[d.record.at].relocated]:
            other = self.of[record.at]
            if other.attributes() != rock.attributes():
                self.report("rock-self", where, "%s: %s, not %s" % (
                    record.id.hex(), other.attributes(), rock.attributes()))

    # ---- 4.1.1: links

    def check_links(self):
        """Names of one serial number are one file; without, those of one
        extent may be."""
        by_serial, by_extent = {}, {}
        for directory, file in self.hierarchy.files():
            rock = self.of[file.records[0].at]
            thing = (directory, file, rock)
            if rock.serial is not None and rock.child is None:
                by_serial.setdefault(rock.serial, []).append(thing)
            elif file.size:
                by_extent.setdefault(file.sections(), []).append(thing)
        for serial, things in by_serial.items():
            self.check_same(serial, things)
        if self.own:
            for things in by_extent.values():
                self.check_own_links(things)

    def check_same(self, serial, things):
        directory, first, rock = things[0]
        for _, file, other in things[1:]:
            if file.sections() != first.sections() or \
                    other.attributes() != rock.attributes():
                self.report("rock-links", self.where(directory,
                                                     first.records[0]),
                            "serial number %d is %r as well" % (
                                serial, file.id))
                return
        if len(things) > rock.links:
            self.report("rock-links", self.where(directory, first.records[0]),
                        "%d of %d" % (len(things), rock.links))

    def check_own_links(self, things):
        for directory, file, rock in things:
            if rock.links is not None and rock.links != len(things):
                self.report("rock-links", self.where(
                    directory, file.records[0]), "%d, not %d" % (
                        rock.links, len(things)))

    # ---- SPEC 1.9

    def check_own_order(self):
        for directory in self.hierarchy.directories:
            for record in directory.special + directory.records:
                sigs = [e.sig for e in self.system_use.entries[record.at]]
                places = [ORDER.index(sig) if sig in ORDER else len(ORDER)
                          for sig in sigs]
                if places != sorted(places):
                    self.report("own-rock", self.where(directory, record),
                                "in the order %s" % b" ".join(sigs))

    def check_own_directories(self):
        """Links: two, and one for each directory in it."""
        moved = self.moved()
        for directory in self.hierarchy.directories:
            rock = self.of[directory.self_record.at]
            count = 2 + sum(not self.of[f.record.at].relocated
                            for f in directory.folders)
            count += sum(f.records[0].at in moved for f in directory.files)
            if rock.links != count:
                self.report("rock-links", self.hierarchy.where(
                    directory.path), "%s, not %d" % (rock.links, count))

    # ---- 4.1.5: moved directories

    def check_relocated(self):
        """Each CL leads to a directory marked by RE, whose second record has
        a PL that leads back; and there are no others."""
        at = {d.extent: d for d in self.hierarchy.directories}
        claimed = set()
        for directory, file in self.hierarchy.files():
            rock = self.of[file.records[0].at]
            where = self.where(directory, file.records[0])
            if rock.parent is not None or rock.relocated:
                self.report("rock-relocated", where, "PL or RE of a file")
            if rock.child is None:
                continue
            target = at.get(rock.child)
            if target is None or rock.child in claimed:
                self.report("rock-relocated", where, "CL %d" % rock.child)
                continue
            claimed.add(rock.child)
            self.check_moved(directory, rock, target, where)
        for directory in self.hierarchy.directories:
            self.check_unclaimed(directory, claimed)

    def check_moved(self, directory, rock, target, where):
        if rock.record.size and self.own:
            self.report("rock-relocated", where, "has content")
        if self.of[target.special[1].at].parent != directory.extent:
            self.report("rock-relocated", where, "PL %s, not %d" % (
                self.of[target.special[1].at].parent, directory.extent))
        if target.parent and not self.of[target.record.at].relocated:
            self.report("rock-relocated", where, "no RE")
        above = directory
        while above:
            if above is target:
                self.report("rock-relocated", where, "CL leads upwards")
            above = above.parent

    def check_unclaimed(self, directory, claimed):
        rock = self.of[directory.record.at] if directory.parent else None
        where = self.hierarchy.where(directory.path)
        first, second = (self.of[r.at] for r in directory.special)
        linked = second.parent is not None
        if linked != (directory.extent in claimed):
            self.report("rock-relocated", where, "PL, but no CL" if linked
                        else "CL, but no PL")
        if rock and rock.relocated and directory.extent not in claimed and \
                directory.parent.parent:
            self.report("rock-relocated", where, "RE, but no CL")
        if first.parent is not None or first.child is not None or \
                (rock and rock.parent is not None):
            self.report("rock-relocated", where, "CL or PL out of place")

    def moved(self):
        """Record of a CL -> the directory."""
        at = {d.extent: d for d in self.hierarchy.directories}
        return {record_at: at[rock.child] for record_at, rock in
                self.of.items() if rock.child in at}
