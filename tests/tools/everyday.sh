#!/bin/sh
# SPDX-License-Identifier: MIT
# What is added, what is kept of it, what is there already: the options that
# 'burn' and 'image' have in common, as other people's programs read them.
. tests/tools/lib_tools.sh
need $PYTHON xorriso isoinfo bsdtar
disc=$scratch/d.img
a=$scratch/a
iso=$scratch/i.iso

listed() { # arguments of ls: paths in one line
	"$lathe" ls "$@" | LC_ALL=C sort | tr '\n' ' '
}
same() { # folders, what is kept
	$PYTHON tests/tools/everyday.py same "$@" || fault "$* differ"
}
image() {
	rm -f "$iso"
	does image -o "$iso" "$@"
}

mkdir -p "$a/sub/deep" "$scratch/b/sub"
echo one >"$a/one"
echo two >"$a/sub/two"
echo deep >"$a/sub/deep/file"
: >"$a/empty"
ln "$a/one" "$a/sub/hard"
ln -s one "$a/to-one"
ln -s sub "$a/to-sub"
ln -s nothing "$a/to-nothing"
ln -s ../outside "$a/to-outside"
ln -s .. "$a/sub/up"
echo outside >"$scratch/outside"
chmod 4711 "$a/one"
chmod 640 "$a/sub/two"
chmod 2770 "$a/sub"
[ "$(id -u)" != 0 ] || chown 12345:54321 "$a/sub/two" "$a/sub/deep"
touch -d 2004-05-06T07:08:09Z "$a/one" "$a/sub/two" "$a/sub/deep" "$a/sub"
LC_ALL=C awk 'BEGIN { for (i = 0; i < 3000; i++) print "line", i }' \
	>"$scratch/b/sub/other"

say "what Rock Ridge keeps, by others"
image --keep-modes --keep-owner "$a/"
kept=modes
[ "$(id -u)" != 0 ] || kept="modes owners"
mkdir "$scratch/bsd"
bsdtar -xpf "$iso" -C "$scratch/bsd" || fault "bsdtar"
# bsdtar does not restore links' dates, nor do we look at them.
same "$a" "$scratch/bsd" $kept
xorriso -indev "stdio:$iso" -osirrox on:auto_chmod_off -extract / \
	"$scratch/xo" >"$scratch/err" 2>&1 || fault "$(cat "$scratch/err")"
same "$a" "$scratch/xo" $kept
does extract -i "$iso" -C "$scratch/own" --keep-modes \
	$([ "$(id -u)" = 0 ] && echo --keep-owner)
same "$a" "$scratch/own" $kept
equals "names of one file" "$(stat -c %i "$scratch/own/one")" \
	"$(stat -c %i "$scratch/own/sub/hard")"
$lathe ls -i "$iso" -l | grep -q '^ .* -rws--x--x .* /one$' || fault "ls -l"
$lathe ls -i "$iso" -l | grep -q ' lrwxrwxrwx .* /to-one -> one$' ||
	fault "ls -l of a link"

say "what others see by default"
image "$a/"
isoinfo -R -l -i "$iso" >"$scratch/out"
grep -q '^-r-xr-xr-x .* 0 *0 .* one *$' "$scratch/out" || fault "mode of one"
grep -q '^-r--r--r-- .* 0 *0 .* two *$' "$scratch/out" || fault "mode of two"
grep -q '^dr-xr-xr-x .* 0 *0 .* sub *$' "$scratch/out" || fault "mode of sub"
grep -q '^l.* to-nothing -> nothing' "$scratch/out" || fault "a link"
isoinfo -J -f -i "$iso" | LC_ALL=C sort | tr '\n' ' ' >"$scratch/out"
equals "Joliet" "$(cat "$scratch/out")" "/empty /one /sub /sub/deep \
/sub/deep/file /sub/hard /sub/two /to-one /to-outside "
equals "what a link shows" "$(isoinfo -J -i "$iso" -x /to-outside)" outside
image --times=all "$a/"
# RRIP 4.1.6: modification, access, attributes; 5 and three times 7 bytes.
LC_ALL=C grep -aqP 'TF\x1a\x01\x0e' "$iso" || fault "--times=all"
image --times=modified "$a/"
LC_ALL=C grep -aqP 'TF\x0c\x01\x02' "$iso" || fault "--times=modified"

