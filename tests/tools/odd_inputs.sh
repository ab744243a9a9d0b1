#!/bin/sh
# SPDX-License-Identifier: MIT
# What is given by mistake, or with ill will: each is told what it is, soon,
# and with what helps against it.
. tests/tools/lib_tools.sh
need $PYTHON
image=$scratch/t.iso
esc=$(printf '\033')

# Ends with that status and says that, within a minute and with a remedy.
refuses() { # status, expression, arguments
	wanted=$1 expression=$2
	shift 2
	timeout -s KILL 60 "$lathe" "$@" >"$scratch/out" 2>"$scratch/err" \
		</dev/null
	status=$?
	[ $status = "$wanted" ] || fault "lathe $*: status $status"
	says "$expression"
	says 'what to do: '
}

mkdir "$scratch/tree"
echo text >"$scratch/tree/file"
does image -o "$image" "$scratch/tree/"

say "a directory for an image"
for command in ls info verify map; do
	refuses 3 'Is a directory$' $command -i "$scratch/tree"
done
refuses 3 'Is a directory$' image -M "$scratch/tree" "$scratch/tree/file"
refuses 3 'Is a directory$' image -M "$scratch/tree" -o "$scratch/no.iso" \
	"$scratch/tree/file"
[ ! -e "$scratch/no.iso" ] || fault "an image was made of a directory"
says 'name a file'
# There a directory has no end to go to.
if [ -w /dev/shm ] && shm=$(mktemp -d /dev/shm/lathe.XXXXXX); then
	refuses 3 'Is a directory$' image -M "$shm" "$scratch/tree/file"
	says 'name a file'
	rmdir "$shm"
fi

say "the image among its own files"
own=$scratch/own
mkdir "$own"
echo text >"$own/file"
does image -o "$own/i.iso" "$own/"
for how in -o -M; do
	# Once more, now that it is there.
	does image $how "$own/i.iso" "$own/"
	says 'left out: .*/own/i\.iso: it is to be written'
	does ls -i "$own/i.iso"
	equals "what is in it" "$(cat "$scratch/out")" /file
done
(cd "$own" && "$lathe" image -o - . >o.iso 2>err) || fault "to a pipe"
does ls -i "$own/o.iso"
equals "what is in it" "$(tr '\n' ' ' <"$scratch/out")" "/file /i.iso "
for how in -o -M; do
	echo list >"$own/list"
	does image $how "$own/i.iso" --map "$own/list" "$own/"
	says 'left out: .*/own/list: it is to be written'
	grep -q primary-descriptor "$own/list" || fault "no list"
	does ls -i "$own/i.iso"
	grep -q list "$scratch/out" && fault "the list is in the image"
