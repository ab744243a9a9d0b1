# SPDX-License-Identifier: MIT
"""Rock Ridge of random trees as programs that nobody here wrote read it.

rock_ridge_strangers.py TOOL SCRATCH [SEED...]: each seed is a tree that
TOOL (tool_tree_image) records, with options that the seed chooses; bsdtar,
xorriso, isoinfo and pycdlib then say what is in it. Where one of them is
wrong by itself, the place says so.
"""
import io
import os
import random
import re
import stat
import subprocess
import sys
import tarfile

LETTERS = "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789 ._-+~äöß€日本"
TYPES = {"d": stat.S_IFDIR, "f": stat.S_IFREG, "h": stat.S_IFREG,
         "l": stat.S_IFLNK, "c": stat.S_IFCHR, "b": stat.S_IFBLK,
         "p": stat.S_IFIFO, "s": stat.S_IFSOCK}
MTIME = 1767323045  # 2026-01-02 03:04:05 GMT, as the tool has it
faults = []


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, **more)
    if done.returncode:
        faults.append("%s: %s" % (command[0], done.stderr[-300:]))
    return done.stdout


# ---- trees ------------------------------------------------------------------

class Tree:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.nodes = {"": self.node("d")}
        self.options = [o for o in ("modes", "owner", "times", "relocate",
                                    "joliet") if self.random.random() < .5]
        folders = [""]
        for _ in range(self.random.choice((20, 60, 400))):
            self.add(folders)

    def node(self, kind, **more):
        number = self.random.randrange
        return dict(more, kind=kind, mode=number(0o10000 >> number(2) * 3),
                    uid=number(70000), gid=number(70000))

    def name(self):
        most = self.random.choice((3, 12, 40, 120, 180, 255))
        text = ""
        while len(text.encode()) < most:
            text += self.random.choice(LETTERS)
        while len(text.encode()) > most:
            text = text[:-1]
        return text.strip(" .").encode().decode() or "x"

    def text(self):
        parts = [".", "..", "a", "bb", "usr", "x" * 60, "ü" * 100]
        text = self.random.choice(("", "/", "../"))
        most = self.random.choice((5, 60, 250, 1000))
        while not text or len(text.encode()) < most:
            text += self.random.choice(parts) + "/"
        # xorriso takes at most 1023 bytes, and no slash at the end.
        return text.encode()[:1000].decode(errors="ignore").rstrip("/") or "x"

    def add(self, folders):
        # Deep ones now and then.
        folder = folders[-1] if self.random.random() < .3 \
            else self.random.choice(folders)
        path = (folder + "/" + self.name()).lstrip("/")
        if path in self.nodes or len(path) > 2000:
            return
        kind = self.random.choice("dddfffffffhhllllcbps")
        files = [p for p, n in self.nodes.items() if n["kind"] == "f"]
        if kind == "d":
            folders.append(path)
            self.nodes[path] = self.node("d")
        elif kind == "f":
            self.nodes[path] = self.node("f",
                                         size=self.random.choice((0, 1, 3000)))
        elif kind == "h" and files:
            self.nodes[path] = self.node("h", to=self.random.choice(files))
        elif kind == "l":
            self.nodes[path] = self.node("l", text=self.text())
        elif kind in "cbps":
            self.nodes[path] = self.node(kind, text="%d %d" % (
                self.random.randrange(1, 256), self.random.randrange(1, 256)))

    def lines(self):
        for path, n in self.nodes.items():
            more = n.get("to", n.get("text", str(n.get("size", ""))))
            yield "%s\t%s\t%o %d %d\t%s\n" % (n["kind"], path, n["mode"],
                                              n["uid"], n["gid"], more)

    def mode(self, path):
        n = self.nodes[path]
        kind = n["kind"]
        if "modes" in self.options:
            return TYPES[kind] | n["mode"]
        return TYPES[kind] | {"d": 0o555, "l": 0o777}.get(
            kind, 0o555 if n["mode"] & 0o111 and kind in "fh" else 0o444
            | (0o111 if n["mode"] & 0o111 else 0))

    def owner(self, path):
        n = self.nodes[path]
        return (n["uid"], n["gid"]) if "owner" in self.options else (0, 0)

    def links(self, path):
        n = self.nodes[path]
        if n["kind"] == "d":
            return 2 + sum(1 for p, m in self.nodes.items() if p and
                           m["kind"] == "d" and os.path.dirname(p) == path)
        if n["kind"] not in "fh":
            return 1
        first = n.get("to", path)
        return 1 + sum(1 for m in self.nodes.values() if m.get("to") == first)

    def size(self, path):
        n = self.nodes[path]
        return self.nodes[n["to"]]["size"] if "to" in n else n.get("size", 0)


def content(size):
    return bytes((i * 7 + size) % 251 for i in range(size))


# ---- readers: each gives {path: {what: value}} ------------------------------

def bsdtar(image):
    found = {}
    # Sockets have no place in a tar: bsdtar says so and goes on.
    out = run("bsdtar", "-cf", "-", "--format", "pax", "@" + image)
    with tarfile.open(fileobj=io.BytesIO(out)) as tar:
        for one in tar:
            path = os.path.normpath(one.name).lstrip("./") \
                if one.name in (".", "./") else one.name.strip("/")
            what = found[path] = {}
            if one.islnk():
                continue
            what.update(perm=one.mode, owner=(one.uid, one.gid),
                        mtime=one.mtime)
            if one.issym():
                what["text"] = one.linkname
            if one.isreg():
                what["bytes"] = tar.extractfile(one).read()
    return found


