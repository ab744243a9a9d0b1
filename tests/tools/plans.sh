#!/bin/sh
# SPDX-License-Identifier: MIT
# A plan is one of what the burn does: --plan and --print-size end as it would,
# and what is planned is what is recorded.
. tests/tools/lib_tools.sh
need $PYTHON
disc=$scratch/d.img

make_tree "$scratch/a" 1
make_tree "$scratch/b" 2

fresh() { # medium, folder of a first session
	rm -f "$disc" "$disc.disc"
	does emu create "$disc" --media "$1"
	[ -z "$2" ] || does burn -d "emu:$disc" "$2"
}

# All three end with that status and leave the disc as it was.
refused() { # status, medium, folder or "", personality or "", options
	refusal=$1 medium=$2 folder=$3 drive=emu:$disc$4
	shift 4
	say "$medium ${folder:+with a session }$*"
	fresh $medium "$folder"
	before=$(fingerprint "$disc")
	for asked in --plan --print-size -v; do
		ends "$refusal" burn -d "$drive" $asked "$@" "$scratch/b"
		says 'what to do: '
	done
	equals "the disc" "$(fingerprint "$disc")" "$before"
}

a=$scratch/a
refused 21 dvd+rw "$a" "" --at-once
refused 21 bd-r "$a" "" --at-once
refused 22 cd-rw "$a" "" --at-once
refused 21 bd-re "$a" "" --simulate
refused 21 dvd+r "" "" --simulate
refused 21 bd-re "" ,personality=no-streaming --stream
refused 21 cd-r-80 "" "" --spares=most
refused 21 dvd-rw "" "" --spares=default
refused 21 dvd+rw "" "" --spares=none
refused 22 bd-r "$a" "" --spares=most
refused 22 bd-re "$a" "" --spares=default

# Members of the plan, and of what came of it.
agrees() { # medium, folder, options
	medium=$1 folder=$2
	shift 2
	say "$medium ${folder:+with a session }$*"
	fresh $medium "$folder"
	does burn -d "emu:$disc" --plan --progress=json "$@" "$scratch/b"
	grep '"plan"' "$scratch/out" >"$scratch/events"
	does burn -d "emu:$disc" --progress=json "$@" "$scratch/b"
	grep '"end"' "$scratch/out" >>"$scratch/events"
	$PYTHON - "$scratch/events" "$(info "emu:$disc" medium.free_blocks)" \
		<<'PY' || fault "another plan than burn"
import json, sys
plan, end = map(json.loads, open(sys.argv[1]))
for key in "session", "start", "track_blocks", "volume_blocks":
    assert plan[key] == end[key], (key, plan, end)
assert plan["final"] == (end["disc"] == "final"), (plan, end)
left = plan["free_blocks"] - plan["track_blocks"]
assert int(sys.argv[2]) <= left, (sys.argv[2], plan)
PY
}

agrees dvd+rw ""
agrees dvd+rw "$a"
agrees dvd+rw "$a" --final
agrees dvd+rw "$a" --overwrite
agrees bd-re "$a" --overwrite --final
agrees cd-r-80 "$a"
agrees dvd-r "" --at-once
agrees dvd-r "$a" --final
agrees bd-r "" --spares=default
finish
