# SPDX-License-Identifier: MIT
"""The judge judged, SUSP and RRIP: volumes with Rock Ridge by libarchive, in
which one thing is wrong. Argument: folder to work in.
"""
import os
import struct
import subprocess
import sys

from validate_volume import validate
from volume_fields import BLOCK, RULES, Image, Report

PROGRAM = "bsdtar"
# What libarchive does by itself: judge_strangers.py.
ALLOWED = ("unexplained",)
FOREIGN = ("RR",)
faults = count = 0
proven = set()


def fault(text):
    global faults
    faults += 1
    print("FAULT: " + text[:300])


def both32(n):
    return struct.pack("<I", n) + struct.pack(">I", n)


def entry(sig, data=b"", length=None):
    return sig + bytes([length or 4 + len(data), 1]) + data


def make_image(folder, name, lines):
    """By a list of files, so that devices need no rights."""
    with open(os.path.join(folder, "list"), "w") as f:
        f.write("#mtree\n/set uid=7 gid=8 mode=0644 time=1000000000.0 "
                "nlink=1\n" + "".join("./%s\n" % line for line in lines))
    path = os.path.join(folder, name)
    done = subprocess.run(
        (PROGRAM, "-c", "-f", path, "--format=iso9660",
         "--options=volume-id=VOLUME", "@list"), cwd=folder,
        capture_output=True)
    if done.returncode:
        sys.exit("bsdtar: " + done.stderr.decode())
    with open(path, "rb") as f:
        return f.read()


class Copy:
    """Of a good volume, to be changed."""

    def __init__(self, good, allowed):
        self.data, self.allowed = bytearray(good), allowed
        self.volume, report = self.judge()
        self.report = report

    def judge(self, **options):
        options.setdefault("rock", True)
        report = Report(self.allowed)
        volume = validate(Image(bytes(self.data)), 0, report, foreign=FOREIGN,
                          **options)
        return volume, report

    def record(self, path):
        """Of a path by Rock Ridge, "." and ".." at its end included."""
        iso = self.volume.hierarchies[0]
        directory = iso.directories[0]
        *folders, last = path.encode().split(b"/")
        for name in folders:
            directory = next(d for d in directory.folders if
                             iso.rock.of[d.record.at].name == name)
        if last in (b".", b".."):
            return directory.special[len(last) - 1]
        return next(r for r in directory.records
                    if iso.rock.of[r.at].name == last)

    def find(self, path, sig, number=0):
        """Byte of an entry. SP and CE are not kept: they are looked for."""
        record = self.record(path)
        iso = self.volume.hierarchies[0]
        found = [e.at for e in iso.system_use.entries[record.at]
                 if e.sig == sig]
        if not found:
            at = record.raw.find(sig + (b"\x07" if sig == b"SP" else b"\x1c"))
            found = [record.at + at] if at >= 0 else []
        return found[number]

    def put(self, at, new):
        self.data[at:at + len(new)] = new


class Judge:
    def __init__(self, good, allowed=ALLOWED):
        self.good, self.allowed = good, allowed
        self.copy = Copy(good, allowed)
        for line in self.copy.report.lines():
            fault("the good volume: " + line)

    def change(self, rule, what, *changes, **options):
        """'changes': pairs of an address and bytes."""
        global count
        count += 1
        proven.add(rule)
        self.copy.data[:] = self.good
        for at, new in changes:
            self.copy.put(at, new)
        _, report = self.copy.judge(**options)
        if rule not in report.rules():
            fault("%s: not reported as %s; reported: %s" % (
                what, rule, sorted(report.rules()) or "nothing"))


# ---- one entry: path, signature, offset, bytes, rule ------------------------

