#!/bin/sh
# SPDX-License-Identifier: MIT
# Files that the program writes in the place of others: the old one is whole
# until the new one is, and what is read, or is a disc, is never written over.
. tests/tools/lib_tools.sh
need $PYTHON
dir=$scratch/dir
old=$dir/old.iso

mkdir "$scratch/a" "$dir"
head -c 3000000 /dev/urandom >"$scratch/a/one"
echo two >"$scratch/a/two"
mkdir "$scratch/b"
head -c 9000000 /dev/urandom >"$scratch/b/large"
does image -o "$scratch/a.iso" "$scratch/a/"
does image -o "$scratch/b.iso" "$scratch/b/"

sum_of() { sha256sum <"$1"; }

# A directory has nothing but these.
holds() { # directory, names
	equals "what is in it" "$(ls -A "$1" | tr '\n' ' ')" "$2"
}

# With no more room than that, in bytes.
within() { # bytes, arguments
	room=$1
	shift
	(
		trap '' XFSZ
		# Of 512 bytes or of 1024.
		ulimit -f $((room / 1024))
		"$lathe" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
		echo $? >"$scratch/status"
	)
	status=$(cat "$scratch/status")
}

say "an image in the place of an older one"
cp "$scratch/a.iso" "$old"
chmod 640 "$old"
does image -o "$old" "$scratch/b/"
cmp -s "$old" "$scratch/b.iso" || fault "not the new one"
equals "permissions" "$(stat -c %a "$old")" 640
holds "$dir" "old.iso "
(umask 027 && "$lathe" image -o "$dir/new.iso" "$scratch/a/")
equals "permissions of a new one" "$(stat -c %a "$dir/new.iso")" 640
rm "$dir/new.iso"
if [ "$(id -u)" = 0 ]; then
	chown 1234:2345 "$old"
	does image -o "$old" "$scratch/a/"
	equals "owner and mode" "$(stat -c %u:%g:%a "$old")" 1234:2345:640
	chown 0:0 "$old"
fi

say "a run that fails leaves it"
cp "$scratch/a.iso" "$old"
sum=$(sum_of "$old")
for how in "" --growable "-M $scratch/a.iso" "-C 0,5000"; do
	# shellcheck disable=SC2086
	within 4000000 image $how -o "$old" "$scratch/b/"
	equals "status of $how" "$status" 3
	says 'old\.iso stays as it was$'
	equals "the old one after $how" "$(sum_of "$old")" "$sum"
	holds "$dir" "old.iso "
done
ends 4 image -o "$old" --map "$scratch/nowhere/map" "$scratch/b/"
equals "the old one without a list" "$(sum_of "$old")" "$sum"
holds "$dir" "old.iso "
within 4000000 image -o "$dir/new.iso" "$scratch/b/"
equals "status of a new one" "$status" 3
holds "$dir" "old.iso "
: >"$dir/empty.iso"
within 4000000 image -o "$dir/empty.iso" "$scratch/b/"
equals "bytes of an empty one" "$(stat -c %s "$dir/empty.iso")" 0
does image -o "$dir/empty.iso" "$scratch/a/"
cmp -s "$dir/empty.iso" "$scratch/a.iso" || fault "not in the empty one"
rm "$dir/empty.iso"

# A copy of what has no difference has no list.
echo list >"$dir/list"
does image -M "$scratch/a.iso" -o "$old" --map "$dir/list" --update \
	"$scratch/a/"
equals "the list" "$(cat "$dir/list")" list
does image -M "$scratch/a.iso" -o "$old" --map "$dir/list" "$scratch/b/"
grep -q primary-descriptor "$dir/list" || fault "no list"
holds "$dir" "list old.iso "
rm "$dir/list"

say "a run that is stopped leaves it"
cp "$scratch/a.iso" "$old"
mkdir "$scratch/c"
truncate -s 3G "$scratch/c/sparse"
cat >"$scratch/slow.py" <<'PY'
import os, signal, subprocess, sys, time
lathe, folder, old, count = sys.argv[1:5]
run = subprocess.Popen([lathe, "image", "-o", old] + sys.argv[5:],
                       stderr=subprocess.DEVNULL)