say "without Rock Ridge"
image --no-rock-ridge "$a/"
isoinfo -d -i "$iso" | grep -q "NO Rock Ridge" || fault "there is Rock Ridge"
says "3 links or special files left out"
image "$a/"
does image -M "$iso" -v --no-rock-ridge --volume PLAIN
says "left out: /to-nothing of the disc: no Rock Ridge"
says "3 links or special files left out"
equals "what is left of links" "$(listed -i "$iso" | tr ' ' '\n' |
	grep -c to-)" 2
image --no-rock-ridge "$a/"
equals "a link to a file" "$(isoinfo -J -i "$iso" -x /to-one)" one
ends 2 image -o "$iso" --no-rock-ridge --keep-modes "$a"

say "links, special files"
image --symlinks=follow "$a/"
equals "followed" "$(listed -i "$iso")" "/empty /one /sub/ /sub/deep/ \
/sub/deep/file /sub/hard /sub/two /to-one /to-outside /to-sub/ /to-sub/deep/ \
/to-sub/deep/file /to-sub/hard /to-sub/two "
image --symlinks skip "$a/"
equals "skipped" "$(listed -i "$iso")" "/empty /one /sub/ /sub/deep/ \
/sub/deep/file /sub/hard /sub/two "
mkfifo "$scratch/b/pipe"
image --special "$scratch/b"
bsdtar -tvf "$iso" | grep -q '^pr.* b/pipe$' || fault "no pipe"
mkdir "$scratch/out-of-it"
does extract -i "$iso" -C "$scratch/out-of-it"
says "1 device, pipe or socket left out"
rm -r "$scratch/out-of-it"
mkfifo "$scratch/b/other"
image --special "$scratch/b"
does extract -i "$iso" -C "$scratch/out-of-it"
says "2 devices, pipes or sockets left out"
rm -r "$scratch/out-of-it" "$scratch/b/pipe" "$scratch/b/other"
ends 2 image -o "$iso" --follow --symlinks=skip "$a"

say "deep directories"
mkdir -p "$scratch/deep/1/2/3/4/5/6/7/8/9/10"
echo deep >"$scratch/deep/1/2/3/4/5/6/7/8/9/10/file"
image --relocate "$scratch/deep"
isoinfo -l -i "$iso" | grep -q RR_MOVED || fault "nothing was moved"
bsdtar -xOf "$iso" deep/1/2/3/4/5/6/7/8/9/10/file | grep -q deep ||
	fault "bsdtar does not find it"
equals "by lathe" "$(listed -i "$iso" | tr ' ' '\n' | grep -c moved)" 0

does emu create "$disc"
does burn -d "emu:$disc" --relocate "$scratch/deep"
before=$(fingerprint "$disc")
does burn -d "emu:$disc" --relocate --update "$scratch/deep"
grep -q "nothing to record" "$scratch/out" || fault "what moves is no change"
ends 7 burn -d "emu:$disc" --relocate
equals "the disc" "$(fingerprint "$disc")" "$before"
rm -f "$disc" "$disc.disc"

say "rules"
image --exclude 'deep/' --exclude '*o*' --exclude '!/one' "$a/"
equals "what is left" "$(listed -i "$iso")" \
	"/empty /one /sub/ /sub/hard /sub/up "
ends 4 image -o "$iso" --exclude-from "$scratch/nowhere" "$a"
if command -v git >/dev/null; then
	mkdir "$scratch/rules"
	$PYTHON tests/tools/everyday.py rules "$scratch/rules" 40 ||
		fault "rules differ from git's"
fi

say "path lists"
printf '%s\n' "$a/one" "" "/t/x=$a/sub/two" "$a/sub/deep/" >"$scratch/list"
image --path-list "$scratch/list" "$a/empty"
equals "a list" "$(listed -i "$iso")" "/empty /file /one /t/ /t/x "
newline='
'
mkdir "$scratch/odd"
echo x >"$scratch/odd/a${newline}b"
echo x >"$scratch/odd/c=d"
echo x >"$scratch/odd/ e "
(cd "$scratch/odd" && find . -type f -print0) >"$scratch/list"
(cd "$scratch/odd" && "$lathe" image -o "$iso" --path-list - -0 \
	<"$scratch/list") || fault "a list on standard input"