FILE, LONG, LINK, DEVICE = "file.txt", "n" * 200, "link", "device"
ENTRIES = (
    (FILE, b"PX", 0, b"ZX", "rock-px"), (FILE, b"PX", 0, b"ZX",
                                         "susp-unknown"),
    (FILE, b"PX", 2, b"\x20", "rock-px"), (FILE, b"PX", 2, b"\3",
                                           "susp-entry"),
    (FILE, b"PX", 2, b"\0", "susp-entry"), (FILE, b"PX", 2, b"\xff",
                                            "susp-entry"),
    (FILE, b"PX", 3, b"\2", "susp-entry"),
    (FILE, b"PX", 4, b"\0", "both-endian"),
    (FILE, b"PX", 4, both32(0o40644), "rock-type"),
    (FILE, b"PX", 4, both32(0o20644), "rock-pn"),
    (FILE, b"PX", 4, both32(0o10644), "rock-type"),
    (FILE, b"PX", 4, both32(0o120644), "rock-sl"),
    (FILE, b"PX", 4, both32(0o30644), "rock-px"),
    (FILE, b"PX", 4, both32(0o300644), "rock-px"),
    (FILE, b"PX", 12, both32(0), "rock-links"),
    (FILE, b"PX", 12, b"\2", "both-endian"),
    (FILE, b"PX", 20, b"\1", "both-endian"),
    (FILE, b"PX", 28, b"\1", "both-endian"),
    (FILE, b"TF", 4, b"\x7f", "rock-tf"), (FILE, b"TF", 4, b"\x81",
                                           "rock-tf"),
    (FILE, b"TF", 6, b"\x0d", "date-7"), (FILE, b"TF", 11, b"\xcf", "date-7"),
    (FILE, b"NM", 4, b"\1", "rock-nm"), (FILE, b"NM", 4, b"\2", "rock-nm"),
    (FILE, b"NM", 4, b"\4", "rock-nm"), (FILE, b"NM", 4, b"\x20", "rock-nm"),
    (FILE, b"NM", 6, b"/", "rock-nm"), (FILE, b"NM", 6, b"\0", "rock-nm"),
    (FILE, b"NM", 5, b"filf.txt", "rock-agreement"),
    (FILE, b"NM", 5, b"twin.txt", "rock-unique"),
    (LONG, b"NM", 4, b"\0", "rock-nm"),
    (LINK, b"SL", 4, b"\1", "rock-sl"), (LINK, b"SL", 4, b"\4", "rock-sl"),
    (LINK, b"SL", 14, b"\1", "rock-sl"), (LINK, b"SL", 5, b"\x10", "rock-sl"),
    (LINK, b"SL", 5, b"\6", "rock-sl"), (LINK, b"SL", 6, b"\xf0", "rock-sl"),
    (LINK, b"SL", 8, b"/", "rock-sl"), (LINK, b"SL", 9, b"\0", "rock-sl"),
    (LINK, b"SL", 0, b"SM", "rock-sl"),
    (LINK, b"PX", 4, both32(0o100777), "rock-sl"),
    (DEVICE, b"PN", 4, b"\7", "both-endian"), (DEVICE, b"PN", 2, b"\x10",
                                               "rock-pn"),
    (DEVICE, b"PN", 0, b"ZN", "rock-pn"),
    (DEVICE, b"PX", 4, both32(0o100644), "rock-pn"),
    (".", b"SP", 4, b"\0", "susp-sp"), (".", b"SP", 4, b"\0", "rock"),
    (".", b"SP", 2, b"\x08", "susp-sp"), (".", b"SP", 6, b"\5", "susp-sp"),
    (".", b"SP", 0, b"SQ", "rock"),
    (".", b"ER", 4, b"\x0b", "susp-er"), (".", b"ER", 7, b"\2", "susp-er"),
    (".", b"ER", 8, b"XRIP", "susp-er"), (".", b"ER", 0, b"XR", "susp-er"),
    (".", b"CE", 4, both32(1 << 20), "susp-ce"),
    (".", b"CE", 12, both32(2040), "susp-ce"),
    (".", b"CE", 20, both32(0), "susp-ce"),
    (".", b"CE", 20, both32(3000), "susp-ce"),
    (".", b"CE", 2, b"\x1b", "susp-ce"),
    (".", b"CE", 4, b"\x55", "both-endian"),
    (".", b"CE", 12, b"\x55", "both-endian"),
    (".", b"CE", 20, both32(4), "susp-ce-rest"),
    (".", b"PX", 20, both32(99), "rock-self"),
    ("..", b"PX", 4, both32(0o40700), "rock-self"),
    ("folder/.", b"PX", 4, both32(0o40700), "rock-self"),
    ("folder/.", b"TF", 5, b"\x60", "rock-self"),
    ("folder/..", b"PX", 12, both32(77), "rock-self"),
    ("folder/.", b"PX", 4, both32(0o10700), "rock-self"),
)


def change_entries(judge):
    for path, sig, offset, new, rule in ENTRIES:
        at = judge.copy.find(path, sig)
        judge.change(rule, "%s of %.20s, byte %d: %r" % (
            sig.decode(), path, offset, new), (at + offset, new))


