# SPDX-License-Identifier: MIT
# In the guest: the drive vanishes in the middle of a burn. The program ends
# with an error that says so, soon, and the kernel takes the drive away.
mkdir -p /run/tree
head -c 8000000 /dev/urandom >/run/tree/file

timeout 60 "$lathe" burn -d /dev/sr0 /run/tree/ >/run/out 2>&1
status=$?
cat /run/out
# The status of "no drive, or the way to it failed": see the manual.
[ $status = 10 ] || fault "status $status"
tries=0
while [ -b /dev/sr0 ]; do
	tries=$((tries + 1))
	[ $tries -gt 100 ] && { fault "the kernel still has the drive"; break; }
	sleep 0.05
done
"$lathe" info -d /dev/sr0 >/run/out 2>&1 && fault "info of no drive succeeds"
kernel_is_quiet 'I/O error'
