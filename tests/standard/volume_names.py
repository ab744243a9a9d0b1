# SPDX-License-Identifier: MIT
"""Identifiers: what they may be made of, how long they may be, and the order
of those in a directory. One class for ISO 9660, one for Joliet.
"""
import re

from volume_fields import D_CHARACTERS, JOLIET_FORBIDDEN

ID_ROOM = 222    # 9.1.10: more does not fit a record
DEVICE = re.compile(rb"^(CON|PRN|AUX|NUL|COM[1-9]|LPT[1-9])$", re.I)
# SPEC 1.4: printable ASCII but these.
RELAXED = frozenset(range(0x21, 0x7F)) - frozenset(b'"*/:;?\\')


def is_sorted(records, key):
    keys = [key(record) for record in records]
    return all(a <= b for a, b in zip(keys, keys[1:]))


class IsoNames:
    """'level': 1, 2, 3, "relaxed", or None to judge only the order."""
    name = "ISO 9660"
    filler = b"\x20"

    def __init__(self, level, own):
        self.level, self.own = level, own

    # ---- 9.3

    def parts(self, identifier, is_directory):
        """Name, extension, version. Where names hold several dots the last
        one parts them; a directory's name has no extension."""
        if is_directory:
            return identifier, b"", 0
        name, _, version = identifier.partition(b";")
        name, dot, extension = name.rpartition(b".")
        if not dot:
            name, extension = extension, b""
        return name, extension, int(version) if version.isdigit() else 0

    def key(self, record, dots_in_directories=False):
        name, extension, version = self.parts(
            record.id, record.is_directory and not dots_in_directories)
        return (name.ljust(ID_ROOM, b" "), extension.ljust(ID_ROOM, b" "),
                -version, -(record.flags >> 2 & 1))

    def in_order(self, records):
        """7.6.1 has no dots in directories' names. Where they are allowed
        nevertheless both readings of 9.3 are."""
        return is_sorted(records, self.key) or is_sorted(
            records, lambda record: self.key(record, True))

    def unique_key(self, record):
        return record.id, record.flags >> 2 & 1

    # ---- 7.5, 7.6, 10.1

    def check(self, record, report, where, as_directory=False):
        is_directory = record.is_directory or as_directory
        if b"\0" in record.id or b"/" in record.id:
            report("directory-id" if is_directory else "file-id",
                   where, "%r" % record.id)
        elif self.level == "relaxed":
            self.check_relaxed(record.id, is_directory, report, where)
        elif self.level and is_directory:
            self.check_directory(record.id, report, where)
        elif self.level:
            self.check_file(record.id, report, where)
        if self.own:
            self.check_own(record.id, is_directory, report, where)

    def check_directory(self, identifier, report, where):
        if not identifier or not D_CHARACTERS.issuperset(identifier):
            report("directory-id", where, "%r" % identifier)
        if len(identifier) > (8 if self.level == 1 else 31):
            report("directory-id-length", where, "%r" % identifier)

    def check_file(self, identifier, report, where):
        match = re.match(rb"^([^.;]*)\.([^.;]*);([0-9]{1,5})$", identifier)
        if not match:
            report("file-id", where, "%r" % identifier)
            return
        name, extension, version = match.groups()
        if (not D_CHARACTERS.issuperset(name + extension) or
                not name + extension or not 1 <= int(version) <= 32767):
            report("file-id", where, "%r" % identifier)
        if (len(name) > 8 or len(extension) > 3 if self.level == 1
                else len(name + extension) > 30):
            report("file-id-length", where, "%r" % identifier)

    def check_relaxed(self, identifier, is_directory, report, where):
        name = identifier
        if not is_directory:
            name, _, version = name.partition(b";")
            if not re.match(rb"^[0-9]{1,5}$", version):
                report("file-id", where, "%r" % identifier)
        if not RELAXED.issuperset(name) or not name.strip(b"."):
            report("own-id", where, "%r" % identifier)
        if len(identifier) > 37:
            report("directory-id-length" if is_directory
                   else "file-id-length", where, "%r" % identifier)

    def check_own(self, identifier, is_directory, report, where):
        if not is_directory and not identifier.endswith(b";1"):
            report("own-id", where, "%r has no ;1" % identifier)
        if DEVICE.match(re.split(rb"[.;]", identifier)[0]):
            report("own-id", where, "%r is a DOS device" % identifier)

    def text(self, identifier, is_directory):
        if not is_directory:
            identifier = identifier.partition(b";")[0]
            if identifier.endswith(b"."):
                identifier = identifier[:-1]
        return identifier.decode("latin-1")


def units_of(identifier):
    return [identifier[i] << 8 | identifier[i + 1]
            for i in range(0, len(identifier) - 1, 2)]


def has_half_pair(units):
    high = False
    for unit in units:
        low = 0xDC00 <= unit < 0xE000
        if low != high:
            return True
        high = 0xD800 <= unit < 0xDC00
    return high


class JolietNames:
    name = "Joliet"
    filler = b"\0"

    def __init__(self, most_units, own):
        self.most_units, self.own = most_units, own

    def split_version(self, identifier):
        """Joliet keeps 7.5.1 with its version number; hardly anybody
        records one."""
        units = units_of(identifier)
        if 0x3B in units[-6:-1]:
            at = len(units) - 1 - units[::-1].index(0x3B)
            digits = units[at + 1:]
            if all(0x30 <= unit <= 0x39 for unit in digits):
                return identifier[:2 * at], int("".join(map(chr, digits)))
        return identifier, 0

    def key(self, record):
        """Units as big endian numbers, the shorter identifier filled with
        0000h."""
        name, version = (record.id, 0) if record.is_directory \
            else self.split_version(record.id)
        return (name.ljust(ID_ROOM, b"\0"), -version,
                -(record.flags >> 2 & 1))

    def key_of_parts(self, record):
        """The same with name and extension apart."""
        name, version = self.split_version(record.id)
        units = units_of(name)
        at = len(name)
        if not record.is_directory and 0x2E in units:
            at = 2 * (len(units) - 1 - units[::-1].index(0x2E))
        return (name[:at].ljust(ID_ROOM, b"\0"),
                name[at + 2:].ljust(ID_ROOM, b"\0"), -version,
                -(record.flags >> 2 & 1))

    def in_order(self, records):
        """Joliet leaves 9.3 as it is but for the filler, and lets names hold
        any number of dots. Read literally, the last one parts name and
        extension. All writers compare the whole identifier, as SPEC 1.3
        says; a directory in either order is accepted from others."""
        return is_sorted(records, self.key) or (
            not self.own and is_sorted(records, self.key_of_parts))

    def unique_key(self, record):
        return record.id, record.flags >> 2 & 1

    def check(self, record, report, where, as_directory=False):
        identifier = record.id
        if len(identifier) % 2:
            report("joliet-odd", where, identifier.hex())
            return
        if not record.is_directory:
            identifier, version = self.split_version(identifier)
            if identifier != record.id and (
                    self.own or not 1 <= version <= 32767):
                report("own-id" if self.own else "file-id", where,
                       "version %d" % version)
        units = units_of(identifier)
        if not units or not JOLIET_FORBIDDEN.isdisjoint(units):
            report("joliet-character", where, identifier.hex())
        if len(units) > self.most_units:
            report("joliet-length", where, "%d units" % len(units))
        if has_half_pair(units):
            report("joliet-surrogate", where, identifier.hex())

    def text(self, identifier, is_directory):
        if not is_directory:
            identifier, _ = self.split_version(identifier)
        if len(identifier) % 2:
            return identifier.hex()
        return identifier.decode("utf-16-be", "surrogatepass")
