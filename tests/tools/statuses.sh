#!/bin/sh
# SPDX-License-Identifier: MIT
# One exit status a kind of cause: the manual has the same table as the
# program, and the statuses are what the commands end with.
. tests/tools/lib_tools.sh
need $PYTHON
disc=$scratch/d.img

say "the manual's table"
{
	printf '0\n1\n2\n'
	sed -n 's/^	X([A-Z_]*, \([0-9]*\)).*/\1/p' tools/status.c
} | sort -nu >"$scratch/program"
sed -n '/^\.Sh EXIT STATUS/,/^\.El/s/^\.It \([0-9]*\)$/\1/p' tools/lathe.1 \
	>"$scratch/manual"
cmp -s "$scratch/program" "$scratch/manual" ||
	fault "$(diff "$scratch/program" "$scratch/manual")"

say "a first word of several commands lists these"
"$lathe" help emu >"$scratch/group" || fault "help emu: status $?"
"$lathe" emu --help | diff - "$scratch/group" || fault "emu --help differs"
[ "$(cut -c 1-12 "$scratch/group" | tr -d '\n ')" = \
	emucreateemulistemuserveemurules ] || fault "$(cat "$scratch/group")"
"$lathe" help em >/dev/null 2>&1
[ $? -eq 2 ] || fault "help of half a word"

"$lathe" emu -h | diff - "$scratch/group" || fault "emu -h differs"

say "help, however it is asked for"
"$lathe" help >"$scratch/help" || fault "help: status $?"
for words in --help -h "help help" "help -h" "help --help"; do
	"$lathe" $words | diff - "$scratch/help" || fault "$words differs"
done
"$lathe" help burn >"$scratch/help" || fault "help burn: status $?"
for words in "burn --help" "burn -h" "burn -vh" "burn -h -d" \
	"burn -d emu:x -h --nonsense" "--help burn" "-h burn"; do
	"$lathe" $words | diff - "$scratch/help" || fault "$words differs"
done
ends 2 burn --volume -h

say "each command has its help, each option is in the manual"
"$lathe" --help | sed -n 's/^  \([a-z ]*[a-z]\)  .*/\1/p' >"$scratch/commands"
[ -s "$scratch/commands" ] || fault "no commands listed"
while read -r command; do
	does $command --help
	grep -q "^usage: lathe $command" "$scratch/out" ||
		fault "help of $command"
	for option in $(sed -n 's/^  \(-.,\|   \) --\([a-z-]*\).*/\2/p' \
		"$scratch/out"); do
		grep -Eq "Fl ([^ ]+ , )?-$option( |\$)" tools/lathe.1 ||
			fault "the manual has no --$option of lathe $command"
	done
done <"$scratch/commands"
does --version
grep -Eq '^lathe [0-9]+\.[0-9]+\.[0-9]+$' "$scratch/out" || fault "--version"
if command -v mandoc >/dev/null; then
	mandoc -Tlint -Wwarning tools/lathe.1 || fault "mandoc"
fi

say "usage"
ends 2
ends 2 nonsense
ends 2 emu nonsense
ends 2 burn
ends 2 burn -d
ends 2 burn -d "emu:$disc" --nonsense
for last in --final --dvd-compat --at-once; do
	ends 2 burn -d "emu:$disc" $last --keep-appendable "$scratch"
done
ends 2 burn -d "emu:$disc" --verify=some
ends 2 burn -d "emu:$disc" --speed 0
ends 2 burn -d "emu:$disc" --final --keep-appendable
ends 2 burn -d "emu:$disc" --final=yes
ends 2 blank -d "emu:$disc" --full --minimal
ends 2 ls
ends 2 ls -d "emu:$disc" -i "$disc"
ends 2 extract -i "$disc"
ends 2 image /etc
ends 2 emu create
ends 2 emu create "$disc" --media paper
ends 2 eject -d "emu:$disc" something

