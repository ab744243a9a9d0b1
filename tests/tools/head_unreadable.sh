#!/bin/sh
# SPDX-License-Identifier: MIT
# What can not be read of the descriptors at block 16 would be lost when an
# image grows: the copy of the head, and the new one, would lack it, though the
# next try might read it. The image stays as it is. Nor is an older session
# taken for the newest one where the descriptors of that can not be read.
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

# Block, number of the first try that fails, how many fail; arguments.
unread() {
	block=$1 from=$2 count=$3
	shift 3
	BLOCK=$block FROM=$from FOR=$count \
		ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0 \
		LD_PRELOAD=$scratch/shim.so "$lathe" "$@" >"$scratch/out" \
		2>"$scratch/err" </dev/null
	status=$?
	[ $status -lt 128 ] || fault "status $status of $*"
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
			unread $block $from $count image -M \
				"$scratch/i.iso" "$scratch/b/"
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

# Told, or as if nothing were.
as_wanted() { # what it was, the file with the answer, what it ought to be
	[ $status != 0 ] && return
	cmp -s "$2" "$3" && return
	fault "$1 with block $block, $from, $count: $(cat "$scratch/err")"
}

"$lathe" ls -l -i "$scratch/want.iso" >"$scratch/ls"
"$lathe" map -i "$scratch/want.iso" >"$scratch/map"
"$lathe" ls --sessions -i "$scratch/want.iso" >"$scratch/sessions"
start=$(sed -n 's/^ *2 *\([0-9]*\) .*/\1/p' "$scratch/sessions")
echo new >"$scratch/new"
cp "$scratch/want.iso" "$scratch/more.iso"
does image -M "$scratch/more.iso" "$scratch/new"
"$lathe" ls -i "$scratch/more.iso" >"$scratch/more"
cp "$scratch/want.iso" "$scratch/i.iso"
cp "$scratch/want.iso" "$scratch/torn.iso"
dd if=/dev/zero of="$scratch/torn.iso" bs=2048 seek=16 count=1 conv=notrunc \
	2>"$scratch/err"
for bad in 16 17 18 $((start + 16)) $((start + 17)) $((start + 18)); do
	say "block $bad of two sessions"
	for from in 1 2 3 4 5 6; do
		for count in 1 100; do
			unread $bad $from $count ls -l -i "$scratch/want.iso"
			as_wanted ls "$scratch/out" "$scratch/ls"
			unread $bad $from $count map -i "$scratch/want.iso"
			as_wanted map "$scratch/out" "$scratch/map"
			unread $bad $from $count ls --sessions \
				-i "$scratch/want.iso"
			grep -q "block $bad can not be read" "$scratch/err" ||
				as_wanted --sessions "$scratch/out" \
					"$scratch/sessions"
			unread $bad $from $count verify -i "$scratch/want.iso"
			[ $status != 0 ] || grep -q '^session 2: ' \
				"$scratch/out" || fault "verify: $bad, $from"
			unread $bad $from $count repair -i "$scratch/i.iso"
			cmp -s "$scratch/i.iso" "$scratch/want.iso" || {
				fault "repair with block $bad, $from, $count"
				cp "$scratch/want.iso" "$scratch/i.iso"
			}
			# The same where block 16 is torn.
			cp "$scratch/torn.iso" "$scratch/t.iso"
			unread $bad $from $count repair -i "$scratch/t.iso"
			if [ $status = 0 ]; then
				does ls -l -i "$scratch/t.iso"
				as_wanted "torn: repair" "$scratch/out" \
					"$scratch/ls"
			else
				cmp -s "$scratch/t.iso" "$scratch/torn.iso" ||
					fault "torn: $bad, $from, $count"
			fi
			unread $bad $from $count ls -l -i "$scratch/torn.iso"
			as_wanted "torn: ls" "$scratch/out" "$scratch/ls"
			unread $bad $from $count image -M "$scratch/i.iso" \
				"$scratch/new"
			if [ $status = 0 ]; then
				does ls -i "$scratch/i.iso"
				as_wanted image "$scratch/out" "$scratch/more"
				cp "$scratch/want.iso" "$scratch/i.iso"
			else
				cmp -s "$scratch/i.iso" "$scratch/want.iso" ||
					fault "not as it was: $bad, $from"
			fi
		done
	done
done

# What is in front of the descriptors, and what stands among them, nobody has
# but the head: boot code, a boot record.
say "repair"
cp "$scratch/want.iso" "$scratch/boot.iso"
head -c 32768 /dev/urandom >"$scratch/code"
dd if="$scratch/code" of="$scratch/boot.iso" conv=notrunc 2>"$scratch/err"
# PVD, boot record (ECMA-119 8.2), Joliet, terminator.
dd if="$scratch/want.iso" of="$scratch/boot.iso" bs=2048 skip=17 seek=18 \
	count=2 conv=notrunc 2>"$scratch/err"
{
	printf '\000CD001\001EL TORITO SPECIFICATION'
	head -c 2018 /dev/zero
} | dd of="$scratch/boot.iso" bs=2048 seek=17 conv=notrunc 2>"$scratch/err"
cp "$scratch/boot.iso" "$scratch/t.iso"
does repair -i "$scratch/t.iso"
cmp -s "$scratch/boot.iso" "$scratch/t.iso" || fault "it was repaired"
for bad in 0 5 16 17 18; do
	for from in 1 2 3 4 5 6 7 8 9 10 11 12; do
		for count in 1 100; do
			unread $bad $from $count repair -i "$scratch/t.iso"
			[ $status = 0 ] || [ $status = 3 ] ||
				fault "block $bad, $from: status $status"
			cmp -s "$scratch/boot.iso" "$scratch/t.iso" && continue
			fault "repair with block $bad, $from, $count"
			cp "$scratch/boot.iso" "$scratch/t.iso"
		done
	done
done

disc=$scratch/d.img
for medium in dvd-ram bd-re dvd+rw; do
	say "$medium"
	rm -f "$disc" "$disc.disc"
	does emu create "$disc" --media $medium
	does burn -d "emu:$disc" "$scratch/a/"
	does burn -d "emu:$disc" "$scratch/b"
	start=$(info "emu:$disc" sessions.1.start)
	"$lathe" ls -l -d "emu:$disc" >"$scratch/ls"
	for bad in 16 17 $((start + 16)) $((start + 17)) $((start + 18)); do
		echo "op=28 lba=$bad times=0 sense=3/11/05" >"$scratch/faults"
		block=$bad from=1 count=all
		run ls -l -d "emu:$disc,faults=$scratch/faults"
		as_wanted ls "$scratch/out" "$scratch/ls"
		[ $status = 0 ] || [ $status = 31 ] || fault "status $status"
		run verify -d "emu:$disc,faults=$scratch/faults"
		[ $status != 0 ] || grep -q '^session 2: ' "$scratch/out" ||
			fault "verify: $bad"
		# Nothing of what is there is lost by one session more.
		cp "$disc" "$disc.copy"
		cp "$disc.disc" "$disc.copy.disc"
		run burn --verify none -d "emu:$disc.copy,faults=$scratch/faults" \
			"$scratch/new"
		lost=32
		[ $bad -lt $start ] || lost=0
		equals "burn with block $bad" $status $lost
		does ls -l -d "emu:$disc.copy"
		grep -v " /new$" "$scratch/out" >"$scratch/kept"
		cmp -s "$scratch/kept" "$scratch/ls" ||
			fault "burn with block $bad: files are gone"
		[ $bad -lt $start ] && continue
		# The second one may be one that is not found any more.
		does ls --sessions -d "emu:$disc.copy,faults=$scratch/faults"
		grep -q "^ *2 *$start " "$scratch/out" ||
			says "not all of its "
	done
	does ls --session 1 -d "emu:$disc,faults=$scratch/faults"
	# Where the newest one's can be read in neither place it is there all
	# the same: none is recorded in its place, nor does another one get the
	# head.
	for pair in "16 17" "17 17" "18 18" "17 18" "18 17"; do
		mine=$((start + ${pair% *})) head=${pair#* }
		say "blocks $mine and $head"
		printf 'op=28 lba=%s times=0 sense=3/11/05\n' $mine $head \
			>"$scratch/faults"
		for command in "burn $scratch/new" "burn --plan $scratch/new" \
			"burn --update $scratch/a/" repair ls verify; do
			cp "$disc" "$disc.copy"
			cp "$disc.disc" "$disc.copy.disc"
			# shellcheck disable=SC2086
			ends 31 $command -d "emu:$disc.copy,faults=$scratch/faults"
			says "block $mine can not be read"
			if ! cmp -s "$disc.copy" "$disc" ||
				! cmp -s "$disc.copy.disc" "$disc.disc"; then
				fault "$command with blocks $pair"
			fi
		done
		# Who gives it up, or means an older one, may.
		does ls --session 1 -d "emu:$disc,faults=$scratch/faults"
		run burn --overwrite --verify none \
			-d "emu:$disc.copy,faults=$scratch/faults" \
			"$scratch/new"
		says 'not found again'
		does ls -d "emu:$disc.copy"
		equals "what is left" "$(cat "$scratch/out")" /new
	done
done
finish
