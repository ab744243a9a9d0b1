#!/bin/sh
# SPDX-License-Identifier: MIT
# The first process of the guest: root file system is the host's, read-only.
# From the kernel's command line: work (a directory that may be written to),
# lathe, guest_tool, modules, unpacked (packages that are not installed), discs
# (one name for each drive, in order, with commas between), script.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
discs=$(echo "$discs" | tr , ' ')

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs tmpfs /mnt
mkdir /mnt/host /mnt/disc
mount -t hostfs none /mnt/host -o "$work"
exec >/mnt/host/said 2>&1

end() {
	sync
	echo o >/proc/sysrq-trigger
	sleep 10
}

faults=0
fault() {
	echo "FAULT: $*"
	faults=$((faults + 1))
}

user() {
	setpriv --reuid=1000 --regid=1000 --clear-groups "$@"
}

load() { # modules, each after those it needs
	paths=
	for module; do
		paths="$paths $modules/$module.ko"
	done
	"$guest_tool" load $paths || end
}

wait_for_drive() { # number
	tries=0
	until [ -b "/dev/sr$1" ] && [ -c "/dev/sg$1" ]; do
		tries=$((tries + 1))
		[ $tries -gt 200 ] && { echo "FAULT: no drive $1"; end; }
		sleep 0.05
	done
}

kernel_is_quiet() { # expression: what it may say
	dmesg | grep -E 'BUG|Oops|WARNING:|I/O error|bread failed|rock: |secondary root|corrupted' |
		grep -Ev "${1:-^$}" && fault "the kernel complains"
}

load drivers/cdrom/cdrom drivers/scsi/scsi_common drivers/scsi/scsi_mod \
	drivers/scsi/sg drivers/scsi/sr_mod fs/isofs/isofs \
	drivers/scsi/virtio_scsi
printf %s "$(uname -sr)" >/mnt/host/versions

# The drives come one after the other; all of them are wanted.
n=0
for disc in $discs; do
	wait_for_drive $n
	n=$((n + 1))
done

. "$script"
[ $faults = 0 ] && echo PASS
end
