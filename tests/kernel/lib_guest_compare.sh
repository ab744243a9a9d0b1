# SPDX-License-Identifier: MIT
# In the guest: what is recorded, and whether the kernel reads just that. To
# be set: disc, the name of the disc, and n, the number of its drive.

# What is recorded: long and strange names, an empty file, a large one.
tree() { # folder, mark
	mkdir -p "$1/folder/deeper" "$1/empty folder"
	echo "$2" >"$1/$2 of the session"
	: >"$1/folder/nothing"
	head -c 1500000 /dev/urandom >"$1/folder/large.bin"
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
