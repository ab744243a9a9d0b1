# SPDX-License-Identifier: MIT
"""What volumes are made of: blocks, numbers, characters, dates; and the
findings of a validation.

Clauses are those of ECMA-119, 4th edition; "Joliet" is the Joliet
Specification of 1995; "own" is SPEC.md of this project.
"""
import datetime
import struct

BLOCK = 2048

D_CHARACTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")  # 7.4.1
A_CHARACTERS = D_CHARACTERS | frozenset(b" !\"%&'()*+,-./:;<=>?")
JOLIET_FORBIDDEN = frozenset(range(0x20)) | frozenset(b"*/:;?\\")

# Every rule there is, and where it comes from. A finding names one of them.
RULES = {
    # ---- descriptors
    "set": "6.7.1: descriptors in consecutive sectors from 16, a terminator",
    "type": "8.4.1, 8.5.1, 8.3.1: type of a descriptor",
    "standard-id": "8.4.2, 8.5, 8.3.2: CD001",
    "version": "8.4.3, 8.5.2, 8.3.3: version 1",
    "terminator": "8.3.4: 2041 zeros",
    "unused": "8.4.4, 8.4.7, 8.4.9, 8.4.31, 8.4.33: fields of zeros",
    "a-characters": "8.4.5, 8.4.20-22: a-characters, filled with 20h",
    "d-characters": "8.4.6, 8.4.19: d-characters, filled with 20h",
    "file-field": "8.4.20-25: a field that names a file of the root",
    "both-endian": "7.2.3, 7.3.3: both halves say the same",
    "space-size": "8.4.8: blocks of the volume space, counted from 0",
    "space-size-same": "8.5: the same volume space in each descriptor",
    "set-size": "8.4.10, 8.4.11: volume set size, sequence number",
    "block-size": "8.4.12: logical blocks of 2048 bytes",
    "structure-version": "8.4.30: 1",
    "date-17": "8.4.26.1: a date in digits, or not specified",
    "root-record": "8.4.18: the root's record: 34 bytes, identifier 00h",
    "volume-flags": "8.5.3, Joliet: bit 0 is zero, the others are reserved",
    "escape": "8.5.6, Joliet: 25h 2Fh and 40h, 43h or 45h, then zeros",
    "joliet-text": "Joliet: UCS-2 big endian, allowed characters, 0020h",
    "unjudged": "a descriptor that is not looked into",
    # ---- path tables
    "path-table": "9.4, 8.4.13-17: records fill the table's size",
    "path-pad": "9.4.6: a byte 00h after an odd identifier",
    "path-rest": "6.9: zeros after the table in its last block",
    "path-same": "6.9.2: L and M hold the same records",
    "path-parent": "9.4.4: number of the parent, lower than one's own",
    "path-order": "6.9.1: level, parent's number, identifier",
    "path-tree": "6.9: one record for each directory, with its extent",
    "path-xar": "9.4.2: as in the directory's record",
    # ---- directories
    "record-length": "9.1.1, 9.1.12: length holds identifier and padding",
    "record-even": "9.1.13: the length is even",
    "record-pad": "9.1.12: a byte 00h after an even identifier",
    "record-crosses": "6.8.1.1: a record ends in the sector it begins in",
    "record-rest": "6.8.1.1: zeros after the last record of a sector",
    "directory-length": "6.8.1.3: whole sectors, each with records",
    "directory-self": "6.8.2.2: first record: 00h, the directory itself",
    "directory-parent": "6.8.2.2: second record: 01h, the parent",
    "directory-extent": "6.8.1: one extent for each directory, one section",
    "special-id": "7.6.2: 00h and 01h only in the first two records",
    "date-7": "9.1.5: a date, or seven zeros",
    "flags": "9.1.6: bits 5 and 6 reserved; 2, 3, 7 not for directories",
    "unit-gap": "9.1.7, 9.1.8: both zero unless interleaved",
    "volume-number": "9.1.9: of a volume of the set",
    "order": "9.3: order of records",
    "unique": "7.5, 7.6, 9.3: no identifier twice in a directory",
    "depth": "6.8.2.1: at most eight levels",
    "path-length": "6.8.2.1: a path of at most 255",
    # ---- identifiers
    "file-id": "7.5.1: name, 2Eh, extension, 3Bh, version",
    "directory-id": "7.6.1: d-characters",
    "file-id-length": "7.5.1: at most 30 characters, 10.1: 8 and 3",
    "directory-id-length": "7.6.3: at most 31 characters, 10.1: 8",
    "joliet-odd": "Joliet: identifiers of 16-bit units",
    "joliet-character": "Joliet: 0000h-001Fh, * / : ; ? \\ are forbidden",
    "joliet-length": "Joliet: 64 units, 103 by common relaxation",
    "joliet-surrogate": "UTF-16: halves of pairs come in pairs",
    "joliet-path": "Joliet: a path of at most 240 bytes",
    # ---- extents
    "sections": "6.5.1, 9.1.6: a file's sections follow, the last without 80h",
    "section-size": "6.5.1: each section but the last in whole blocks",
    "one-section": "10.1, 10.2: levels 1 and 2: one section a file",
    "extent": "8.4.8: extents lie in the volume space",
    "overlap": "6.4: extents are the same or apart",
    "unexplained": "blocks that belong to nothing are zeros",
    "truncated": "the image ends before the volume does",
    "agreement": "both hierarchies show the same files",
    # ---- system use
    "susp-sp": "SUSP 5.3: SP first in the root's own record, nowhere else",
    "susp-entry": "SUSP 4.1: signature, length of at least 4, version 1",
    "susp-rest": "SUSP 4: zeros behind the last entry",
    "susp-ce": "SUSP 5.1: one area more, inside a block and the volume",
    "susp-overlap": "SUSP 5.1: continuation areas are apart",
    "susp-ce-rest": "SUSP 5.1: each byte of their blocks is of an area, or 00h",
    "susp-late": "continuation areas in front of the data",
    "susp-er": "SUSP 5.5: ER in the root's own record, of RRIP once",
    "susp-unknown": "SUSP 4.1: an entry that is not of SUSP and RRIP 1.12",
    "rock": "Rock Ridge is there, or not, as it was asked for",
    # ---- Rock Ridge
    "rock-twice": "RRIP 4.1: an entry that is there once",
    "rock-px": "RRIP 4.1.1: PX in each record, with a mode that exists",
    "rock-type": "RRIP 4.1.1: the type of the mode and of the record",
    "rock-links": "RRIP 4.1.1: links, serial numbers",
    "rock-self": "RRIP 4.1: own and parent's records say the same of one",
    "rock-sections": "RRIP 4.1: all sections say the same of a file",
    "rock-pn": "RRIP 4.1.2: PN for devices, for nothing else",
    "rock-sl": "RRIP 4.1.3: SL for symbolic links, components, CONTINUE",
    "rock-nm": "RRIP 4.1.4: a name, CONTINUE in all of its parts but the last",
    "rock-unique": "RRIP 4.1.4: no name twice in a directory",
    "rock-relocated": "RRIP 4.1.5: CL, PL and RE lead to each other",
    "rock-tf": "RRIP 4.1.6: flags, and a date for each",
    "rock-agreement": "Joliet shows the names of Rock Ridge, as far as it can",
    # ---- sessions
    "session-extent": "an extent before the session lies in an earlier one",
    "session-file": "a file of an earlier session is as it was there",
    # ---- own: what SPEC.md adds
    "own-layout": "SPEC 1: regions in their order, without holes",
    "own-system-area": "SPEC 1: the system area is zeros",
    "own-fields": "SPEC 1.1, 1.3: fields that are always the same",
    "own-packed": "SPEC 1.3: a record goes where it fits",
    "own-id": "SPEC 1.4: ;1, names of DOS devices, relaxed characters",
    "own-data": "SPEC 1.5: alignment, rests of blocks, gaps",
    "own-empty": "SPEC 1.5: where empty files are said to be",
    "own-sections": "SPEC 1.5: sections of FFFFF800h bytes, adjacent",
    "own-susp": "SPEC 1.9: no byte left over, no PD and ST, CE last",
    "own-rock": "SPEC 1.9: which entries, in which form",
    "own-link": "SPEC 1.9: where a symbolic link's content is",
    "mark": "SPEC 1.6: the mark and its fields",
    "mark-crc": "SPEC 1.6: CRC-32C over the metadata",
    "own-map": "SPEC 1.7: which directory is which of another hierarchy",
    "mark-chain": "SPEC 1.6: previous sessions",
    "own-copy": "SPEC 5: the copy of a head that was replaced",
    "own-size": "SPEC 1.1: space size is start + blocks; the file's end",
}


