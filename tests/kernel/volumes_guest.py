# SPDX-License-Identifier: MIT
"""Mounts each session of the images that volumes.py made, with each kind of
names, and compares all that the kernel shows. Arguments: folder, mount point.
"""
import collections
import ctypes
import os
import pickle
import stat
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [HERE + "/../differential", HERE + "/../standard"]
from peers import KINDS
from reading import ISO, JOLIET, ROCK, Item, digest

VIEWS = {ROCK: "", JOLIET: ",norock,iocharset=utf8,check=strict",
         ISO: ",norock,nojoliet,map=off,check=strict"}
FIELDS = ("kind", "size", "digest", "mode", "owner", "links", "target",
          "device", "mtime")
libc = ctypes.CDLL(None, use_errno=True)
faults = mounts = entries = 0


def fault(text):
    global faults
    faults += 1
    if faults <= 40:
        print("FAULT: " + ascii(text[:400]))


# ---- what the kernel shows --------------------------------------------------

def item_of(name, folder):
    was = os.stat(name, dir_fd=folder, follow_symlinks=False)
    kind = KINDS[stat.S_IFMT(was.st_mode)]
    item = Item(kind, mode=stat.S_IMODE(was.st_mode), links=was.st_nlink,
                owner=(was.st_uid, was.st_gid), mtime=int(was.st_mtime // 1))
    if kind == "file":
        with open(os.open(name, os.O_RDONLY, dir_fd=folder), "rb") as f:
            data = f.read()
        if len(data) != was.st_size:
            raise OSError("%d bytes of %d" % (len(data), was.st_size))
        return item.with_all(size=len(data), digest=digest(data))
    if kind == "symlink":
        return item.with_all(target=os.fsdecode(
            os.readlink(name, dir_fd=folder)))
    if kind in ("character", "block"):
        return item.with_all(device=(os.major(was.st_rdev),
                                     os.minor(was.st_rdev)))
    return item


def walk(folder, base, found):
    """Path -> Items, one for each time that the name is listed; paths may be
    longer than a call takes."""
    for name in os.listdir(folder):
        path = base + name
        try:
            item = item_of(name, folder)
        except OSError as error:
            item = Item("?", target=str(error))
        found[path].append(item)
        if item.kind == "directory":
            inner = os.open(name, os.O_RDONLY, dir_fd=folder)
            walk(inner, path + "/", found)
            os.close(inner)


# ---- what it is to show -----------------------------------------------------

def name_shown(view, name):
    """None: it can not be asked for."""
    if view == JOLIET:    # as Windows has it, without dots at the end
        name = name[:1] + name[1:].rstrip(".")
        return None if name == "." else name
    if view == ROCK and name == "\1":    # the identifier of ".."
        return None
    data = os.fsencode(name)
    # Two NM with more bytes than that: the first alone.
    return os.fsdecode(data[:250]) if len(data) > 253 else name


def shown(view, reading):
    found = collections.defaultdict(list)
    for path, item in reading.items():
        names = [name_shown(view, name) for name in path.split("/")]
        if path and None not in names:
            if view != ROCK:    # what is on no disc
                item = item.with_all(mode=None, owner=None, links=None,
                                     target=None, device=None)
                if item.kind != "directory":
                    item = item.with_all(kind="file")
            found["/".join(names)].append(item)
    return found


def is_asked(view, path, twins):
    """A name that is there twice leads to one of the two."""
    parts = path.split("/")
    return not any("/".join(parts[:i + 1]) in twins for i in
                   range(len(parts))) and all(
                       name_shown(view, name) for name in parts)


def same(field, got, wanted):
    # Kernels keep 32 bits of a date, or did so for long.
    return wanted is None or got == wanted or (
        field == "mtime" and (got - wanted) % (1 << 32) == 0)


def compare(who, view, got, wanted):
    twins = {path for path in wanted if len(wanted[path]) > 1}
    got, wanted = ({path: items for path, items in tree.items()
                    if is_asked(view, path, twins)}
                   for tree in (got, wanted))
    for path in wanted.keys() ^ got.keys():
        fault("%s: %r is %s" % (who, path, "missing" if path in wanted
                                else "too much"))
    for path in wanted.keys() & got.keys():
        item, other = got[path][0], wanted[path][0]
        if len(got[path]) > 1:
            fault("%s: %r is there twice" % (who, path))
        if item.kind == "?":
            fault("%s: %r: %s" % (who, path, item.target))
            continue
        for field in FIELDS:
            if not same(field, getattr(item, field), getattr(other, field)):
                fault("%s: %r: %s is %r, not %r" % (
                    who, path, field, getattr(item, field),
                    getattr(other, field)))


# ---- mounting ---------------------------------------------------------------

def checked(result):
    if result:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def mounted(who, device, place, options, view, reading):
    global mounts, entries
    mounts += 1
    try:
        # 1: read-only.
        checked(libc.mount(device.encode(), place.encode(), b"iso9660", 1,
                           options.encode()))
    except OSError as error:
        return fault("%s: not mounted: %s" % (who, error))
    got = collections.defaultdict(list)
    folder = os.open(place, os.O_RDONLY)
    walk(folder, "", got)
    os.close(folder)
    checked(libc.umount2(place.encode(), 0))
    entries += len(got)
    compare(who, view, got, shown(view, reading))


def main():
    folder, place = sys.argv[1:]
    with open(folder + "/wanted", "rb") as f:
        wanted = pickle.load(f)
    for name, sessions in wanted:
        device = subprocess.check_output((
            "losetup", "-r", "-f", "--show", folder + "/" + name),
            text=True).strip()
        for start, views in sessions:
            # An empty root is a reason for the kernel to look at others.
            for view in views if views[ISO] else ():
                options = VIEWS[view] + (
                    ",sbsector=%d" % start if start is not None else "")
                mounted("%s [%s]" % (name, options[1:]), device, place,
                        options[1:], view, views[view])
        subprocess.check_call(("losetup", "-d", device))
    print("%d images, %d times mounted, %d entries, %d faults" % (
        len(wanted), mounts, entries, faults))
    sys.exit(faults != 0 or not mounts)


if __name__ == "__main__":
    main()
