# SPDX-License-Identifier: MIT
# In the guest: who may use a drive, who has it, and whether the system sees
# what was recorded.
wrong() { # what; the program's words follow
	fault "$*"
	cat /run/out
}
says() {
	grep -q "$1" /run/out || wrong "not said: $1"
}

mkdir /run/tree
echo something >/run/tree/file
chmod -R a+rX /run/tree

"$lathe" drives >/run/out 2>&1 || wrong "drives ends with status $?"
says '^/dev/sr0 .*CD-R, blank'

# The group that may use the drive is named.
chgrp cdrom /dev/sr0
chmod 660 /dev/sr0
user "$lathe" info -d /dev/sr0 >/run/out 2>&1 && wrong "no right is needed"
says "join the group 'cdrom'"

# So is the program that has it, by whichever node.
"$guest_tool" hold /dev/sr0 >/run/held &
holder=$!
until grep -q held /run/held; do sleep 0.05; done
for node in sr0 sg0; do
	"$lathe" burn -d /dev/$node /run/tree/ >/run/out 2>&1 &&
		wrong "$node was not busy"
	says "in use by tool_guest (process $holder)"
done

# One that lets go soon, as those do that look into a new disc, is waited for;
# and without a reload by hand the system mounts what was recorded.
{
	sleep 1.5
	kill $holder
} &
"$lathe" burn -d /dev/sr0 --reload /run/tree/ >/run/out 2>&1 ||
	wrong "burn --reload ends with status $?"
mount -t iso9660 -o ro /dev/sr0 /mnt/disc >/run/out 2>&1 ||
	wrong "the new session is not mounted"
cmp -s /run/tree/file /mnt/disc/file || wrong "another file is mounted"

# A mounted disc is not recorded on.
for node in sr0 sg0; do
	"$lathe" burn -d /dev/$node /run/tree/ >/run/out 2>&1 &&
		wrong "$node was mounted"
	says "mounted on /mnt/disc"
done
umount /mnt/disc

# Without a reload at all, what is said of the system is what it does.
echo more >/run/more
"$lathe" burn -d /dev/sr0 /run/more >/run/out 2>&1 ||
	wrong "burn ends with status $?"
says "the system still mounts the session at block 0"
mount -t iso9660 -o ro /dev/sr0 /mnt/disc >/run/out 2>&1 ||
	wrong "the old session is not mounted"
[ -e /mnt/disc/more ] && wrong "the new session is mounted"
umount /mnt/disc
kernel_is_quiet
