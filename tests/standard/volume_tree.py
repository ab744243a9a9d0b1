# SPDX-License-Identifier: MIT
"""A hierarchy: its directories, records and path tables."""
import struct

from volume_fields import BLOCK, Corrupt, blocks_of, both, check_date_7
from volume_rock import RockRidge
from volume_susp import SystemUse

MOST_DIRECTORIES = 1 << 20

HIDDEN, DIRECTORY, ASSOCIATED = 1, 2, 4
RECORD_FORMAT, MORE_SECTIONS = 8, 0x80


class Record:
    """A directory record, 9.1. 'at' is its byte in the image."""

    def __init__(self, data, at, report, where):
        self.at, self.raw = at, data
        self.length, self.xar = data[0], data[1]
        self.extent = both(data, 2, 4, report, where, "extent")
        self.size = both(data, 10, 4, report, where, "data length")
        self.date, self.flags = data[18:25], data[25]
        self.unit, self.gap = data[26], data[27]
        self.volume = both(data, 28, 2, report, where, "volume number")
        self.id = data[33:33 + data[32]]
        self.is_directory = bool(self.flags & DIRECTORY)

    def section(self):
        return self.extent + self.xar, self.size


class File:
    """The records of one file, one for each section."""

    def __init__(self, records):
        self.records = records
        self.id = records[0].id
        self.flags = records[-1].flags
        self.date = records[0].date
        self.size = sum(record.size for record in records)

    def sections(self):
        """What it is made of; an empty file of nothing, wherever it is said
        to be."""
        return tuple(r.section() for r in self.records if r.size)

    def attributes(self):
        return self.date, self.flags & ~MORE_SECTIONS


class Directory:
    def __init__(self, record, parent, path):
        self.record, self.parent, self.path = record, parent, path
        self.extent, self.size = record.extent, record.size
        self.depth = parent.depth + 1 if parent else 1
        self.self_record = None
        self.special = []    # its own record, its parent's
        self.records = []    # but for the first two
        self.folders, self.files = [], []