equals "odd names" "$($lathe ls -i "$iso" --json | wc -l)" 3
image "/p\\=q/\\\\=$scratch/odd/c=d" "/=$scratch/odd/c=d"
equals "signs in names" "$(listed -i "$iso")" "/c=d /p=q/ /p=q/\\ "
printf 'a\nb\n' >"$scratch/lines"
ends 4 image -o "$iso" --path-list "$scratch/lines" -0
says 'leave out -0'
printf 'a\nb\0c\n' >"$scratch/lines"
for option in --path-list --exclude-from; do
	ends 2 image -o "$iso" $option "$scratch/lines" "$a"
	says 'lines: there are both ends of lines and NUL in it'
done
printf 'o*\n' >"$scratch/lines"
"$lathe" image -o "$iso" --exclude-from - "$a/" <"$scratch/lines" ||
	fault "patterns on standard input"
equals "patterns on standard input" "$(listed -i "$iso" | grep -c /one)" 0
for twice in "--path-list - --exclude-from -" "--path-list - --path-list -" \
	"--exclude-from - --exclude-from /dev/stdin"; do
	# shellcheck disable=SC2086
	ends 2 image -o "$iso" $twice "$a"
	says 'standard input can be read once, by --.* or by --'
done
ends 2 burn -d "emu:$disc" --image - --exclude-from -
says 'standard input can be read once, by --exclude-from or by --image$'
ends 2 image -o "$iso" "/p="
ends 4 image -o "$iso" --path-list "$scratch/nowhere"

say "names of other character sets"
mkdir "$scratch/latin" "$scratch/nfd"
echo x >"$scratch/latin/$(printf 'gr\374n')"
mkdir "$scratch/latin/$(printf '\344')"
echo y >"$scratch/latin/$(printf '\344/\366')"
image --charset ISO-8859-1 "$scratch/latin/" \
	"$scratch/latin/$(printf 'gr\374n')" "/t/=$scratch/latin/"
equals "Latin-1" "$(listed -i "$iso")" "/grün /t/ /t/grün /t/ä/ /t/ä/ö /ä/ /ä/ö "
equals "content" "$(bsdtar -xOf "$iso" ä/ö)" y
ends 2 image -o "$iso" --charset nonsense "$a"
ends 6 image -o "$iso" "$scratch/latin"
says "gr.*: its name is no UTF-8"
ends 6 image -o "$iso" --charset ASCII "$scratch/latin"
says "gr.*: its name is not in the character set"
image --exclude 'gr?n' --exclude "$(printf '\344')/" "$scratch/latin"
equals "bad names that are left out" "$(listed -i "$iso")" "/latin/ "
echo x >"$scratch/nfd/$(printf 'u\314\210')"
image --nfc "$scratch/nfd"
equals "NFC" "$(listed -i "$iso")" "/nfd/ /nfd/ü "
image "$scratch/nfd"
equals "as it is" "$(listed -i "$iso")" \
	"$(printf '/nfd/ /nfd/u\314\210 ')"
echo x >"$scratch/nfd/ü"
ends 5 image -o "$iso" --nfc "$scratch/nfd"
says "becomes the same"

say "names that become the same in Joliet, of files and of links"
links=$scratch/links
mkdir "$links"
echo 1 >"$links/t"
: >"$links/e"
for name in a b c d e f; do
	ln -s nothing "$links/$name*"
	ln -s nothing "$links/$name|"
done
ln -sf t "$links/a*"
ln -sf t "$links/a|"
ln -sf t "$links/b|"
echo 1 >"$links/c?"
ln -sf e "$links/d|"
: >"$links/e?"
rm "$links/f*"
echo 1 >"$links/f:"
n=$(printf '%061d' 7)
for name in "$n.1.txt" "$n.2.txt" "$n.3.txt"; do
	ln -s t "$links/$name"
