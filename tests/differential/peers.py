# SPDX-License-Identifier: MIT
"""Other people's programs as readers of a volume: each gives a list of
(path, Item), with what the program says and nothing else.
"""
import io
import os
import re
import shutil
import stat
import subprocess
import tempfile
import time
import calendar

from reading import ISO, JOLIET, ROCK, Item, digest, seconds_of

BLOCK = 2048
ENV = dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC", HOME="/nonexistent")
TIMEOUT = 60
KINDS = {stat.S_IFDIR: "directory", stat.S_IFREG: "file",
         stat.S_IFLNK: "symlink", stat.S_IFCHR: "character",
         stat.S_IFBLK: "block", stat.S_IFIFO: "fifo",
         stat.S_IFSOCK: "socket"}


class Failed(Exception):
    pass


def run(*args, cwd=None, good=(0,)):
    try:
        done = subprocess.run(args, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, cwd=cwd,
                              stdin=subprocess.DEVNULL, env=ENV,
                              timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        raise Failed("%s does not end" % args[0])
    if done.returncode not in good:
        raise Failed("%s: status %d: %s" % (
            args[0], done.returncode, said(done.stderr or done.stdout)))
    return done.stdout


def said(text):
    """What a program gives for its reason, if that can be found."""
    lines = text.decode(errors="replace").splitlines()
    return "; ".join([line for line in lines if "FAILURE" in line or
                      "rror" in line][:3] + lines[-3:])


def on_host(path):
    was = os.lstat(path)
    kind = KINDS[stat.S_IFMT(was.st_mode)]
    item = Item(kind, mode=stat.S_IMODE(was.st_mode),
                mtime=int(was.st_mtime // 1), owner=(was.st_uid, was.st_gid),
                links=was.st_nlink)
    if kind == "file":
        with open(path, "rb") as f:
            data = f.read()
        return item.with_all(size=len(data), digest=digest(data))
    if kind == "symlink":
        return item.with_all(target=os.readlink(path))
    if kind in ("character", "block"):
        return item.with_all(device=(os.major(was.st_rdev),
                                     os.minor(was.st_rdev)))
    return item


def tree_below(top):
    found, pending = [], [""]
    while pending:
        base = pending.pop()
        for name in os.listdir(os.path.join(top, base)):
            path = base + name
            item = on_host(os.path.join(top, path))
            found.append((path, item))
            if item.kind == "directory":
                pending.append(path + "/")
    return found


def remove(top):
    if os.getuid():
        for folder, folders, _ in os.walk(top):
            for name in folders:
                os.chmod(os.path.join(folder, name), 0o700)
    shutil.rmtree(top, ignore_errors=True)


def extracted(command, *fields):
    """The tree that 'command' makes in an empty directory; of its items,
    'fields' are what the program makes."""
    to = tempfile.mkdtemp(prefix="read.")
    try:
        command(to)
        keep = {"kind", "size", "digest", "target"} | set(fields)
        drop = {name: None for name in Item.__dataclass_fields__
                if name not in keep}
        return [(path, item.with_all(**drop)) for path, item in
                tree_below(to)]
    finally:
        remove(to)


# ---- programs ---------------------------------------------------------------

def by_xorriso(image, view, start=0):
    way = {ROCK: "any", JOLIET: "norock", ISO: "ecma119"}[view]
    return extracted(lambda to: run(
        "xorriso", "-abort_on", "FAILURE", "-return_with", "FAILURE", "32",
        "-read_fs", way, "-load", "sbsector", str(start),
        "-indev", "stdio:" + image, "-osirrox", "device_files",
        "-extract", "/", to),
        "mode", "mtime", "device")


def by_bsdtar(image, view, start=0):
    off = {ROCK: [], JOLIET: ["--options", "iso9660:!rockridge"],
           ISO: ["--options", "iso9660:!rockridge,iso9660:!joliet"]}[view]
    return extracted(lambda to: run("bsdtar", "-xpf", image, "-C", to, *off),
                     "mode", "mtime", "device", "owner")


def by_7zz(image, view, start=0):
    return extracted(lambda to: run("7zz", "x", "-y", "-o" + to, image),
                     "mtime")


def by_lathe(image, view, start=0, source=None):
    return extracted(lambda to: run(
        os.environ["BUILD"] + "/lathe", "extract", *(source or ("-i", image)),
        "-C", to), "mtime", "device")


ISOINFO_LINE = re.compile(
    rb"^([-dlcbpsf])([-\w]{9})\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s"
    rb"(.{11}) \[\s*(\d+) ([0-9a-fA-F]{2})\]  (.*)$", re.S)
ISOINFO_KINDS = {b"-": "file", b"d": "directory", b"l": "symlink",
                 b"c": "character", b"b": "block", b"f": "fifo",
                 b"s": "socket"}


def permissions_of(text):
    mode = 0
    for i, char in enumerate(text.decode()):
        bit = 0o400 >> i
        if char in "rwxst":
            mode |= bit
        if char in "sS":
            mode |= 0o4000 if i == 2 else 0o2000
        if char in "tT":
            mode |= 0o1000
    return mode


def by_isoinfo(image, view, start=0):
    """It reads the directories; the bytes are where it says."""
    how = {ROCK: ["-R"], JOLIET: ["-J", "-j", "iso8859-1"], ISO: []}[view]
    listed = run("isoinfo", *how, "-l", "-T", str(start), "-i", image)
    found, folder = [], ""
    with open(image, "rb") as f:
        for line in listed.split(b"\n"):
            if line.startswith(b"Directory listing of "):
                folder = line[len("Directory listing of "):]
                folder = folder[1:-1] if folder.endswith(b"/ ") or \
                    folder.endswith(b" ") else folder[1:]
                continue
            if not line.strip():
                continue
            match = ISOINFO_LINE.match(line)
            if not match:
                raise Failed("isoinfo says %r" % line)
            found += isoinfo_item(match, f, folder, view)
    return found


def isoinfo_date(text):
    """The day; it takes no notice of the zone. None: not given."""
    try:
        return calendar.timegm(time.strptime(text, "%b %d %Y"))
    except ValueError:
        return None


def isoinfo_item(match, image, folder, view):
    kind, mode, links, uid, gid, size, date, lba, _, name = match.groups()
    kind, size = ISOINFO_KINDS[kind], int(size)
    # One blank stands behind each name.
    name = name[:-1] if name.endswith(b" ") else name
    item = Item(kind, mtime=isoinfo_date(date.decode()))
    if view == ROCK:
        item = item.with_all(mode=permissions_of(mode), links=int(links),
                             owner=(int(uid), int(gid)))
    if kind == "symlink":
        name, _, target = (name + b" ").partition(b" -> ")
        target = target[:-1]
        item = item.with_all(target=target.decode("utf-8",
                                                  "surrogateescape"))
    elif kind == "file":
        image.seek(int(lba) * BLOCK)
        item = item.with_all(size=size, digest=digest(image.read(size)),
                             extents=((int(lba), size),) if size else ())
    if name in (b".", b".."):
        return []
    how = ("utf-8", "surrogateescape") if view == ROCK else ("latin-1",)
    folder = folder.strip(b"/")
    path = folder + b"/" + name if folder else name
    return [(path.decode(*how), item)]


def by_pycdlib(image, view, start=0):
    import pycdlib
    key = {ROCK: "rr_path", JOLIET: "joliet_path", ISO: "iso_path"}[view]
    iso, found = pycdlib.PyCdlib(), []
    try:
        iso.open(image)
        for folder, folders, files in iso.walk(**{key: "/"}):
            for name in folders + files:
                path = folder.rstrip("/") + "/" + name
                found.append((path[1:], pycdlib_item(iso, key, path)))
    except pycdlib.pycdlibexception.PyCdlibException as error:
        raise Failed("pycdlib: %s" % error)
    finally:
        try:
            iso.close()
        except pycdlib.pycdlibexception.PyCdlibException:
            pass
    return found


def pycdlib_item(iso, key, path):
    record = iso.get_record(**{key: path})
    mtime = seconds_of(record.date.record())
    rock = record.rock_ridge if key == "rr_path" else None
    kind, more = "directory" if record.is_dir() else "file", {}
    if rock is not None:
        mode = rock.get_file_mode()
        kind = KINDS.get(stat.S_IFMT(mode), "unknown %o" % mode)
        more = {"mode": stat.S_IMODE(mode)}
        if kind == "symlink":
            more["target"] = rock.symlink_path().decode(
                "utf-8", "surrogateescape")
    if kind == "file" and not (record.rock_ridge is not None and
                               record.rock_ridge.is_symlink()):
        # It refuses to read links, whatever they are looked at as.
        out = io.BytesIO()
        iso.get_file_from_iso_fp(out, **{key: path})
        data = out.getvalue()
        more.update(size=len(data), digest=digest(data))
    return Item(kind, mtime=mtime, **more)


PEERS = {"xorriso": by_xorriso, "bsdtar": by_bsdtar, "7zz": by_7zz,
         "isoinfo": by_isoinfo, "pycdlib": by_pycdlib, "lathe": by_lathe}
