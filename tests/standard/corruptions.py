# SPDX-License-Identifier: MIT
"""The judge judged: a good image in which one thing is wrong has to be
reported, by the rule that is broken. Arguments: folder with a.iso, d.img
(two sessions, the second at argv[2]), rock.iso, grown.iso and deep.iso made by
corruptions.sh.
"""
import os
import random
import struct
import sys

from corruption import (END, PVD, SVD, Corruption, Totals, both16, both32,
                        fault, find, judge, proven)
from corruptions_images import (corrupt_copy, corrupt_own_rock,
                                corrupt_sessions, judge_deep)
from volume_fields import BLOCK, RULES

# ---- descriptors: offset, bytes, rule; in the primary or the Joliet one -----

DESCRIPTORS = (
    (PVD, 0, b"\4", "type"), (PVD, 1, b"X", "standard-id"),
    (PVD, 6, b"\2", "version"), (PVD, 7, b"\1", "unused"),
    (PVD, 8, b"a", "a-characters"), (PVD, 8, b"^", "a-characters"),
    (PVD, 40, b"a", "d-characters"), (PVD, 40, b"-", "d-characters"),
    (PVD, 45, b"\0", "d-characters"), (PVD, 72, b"\1", "unused"),
    (PVD, 79, b"\1", "unused"), (PVD, 80, b"\xff", "both-endian"),
    (PVD, 87, b"\xff", "both-endian"), (PVD, 80, both32(5), "space-size"),
    (PVD, 80, both32(1 << 20), "truncated"),
    (PVD, 80, both32(30), "extent"),
    (PVD, 80, both32(31), "space-size-same"),
    (PVD, 80, both32(31), "own-size"),
    (PVD, 88, b"%/E", "unused"), (PVD, 119, b"\1", "unused"),
    (PVD, 120, b"\2", "both-endian"), (PVD, 120, both16(0), "set-size"),
    (PVD, 120, both16(2), "own-fields"), (PVD, 124, both16(2), "set-size"),
    (PVD, 126, b"\1", "both-endian"), (PVD, 128, both16(1024), "block-size"),
    (PVD, 132, b"\0", "both-endian"), (PVD, 132, both32(40), "path-table"),
    (PVD, 144, b"\1", "own-fields"), (PVD, 155, b"\1", "own-fields"),
    (PVD, 156, b"\x24", "root-record"), (PVD, 156 + 25, b"\0", "root-record"),
    (PVD, 156 + 25, b"\x42", "flags"), (PVD, 156 + 18, b"\x7e\x0d",
                                        "date-7"),
    (PVD, 156 + 26, b"\1", "own-fields"), (PVD, 156 + 28, b"\2",
                                           "both-endian"),
    (PVD, 156 + 33, b"\1", "root-record"),
    (PVD, 156 + 10, both32(4096 * 8), "directory-self"),
    (PVD, 190, b"x", "d-characters"), (PVD, 318, b"[", "a-characters"),
    (PVD, 318, b"_NO.TXT", "file-field"), (PVD, 446, b"x", "a-characters"),
    (PVD, 574, b"{", "a-characters"), (PVD, 702, b"x", "file-field"),
    (PVD, 739, b"NO.TXT;1", "file-field"), (PVD, 776, b"/", "file-field"),
    (PVD, 813, b"x", "date-17"), (PVD, 813, b"2026133112000000\0",
                                  "date-17"),
    (PVD, 830, b"2026023012000000\0", "date-17"),
    (PVD, 847, b"0000000000000000\4", "date-17"),
    (PVD, 847, bytes(17), "date-17"), (PVD, 864, b" " * 17, "date-17"),
    (PVD, 813, b"2026010124000000\0", "date-17"),
    (PVD, 813, b"2026010112000000\x35", "date-17"),
    (PVD, 813, b"2026010112000000\xcf", "date-17"),
    (PVD, 881, b"\2", "structure-version"), (PVD, 882, b"\x20", "unused"),
    (PVD, 1395, b"\1", "unused"), (PVD, 2047, b"\1", "unused"),
    # the mark
    (PVD, 883, b"X", "mark"), (PVD, 891, b"\2", "mark"),
    (PVD, 895, b"\1", "mark"), (PVD, 899, b"\0", "own-size"),
    (PVD, 903, b"\0", "mark"), (PVD, 907, b"\1", "mark-chain"),
    (PVD, 911, b"\1", "mark-chain"), (PVD, 915, b"\1", "mark"),
    (PVD, 919, b"\0", "mark"), (PVD, 923, b"\1", "mark"),
    (PVD, 927, b"\0", "mark"), (PVD, 935, b"\1", "mark"),
    (PVD, 955, b"\0", "mark"), (PVD, 959, b"\0", "own-layout"),
    (PVD, 963, b"\1", "mark"), (PVD, 971, b"\1", "mark"),
    (PVD, 1394, b"\1", "mark"),
    # Joliet
    (SVD, 0, b"\3", "unjudged"), (SVD, 6, b"\2", "unjudged"),
    (SVD, 7, b"\1", "volume-flags"), (SVD, 88, b"%/F", "escape"),
    (SVD, 88, b"%/@", "own-fields"), (SVD, 91, b"%", "escape"),
    (SVD, 40, b"\0*", "joliet-text"), (SVD, 40, b"\xd8\0\0 ",
                                       "joliet-text"),
    (SVD, 44, b"\0\0", "joliet-text"), (SVD, 318, b"\0/", "joliet-text"),
    (SVD, 702 + 36, b" ", "joliet-text"), (SVD, 883, b"\1", "own-fields"),
    (SVD, 80, both32(31), "space-size-same"), (SVD, 72, b"\1", "unused"),
    (SVD, 80, b"\1", "both-endian"), (SVD, 881, b"\2", "structure-version"),
    (SVD, 813, b"x", "date-17"), (SVD, 132, b"\0", "both-endian"),
    (SVD, 1395, b"\1", "unused"),
    # terminator
    (END, 0, b"\1", "set"), (END, 0, b"\xfe", "type"),
    (END, 1, b"c", "standard-id"), (END, 6, b"\0", "version"),
    (END, 7, b"\1", "terminator"), (END, 2047, b"\1", "terminator"),
    # system area
    (0, 0, b"\1", "own-system-area"), (0, PVD - 1, b"\1",
                                       "own-system-area"),
)