done
echo 1 >"$links/$n.4.txt"
# Signs alone have nothing in common with each other, or all.
n=$($PYTHON -c 'print("\U0001f600" * 33)')
: >"$links/$n"
: >"$links/${n}1"
echo 19 >"$links/${n}19"
ln -s nothing "$links/ä4"
touch -h -d 2020-02-02T02:02:02Z "$links"/*
image "$links/"
isoinfo -J -f -i "$iso" | sort >"$scratch/joliet"
does ls -v -i "$iso"
equals "said of it" "$(cat "$scratch/err")" ""
does image -M "$iso" --update "$links/"
says "nothing to record"
does image -M "$iso" --volume OTHER
isoinfo -J -f -i "$iso" | sort | diff - "$scratch/joliet" ||
	fault "other names in Joliet"
does image -M "$iso" --update "$links/"
says "nothing to record"
mkdir "$scratch/plain" "$scratch/plain/$(printf '%070d' 7).dir"
echo 1 >"$scratch/plain/$(printf '%070d' 7).dir/file"
image --no-rock-ridge "$scratch/plain"
does image -M "$iso" --no-rock-ridge --update "$scratch/plain"
says "nothing to record"

say "sizes"
image "$a"
equals "--print-size" "$($lathe image --print-size "$a")" \
	"$(($(wc -c <"$iso") / 2048))"
size=$($lathe image --growable --print-size "$a")
image --growable "$a"
equals "--print-size of one that grows" "$size" "$(($(wc -c <"$iso") / 2048))"
before=$size
size=$($lathe image -M "$iso" --print-size "$scratch/b")
equals "--print-size of a copy" \
	"$($lathe image -M "$iso" -o "$scratch/copy.iso" --print-size \
		"$scratch/b")" "$size"
does image -M "$iso" "$scratch/b"
equals "--print-size of a session" "$((before + size))" \
	"$(($(wc -c <"$iso") / 2048))"
does image --plan "$a"
grep -q "files  *10 in 4 directories; 5 new with 21 bytes" "$scratch/out" ||
	fault "--plan: $(cat "$scratch/out")"
does emu create "$disc"
before=$(fingerprint "$disc")
size=$($lathe burn -d "emu:$disc" --print-size "$a")
equals "need" "$size" "$("$lathe" burn -d "emu:$disc" --plan \
	--progress=json "$a" | $PYTHON -c 'import json, sys
for line in sys.stdin:
    event = json.loads(line)
    if event["event"] == "plan":
        print(event["need_blocks"])')"
equals "the disc" "$(fingerprint "$disc")" "$before"

say "updates"
does burn -d "emu:$disc" "$a" "$scratch/b"
before=$(fingerprint "$disc")
does burn -d "emu:$disc" --update "$a" "$scratch/b"
grep -q "nothing to record" "$scratch/out" || fault "it does not say so"
does burn -d "emu:$disc" --mirror --progress=json "$a" "$scratch/b"
grep -q '"disc":"untouched"' "$scratch/out" || fault "no event"
equals "size" "$($lathe burn -d "emu:$disc" --update --print-size "$a")" 0
does burn -d "emu:$disc" --update --plan --progress=json "$a"
grep '"event":"plan"' "$scratch/out" | grep '"new_files":0,' |
	grep '"volume_blocks":0,"metadata_blocks":0,"track_blocks":0,' |
	grep -q '"need_blocks":0,.*"final":false' || fault "$(cat "$scratch/out")"
does burn -d "emu:$disc" --update --plan "$a"
equals "the plan" "$(cat "$scratch/out")" \
	"nothing to record: the disc holds all of it as it is"
does burn -d "emu:$disc" --update --volume "$("$lathe" info -d "emu:$disc" \
	--json | $PYTHON -c 'import json, sys
print(json.load(sys.stdin)["sessions"][0]["volume"])')" "$a"
equals "the disc" "$(fingerprint "$disc")" "$before"
ends 7 burn -d "emu:$disc"
does emu create "$scratch/v.img"
does burn -d "emu:$scratch/v.img" --volume 'a;b' "$a"
does burn -d "emu:$scratch/v.img" --volume 'a;b' --update "$a"
grep -q "nothing to record" "$scratch/out" || fault "another name"
# As none given.
does burn -d "emu:$scratch/v.img" --volume '' --update "$a"
grep -q "nothing to record" "$scratch/out" || fault "another name"
does burn -d "emu:$scratch/v.img" --volume '' "/more=$a/empty"
equals "name" "$(info "emu:$scratch/v.img" sessions.1.volume)" \
	"$(info "emu:$scratch/v.img" sessions.0.volume)"
touch -d 2005-05-05T05:05:05Z "$a/sub/two" "$scratch/b/sub/other"
rm "$a/empty"
does burn -d "emu:$disc" --update "$a" "$scratch/b"
says "0 new, 2 changed, 0 gone"
equals "session of a new file" "$($lathe ls -l -d "emu:$disc" /a/sub/two |
	cut -c1-3)" "  2"
equals "session of an old one" "$($lathe ls -l -d "emu:$disc" /a/one |
	cut -c1-3)" "  1"
does burn -d "emu:$disc" --mirror "$a"
says "0 new, 0 changed, 1 gone"
start=$(info "emu:$disc" sessions.2.start)
xorriso -load sbsector "$start" -indev "stdio:$disc" -osirrox on -extract / \
	"$scratch/xo3" >"$scratch/err" 2>&1 || fault "$(cat "$scratch/err")"
same "$a" "$scratch/xo3/a"
same "$scratch/b" "$scratch/xo3/b"
ends 2 burn -d "emu:$disc" --update --no-replace "$a"

say "kinds that change, and names in case alone"
rm "$a/to-sub" "$a/one"
mkdir "$a/one"
echo file >"$a/to-sub"
rm -r "$a/sub/deep"
ln -s ../to-sub "$a/sub/deep"
echo case >"$a/ONE"
ends 5 burn -d "emu:$disc" "$a"
does burn -d "emu:$disc" --mirror "$a"
does burn -d "emu:$disc" --mirror "$a"
grep -q "nothing to record" "$scratch/out" || fault "not the same the next time"
does extract -d "emu:$disc" -C "$scratch/got"
same "$a" "$scratch/got/a"

say "updates without Rock Ridge"
mkdir -p "$scratch/j/fol:der"
long=$(printf '%080d' 7)
echo 1 >"$scratch/j/fol:der/what?"
echo 2 >"$scratch/j/$long.text"
image --no-rock-ridge "$scratch/j"
does image -M "$iso" --no-rock-ridge --mirror "$scratch/j"
says "nothing to record"
touch -d 2001-01-01T00:00:00Z "$scratch/j/fol:der/what?"
does image -M "$iso" --no-rock-ridge --mirror "$scratch/j"
says "0 new, 1 changed, 0 gone"
equals "a name that Joliet changes" "$(isoinfo -J -N 0 -T "$($lathe ls \
	--sessions --json -i "$iso" | $PYTHON -c 'import json, sys
print([json.loads(line)["start"] for line in sys.stdin][-1])')" -i "$iso" \
	-x '/j/fol_der/what_')" 1
image --no-rock-ridge "$scratch/b/"
does image -M "$iso" --no-rock-ridge --update "$scratch/b/"
says "nothing to record"
genisoimage -quiet -o "$iso" "$scratch/b" 2>/dev/null &&
	does image -M "$iso" --iso-level=1 --mirror --exclude '*' "$scratch/b/" &&
	says "nothing to record"
xorriso -as mkisofs -quiet -R -o "$scratch/x.iso" "$scratch/j" 2>/dev/null ||
	fault "xorriso"
rm -f "$disc" "$disc.disc"
does emu create "$disc"
does burn -d "emu:$disc" --image "$scratch/x.iso"
touch -d 2002-02-02T02:02:02Z "$scratch/j/$long.text"
does image -M "$scratch/x.iso" --no-rock-ridge --update "$scratch/j/"
says "0 new, 1 changed, 0 gone"
for told in "0 new, 1 changed" "0 new, 0 changed"; do
	does burn -d "emu:$disc" --import --no-rock-ridge --update "$scratch/j/"
	says "$told"
done
image --no-rock-ridge "$scratch/j"
echo 3 >"$scratch/j/fol:der/what*"
ends 5 image -M "$iso" --no-rock-ridge --update "$scratch/j"
# Nothing is numbered that no update would find again.
genisoimage -quiet -R -o "$scratch/rr.iso" "$scratch/b" 2>/dev/null ||
	fault "genisoimage"
rm -f "$disc" "$disc.disc"
does emu create "$disc"
does burn -d "emu:$disc" --image "$scratch/rr.iso"
for to in image\ -M\ "$scratch/rr.iso" burn\ --import\ -d\ "emu:$disc"; do
	ends 5 $to --no-rock-ridge --update "$scratch/j"
	says "1 name becomes the same as others in Joliet"
	says "leave out --no-rock-ridge"
	does $to --no-rock-ridge "$scratch/j"
	says "names recorded differently"
done
rm -f "$disc" "$disc.disc"
does emu create "$disc" --media dvd+rw
does burn -d "emu:$disc" --image "$scratch/x.iso"
for to in image\ -M\ "$scratch/x.iso" burn\ --import\ -d\ "emu:$disc"; do
	does $to -v --no-rock-ridge "$scratch/b/"
	says "no room for a Joliet descriptor"
	says "recorded as OTHER.*: /sub/other"
	says "names recorded differently"
done

say "updates of what has the names of ISO 9660 alone"
echo x >"$scratch/j/new.text"
genisoimage -quiet -o "$iso" "$scratch/j" 2>/dev/null || fault "genisoimage"
rm -f "$disc" "$disc.disc"
does emu create "$disc" --media dvd+rw
does burn -d "emu:$disc" --image "$iso"
for to in image\ -M\ "$iso" burn\ --import\ -d\ "emu:$disc"; do
	does $to --update "$scratch/j/"
	says "names of ISO 9660 alone: others are new"
	does $to --update "$scratch/j/"
	says "0 new, 0 changed"
done

say "a volume with Rock Ridge goes on without"
mkdir -p "$scratch/left/fol:der"
echo 1 >"$scratch/left/x:y"
echo 2 >"$scratch/left/fol:der/z"
ln -s x:y "$scratch/left/link"
ln -s nothing "$scratch/left/none"
mkfifo "$scratch/left/pipe"
# Else a second may end between a file and the link to it.
touch -h -d 2004-05-06T07:08:09Z "$scratch/left/x:y" "$scratch/left/link"
image --special "$scratch/left/"
does image -M "$iso" --no-rock-ridge --update "$scratch/left/"
says "0 new, 1 changed, 0 gone"
equals "in an image" "$(listed -i "$iso")" "/fol_der/ /fol_der/z /link /x_y "
rm -f "$disc" "$disc.disc"
does emu create "$disc"
does burn -d "emu:$disc" --special "$scratch/left/"
does burn -d "emu:$disc" --no-rock-ridge --volume PLAIN -v
says "left out: /none of the disc: no Rock Ridge"
says "2 links or special files left out"
does ls -v -d "emu:$disc"
equals "what Joliet does not have" "$(grep -c "not in all" "$scratch/err")" 0
equals "on a disc" "$(listed -d "emu:$disc")" \
	"/fol_der/ /fol_der/z /link /x_y "
does burn -d "emu:$disc" --no-rock-ridge --update "$scratch/left/"
grep -q "nothing to record" "$scratch/out" || fault "it records again"

say "sources that are merged"
mkdir "$scratch/m1" "$scratch/m2"
echo 1 >"$scratch/m1/both"
echo 22 >"$scratch/m2/both"
echo 1 >"$scratch/m1/first"
image "/m=$scratch/m1" "/m=$scratch/m2"
equals "the last one wins" "$(bsdtar -xOf "$iso" m/both)" 22
ln -s both "$scratch/m2/link"
image "/m=$scratch/m2" "/n=$scratch/m2"
does image -M "$iso" --update "/m=$scratch/m2" "/n=$scratch/m2"
says "nothing to record"
rm "$scratch/m2/link"
image "/m=$scratch/m1" "/m=$scratch/m2"
does image -M "$iso" --mirror "/m=$scratch/m1" "/m=$scratch/m2"
says "nothing to record"
does image -M "$iso" --mirror "/m=$scratch/m2"
equals "mirrored" "$(listed -i "$iso")" "/m/ /m/both "

say "names that Rock Ridge alone has"
mkdir -p "$scratch/rr/d:r"
long=$(printf '%0200d' 0)
for name in a:b a_b "$long" plain d:r/plain; do
	echo "$name" >"$scratch/rr/$name"
done
ln -s plain "$scratch/rr/l:k"
ln -s nothing "$scratch/rr/n:o"
echo new >"$scratch/n:w"
for how in "" --update; do
	image "$scratch/rr/"
	cp "$iso" "$scratch/rr.iso"
	does image -M "$iso" $how --no-rock-ridge "/q=$scratch/n:w"
	says '^lathe image: 4 names recorded differently; -v lists them$'
	cp "$scratch/rr.iso" "$iso"
	does image -M "$iso" -v $how --no-rock-ridge "$scratch/n:w"
	for name in a:b "$long" d:r l:k; do
		says "^lathe image: recorded differently: /$name\$"
	done
	equals "names" "$(grep -c 'recorded differently: ' "$scratch/err")" 4
	says '^lathe image: [45] names recorded differently$'
	does image -M "$iso" $how --no-rock-ridge "/q2=$scratch/n:w"
	equals "told again" "$(grep -c differently "$scratch/err")" 0
	cp "$scratch/rr.iso" "$iso"
	does image -M "$iso" $how "/q=$scratch/n:w"
	equals "told with Rock Ridge" "$(grep -c '[0-9] names recorded' \
		"$scratch/err")" 0
done
image --no-rock-ridge "$scratch/rr/"
says '^lathe image: 4 names recorded differently'

say "what is left out stays"
mkdir "$scratch/skip"
echo far >"$scratch/far"
ln -s ../far "$scratch/skip/link"
mkfifo "$scratch/skip/pipe"
image --special "/l=$scratch/skip"
does image -M "$iso" --mirror --symlinks skip "/l=$scratch/skip"
says "nothing to record"
rm "$scratch/skip"/*
echo x >"$scratch/skip/x"
does image -M "$iso" --mirror --symlinks skip "/l=$scratch/skip"
equals "mirrored" "$(listed -i "$iso")" "/l/ /l/x "
# What a link led to may be away for a while, or be what the link lies in.
mkdir "$scratch/away" "$scratch/dangle"
echo data >"$scratch/away/f"
ln -s ../away "$scratch/dangle/l"
ln -s ../away/f "$scratch/dangle/k"
echo 1 >"$scratch/dangle/a"
for how in --follow --no-rock-ridge; do
	image $how "$scratch/dangle/"
	was=$(listed -i "$iso")
	mv "$scratch/away" "$scratch/away2"
	does image -M "$iso" $how --mirror "$scratch/dangle/"
	says ' 0 gone'
	equals "what links led to" "$(listed -i "$iso")" "$was"
	mv "$scratch/away2" "$scratch/away"
	image $how "$scratch/dangle/"
	ln -snf . "$scratch/dangle/l"
	does image -M "$iso" $how --mirror "$scratch/dangle/"
	says ' 0 gone'
	equals "what links led to" "$(listed -i "$iso")" "$was"
	ln -snf ../away "$scratch/dangle/l"
done
image "/m=$scratch/m2"

say "a disk that is not mounted"
mkdir "$scratch/mount" "$scratch/mount2"
before=$(sha256sum <"$iso")
ends 7 image -M "$iso" --mirror "/m=$scratch/mount"
says "mount: there is nothing in it, and --mirror would leave nothing of it"
ends 7 image -M "$iso" --mirror "$scratch/mount/"
ends 7 image -M "$iso" --mirror "/m=$scratch/m2" "/m=$scratch/mount"
ends 7 image -M "$iso" --mirror --exclude both/ --exclude x "/m=$scratch/mount"
# What is excluded stays.
for pattern in '*' both /m/both; do
	does image -M "$iso" --mirror --exclude "$pattern" "/m=$scratch/mount"
	says "nothing to record"
done
equals "the image" "$(sha256sum <"$iso")" "$before"
# Where there was nothing, where nothing goes, and where it is meant.
does image -M "$iso" --mirror "/n=$scratch/mount" "/n=$scratch/mount2"
does image -M "$iso" --update "/m=$scratch/mount"
does image -M "$iso" --mirror "/m/d=$scratch/m2"
does image -M "$iso" --mirror --remove /m "/m=$scratch/mount"
equals "meant" "$(listed -i "$iso")" "/m/ /n/ "
# A folder of links is lost like one of files.
mkdir "$scratch/onlylinks"
ln -s ../m2/both "$scratch/onlylinks/l"
image "/m=$scratch/onlylinks"
ends 7 image -M "$iso" --mirror "/m=$scratch/mount"
does image -M "$iso" --mirror --exclude l "/m=$scratch/mount"
equals "what is excluded" "$(listed -i "$iso")" "/m/ /m/l "

mkdir "$scratch/names"
head -c 5000 /dev/urandom >"$scratch/names/a"
ln "$scratch/names/a" "$scratch/names/b"
ln "$scratch/names/a" "$scratch/names/c"
image "$scratch/names" "$scratch/names"
equals "extents of a file that comes twice" "$($lathe map -i "$iso" --json |
	sed -n 's/,.*"bytes":5000,.*//p' | sort -u | wc -l)" 1

