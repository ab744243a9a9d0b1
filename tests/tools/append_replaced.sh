#!/bin/sh
# SPDX-License-Identifier: MIT
# While an image grows nothing takes its place: the program itself refuses to,
# and where others do it the session is not told as recorded.
. tests/tools/lib_append.sh
need $PYTHON mkfifo

mkdir "$scratch/d" "$scratch/n" "$scratch/dir"
echo one >"$scratch/d/1"
echo two >"$scratch/n/2"
image=$scratch/dir/a.iso
does image -o "$scratch/one.iso" "$scratch/d"
cp "$scratch/one.iso" "$image"
mkfifo "$scratch/list"

# Begin to append, and go on when release() gives the path list.
hold() { # further arguments
	"$lathe" image -M "$image" --path-list "$scratch/list" "$@" \
		>"$scratch/held.out" 2>"$scratch/held" </dev/null &
	process=$!
	exec 3>"$scratch/list"
}

release() {
	echo "$scratch/n/2" >&3
	exec 3>&-
	wait $process
	status=$?
}

busy() { # arguments
	ends 12 "$@"
	says "a\.iso: another program is writing it"
	equals "what is beside it" "$(ls -A "$scratch/dir")" a.iso
	cmp -s "$image" "$scratch/one.iso" || fault "$*: it was changed"
}

say "what the program itself would put in its place"
does emu create "$scratch/disc" --media cd-r-80
does burn -d "emu:$scratch/disc" "$scratch/d"
does image -o "$scratch/holds.iso" "/a.iso=$scratch/d/1"
ln -s dir/a.iso "$scratch/l-a.iso"
hold
busy image -M "$image" "$scratch/n"
busy image -o "$image" "$scratch/n"
busy image -o "$scratch/l-a.iso" "$scratch/n"
busy image -M "$scratch/one.iso" -o "$image" "$scratch/n"
busy image -o "$scratch/other.iso" --map "$image" "$scratch/n"
[ ! -e "$scratch/other.iso" ] || fault "an image without its list"
busy read -d "emu:$scratch/disc" -o "$image" --overwrite
busy info -d "emu:$scratch/disc" --scsi-log "$image"
ends 12 extract -i "$scratch/holds.iso" -C "$scratch/dir" --overwrite
says "/a\.iso: another program is writing it"
cmp -s "$image" "$scratch/one.iso" || fault "extract changed it"
release
equals "status" "$status" 0
equals "sessions" "$(sessions "$image")" 2
does image -o "$image" "$scratch/d"
cmp -s "$image" "$scratch/one.iso" || fault "no new image afterwards"


if command -v flock >/dev/null; then
	: >"$scratch/new.iso"
	flock "$scratch/new.iso" "$lathe" image -o "$scratch/new.iso" \
		"$scratch/d" 2>"$scratch/err"
	equals "status of a second new one" $? 12
	equals "bytes of it" "$(stat -c %s "$scratch/new.iso")" 0
fi

say "others that do it before it is written"
# What was read, or nothing, is under the name.
replaced() { # command, arguments
	cp "$scratch/one.iso" "$image"
	cp "$scratch/one.iso" "$scratch/other"
	hold
	"$@"
	release
	equals "status after $*" "$status" 27
	grep -q "a\.iso: another program replaced or removed it meanwhile" \
		"$scratch/held" || fault "not told: $(cat "$scratch/held")"
	rm -f "$image"
}
replaced rm "$image"
replaced mv "$scratch/other" "$image"
replaced mv "$image" "$scratch/away"
cmp -s "$scratch/away" "$scratch/one.iso" || fault "the old one was changed"
cp "$scratch/one.iso" "$image"
hold -o "$scratch/copy.iso"
rm "$image"
release
equals "status of a copy" "$status" 0
equals "sessions of the copy" "$(sessions "$scratch/copy.iso")" 2

say "others that do it while it is written"
cp "$scratch/one.iso" "$image"
truncate -s 300M "$scratch/n/long"
"$lathe" image -M "$image" "$scratch/n" 2>"$scratch/err" >/dev/null &
process=$!
tries=0
while [ "$(stat -c %s "$image")" -lt 3000000 ] && [ $tries -lt 2000 ] &&
	kill -0 $process 2>/dev/null; do
	tries=$((tries + 1))
	sleep 0.005
done
mv "$image" "$scratch/away"
wait $process
status=$?
case $status in
27)
	says "another program replaced or removed it meanwhile"
	cmp -s "$scratch/away" "$scratch/one.iso" || fault "not undone"
	;;
0) equals "sessions" "$(sessions "$scratch/away")" 2 ;; # too late
*) fault "status $status: $(cat "$scratch/err")" ;;
esac
finish
