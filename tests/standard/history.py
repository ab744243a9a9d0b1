# SPDX-License-Identifier: MIT
"""Sessions that add, replace and remove on an emulated disc; each judged by
the standards, against the session before, and against a model that is kept
here. Arguments: folder to work in, seed, sessions, ISO level, units, further
options.
"""
import json
import os
import random
import shutil
import subprocess
import sys

import standard_tree
from validate_volume import validate
from volume_fields import Image, Report

faults = 0


def fault(text):
    global faults
    faults += 1
    if faults < 40:
        print("FAULT: " + text[:400])


def lathe(*args):
    done = subprocess.run([os.environ["BUILD"] + "/lathe", *args],
                          capture_output=True)
    if done.returncode:
        sys.exit("lathe %s: status %d\n%s" % (
            " ".join(args), done.returncode, done.stderr.decode()))
    return done.stdout


class History:
    def __init__(self, folder, seed, level, most_units, options):
        self.folder, self.rng = folder, random.Random(seed)
        self.level, self.most_units = level, most_units
        self.options = options
        self.rock = "--no-rock-ridge" not in options
        self.disc = os.path.join(folder, "d.img")
        self.model = {}    # path -> content, None for a folder
        self.number = 0
        self.starts, self.volumes, self.models = [], [], []
        lathe("emu", "create", self.disc, "--media", "cd-r-80")

    # ---- what is recorded

    def name(self, kind, i):
        """Most become the same in ISO 9660, in some session or other."""
        return (
            "a long name that clashes with others %d-%d.text" % (
                self.number, i),
            "readme %d.TXT" % i if self.number % 2 else "README %d.txt" % i,
            "日本語 %d-%d" % (self.number, i),
            standard_tree.random_name(self.rng, 12),
            ("CON.%d" if i % 2 else "aux %d") % self.number,
            ".hidden %d.%d.txt" % (self.number, i))[kind % 6]

    def paths(self):
        for i in range(14):
            name = self.name(i, i)
            if not standard_tree.is_joliet(name, self.most_units):
                continue
            folder = self.rng.choice((
                "", "a", "a/Deeper", "a/deeper", "b.c", "ä/%d" % self.number,
                "a/folder with a long name, number %d" % self.number))
            yield folder + "/" + name if folder else name

    def stage(self):
        """New and replaced files on the host; what is to be removed."""
        stage = os.path.join(self.folder, "stage")
        old = sorted(p for p, c in self.model.items() if c is not None)
        removed = self.rng.sample(old, len(old) // 8)
        kept = [p for p in old if p not in removed]
        replaced = self.rng.sample(kept, len(kept) // 6)
        new = {path: None for path in list(self.paths()) + replaced}
        for path in sorted(new):
            size = self.rng.choice((0, 0, 1, 2048, 2049, 9000))
            if self.number % 5 == 1 and path == max(new):
                size = 1 << 20
            self.write(stage, path, size, new)
        self.link(stage, new)
        if self.number % 6 == 3 and "a/deeper" in self.model:
            removed = ["a/deeper"] + [p for p in removed if not
                                      p.startswith("a/deeper/")]
        return stage, new, removed

    def link(self, stage, new):
        """Further names of two files, beside them and elsewhere."""
        for i, path in enumerate(self.rng.sample(sorted(new), 2)):
            folder = (os.path.dirname(path), "links")[i]
            name = os.path.join(folder, "%s of session %d" % (
                os.path.basename(path)[:12], self.number))
            full = os.path.join(stage, name)
            if name not in self.model and not os.path.exists(full):
                os.makedirs(os.path.dirname(full), exist_ok=True)
                os.link(os.path.join(stage, path), full)
                new[name] = new[path]

    def write(self, stage, path, size, new):
        full = os.path.join(stage, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        new[path] = self.rng.randbytes(size)
        with open(full, "wb") as f:
            f.write(new[path])
        stamp = 10 ** 9 + 86400 * self.number + len(path)
        os.utime(full, (stamp, stamp))

    def apply(self, new, removed):
        for path in removed:
            for other in list(self.model):
                if other == path or other.startswith(path + "/"):
                    del self.model[other]
        for path, content in new.items():
            self.model[path] = content
            while "/" in path:
                path = path.rsplit("/", 1)[0]
                self.model[path] = None

    def session(self):
        self.number += 1
        stage, new, removed = self.stage()
        # What is new below a folder that was removed makes it anew.
        gone = [p for p in self.model if any(
            p == r or p.startswith(r + "/") for r in removed)]
        args = []
        for path in removed:
            args += ["--remove", path]
        lathe("burn", "-d", "emu:" + self.disc, "--verify=none",
              "--iso-level", self.level,
              *(["--joliet-long"] if self.most_units == 103 else []),
              *self.options, *args, stage + "/")
        shutil.rmtree(stage)
        before = dict(self.model)
        self.apply(new, removed)
        self.check(before, new, set(gone))

    # ---- what must be there then

    def check(self, before, new, gone):
        sessions = json.loads(lathe("info", "-d", "emu:" + self.disc,
                                    "--json"))["sessions"]
        if len(sessions) != self.number:
            fault("%d sessions, not %d" % (len(sessions), self.number))
        self.starts.append(sessions[-1]["start"])
        volume = self.judge(-1)
        if volume is None:
            return
        who = "session %d" % self.number
        got = volume.hierarchies[1].by_name()
        self.models.append(dict(self.model))
        self.check_content(who, volume, self.model)
        if self.volumes and self.volumes[-1]:
            self.check_kept(who, self.volumes[-1], volume, [
                p for p in before if p in got and p not in new and
                p not in gone])
            for path, content in new.items():
                if content and min(r.extent for r in
                                   got[path].records) < volume.start:
                    fault("%s: %r is not new" % (who, path))
        self.volumes.append(volume)

    def judge(self, i):
        image = Image(self.disc)
        report = Report(("joliet-path",))
        previous = self.volumes[i] if i < 0 and self.volumes else None
        volume = validate(
            image, self.starts[i], report, previous, own=True,
            joliet_units=self.most_units, rock=self.rock,
            level=int(self.level) if self.level.isdigit() else self.level)
        for line in report.lines():
            fault("session %d: %s" % (self.number, line))
        if volume and len(volume.earlier) != self.number - 1:
            fault("session %d: the mark leads through %d" % (
                self.number, len(volume.earlier)))
        return volume

    def check_content(self, who, volume, model):
        joliet = volume.hierarchies[1]
        got = joliet.by_name()
        if set(got) != set(model):
            fault("%s: names %r, %r" % (who, sorted(set(got) - set(model))[:3],
                                        sorted(set(model) - set(got))[:3]))
            return
        for path, content in model.items():
            file = got[path]
            if (file is None) != (content is None) or \
                    file and joliet.content(file) != content:
                fault("%s: other content: %r" % (who, path))

    def check_kept(self, who, old, new, paths):
        """What was not touched keeps extents, and identifiers, in both
        hierarchies. ISO 9660's are found by extents, and those of folders
        by lathe's own table, of which the validator has seen that it is
        right."""
        joliet = [v.hierarchies[1].by_name() for v in (old, new)]
        ids = [self.ids_by_extent(v.hierarchies[0]) for v in (old, new)]
        folders = [v.folder_pairs() for v in (old, new)]
        self.check_empty(who, old, new)
        for path in paths:
            a, b = joliet[0][path], joliet[1][path]
            if a is None:
                was, now = (f[tuple(path.split("/"))] for f in folders)
                if was != now:
                    fault("%s: folder %r was %r, is %r" % (
                        who, path, was, now))
                continue
            if (a.sections(), a.id, a.attributes()) != (
                    b.sections(), b.id, b.attributes()):
                fault("%s: %r moved" % (who, path))
            elif a.size and not (ids[1][b.sections()] <=
                                 ids[0][a.sections()]):
                fault("%s: %r was %r, is %r" % (
                    who, path, ids[0][a.sections()], ids[1][b.sections()]))

    @staticmethod
    def ids_by_extent(hierarchy):
        """Several, where names share an extent."""
        ids = {}
        for directory, file in hierarchy.files():
            ids.setdefault(file.sections(), set()).add(
                directory.path + (file.id,))
        return ids

    def check_empty(self, who, old, new):
        """Empty files of ISO 9660 are known by their folder and date, where
        that is the only one."""
        def known(volume):
            found = {}
            for directory, file in volume.hierarchies[0].files():
                if not file.size:
                    found.setdefault((directory.path, file.date), []).append(
                        file.id)
            return {k: ids[0] for k, ids in found.items() if len(ids) == 1}
        was, now = known(old), known(new)
        for key in was.keys() & now.keys():
            if was[key] != now[key]:
                fault("%s: an empty file was %r, is %r" % (
                    who, was[key], now[key]))

    def check_all_again(self):
        """No session changed what an earlier one had recorded."""
        for i, (start, model) in enumerate(zip(self.starts, self.models)):
            report = Report(("joliet-path",))
            volume = validate(Image(self.disc), start, report, own=True,
                              joliet_units=self.most_units)
            for line in report.lines():
                fault("session %d at the end: %s" % (i + 1, line))
            if volume:
                self.check_content("session %d at the end" % (i + 1), volume,
                                   model)


def main():
    folder, seed, count, level, units, *options = sys.argv[1:]
    history = History(folder, int(seed), level, int(units), options)
    for _ in range(int(count)):
        history.session()
    history.check_all_again()
    used = {f.records[0].extent for _, f in
            history.volumes[-1].hierarchies[0].files() if f.size}
    earlier = sum(any(s <= e < v.primary.space_size for e in used)
                  for s, v in zip(history.starts, history.volumes))
    if earlier < int(count) // 2:
        fault("the last session shows files of %d sessions only" % earlier)
    print("%s sessions, %d files in the last one, of %d sessions; %d faults" %
          (count, len(used), earlier, faults))
    sys.exit(faults != 0)


if __name__ == "__main__":
    main()
