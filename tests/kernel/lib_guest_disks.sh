# SPDX-License-Identifier: MIT
# In the guest: an image goes onto a disk and grows there; one that does not
# fit, or would take the place of a file system in use, leaves all as it was.
. "${script%/*}/lib_guest_compare.sh"
disk=/dev/ubda
disc=disk
wrong() { # what; the program's words follow
	fault "$*"
	cat /run/out
}
refused() { # status, words, arguments
	wants=$1
	words=$2
	shift 2
	before=$(sha256sum <$disk)
	"$lathe" "$@" >/run/out 2>&1
	status=$?
	[ $status = "$wants" ] || wrong "status $status of $*"
	grep -q "$words" /run/out || wrong "not said of $*: $words"
	[ "$before" = "$(sha256sum <$disk)" ] || wrong "$* changed the disk"
}

mkdir /run/tree
head -c 600000 /dev/urandom >/run/tree/file
head -c 3800000 /dev/urandom >/run/large
echo more >/run/more

# What was there shows through nowhere.
head -c 4194304 /dev/urandom >$disk
run "image" "$lathe" image --growable -o $disk /run/tree
refused 26 "does not fit" image -o $disk /run/large /run/tree
refused 26 "does not fit" image -M $disk /run/large
run "append" "$lathe" image -M $disk /run/more
run "extract" "$lathe" extract -i $disk -C /run/extracted
cmp /run/tree/file /run/extracted/tree/file || fault "another file"
cmp /run/more /run/extracted/more || fault "another session"

# So does a copy of a disc.
run "create" "$lathe" emu create /mnt/disc.img
run "record" "$lathe" burn -d emu:/mnt/disc.img \
	/run/large /run/tree
refused 26 "does not fit" read -d emu:/mnt/disc.img -o $disk --overwrite

mount -t iso9660 -o ro $disk /mnt/disc || fault "it is not mounted"
cmp /run/more /mnt/disc/more || fault "another session is mounted"
refused 12 "busy" image -o $disk /run/tree
refused 12 "busy" image -M $disk /run/tree/file
umount /mnt/disc
kernel_is_quiet
