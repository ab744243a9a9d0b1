#!/bin/sh
# SPDX-License-Identifier: MIT
# What 'make install' puts down is enough: another project finds the
# libraries by pkg-config, compiles and links them, and DESTDIR only moves
# files, it does not get into them.
. tests/house/lib_house.sh
need_plain_build

command -v pkg-config >/dev/null 2>&1 || skip "no pkg-config"
[ -e "$BUILD/lathe" ] || skip "no program yet"

destdir=$scratch/stage
prefix=/opt/lathe
make -s BUILD="$BUILD" CC="$CC" DESTDIR="$destdir" PREFIX=$prefix install \
	>"$scratch/output" 2>&1 || fault "$(tail -n 20 "$scratch/output")"

root=$destdir$prefix
[ -x "$root/bin/lathe" ] || fault "no program"
for lib in $libraries; do
	[ -s "$root/lib/liblathe-$lib.a" ] || fault "no liblathe-$lib.a"
	header=include/lathe/$(public_header_of "$lib")
	[ -s "$root/$header" ] || fault "no $header"
done
[ -s "$root/include/lathe/lathe.h" ] || fault "no lathe.h"
find "$root/include" -name '*internal*' | grep -q . &&
	fault "a private header is installed"
grep -rqF "$destdir" "$root/lib/pkgconfig" && fault "DESTDIR got into a file"

PKG_CONFIG_PATH=$root/lib/pkgconfig
export PKG_CONFIG_PATH
version=$(sed -n 's/^.define LATHE_VERSION "\(.*\)"/\1/p' lathe.h)
for lib in $libraries; do
	pkg() {
		pkg-config --define-variable=prefix="$root" "$@" "lathe-$lib"
	}
	[ "$(pkg --modversion)" = "$version" ] ||
		fault "lathe-$lib.pc: version $(pkg --modversion)"
	cat >"$scratch/user.c" <<END
#include "$(public_header_of "$lib")"
int main(void) { return LATHE_OK; }
END
	# Every symbol of the library has to be found by what it asks for.
	(cd "$scratch" && "$CC" -std=c11 $(pkg --cflags) -o user user.c \
		-Wl,--whole-archive "$root/lib/liblathe-$lib.a" \
		-Wl,--no-whole-archive $(pkg --libs | sed "s/-llathe-$lib//") \
		) >"$scratch/output" 2>&1 ||
		fault "lathe-$lib.pc: $(head -n 10 "$scratch/output")"
done
finish
