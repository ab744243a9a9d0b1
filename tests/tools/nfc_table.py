# SPDX-License-Identifier: MIT
"""Prints tools/nfc_table.h from the Unicode data that this Python has."""
import unicodedata

LAST = 0x110000


def decompositions():
    pairs, singles = [], []
    for c in range(LAST):
        text = unicodedata.decomposition(chr(c))
        if not text or text.startswith("<"):
            continue
        parts = [int(part, 16) for part in text.split()]
        (pairs if len(parts) == 2 else singles).append((c, parts))
    return pairs, singles


def excluded(c, parts):
    """Is the pair never put together again?"""
    return unicodedata.normalize("NFC", "".join(map(chr, parts))) != chr(c)


def classes():
    runs = []
    for c in range(LAST):
        k = unicodedata.combining(chr(c))
        if k and runs and runs[-1][1] == c - 1 and runs[-1][2] == k:
            runs[-1][1] = c
        elif k:
            runs.append([c, c, k])
    return runs


def show(kind, name, comment, rows):
    print("\n/* %s */\nstatic const %s %s[] = {" % (comment, kind, name))
    line = "\t"
    for row in rows:
        if len(line) + 7 + len(row) > 79:
            print(line)
            line = "\t"
        line += row
    print(line + "\n};")


def main():
    pairs, singles = decompositions()
    runs = []
    for place, (c, _) in enumerate(singles):
        if runs and runs[-1][0] + runs[-1][1] == c:
            runs[-1][1] += 1
        else:
            runs.append([c, 1, place])
    print("/* SPDX-License-Identifier: MIT */")
    print("/*\n * Canonical decompositions and combining classes of Unicode "
          "%s;\n * made by tests/tools/nfc_table.py.\n */"
          % unicodedata.unidata_version)
    print("#ifndef LATHE_TOOL_NFC_TABLE_H\n#define LATHE_TOOL_NFC_TABLE_H")
    show("struct nfc_pair", "nfc_pairs",
         "Code point, what it comes to; NFC_APART: never put together.",
         ["{%d,%d,%d%s}," % (c, p[0], p[1],
                                   "|NFC_APART" if excluded(c, p) else "")
          for c, p in pairs])
    show("struct nfc_run", "nfc_runs",
         "From, so many, where they begin in nfc_singles.",
         ["{%d,%d,%d}," % tuple(run) for run in runs])
    show("uint32_t", "nfc_singles", "What these come to.",
         ["%d," % p[0] for _, p in singles])
    show("struct nfc_class", "nfc_classes", "First, last, combining class.",
         ["{%d,%d,%d}," % tuple(run) for run in classes()])
    print("\n#endif")


main()