class Report:
    """Findings. Those of an allowed rule are kept apart."""

    def __init__(self, allow=()):
        self.allow = set(allow)
        for rule in self.allow - RULES.keys():
            raise ValueError("no rule '%s'" % rule)
        self.found, self.allowed = [], []

    def __call__(self, rule, where, text):
        assert rule in RULES, rule
        to = self.allowed if rule in self.allow else self.found
        to.append((rule, where, text))

    def rules(self):
        return {rule for rule, _, _ in self.found}

    def lines(self):
        for rule, where, text in self.found:
            yield "%s: %s: %s [%s]" % (rule, where, text, RULES[rule])


class Corrupt(Exception):
    """So wrong that what depends on it can not be looked at."""


class Image:
    """Block n at byte 2048 n, of a file or of bytes."""

    def __init__(self, source):
        self.data = self.file = None
        if isinstance(source, (bytes, bytearray)):
            self.data = source
            self.bytes = len(source)
        else:
            self.file = open(source, "rb")
            self.bytes = self.file.seek(0, 2)
        self.blocks = self.bytes // BLOCK

    def read(self, lba, size):
        """'size' bytes from a block on; fewer where the image ends."""
        if self.data is not None:
            return bytes(self.data[lba * BLOCK:lba * BLOCK + size])
        self.file.seek(lba * BLOCK)
        return self.file.read(size)

    def need(self, lba, size, what):
        if size > 1 << 30 or (lba * BLOCK + size) > self.bytes:
            raise Corrupt("%s: block %d, %d bytes: beyond the image" % (
                what, lba, size))
        return self.read(lba, size)

    def close(self):
        if self.file:
            self.file.close()


