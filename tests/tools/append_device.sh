#!/bin/sh
# SPDX-License-Identifier: MIT
# An image on a block device grows behind all that is in use there: files that
# its volume does not count, and partitions behind it. The device is a file of
# which fstat says that it is one.
. tests/tools/lib_append.sh
need $PYTHON genisoimage xorriso "${CC:-cc}"

cat >"$scratch/shim.c" <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/stat.h>

static int is_device(int result, struct stat *st)
{
	struct stat device;

	if (!result && !stat(getenv("DEVICE"), &device) &&
	    st->st_ino == device.st_ino)
		st->st_mode = (st->st_mode & ~(mode_t)S_IFMT) | S_IFBLK;
	return result;
}

int fstat(int fd, struct stat *st)
{
	int (*next)(int, struct stat *) = dlsym(RTLD_NEXT, __func__);

	return is_device(next(fd, st), st);
}

/* The same struct on 64-bit machines. */
int fstat64(int fd, struct stat64 *st)
{
	int (*next)(int, struct stat64 *) = dlsym(RTLD_NEXT, __func__);

	return is_device(next(fd, st), (struct stat *)st);
}
C
"${CC:-cc}" -shared -fPIC -o "$scratch/shim.so" "$scratch/shim.c" -ldl ||
	fault "no shim"
DEVICE=$scratch/device
export DEVICE

mkdir "$scratch/one"
fill "$scratch/one/large" 3000000 a
echo old >"$scratch/one/zero"
fill "$scratch/new" 5000 b
cp -a "$scratch/one" "$scratch/both"
cp -a "$scratch/new" "$scratch/both"

appends() {
	# The sanitizer wants to be in front.
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0 \
		LD_PRELOAD=$scratch/shim.so "$lathe" image -M "$DEVICE" \
		"$scratch/new" >"$scratch/out" 2>"$scratch/err" ||
		fault "image -M: $(cat "$scratch/err")"
	equals "bytes of the device" "$(stat -c %s "$DEVICE")" 16777216
	session_is "$DEVICE" 2 "$scratch/both"
	strangers_see "$DEVICE" "$scratch/both"
}

# 16 MiB with the image of another program, with that volume space size
# (ECMA-119 8.4.8) and such a partition, full of numbers. Both stay.
grows() { # blocks, first sector of the partition, sectors
	genisoimage -quiet -R -J -o "$DEVICE" "$scratch/one" ||
		fault "genisoimage"
	truncate -s 16M "$DEVICE"
	$PYTHON - "$DEVICE" "$scratch/partition" "$@" <<'PY'
import random, struct, sys
blocks, start, sectors = map(int, sys.argv[3:])
content = random.Random(1).randbytes(sectors * 512)
open(sys.argv[2], "wb").write(content)
with open(sys.argv[1], "r+b") as device:
    for block in 16, 17:
        device.seek(block * 2048 + 80)
        device.write(struct.pack("<I", blocks) + struct.pack(">I", blocks))
    device.seek(462)
    device.write(struct.pack("<BxxxBxxxII", 0, 0x83, start, sectors))
    device.seek(510)
    device.write(b"\x55\xaa")
    device.seek(start * 512)
    device.write(content)
PY
	appends
	tail -c +$(($2 * 512 + 1)) "$DEVICE" | head -c $(($3 * 512)) |
		cmp - "$scratch/partition" || fault "the partition is lost"
}

say "a volume that says to end before its files"
grows 30 0 0
say "a partition behind the volume"
grows 1900 7640 2001
equals "start" "$("$lathe" ls -i "$DEVICE" --sessions --json |
	sed -n '2s/.*"start":\([0-9]*\).*/\1/p')" 2464

# xorriso's volume, and its master boot record, do not count such a partition.
say "a partition behind the volume that only another table has"
fill "$scratch/part" 300000 p
for table in apm gpt; do
	xorriso -as mkisofs -quiet -R -J -append_partition 2 0x83 \
		"$scratch/part" -appended_part_as_$table -o "$DEVICE" \
		"$scratch/one" 2>"$scratch/said" ||
		fault "xorriso: $(cat "$scratch/said")"
	truncate -s 16M "$DEVICE"
	# One entry for all of it (UEFI 5.2.3).
	if [ $table = gpt ]; then
		printf '\377\377\377\377' |
			dd of="$DEVICE" bs=1 seek=458 conv=notrunc 2>/dev/null
	fi
	at=$($PYTHON -c 'import sys
print(open(sys.argv[1], "rb").read().find(open(sys.argv[2], "rb").read()))' \
		"$DEVICE" "$scratch/part")
	appends
	tail -c +$((at + 1)) "$DEVICE" | head -c 300000 |
		cmp - "$scratch/part" || fault "the partition of $table is lost"
done
finish