def xorriso(image, start):
    out = run("xorriso", "-abort_on", "FATAL", "-load", "sbsector", str(start),
              "-indev", "stdio:" + image, "-find", "/", "-exec", "lsdl", "--")
    found = {}
    for line in out.decode().splitlines():
        # The number of links that it shows is always 1.
        match = re.match(r"(\S{10})\s+1 (\d+)\s+(\d+)\s+\S+\s.*?"
                         r"'/(.*?)'(?: -> '(.*)')?$", line)
        if match:
            kind, uid, gid, path, text = match.groups()
            found[path] = {"kind": kind, "owner": (int(uid), int(gid))}
            if text is not None:
                found[path]["text"] = text
    return found


def isoinfo(image, start):
    out = run("isoinfo", "-R", "-l", "-T", str(start), "-i", image) \
        if start else run("isoinfo", "-R", "-l", "-i", image)
    found, folder = {}, ""
    for line in out.decode().splitlines():
        if line.startswith("Directory listing of /"):
            folder = line[22:].strip("/")
            continue
        # Owners of five digits run into each other.
        match = re.match(r"(\S{10})\s+(\d+)\s.*?\] {1,3}(.*?) ?$", line)
        if not match:
            continue
        kind, links, name = match.groups()
        text = None
        if kind[0] == "l":
            name, text = name.split(" -> ", 1)
        name = name.strip()
        if name in (".", ".."):
            continue
        what = found[(folder + "/" + name).strip("/")] = {
            "links": int(links),
            # Its letters for pipes, and for set-id bits, are its own.
            "plain": kind if kind[0] not in "fp" else None}
        if text is not None:
            what["text"] = text
    return found


def pycdlib(image):
    import pycdlib as library
    iso, found = library.PyCdlib(), {}
    iso.open(image)

    def walk(folder):
        for child in iso.list_children(rr_path="/" + folder):
            if child is None or child.is_dot() or child.is_dotdot():
                continue
            rock = child.rock_ridge
            px = rock.dr_entries.px_record or rock.ce_entries.px_record
            path = (folder + "/" + rock.name().decode()).strip("/")
            what = found[path] = {"mode": px.posix_file_mode,
                                  "links": px.posix_file_links}
            # A link to the root alone is nothing to it.
            if rock.is_symlink() and rock.symlink_path():
                what["text"] = rock.symlink_path().decode()
            if child.is_dir():
                walk(path)
    walk("")
    iso.close()
    return found


# ---- comparing --------------------------------------------------------------

def compare(who, seed, tree, found, sees):
    def fault(path, what, got, want):
        faults.append("seed %s, %s: %s of %s: %r, not %r" % (
            seed, who, what, path, got, want))

    for path in tree.nodes:
        kind = tree.nodes[path]["kind"]
        if path == "" or kind not in sees:
            continue
        # isoinfo shows moved directories where they are, and there alone.
        if who == "isoinfo" and "relocate" in tree.options and \
                path.count("/") > 7:
            continue
        if path not in found:
            fault(path, "presence", None, True)
            continue
        mode = tree.mode(path)
        want = {"mode": mode, "perm": mode & 0o7777,
                "owner": tree.owner(path), "links": tree.links(path),
                "kind": stat.filemode(mode), "mtime": MTIME,
                "plain": None if mode & 0o7000 else stat.filemode(mode),
                "text": tree.nodes[path].get("text"),
                "bytes": content(tree.size(path))}
        for what, got in found[path].items():
            if got != want[what] and not (what == "plain" and
                                          want[what] is None) and \
                    not (what == "plain" and got is None):
                fault(path, what, got, want[what])
    for path in found:
        # pycdlib shows them in both places.
        if path and path not in tree.nodes and not (
                "relocate" in tree.options and who in ("isoinfo", "pycdlib")
                and path.split("/")[0].startswith("rr_moved")):
            fault(path, "presence", True, None)


def judge(seed, tool, scratch):
    tree = Tree(seed)
    image = os.path.join(scratch, "rock.iso")
    start = tree.random.choice((0, 0, 0, 3200))
    if os.path.exists(image):
        os.unlink(image)
    if start:  # xorriso reads no later session without a first one
        run(tool, image, "0", input=b"")
    run(tool, image, str(start), "rock", *tree.options,
        input="".join(tree.lines()).encode())
    everything = "dfhlcbps"
    compare("xorriso", seed, tree, xorriso(image, start), everything)
    compare("isoinfo", seed, tree, isoinfo(image, start), everything)
    # bsdtar loses directories that were moved from within moved ones, which
    # are those from level 14 on, unless they lie in genisoimage's order.
    deepest = max(path.count("/") for path in tree.nodes)
    if not start and not ("relocate" in tree.options and deepest > 11):
        compare("bsdtar", seed, tree, bsdtar(image), everything[:-1])
    if not start:
        compare("pycdlib", seed, tree, pycdlib(image), everything)


def main():
    tool, scratch = sys.argv[1:3]
    for seed in sys.argv[3:] or range(12):
        judge(int(seed), tool, scratch)
    for fault in faults[:20]:
        print("FAULT:", fault)
    print("%d faults" % len(faults))
    return 1 if faults else 0


sys.exit(main())