def blocks_of(size):
    return (size + BLOCK - 1) // BLOCK


def both(data, at, width, report, where, name):
    """A number in both byte orders, 7.2.3 or 7.3.3; the little endian one
    counts."""
    little, big = ("<H", ">H") if width == 2 else ("<I", ">I")
    low, = struct.unpack_from(little, data, at)
    high, = struct.unpack_from(big, data, at + width)
    if low != high:
        report("both-endian", where, "%s: %d and %d" % (name, low, high))
    return low


def is_date(year, month, day, hour, minute, second, offset):
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return (hour < 24 and minute < 60 and second < 60 and
            -48 <= offset <= 52)


def check_date_7(date, report, where):
    """9.1.5"""
    year, month, day, hour, minute, second, offset = struct.unpack(
        "6Bb", date)
    if date != bytes(7) and not is_date(1900 + year, month, day, hour,
                                        minute, second, offset):
        report("date-7", where, "no date: " + date.hex())


def check_date_17(date, report, where):
    """8.4.26.1"""
    digits, (offset,) = date[:16], struct.unpack("b", date[16:])
    if digits == b"0" * 16:
        good = offset == 0
    else:
        good = digits.isdigit() and is_date(
            int(digits[:4]), *(int(digits[i:i + 2]) for i in range(4, 14, 2)),
            offset)
    if not good:
        report("date-17", where, "no date: %r" % date)


CRC32C_POLYNOMIAL = 0x82F63B78    # Castagnoli, reflected: RFC 3720, B.4


def make_crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (CRC32C_POLYNOMIAL if byte & 1 else 0)
        table.append(byte)
    return table


CRC_TABLE = make_crc_table()


def crc32c(data):
    crc, table = 0xFFFFFFFF, CRC_TABLE
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


# RFC 3720, B.4: 32 bytes of zeros, 32 bytes FFh.
assert crc32c(bytes(32)) == 0x8A9136AA and crc32c(b"\xff" * 32) == 0x62A8AB43