def change_areas(judge):
    """What stands in the way of other entries, and in other places."""
    copy = judge.copy
    at, tf = copy.find(FILE, b"PX"), copy.find(FILE, b"TF")
    size = tf + judge.good[tf + 2] - at

    def instead(*entries):
        data = b"".join(entries)
        return at, data + entry(b"PD", bytes(size - len(data) - 4))
    judge.change("susp-sp", "one more SP", instead(
        entry(b"SP", b"\xbe\xef\0")))
    judge.change("susp-rest", "something behind ST", instead(
        entry(b"ST"), b"PQ\5\1"))
    judge.change("susp-entry", "a long ST", instead(entry(b"ST", b"\0")))
    judge.change("rock-twice", "RE twice", instead(entry(b"RE"),
                                                   entry(b"RE")))
    judge.change("rock-relocated", "CL to nowhere", instead(
        entry(b"CL", both32(3))))
    judge.change("rock-relocated", "PL of a file", instead(
        entry(b"PL", both32(3))))
    judge.change("susp-er", "an ER of a file", instead(
        entry(b"ER", b"\1\0\0\1X")))
    ce = [copy.find(path, b"CE") for path in (".", LONG)]
    judge.change("susp-overlap", "an area of two", (
        ce[1] + 4, judge.good[ce[0] + 4:ce[0] + 28]))
    block, = struct.unpack_from("<I", judge.good, ce[1] + 4)
    offset, = struct.unpack_from("<I", judge.good, ce[1] + 12)
    loop = entry(b"CE", both32(block) + both32(offset) + both32(28))
    judge.change("susp-ce", "an area that leads to itself",
                 (block * BLOCK + offset, loop), (ce[1] + 20, both32(28)))
    last = copy.volume.primary.space_size - 1
    begin = block * BLOCK
    judge.change("susp-late", "an area behind the data", (
        ce[1] + 4, both32(last)), (
            last * BLOCK, judge.good[begin:begin + BLOCK]))
    judge.change("rock", "not asked for", rock=False)
    judge.change("susp-entry", "a field that ends too early", (
        tf, b"NM\x20\1"))


def change_sections(judge):
    """Two files become two sections of one, with two names."""
    copy = judge.copy
    a, b = copy.record("part 1"), copy.record("part 2")
    assert a.at + a.length == b.at
    judge.change("rock-sections", "sections of other names", (
        a.at + 25, b"\x80"), (b.at + 33, a.id))


def change_serials(judge):
    """Links and serial numbers, which libarchive records."""
    copy = judge.copy

    def numbered(path, number, links):
        px = copy.find(path, b"PX")
        assert judge.good[px + 2] == 44
        return px, (judge.good[px:px + 12] + both32(links) +
                    judge.good[px + 20:px + 36] + both32(number))
    copy.data[:] = judge.good
    for name in ("same 1", "same 2"):
        copy.put(*numbered(name, 50, 2))
    for line in copy.judge()[1].lines():
        fault("good serial numbers: " + line)
    judge.change("rock-links", "too few links", numbered("same 1", 50, 1),
                 numbered("same 2", 50, 1))
    judge.change("rock-links", "other links", numbered("same 1", 50, 2),
                 numbered("same 2", 50, 3))
    judge.change("rock-links", "one number for two files",
                 numbered("same 1", 50, 2), numbered("part 1", 50, 2))


def change_moved(judge):
    """CL, PL and RE."""
    copy = judge.copy
    deep = "1/2/3/4/5/6/7"
    cl = copy.find(deep + "/8", b"CL")
    re = copy.find("rr_moved/8", b"RE")
    pl = copy.find("rr_moved/8/..", b"PL")
    for what, at, new in (
            ("CL elsewhere", cl + 4, both32(16)),
            ("CL upwards", cl + 4, judge.good[
                copy.record("1").at + 2:copy.record("1").at + 10]),
            ("no CL", cl, b"ZZ"), ("no RE", re, b"ZZ"), ("no PL", pl, b"ZZ"),
            ("PL elsewhere", pl + 4, both32(16)),
            ("length of CL", cl + 2, b"\x0b"),
            ("length of PL", pl + 2, b"\x0b")):
        judge.change("rock-relocated", what, (at, new))
    judge.change("both-endian", "CL", (cl + 4, b"\x77"))
    judge.change("both-endian", "PL", (pl + 4, b"\x77"))


def main():
    folder = sys.argv[1]
    for name, times in (("data", 1024), ("other", 1024), ("none", 0)):
        with open(os.path.join(folder, name), "wb") as f:
            f.write(name.encode() * times)
    lines = ["folder type=dir mode=0755"] + [
        "%s type=file contents=data" % name
        for name in (FILE, "twin.txt", LONG, "folder/a")]
    lines += ["same\\040%d type=file contents=none" % i for i in (1, 2)]
    lines += ["part\\040%d type=file contents=other" % i for i in (1, 2)]
    lines += [LINK + " type=link link=a/bc/../d",
              DEVICE + " type=char device=native,1,3"]
    judge = Judge(make_image(folder, "flat.iso", lines))
    for change in (change_entries, change_areas, change_sections,
                   change_serials):
        change(judge)
    deep = "1/2/3/4/5/6/7/8/9"
    lines = [deep[:2 * i + 1] + " type=dir mode=0755" for i in range(9)]
    lines.append(deep + "/file type=file contents=data")
    change_moved(Judge(make_image(folder, "deep.iso", lines),
                       ALLOWED + ("rock-agreement",)))
    for rule in sorted(RULES):
        if rule.startswith(("susp", "rock")) and rule not in proven:
            fault("nothing proves that '%s' is looked at" % rule)
    print("%d corruptions, %d faults" % (count, faults))
    sys.exit(faults != 0)


if __name__ == "__main__":
    main()