done
rm "$own"/*.iso "$own/err" "$own/list"
refuses 2 'own/file is to be written, and is read as well$' image \
	-o "$own/file" "$own/file"
equals "the file" "$(cat "$own/file")" text
does emu create "$own/d.img"
does burn -d "emu:$own/d.img" --scsi-log "$own/log" "$own/"
does burn -d "emu:$own/d.img" --scsi-log "$own/log" --mirror "$own/"
does ls -d "emu:$own/d.img"
equals "what is on the disc" "$(cat "$scratch/out")" /file

say "names in the way"
does image -o "$own/i.iso" "$own/" "/dir/=$own/file"
refuses 5 '"file" exists already and is no directory$' image -M "$own/i.iso" \
	"/file/x=$own/file"
refuses 5 '"dir" exists already, as a directory$' image -M "$own/i.iso" \
	"/dir=$own/file"
says 'choose another name, or --remove'
refuses 5 '"file" exists already$' image -M "$own/i.iso" --no-replace \
	"$own/file"
says 'leave out --no-replace'
refuses 5 '"dir" exists already' image -M "$own/i.iso" --rename /file=/dir
says 'or --rename what has it first'
refuses 2 'into itself' image -M "$own/i.iso" --rename /dir=/dir/x
refuses 2 'NEW is no name' image -M "$own/i.iso" --rename /dir=
# What is no path on the disc; the file itself has a good name.
for target in /a/../b /../b /a/.. /. "/a/$(printf '\377')" \
	"/$(printf '\377')/b" "/$(printf '%01100d' 0)"; do
	refuses 6 'is no name$|not UTF-8$|at most 1020' image -o "$own/j.iso" \
		"$target=$own/file"
	says 'what to do: choose another path on the disc'
	refuses 6 'is no name$|not UTF-8$|at most 1020' image -M "$own/i.iso" \
		--rename "/file=$target"
	says 'what to do: choose another path on the disc'
done

say "files that have one name"
mkdir -p "$own/s1/d" "$own/s2/d"
for file in s1/f s1/d/g s2/f s2/d/g; do
	echo $file >"$own/$file"
done
for how in "" --update; do
	does image -o "$own/i.iso" $how "$own/s1/f" "/d=$own/s1/d" "$own/s2//f"
	says '^lathe image: 1 file is not recorded, .* -v lists'
	does extract -i "$own/i.iso" --overwrite -C "$scratch/same"
	equals "the last one" "$(cat "$scratch/same/f")" s2/f
	does image -o "$own/i.iso" $how -v "$own/s1/f" "//d//f=$own/s1/f" \
		"/d/f=$own/s2/f" "$own/s1/f"
	says "left out: $own/s1/f: .* $own/s2/f"
	says '1 file is not recorded'
	does image -o "$own/i.iso" $how "$own/s1/" "$own/s2/"
	equals "of what is merged" "$(grep -c 'not recorded' "$scratch/err")" 0
done
refuses 5 'exists already$' image -o "$own/i.iso" --no-replace \
	"$own/s1/f" "$own/s2/f"

say "no image"
refuses 30 '/dev/null: ' ls -i /dev/null
refuses 30 'file: ' ls -i "$scratch/tree/file"
refuses 4 "emulated disc 'none'" ls -d emu:none

# 12 bytes of synchronisation (ECMA-130 14.1) in front of each sector of a CD;
# other programs' forms, by what they begin or end with.
say "what is no image, and what it is"
{ printf '\000\377\377\377\377\377\377\377\377\377\377\000\000\002\000\001' &&
	head -c 2336 /dev/zero; } >"$scratch/raw.bin"
{ cat "$image" && printf 'NER5\000\000\000\000\000\002\000\000'; } |
	tail -c 50000 >"$scratch/nero.nrg"
gzip -c "$image" >"$scratch/t.iso.gz"
for command in ls "ls --sessions" info verify map repair \
	"extract -C $scratch/none"; do
	wanted=30
	[ "$command" != info ] || wanted=0
	for name in raw.bin nero.nrg t.iso.gz tree/file; do
		case $name in
		raw.bin) expression='whole sectors of a CD' ;;
		nero.nrg) expression='in the form of Nero$' ;;
		*.gz) expression='compressed$' ;;
		*) expression='there is no ISO 9660 volume' ;;
		esac
		ends $wanted $command -i "$scratch/$name"
		cat "$scratch/out" >>"$scratch/err"
		says "$expression"
	done
done
[ ! -e "$scratch/none" ] || fault "a directory was made for nothing"
refuses 2 'takes no --session$' ls --sessions --session 1 -i "$image"
does emu create "$scratch/blank.img"
refuses 30 'the disc is blank' ls --sessions -d "emu:$scratch/blank.img"

# Nobody writes to the first one.
say "a pipe for an image"
mkfifo "$scratch/pipe"
for command in ls info verify map repair; do
	refuses 3 'pipe: a pipe can not be looked at' $command \
		-i "$scratch/pipe"
done
for how in "" "-o $scratch/no.iso"; do
	refuses 3 "a pipe can not be looked at" image -M "$scratch/pipe" $how \
		"$scratch/tree"
done
# shellcheck disable=SC2002 # a pipe is what is wanted
cat "$image" | "$lathe" ls -i /dev/stdin 2>"$scratch/err"
says 'stdin: a pipe can not be looked at'
"$lathe" ls -i /dev/stdin <"$image" | grep -q /file || fault "from a file"

say "an image from a pipe that does not block, and pauses"
head -c 3000000 /dev/urandom >"$scratch/tree/more"
does image -o "$scratch/s.iso" "$scratch/tree/"
does emu create "$scratch/p.img" --media dvd-r
cat >"$scratch/slow.py" <<'PY'
import os, subprocess, sys, time
lathe, disc, path = sys.argv[1:]
with open(path, "rb") as f:
    image = f.read()
end, begin = os.pipe()
os.set_blocking(end, False)
os.write(begin, image[:50000])
burn = subprocess.Popen([lathe, "burn", "-d", "emu:" + disc, "--image", "-"],
                        stdin=end, stdout=subprocess.DEVNULL)
os.close(end)
try:
    for at in range(50000, len(image), 50000):
        if at % 1000000 == 0:
            time.sleep(0.2)
        os.write(begin, image[at:at + 50000])
except BrokenPipeError:
    pass
os.close(begin)
sys.exit(burn.wait())
PY
$PYTHON "$scratch/slow.py" "$lathe" "$scratch/p.img" "$scratch/s.iso" ||
	fault "status $?"
head -c "$(stat -c %s "$scratch/s.iso")" "$scratch/p.img" |
	cmp - "$scratch/s.iso" || fault "another image on the disc"
rm "$scratch/tree/more"

say "names that steer a terminal"
# U+009B is to some terminals what ESC [ is to all.
csi=$(printf '\302\233')
mkdir "$scratch/steer"
: >"$scratch/steer/a${esc}[31m" && : >"$scratch/steer/b${csi}31m"
does image -v -o "$scratch/s.iso" "$scratch/steer/" --symlinks=skip
cat "$scratch/err" >"$scratch/shown"
does map -i "$scratch/s.iso"
cat "$scratch/out" >>"$scratch/shown"
run ls -i "$scratch/s.iso" "/no${esc}[1m${csi}1m"
says 'no\?\[1m\?1m: '
cat "$scratch/err" >>"$scratch/shown"
LC_ALL=C grep -q "$esc\|$csi" "$scratch/shown" && fault "an ESC or CSI is shown"
grep -q 'b?31m' "$scratch/shown" || fault "the name is not in the map"
# An end of a line in a name is none of the list.
lines=$(printf 'c\nd')
ln -s "$lines" "$scratch/steer/$lines"
does image -o "$scratch/s.iso" "$scratch/steer/"
for form in "" -l; do
	does ls $form -i "$scratch/s.iso"
	LC_ALL=C grep -q "$esc\|$csi" "$scratch/out" &&
		fault "ls $form shows control characters"
	grep -q '/b?31m$' "$scratch/out" || fault "ls: $(cat "$scratch/out")"
	equals "lines of ls $form" "$(wc -l <"$scratch/out")" 3
done
grep -q '/c?d -> c?d$' "$scratch/out" || fault "ls: $(cat "$scratch/out")"
# As they are for who can tell their ends.
does ls -0 -i "$scratch/s.iso"
printf '/a\033[31m\0/b\302\23331m\0/c\nd\0' | cmp - "$scratch/out" ||
	fault "another list between NULs"
does ls -0l -i "$scratch/s.iso"
equals "NULs" "$(tr -dc '\0' <"$scratch/out" | wc -c)" 3
ends 2 ls -0 --json -i "$scratch/s.iso"
ends 2 ls -0 --sessions -i "$scratch/s.iso"
does ls --json -i "$scratch/s.iso"
LC_ALL=C grep -q "$esc\|$csi" "$scratch/out" && fault "JSON has an ESC or CSI"
$PYTHON -c 'import json, sys
assert "/b\u009b31m" in [json.loads(line)["path"] for line in
	open(sys.argv[1], encoding="utf-8")]' "$scratch/out" ||
	fault "another name in JSON"
does image -o "$scratch/s.iso" --volume "v${csi}31m" "$scratch/tree/"
does emu create "$scratch/d${esc}.img"
does burn -d "emu:$scratch/d${esc}.img" --image "$scratch/s.iso"
for what in "info -i $scratch/s.iso" "ls --sessions -i $scratch/s.iso" \
	"info -d emu:$scratch/d${esc}.img"; do
	# shellcheck disable=SC2086
	does $what
	LC_ALL=C grep -q "$esc\|$csi" "$scratch/out" &&
		fault "$what shows control characters"
	grep -q '  v?31m$' "$scratch/out" || fault "$(cat "$scratch/out")"
done
cp "$image" "$scratch/i${esc}[1m"
for command in info repair; do
	does $command -i "$scratch/i${esc}[1m"
	LC_ALL=C grep -q "$esc" "$scratch/out" && fault "$command shows an ESC"
done

say "no room"
if [ -c /dev/full ]; then
	refuses 3 'No space left' image -o /dev/full "$scratch/tree"
	says 'make room'
	for command in ls info verify map; do
		"$lathe" $command -i "$image" >/dev/full 2>"$scratch/err"
		equals "status of $command" $? 3
		says 'standard output: No space left'
	done
	"$lathe" image -o - "$scratch/tree" >/dev/full 2>"$scratch/err"
	equals "status" $? 3
	says 'No space left'
fi
# Files of at most 64 or 128 KiB, as the shell counts.
head -c 3000000 /dev/zero | tr '\0' x >"$scratch/big"
(
	faults=0
	ulimit -f 128
	refuses 3 'File too large' image -o "$scratch/l.iso" "$scratch/big"
	[ ! -e "$scratch/l.iso" ] || fault "a part of an image is left"
	[ $faults = 0 ]
) || fault "an image above the limit of a file's size"

say "too few files may be open"
mkdir -p "$scratch/few/folder"
echo text >"$scratch/few/file"
for most in 4 5 6; do
	sh -c 'ulimit -n $1 && shift && exec "$@"' sh $most "$lathe" image \
		-o "$scratch/l.iso" "$scratch/few" 2>"$scratch/err"
	equals "status with $most files" $? 3
	says '[Tt]oo many .*open|could not be read'
done
# Folders that are open for later make room.
few() { # what may be open, command
	most=$1
	shift
	sh -c 'ulimit -n $1 && shift && exec "$@"' sh "$most" "$lathe" "$@" \
		>"$scratch/out" 2>"$scratch/err"
	equals "status of $1 with $most files" $? 0
}
mkdir "$scratch/many"
for i in $(seq 100); do
	mkdir -p "$scratch/many/$i/below"
	echo "$i" >"$scratch/many/$i/file"
	echo "$i" >"$scratch/many/$i/below/file"
done
for most in 20 30 70; do
	rm -rf "$own/few" "$own"/f.img* "$own/f.iso" "$own/g.iso"
	does emu create "$own/f.img" --media bd-re
	few $most image -o "$own/f.iso" --map "$own/f.map" "$scratch/many"
	few $most image -M "$own/f.iso" -o "$own/g.iso" "/b=$scratch/many"
	few $most image -M "$own/f.iso" "/b=$scratch/many"
	cmp "$own/f.iso" "$own/g.iso" || fault "another copy"
	few $most burn -d "emu:$own/f.img" --scsi-log "$own/f.log" \
		"$scratch/many"
	few $most burn -d "emu:$own/f.img" --mirror "/b=$scratch/many"
	few $most extract -i "$own/f.iso" -C "$own/few"
	diff -r "$scratch/many" "$own/few/many" || fault "files of few"
	diff -r "$scratch/many" "$own/few/b" || fault "files of few, again"
	equals "files on the disc" "$("$lathe" ls -d "emu:$own/f.img" -l /b |
		grep -c '/file$')" 200
done

say "a small stack"
small() { # arguments
	sh -c 'ulimit -s 64 && exec "$@"' sh "$lathe" "$@" >"$scratch/out" \
		2>"$scratch/err"
	status=$?
	[ $status = 0 ] || fault "lathe $* with a small stack: status $status"
}
rm -f "$own"/f.img* "$own/f.iso"
does emu create "$own/f.img" --media dvd+rw
small image -o "$own/f.iso" "$scratch/tree"
small image -M "$own/f.iso" "/a=$scratch/tree"
small image -M "$own/f.iso" -o "$own/g.iso" "/b=$scratch/tree"
small image -M "$own/f.iso" -o - "/b=$scratch/tree"
cmp "$scratch/out" "$own/g.iso" || fault "a pipe with a small stack"
dd if=/dev/zero of="$own/g.iso" bs=2048 seek=16 count=1 conv=notrunc \
	2>/dev/null
small repair -i "$own/g.iso"
small burn -d "emu:$own/f.img" --image "$own/g.iso"
small burn -d "emu:$own/f.img" --update "/c=$scratch/tree"
small repair -d "emu:$own/f.img"
small read -d "emu:$own/f.img" -o "$own/g.iso" --overwrite
for command in ls info verify map; do
	small $command -d "emu:$own/f.img"
done
small ls -i "$own/g.iso" --sessions
small extract -i "$own/g.iso" -C "$own/small"

# What is opened next would be standard output.
say "standard streams that are closed"
rm -f "$own"/d.img*
does emu create "$own/d.img" --media dvd+rw
"$lathe" burn -d "emu:$own/d.img" "$scratch/tree" >&- 2>"$scratch/err"
equals "status" $? 3
says 'standard output: Bad file descriptor'
equals "the disc's first blocks" "$(head -c 32768 "$own/d.img" | tr -d '\0')" ""
"$lathe" image -o "$own/c.iso" "$own/none" <&- >&- 2>&-
equals "status without any" $? 4
does image -o "$own/i.iso" "$scratch/tree/"
"$lathe" image -v -o "$own/c.iso" "$scratch/tree/" <&- >&- 2>&-
cmp "$own/c.iso" "$own/i.iso" || fault "a message is in the image"
"$lathe" image -o "$own/c.iso" --path-list - <&- 2>"$scratch/err"
equals "status without input" $? 3
# Nor is there a /dev/null.
if unshare -rm true 2>/dev/null; then
	rm "$own"/d.img* "$own/c.iso"
	does emu create "$own/d.img" --media dvd+rw
	# shellcheck disable=SC2016
	unshare -rm sh -c 'mount -t tmpfs none /dev && rm -f /dev/null && {
		"$1" burn -v -d "emu:$2/d.img" "$3" <&- >&- 2>&-
		"$1" image -v -o "$2/c.iso" "$3/" <&- >&- 2>&-
	}' sh "$lathe" "$own" "$scratch/tree"
	equals "status of that" $? 0
	equals "the disc's first blocks" \
		"$(head -c 32768 "$own/d.img" | tr -d '\0')" ""
	cmp "$own/c.iso" "$own/i.iso" || fault "a message is in the image"
fi
if [ -c /dev/full ]; then
	"$lathe" extract -i "$image" -C "$scratch/x" --progress=json \
		>/dev/full 2>"$scratch/err"
	equals "status" $? 3
	equals "it is told" "$(grep -c 'output: No space' "$scratch/err")" 1
fi

say "a terminal for an image"
cat >"$scratch/terminal.py" <<'PY'
import os, pty, sys
out = b""
pid, fd = pty.fork()
if pid == 0:
    os.dup2(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    os.execv(sys.argv[2], sys.argv[2:])
try:
    while part := os.read(fd, 4096):
        out += part
except OSError:
    pass
sys.stdout.buffer.write(out)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
PY
on_terminal() { # arguments
	$PYTHON "$scratch/terminal.py" "$scratch/err" "$lathe" "$@" >"$scratch/out"
	equals "status of $*" $? 2
	equals "what the terminal gets of $*" "$(wc -c <"$scratch/out")" 0
	says 'standard output is a terminal'
	says 'what to do: '
}
rm -f "$own"/d.img*
does emu create "$own/d.img"
does burn -d "emu:$own/d.img" "$scratch/tree"
on_terminal image -o - "$scratch/tree"
on_terminal image --growable -o - "$scratch/tree"
on_terminal image -M "$image" -o - "$scratch/tree"
on_terminal read -d "emu:$own/d.img" -o -

say "a path that is named and can not be looked at"
ln -s round "$scratch/round"
loop='can not be read: Too many levels of symbolic links$'
refuses 3 "left out: .*round: $loop" image -o "$own/c.iso" "$scratch/round"
says '1 file can not be read; nothing was written'
refuses 3 "left out: .*round/file: $loop" image -o "$own/c.iso" \
	"$scratch/round/file"
refuses 3 'File name too long$' image -o "$own/c.iso" \
	"$(printf '%0300d' 0)"
refuses 4 'no such file$' image -o "$own/c.iso" "$scratch/tree/file/below"
bad=$scratch/$(printf 'bad\377')
mkdir "$bad"
does image -o "$own/c.iso" --skip-unreadable "$scratch/round" \
	"$scratch/tree/file" "$scratch/round/file" "$bad"
says "left out: .*round: $loop"
says "left out: .*round/file: $loop"
says 'left out: .*bad.*: its name is no UTF-8$'
does ls -i "$own/c.iso"
equals "what is in it" "$(cat "$scratch/out")" /file
does image -M "$own/c.iso" --skip-unreadable --charset UTF-8 --update "$bad" \
	"$scratch/tree/file"
says 'left out: .*bad.*: its name is not in the character set$'
says 'nothing to record'
refuses 6 'left out: .*bad.*: its name is no UTF-8$' image -o "$own/d.iso" \
	"$scratch/tree" "$bad"
says '1 name can not be recorded; nothing was written'
refuses 6 'left out: .*bad.*: its name is no UTF-8$' image -o "$own/d.iso" \
	--nfc "$bad"
# What is put under another name, is not there, or is all that was named.
does image -o "$own/d.iso" "/good=$bad"
rm "$own/d.iso"
refuses 4 'nothing: no such file$' image -o "$own/d.iso" --skip-unreadable \
	"$scratch/tree/file" "$scratch/nothing"
refuses 4 'no such file$' image -o "$own/d.iso" --skip-unreadable "$bad.not"
refuses 3 'File name too long$' image -o "$own/d.iso" --skip-unreadable \
	"$(printf '%0300d' 0)"
refuses 7 'all that was named is left out: there is nothing to record$' image \
	-o "$own/d.iso" --skip-unreadable "$scratch/round" "$bad"
refuses 7 'c\.iso' image -M "$own/c.iso" --skip-unreadable "$bad"
[ ! -e "$own/d.iso" ] || fault "an image of nothing was made"
# What it stands for on the disc stays.
mkdir -p "$own/k/sub/deep" "$own/k2"
echo x >"$own/k/sub/deep/x"
echo y >"$own/k2/y"
does image -o "$own/k.iso" "/k=$own/k"
does image -M "$own/k.iso" --mirror --skip-unreadable "/k=$own/k2" \
	"/k//sub=$scratch/round"
does ls -i "$own/k.iso"
equals "what stays" "$(tr '\n' ' ' <"$scratch/out")" \
	"/k/ /k/sub/ /k/sub/deep/ /k/sub/deep/x /k/y "
does image -M "$own/k.iso" --mirror --skip-unreadable "/k=$own/k2" \
	"/k/=$scratch/round/x/"
says ' 0 gone'
does image -M "$own/k.iso" --mirror --skip-unreadable "/k=$own/k2" \
	"/k/su=$scratch/round"
says ' 3 gone'

say "a reader that goes away"
{ "$lathe" image -o - "$scratch/big"; echo $? >"$scratch/status"; } \
	2>"$scratch/err" | head -c 10 >/dev/null
equals "status" "$(cat "$scratch/status")" 3
equals "what is said" "$(cat "$scratch/err")" ""

say "no permission"
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	plainly() {
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	}
else
	plainly() { "$@"; }
fi
denied() { # status, expression, arguments
	wanted=$1 expression=$2
	shift 2
	plainly "$lathe" "$@" >"$scratch/out" 2>"$scratch/err"
	equals "status of $*" $? "$wanted"
	says "$expression"
}
# The scratch folder is ours alone, and the program may be, too.
chmod 755 "$scratch"
if plainly test -x "$lathe" && plainly test -x "$scratch"; then
	mkdir -m 777 "$scratch/p" "$scratch/made"
	echo secret >"$scratch/p/secret" && chmod 000 "$scratch/p/secret"
	echo other >"$scratch/elsewhere" && chmod 000 "$scratch/elsewhere"
	ln -s secret "$scratch/p/inside"
	ln -s ../elsewhere "$scratch/p/outside"
	echo open >"$scratch/p/open"
	made=$scratch/made/p.iso
	denied 3 'can not be read: Permission denied' image -o "$made" \
		"$scratch/p"
	[ ! -e "$made" ] || fault "an image with gaps was made"
	# Rock Ridge has the links; to others they are links to nothing.
	denied 0 'can not be read: Permission denied' image \
		--skip-unreadable -o "$made" "$scratch/p"
	does ls -i "$made"
	equals "the names" "$(tr '\n' ' ' <"$scratch/out")" \
		"/p/ /p/inside /p/open /p/outside "
	does verify -i "$made" --full
	denied 0 'can not be read: Permission denied' image \
		--skip-unreadable --follow -o "$made" "$scratch/p"
	does ls -i "$made"
	equals "the names" "$(tr '\n' ' ' <"$scratch/out")" "/p/ /p/open "
	# What is named itself, and names that can be read and not followed.
	mkdir "$scratch/p/names"
	echo x >"$scratch/p/names/file"
	chmod 744 "$scratch/p/names"
	[ "$(id -u)" = 0 ] || chmod 444 "$scratch/p/names"
	denied 3 'secret: can not be read: Permission denied' image -o "$made" \
		"$scratch/p/open" "$scratch/p/secret"
	says '1 file can not be read; nothing was written'
	denied 3 'names/file: can not be read: Permission' image -o "$made" \
		"$scratch/p/names"
	denied 0 'names/file: can not be read: Permission' image \
		--skip-unreadable -o "$made" "$scratch/p/open" \
		"$scratch/p/secret" "$scratch/p/names"
	does ls -i "$made"
	equals "the names" "$(tr '\n' ' ' <"$scratch/out")" "/names/ /open "
	mkdir -m 700 "$scratch/p/closed"
	[ "$(id -u)" = 0 ] || chmod 000 "$scratch/p/closed"
	denied 3 'closed/file: can not be read: Permission denied$' image \
		-o "$made" "$scratch/p/closed/file"
	find "$scratch/p/names" "$scratch/p/open" -print0 |
		denied 0 'names/file: can not be read: Permission' image \
			-o "$made" --path-list - -0 --skip-unreadable
	does ls -i "$made"
	equals "the names" "$(tr '\n' ' ' <"$scratch/out")" "/names/ /open "
	rmdir "$scratch/p/closed"
	chmod 755 "$scratch/p/names"
	# To ask takes no permission to write.
	chmod 644 "$image"
	sum=$(sha256sum <"$image")
	for how in --plan --print-size; do
		plainly "$lathe" image -M "$image" $how "$scratch/p/open" \
			>/dev/null || fault "status $? of $how"
	done
	denied 3 'Permission denied$' image -M "$image" "$scratch/p/open"
	equals "the image" "$(sha256sum <"$image")" "$sum"
	chmod 600 "$image"
	denied 3 'Permission denied' ls -i "$image"
	says 'permission, or name'
	does emu create "$scratch/made/d.img"
	chmod 600 "$scratch/made/d.img"
	denied 11 'd\.img and .*d\.img\.disc' info -d "emu:$scratch/made/d.img"
	says 'make both files writable'
fi

say "a path of more than 2,048 bytes"
$PYTHON - "$scratch" <<'PY'
import os, sys
os.chdir(sys.argv[1])
for folder in ["deep"] + ["d" * 200] * 12:
    os.mkdir(folder)
    os.chdir(folder)
os.mkfifo("pipe")
PY
run image -v -o "$scratch/deep.iso" "$scratch/deep"
says 'left out: .*/pipe: no regular file$'
finish
