#!/bin/sh
# SPDX-License-Identifier: MIT
# What the libraries want from a system, exactly: the headers of C that a
# compiler brings itself, and the few functions declared below. With no other
# header within reach every source compiles, those for an operating system to
# calls that say so; no object wants a symbol that is not on the list; and
# every function of the list is wanted by somebody.
set -u
CC=${CC:-cc}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/freestanding.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
faults=0
fault() {
	echo "FAULT: $*"
	faults=$((faults + 1))
}

mkdir "$scratch/libc" "$scratch/objects"

# C11 7.24
cat >"$scratch/libc/string.h" <<'END'
#include <stddef.h>
void *memchr(const void *s, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *s, int c, size_t n);
char *strchr(const char *s, int c);
int strcmp(const char *a, const char *b);
size_t strcspn(const char *s, const char *reject);
size_t strlen(const char *s);
END
# C11 7.22: where no hook brings memory
cat >"$scratch/libc/stdlib.h" <<'END'
#include <stddef.h>
void free(void *p);
void *realloc(void *p, size_t n);
END
# C11 7.21: texts of failures
cat >"$scratch/libc/stdio.h" <<'END'
#include <stdarg.h>
#include <stddef.h>
int snprintf(char *restrict s, size_t n, const char *restrict format, ...);
int vsnprintf(char *restrict s, size_t n, const char *restrict format,
	      va_list args);
END
# C11 7.5: why a file could not be written
cat >"$scratch/libc/errno.h" <<'END'
int *__errno_location(void);
#define errno (*__errno_location())
END
# C11 7.27: a clock, where a system has no better one
cat >"$scratch/libc/time.h" <<'END'
typedef long time_t;
struct timespec {
	time_t tv_sec;
	long tv_nsec;
};
#define TIME_UTC 1
int timespec_get(struct timespec *t, int base);
END
# C11 7.8
cat >"$scratch/libc/inttypes.h" <<'END'
#include <stdint.h>
#define PRId32 "d"
#define PRIu32 "u"
#define PRIx32 "x"
#define PRIX32 "X"
#define PRId64 __INT64_FMTd__
#define PRIu64 __UINT64_FMTu__
#define PRIx64 __UINT64_FMTx__
END
if [ -n "$(echo __INT64_FMTd__ | "$CC" -E -P -xc - | grep __)" ]; then
	long=$([ "$(echo __SIZEOF_LONG__ | "$CC" -E -P -xc -)" = 8 ] &&
		echo l || echo ll)
	sed -i "s/__U*INT64_FMT\\(.\\)__/\"$long\\1\"/" \
		"$scratch/libc/inttypes.h"
fi
# What gcc's own limits.h looks for behind it.
: >"$scratch/libc/limits.h"

own=$("$CC" -print-file-name=include)
case $("$CC" --version) in
*clang*) own=$("$CC" -print-resource-dir)/include ;;
esac
if [ ! -e "$own/stdint.h" ]; then
	echo "no headers of $CC's own"
	exit 77
fi

# The compiler is told that it compiles for no system at all.
no_system="-U__unix__ -U__unix -Uunix -U__linux__ -U__linux -Ulinux
	-U__gnu_linux__ -U__APPLE__ -U__FreeBSD__"
flags="-std=c11 -O1 -ffreestanding -nostdinc -isystem $own
	-isystem $scratch/libc -fno-stack-protector -fno-pic -Wall -Wextra
	-Wno-unused -Werror"

sources=$(ls mmc/*.c mmc/emulator/*.c iso9660/*.c joliet/*.c session/*.c)
for source in $sources; do
	object=$scratch/objects/$(basename "$source" .c).o
	"$CC" $flags $no_system -U_FORTIFY_SOURCE -I. -c -o "$object" \
		"$source" >"$scratch/output" 2>&1 ||
		fault "$source: $(grep -m 3 error "$scratch/output")"
done

# __cpu_model is the compiler's own library's: what the processor can do.
allowed="$(sed -n 's/^.*[ *]\([a-z_]*\)(.*/\1/p' "$scratch"/libc/*.h) __cpu_model"
nm -u "$scratch"/objects/*.o 2>/dev/null |
	awk '$1 == "U" && $2 !~ /^lathep?_/ { print $2 }' | sort -u \
	>"$scratch/wanted"
for symbol in $(cat "$scratch/wanted"); do
	case " $(echo $allowed) " in
	*" $symbol "*) ;;
	*)
		users=$(nm -A -u "$scratch"/objects/*.o 2>/dev/null |
			awk -v s="$symbol" '$NF == s { print $1 }' |
			sed 's|.*/||; s|:$||')
		fault "$symbol is wanted by" $users ;;
	esac
done
for symbol in $allowed; do
	grep -qx "$symbol" "$scratch/wanted" || [ "$symbol" = __cpu_model ] ||
		fault "$symbol is wanted by nobody"
done
echo "$(echo "$sources" | wc -l) sources want:" $(cat "$scratch/wanted")
echo "$faults faults"
[ $faults = 0 ]
