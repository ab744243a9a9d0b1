#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Judge a volume of ISO 9660, with Joliet and Rock Ridge or without, by the
standards alone.

    validate_volume.py IMAGE [--start LBA] [--previous LBA] [--strict-own] ...

IMAGE holds block n at byte 2048 n: an image, or an emulated disc. Everything
that ECMA-119 (4th edition), the Joliet Specification, SUSP and RRIP 1.12
demand of a volume is looked at, and with --strict-own what SPEC.md adds.
Nothing of lathe is used.
Each finding is a line on standard output; the status is 1 if there are any.
"""
import argparse
import struct
import sys

from volume_agreement import check_agreement
from volume_fields import (A_CHARACTERS, BLOCK, D_CHARACTERS,
                           JOLIET_FORBIDDEN, RULES, Corrupt, Image, Report,
                           blocks_of, both, check_date_7, check_date_17)
from volume_mark import check_mark, follow_chain, read_mark
from volume_names import IsoNames, JolietNames, has_half_pair, units_of
from volume_space import (SYSTEM_AREA, Space, check_old_extents,
                          check_sessions)
from volume_tree import DIRECTORY, HIDDEN, Hierarchy, Record

MOST_DESCRIPTORS = 64
BOOT, PRIMARY, SUPPLEMENTARY, PARTITION, TERMINATOR = 0, 1, 2, 3, 255
ESCAPES = (b"%/@", b"%/C", b"%/E")
# Offset, bytes, name: texts that both kinds of descriptors have.
SYSTEM_ID, VOLUME_ID = (8, 32, "system identifier"), (40, 32, "volume")
SET_ID = (190, 128, "volume set")
LONG_TEXTS = ((318, 128, "publisher"), (446, 128, "preparer"),
              (574, 128, "application"))
FILES = ((702, 37, "copyright file"), (739, 37, "abstract file"),
         (776, 37, "bibliographic file"))
DATES = (813, 830, 847, 864)


class Descriptor:
    """What primary and supplementary descriptors have in common, 8.4, 8.5."""

    def __init__(self, data, lba, report, relaxed):
        self.data, self.lba, self.report = data, lba, report
        self.relaxed = relaxed
        self.where = "descriptor at block %d" % lba
        self.space_size = self.number(80, 4, "volume space size")
        self.set_size = self.number(120, 2, "volume set size")
        self.sequence = self.number(124, 2, "volume sequence number")
        self.block_size = self.number(128, 2, "logical block size")
        self.table_size = self.number(132, 4, "path table size")
        self.table_l, self.optional_l = struct.unpack_from("<II", data, 140)
        self.table_m, self.optional_m = struct.unpack_from(">II", data, 148)
        self.root = Record(data[156:190], lba * BLOCK + 156, report,
                           self.where + ", root")
        self.joliet = data[88:91] in ESCAPES and data[0] == SUPPLEMENTARY
        self.check()

    def number(self, at, width, name):
        return both(self.data, at, width, self.report, self.where, name)

    def zeros(self, first, end):
        if any(self.data[first:end]):
            self.report("unused", self.where, "bytes %d to %d" % (
                first, end - 1))

    def check(self):
        data, report = self.data, self.report
        self.zeros(72, 80)
        self.zeros(882, 883)
        self.zeros(1395, 2048)
        if self.set_size < 1 or not 1 <= self.sequence <= self.set_size:
            report("set-size", self.where, "%d of %d" % (
                self.sequence, self.set_size))
        if self.block_size != BLOCK:
            report("block-size", self.where, "%d" % self.block_size)
        if data[881] != 1:
            report("structure-version", self.where, "%d" % data[881])
        root = self.root
        if (root.length != 34 or root.id != b"\0" or not root.is_directory or
                data[156 + 32] != 1 or root.volume != self.sequence):
            report("root-record", self.where, root.raw.hex())
        check_date_7(root.date, report, self.where + ", root")
        if root.flags & ~(HIDDEN | DIRECTORY):
            report("flags", self.where + ", root", "%02x" % root.flags)
        if self.optional_l or self.optional_m:
            report("unjudged", self.where, "optional path tables")
        for at in DATES:
            check_date_17(data[at:at + 17], report, self.where)
        if self.joliet:
            self.check_joliet()
        else:
            self.check_primary()

    # ---- 8.4

    def check_primary(self):
        self.zeros(7, 8)
        self.zeros(88, 120)
        self.text(SYSTEM_ID, A_CHARACTERS, "a-characters")
        self.text(VOLUME_ID, D_CHARACTERS, "d-characters")
        self.text(SET_ID, D_CHARACTERS, "d-characters")
        for field in LONG_TEXTS:
            self.text(field, A_CHARACTERS, "a-characters")
        for field in FILES:
            self.text(field, D_CHARACTERS | frozenset(b".;"), "file-field")

    def text(self, field, characters, rule):
        at, size, name = field
        text = self.data[at:at + size]
        if self.relaxed:
            characters = frozenset(range(0x20, 0x7F))
        if not characters.issuperset(text.rstrip(b" ")):
            self.report(rule, self.where, "%s: %r" % (name, text))

    def named_files(self):
        """Files of the root that fields speak of: 8.4.20 to 25."""
        for at, size, name in FILES + LONG_TEXTS:
            text = self.data[at:at + size].rstrip(b" ")
            if (at, size, name) in LONG_TEXTS:
                if text[:1] != b"_":
                    continue
                text = text[1:]
            if text:
                yield name, text

    # ---- 8.5, Joliet

    def check_joliet(self):
        data = self.data
        if data[7]:
            self.report("volume-flags", self.where, "%02x" % data[7])
        if any(data[91:120]):
            self.report("escape", self.where, data[88:120].hex())
        for field in (SYSTEM_ID, VOLUME_ID, SET_ID) + LONG_TEXTS + FILES:
            self.joliet_text(field)

    def joliet_text(self, field):
        """A field of 37 bytes holds 18 units and a byte 00h."""
        at, size, name = field
        text = self.data[at:at + size]
        units = units_of(text)
        while units and units[-1] == 0x20:
            units.pop()
        if (not JOLIET_FORBIDDEN.isdisjoint(units) or has_half_pair(units) or
                (size % 2 and text[-1])):
            self.report("joliet-text", self.where, "%s: %s" % (
                name, text.hex()))


class Volume:
    """All of a volume. 'level', 'joliet_units' and 'rock' (True or False)
    say what was asked for; 'own' that lathe wrote it; 'foreign' which entries
    of system use fields are nothing to wonder at. Raises Corrupt where
    nothing more can be said."""

    def __init__(self, image, start, report, level=None, joliet_units=64,
                 own=False, rock=None, foreign=()):
        self.image, self.start, self.report = image, start, report
        self.own, self.hierarchies = own, []
        self.relaxed = level == "relaxed"
        self.descriptors = []
        self.set_end = self.read_set()
        kinds = [d.data[0] for d in self.descriptors]
        if PRIMARY not in kinds:
            raise Corrupt("no primary descriptor")
        self.primary = self.descriptors[kinds.index(PRIMARY)]
        self.mark = read_mark(self.primary.data)
        if self.primary.block_size != BLOCK:
            raise Corrupt("logical blocks of %d bytes" %
                          self.primary.block_size)
        self.check_size()
        for descriptor in self.descriptors:
            names = JolietNames(joliet_units, own) if descriptor.joliet \
                else IsoNames(level, own)
            self.hierarchies.append(Hierarchy(image, descriptor, names,
                                              report, own, foreign))
        if rock is not None and rock != bool(self.hierarchies[0].rock):
            report("rock", "volume at %d" % start,
                   "asked for" if rock else "not asked for")
        self.check_named_files()
        Space(self)
        check_agreement(self.hierarchies, report)
        self.earlier = []
        if own:
            self.check_own()
        if self.mark:
            check_mark(self, report)
            self.earlier = follow_chain(self, report)

    # ---- 6.7.1, 8.1

    def read_set(self):
        lba = self.start + SYSTEM_AREA
        for lba in range(lba, lba + MOST_DESCRIPTORS):
            data = self.image.read(lba, BLOCK)
            where = "descriptor at block %d" % lba
            if len(data) < BLOCK or data[1:6] != b"CD001":
                self.report("standard-id" if data[:1] else "set", where,
                            "%r" % data[1:6])
                if len(data) < BLOCK or not any(data):
                    raise Corrupt("no terminator before block %d" % lba)
            if self.look_at(data, lba, where):
                return lba + 1
        raise Corrupt("no terminator in %d descriptors" % MOST_DESCRIPTORS)

    def look_at(self, data, lba, where):
        """True at the terminator."""
        kind, version = data[0], data[6]
        if kind == SUPPLEMENTARY and version == 2:
            self.report("unjudged", where, "an enhanced volume descriptor")
            return False
        if version != 1:
            self.report("version", where, "%d" % version)
        if kind == TERMINATOR:
            if any(data[7:]):
                self.report("terminator", where, "not zeros")
            return True
        if kind in (BOOT, PARTITION):
            self.report("unjudged", where, "type %d" % kind)
        elif kind not in (PRIMARY, SUPPLEMENTARY):
            self.report("type", where, "type %d" % kind)
        elif kind == SUPPLEMENTARY and data[88:91] not in ESCAPES:
            self.report("escape", where, data[88:120].hex())
        else:
            self.descriptors.append(Descriptor(data, lba, self.report,
                                               self.relaxed))
        return False

    def check_size(self):
        primary = self.primary
        if primary.space_size <= self.start + SYSTEM_AREA:
            self.report("space-size", primary.where, "%d" %
                        primary.space_size)
        if primary.space_size > blocks_of(self.image.bytes):
            self.report("truncated", primary.where, "%d of %d blocks" % (
                blocks_of(self.image.bytes), primary.space_size))
        for other in self.descriptors:
            if other.space_size != primary.space_size:
                self.report("space-size-same", other.where, "%d and %d" % (
                    other.space_size, primary.space_size))
            if (other.set_size, other.sequence) != (primary.set_size,
                                                    primary.sequence):
                self.report("set-size", other.where, "differs")

    def check_named_files(self):
        root = self.hierarchies[0].directories[0]
        known = {file.id for file in root.files}
        for name, text in self.primary.named_files():
            if text not in known and text + b";1" not in known:
                self.report("file-field", self.primary.where,
                            "%s: no file %r" % (name, text))

    def folder_pairs(self):
        """By lathe's table: names of a path in Joliet -> identifiers of
        the same in ISO 9660."""
        first, joliet = self.hierarchies
        mine, others = first.by_table(), joliet.by_table()
        numbers = struct.unpack("<%dI" % len(mine), self.image.read(
            self.mark.maps[0], 4 * len(mine)))
        return {tuple(joliet.names.text(p, True)
                      for p in others[number - 1].path): mine[i].path
                for i, number in enumerate(numbers)}

    # ---- SPEC 1.1

    def check_own(self):
        kinds = [(d.data[0], d.joliet) for d in self.descriptors]
        if kinds not in ([(1, False)], [(1, False), (2, True)]):
            self.report("own-layout", "descriptors", "%r" % kinds)
        for d in self.descriptors:
            if (d.set_size, d.sequence, d.optional_l, d.optional_m) != \
                    (1, 1, 0, 0):
                self.report("own-fields", d.where, "not what is always "
                            "written")
            if d.joliet and (d.data[88:91] != b"%/E" or any(
                    d.data[883:1395])):
                self.report("own-fields", d.where, "escape sequence or "
                            "application use")
            root = d.root
            if root.xar or root.unit or root.gap:
                self.report("own-fields", d.where, "root's record")
        if self.mark is None:
            self.report("mark", self.primary.where, "there is none")


def validate(image, start, report, previous=None, whole=False, **options):
    """The Volume, or None where it can not be looked into. With 'previous',
    a Volume of the session before, what is kept of it is compared. 'whole':
    the image ends where the volume does."""
    try:
        volume = Volume(image, start, report, **options)
    except (Corrupt, struct.error, RecursionError) as error:
        report("set" if "descriptor" in str(error) or
               "terminator" in str(error) else "extent",
               "volume at %d" % start, str(error))
        return None
    if whole and volume.primary.space_size * BLOCK != image.bytes:
        report("own-size", "image", "%d bytes for %d blocks" % (
            image.bytes, volume.primary.space_size))
    earlier = volume.earlier
    if previous and not earlier:
        earlier = [(0, previous.primary.space_size)]
    if previous or volume.own:
        check_old_extents(volume, earlier, report)
    if previous:
        if volume.mark and previous.mark and (
                not volume.earlier or
                volume.earlier[0][0] != previous.start):
            report("mark-chain", "volume at %d" % start,
                   "does not name the session at %d" % previous.start)
        check_sessions(previous, volume, report)
    return volume


def parse_arguments():
    parser = argparse.ArgumentParser(
        description="Judge a volume by ECMA-119, Joliet, SUSP, RRIP.")
    parser.add_argument("image", nargs="?")
    parser.add_argument("--start", type=int, default=0, metavar="LBA",
                        help="first block of the session [0]")
    parser.add_argument("--previous", type=int, metavar="LBA",
                        help="first block of the session before")
    parser.add_argument("--iso-level", default=None,
                        choices=("1", "2", "3", "relaxed"),
                        help="judge ISO 9660 identifiers by this level")
    parser.add_argument("--joliet-units", type=int, default=64, metavar="N",
                        help="longest Joliet identifiers [64]")
    parser.add_argument("--strict-own", action="store_true",
                        help="demand what SPEC.md says, too")
    parser.add_argument("--whole", action="store_true",
                        help="the image ends where the volume does")
    parser.add_argument("--allow", default="", metavar="RULE,...",
                        help="findings of these rules do not count")
    parser.add_argument("--rock-ridge", choices=("yes", "no"),
                        help="demand it, or that it is not there")
    parser.add_argument("--foreign", default="", metavar="XX,...",
                        help="other entries that system use fields may have")
    parser.add_argument("--rules", action="store_true",
                        help="list the rules")
    return parser.parse_args()


def main():
    args = parse_arguments()
    if args.rules:
        for rule, text in RULES.items():
            print("%-20s %s" % (rule, text))
        return 0
    level = args.iso_level
    options = {"level": int(level) if level and level.isdigit() else level,
               "joliet_units": args.joliet_units, "own": args.strict_own,
               "foreign": args.foreign.split(",")}
    if args.rock_ridge:
        options["rock"] = args.rock_ridge == "yes"
    report = Report(filter(None, args.allow.split(",")))
    image = Image(args.image)
    previous = None
    if args.previous is not None:
        previous = validate(image, args.previous, report, **options)
    volume = validate(image, args.start, report, previous, args.whole,
                      **options)
    for line in report.lines():
        print(line)
    print("%s at %d: %d findings, %d allowed" % (
        args.image, args.start, len(report.found), len(report.allowed)))
    return 1 if report.found or not volume else 0


if __name__ == "__main__":
    sys.exit(main())