mkdir "$scratch/m3"
head -c 5000 /dev/urandom >"$scratch/m2/later"
ln -s ../m2/later "$scratch/m3/earlier"
image "$scratch/m3" "$scratch/m2"
equals "extents of a file that a link led to" "$(isoinfo -J -l -i "$iso" | sed -n \
	's/.* 5000 .*\[ *\([0-9]*\) .*/\1/p' | sort -u | wc -l)" 1
does image -M "$iso" --update "$scratch/m3" "$scratch/m2"
says "nothing to record"

say "what an update finds"
mkdir -p "$scratch/was/sub/deep" "$scratch/was/x"
for name in one sub/two sub/deep/three x/four same; do
	echo $name >"$scratch/was/$name"
done
ln -s one "$scratch/was/link"
ln "$scratch/was/one" "$scratch/was/hard"
cp -a "$scratch/was" "$scratch/is"
rm -r "$scratch/is/sub" "$scratch/is/x" "$scratch/is/link"
echo "a file" >"$scratch/is/sub"
echo "another size" >"$scratch/is/one"
ln -s same "$scratch/is/link"
mkdir "$scratch/is/new"
echo five >"$scratch/is/new/five"
told() {
	sed -n 's/^lathe [a-z]*: \(new\|changed\|gone\): /\1 /p' "$scratch/err" |
		tr '\n' ','
}
does emu create "$scratch/changes"
does burn -d "emu:$scratch/changes" "$scratch/was/"
image "$scratch/was/"
differs="changed /hard,changed /link,changed /one,changed /sub/,"
differs="${differs}gone /sub/deep/,gone /sub/deep/three,gone /sub/two,"
new="new /new/,new /new/five,"
does image -M "$iso" --mirror -v --plan "$scratch/is/"
equals "what it would do" "$(told)" "${differs}gone /x/,gone /x/four,$new"
does image -M "$iso" --mirror --plan "$scratch/is/"
equals "without -v" "$(told)" ""
does image -M "$iso" --update -v "$scratch/is/"
equals "what an update does" "$(told)" "$differs$new"
does image -M "$iso" --mirror -v "$scratch/is/"
equals "what a mirror does behind it" "$(told)" "gone /x/,gone /x/four,"
does burn -d "emu:$scratch/changes" --mirror -v "$scratch/is/"
equals "what it does on a disc" "$(told)" \
	"${differs}gone /x/,gone /x/four,$new"

