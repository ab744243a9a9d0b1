#!/bin/sh
# SPDX-License-Identifier: MIT
# Who may know whom: session -> joliet, iso9660, mmc; joliet -> iso9660;
# iso9660 and mmc -> lathe.h; the emulator -> lathe.h, so that a field misread
# on one side of the wire is not misread the same way on the other. Shown by
# what is included and by what the linker would have to find.
. tests/house/lib_house.sh

# Headers of ISO C that any file may include: no locale, no clock, no signals.
# "arm_acle" is the compiler's own: instructions of a processor.
iso_c=" arm_acle assert errno float inttypes limits math stdalign stdarg
 stdatomic stdbool stddef stdint stdio stdlib string "
iso_c=$(echo $iso_c)

library_of_path() {
	case $1 in
	mmc/emulator/*) echo emulator ;;
	*/*) echo "${1%%/*}" ;;
	esac
}

check_include() { # library, file, included path
	owner=$(library_of_path "$3")
	[ "$3" = lathe.h ] && return
	[ -e "$3" ] || fault "$2 includes $3, which is not there"
	case " $1 $(uses_of "$1") " in
	*" $owner "*) ;;
	*) fault "$2 ($1) includes $3 (${owner:-no library})" ;;
	esac
}

check_system_include() { # file, header name without .h
	is_os_file "$1" && return
	case " $iso_c " in
	*" $2 "*) ;;
	*) fault "$1 includes <$2.h>" ;;
	esac
}

for lib in $libraries; do
	for file in "$(folder_of "$lib")"/*.[ch]; do
		[ -e "$file" ] || continue
		for path in $(sed -n \
			's/^[ 	]*#[ 	]*include[ 	]*"\(.*\)".*/\1/p' \
			"$file"); do
			check_include "$lib" "$file" "$path"
		done
		for name in $(sed -n \
			's/^[ 	]*#[ 	]*include[ 	]*<\(.*\)\.h>.*/\1/p' \
			"$file"); do
			check_system_include "$file" "$name"
		done
	done
done

# The program is an embedder like any other.
for file in tools/*.[ch]; do
	[ -e "$file" ] || continue
	for path in $(sed -n 's/^#[ ]*include[ ]*"\(.*\)".*/\1/p' "$file"); do
		case $path in
		lathe.h | */lathe_*.h | tools/*) ;;
		*) fault "$file includes $path, which is not public" ;;
		esac
	done
done

for lib in $libraries; do
	nm -g --defined-only "$(archive_of "$lib")" 2>/dev/null |
		awk 'NF == 3 { print $3 }' | sort -u >"$scratch/$lib.defined"
	nm -u "$(archive_of "$lib")" 2>/dev/null |
		awk '$1 == "U" && $2 ~ /^lathep?_/ { print $2 }' |
		sort -u >"$scratch/$lib.undefined"
done
for lib in $libraries; do
	for other in $lib $(uses_of "$lib"); do
		cat "$scratch/$other.defined"
	done | sort -u >"$scratch/known"
	for symbol in $(comm -23 "$scratch/$lib.undefined" "$scratch/known"); do
		fault "liblathe-$lib.a wants $symbol"
	done
	echo "$lib: $(wc -l <"$scratch/$lib.defined") symbols defined," \
		"$(wc -l <"$scratch/$lib.undefined") of lathe wanted"
done
finish
