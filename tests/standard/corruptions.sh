#!/bin/sh
# SPDX-License-Identifier: MIT
# The judge of volumes reports each single thing that is wrong in an image, by
# the rule that it breaks; and nothing in a good one.
. tests/tools/lib_tools.sh
need $PYTHON bsdtar
SOURCE_DATE_EPOCH=1700000000
export SOURCE_DATE_EPOCH

$PYTHON - "$scratch/tree" <<'PY'
import os, random, sys
random.seed(1)
top = sys.argv[1]
for folder in ("folder/inside", "twin a", "twin b", "crowd", "a long name"):
    os.makedirs(os.path.join(top, folder))
files = {"data.bin": 30000, "empty": 0, "one.txt": 1, "large.bin": 1 << 20,
         "folder/a.txt": 5, "folder/b.txt": 2048, "folder/inside/c": 3,
         "twin a/x.txt": 100, "twin b/y.txt": 200,
         "a name that is sixty-four units long " + "n" * 23 + ".txt": 9}
files.update({"part 1": 4096, "part 2": 100})
files.update({"crowd/member number %03d.txt" % i: i % 2 for i in range(90)})
for name, size in files.items():
    path = os.path.join(top, name)
    with open(path, "wb") as f:
        f.write(random.randbytes(size))
    os.utime(path, (10 ** 9, 10 ** 9))
for folder, _, _ in os.walk(top):
    stamp = 10 ** 9 + len(folder)
    os.utime(folder, (stamp, stamp))
PY
mkdir "$scratch/more"
name=thirty_characters_and_one_more_
mkdir -p "$scratch/deep/$name/$name/$name/$name/$name/$name/$name/$name/$name"
echo more >"$scratch/more/new.txt"
does image -o "$scratch/a.iso" --no-rock-ridge "$scratch/tree/" || finish
mkdir "$scratch/links"
echo "what it leads to" >"$scratch/links/target"
ln -s target "$scratch/links/alias"
ln -s none "$scratch/links/nowhere"
does image -o "$scratch/rock.iso" "$scratch/tree/" "$scratch/links/" || finish
does image -o "$scratch/deep.iso" "$scratch/deep/" || finish
does image -o "$scratch/grown.iso" --no-rock-ridge "$scratch/tree/" || finish
does image -M "$scratch/grown.iso" --no-rock-ridge "$scratch/more/" || finish
does emu create "$scratch/d.img" --media cd-r-80 || finish
does burn -d "emu:$scratch/d.img" --verify=none --no-rock-ridge \
	"$scratch/tree/" || finish
does burn -d "emu:$scratch/d.img" --verify=none --no-rock-ridge \
	"$scratch/more/" || finish

say "the judge as a program"
judge() { $PYTHON tests/standard/validate_volume.py "$@" >"$scratch/out"; }
start=$(info "emu:$scratch/d.img" sessions.1.start)
judge "$scratch/a.iso" --strict-own --whole --iso-level 2 ||
	fault "a good image: $(cat "$scratch/out")"
judge "$scratch/d.img" --strict-own --start "$start" --previous 0 ||
	fault "a good disc: $(cat "$scratch/out")"
judge "$scratch/d.img" --strict-own --start "$((start + 1))" &&
	fault "no volume is there, and nothing is said"
judge "$scratch/deep.iso" && fault "a deep tree: nothing is said"
judge "$scratch/deep.iso" --allow depth,path-length,joliet-path ||
	fault "a deep tree, allowed: $(cat "$scratch/out")"

say "one thing wrong"
$PYTHON tests/standard/corruptions.py "$scratch" \
	"$start" || fault "corruptions"
mkdir "$scratch/rock"
$PYTHON tests/standard/corruptions_rock.py "$scratch/rock" ||
	fault "corruptions of Rock Ridge"
finish
