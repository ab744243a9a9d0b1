#!/bin/sh
# SPDX-License-Identifier: MIT
# Where a file system can share blocks between files, an image takes hardly any
# room but for what is not in large files: new, going on in place, and as a
# copy that goes on. XFS and btrfs in files, mounted for this test alone.
. tests/tools/lib_tools.sh
# Not all have these where everybody's programs are.
PATH=$PATH:/usr/sbin:/sbin
need unshare mount bsdtar mkfs.xfs mkfs.btrfs

[ "${1-}" = mounted ] || {
	unshare -m true 2>/dev/null || {
		echo "only root may mount"
		exit 77
	}
	unshare -m "$0" mounted
	exit
}

# Bytes in use, with all that was written counted.
used() {
	sync -f "$at"
	df -B 1 --output=used "$at" | tail -n 1
}

shares() { # what, arguments
	what=$1
	shift
	before=$(used)
	does "$@"
	more=$(($(used) - before))
	[ $more -lt 8000000 ] || fault "$kind: $what takes $more bytes"
}

same() { # image, folder in it
	bsdtar -C "$scratch/got" -xf "$1" || fault "$kind: bsdtar: $1"
	diff -r "$at/$2" "$scratch/got/$2" || fault "$kind: $1 differs"
	rm -rf "$scratch/got/$2"
}

# Sizes of odd numbers of blocks, so that not each begins where the file
# system has a block by itself.
try() { # kind
	kind=$1
	at=$scratch/$kind
	mkdir "$at"
	truncate -s 700M "$at.img"
	"mkfs.$kind" -q "$at.img" >/dev/null
	mount -o loop "$at.img" "$at" 2>"$scratch/err" || {
		echo "$kind can not be mounted: $(cat "$scratch/err")"
		return
	}
	tried=$((tried + 1))
	mkdir "$at/first" "$at/second"
	for i in 1 2 3; do
		head -c $((20000001 + 2048 * i)) /dev/urandom >"$at/first/$i"
	done
	head -c 30000000 /dev/urandom >"$at/second/4"
	shares "a new image" image -o "$at/new.iso" "$at/first"
	same "$at/new.iso" first
	shares "one that goes on" image -M "$at/new.iso" "$at/second"
	same "$at/new.iso" first
	same "$at/new.iso" second
	umount "$at"
}

tried=0
mkdir "$scratch/got"
try xfs
try btrfs
[ $tried -gt 0 ] || exit 77
finish
