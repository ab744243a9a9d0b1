#!/bin/sh
# SPDX-License-Identifier: MIT
# The JSON forms: exactly the members that the manual names.
. tests/tools/lib_tools.sh
need $PYTHON
disc=$scratch/d.img

cat >"$scratch/check.py" <<'PY'
import json, sys

FORM = {
    "drive": {"vendor": str, "product": str, "revision": str},
    "medium": {"profile": int, "kind": str, "status": str, "erasable": bool,
               "blank": bool, "overwritable": bool, "head_torn": bool,
               "background_format": bool, "single_session": bool,
               "can_at_once": bool, "can_simulate": bool, "can_stream": bool,
               "capacity_blocks": int, "free_blocks": int,
               "next_writable": (int, type(None))},
    "sessions": [{"number": int, "first_track": int, "last_track": int,
                  "start": int, "blocks": int, "volume": (str, type(None)),
                  "own": bool}],
    "mode": str, "why": str, "why_text": str,
    "closing": {"documented_blocks": int, "physical_blocks": int,
                "next_documented_blocks": int, "next_physical_blocks": int},
}

def check(value, form, where, nullable):
    if value is None and where in nullable:
        return
    if isinstance(form, dict):
        assert list(value) == list(form), (where, list(value))
        for key in form:
            check(value[key], form[key], where + "." + key, nullable)
    elif isinstance(form, list):
        assert isinstance(value, list), where
        for item in value:
            check(item, form[0], where + "[]", nullable)
    else:
        assert isinstance(value, form), (where, value)
        assert form is not int or not isinstance(value, bool), where

text = sys.stdin.read()
assert text.endswith("}\n") and text.count("\n") == 1, "one line"
value = json.loads(text)
check(value, FORM, "", sys.argv[1].split())
assert value["mode"] in ("single", "multi", "none")
for expected in sys.argv[2:]:
    path, wanted = expected.split("=")
    got = value
    for key in path.split("."):
        got = got[int(key) if key.isdigit() else key]
    assert json.dumps(got) == wanted, (path, got)
PY

checks() { # what, nullable members, expectations
	what=$1
	shift
	$PYTHON "$scratch/check.py" "$@" <"$scratch/out" \
		>"$scratch/said" 2>&1 || fault "$what: $(tail -n 1 "$scratch/said")"
}

does emu create "$disc" --media cd-r-80
does info -d "emu:$disc" --json
checks blank "" mode='"single"' why='"blank"' medium.next_writable=0 \
	medium.kind='"CD-R"' medium.status='"blank"' medium.profile=9 \
	closing.documented_blocks=10752 closing.physical_blocks=11402 \
	sessions='[]'

make_tree "$scratch/a" 1
does burn -d "emu:$disc" --volume 'A "quoted" näme' "$scratch/a"
does info -d "emu:$disc" --json
checks "first session" "" mode='"multi"' why='"own"' \
	sessions.0.own=true sessions.0.number=1 sessions.0.start=0 \
	sessions.0.first_track=1 sessions.0.last_track=1 \
	sessions.0.volume='"A \"quoted\" n\u00e4me"' \
	closing.documented_blocks=5632 closing.physical_blocks=6902

does info -i "$disc" --json
checks "image file" ".drive .medium .closing" mode='"none"' why='"image"' \
	sessions.0.own=true sessions.0.start=0

does burn -d "emu:$disc" --final "$scratch/a/deep"
does info -d "emu:$disc" --json
checks final "" mode='"none"' why='"final"' medium.free_blocks=0 \
	medium.status='"final"' medium.next_writable=null sessions.1.own=true

echo "op=00 eject" >"$scratch/faults"
does info -d "emu:$disc" --emu-faults "$scratch/faults" --json
checks "empty drive" ".medium .closing" mode='"none"' why='"no-medium"' \
	sessions='[]'

