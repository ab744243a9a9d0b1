#!/bin/sh
# SPDX-License-Identifier: MIT
# Parts of an image, given twice or within each other; an end on request; and
# what can not be restored: everything that can be there is there, and the
# status says whether it is all.
. tests/tools/lib_tools.sh
need $PYTHON
image=$scratch/a.iso
out=$scratch/target

# If root runs this, as somebody else: root may do everything.
plainly() { "$@"; }
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	plainly() {
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	}
fi
# The scratch folder is ours alone, and so may the program be.
chmod 755 "$scratch"
cp "$lathe" "$scratch/lathe"

make_tree "$scratch/a" 1
ln "$scratch/a/file of 2048" "$scratch/a/deep/er/the same"
ln -s "../file of 1" "$scratch/a/deep/link"
does image -o "$image" --keep-modes "$scratch/a/"

say "parts within each other, and twice"
does extract -i "$image" -C "$out" deep deep/er "/deep/er/the same" deep/ \
	deep/link deep/link "file of 1" "/file of 1"
equals "complaints" "$(cat "$scratch/err")" ""
diff -r "$scratch/a/deep" "$out/deep" || fault "a part differs"
equals "at the top" "$(ls "$out" | tr '\n' ' ')" "deep file of 1 "
rm -rf "$out"
does extract -i "$image" -C "$out" deep /
diff -r "$scratch/a" "$out" || fault "the trees differ"
rm -rf "$out"

say "names of one file in two parts"
does extract -i "$image" -C "$out" "file of 2048" deep/er
equals "names" "$(stat -c %i "$out/file of 2048")" \
	"$(stat -c %i "$out/deep/er/the same")"
rm -rf "$out"
does extract -i "$image" -C "$out" deep/er
cmp -s "$scratch/a/file of 2048" "$out/deep/er/the same" ||
	fault "one of two names alone differs"
rm -rf "$out"

say "a part that is not there"
ends 4 extract -i "$image" -C "$out" deep nowhere
[ ! -e "$out" ] || fault "a directory was made for nothing"

say "the progress ends at its total"
does extract -i "$image" -C "$out" --progress=json
$PYTHON - "$scratch/out" <<'PY' || fault "$(cat "$scratch/out")"
import json, sys
last = [json.loads(line) for line in open(sys.argv[1])][-1]
assert last["done"] == last["total"] > 0, last
PY
rm -rf "$out"

say "parts of a directory that may not be written"
mkdir -p "$scratch/m/shut"
echo 1 >"$scratch/m/shut/one"
echo 2 >"$scratch/m/shut/two"
ln -s one "$scratch/m/shut/link"
chmod 500 "$scratch/m/shut"
does image -o "$scratch/m.iso" --keep-modes --keep-owner "$scratch/m/"
mkdir -m 777 "$scratch/open"
plainly "$scratch/lathe" extract -i "$scratch/m.iso" --keep-modes \
	-C "$scratch/open/t" shut/one shut/two 2>"$scratch/err"
equals "status" $? 0
equals "what is there" "$(stat -c '%n %a' "$scratch/open/t/shut" &&
	ls "$scratch/open/t/shut" | tr '\n' ' ')" \
	"$scratch/open/t/shut 500
one two "

say "owners that can not be set"
chmod 600 "$scratch/m/shut/one"
chmod 4755 "$scratch/m/shut/two"
# Of an image of another owner, all files are there nevertheless.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	does image -o "$scratch/m.iso" --keep-modes --keep-owner "$scratch/m/"
	plainly "$scratch/lathe" extract -i "$scratch/m.iso" --keep-owner \
		--keep-modes -C "$scratch/open/o" 2>"$scratch/err"
	equals "status" $? 3
	says 'of 4 entries could not be set: Operation not permitted'
	diff -r "$scratch/m" "$scratch/open/o" || fault "the trees differ"
	equals "modes" "$(cd "$scratch/open/o/shut" &&
		stat -c %a . one two | tr '\n' ' ')" "500 600 755 "

	# A directory of somebody else that everybody may write.
	mkdir -p "$scratch/open/d"
	mkdir -m 777 "$scratch/open/d/shut"
	plainly "$scratch/lathe" extract -i "$scratch/m.iso" \
		-C "$scratch/open/d" 2>"$scratch/err"
	equals "status" $? 0
	says 'of 1 entry could not be set: Operation not permitted; -v lists'
	diff -r "$scratch/m" "$scratch/open/d" || fault "the trees differ"
