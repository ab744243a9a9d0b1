# SPDX-License-Identifier: MIT
"""Seeded histories of images and of emulated discs as people make them: a
tree here changes, and sessions are recorded with options in any combination.
After each the volume is judged by the standards and read by lathe and others,
and is what everyday_model.py says; so are statuses, numbers that were told
beforehand, and that the same again writes nothing. Arguments: folder to work
in, first and last seed.
"""
import dataclasses
import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [HERE + "/../standard", HERE + "/../differential"]
import histories as peers_histories
import peers
from everyday_choose import Chooser
from everyday_host import Host
from everyday_look import Looker
from everyday_model import NO_DATE, Node, Refused, Session
from everyday_run import OVERWRITABLE, Wrong, counts, event, lines_of, must, \
    run
from reading import ROCK, readings
from validate_volume import validate
from volume_fields import Image, Report

MEDIA = ("cd-r-80", "cd-rw", "dvd-r", "dvd-rw", "dvd-rw-ow", "dvd+r",
         "dvd+rw", "dvd-ram", "bd-r", "bd-re")
STRANGERS = ("genisoimage", "xorriso")


class History:
    def __init__(self, folder, seed):
        self.folder = folder
        self.rng = rng = random.Random("everyday %d" % seed)
        self.host = Host(folder + "/here", rng, rng.random() < .4)
        self.medium = rng.choice(MEDIA) if rng.random() < .45 else None
        self.file = folder + "/volume"
        # Joliet's names are known beforehand where they are the same.
        self.rock = not self.host.plain or rng.random() < .85
        self.toggles = self.host.plain and rng.random() < .4
        self.nfc = rng.random() < .15
        self.modes = rng.choice((0, 0, .5, 1))
        self.special = rng.random() < .2
        self.relocates = rng.random() < .2
        self.fixed = ["--joliet-long"] * (rng.random() < .25) + rng.choice(
            ([], [], ["--iso-level", "1"], ["--iso-level", "relaxed"]))
        self.volume, self.before, self.names = {}, {}, None
        self.root = Node("directory", mtime=NO_DATE, mode=0o555, owner=(0, 0))
        self.number, self.sessions, self.older = 0, [], {}
        self.foreign, self.log, self.used = False, [], []

    def place(self, name, data):
        path = self.folder + "/" + name
        with open(path, "wb") as f:
            f.write(data)
        return path

    def device(self):
        return ("-d", "emu:" + self.file) if self.medium else \
            ("-i", self.file)

    def allowed(self):
        """Of names that are as long and deep as here; of others' sessions."""
        rules = ("joliet-path", "path-length", "depth")
        if self.toggles:    # that names share an extent is not noted there
            rules += ("rock-links",)
        if self.foreign:
            rules += peers_histories.INHERITED
            for writer in STRANGERS:
                rules += peers_histories.KNOWN[writer]
        return rules

    def joliet_units(self):
        return 103 if "--joliet-long" in self.fixed or self.foreign else 64

    def fingerprint(self):
        done = hashlib.sha256()
        for path in (self.file, self.file + ".disc"):
            if os.path.exists(path):
                with open(path, "rb") as f:
                    while block := f.read(1 << 20):
                        done.update(block)
        return done.digest()

    def run(self):
        rng = self.rng
        self.host.change(rng.randint(5, 30))
        if self.medium:
            run("emu", "create", self.file, "--media", self.medium)
        goal = rng.randint(3, 8)
        strangers = self.host.plain and self.rock and not (
            self.toggles or self.nfc or self.medium in OVERWRITABLE)
        for _ in range(16):
            if self.number >= goal:
                return
            if strangers and self.number and rng.random() < .2:
                self.stranger()
            else:
                self.step()
                if rng.random() < .85:
                    self.host.change(rng.randint(1, 8))

    # ---- one session

    def words(self, command, ready=None):
        if ready:    # a session alone, for another program to record
            return ["image", "-M", self.file, "-o", ready, "-C", "%d,%d" % (
                self.sessions[-1]["start"], self.next_writable())]
        if self.medium:
            return ["burn", "-d", "emu:" + self.file] + \
                ["--import"] * self.foreign
        if self.number:
            return ["image", "-M", self.file]
        return ["image", "-o", self.file] + \
            ["--growable"] * (self.rng.random() < .5)

    def step(self):
        chooser = Chooser(self)
        command = chooser.choose()
        lists, names, stdin = chooser.operands()
        session = Session(self.volume, self.root, not self.number, command)
        statuses = (0,)
        try:
            session.run()
        except Refused as refused:
            statuses = refused.statuses
        ready = self.folder + "/ready" if self.number and self.medium and \
            self.medium not in OVERWRITABLE and self.rng.random() < .15 \
            else None
        words = self.words(command, ready) + command.arguments + lists + \
            chooser.change_arguments() + names
        self.log.append((words, stdin))
        before = self.fingerprint()
        size, plan = self.beforehand(words, stdin, statuses)
        if not self.medium and self.number and self.rng.random() < .2:
            self.elsewhere(words, stdin)
        must(self.fingerprint() == before, "what writes nothing wrote")
        done = run(words[0], *["--progress=json"] * (words[0] == "burn"),
                   *words[1:], stdin=stdin, ok=False)
        if ready and os.path.exists(ready):
            run("burn", *self.device(), "--image", ready)
            os.remove(ready)
        if not self.changed(done, session, statuses, before):
            if done.returncode == 0:
                must(not size and not (plan and plan["volume_blocks"]),
                     "nothing, planned %s blocks, %s", size, plan)
            return
        counts["sessions"] += 1
        self.number += 1
        self.before, self.volume = self.volume, session.volume
        self.root = session.root
        self.sessions = lines_of(run("ls", *self.device(), "--sessions",
                                     "--json"))
        if not ready:
            self.told(session, done, size, plan)
        Looker(self, session, command).look()
        self.look_back()
        if command.sources and self.rng.random() < .6:
            self.again(command, lists + names, stdin)

    def changed(self, done, session, statuses, before):
        """Is there a session, and was it to be expected?"""
        status, update = done.returncode, session.updates
        nothing = "nothing to record" in done.said or \
            '"disc":"untouched"' in done.said
        if status or nothing:
            counts["nothing or refused"] += 1
            must(self.fingerprint() == before, "status %d, but written: %s",
                 status, done.said)
        else:
            must(before != self.fingerprint(), "nothing was written")
        if statuses != (0,):
            must(status in statuses, "status %d, not one of %s: %s", status,
                 statuses, done.said)
            return False
        if self.number and not session.changed and not session.unsure and \
                not (self.foreign and status == 0):
            must(nothing and status == (0 if update else 7),
                 "no difference, but status %d: %s", status, done.said)
        if session.changed:
            must(status == 0 and not nothing, "status %d: %s", status,
                 done.said)
        return not nothing and status == 0

    def beforehand(self, words, stdin, statuses):
        """What --print-size and --plan say."""
        size = plan = None
        self.had = self.blocks() if "-M" in words else 0
        if self.rng.random() < .4:
            done = run(words[0], "--print-size", *words[1:], stdin=stdin,
                       ok=False)
            must(done.returncode in statuses + (7,), "--print-size: %d: %s",
                 done.returncode, done.said)
            size = None if done.returncode else int(done.stdout)
        if self.rng.random() < .3:
            done = run(words[0], "--plan", "--progress=json", *words[1:],
                       stdin=stdin, ok=False)
            plan = None if done.returncode else event(done, "plan")
        return size, plan

    def elsewhere(self, words, stdin):
        """A copy, a pipe and the image itself get the same bytes."""
        copy, other = self.folder + "/copy", self.folder + "/other"
        done = run("image", "-o", copy, *words[1:], stdin=stdin, ok=False)
        piped = run("image", "-o", "-", *words[1:], stdin=stdin, ok=False)
        must(done.returncode == piped.returncode, "-o ends with %d, -o - %d",
             done.returncode, piped.returncode)
        if done.returncode == 0:
            shutil.copyfile(self.file, other)
            run(*[other if word == self.file else word for word in words],
                stdin=stdin)
            with open(copy, "rb") as f, open(other, "rb") as g:
                data = f.read()
                must(data == piped.stdout, "-o - is not as -o FILE")
                must(data == g.read(), "a copy is not as the image")
            os.remove(other)
            os.remove(copy)

    def blocks(self):
        return -(-os.path.getsize(self.file) // 2048)

    def told(self, session, done, size, plan):
        """Numbers that were told beforehand, and by an update."""
        last = self.sessions[-1]
        if self.medium:
            recorded, end = event(done, "plan"), event(done, "end")
            must(plan in (None, recorded), "planned %s, then %s", plan,
                 recorded)
            must(size in (None, recorded["need_blocks"]), "%s blocks, then %s",
                 size, recorded)
            for name in ("session", "start", "track_blocks", "volume_blocks"):
                must(end[name] == recorded[name], "%s is %s, planned %s",
                     name, end[name], recorded[name])
        else:
            must(size in (None, self.blocks() - self.had),
                 "%s blocks, then %d behind %d", size, self.blocks(),
                 self.had)
            must(not plan or (plan["start"], plan["volume_blocks"]) ==
                 (last["start"], last["blocks"]), "planned %s, then %s",
                 plan, last)
        if session.updates and session.command.sources and not (
                self.foreign or session.unsure):
            self.told_of_update(session.totals, done)

    @staticmethod
    def told_of_update(totals, done):
        line = [each for each in done.said.splitlines()
                if each.endswith(" as they were")]
        must(line, "an update tells nothing: %s", done.said)
        numbers = [int(part.split()[0].replace(",", "")) for part in
                   line[0].rpartition(": ")[2].split(", ")]
        wanted = [totals[name] for name in (
            "new", "changed", "gone", "attributes", "kept")]
        must(numbers == wanted, "told %s, not %s", numbers, wanted)

    def look_back(self):
        """Older sessions read as before."""
        number = len(self.sessions)
        self.older[number] = self.listing(number)
        old = self.rng.choice(sorted(self.older))
        must(self.older[old] == self.listing(old), "session %d is another one",
             old)

    def listing(self, number):
        return run("ls", *self.device(), "--json", "--session",
                   str(number)).stdout

    def again(self, command, names, stdin):
        """What was just recorded is no difference. But a link to a file that
        came by only later got a content of its own: an update leads it to
        the file."""
        command = dataclasses.replace(
            command, renames=[], removes=[], update=True, no_replace=False,
            renames_volume=False)
        session = Session(self.volume, self.root, False, command)
        try:
            session.run()
        except Refused:    # what came from several sources
            return
        if session.changed or session.unsure or self.foreign:
            return
        arguments = ["--update"] + [each for each in command.arguments if
                                    each not in ("--no-replace", "--update")]
        before = self.fingerprint()
        words = self.words(command) + arguments + names
        self.log.append((words, stdin))
        done = run(*words, stdin=stdin, ok=False)
        counts["again"] += 1
        must(done.returncode == 0 and "nothing to record" in done.said and
             self.fingerprint() == before, "the same again: %s", done.said)

    # ---- sessions of others

    def stranger(self):
        stage, rng = self.folder + "/stage", self.rng
        os.makedirs(stage + "/foreign/sub")
        for i in range(rng.randint(1, 4)):
            path = stage + "/foreign/" + rng.choice((
                "f%d" % i, "sub/g%d" % i, "A long File Name %d.text" % i))
            with open(path, "wb") as f:
                f.write(self.host.content())
            os.utime(path, (10 ** 9 + i, 10 ** 9 + i))
        for folder in ("/foreign/sub", "/foreign"):
            os.utime(stage + folder, (10 ** 9, 10 ** 9))
        writer = "genisoimage" if self.medium else rng.choice(STRANGERS)
        self.log.append((writer, stage))
        getattr(self, "by_" + writer)(stage)
        shutil.rmtree(stage)
        counts["sessions of others"] += 1
        self.number += 1
        self.foreign, self.names, self.older = True, None, {}
        self.sessions = lines_of(run("ls", *self.device(), "--sessions",
                                     "--json"))
        self.take_over()

    def by_xorriso(self, stage):
        peers.run("xorriso", "-abort_on", "FAILURE", "-return_with",
                  "FAILURE", "32", "-joliet", "on", "-compliance",
                  "joliet_long_names:joliet_long_paths:joliet_utf16",
                  "-padding", "0", "-iso_rr_pattern", "off", "-disk_pattern",
                  "off", "-dev", "stdio:" + self.file, "-map", stage, "/",
                  "-commit")

    def next_writable(self):
        return lines_of(run("info", *self.device(), "--json"))[0]["medium"][
            "next_writable"]

    def by_genisoimage(self, stage):
        more = self.folder + "/more"
        size = os.path.getsize(self.file) // peers.BLOCK
        start = (size + 31) // 32 * 32
        if self.medium:
            start = self.next_writable()
        peers.run("genisoimage", "-quiet", "-R", "-J", "-joliet-long",
                  "-input-charset", "utf-8", "-o", more, "-C", "%d,%d" % (
                      self.sessions[-1]["start"], start), "-M", self.file,
                  stage)
        if self.medium:
            run("burn", *self.device(), "--image", more)
            return
        with open(more, "rb") as f, open(self.file, "r+b") as g:
            session = f.read()
            g.seek(start * peers.BLOCK)
            g.write(session)
            g.seek(16 * peers.BLOCK)
            g.write(peers_histories.History.head(session, start))

    def take_over(self):
        """What it made is the model from now on."""
        image = Image(self.file)
        volume = validate(image, self.sessions[-1]["descriptors"] - 16,
                          Report(self.allowed()), foreign=("RR", "AL"),
                          joliet_units=self.joliet_units())
        self.volume = {
            path: Node(item.kind, item.digest, item.size,
                       NO_DATE if item.mtime is None else item.mtime,
                       item.mode, item.owner, item.target,
                       "?" if item.kind == "symlink" else None)
            for path, item in readings(volume)[ROCK].items()}
        image.close()


def one(folder, seed):
    os.makedirs(folder)
    history = None
    try:
        history = History(folder, seed)
        history.run()
    except (Wrong, peers.Failed, subprocess.TimeoutExpired) as error:
        print("FAULT: seed %d, session %d: %s" % (
            seed, history.number, ascii(str(error)[:600])))
    except Exception:
        print("FAULT: seed %d: %s" % (seed, traceback.format_exc(limit=-3)))
    else:
        shutil.rmtree(folder)
        return 0
    for words in history.log[-3:] if history else ():
        print("    %s" % ascii(words))
    if not os.environ.get("EVERYDAY_KEEP"):
        shutil.rmtree(folder)
    return 1


def main():
    folder, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.environ["TZ"] = "UTC"
    time.tzset()
    faults = sum(one("%s/%d" % (folder, seed), seed)
                 for seed in range(first, last + 1))
    print("%d histories, %s, %d faults" % (
        last - first + 1, ", ".join("%d %s" % (number, what) for what, number
                                    in sorted(counts.items())), faults))
    sys.exit(faults != 0)


if __name__ == "__main__":
    main()