say "lists without a PATH"
: >"$scratch/empty"
printf '\n\n' >"$scratch/blank"
does emu create "$scratch/blank.img"
for list in empty blank; do
	ends 7 image -o "$scratch/e.iso" --path-list "$scratch/$list"
	says "the path list is empty"
	[ -e "$scratch/e.iso" ] && fault "an image was made nevertheless"
	ends 7 image --plan --path-list "$scratch/$list"
	for what in --plan --print-size --verbose; do
		ends 7 burn -d "emu:$scratch/blank.img" $what \
			--path-list "$scratch/$list"
		says "there is nothing to record"
	done
done
echo kept >"$scratch/e.iso"
ends 7 image -o "$scratch/e.iso" --update --path-list "$scratch/empty"
equals "the file" "$(cat "$scratch/e.iso")" kept
mkdir "$scratch/e"
does image -o "$scratch/e.iso" --path-list "$scratch/empty" "$scratch/e/"
ends 7 image -M "$scratch/e.iso" --path-list "$scratch/empty"
does image -M "$scratch/e.iso" --update --path-list "$scratch/empty"
does burn -d "emu:$scratch/blank.img" "$scratch/e/"
ends 7 burn -d "emu:$scratch/blank.img" --plan --path-list "$scratch/empty"
does burn -d "emu:$scratch/blank.img" --plan --volume OTHER
does burn -d "emu:$scratch/blank.img" --update --path-list "$scratch/empty"
equals "sessions" "$(info "emu:$scratch/blank.img" sessions)" 1

say "all of it removed"
ends 2 image -M "$scratch/e.iso" --remove /
says "write a new image with -o"
ends 2 burn -d "emu:$scratch/blank.img" --remove /
says "use a blank disc"

say "a name with a slash in it, in another character set"
mkdir "$scratch/utf7"
echo x >"$scratch/utf7/+AC8-x"
for path in utf7 utf7/ utf7/+AC8-x; do
	ends 6 image -o "$scratch/f.iso" --charset UTF-7 "$scratch/$path"
	says '[+]AC8-x'
	[ -e "$scratch/f.iso" ] && fault "$path: an image was made nevertheless"
done
does image -o "$scratch/f.iso" --charset UTF-7 --skip-unreadable \
	"$scratch/utf7"
rm "$scratch/f.iso"

say "files and names"
make_tree "$scratch/a" 1
ends 4 ls -i "$scratch/nowhere.iso"
ends 4 info -d "emu:$disc"
does emu create "$disc"
ends 5 emu create "$disc"
ends 4 burn -d "emu:$disc" "$scratch/nowhere"
ends 3 image -o "$scratch" "$scratch/a"
ends 4 image -o "$scratch/no/where" "$scratch/a"
mkdir "$scratch/forbidden"
echo x >"$scratch/forbidden/what?"
ends 6 image -o "$scratch/f.iso" --joliet-strict "$scratch/forbidden"
[ -e "$scratch/f.iso" ] && fault "an image was made nevertheless"
ends 6 burn -d "emu:$disc" --joliet-strict "$scratch/forbidden"
does image -o "$scratch/f.iso" "$scratch/forbidden"
says "1 name recorded differently"
does image -v -o "$scratch/f.iso" "$scratch/forbidden"
says "recorded as what_: /forbidden/what\?"
mkdir "$scratch/case"
echo 1 >"$scratch/case/Größe"
echo 2 >"$scratch/case/GRÖSSE"
echo 3 >"$scratch/case/gröSSE"
does image -o "$scratch/f.iso" "$scratch/case"
says "1 name differs from another one in case alone"
echo 4 >"$scratch/case/grÖSSE"
does image -o "$scratch/f.iso" "$scratch/case"
says "2 names differ from another one in case alone"
ends 6 image -o "$scratch/f.iso" --strict-case "$scratch/case"

