# SPDX-License-Identifier: MIT
"""The System Use Sharing Protocol, SUSP 1.12: entries in the system use
fields of directory records, and in the continuation areas they lead to."""
import struct

from volume_fields import BLOCK, both

CE_LENGTH, MOST_AREAS = 28, 32
SP_CHECK = b"\xbe\xef"
XA_LENGTH = 14    # a record of CD-XA stands in front of the entries


class Entry:
    """SUSP 4: signature, length, version, data. 'at' is its byte in the
    image."""

    def __init__(self, data, at):
        self.sig, self.version = data[:2], data[3]
        self.data, self.at, self.length = data[4:], at, len(data)

    def text(self):
        return self.sig.decode("latin-1")


def field_of(record):
    """9.1.13: what is behind the identifier and its padding."""
    begin = 33 + len(record.id) + 1 - len(record.id) % 2
    return begin, record.raw[begin:]


class SystemUse:
    """The entries of a hierarchy: those of each record by its byte in the
    image. 'used' is false where the root does not say that there are any."""

    def __init__(self, hierarchy):
        self.hierarchy, self.image = hierarchy, hierarchy.image
        self.report, self.own = hierarchy.report, hierarchy.own
        self.end = hierarchy.descriptor.space_size
        self.areas = []    # first byte, end, where
        self.entries = {}
        self.continued = {}    # byte of a record -> blocks of its areas
        self.skip = 0
        self.used = self.begin()
        if self.used:
            self.read_all()
            self.check_areas()
        elif self.own:
            self.check_none()

    def begin(self):
        """5.3: SP is the first entry of the root's first record."""
        record = self.hierarchy.directories[0].self_record
        _, field = field_of(record)
        for skip in (0, XA_LENGTH):
            if field[skip:skip + 2] == b"SP":
                break
        else:
            return False
        where = self.hierarchy.where(()) + ", SP"
        if field[skip + 2:skip + 6] != b"\7\1" + SP_CHECK:
            self.report("susp-sp", where, field[skip:skip + 7].hex())
            return False
        self.skip, self.root_skip = field[skip + 6], skip
        if self.skip not in (0, XA_LENGTH) or (self.own and self.skip):
            self.report("susp-sp", where, "%d bytes to skip" % self.skip)
        return True

    def check_none(self):
        for directory in self.hierarchy.directories:
            for record in directory.special + directory.records:
                if field_of(record)[1]:
                    self.report("own-fields", self.hierarchy.where(
                        directory.path, record.id), "a system use field")

    def read_all(self):
        for directory in self.hierarchy.directories:
            where = self.hierarchy.where(directory.path)
            for record in directory.special + directory.records:
                root = record is self.hierarchy.directories[0].self_record
                self.entries[record.at] = self.read(
                    record, "%s, %s" % (where, record.id.hex()), root)

    def read(self, record, where, root):
        begin, field = field_of(record)
        skip = self.root_skip if root else min(self.skip, len(field))
        found = self.split(field[skip:], record.at + begin + skip, where)
        here, count = found, 0
        while True:
            areas = [e for e in here if e.sig == b"CE"]
            if not areas:
                break
            count += 1
            if len(areas) > 1 or count > MOST_AREAS:
                self.report("susp-ce", where, "too many")
                break
            if self.own and here[-1] is not areas[0]:
                self.report("own-susp", where, "CE is not the last")
            here = self.follow(areas[0], where)
            self.continued.setdefault(record.at, []).append(
                struct.unpack_from("<I", areas[0].data)[0])
            found = found + here
        for i, entry in enumerate(found):
            if self.own and entry.sig in (b"PD", b"ST"):
                self.report("own-susp", where, entry.text())
            if entry.sig == b"SP" and not (root and i == 0):
                self.report("susp-sp", where, "one more")
        return [e for e in found if e.sig not in (b"SP", b"CE", b"PD", b"ST")]

    def split(self, data, at, where):
        """4: what is too short for an entry, or behind ST, counts for
        nothing."""
        found, i = [], 0
        while len(data) - i >= 4 and any(data[i:]):
            length = data[i + 2]
            if length < 4 or i + length > len(data):
                self.report("susp-entry", where, "%r, length %d of %d" % (
                    data[i:i + 2], length, len(data) - i))
                return found
            entry = Entry(data[i:i + length], at + i)
            if entry.version != 1:
                self.report("susp-entry", where, "%s: version %d" % (
                    entry.text(), entry.version))
            found.append(entry)
            i += length
            if entry.sig == b"ST":
                if length != 4:
                    self.report("susp-entry", where, "ST, length %d" % length)
                break
        if any(data[i:]):
            self.report("susp-rest", where, data[i:].hex())
        if self.own and len(data) - i > (i % 2):
            self.report("own-susp", where, "%d bytes left" % (len(data) - i))
        return found

    # ---- 5.1

    def follow(self, entry, where):
        where += ", CE"
        if entry.length != CE_LENGTH:
            self.report("susp-ce", where, "length %d" % entry.length)
            return []
        lba, offset, size = (
            both(entry.data, 8 * i, 4, self.report, where, name)
            for i, name in enumerate(("block", "offset", "length")))
        if offset + size > BLOCK or not size:
            self.report("susp-ce", where, "%d bytes at %d of a block" % (
                size, offset))
            return []
        if not lba < self.end:
            self.report("susp-ce", where, "block %d of %d" % (lba, self.end))
            if (lba + 1) * BLOCK > self.image.bytes:
                return []
        if self.own and lba < self.hierarchy.descriptor.lba:
            self.report("susp-ce", where, "block %d of an earlier session" %
                        lba)
        at = lba * BLOCK + offset
        self.areas.append((at, at + size, where))
        data = self.image.need(lba, BLOCK, where)[offset:offset + size]
        return self.split(data, at, where)

    def check_areas(self):
        """No two of them hold the same byte; what no area holds is 00h."""
        reach, holder = 0, ""
        for first, end, where in sorted(self.areas):
            if first < reach:
                self.report("susp-overlap", where, "byte %d of block %d, "
                            "with %s" % (first % BLOCK, first // BLOCK,
                                         holder))
            reach, holder = max(reach, end), where
        for lba in self.blocks():
            data = bytearray(self.image.need(lba, BLOCK, "areas"))
            for first, end, _ in self.areas:
                if first // BLOCK == lba:
                    data[first % BLOCK:first % BLOCK + end - first] = bytes(
                        end - first)
            if any(data):
                self.report("susp-ce-rest", "block %d" % lba,
                            "bytes of no area")

    def blocks(self):
        return sorted({first // BLOCK for first, _, _ in self.areas})

    def spans(self, directory=None):
        """Blocks of the areas, of all or of one directory's records, in
        runs: first, end."""
        blocks = self.blocks()
        if directory:
            its = {lba for record in directory.special + directory.records
                   for lba in self.continued.get(record.at, ())}
            blocks = [lba for lba in blocks if lba in its]
        spans = []
        for lba in blocks:
            if spans and spans[-1][1] == lba:
                spans[-1][1] = lba + 1
            else:
                spans.append([lba, lba + 1])
        return [tuple(span) for span in spans]