def corrupt_descriptors(make):
    for base, at, new, rule in DESCRIPTORS:
        c = make()
        c.put(base + at, new)
        c.expect(rule, "byte %d of block %d: %r" % (
            at % BLOCK, (base + at) // BLOCK, new))


# ---- path tables ------------------------------------------------------------

def corrupt_path_tables(make):
    """Offsets in a record, from its beginning; -1: behind the identifier."""
    for h in (0, 1):
        table, big = make().volume.hierarchies[h].tables
        at = table.lba * BLOCK
        second = at + 10    # behind the root's
        length = make().data[second]
        who = table.hierarchy.names.name + ", path table, "
        for what, offset, new, rule in (
                ("length", second, b"\0", "path-table"),
                ("length + 2", second, bytes([length + 2]), "path-table"),
                ("attribute record", second + 1, b"\1", "path-xar"),
                ("extent", second + 2, b"\xff", "path-tree"),
                ("parent 0", second + 6, b"\0", "path-parent"),
                ("parent itself", second + 6, b"\2", "path-parent"),
                ("root's parent", at + 6, b"\2", "path-parent"),
                ("root's identifier", at + 8, b"\1", "path-tree"),
                ("identifier", second + 8 + length - 1, b"\x02",
                 "path-tree"),
                ("root's padding", at + 9, b"\1", "path-pad"),
                ("rest", at + table.size, b"\1", "path-rest")):
            c = make()
            c.put(offset, new)
            c.expect(rule, who + what)
        for what, offset in (("extent", 13), ("parent", 17), ("name", 18)):
            c = make()
            place = big.lba * BLOCK + offset
            c.data[place] ^= 0x10
            c.expect("path-same", who + "type M, " + what)
        swap_table(make, h, who)
        corrupt_table_addresses(make, h, who)


def swap_table(make, h, who):
    """The last two records that have a parent in common, in both tables:
    the directories they speak of are still all there."""
    c = make()
    for table in c.volume.hierarchies[h].tables:
        spans, at = [], 0
        for record in table.records:
            size = 8 + len(record[2]) + len(record[2]) % 2
            spans.append((at, at + size))
            at += size
        i = max(i for i in range(1, len(spans) - 1) if
                table.records[i][1] == table.records[i + 1][1])
        base = table.lba * BLOCK
        (a, b), (_, end) = spans[i], spans[i + 1]
        mixed = c.data[base + b:base + end] + c.data[base + a:base + b]
        c.put(base + a, mixed)
    c.expect("path-order", who + "two records exchanged")


def corrupt_table_addresses(make, h, who):
    base = (PVD, SVD)[h]
    c = make()
    c.put(base + 140, struct.pack("<I", 1 << 24))
    c.expect("extent", who + "address of L beyond the image")
    c = make()
    c.put(base + 148, struct.pack(">I", c.volume.hierarchies[h].tables[0].lba))
    c.expect("path-same", who + "address of M is L's")


# ---- records ----------------------------------------------------------------

# Name in ISO 9660, in Joliet, offset in the record, bytes, rule.
RECORDS = (
    (1, b"\1", "own-fields"), (2, b"\xee", "both-endian"),
    (2, both32(1 << 24), "extent"), (2, both32(16), "overlap"),
    (2, both32(29), "overlap"), (10, b"\xee", "both-endian"),
    (10, both32(1), "agreement"), (10, both32(0x7fffffff), "extent"),
    (10, both32(30001), "agreement"), (18, b"\x7e\x02\x1e", "date-7"),
    (18, b"\x7e\x00\x01", "date-7"), (21, b"\x18", "date-7"),
    (22, b"\x3c", "date-7"), (23, b"\x3c", "date-7"), (24, b"\x35",
                                                       "date-7"),
    (24, b"\xcf", "date-7"), (18, b"\x01", "agreement"),
    (25, b"\1", "agreement"), (25, b"\x20", "flags"), (25, b"\x40", "flags"),
    (25, b"\4", "own-fields"), (25, b"\x10", "own-fields"),
    (25, b"\x80", "sections"), (26, b"\1", "unit-gap"),
    (27, b"\1", "unit-gap"), (26, b"\1\1", "own-fields"),
    (28, both16(0), "volume-number"), (28, both16(2), "volume-number"),
    (28, b"\2", "both-endian"),
)

DIRECTORY_RECORDS = (
    (2, both32(1 << 24), "extent"), (10, both32(2047), "directory-length"),
    (10, both32(0), "directory-length"), (10, both32(4096),
                                          "directory-self"),
    (25, b"\6", "flags"), (25, b"\x0a", "flags"), (25, b"\x82",
                                                   "directory-extent"),
    (25, b"\0", "path-tree"), (26, b"\1\1", "unit-gap"),
    (18, b"\x01", "own-fields"),
)


def corrupt_records(make):
    for h, file, folder in ((0, "DATA.BIN", "FOLDER"),
                            (1, "data.bin", "folder")):
        volume = make().volume
        for name, rows in ((file, RECORDS), (folder, DIRECTORY_RECORDS)):
            record = find(volume, h, name)
            for at, new, rule in rows:
                c = make()
                c.put(record.at + at, new)
                c.expect(rule, "%s: byte %d: %r" % (name, at, new))
        corrupt_lengths(make, h, find(volume, h, file))
        corrupt_special(make, h, volume)
        corrupt_order(make, h, volume)


def corrupt_lengths(make, h, record):
    for what, at, new, rule in (
            ("length 33", 0, b"\x21", "extent"),
            ("length of the identifier", 32, b"\xf0", "extent"),
            ("identifier of 0 bytes", 32, b"\0",
             ("file-id", "joliet-character")[h])):
        c = make()
        c.put(record.at + at, new)
        c.expect(rule, "hierarchy %d, a file's %s" % (h, what))
    if record.length > 33 + len(record.id):
        c = make()
        c.put(record.at + record.length - 1, b"\1")
        c.expect("record-pad", "hierarchy %d, padding" % h)
    # One more byte, where records and rest of the block are one apart.
    last = last_of_root(make().volume, h)
    c = make()
    c.put(last.at, bytes([last.length + 1]))
    c.expect("record-even", "hierarchy %d, an odd length" % h)
    c = make()
    c.put(last.at, bytes([last.length + 2]))
    c.expect("own-fields", "hierarchy %d, a system use field" % h)
    if len(last.id) % 2 == 0:
        c = make()
        c.put(last.at, bytes([last.length - 1]))
        c.expect("record-length", "hierarchy %d, no padding" % h)
    c = make()
    c.put(last.at + last.length, b"\0\1")
    c.expect("record-rest", "hierarchy %d, behind the last record" % h)
    c = make()
    c.put(last.at - last.at % BLOCK + BLOCK - 1, b"\1")
    c.expect("record-rest", "hierarchy %d, end of the block" % h)


def last_of_root(volume, h):
    return volume.hierarchies[h].directories[0].records[-1]


def corrupt_special(make, h, volume):
    folder = next(d for d in volume.hierarchies[h].directories if d.parent and
                  len(d.records) > 1)
    first = folder.self_record
    at = first.at
    for what, offset, new, rule in (
            ("its address", 2, both32(folder.extent + 1), "directory-self"),
            ("its size", 10, both32(BLOCK * 2), "directory-self"),
            ("its flags", 25, b"\0", "directory-self"),
            ("its identifier", 33, b"\1", "directory-self"),
            ("the parent's address", 34 + 2, both32(folder.extent),
             "directory-parent"),
            ("the parent's size", 34 + 10, both32(BLOCK * 9),
             "directory-parent"),
            ("the parent's identifier", 34 + 33, b"\0", "directory-parent"),
            ("the parent's date", 34 + 18, b"\x01", "own-fields"),
            ("a third one", 68 + 32, b"\1\1", "special-id")):
        c = make()
        c.put(at + offset, new)
        c.expect(rule, "hierarchy %d, own records: %s" % (h, what))


def corrupt_order(make, h, volume):
    """Two records exchanged; one twice."""
    for directory in volume.hierarchies[h].directories:
        pairs = [(a, b) for a, b in zip(directory.records,
                                        directory.records[1:])
                 if a.at + a.length == b.at]
        for a, b in pairs[:3]:
            c = make()
            c.put(a.at, b.raw + a.raw)
            c.expect("order", "hierarchy %d: %r and %r exchanged" % (
                h, a.id, b.id))
            if a.length == b.length and not b.is_directory:
                c = make()
                c.put(b.at + 33, a.id)
                c.expect("unique", "hierarchy %d: %r twice" % (h, a.id))


def corrupt_blocks(make):
    """A sector too few, a hole where a record would fit."""
    for h in (0, 1):
        folder = next(d for d in make().volume.hierarchies[h].directories
                      if d.size > 2 * BLOCK)
        record = [r for r in folder.records
                  if r.at // BLOCK == folder.extent][-1]
        c = make()
        c.put(record.at, bytes(record.length))
        c.expect("own-packed", "hierarchy %d: a record less" % h)
        c = make()
        c.put(record.at, b"\xfe")
        c.expect("record-crosses", "hierarchy %d: a long record" % h)
        c = make()
        c.put((folder.extent + 1) * BLOCK, bytes(BLOCK))
        c.expect("directory-length", "hierarchy %d: an empty sector" % h)


# ---- identifiers ------------------------------------------------------------

ISO_IDS = (
    (b"data.BIN;1", "file-id"), (b"DA-A.BIN;1", "file-id"),
    (b"DA.A.BIN;1", "file-id"), (b"DATABBIN;1", "file-id"),
    (b"DATA.BIN11", "file-id"), (b"DATA.BIN;0", "file-id"),
    (b"DATA.BIN;2", "own-id"), (b"D;TA.BIN;1", "file-id"),
    (b"DATA.B\0N;1", "file-id"), (b"\xc4ATA.BIN;1"[:10], "file-id"),
    (b"AUX.BINN;1", "own-id"), (b"LPT9.BIN;1", "own-id"),
)
JOLIET_IDS = ("da*a.bin", "da/a.bin", "da:a.bin", "da;a.bin", "da?a.bin",
              "da\\a.bin", "da\0a.bin", "da\x1fa.bin")


def corrupt_identifiers(make):
    record = find(make().volume, 0, "DATA.BIN")
    assert record.id == b"DATA.BIN;1"
    for identifier, rule in ISO_IDS:
        c = make()
        c.put(record.at + 33, identifier)
        c.expect(rule, "identifier %r" % identifier)
    record = find(make().volume, 1, "data.bin")
    for name in JOLIET_IDS:
        c = make()
        c.put(record.at + 33, name.encode("utf-16-be"))
        c.expect("joliet-character", "identifier %r" % name)
    for units in (b"\xd8\0\0a", b"\0a\xdc\0", b"\xdc\0\xd8\0"):
        c = make()
        c.put(record.at + 33, units)
        c.expect("joliet-surrogate", "identifier " + units.hex())
    c = make()
    c.put(record.at + 32, bytes([len(record.id) - 1]))
    c.expect("joliet-odd", "an odd identifier")
    c = make()
    c.put(record.at + 33 + 12, ";1".encode("utf-16-be"))
    c.expect("own-id", "a version in Joliet")
    folder = find(make().volume, 0, "FOLDER")
    for identifier in (b"FOL.ER", b"FOLD;1", b"folder", b"FOL ER"):
        c = make()
        c.put(folder.at + 33, identifier)
        c.expect("directory-id", "identifier %r" % identifier)


def judge_other_limits(make):
    """The same image, by limits that it was not made for."""
    for what, rule, options in (
            ("level 1", "file-id-length", {"level": 1}),
            ("level 1", "directory-id-length", {"level": 1}),
            ("60 units", "joliet-length", {"joliet_units": 60})):
        make().expect(rule, "by " + what, **options)
    c = make()
    c.data += bytes(BLOCK)
    c.expect("own-size", "a block more", whole=True)
    c = make()
    del c.data[-1:]
    c.expect("own-size", "a byte less", whole=True)
    c = make()
    del c.data[-BLOCK:]
    c.expect("truncated", "a block less")


# ---- data, padding, the mark's checksum -------------------------------------

def corrupt_data(make):
    volume = make().volume
    record = find(volume, 0, "DATA.BIN")
    c = make()
    c.put(record.extent * BLOCK + record.size, b"\1")
    c.expect("own-data", "a byte behind a file's end")
    for h, name in ((0, "EMPTY"), (1, "empty")):
        c = make()
        c.put(find(volume, h, name).at + 2, both32(29))
        c.expect("own-empty", "%s: its address" % name)
    move_large(make, volume)
    lba = volume.mark.maps[0]
    for what, at, new in (("number 0", 0, b"\0"), ("twice", 4, b"\1"),
                          ("rest", BLOCK - 1, b"\1")):
        c = make()
        c.put(lba * BLOCK + at, new)
        c.expect("own-map", "table of directories: " + what)
    c = make()
    c.put(lba * BLOCK + 4, c.data[lba * BLOCK + 8:lba * BLOCK + 12] +
          c.data[lba * BLOCK + 4:lba * BLOCK + 8])
    c.expect("own-map", "table of directories: two exchanged")
    swap_folders(make, volume)


def move_large(make, volume):
    """In both hierarchies, so that they agree."""
    large = find(volume, 0, "LARGE.BIN")
    c = make()
    for h, name in ((0, "LARGE.BIN"), (1, "large.bin")):
        c.put(find(volume, h, name).at + 2, both32(large.extent - 1))
    c.expect("own-data", "a large file at an odd block")
    for h, name in ((0, "LARGE.BIN"), (1, "large.bin")):
        c.put(find(volume, h, name).at + 2, both32(large.extent + 2))
    c.expect("unexplained", "blocks that are no file's any more")
    c = make()
    for h, name in ((0, "LARGE.BIN"), (1, "large.bin")):
        c.put(find(volume, h, name).at + 10, both32(large.size - 2 * BLOCK))
    c.expect("unexplained", "a file that ends too early")


def corrupt_sections(make):
    """Two files, one behind the other, become one of two sections."""
    def join(size):
        c = make()
        for h, names in ((0, ("PART_1", "PART_2")), (1, ("part 1", "part 2"))):
            a, b = (find(c.volume, h, name) for name in names)
            assert a.at + a.length == b.at
            assert a.extent + a.size // BLOCK == b.extent
            c.put(a.at + 10, both32(size))
            c.put(a.at + 25, b"\x80")
            c.put(b.at + 33, a.id)
        return c
    join(4096).expect("one-section", "two sections at level 2")
    join(4096).expect("own-sections", "a section of 4096 bytes", level=3)
    join(4095).expect("section-size", "a section of 4095 bytes", level=3)
    c = join(4096)
    b = find(make().volume, 0, "PART_2")
    c.put(b.at + 25, b"\x80")
    c.expect("sections", "no last section", level=3)
    c.put(b.at + 25, b"\1")
    c.expect("sections", "sections of other flags", level=3)


def swap_folders(make, volume):
    """Identifiers of two folders of ISO 9660 exchanged, with their places in
    the tables: only the table of directories knows."""
    c = make()
    a, b = (find(volume, 0, n) for n in ("TWIN_A", "TWIN_B"))
    c.put(a.at + 2, both32(b.extent))
    c.put(b.at + 2, both32(a.extent))
    for table, form in zip(volume.hierarchies[0].tables, "<>"):
        at = table.lba * BLOCK
        for extent, _, name, _ in table.records:
            other = {a.extent: b.extent, b.extent: a.extent}.get(extent)
            if other:
                c.put(at + 2, struct.pack(form + "I", other))
            at += 8 + len(name) + len(name) % 2
    c.expect("own-map", "two folders exchanged")


def corrupt_checksum(good, volume):
    """Any byte of the metadata, and the sum itself."""
    rng = random.Random(7)
    end = volume.mark.metadata * BLOCK
    for at in [PVD + 951, end - 1] + rng.sample(range(PVD, end), 60):
        c = Corruption(good, volume)
        c.data[at] ^= 1 << rng.randrange(8)
        _, report = judge(c.data, allow=())
        Totals.count += 1
        if not report.found:
            fault("byte %d is changed, and nothing is reported" % at)
    c = Corruption(good, volume)
    record = find(volume, 0, "DATA.BIN")
    c.data[record.at + 18] ^= 1    # a date that may be
    c.expect("mark-crc", "a date", allow=())


def main():
    folder, start = sys.argv[1], int(sys.argv[2])
    with open(os.path.join(folder, "a.iso"), "rb") as f:
        good = f.read()
    volume, report = judge(good, whole=True, allow=())
    for line in report.lines():
        fault("the good image: " + line)

    def make():
        return Corruption(good, volume)
    for corrupt in (corrupt_descriptors, corrupt_path_tables, corrupt_records,
                    corrupt_blocks, corrupt_identifiers, judge_other_limits,
                    corrupt_data, corrupt_sections):
        corrupt(make)
    corrupt_checksum(good, volume)
    corrupt_sessions(os.path.join(folder, "d.img"), start)
    corrupt_own_rock(os.path.join(folder, "rock.iso"))
    corrupt_copy(os.path.join(folder, "grown.iso"))
    judge_deep(os.path.join(folder, "deep.iso"))
    # Those of system use have volumes and corruptions of their own.
    for rule in sorted(rule for rule in set(RULES) - proven
                       if not rule.startswith(("susp", "rock"))):
        fault("nothing proves that '%s' is looked at" % rule)
    print("%d corruptions, %d faults" % (
        Totals.count, Totals.faults))
    sys.exit(Totals.faults != 0)


if __name__ == "__main__":
    main()