# ls: one object a line.
SOURCE_DATE_EPOCH=0
export SOURCE_DATE_EPOCH
touch -d 2001-02-03T04:05:06Z "$scratch/a/file of 2049"
does emu create "$scratch/e.img"
does burn -d "emu:$scratch/e.img" "$scratch/a"
does ls -d "emu:$scratch/e.img" --json
$PYTHON - "$scratch/out" >"$scratch/said" 2>&1 <<'PY' ||
import json, sys
rows = {}
for line in open(sys.argv[1], encoding="utf-8"):
    row = json.loads(line)
    assert list(row) == ["path", "type", "size", "lba", "session", "mtime",
        "mode", "uid", "gid"], row
    rows[row["path"]] = row
assert rows["/a"]["type"] == "directory" and rows["/a"]["lba"] is None
empty = rows["/a/file of 0"]
assert (empty["size"], empty["lba"], empty["session"]) == (0, None, None)
row = rows["/a/file of 2049"]
assert (row["type"], row["size"], row["session"]) == ("file", 2049, 1)
assert row["mtime"] == "2001-02-03T04:05:06Z", row
assert row["lba"] > 16
assert (row["mode"], row["uid"], row["gid"]) == ("0444", 0, 0)
assert rows["/a"]["mode"] == "0555"
assert "/a/deep/日本語.txt" in rows and "/a/empty folder" in rows
PY
	fault "ls --json: $(tail -n 1 "$scratch/said")"
equals "the volume's name from SOURCE_DATE_EPOCH" \
	"$(info "emu:$scratch/e.img" sessions.0.volume)" 1970_01_01

# Progress: each line an object, phases in order, the end last.
does burn -d "emu:$scratch/e.img" --progress=json "$scratch/a/deep"
$PYTHON - "$scratch/out" >"$scratch/said" 2>&1 <<'PY' ||
import json, sys
events = [json.loads(line) for line in open(sys.argv[1])]
assert events[-1]["event"] == "end" and events[-1]["disc"] == "appendable"
assert events[-1]["verified"] and events[-1]["session"] == 2
plan = [e for e in events if e["event"] == "plan"]
assert len(plan) == 1 and plan[0]["session"] == 2 and not plan[0]["final"]
writing = [e for e in events if e.get("phase") == "writing"]
assert writing and writing[-1]["done"] == writing[-1]["total"]
assert writing[-1]["total"] == plan[0]["track_blocks"] \
    == events[-1]["track_blocks"]
assert plan[0]["start"] == events[-1]["start"]
PY
	fault "progress: $(tail -n 1 "$scratch/said")"

# A name that was recorded with half a surrogate pair.
if command -v genisoimage >/dev/null; then
	mkdir "$scratch/g"
	echo x >"$scratch/g/ZZZZ"
	genisoimage -quiet -J -o "$scratch/g.iso" "$scratch/g"
	$PYTHON - "$scratch/g.iso" <<'PY'
import sys
data = open(sys.argv[1], "rb").read()
open(sys.argv[1], "wb").write(data.replace(
    "ZZZZ".encode("utf-16-be"), b"\0a\xd8\0\0\"\0\\"))
PY
	does ls -i "$scratch/g.iso" --json
	grep -qF '"path":"/a\ud800\"\\' "$scratch/out" ||
		fault "a lone surrogate: $(cat "$scratch/out")"
	$PYTHON -c 'import json, sys
assert json.load(open(sys.argv[1]))["path"] == "/a\ud800\"\\"' \
		"$scratch/out" || fault "a lone surrogate is no JSON"
fi

# Dates that were recorded east and west of Greenwich, and in a leap year.
if command -v genisoimage >/dev/null; then
	for zone in X-5:45 X3:30 X0; do
		for date in 2000-02-29T23:50:59Z 1999-12-31T23:59:58Z \
			2024-03-01T00:00:01Z 1970-01-02T03:04:05Z; do
			touch -d $date "$scratch/g/ZZZZ"
			TZ=$zone genisoimage -quiet -J -o "$scratch/z.iso" \
				"$scratch/g"
			does ls -i "$scratch/z.iso" --json
			grep -qF "\"mtime\":\"$date\"" "$scratch/out" ||
				fault "$date in $zone: $(cat "$scratch/out")"
		done
	done
fi

does emu rules --json
$PYTHON -c 'import json, sys
[json.loads(line)["source"] for line in open(sys.argv[1])]' "$scratch/out" ||
	fault "emu rules --json"
finish