say "directories that nothing is the source of"
mkdir "$scratch/dates"
echo newer >"$scratch/dates/newer"
echo older >"$scratch/dates/older"
touch -d 2004-05-06T07:08:09Z "$scratch/dates/newer"
touch -d 2001-02-03T04:05:06Z "$scratch/dates/older"
dated() { # directories in one line, as bsdtar has them
	TZ=UTC bsdtar -tvf "$iso" | awk '/^d/ { print $NF, $6, $7, $8 }' |
		LC_ALL=C sort | tr '\n' ','
}
image "/a/b=$scratch/dates/newer" "/c/=$scratch/dates/older"
first="May 6 2004"
equals "their dates" "$(dated)" ". $first,a $first,c Feb 3 2001,"
does image -M "$iso" "/c/=$scratch/dates/newer" "/d/=$scratch/dates/older"
equals "in a later session" "$(dated)" \
	". $first,a $first,c Feb 3 2001,d Feb 3 2001,"

say "rename, remove"
image "$a" "$scratch/b"
does image -M "$iso" --rename /b=/x/y/ --rename "/a/ONE=/p\\=q" \
	--remove '/a/to-*' --remove '**/hard' --update "/x/y/b=$scratch/b"
says "0 new, 0 changed"
equals "what is left" "$(listed -i "$iso")" "/a/ /a/one/ /a/sub/ /a/sub/deep \
/a/sub/two /a/sub/up /p=q /x/ /x/y/ /x/y/b/ /x/y/b/sub/ /x/y/b/sub/other "
equals "what moved keeps its blocks" "$($lathe ls -l -i "$iso" \
	/x/y/b/sub/other | cut -c1-3)" "  1"
ends 5 image -M "$iso" --rename /a=/p=q --rename "/a=/p\\=q"
ends 4 image -M "$iso" --rename /no=/where
ends 4 image -M "$iso" --remove '/no*'
ends 2 image -M "$iso" --remove /
ends 2 image -M "$iso" --rename /a
finish
