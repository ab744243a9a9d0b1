# SPDX-License-Identifier: MIT
"""Commands at random, for what is on a volume and here."""
import dataclasses
import os

from everyday_model import Command, Source, nfc
from everyday_run import ROOT, escaped

PATTERNS = ("*.txt", "readme*", "/s0/a*", "photo?", "**/b", "/t/**", "[a-c]",
            "[!a-z]*", "dir/", "Bilder*/", ".hidden*", "s0/*/x", "d/d",
            "!*1", "!/s0/a1", "note*", "!note.txt2")
REMOVED = ("**/readme*", "/*/photo*", "*/a", "**/[ab]*", "t/*", "**/*.txt",
           "**/?")


class Chooser:
    """A command at random, for what is on the volume and here."""

    def __init__(self, history):
        self.rng, self.host = history.rng, history.host
        self.history = history
        self.command = Command(rock=history.rock)

    def choose(self):
        rng, command = self.rng, self.command
        if self.history.toggles:
            command.rock = rng.random() < .7
        what = rng.random()
        if self.history.number == 0:
            what = what * 4 if what > .15 else .1
        command.update = what < .55
        command.mirror = what < .28 and self.history.number > 0
        command.no_replace = .55 <= what < .6
        self.arguments(
            command.update and (not command.mirror or rng.random() < .3) and
            "--update", command.mirror and "--mirror",
            command.no_replace and "--no-replace")
        self.sources()
        if self.history.number:
            self.changes()
        if rng.random() < .35:
            self.filters()
        self.options()
        return command

    def arguments(self, *arguments):
        self.command.arguments += [each for each in arguments if each]

    def options(self):
        rng, command, history = self.rng, self.command, self.history
        what = rng.random()
        if what < .12 and not self.host.far:
            command.symlinks = "follow"
            self.arguments(rng.choice(("--follow", "--symlinks=follow")))
        elif what < .2:
            command.symlinks = "skip"
            self.arguments("--symlinks", "skip")
        command.nfc = history.nfc and rng.random() < .7
        if command.rock:
            command.modes = rng.random() < history.modes
            command.owner = ROOT and rng.random() < history.modes
            command.special = history.special
        self.arguments(
            not command.rock and "--no-rock-ridge", command.nfc and "--nfc",
            command.modes and "--keep-modes",
            command.owner and "--keep-owner",
            command.special and "--special",
            command.rock and history.relocates and "--relocate",
            command.rock and rng.random() < .15 and "--times=all",
            rng.random() < .06 and "--one-file-system", *history.fixed)
        if rng.random() < .08:
            command.renames_volume = True
            self.arguments("--volume", "NAME_%d" % history.number)

    # ---- sources

    def sources(self):
        rng, host = self.rng, self.host
        count = rng.choice((1, 1, 1, 1, 2, 2, 3))
        if self.history.number and rng.random() < .12:
            count = 0
        usual = rng.random() < .6
        for _ in range(count):
            if rng.random() < .7 and self.source_again():
                continue
            path = rng.choice(["s0", "s1"] + (
                [] if usual else ["s0", "s1"] + host.walk()))
            full = host.full(path)
            if self.is_source(full):
                self.source(full)
        if not self.command.sources and not self.history.number:
            self.source(host.full("s0"))

    def source_again(self):
        """One of an earlier session: an update has something to find."""
        used = [source for source in self.history.used
                if self.is_source(source.path) and
                os.path.isdir(source.path) == source.folder]
        if used:
            self.command.sources.append(self.rng.choice(used))
        return bool(used)

    def is_source(self, full):
        """A link that is named is followed."""
        return (os.path.isdir(full) or os.path.isfile(full)) and \
            os.path.realpath(full).startswith(self.host.top + "/s")

    def source(self, path):
        """Each form of an argument."""
        rng, volume = self.rng, self.history.volume
        base = os.path.basename(path)
        base = nfc(base) if self.history.nfc else base
        folder = os.path.isdir(path)
        at = rng.choice(["", "t", "t/u", "new"] + sorted(
            p for p, node in volume.items() if node.kind == "directory"))
        inside = at + "/" + base if at else base
        new = (at + "/" if at else "") + rng.choice(
            ("t", "t2") if self.host.plain else ("t", "x=y", "b\\c"))
        forms = [Source(base, False, path, path),
                 Source(new, False, path, escaped(new) + "=" + path)]
        if at:
            forms.append(Source(inside, False, path,
                                escaped(at) + "/=" + path))
        if folder:
            forms += [Source("", True, path, path + "/"),
                      Source("", True, path, "/=" + path),
                      Source(at, True, path, (
                          escaped(at) if at else "") + "/=" + path + "/")]
        if self.history.nfc:    # a base name is one of this host
            forms = forms[1:2] + forms[3:] if at else forms[1:]
        source = dataclasses.replace(rng.choice(forms), folder=folder)
        self.command.sources.append(source)
        self.history.used.append(source)

    def operands(self):
        """Arguments, and what is on standard input."""
        rng, stdin, arguments = self.rng, None, []
        names = [source.argument for source in self.command.sources]
        if names and rng.random() < .25:
            cut = rng.randrange(len(names))
            zero = rng.random() < .5 or any("\n" in name for name in names)
            listed = b"".join(os.fsencode(name) + (b"\0" if zero else b"\n")
                              for name in names[cut:])
            names = names[:cut]
            where = "-"
            if rng.random() < .5:
                stdin = listed
            else:
                where = self.history.place("list", listed)
            arguments += ["--path-list", where] + ["-0"] * zero
        return arguments, ["--"] * (rng.random() < .3) + names, stdin

    # ---- what is there already

    def changes(self):
        rng, volume = self.rng, self.history.volume
        if not volume:
            return
        there = sorted(volume)
        for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 3))):
            at = rng.choice([""] + [p + "/" for p in there if
                                    volume[p].kind == "directory"])
            self.command.renames.append((rng.choice(there), rng.choice((
                rng.choice(there), at or "top/", "m/n/",
                "nd/" + self.host.name(), at + self.host.name(),
                at + self.host.name()))))
        for _ in range(rng.choice((0, 0, 0, 0, 1, 1, 2))):
            self.command.removes.append(rng.choice((
                "/" + rng.choice(there), "/" + rng.choice(there),
                rng.choice(there), rng.choice(REMOVED),
                rng.choice(REMOVED), "nothing/at all")))

    def change_arguments(self):
        command, arguments = self.command, []
        for old, new in command.renames:
            arguments += ["--rename", escaped(old) + "=" + escaped(new)]
        for path in command.removes:
            arguments.append("--remove=" + path)
        return arguments

    def filters(self):
        rng = self.rng
        pool = PATTERNS + tuple(
            "/" + path for path in sorted(self.history.volume)
            if not set(path) & set("\n\\*?[]"))[:3]
        in_file = rng.sample(pool, rng.randint(0, 2))
        if in_file:
            # Blanks behind a pattern are none of it, but for "\ ".
            text = "# a remark\n\n" + "".join(
                (p[:-1] + "\\ " if p.endswith(" ") else p) + "\n"
                for p in in_file)
            self.arguments("--exclude-from", self.history.place(
                "rules", text.encode()))
        others = rng.sample(pool, rng.randint(0, 2))
        for pattern in others:
            self.arguments("--exclude", pattern)
        self.command.rules = in_file + others
