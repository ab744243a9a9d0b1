# SPDX-License-Identifier: MIT
# In the guest: two sessions on each disc, the first as an ordinary user by
# /dev/srN, the second as root by /dev/sgN; each is mounted by the kernel,
# with Rock Ridge, Joliet and plain names.
faults=0
fault() {
	echo "FAULT: $*"
	faults=$((faults + 1))
}

# What is recorded: long and strange names, an empty file, a large one.
tree() { # folder, mark
	mkdir -p "$1/folder/deeper" "$1/empty folder"
	echo "$2" >"$1/$2 of the session"
	: >"$1/folder/nothing"
	head -c 3000000 /dev/urandom >"$1/folder/large.bin"
	echo "$2" >"$1/folder/deeper/$(printf 'x%.0s' $(seq 1 100)).txt"
	echo "$2" >"$1/folder/deeper/Grüße $2.txt"
}

# Joliet keeps 64 characters of a name: long ones count by what they begin with.
sums() { # folder
	(cd "$1" && find . -type f -exec sha256sum {} + |
		sed "s/x\{50,\}/${long_name}/" | sort -k 2)
}

shallow_sums() { # folder: contents alone, whatever the names are
	find "$1" -type f -exec sha256sum {} + | cut -d' ' -f1 | sort
}

user() {
	setpriv --reuid=1000 --regid=1000 --clear-groups "$@"
}

run() { # what it is, command
	what=$1
	shift
	"$@" >/run/out 2>&1
	status=$?
	[ $status = 0 ] && return
	fault "$disc: $what: status $status"
	tail -n 5 /run/out
	return 1
}

# The kernel's own reader, by each of its three kinds of names.
mounted() { # options, folder that is expected
	if ! mount -t iso9660 -o "ro$1" "/dev/sr$n" /mnt/disc; then
		fault "$disc: the kernel does not mount it with '$1'"
		return
	fi
	case $1 in *norock*) long_name=x ;; *) long_name='&' ;; esac
	case $1 in
	*nojoliet*)
		shallow_sums /mnt/disc >/run/read
		shallow_sums "$2" >/run/wanted ;;
	*)
		sums /mnt/disc >/run/read
		sums "$2" >/run/wanted ;;
	esac
	cmp -s /run/read /run/wanted || {
		fault "$disc: mounted with '$1' it differs from $2"
		diff /run/wanted /run/read | head -n 5
	}
	umount /mnt/disc
}

mounted_every_way() { # options, folder
	mounted "$1" "$2"
	mounted "$1,norock,iocharset=utf8" "$2"
	mounted "$1,norock,nojoliet" "$2"
}

reload() {
	run eject "$lathe" eject -d "/dev/sr$n"
	run load "$lathe" load -d "/dev/sr$n"
}

tree /run/first first
tree /run/second/more second
cp -r /run/first/. /run/second
chmod -R a+rX /run/first /run/second

n=-1
for disc in $discs; do
	n=$((n + 1))
	before=$faults
	chmod 666 "/dev/sr$n"
	run "burn as a user" user "$lathe" burn -d "/dev/sr$n" \
		--verify full /run/first/ || continue
	reload
	mounted_every_way "" /run/first
	run "append by sg" "$lathe" burn -d "/dev/sg$n" --verify full \
		/more=/run/second/more || continue
	reload
	mounted_every_way "" /run/second
	# No drive tells of sessions on what can be overwritten: the first
	# one is at block 32.
	case $disc in
	*+rw | *ram | *re | *ow) first=sbsector=32 ;;
	*) first=session=0 ;;
	esac
	mounted_every_way ",$first" /run/first
	[ $faults = $before ] && echo "disc $disc: two sessions, mounted"
done

dmesg | grep -E 'rock: |bread failed|secondary root|corrupted|I/O error' &&
	fault "the kernel complains"
[ $faults = 0 ] && [ $n -ge 0 ] && echo PASS
