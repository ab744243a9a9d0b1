# SPDX-License-Identifier: MIT
"""Good volumes to be changed, and the judge's word on them: shared by the
corruptions. The mark's checksum would notice anything: it is left out, but
where it is itself what is looked at.
"""
import struct

from validate_volume import validate
from volume_fields import BLOCK, Image, Report

PVD, SVD, END = 16 * BLOCK, 17 * BLOCK, 18 * BLOCK
proven = set()


class Totals:
    faults = count = 0


def fault(text):
    Totals.faults += 1
    print("FAULT: " + text)


def judge(data, start=0, previous=None, allow=("mark-crc",), **options):
    options.setdefault("level", 2)
    report = Report(allow)
    image = Image(data)
    before = previous is not None and validate(
        image, previous, Report(), own=True, level=2)
    volume = validate(image, start, report, before or None, own=True,
                      **options)
    return volume, report


class Corruption:
    """A copy of the good image, to be changed."""

    def __init__(self, good, volume):
        self.data, self.volume = bytearray(good), volume

    def put(self, at, new):
        self.data[at:at + len(new)] = new

    def expect(self, rule, what, **options):
        Totals.count += 1
        proven.add(rule)
        _, report = judge(self.data, **options)
        if rule not in report.rules():
            fault("%s: not reported as %s; reported: %s" % (
                what, rule, sorted(report.rules()) or "nothing"))


def both32(n):
    return struct.pack("<I", n) + struct.pack(">I", n)


def both16(n):
    return struct.pack("<H", n) + struct.pack(">H", n)


def find(volume, h, name):
    for path, file in volume.hierarchies[h].by_name().items():
        if path == name:
            if file:
                return file.records[0]
            return next(d.record for d in volume.hierarchies[h].directories
                        if "/".join(volume.hierarchies[h].names.text(p, True)
                                    for p in d.path) == name)
    raise KeyError(name)
