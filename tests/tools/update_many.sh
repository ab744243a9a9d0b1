#!/bin/sh
# SPDX-License-Identifier: MIT
# A hundred thousand files on a disc: an update that finds nothing writes
# nothing, one after three were touched records these three, both in less than
# a second of processor time.
. tests/tools/lib_tools.sh
need $PYTHON
disc=$scratch/d.img

# The processor's time of a run; its output is in $scratch/out and err.
seconds() { # arguments
	$PYTHON - "$scratch" "$lathe" "$@" <<'PY'
import resource, subprocess, sys
with open(sys.argv[1] + "/out", "wb") as out, \
        open(sys.argv[1] + "/err", "wb") as err:
    status = subprocess.run(sys.argv[2:], stdout=out, stderr=err).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%.2f" % (used.ru_utime + used.ru_stime))
sys.exit(status)
PY
}
quick() { # what, seconds
	echo "$1: $2 s"
	# A sanitized program is several times slower.
	[ -n "${SANITIZE:-}" ] || $PYTHON -c "import sys
sys.exit($2 >= 1)" || fault "$1 takes $2 s"
}

$PYTHON - "$scratch/tree" <<'PY'
import os, sys
for folder in range(500):
    path = "%s/folder %03d" % (sys.argv[1], folder)
    os.makedirs(path)
    for number in range(200):
        with open("%s/file %03d.txt" % (path, number), "w") as f:
            f.write("x" * (number * 7 % 300))
PY
does emu create "$disc"
does burn -d "emu:$disc" --verify state "$scratch/tree"
before=$(fingerprint "$disc")
used=$(seconds burn -d "emu:$disc" --update "$scratch/tree") ||
	fault "$(cat "$scratch/err")"
quick "nothing changed" "$used"
grep -q "nothing to record" "$scratch/out" || fault "it does not say so"
equals "the disc" "$(fingerprint "$disc")" "$before"

for file in "folder 000/file 000" "folder 250/file 100" "folder 499/file 199"
do
	touch -d 2020-02-02T02:02:02Z "$scratch/tree/$file.txt"
done
used=$(seconds burn -d "emu:$disc" --update --print-size "$scratch/tree") ||
	fault "$(cat "$scratch/err")"
quick "three of a hundred thousand" "$used"
does burn -d "emu:$disc" --update --verify state --progress=json \
	"$scratch/tree"
says "0 new, 3 changed, 0 gone, 0 with other attributes"
grep -q '"new_files":3,' "$scratch/out" || fault "not three new files"
equals "files in session 2" "$("$lathe" ls -l -d "emu:$disc" |
	grep -c '^  2 ')" 2
does burn -d "emu:$disc" --update "$scratch/tree"
grep -q "nothing to record" "$scratch/out" || fault "not the same the next time"
finish