say "what is left out"
mkdir -p "$scratch/links/folder"
echo x >"$scratch/links/file"
ln -s file "$scratch/links/to-file"
ln -s folder "$scratch/links/to-folder"
ln -s nothing "$scratch/links/to-nothing"
mkfifo "$scratch/links/pipe"
does image -o "$scratch/l.iso" --no-rock-ridge "$scratch/links/"
says "3 links or special files left out"
does ls -i "$scratch/l.iso"
equals "what is left" "$(tr '\n' ' ' <"$scratch/out")" \
	"/file /folder/ /to-file "
does image -o "$scratch/l.iso" "$scratch/links/"
says "1 link or special file left out"
does image -v -o "$scratch/l.iso" --no-rock-ridge "$scratch/links/"
for name in to-folder to-nothing pipe; do
	says "left out: .*/$name: "
done
mkdir "$scratch/names"
echo x >"$scratch/names/good"
echo x >"$scratch/names/$(printf 'bad\377')"
ends 6 image -o "$scratch/n.iso" "$scratch/names/"
says "left out: .*no UTF-8"
[ -e "$scratch/n.iso" ] && fault "an image was made nevertheless"
does image -o "$scratch/n.iso" --skip-unreadable "$scratch/names/"
does ls -i "$scratch/n.iso"
equals "what is left" "$(cat "$scratch/out")" /good

# Root reads everything: as somebody else.
plainly=
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	plainly="setpriv --reuid=65534 --regid=65534 --clear-groups"
fi
if [ "$(id -u)" != 0 ] || [ -n "$plainly" ]; then
	chmod 755 "$scratch"
	cp "$lathe" "$scratch/lathe"
	mkdir "$scratch/closed" "$scratch/closed/folder"
	echo x >"$scratch/closed/good"
	echo x >"$scratch/closed/secret"
	echo x >"$scratch/closed/folder/file"
	chmod 0 "$scratch/closed/secret" "$scratch/closed/folder"
	$plainly "$scratch/lathe" image -o - "$scratch/closed/" \
		>"$scratch/n.iso" 2>"$scratch/err"
	equals "status for unreadable files" $? 3
	says "left out: .*/closed/+secret: "
	says "left out: .*/closed/+folder: "
	equals "bytes written" "$(wc -c <"$scratch/n.iso")" 0
	# What a recorded link showed stays, too, while nobody can see what it
	# leads to now.
	mkdir "$scratch/linked" "$scratch/behind"
	echo shown >"$scratch/behind/file"
	ln -s ../behind/file "$scratch/linked/link"
	does image -o "$scratch/joliet.iso" "$scratch/linked/"
	cp "$scratch/joliet.iso" "$scratch/more.iso"
	chmod 666 "$scratch/more.iso"
	for way in file .; do
		chown 65534 "$scratch/behind" "$scratch/behind/file" 2>&1
		chmod 000 "$scratch/behind/$way"
		$plainly "$scratch/lathe" image -M "$scratch/more.iso" \
			--update --skip-unreadable "$scratch/linked/" \
			>"$scratch/out" 2>"$scratch/err" ||
			fault "a link into $way: status $?"
		chmod 755 "$scratch/behind" "$scratch/behind/file"
		says "nothing to record"
		cmp "$scratch/joliet.iso" "$scratch/more.iso" ||
			fault "a link into $way was recorded anew"
	done
	rm "$scratch/behind/file"
	does image -M "$scratch/more.iso" --update "$scratch/linked/"
	says "1 changed"
	$plainly "$scratch/lathe" image -o - --skip-unreadable \
		"$scratch/closed/" >"$scratch/n.iso" 2>"$scratch/err"
	equals "status with --skip-unreadable" $? 0
	does ls -i "$scratch/n.iso"
	grep -q '^/good$' "$scratch/out" || fault "$(cat "$scratch/out")"
	grep -q 'secret' "$scratch/out" && fault "$(cat "$scratch/out")"
	chmod 700 "$scratch/closed/folder"