# As soon as there is something beside the old one, or it is another one.
size = os.stat(old).st_size if os.path.exists(old) else 0
while run.poll() is None:
    names = set(os.listdir(folder)) - {"old.iso"}
    if names or os.path.exists(old) and os.stat(old).st_size != size:
        break
run.send_signal(signal.SIGSTOP)
for i in range(int(count)):
    run.send_signal(signal.SIGINT)
    run.send_signal(signal.SIGCONT)
    time.sleep(0.002)
print(run.wait())
PY
# With so many signals; again if it was done before they came.
stopped() { # signals
	for try in 1 2 3 4 5 6 7 8 9; do
		answer=$($PYTHON "$scratch/slow.py" "$lathe" "$dir" "$old" "$1" \
			"$scratch/c" "$scratch/b")
		[ "$answer" = 0 ] || break
		[ ! -e "$scratch/before.iso" ] || cp "$scratch/before.iso" "$old"
		[ -e "$scratch/before.iso" ] || rm "$old"
	done
	# The second one ends the program at once.
	case $1,$answer in
	1,40 | 2,-2 | 2,40) ;;
	*) fault "stopped by $1, try $try: $answer" ;;
	esac
}
for count in 1 2; do
	cp "$scratch/a.iso" "$scratch/before.iso"
	stopped $count
	# The second one may have come when all was done.
	[ "$answer" = -2 ] && [ "$(stat -c %s "$old")" -gt 3000000000 ] ||
		equals "the old one" "$(sum_of "$old")" "$sum"
	holds "$dir" "old.iso "
	rm "$old" "$scratch/before.iso"
	stopped $count
	[ "$answer" = -2 ] && rm -f "$old"
	holds "$dir" ""
	cp "$scratch/a.iso" "$old"
done

say "through a link, in front of another name"
ln -s dir/old.iso "$scratch/link.iso"
does image -o "$scratch/link.iso" "$scratch/b/"
[ -L "$scratch/link.iso" ] || fault "the link is gone"
cmp -s "$old" "$scratch/b.iso" || fault "not where the link leads"
sum=$(sum_of "$old")
within 4000000 image -o "$scratch/link.iso" "$scratch/b/"
[ -L "$scratch/link.iso" ] || fault "the link is gone"
equals "where it leads" "$(sum_of "$old")" "$sum"
holds "$dir" "old.iso "
ln -s dir/none.iso "$scratch/none.iso"
within 4000000 image -o "$scratch/none.iso" "$scratch/b/"
[ -L "$scratch/none.iso" ] || fault "the link to nothing is gone"
holds "$dir" "old.iso "
does image -o "$scratch/none.iso" "$scratch/a/"
cmp -s "$dir/none.iso" "$scratch/a.iso" || fault "not where it leads"
rm "$dir/none.iso"

say "what can not be written is refused as before"
chmod 444 "$old"
if [ ! -w "$old" ]; then
	ends 3 image -o "$old" "$scratch/a/"
	says 'ermission denied'
	equals "it" "$(sum_of "$old")" "$sum"
fi
chmod 644 "$old"
chmod 555 "$dir"
if [ ! -w "$dir" ]; then
	does image -o "$old" "$scratch/a/"
	says 'old\.iso: .* nothing can be made beside it'
	cmp -s "$old" "$scratch/a.iso" || fault "not written in its place"
	within 4000000 image -o "$old" "$scratch/b/"
	equals "what is left" "$(stat -c %s "$old")" 0
fi
chmod 755 "$dir"
ends 3 image -o "$dir" "$scratch/a/"
says 'Is a directory'

say "standard output by its name"
cp "$scratch/a.iso" "$dir/front"
"$lathe" image -o /dev/stdout "$scratch/b/" >>"$dir/front" 2>"$scratch/err"
equals "status" $? 0
cat "$scratch/a.iso" "$scratch/b.iso" | cmp -s - "$dir/front" ||
	fault "what was in front is lost"
rm "$dir/front"
"$lathe" image -o /dev/stdout "$scratch/b/" | cmp -s - "$scratch/b.iso" ||
	fault "another image in a pipe"

