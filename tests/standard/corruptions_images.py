# SPDX-License-Identifier: MIT
"""Corruptions of volumes other than the first one: sessions, Rock Ridge as
SPEC has it, images that grew, deep trees."""
import struct

from corruption import (BLOCK, PVD, Corruption, both32, fault, find, judge,
                        proven)

# ---- sessions ---------------------------------------------------------------

def corrupt_sessions(path, start):
    with open(path, "rb") as f:
        good = f.read()
    volume, report = judge(good, start, 0)
    for line in report.lines():
        fault("two sessions: " + line)

    def make():
        return Corruption(good, volume)

    def both_records(c, name, at, new):
        for h in (0, 1):
            c.put(find(volume, h, (name.upper(), name)[h]).at + at, new)
    old = find(volume, 0, "DATA.BIN")
    base = (start + 16) * BLOCK
    for what, change, rule in (
            ("an old extent is elsewhere",
             lambda c: both_records(c, "data.bin", 2,
                                    both32(old.extent + 1)), "session-file"),
            ("an old extent is in the gap",
             lambda c: both_records(c, "data.bin", 2, both32(start - 100)),
             "session-extent"),
            ("an old date is another",
             lambda c: both_records(c, "data.bin", 18, b"\x30"),
             "session-file"),
            ("an old size is another",
             lambda c: both_records(c, "data.bin", 10, both32(29999)),
             "session-file"),
            ("an extent crosses the start",
             lambda c: both_records(c, "data.bin", 2, both32(start - 1)),
             "extent"),
            ("an old name is another in ISO 9660",
             lambda c: c.put(find(volume, 0, "DATA.BIN").at + 33,
                             b"DATA.BIO"), "session-file"),
            ("an old name is another in Joliet",
             lambda c: c.put(find(volume, 1, "data.bin").at + 33,
                             "data.bio".encode("utf-16-be")),
             "session-file"),
            ("the size is the session's own",
             lambda c: [c.put(base + k * BLOCK + 80, both32(
                 volume.primary.space_size - start)) for k in (0, 1)],
             "space-size"),
            ("the mark names another session",
             lambda c: c.put(base + 907, struct.pack("<I", 1)),
             "mark-chain"),
            ("the mark has another size of it",
             lambda c: c.put(base + 911, struct.pack("<I", 7)),
             "mark-chain"),
            ("the mark names none",
             lambda c: c.put(base + 907, bytes(8)), "mark-chain"),
            ("the first session's descriptor is gone",
             lambda c: c.put(PVD, bytes(BLOCK)), "mark-chain")):
        c = make()
        change(c)
        c.expect(rule, what, start=start, previous=0)


# ---- Rock Ridge, as SPEC 1.9 has it ----------------------------------------

def corrupt_own_rock(path):
    """What only SPEC asks for; corruptions_rock.py has the rest."""
    with open(path, "rb") as f:
        good = f.read()
    volume, report = judge(good, allow=(), rock=True, whole=True)
    for line in report.lines():
        fault("the good image with Rock Ridge: " + line)

    def make():
        return Corruption(good, volume)
    iso = volume.hierarchies[0]
    record = find(volume, 0, "DATA.BIN")
    at = {e.sig: e.at for e in iso.system_use.entries[record.at]}
    size = {e.sig: e.length for e in iso.system_use.entries[record.at]}
    px, tf, nm = at[b"PX"], at[b"TF"], at[b"NM"]
    end = nm + size[b"NM"]
    alias = find(volume, 0, "ALIAS")
    if alias.extent != find(volume, 1, "alias").extent:
        fault("a link is at %d" % alias.extent)
    if find(volume, 0, "NOWHERE").extent:
        fault("a link without content has an address")
    crowd = next(d for d in iso.directories if d.path == (b"FOLDER",))
    links = next(e.at for e in iso.system_use.entries[crowd.self_record.at]
                 if e.sig == b"PX") + 12
    for what, rule, changes in (
            ("no name", "own-rock", ((nm, b"PD"),)),
            ("padding", "own-susp", ((nm, b"PD"),)),
            ("an end", "own-susp", ((nm, b"ST\4\1"),)),
            ("a shorter name", "own-susp", (
                (nm + 2, bytes([size[b"NM"] - 1])),)),
            ("another order", "own-rock", (
                (px, good[tf:end] + good[px:tf]),)),
            ("another modification", "own-rock", ((tf + 5, b"\x30"),)),
            ("creation", "own-rock", ((tf + 4, b"\1"),)),
            ("a link's address", "own-link", (
                (alias.at + 2, both32(16)),)),
            ("links of a file", "rock-links", ((px + 12, both32(2)),)),
            ("links of a directory", "rock-links", ((links, both32(9)),))):
        c = make()
        for offset, new in changes:
            c.put(offset, new)
        c.expect(rule, "Rock Ridge: " + what, rock=True)


def corrupt_copy(path):
    """SPEC 5: an image that grew behind a session at LBA 0."""
    with open(path, "rb") as f:
        good = f.read()
    copy = next(lba for lba in range(0, len(good) // BLOCK, 32) if
                good[lba * BLOCK:lba * BLOCK + 16] == b"LATHE HEAD COPY\0")
    volume, report = judge(good, copy + 32, allow=())
    for line in report.lines():
        fault("the image that grew: " + line)
    if volume.earlier != [(0, copy)]:
        fault("sessions before: %r" % volume.earlier)
    begin = copy * BLOCK
    for what, at, new, rule in (
            ("magic", 0, b"X", "mark-chain"), ("version", 16, b"\2",
                                               "own-copy"),
            ("its address", 20, b"\1", "own-copy"),
            ("descriptors", 24, b"\1", "own-copy"),
            ("more descriptors", 24, b"\x11", "own-copy"),
            ("checksum", 28, good[begin + 28:begin + 29].translate(
                bytes(255 - i for i in range(256))), "own-copy"),
            ("zeros in front", 32, b"\1", "own-copy"),
            ("a descriptor", PVD + 40, b"Z", "own-copy"),
            ("zeros behind", 32 * BLOCK - 1, b"\1", "own-copy")):
        c = Corruption(good, volume)
        c.put(begin + at, new)
        c.expect(rule, "copy of the head: " + what, start=copy + 32)


def judge_deep(path):
    """Good by SPEC.md, but beyond what the standards allow."""
    with open(path, "rb") as f:
        _, report = judge(f.read(), allow=())
    wanted = {"depth", "path-length", "joliet-path"}
    if report.rules() != wanted:
        fault("a deep tree: %s" % sorted(report.rules() ^ wanted))
    proven.update(wanted)
