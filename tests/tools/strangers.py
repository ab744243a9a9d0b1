# SPDX-License-Identifier: MIT
"""Trees as the host sees them, and as other people's programs read them.

A tree is a dict: path without leading slash -> None for a directory, else
(size, SHA-256 of the content).
"""
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

BLOCK = 2048
ENV = dict(os.environ, LC_ALL="C.UTF-8", HOME="/nonexistent")


def lathe(*args, check=True):
    done = subprocess.run([os.environ["BUILD"] + "/lathe", *args],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if check and done.returncode:
        sys.exit("lathe %s: status %d\n%s" % (
            " ".join(args), done.returncode, done.stderr.decode()))
    return done


def digest_file(path):
    digest = hashlib.sha256()
    with open(path, "rb") as f:
        while True:
            data = f.read(1 << 20)
            if not data:
                break
            digest.update(data)
    return os.path.getsize(path), digest.hexdigest()


def of_directory(top, prefix=""):
    """What lathe is to record of a directory: links to files as files, other
    links and special files not at all."""
    tree = {}
    if prefix:
        tree[prefix] = None
    for folder, folders, files in os.walk(top):
        inside = os.path.relpath(folder, top)
        base = prefix if inside == "." else os.path.join(prefix, inside)
        for name in list(folders):
            if os.path.islink(os.path.join(folder, name)):
                folders.remove(name)
            else:
                tree[os.path.join(base, name)] = None
        for name in files:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                tree[os.path.join(base, name)] = digest_file(path)
    return tree


def run(*args, **kwargs):
    done = subprocess.run(args, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          env=ENV, **kwargs)
    if done.returncode:
        raise RuntimeError("%s: status %d: %s" % (
            args[0], done.returncode,
            done.stdout[-600:].decode(errors="replace")))
    return done.stdout


def _extracted(command):
    """The tree that 'command' makes in an empty directory."""
    target = tempfile.mkdtemp(prefix="read.")
    try:
        command(target)
        return of_directory(target)
    finally:
        subprocess.run(["chmod", "-R", "u+rwX", target], check=False)
        shutil.rmtree(target, ignore_errors=True)


def by_lathe(source, *options):
    """'source' as '-d', DEV or '-i', IMAGE."""
    return _extracted(lambda to: lathe("extract", *source, *options, "-C", to))


def by_xorriso(image, start=0):
    return _extracted(lambda to: run(
        "xorriso", "-abort_on", "FAILURE", "-return_with", "FAILURE", "32",
        "-load", "sbsector", str(start), "-indev", "stdio:" + image,
        "-osirrox", "on", "-extract", "/", to))


def by_bsdtar(image):
    return _extracted(lambda to: run("bsdtar", "-xf", image, "-C", to))


def by_7zz(image):
    return _extracted(lambda to: run("7zz", "x", "-y", "-o" + to, image))


# The flags of a section that is not the last come out as "FFFF", without "]".
ISOINFO_LINE = re.compile(
    rb"^([d-])[-\w]{9}\s+\d+\s+\d+\s+\d+\s+(\d+)\s.{11}\s?"
    rb"\[\s*(\d+) ([0-9a-fA-F]{2}\]|FFFF) +(.*)$")


def isoinfo_extents(image, start=0, joliet=False):
    """List of (path in Latin-1, None or list of (LBA, bytes)), by isoinfo. Two
    names may look alike in Latin-1."""
    options = ["-J", "-j", "iso8859-1"] if joliet else []
    listed = run("isoinfo", *options, "-l", "-T", str(start), "-i", image)
    found, folder, goes_on = [], None, False
    for line in listed.split(b"\n"):
        if line.startswith(b"Directory listing of "):
            folder = line[len("Directory listing of "):].rstrip(b" ")
            folder = folder.decode("latin-1").strip("/")
            continue
        match = ISOINFO_LINE.match(line)
        if not match:
            if line.strip():
                raise RuntimeError("isoinfo says %r" % line)
            continue
        kind, size, lba, flags, name = match.groups()
        # One blank stands behind each name.
        name = name.decode("latin-1")
        name = name[:-1] if name.endswith(" ") else name
        if name in (".", ".."):
            continue
        path = folder + "/" + name if folder else name
        if kind == b"d":
            found.append((path, None))
            continue
        if not goes_on:
            found.append((path, []))
        found[-1][1].append((int(lba), int(size)))
        goes_on = flags == b"FFFF"
    return found


def by_isoinfo(image, start=0, joliet=False):
    """isoinfo reads the directories; the bytes are where it says. A list of
    pairs, since two names may look alike."""
    found = []
    with open(image, "rb") as f:
        for path, extents in isoinfo_extents(image, start, joliet):
            if extents is None:
                found.append((path, None))
                continue
            digest, total = hashlib.sha256(), 0
            for lba, size in extents:
                f.seek(lba * BLOCK)
                digest.update(f.read(size))
                total += size
            found.append((path, (total, digest.hexdigest())))
    return found


def by_pycdlib(image, joliet=True):
    import io
    import pycdlib
    key = "joliet_path" if joliet else "iso_path"
    iso, tree = pycdlib.PyCdlib(), {}
    iso.open(image)
    try:
        for folder, folders, files in iso.walk(**{key: "/"}):
            base = folder.strip("/")
            for name in folders:
                tree[os.path.join(base, name)] = None
            for name in files:
                path = os.path.join(folder, name)
                out = io.BytesIO()
                iso.get_file_from_iso_fp(out, **{key: path})
                data = out.getvalue()
                tree[os.path.join(base, name)] = (
                    len(data), hashlib.sha256(data).hexdigest())
    finally:
        iso.close()
    return tree


def in_latin_1(path):
    """As isoinfo shows a Joliet name: '_' for each unit Latin-1 has not."""
    units = path.encode("utf-16-be", "surrogatepass")
    return "".join(
        chr(units[i + 1]) if units[i] == 0 else "_"
        for i in range(0, len(units), 2))


def differences(wanted, got):
    lines = []
    for path in sorted(set(wanted) | set(got)):
        if path not in got:
            lines.append("missing: %r" % path)
        elif path not in wanted:
            lines.append("not wanted: %r" % path)
        elif wanted[path] != got[path]:
            lines.append("differs: %r: %s, not %s" % (
                path, got[path], wanted[path]))
    return lines


class Faults:
    """Counts and shows what is wrong."""

    def __init__(self):
        self.count = 0

    def __call__(self, text):
        self.count += 1
        if self.count <= 40:
            print("FAULT:", text.encode("utf-8", "backslashreplace").decode())

    def same(self, who, wanted, got):
        lines = differences(wanted, got)
        for line in lines[:5]:
            self("%s: %s" % (who, line))
        if len(lines) > 5:
            self("%s: and %d more" % (who, len(lines) - 5))

    def equal(self, what, got, wanted):
        if got != wanted:
            self("%s is %r, not %r" % (what, got, wanted))

    def finish(self):
        print("%d faults" % self.count)
        sys.exit(1 if self.count else 0)
