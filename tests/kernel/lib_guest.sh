#!/bin/sh
# SPDX-License-Identifier: MIT
# The first process of the guest: root file system is the host's, read-only.
# From the kernel's command line: work (a directory that may be written to),
# lathe, guest_tool, modules, discs (one name for each drive,
# in order, with commas between).
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
discs=$(echo "$discs" | tr , ' ')

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs tmpfs /mnt
mkdir /mnt/work /mnt/disc
mount -t hostfs none /mnt/work -o "$work"
exec >/mnt/work/said 2>&1

end() {
	sync
	echo o >/proc/sysrq-trigger
	sleep 10
}

"$guest_tool" load "$modules"/drivers/cdrom/cdrom.ko \
	"$modules"/drivers/scsi/scsi_common.ko \
	"$modules"/drivers/scsi/scsi_mod.ko "$modules"/drivers/scsi/sg.ko \
	"$modules"/drivers/scsi/sr_mod.ko "$modules"/fs/isofs/isofs.ko \
	"$modules"/drivers/scsi/virtio_scsi.ko || end
uname -sr >/mnt/work/kernel

# The drives come one after the other; all of them are wanted.
tries=0
for disc in $discs; do
	n=$((${n:--1} + 1))
	until [ -b "/dev/sr$n" ] && [ -c "/dev/sg$n" ]; do
		tries=$((tries + 1))
		[ $tries -gt 200 ] && { echo "FAULT: no drive $n"; end; }
		sleep 0.05
	done
done

. "$script"
end
