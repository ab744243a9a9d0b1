#!/bin/sh
# SPDX-License-Identifier: MIT
# What can not be read of the descriptors at block 16 would be lost when an
# image grows: the copy of the head, and the new one, would lack it, though the
# next try might read it. The image stays as it is.
. tests/tools/lib_tools.sh
need "${CC:-cc}"

cat >"$scratch/shim.c" <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>

/* One block of the file can not be read from the FROM-th try on, FOR times. */
static int fails(size_t bytes, long long at)
{
	static int tries;
	const char *block = getenv("BLOCK");
	long long bad = block ? atoll(block) * 2048 : -1;
	int from = atoi(block ? getenv("FROM") : "0");

	if (bad < at || bad >= at + (long long)bytes)
		return 0;
	tries++;
	return tries >= from && tries < from + atoi(getenv("FOR"));
}

#define PREAD(function, type)                                              \
	ssize_t function(int fd, void *out, size_t bytes, type at)         \
	{                                                                  \
		ssize_t (*next)(int, void *, size_t, type) =               \
			dlsym(RTLD_NEXT, __func__);                        \
									   \
		if (!fails(bytes, at))                                     \
			return next(fd, out, bytes, at);                   \
		errno = EIO;                                               \
		return -1;                                                 \
	}

PREAD(pread, off_t)
PREAD(pread64, off64_t)
C
"${CC:-cc}" -shared -fPIC -o "$scratch/shim.so" "$scratch/shim.c" -ldl ||
	fault "no shim"

grows() { # block, number of the first try that fails, how many fail
	BLOCK=$1 FROM=$2 FOR=$3 \
		ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0 \
		LD_PRELOAD=$scratch/shim.so "$lathe" image -M "$scratch/i.iso" \
		"$scratch/b/" >"$scratch/out" 2>"$scratch/err"
	status=$?
}

SOURCE_DATE_EPOCH=1700000000
export SOURCE_DATE_EPOCH
make_tree "$scratch/a" 1
make_tree "$scratch/b" 2
does image -o "$scratch/base.iso" "$scratch/a/"
cp "$scratch/base.iso" "$scratch/want.iso"
does image -M "$scratch/want.iso" "$scratch/b/"
for block in 17 18; do
	say "block $block"
	refused=0
	for from in 1 2 3 4 5 6 7 8; do
		for count in 1 100; do
			cp "$scratch/base.iso" "$scratch/i.iso"
			grows $block $from $count
			if [ $status = 0 ]; then
				cmp -s "$scratch/i.iso" "$scratch/want.iso" ||
					fault "$from, $count: another image"
				continue
			fi
			refused=$((refused + 1))
			cmp -s "$scratch/i.iso" "$scratch/base.iso" ||
				fault "$from, $count: not as it was"
		done
	done
	[ $refused -gt 0 ] || fault "the shim was never asked"
done
finish