fi

say "an end on request while links are made"
mkdir "$scratch/l"
$PYTHON - "$scratch/l" <<'PY'
import os, sys
for i in range(40000):
    os.symlink("nowhere", os.path.join(sys.argv[1], "link %d" % i))
PY
does image -o "$scratch/l.iso" "$scratch/l/"
"$lathe" extract -i "$scratch/l.iso" -C "$out" 2>"$scratch/err" &
pid=$!
tries=0
until [ -n "$(ls "$out" 2>/dev/null | head -n 1)" ]; do
	tries=$((tries + 1))
	[ $tries -lt 2000 ] && kill -0 $pid 2>/dev/null || break
	sleep 0.005
done
kill -INT $pid
wait $pid
status=$?
there=$(ls "$out" | wc -l)
if [ "$there" -lt 40000 ]; then
	equals "status with $there links" $status 40
	says 'not all of it is there'
else
	equals "status with all links" $status 0
fi

say "files that are compressed"
if command -v mkzftree >/dev/null && command -v genisoimage >/dev/null; then
	mkdir "$scratch/z"
	yes text | head -n 50000 >"$scratch/z/packed"
	head -c 3000 /dev/urandom >"$scratch/z/plain"
	mkzftree "$scratch/z" "$scratch/zf"
	genisoimage -quiet -R -z -o "$scratch/z.iso" "$scratch/zf"
	does extract -i "$scratch/z.iso" -C "$scratch/zt"
	says '/packed: compressed by zisofs: extracted as it is stored'
	equals "lines" "$(wc -l <"$scratch/err")" 1
	diff -r "$scratch/zf" "$scratch/zt" || fault "the trees differ"
	# A later session has it as well.
	does image -M "$scratch/z.iso" --volume NEW
	does extract -i "$scratch/z.iso" -C "$scratch/zt2"
	says '/packed: compressed by zisofs: extracted as it is stored'
fi

# Who may make files in a directory need not be allowed to list it.
say "a target that can not be listed"
mkdir -p "$scratch/w/sub" "$scratch/closed"
echo 1 >"$scratch/w/sub/a"
ln "$scratch/w/sub/a" "$scratch/w/b"
ln -s b "$scratch/w/c"
does image -o "$scratch/w.iso" "$scratch/w/"
chmod 333 "$scratch/closed"
plainly "$scratch/lathe" extract -i "$scratch/w.iso" -C "$scratch/closed" \
	>"$scratch/out" 2>"$scratch/err" || fault "$(cat "$scratch/err")"
chmod 755 "$scratch/closed"
diff -r "$scratch/w" "$scratch/closed" || fault "the trees differ"

# A hole, so that the image is small and the file is long in reading.
say "a run that is killed leaves nothing that looks whole"
rm -rf "$scratch/long" "$scratch/to"
mkdir "$scratch/long"
truncate -s 6G "$scratch/long/file"
does image -o "$scratch/long.iso" "$scratch/long/"
"$lathe" extract -i "$scratch/long.iso" -C "$scratch/to" 2>/dev/null &
killed=$!
while ! [ -e "$scratch/to/file" ] && kill -0 $killed 2>/dev/null; do
	sleep 0.01
done
sleep 0.1
kill -KILL $killed
wait $killed 2>/dev/null
[ $? = 137 ] && [ "$(stat -c %s "$scratch/to/file")" = 6442450944 ] &&
	fault "a part of a file has its whole length"
does extract -i "$scratch/long.iso" -C "$scratch/to" --overwrite
equals "its length" "$(stat -c %s "$scratch/to/file")" 6442450944

finish
