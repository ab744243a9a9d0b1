# SPDX-License-Identifier: MIT
"""Trees as other programs extract them, with all that Rock Ridge keeps; and
rules of what is left out, against git's. Arguments: what, folder, ..."""
import os
import random
import stat
import subprocess
import sys


def state(top, owners, modes):
    """Path -> kind, permissions, owner, date, where a link leads."""
    found = {}
    for folder, folders, files in os.walk(top):
        for name in folders + files:
            path = os.path.join(folder, name)
            st = os.lstat(path)
            link = os.readlink(path) if stat.S_ISLNK(st.st_mode) else None
            found[os.path.relpath(path, top)] = (
                stat.S_IFMT(st.st_mode),
                stat.S_IMODE(st.st_mode) if modes and link is None else None,
                (st.st_uid, st.st_gid) if owners else None,
                int(st.st_mtime) if link is None else None,
                st.st_size if stat.S_ISREG(st.st_mode) else None, link)
    return found


def same(first, second, *kept):
    a, b = (state(top, "owners" in kept, "modes" in kept)
            for top in (first, second))
    for path in sorted(set(a) | set(b)):
        if a.get(path) != b.get(path):
            print("FAULT: %r is %s, not %s" % (path, b.get(path),
                                               a.get(path)))
    sys.exit(a != b)


# ---- rules ------------------------------------------------------------------

# ASCII alone: for git "?" is a byte.
NAMES = ["a", "b", "c", "ab", "a.txt", "b.txt", "a b", "#x", "!y", "a "]
PIECES = ["a", "b", "c", "*", "?", "[ab]", "[!a]", ".txt", "ab", "\\a"]


def random_rule(rng):
    parts = ["**" if rng.random() < .15 else "".join(
        rng.choice(PIECES) for _ in range(rng.randint(1, 2)))
        for _ in range(rng.choice((1, 1, 1, 2, 2, 3)))]
    return (rng.choice(("", "", "!")) + rng.choice(("", "", "/")) +
            "/".join(parts) + rng.choice(("", "", "/")))


def random_end(rng):
    """As editors leave them."""
    return rng.choice(("", "", "", " ", "  ", "\\ ", "\\  ")) + \
        rng.choice(("\n", "\n", "\r\n"))


def grow(rng, folder, depth):
    os.mkdir(folder)
    for name in rng.sample(NAMES, rng.randint(2, 6)):
        path = os.path.join(folder, name)
        if depth and rng.random() < .5:
            grow(rng, path, depth - 1)
        else:
            open(path, "w").close()


def by_git(top, rules):
    subprocess.run(["git", "init", "-q", top], check=True)
    out = subprocess.run(["git", "-C", top, "ls-files", "-z", "--others",
                          "--exclude-from=" + rules], check=True,
                         stdout=subprocess.PIPE).stdout
    return sorted(out.decode().split("\0")[:-1])


def by_lathe(top, rules, image):
    lathe = os.environ["BUILD"] + "/lathe"
    subprocess.run([lathe, "image", "-o", image, "--exclude", "/.git/",
                    "--exclude-from", rules, top + "/"], check=True,
                   stderr=subprocess.DEVNULL)
    out = subprocess.run([lathe, "ls", "-i", image], check=True,
                         stdout=subprocess.PIPE).stdout
    return sorted(line[1:] for line in out.decode().split("\n")
                  if line and not line.endswith("/"))


def rules_like_git(folder, count):
    failed = 0
    for seed in range(count):
        rng = random.Random(seed)
        top = os.path.join(folder, "tree%d" % seed)
        rules = os.path.join(folder, "rules")
        grow(rng, top, 3)
        with open(rules, "w", newline="") as f:
            f.write(rng.choice(("", "", "\ufeff")))
            for _ in range(rng.randint(1, 6)):
                f.write(random_rule(rng) + random_end(rng))
            f.write("# a remark\n\n  \n")
        wanted, got = by_git(top, rules), by_lathe(
            top, rules, os.path.join(folder, "rules.iso"))
        if wanted != got:
            failed += 1
            print("FAULT: rules %r: too much %s, missing %s" % (
                open(rules).read(), sorted(set(got) - set(wanted)),
                sorted(set(wanted) - set(got))))
    print(count, "sets of rules")
    sys.exit(failed != 0)


if sys.argv[1] == "same":
    same(*sys.argv[2:])
else:
    rules_like_git(sys.argv[2], int(sys.argv[3]))
