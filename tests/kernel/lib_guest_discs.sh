# SPDX-License-Identifier: MIT
# In the guest: two sessions on each disc, the first as an ordinary user by
# /dev/srN, the second as root by /dev/sgN; each is mounted by the kernel,
# with Rock Ridge, Joliet and plain names.
. "${script%/*}/lib_guest_compare.sh"

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

kernel_is_quiet
[ $n -ge 0 ] || fault "there is no drive"