say "the disc of a recorder made of software"
disc=$dir/d.img
does emu create "$disc" --media dvd-rw
does burn -d "emu:$disc" "$scratch/a"
sum=$(fingerprint "$disc")
ln -s d.img "$dir/l.img"
keeps() { # arguments
	ends 1 "$@"
	says "emulated recorder"
	says "what to do: "
	equals "the disc" "$(fingerprint "$disc")" "$sum"
}
for name in "$disc" "$disc.disc" "$dir/l.img"; do
	keeps image -o "$name" "$scratch/a/"
	keeps image -M "$scratch/a.iso" -o "$name" "$scratch/b/"
	keeps image -o "$dir/other.iso" --map "$name" "$scratch/a/"
	does emu create "$scratch/d2.img"
	does burn -d "emu:$scratch/d2.img" "$scratch/a/"
	keeps read -d "emu:$scratch/d2.img" -o "$name" --overwrite
	for command in info "burn /x=$scratch/b" blank; do
		# shellcheck disable=SC2086
		keeps $command -d "emu:$scratch/d2.img" --scsi-log "$name"
		# shellcheck disable=SC2086
		keeps $command -d "emu:$disc" --scsi-log "$name"
	done
	keeps emu serve "$disc" "$scratch/socket" --log "$name"
	rm "$scratch"/d2.img*
done
keeps image -M "$dir/l.img" "$scratch/b"
# What its copy would get is not for the disc.
does burn -d "emu:$disc" "$scratch/b"
sum=$(fingerprint "$disc")
for name in "$disc" "$dir/l.img"; do
	keeps repair -i "$name"
done
for name in "$disc" "$dir/l.img" -; do
	"$lathe" burn -d "emu:$disc" --blank --image "$name" <"$disc" \
		>"$scratch/out" 2>"$scratch/err"
	equals "status of a disc on itself" $? 2
	says 'is the disc that is to be recorded'
	equals "the disc" "$(fingerprint "$disc")" "$sum"