fi

say "drives and discs"
run drives
case $status in 0 | 10 | 11) ;; *) fault "drives: status $status" ;; esac
ends 10 info -d /dev/sr99
ends 21 info -d /dev/null
ends 30 ls -d "emu:$disc"
ends 30 ls -i /dev/null
ends 21 blank -d "emu:$disc"
ends 4 ls -d "emu:$disc" --session 3
does burn -d "emu:$disc" "$scratch/a"
ends 1 close -d "emu:$disc"
ends 21 close -d "emu:$disc" --final
says "one more session"
does burn -d "emu:$disc" --final --volume LAST
ends 24 close -d "emu:$disc"
ends 24 burn -d "emu:$disc" "$scratch/a"
echo "op=2A count=3 sense=3/0C/00" >"$scratch/faults"
does emu create "$scratch/e.img"
ends 13 burn -d "emu:$scratch/e.img,faults=$scratch/faults" "$scratch/a"
says "sense 3/0C/00"
says "command 2Ah, LBA "
ends 2 info -d "emu:$disc,personality=nonsense"
echo nonsense >"$scratch/faults"
ends 2 info -d "emu:$disc,faults=$scratch/faults"

say "damage"
does image -o "$scratch/a.iso" "$scratch/a/"
does verify -i "$scratch/a.iso"
does verify -i "$scratch/a.iso" --full
# A bit in the last directory.
$PYTHON - "$scratch/a.iso" <<'PY'
import sys
with open(sys.argv[1], "r+b") as f:
    data = f.read()
    at = data.rindex("bottom.bin".encode("utf-16-be"))
    f.seek(at + 1)
    f.write(bytes([data[at + 1] ^ 1]))
PY
run verify -i "$scratch/a.iso"
case $status in 31 | 32) ;; *) fault "status $status on a damaged image" ;; esac

say "where things go"
does image -o "$scratch/w.iso" "$scratch/a/deep/er" "$scratch/links/" \
	"/x/y=$scratch/a/file of 1" "/z/=$scratch/a/deep" \
	"/w=$scratch/a/empty folder"
does ls -i "$scratch/w.iso"
LC_ALL=C sort "$scratch/out" >"$scratch/got"
LC_ALL=C sort >"$scratch/wanted" <<'LIST'
/er/
/er/and deeper/
/er/and deeper/bottom.bin
/file
/folder/
/to-file
/to-folder
/to-nothing
/w/
/x/
/x/y
/z/
/z/deep/
/z/deep/Grüße aus Zürich.txt
/z/deep/er/
/z/deep/er/and deeper/
/z/deep/er/and deeper/bottom.bin
/z/deep/日本語.txt
LIST
cmp -s "$scratch/wanted" "$scratch/got" ||
	fault "$(diff "$scratch/wanted" "$scratch/got")"
(cd "$scratch/a" && "$lathe" image -o "$scratch/dot.iso" .) || fault "image of ."
"$lathe" image -o - "$scratch/a/" | cmp -s - "$scratch/dot.iso" ||
	fault "'.' and a pipe give another image than DIR/"

say "pipes"
"$lathe" ls -i "$scratch/w.iso" | head -n 1 >/dev/null || fault "head"

say "a file that may not grow"
sh -c 'ulimit -f 64; exec "$@"' sh "$lathe" image -o "$scratch/limit.iso" \
	"$scratch/a" 2>"$scratch/err"
equals "status" $? 3
says "limit.iso"
[ -e "$scratch/limit.iso" ] && fault "half an image is left"
sh -c 'ulimit -f 0; exec "$@"' sh "$lathe" emu create "$scratch/limit.img" \
	2>/dev/null
equals "status" $? 3
[ -e "$scratch/limit.img" ] || [ -e "$scratch/limit.img.disc" ] &&
	fault "half a disc is left"
finish
