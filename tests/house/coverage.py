#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lines and branches of iso9660/ and joliet/ that the tests have run.

usage: coverage.py BUILD [--lines] [FILE]...

BUILD was made by 'gcc --coverage', and its tests were run. --lines lists
what was not run in the files of the table (or in FILE alone). The status is
0 where the aims are reached.
"""

import json
import os
import subprocess
import sys

LINES, BRANCHES = 97.0, 90.0
FOLDERS = ("iso9660/", "joliet/")


def looks_at_a_disc(path):
    """Files whose branches decide on bytes that come from a disc."""
    name = os.path.basename(path)
    return (name.startswith("import") or name.endswith("_read.c") or
            name in ("probe.c", "utf16.c", "chain.c", "reader_internal.h"))


class File:
    def __init__(self):
        self.lines = {}     # number -> times
        self.branches = {}  # (number, function, index) -> times

    def add(self, line):
        number = line["line_number"]
        self.lines[number] = self.lines.get(number, 0) + line["count"]
        for i, branch in enumerate(line["branches"]):
            key = (number, line.get("function_name"), i)
            self.branches[key] = self.branches.get(key, 0) + branch["count"]


def share(done, all_of):
    return 100.0 * done / all_of if all_of else 100.0


def count(files):
    lines = [n for f in files for n in f.lines.values()]
    branches = [n for f in files for n in f.branches.values()]
    return (sum(n > 0 for n in lines), len(lines),
            sum(n > 0 for n in branches), len(branches))


def read(build):
    files = {}
    data = [os.path.join(top, name)
            for folder in FOLDERS
            for top, _, names in os.walk(os.path.join(build, "obj", folder))
            for name in sorted(names) if name.endswith(".gcno")]
    for path in data:
        # What was never run has no counts: gcov gives zeros.
        out = subprocess.run(
            ["gcov", "--json-format", "--branch-probabilities", "--stdout",
             path], capture_output=True, check=True).stdout
        for text in out.decode().splitlines():
            for entry in json.loads(text)["files"]:
                name = os.path.normpath(entry["file"])
                if name.startswith(FOLDERS):
                    file = files.setdefault(name, File())
                    for line in entry["lines"]:
                        file.add(line)
    return files


def show_missed(name, file):
    with open(name) as f:
        source = f.read().split("\n")
    for number, times in sorted(file.lines.items()):
        missed = [str(i) for (n, _, i), t in sorted(file.branches.items(),
                  key=lambda b: b[0][2]) if n == number and t == 0]
        if times == 0:
            print("%s:%d: not run: %s" % (name, number,
                                          source[number - 1].strip()))
        elif missed:
            print("%s:%d: branch %s not taken: %s" % (
                name, number, ",".join(missed), source[number - 1].strip()))


def row(name, files):
    lines, all_lines, branches, all_branches = count(files)
    print("%-34s %5d of %5d %6.1f %%   %5d of %5d %6.1f %%" % (
        name, lines, all_lines, share(lines, all_lines), branches,
        all_branches, share(branches, all_branches)))
    return share(lines, all_lines), share(branches, all_branches)


def main(arguments):
    listing = "--lines" in arguments
    arguments = [a for a in arguments if a != "--lines"]
    files = read(arguments[0])
    if not files:
        print("no data in " + arguments[0])
        return 1
    chosen = arguments[1:] or sorted(files)
    if listing:
        for name in chosen:
            show_missed(name, files[name])
        return 0

    print("%-34s %21s   %21s" % ("", "lines", "branches"))
    for name in sorted(files):
        row(name, [files[name]])
    disc = sorted(name for name in files if looks_at_a_disc(name))
    lines, branches = row("all of iso9660 and joliet", files.values())
    of_disc = row("what looks at bytes from a disc",
                  [files[name] for name in disc])
    print()
    for name in disc:
        show_missed(name, files[name])
    reached = (lines >= LINES and branches >= BRANCHES and
               of_disc[1] >= 100.0)
    print("Coverage: %.1f %% of lines (aim: %.0f), %.1f %% of branches "
          "(aim: %.0f), %.1f %% of branches on bytes from a disc (aim: 100)"
          % (lines, LINES, branches, BRANCHES, of_disc[1]))
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
