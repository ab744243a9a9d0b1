# SPDX-License-Identifier: MIT
"""Normalised names and patterns of tests/tools/tool_names.c against Python's
own: unicodedata for all code points that have anything to do with it and for
strings of them, and a matcher that tries everything."""
import random
import re
import subprocess
import sys
import unicodedata

program = sys.argv[1]
NAME_MAX = 1020
faults = 0


def fault(text):
    global faults
    faults += 1
    if faults < 20:
        print("FAULT:", text)


def ask(mode, texts):
    reply = subprocess.run([program, mode], check=True,
                           input=b"".join(t + b"\0" for t in texts),
                           stdout=subprocess.PIPE).stdout
    return reply.split(b"\0")[:-1]


# ---- normalisation ----------------------------------------------------------

def affected():
    """Code points that change, that marks join, or that are marks."""
    parts, found = set(), set()
    for c in range(0x110000):
        if 0xd800 <= c < 0xe000:
            continue
        full = unicodedata.normalize("NFD", chr(c))
        if full != chr(c):
            found.add(c)
            parts.update(map(ord, full))
        if unicodedata.combining(chr(c)):
            found.add(c)
    return sorted(found), sorted(parts)


def names_to_normalise():
    found, parts = affected()
    names = [chr(c) for c in found]
    names += [unicodedata.normalize("NFD", chr(c)) for c in found]
    names += [unicodedata.normalize("NFKD", chr(c)) for c in found]
    random.seed(1)
    # Letters with marks, marks alone, jamos, syllables, what lies about.
    letters = [c for c in parts if not unicodedata.combining(chr(c))]
    marks = [c for c in found if unicodedata.combining(chr(c))]
    jamos = list(range(0x1100, 0x1113)) + list(range(0x1161, 0x1176)) + \
        list(range(0x11a7, 0x11c3)) + [0xac00, 0xac01, 0xd7a3, 0xd788]
    for _ in range(60000):
        pool = random.choice((letters, marks, jamos, found, parts,
                              letters + marks[:40], range(0x20, 0x400)))
        names.append("".join(chr(random.choice(random.choice(
            (pool, marks, letters)))) for _ in range(random.randint(1, 12))))
    names.append("e" + "\u0301\u0316" * 200)
    names.append("\u0344" * 400)
    names.append("\U0001d160" * 255)
    return [name for name in names if "\0" not in name]


def check_normalised():
    names = names_to_normalise()
    for name, got in zip(names, ask("nfc", [n.encode() for n in names])):
        want = unicodedata.normalize("NFC", name).encode()
        if len(want) > NAME_MAX or len(name.encode()) > NAME_MAX:
            want = b"\1"
        if got != want:
            fault("NFC of %s is %r, not %r" %
                  ([hex(ord(c)) for c in name], got, want))
    print(len(names), "names normalised")


def check_malformed():
    wrong = [b"", b"\xff", b"a\x80", b"\xc3", b"a\xe2\x82", b"\xc0\x80",
             b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
             b"\xf8\x88\x80\x80\x80", b"\xf0\x82\x82\xac", b"x" * 1021]
    for text, got in zip(wrong, ask("nfc", wrong)):
        if got != b"\1":
            fault("%r is taken: %r" % (text[:20], got))


# ---- patterns ---------------------------------------------------------------

def as_expression(component):
    out, i = "", 0
    while i < len(component):
        c = component[i]
        i += 1
        if c == "*":
            out += "[^/]*"
        elif c == "?":
            out += "[^/]"
        elif c == "\\" and i < len(component):
            out += re.escape(component[i])
            i += 1
        elif c == "[" and "]" in component[i + 1:]:
            end = component.index("]", i + 1)
            inner = component[i:end]
            negated = inner[0] == "!"
            inner = inner[negated:]
            if not inner:       # "[!]": the bracket is not closed there
                out += re.escape(c)
                continue
            out += "[" + ("^/" if negated else "") + \
                inner.replace("\\", r"\\").replace("^", r"\^") + "]"
            i = end + 1
        else:
            out += re.escape(c)
    return out


def matches(pattern, path):
    """Component by component, all ways."""
    if not pattern or not path:
        return not pattern and not path
    if pattern[0] == "**":
        if len(pattern) == 1:
            return True
        return any(matches(pattern[1:], path[n:])
                   for n in range(len(path) + 1))
    return re.fullmatch(as_expression(pattern[0]), path[0], re.S) is not None \
        and matches(pattern[1:], path[1:])


def check_patterns():
    random.seed(2)
    pieces = ["a", "b", "ü", "*", "*", "?", "[ab]", "[!a]", "[a-c]", "\\*", "."]
    texts, want = [], []
    for _ in range(40000):
        pattern = [random.choice(("**", "")) or "".join(
            random.choice(pieces) for _ in range(random.randint(1, 4)))
            if random.random() < .4 else "".join(
                random.choice(pieces) for _ in range(random.randint(1, 4)))
            for _ in range(random.randint(1, 4))]
        path = ["".join(random.choice("aabcü*.") for _ in range(
            random.randint(1, 4))) for _ in range(random.randint(1, 4))]
        texts += [("/" * random.randint(0, 1) + "/".join(pattern)).encode(),
                  ("/" + "/".join(path)).encode()]
        want.append(b"1" if matches(pattern, path) else b"0")
    got = ask("glob", texts)
    for i, one in enumerate(got):
        if one != want[i]:
            fault("%r on %r: %r" % (texts[2 * i], texts[2 * i + 1], one))
    print(len(got), "patterns tried,", got.count(b"1"), "match")
    # What takes exponential time where each star is tried with each.
    hard = [b"*a" * 60 + b"b", b"a" * 200] + \
        [b"/".join([b"**", b"a"] * 40) + b"/b", b"/".join([b"a"] * 200)]
    if ask("glob", hard) != [b"0", b"0"]:
        fault("stars")
    special = {("[", "["): 1, ("[a", "[a"): 1, ("[]]", "]"): 1,
               ("[!]", "[!]"): 1, ("\\[a]", "[a]"): 1, ("\\", "\\"): 1,
               ("a/**", "a"): 0, ("a/**", "a/b/c"): 1, ("**/a", "a"): 1,
               ("a/**/b", "a/b"): 1, ("**", "a"): 1, ("a**", "abc"): 1,
               ("", "a"): 0, ("a", ""): 0, ("?", "日"): 1, ("[^a]", "b"): 1,
               ("[ä-ü]", "ö"): 1, ("a//b/", "a/b"): 1}
    texts = [t.encode() for pair in special for t in pair]
    for pair, one in zip(special, ask("glob", texts)):
        if one != b"%d" % special[pair]:
            fault("%r on %r: %r" % (*pair, one))


if float(unicodedata.unidata_version[:2]) >= 14:
    check_normalised()
else:
    print("names not normalised: Unicode", unicodedata.unidata_version)
check_malformed()
check_patterns()
print(faults, "faults")
sys.exit(faults != 0)
