#!/bin/sh
# SPDX-License-Identifier: MIT
# A hundred thousand files on a disc: an update that finds nothing writes
# nothing, one after three were touched records these three, both in less than
# a second of processor time; as are as many patterns for as many files.
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

# The last one that fits decides, whether it is a pattern or plain.
$PYTHON - "$scratch/tree" <<'PY' >"$scratch/patterns"
for number in range(50000):
    print("no such %05d.txt" % number)
    print("/tree/folder 001/no such %05d/" % number)
print("file 00?.txt\n!file 003.txt\nfile 004.txt\n!/tree/folder 007//*4.txt")
print("/tree/folder 002\n!/tree/folder 002\nfile 1*\n!file 150.txt/")
print("tree/folder 003/\n!folder 003\nfile 160.txt\n!file 160.txt")
print("!tree/folder 005/file 001.txt\n/tree/folder 006/file 003.txt")
PY
used=$(seconds image -o "$scratch/m.iso" --exclude-from "$scratch/patterns" \
	"$scratch/tree") || fault "$(cat "$scratch/err")"
quick "a hundred thousand patterns" "$used"
"$lathe" ls -i "$scratch/m.iso" | $PYTHON -c '
import sys
for line in sys.stdin:
    folder, _, name = line.rstrip("\n").rpartition("/")
    if name and folder != "/tree":
        print(int(folder[-3:]), int(name[5:8]))' | sort >"$scratch/there"
$PYTHON - <<'PY' | sort | cmp - "$scratch/there" || fault "other files"
for folder in range(500):
    for number in range(200):
        there = number >= 10 or number == 3
        if number == 4:
            there = False
        if folder == 7 and number % 10 == 4:
            there = True
        if number >= 100:
            there = False
        if number == 160:
            there = True
        if (folder, number) == (5, 1):
            there = True
        if (folder, number) == (6, 3):
            there = False
        if there:
            print(folder, number)
PY
finish