class Hierarchy:
    """Reads and judges all of a hierarchy. 'names' is an IsoNames or a
    JolietNames; 'descriptor' has the descriptor's numbers, 'foreign' lists the
    signatures of system use entries that may be there, too."""

    def __init__(self, image, descriptor, names, report, own, foreign=()):
        self.image, self.names, self.report = image, names, report
        self.descriptor, self.own, self.foreign = descriptor, own, foreign
        self.directories = []
        self.extents = {}
        self.folder(Directory(descriptor.root, None, ()))
        for directory in self.directories:    # grows while it is walked
            self.read(directory)
        self.tables = [PathTable(self, big) for big in (False, True)]
        if self.tables[0].records != self.tables[1].records:
            report("path-same", names.name, "the two tables differ")
        self.tables[0].check_tree()
        self.system_use = SystemUse(self)
        self.rock = RockRidge(self, self.system_use) \
            if self.system_use.used else None

    def where(self, path, identifier=b""):
        texts = [self.names.text(p, True) for p in path]
        if identifier:
            texts.append(self.names.text(identifier, False))
        return "%s /%s" % (self.names.name, "/".join(texts).encode(
            "unicode_escape", "surrogatepass").decode() if texts else "")

    # ---- one directory

    def folder(self, directory):
        where = self.where(directory.path)
        if len(self.directories) >= MOST_DIRECTORIES:
            raise Corrupt("too many directories")
        if directory.extent in self.extents:
            raise Corrupt(where + ": is another directory as well")
        self.extents[directory.extent] = directory
        self.directories.append(directory)

    def read(self, directory):
        where = self.where(directory.path)
        if directory.size % BLOCK or not directory.size:
            self.report("directory-length", where,
                        "%d bytes" % directory.size)
        if directory.record.xar and self.own:
            self.report("own-fields", where, "an extended attribute record")
        start = directory.extent + directory.record.xar
        data = self.image.need(start, blocks_of(directory.size) * BLOCK, where)
        records = []
        for at in range(0, len(data), BLOCK):
            self.read_sector(data[at:at + BLOCK], start * BLOCK + at,
                             records, where)
        self.check_two(directory, records, where)
        directory.records = records[2:]
        self.gather(directory)
        self.check_order(directory, where)

    def read_sector(self, sector, base, records, where):
        at = 0
        while at < BLOCK and sector[at]:
            length = sector[at]
            if at + length > BLOCK:
                self.report("record-crosses", where,
                            "record at %d of a sector" % at)
                return
            if length < 34 or 33 + sector[at + 32] > length:
                raise Corrupt("%s: record of %d bytes" % (where, length))
            if at == 0 and records and self.own:
                self.check_packed(records[-1], length, where)
            records.append(Record(sector[at:at + length], base + at,
                                  self.report, where))
            at += length
        if at == 0:
            self.report("directory-length", where, "a sector of no records")
        if any(sector[at:]):
            self.report("record-rest", where, "at %d of a sector" % at)

    def check_packed(self, last, length, where):
        end = last.at % BLOCK + last.length
        if end + length <= BLOCK:
            self.report("own-packed", where, "room at %d of a sector" % end)

    def check_two(self, directory, records, where):
        parent = directory.parent or directory
        for record in records:
            self.check_record(record, where)
        wanted = ((b"\0", directory, "directory-self"),
                  (b"\1", parent, "directory-parent"))
        for record, (identifier, at, rule) in zip(records, wanted):
            if (record.id != identifier or not record.is_directory or
                    (record.extent, record.size, record.xar) !=
                    (at.extent, at.size, at.record.xar)):
                self.report(rule, where, "%r at %d, %d bytes" % (
                    record.id, record.extent, record.size))
        if len(records) < 2:
            raise Corrupt(where + ": fewer than two records")
        directory.self_record = records[0]
        directory.special = records[:2]
        if self.own and (records[0].date != directory.record.date or
                         records[1].date != parent.record.date):
            self.report("own-fields", where, "dates of a directory's records")

    # ---- one record

    def check_record(self, record, where):
        where = "%s, %s" % (where, record.id.hex())
        end = 33 + len(record.id)
        pad = 1 - len(record.id) % 2
        if record.length < end + pad:
            self.report("record-length", where, "%d bytes" % record.length)
        if record.length % 2:
            self.report("record-even", where, "%d bytes" % record.length)
        if pad and record.raw[end:end + 1] != b"\0":
            self.report("record-pad", where, "not 00h")
        check_date_7(record.date, self.report, where)
        if record.flags & 0x60 or (record.is_directory and record.flags &
                                   (ASSOCIATED | RECORD_FORMAT)):
            self.report("flags", where, "%02x" % record.flags)
        if record.is_directory and record.flags & MORE_SECTIONS:
            self.report("directory-extent", where, "several sections")
        if (not record.unit) != (not record.gap) or (
                record.is_directory and record.unit):
            self.report("unit-gap", where, "%d, %d" % (
                record.unit, record.gap))
        if not 1 <= record.volume <= max(1, self.descriptor.set_size):
            self.report("volume-number", where, "%d" % record.volume)
        if self.own:
            self.check_own(record, where)

    def check_own(self, record, where):
        if record.xar or record.unit or record.gap or record.volume != 1:
            self.report("own-fields", where, "not what is always written")
        if record.flags & ~(HIDDEN | DIRECTORY | MORE_SECTIONS):
            self.report("own-fields", where, "flags %02x" % record.flags)

    # ---- what is in it

    def gather(self, directory):
        pending = []
        for record in directory.records:
            where = self.where(directory.path, record.id)
            if record.id in (b"\0", b"\1"):
                self.report("special-id", where, record.id.hex())
                continue
            self.names.check(record, self.report, where, stands_in(record))
            if pending and (record.is_directory or
                            record.id != pending[0].id):
                self.report("sections", where, "the last section is missing")
                pending = []
            if record.is_directory:
                child = Directory(record, directory,
                                  directory.path + (record.id,))
                directory.folders.append(child)
                self.folder(child)
                self.check_path(directory, record)
                continue
            pending.append(record)
            if not record.flags & MORE_SECTIONS:
                directory.files.append(File(pending))
                self.check_file(directory, directory.files[-1], where)
                pending = []
        if pending:
            self.report("sections", self.where(directory.path, pending[0].id),
                        "the last section is missing")

    def check_path(self, directory, record):
        """6.8.2.1 bounds what ISO 9660 says; Joliet lifts the depth and
        has 240 bytes."""
        joliet = self.names.name == "Joliet"
        where = self.where(directory.path, record.id)
        total = sum(map(len, directory.path)) + len(record.id)
        if joliet and total > 240:
            self.report("joliet-path", where, "%d bytes" % total)
        if not joliet and total + len(directory.path) > 255:
            self.report("path-length", where, "%d" % total)
        if not joliet and record.is_directory and directory.depth >= 8:
            self.report("depth", where, "level %d" % (directory.depth + 1))

    def check_file(self, directory, file, where):
        records = file.records
        self.check_path(directory, records[0])
        for record in records[:-1]:
            if record.size % BLOCK:
                self.report("section-size", where, "%d bytes" % record.size)
        if len({(r.flags & ~MORE_SECTIONS) for r in records}) > 1:
            self.report("sections", where, "sections differ in flags")
        if len(records) > 1 and self.names.name == "ISO 9660" and \
                self.names.level in (1, 2):
            self.report("one-section", where, "%d sections" % len(records))
        if self.own and len(records) > 1:
            self.check_own_sections(records, where)

    def check_own_sections(self, records, where):
        for record, following in zip(records, records[1:]):
            if (record.size != 0xFFFFF800 or record.date != following.date or
                    record.extent + record.size // BLOCK != following.extent):
                self.report("own-sections", where, "%d bytes at %d" % (
                    record.size, record.extent))

    def check_order(self, directory, where):
        """Sections of a file are equal in order and stay; what is equal
        otherwise is there twice."""
        if not self.names.in_order(directory.records):
            self.report("order", where, "records are out of order")
        seen = set()
        for thing in directory.files + [f.record for f in directory.folders]:
            record = thing.records[0] if isinstance(thing, File) else thing
            key = self.names.unique_key(record)
            if key in seen:
                self.report("unique", where, "%r twice" % record.id)
            seen.add(key)

    # ---- what others ask

    def files(self):
        for directory in self.directories:
            for file in directory.files:
                yield directory, file

    def by_table(self):
        """Directories in the order of the path table; None: not there."""
        at = {d.extent: d for d in self.directories}
        return [at.get(record[0]) for record in self.tables[0].records]

    def by_path(self):
        """Path as recorded -> File, and None for a directory."""
        paths = {d.path: None for d in self.directories if d.parent}
        for directory, file in self.files():
            paths[directory.path + (file.id,)] = file
        return paths

    def by_name(self):
        """The same by texts, versions dropped."""
        def text(path, is_directory):
            return "/".join(
                [self.names.text(p, True) for p in path[:-1]] +
                [self.names.text(path[-1], is_directory)])
        return {text(path, file is None): file
                for path, file in self.by_path().items()}

    def content(self, file):
        return b"".join(self.image.need(lba, size, "file")
                        for lba, size in file.sections())


def stands_in(record):
    """For a directory that Rock Ridge moved away: it may have a directory's
    identifier, as SPEC 1.9 says and others do."""
    return b"CL\x0c\1" in record.raw[33 + len(record.id):] and \
        b";" not in record.id


class PathTable:
    """9.4: 'big' is the type M table."""

    def __init__(self, hierarchy, big):
        descriptor = hierarchy.descriptor
        self.hierarchy, self.report = hierarchy, hierarchy.report
        self.where = "%s, type %s path table" % (
            hierarchy.names.name, "M" if big else "L")
        self.lba = descriptor.table_m if big else descriptor.table_l
        self.size = descriptor.table_size
        self.records = []    # extent, parent, identifier, xar
        data = hierarchy.image.need(self.lba, blocks_of(self.size) * BLOCK,
                                    self.where)
        self.read(data, ">BBIH" if big else "<BBIH")
        if any(data[self.size:]):
            self.report("path-rest", self.where, "not zeros")

    def read(self, data, form):
        at = 0
        while at + 8 <= self.size:
            length, xar, extent, parent = struct.unpack_from(form, data, at)
            end = at + 8 + length
            if not length or end + length % 2 > self.size:
                break
            if length % 2 and data[end]:
                self.report("path-pad", self.where, "record %d" % (
                    len(self.records) + 1))
            self.records.append((extent, parent, data[at + 8:end], xar))
            at = end + length % 2
        if at != self.size or not self.records:
            self.report("path-table", self.where, "%d of %d bytes" % (
                at, self.size))

    def check_tree(self):
        """L, which M is compared with, against the directories."""
        keys, levels, found = [], [], []
        by_number = {}
        for number, (extent, parent, name, xar) in enumerate(self.records, 1):
            root = number == 1
            if (parent != 1 if root else not 1 <= parent < number):
                self.report("path-parent", self.where, "%d of %d" % (
                    parent, number))
                return
            if root and name != b"\0":
                self.report("path-tree", self.where, "no root")
            levels.append(1 if root else levels[parent - 1] + 1)
            keys.append((levels[-1], parent, name.ljust(
                255, self.hierarchy.names.filler)))
            by_number[number] = extent
            found.append((extent, by_number[parent], name, xar))
        if any(a >= b for a, b in zip(keys, keys[1:])):
            self.report("path-order", self.where, "records out of order")
        self.compare(found)

    def compare(self, found):
        wanted = [(d.extent, (d.parent or d).extent, d.record.id,
                   d.record.xar) for d in self.hierarchy.directories]
        if sorted(f[:3] for f in found) != sorted(w[:3] for w in wanted):
            self.report("path-tree", self.where,
                        "%d records for %d directories, or others" % (
                            len(found), len(wanted)))
        elif sorted(found) != sorted(wanted):
            self.report("path-xar", self.where, "differ")
