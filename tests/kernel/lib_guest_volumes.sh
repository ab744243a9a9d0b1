# SPDX-License-Identifier: MIT
# In the guest: images are mounted, session by session, and compared.
load drivers/block/loop
python3 -B "${script%/*}/volumes_guest.py" /mnt/host/volumes /mnt/disc ||
	fault "the kernel shows something else"
kernel_is_quiet
