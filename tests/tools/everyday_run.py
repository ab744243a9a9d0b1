# SPDX-License-Identifier: MIT
"""lathe as a program that is run, what it says, and what must hold."""
import collections
import json
import os
import subprocess

import peers

LATHE = os.environ["BUILD"] + "/lathe"
OVERWRITABLE = ("dvd-rw-ow", "dvd+rw", "dvd-ram", "bd-re")
ROOT = os.getuid() == 0
counts = collections.Counter()


class Wrong(Exception):
    pass


def must(condition, text, *values):
    if not condition:
        raise Wrong(text % values)


def run(*args, stdin=None, ok=True):
    counts["runs"] += 1
    done = subprocess.run([LATHE, *map(os.fsencode, args)], input=stdin or b"",
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=peers.ENV, timeout=120)
    done.said = (done.stderr + done.stdout).decode("utf-8", "replace")
    must(0 <= done.returncode < 128 and (done.returncode == 0 or not ok),
         "lathe %r ends with %d: %s", args, done.returncode, done.said)
    return done


def lines_of(done):
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def event(done, kind):
    found = [line for line in lines_of(done) if line["event"] == kind]
    return found[0] if found else None


def escaped(path):
    return "/" + path.replace("\\", "\\\\").replace("=", "\\=")