done
rm -f "$dir/other.iso" "$dir"/*.img*
# A file of that name may be anything else.
echo text >"$dir/x.disc"
echo text >"$dir/x"
does image -o "$dir/x" "$scratch/a/"
does image -o "$dir/x.disc" "$scratch/a/"
rm "$dir"/x*

# Its whole path is longer than a system tells.
say "far down"
$PYTHON - "$lathe" "$scratch" <<'PY' || fault "far down"
import filecmp, os, subprocess, sys
lathe, scratch = sys.argv[1:]
os.chdir(scratch)
for name in ["far"] + ["d" * 250] * 20:
    os.mkdir(name)
    os.chdir(name)

def run(status, said, *words):
    done = subprocess.run([lathe] + list(words), stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE)
    text = done.stderr.decode()
    if done.returncode != status or said not in text:
        sys.exit("%s: %d, %s" % (words, done.returncode, text))
    if not said and text:
        sys.exit("%s: %s" % (words, text))

def is_first():
    return filecmp.cmp("x.iso", scratch + "/a.iso", False)

def states():
    return [open(name, "rb").read() for name in ("d.img", "d.img.disc")]

run(0, "", "image", "-o", "x.iso", scratch + "/b/")
run(0, "", "image", "-o", "x.iso", scratch + "/a/")
assert is_first()
run(4, "no/map", "image", "-o", "new.iso", "--map", scratch + "/no/map",
    scratch + "/b/")
os.symlink("x.iso", "link.iso")
run(0, "link.iso: written in its place", "image", "-o", "link.iso",
    scratch + "/b/")
assert os.path.islink("link.iso") and not is_first()
os.remove("link.iso")
run(0, "", "emu", "create", "d.img")
run(0, "", "burn", "-d", "emu:d.img", scratch + "/a/")
before = states()
for name in "d.img", "d.img.disc":
    run(1, "emulated recorder", "image", "-o", name, scratch + "/a/")
assert states() == before
names = {"x.iso", "d.img", "d.img.disc"}
assert set(os.listdir(".")) == names, os.listdir(".")
PY
rm -rf "$scratch/far"

say "what is read"
does emu create "$disc"
echo "$scratch/a" >"$dir/list"
echo "op=FF eject" >"$dir/faults"
echo '*.tmp' >"$dir/patterns"
ln "$dir/list" "$dir/list2"
sum=$(cat "$dir"/[a-z]* | sha256sum)
loses() { # arguments
	ends 2 "$@"
	says "is read as well"
	equals "the files" "$(cat "$dir"/[a-z]* | sha256sum)" "$sum"
}
loses image -o "$dir/list" --path-list "$dir/list"
loses image -o "$dir/list2" --path-list "$dir/list"
loses image -o "$dir/patterns" --exclude-from "$dir/patterns" "$scratch/a"
loses image -o "$scratch/x.iso" --map "$old" "$scratch/a" "$old"
loses image -o "$scratch/x.iso" --map "$old" "/x=$old"
loses image -o "$old" "$old"
loses burn -d "emu:$disc" --scsi-log "$old" "$old"
loses burn -d "emu:$disc" --scsi-log "$old" "/x/=$old"
loses burn -d "emu:$disc" --scsi-log "$old" --image "$old"
loses burn -d "emu:$disc" --scsi-log "$dir/list" --path-list "$dir/list2"
loses burn -d "emu:$disc" --scsi-log "$dir/faults" \
	--emu-faults "$dir/faults" "$scratch/a"
loses verify -i "$old" --scsi-log "$old"
loses emu serve "$disc" "$scratch/socket" --log "$dir/faults" \
	--faults "$dir/faults"
"$lathe" image -o "$dir/list" --path-list - <"$dir/list" 2>"$scratch/err"
equals "status of a list from standard input" $? 2
equals "the list" "$(cat "$dir/list")" "$scratch/a"
[ ! -e "$scratch/x.iso" ] || fault "an image is there"
# A path of the disc is none of the host's.
does image -o "$scratch/x.iso" "$dir/=$dir/list"
does ls -i "$scratch/x.iso" --scsi-log "$scratch/log" "$dir/list"
does image -o "$scratch/x.iso" --exclude-from /dev/null --map /dev/null \
	"$scratch/a"
does burn -d "emu:$disc" "$scratch/a"
ends 2 read -d "emu:$disc" -o "$scratch/x.iso" --overwrite \
	--scsi-log "$scratch/x.iso"
rm -f "$scratch/x.iso"
(cd "$scratch" && "$lathe" image -o x.iso --map ./x.iso a 2>err)
equals "status of a list in the image" $? 2
[ ! -e "$scratch/x.iso" ] || fault "an image is there"

say "a log among what is said"
does emu create "$scratch/d2.img"
echo "of yesterday" >"$scratch/err"
"$lathe" ls -d "emu:$scratch/d2.img" --scsi-log /dev/stderr \
	>"$scratch/out" 2>>"$scratch/err"
equals "status" $? 30
equals "the first line" "$(head -n 1 "$scratch/err")" "of yesterday"
says '^cdb=00.* status='
says '^lathe ls: .*: the disc is blank$'
equals "lines that are none" "$(grep -acv '^of yest\|^cdb=\|^lathe ls: \|^  what \|^#' \
	"$scratch/err")" 0
does burn -d "emu:$scratch/d2.img" "$scratch/a"
echo "of yesterday" >"$scratch/out"
"$lathe" ls -d "emu:$scratch/d2.img" --scsi-log "$scratch/out" \
	>>"$scratch/out" 2>"$scratch/err"
equals "status" $? 0
for line in "of yesterday" "cdb=0000*" /a/one; do
	grep -q "^$line" "$scratch/out" || fault "no $line"
done
for out in - /dev/stdout; do
	for log in /dev/stdout /dev/fd/1 "$scratch/out"; do
		echo first >"$scratch/out"
		"$lathe" read -d "emu:$scratch/d2.img" -o $out \
			--scsi-log "$log" >>"$scratch/out" 2>"$scratch/err"
		equals "status of -o $out --scsi-log $log" $? 2
		says '--scsi-log and --output'
		equals "what is in it" "$(cat "$scratch/out")" first
	done
	"$lathe" read -d "emu:$scratch/d2.img" -o $out --scsi-log /dev/stdout \
		2>"$scratch/err" | wc -c >"$scratch/out"
	equals "bytes of an image with a log" "$(tr -d ' ' <"$scratch/out")" 0
done
ends 2 image -o - --map /dev/stdout "$scratch/a"
"$lathe" read -d "emu:$scratch/d2.img" -o "$scratch/mixed" --overwrite \
	>"$scratch/mixed" 2>"$scratch/err"
equals "status of an image where the report goes" $? 2
says 'mixed: what is said goes there as well'
equals "what is in it" "$(cat "$scratch/mixed")" ""
"$lathe" image -v -o "$scratch/mixed" "$scratch/a" 2>"$scratch/mixed"
equals "status of an image where messages go" $? 2
cp "$scratch/mixed" "$scratch/err"
says 'mixed: what is said goes there as well'
"$lathe" image -o "$scratch/x.iso" --map /dev/stderr "$scratch/a" \
	2>"$scratch/err"
equals "status of a list where messages go" $? 2
[ ! -e "$scratch/x.iso" ] || fault "an image is there"
rm "$scratch/mixed"
rm "$scratch"/d2.img*

say "a log without room"
does emu create "$scratch/d2.img"
within 1024 info -d "emu:$scratch/d2.img" --scsi-log "$scratch/log"
equals "status" "$status" 3
says 'log: lines of the log are missing: File too large$'
if [ -c /dev/full ]; then
	for command in "burn $scratch/a" info ls map verify \
		"read -o $scratch/x.iso" "extract -C $scratch/x" eject; do
		set -- $command
		word=$1
		shift
		ends 3 "$word" -d "emu:$scratch/d2.img" \
			--scsi-log /dev/full "$@"
		says '/dev/full: lines of the log are missing: No space left'
	done
	"$lathe" emu serve "$scratch/d2.img" "$scratch/socket" --log /dev/full \
		>"$scratch/out" 2>"$scratch/err" &
	pid=$!
	until grep -q ready "$scratch/out"; do sleep 0.05; done
	$PYTHON - "$scratch/socket" <<'PY'
import socket, struct, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
# TEST UNIT READY, as lathe_emulator.h has it.
s.sendall(struct.pack("<4sBBBBIIIB3x16s8x", b"LATQ", 1, 1, 6, 0, 0, 0, 1000, 0,
                      bytes(16)))
s.recv(104)
PY
	kill -INT $pid
	wait $pid
	equals "status of emu serve" $? 3
	says '/dev/full: lines of the log are missing: No space left'
fi
rm -rf "$scratch/x" "$scratch/x.iso" "$scratch"/d2.img*

say "read: the old copy stays until there is a new one"
cp "$scratch/a.iso" "$old"
sum=$(sum_of "$old")
within 1000000 read -d "emu:$disc" -o "$old" --overwrite
equals "status without room" "$status" 3
equals "the old copy" "$(sum_of "$old")" "$sum"
start=$(info "emu:$disc" sessions.0.start)
echo "op=28 lba=$((start + 1000)) times=0 sense=4/44/00" >"$scratch/faults"
ends 13 read -d "emu:$disc,faults=$scratch/faults" -o "$old" --overwrite
equals "the old copy" "$(sum_of "$old")" "$sum"
says 'old\.iso stays as it was: what was written is '
part=$(sed -n 's/.*what was written is //p' "$scratch/err")
[ -s "$part" ] || fault "what was read is lost"
does read -d "emu:$disc" -o "$old" --overwrite
does verify -i "$old" --full
head -c "$(stat -c %s "$part")" "$old" | cmp - "$part" ||
	fault "what was read differs"
rm "$part"
echo "op=28 lba=$((start + 1000)) times=0 sense=3/11/05" >"$scratch/faults"
ends 31 read -d "emu:$disc,faults=$scratch/faults" -o "$old" --overwrite
cmp -s "$old" "$scratch/a.iso" && fault "the old one is left"
equals "what is beside it" "$(ls -A "$dir" | grep lathe)" ""
finish
