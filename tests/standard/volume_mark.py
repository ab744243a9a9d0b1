# SPDX-License-Identifier: MIT
"""SPEC 1.6: what lathe says of a volume in the primary descriptor's
application use field. SPEC 1.7: its tables of directories."""
import struct

from volume_agreement import agree, contents_of
from volume_fields import BLOCK, blocks_of, crc32c

AT, ROOM = 883, 512
MAGIC = b"LATHE\0\0\0"
CRC_AT = 951
MOST_SESSIONS = 9999
COPY_MAGIC, COPY_BLOCKS = b"LATHE HEAD COPY\0", 32


class Mark:
    def __init__(self, descriptor):
        (self.version, self.start, self.blocks, self.metadata,
         self.previous_start, self.previous_blocks, self.hierarchies) = \
            struct.unpack_from("<7I", descriptor, AT + 8)
        self.roots = [struct.unpack_from("<II", descriptor, AT + 36 + 8 * i)
                      for i in range(4)]
        self.crc, = struct.unpack_from("<I", descriptor, CRC_AT)
        self.directories, *self.maps = struct.unpack_from(
            "<4I", descriptor, CRC_AT + 4)
        self.rest = descriptor[CRC_AT + 20:AT + ROOM]

    def map_spans(self):
        """Blocks of the tables: first, end."""
        return [(lba, lba + blocks_of(4 * self.directories))
                for lba in self.maps if lba]


def read_mark(descriptor):
    """None where there is none."""
    if descriptor[AT:AT + 8] != MAGIC:
        return None
    return Mark(descriptor)


def check_mark(volume, report):
    mark = volume.mark
    where = "mark of the volume at %d" % volume.start
    roots = [(h.descriptor.root.extent, h.descriptor.root.size)
             for h in volume.hierarchies]
    wanted = (1, volume.start, len(roots))
    if (mark.version, mark.start, mark.hierarchies) != wanted:
        report("mark", where, "version %d, start %d, %d hierarchies" % (
            mark.version, mark.start, mark.hierarchies))
    if mark.roots[:len(roots)] != roots or any(
            root != (0, 0) for root in mark.roots[len(roots):]):
        report("mark", where, "roots %r" % mark.roots)
    if any(mark.rest):
        report("mark", where, "no zeros after it")
    end = max([d.extent + d.size // BLOCK
               for h in volume.hierarchies for d in h.directories] +
              [end for h in volume.hierarchies
               for _, end in h.system_use.spans()])
    if mark.metadata != end - volume.start:
        report("mark", where, "metadata: %d blocks, not %d" % (
            mark.metadata, end - volume.start))
    if volume.start + mark.blocks != volume.primary.space_size:
        report("own-size", where, "%d + %d is not the space size, %d" % (
            volume.start, mark.blocks, volume.primary.space_size))
    first, *others = volume.hierarchies
    if mark.directories != len(first.directories):
        report("mark", where, "%d directories" % mark.directories)
    for i, lba in enumerate(mark.maps):
        if bool(lba) != (i < len(others)):
            report("mark", where, "tables of directories at %r" % mark.maps)
        elif lba:
            check_map(volume.image, lba, first, others[i], report)
    check_crc(volume, end, report, where)


def check_map(image, lba, first, other, report):
    """The two of a pair are in a pair themselves, and hold the same."""
    mine, others = first.by_table(), other.by_table()
    where = "table of directories at block %d" % lba
    size = 4 * len(mine)
    data = image.need(lba, blocks_of(size) * BLOCK, where)
    numbers = struct.unpack_from("<%dI" % len(mine), data)
    if any(data[size:]):
        report("own-map", where, "no zeros after it")
    # 0: a directory that is there for those that were moved away.
    if sorted(filter(None, numbers)) != list(range(1, len(others) + 1)):
        report("own-map", where, "not each directory once")
        return
    pair = {mine[i]: others[number - 1] for i, number in enumerate(numbers)
            if number}
    a_in, b_in = contents_of(first), contents_of(other)
    for a in mine:
        if a in a_in and not hold_the_same(a_in[a], b_in.get(pair.get(a)),
                                           pair):
            report("own-map", where, "%s is not %s" % (
                first.where(a.path), pair.get(a) and
                other.where(pair[a].path)))
        elif a is not None and a not in a_in and a in pair:
            report("own-map", where, "%s is not there" % first.where(a.path))


def hold_the_same(a, b, pair):
    if b is None:
        return False
    (a_parent, must, may), (b_parent, there, _) = a, b
    return pair.get(a_parent) is b_parent and agree(must, may, there)


def check_crc(volume, end, report, where):
    first = volume.start + 16
    data = bytearray(volume.image.need(first, (end - first) * BLOCK, where))
    data[CRC_AT:CRC_AT + 4] = bytes(4)
    crc = crc32c(data)
    if crc != volume.mark.crc:
        report("mark-crc", where, "%08x, not %08x" % (volume.mark.crc, crc))


def check_copy(image, lba, blocks, report):
    """SPEC 5: descriptors of a session at LBA 0, or of another program's,
    that a head has replaced."""
    where = "copy of a head at block %d" % lba
    data = image.need(lba, COPY_BLOCKS * BLOCK, where)
    version, start, count, crc = struct.unpack_from("<4I", data, 16)
    begin, end = 16 * BLOCK, (16 + count) * BLOCK
    if (version, start, blocks) != (1, lba, COPY_BLOCKS) or \
            not 2 <= count <= 16:
        report("own-copy", where, "version %d, %d, %d descriptors, %d "
               "blocks" % (version, start, count, blocks))
        return
    if crc != crc32c(data[begin:end]):
        report("own-copy", where, "other checksum")
    if any(data[32:begin]) or any(data[end:]):
        report("own-copy", where, "not zeros")
    if data[begin:begin + 6] != b"\1CD001" or data[end - BLOCK] != 255:
        report("own-copy", where, "no descriptors")


def follow_chain(volume, report):
    """The sessions before this one, newest first: start and end."""
    mark, start, chain = volume.mark, volume.start, []
    while mark.previous_blocks or mark.previous_start:
        where = "mark of the volume at %d" % start
        first, blocks = mark.previous_start, mark.previous_blocks
        if first + blocks > start or not blocks:
            report("mark-chain", where, "previous session: %d, %d blocks" % (
                first, blocks))
            break
        if volume.image.read(first, len(COPY_MAGIC)) == COPY_MAGIC:
            check_copy(volume.image, first, blocks, report)
            return chain + [(0, first)]
        head = volume.image.read(first + 16, BLOCK).ljust(BLOCK)
        mark = read_mark(head)
        if mark is None and head[:6] == b"\1CD001":
            # Somebody else's: what is in front of it is not known.
            return chain + [(first, first + blocks), (0, first)]
        if mark is None or (mark.start, mark.blocks) != (first, blocks):
            report("mark-chain", where, "no such session at %d" % first)
            break
        chain.append((first, first + blocks))
        start = first
        if len(chain) > MOST_SESSIONS:
            report("mark-chain", where, "too many sessions")
            break
    return chain
