# SPDX-License-Identifier: MIT
# In the guest: tcmu-runner is a DVD-RAM drive, with /mnt/host/ram.img as its
# disc, which is a small one, since a format writes all of it. Three sessions,
# by an ordinary user and by root, by /dev/sr0 and /dev/sg0; the kernel mounts
# each of them.
. "${script%/*}/lib_guest_compare.sh"
disc=dvd-ram
n=0
bytes=67108864

load fs/configfs/configfs fs/overlayfs/overlay drivers/uio/uio \
	drivers/target/target_core_mod drivers/target/target_core_user \
	drivers/target/loopback/tcm_loop
mount -t configfs configfs /sys/kernel/config

# tcmu-runner looks for its parts where packages have them: a system of what
# is installed and what is unpacked only.
mkdir /mnt/unpacked /mnt/system /run/upper /run/overlay
mount -t hostfs none /mnt/unpacked -o "$unpacked"
mount -t overlay overlay /mnt/system -o \
	lowerdir=/mnt/unpacked:/,upperdir=/run/upper,workdir=/run/overlay
mkdir -p /mnt/system/mnt/host /mnt/system/lib/modules
for shared in dev proc sys run mnt/host; do
	mount --rbind "/$shared" "/mnt/system/$shared"
done
ln -sfn "${modules%/kernel}" "/mnt/system/lib/modules/$(uname -r)"
printf ", %s" "$(chroot /mnt/system tcmu-runner --version 2>&1)" \
	>>/mnt/host/versions

truncate -s $bytes /mnt/host/ram.img
chroot /mnt/system tcmu-runner -d --tcmu-log-dir /run >/run/tcmu 2>&1 &
tries=0
until dmesg | grep -q 'tcmu daemon'; do
	tries=$((tries + 1))
	[ $tries -gt 100 ] && { fault "no tcmu-runner"; cat /run/tcmu*; end; }
	sleep 0.1
done

# The disc as a target of the kernel's, and the target as a drive of its own.
target=/sys/kernel/config/target
backstore=$target/core/user_0/$disc
port=$target/loopback/naa.6001405000000001/tpgt_1
mkdir -p "$backstore"
echo "dev_size=$bytes,hw_block_size=2048,dev_config=fbo//mnt/host/ram.img" \
	>"$backstore/control"
echo 1 >"$backstore/enable"
mkdir -p "$port"
echo naa.6001405000000002 >"$port/nexus"
mkdir -p "$port/lun/lun_0"
ln -s "$backstore" "$port/lun/lun_0/disc"
wait_for_drive $n

run drives "$lathe" drives
grep -q '^/dev/sr0 .*DVD-RAM' /run/out || fault "no DVD-RAM: $(cat /run/out)"

tree /run/tree1 first
cp -r /run/tree1 /run/tree2
tree /run/tree2/more second
cp -r /run/tree2 /run/tree3
echo changed >"/run/tree3/folder/deeper/Grüße first.txt"
echo new >/run/tree3/new
chmod -R a+rX /run/tree1 /run/tree2 /run/tree3
cp -r /run/tree1 /run/tree2 /run/tree3 /mnt/host

# A disc that was used is erased first.
run "burn by root" "$lathe" burn -d /dev/sr0 /run/tree1/
run format "$lathe" format -d /dev/sr0
run info "$lathe" info -d /dev/sr0
grep -q 'a blank DVD-RAM' /run/out || fault "after format: $(cat /run/out)"

# The capacity is that of the medium, and does not change: nothing has to be
# loaded anew.
chmod 666 /dev/sr0
run "burn as a user" user "$lathe" burn -d /dev/sr0 --verify full /run/tree1/
mounted "" /run/tree1
run "append by sg" "$lathe" burn -d /dev/sg0 --verify full \
	/more=/run/tree2/more
mounted "" /run/tree2
run "update as a user" user "$lathe" burn -d /dev/sr0 --verify full \
	--update /run/tree3/
mounted_every_way "" /run/tree3

# Each of the three, by its address.
run sessions "$lathe" ls -d /dev/sr0 --sessions
cp /run/out /mnt/host/sessions
for number in 1 2 3; do
	start=$(awk -v number=$number '$1 == number { print $2 }' \
		/mnt/host/sessions)
	mounted_every_way ",sbsector=$start" /run/tree$number
	run "verify session $number" user "$lathe" verify -d /dev/sr0 \
		--session $number --full
	run "extract session $number" "$lathe" extract -d /dev/sr0 \
		--session $number -C /run/back$number
	diff -r /run/tree$number /run/back$number >/run/out 2>&1 ||
		fault "what is read of session $number differs"
done

# The head of the disc, cut by another program.
dd if=/dev/zero of=/mnt/host/ram.img bs=2048 seek=16 count=16 conv=notrunc \
	2>/dev/null
run repair "$lathe" repair -d /dev/sr0
grep -q 'made anew' /run/out || fault "repair: $(cat /run/out)"
mounted_every_way "" /run/tree3
kernel_is_quiet
