#!/bin/sh
# SPDX-License-Identifier: MIT
# A library of lathe keeps no state of its own, is silent, ends no process,
# depends on no locale, clock or chance, and takes no name of the linker's
# but lathe_<library>_ (declared in a public header of its folder) and lathep_.
. tests/house/lib_house.sh
need_plain_build

denied='
printf vprintf fprintf vfprintf dprintf vdprintf puts fputs putchar fputc putc
perror psignal err errx warn warnx stdout stderr stdin _IO_putc
__printf_chk __fprintf_chk __vprintf_chk __vfprintf_chk
exit _exit _Exit quick_exit abort atexit raise kill
signal sigaction sigprocmask alarm setitimer
getenv secure_getenv setenv putenv setlocale localeconv environ
time localtime gmtime localtime_r mktime ctime asctime strftime tzset
rand srand random srandom qsort bsearch strtok gets tmpnam system popen
fork vfork execv execve execvp
__ctype_b_loc __ctype_tolower_loc __ctype_toupper_loc'
# pthread_sigmask(3) is not among them: threads of a library keep the signals
# of the program away from themselves.
# qsort(3): not stable, and it may allocate. strtok(3): keeps a state.
# ctype.h: answers by locale.

for lib in $libraries; do
	archive=$(archive_of "$lib")
	[ -s "$archive" ] || fault "$archive is not there"
	for symbol in $(nm -u "$archive" 2>/dev/null |
		awk '$1 == "U" { print $2 }' | sort -u); do
		case " $(echo $denied) " in
		*" $symbol "*)
			users=$(nm -A -u "$archive" 2>/dev/null |
				awk -F: -v s=" $symbol\$" '$0 ~ s { print $2 }')
			fault "liblathe-$lib.a uses $symbol:" $users ;;
		esac
	done

	# Writable sections. Constant tables of pointers are .data.rel.ro: the
	# loader fills them in, nobody else.
	objdump -h "$archive" 2>/dev/null | awk -v lib="$lib" '
		/file format/ { object = $1 }
		$2 ~ /^\.(data|bss|tdata|tbss|ldata|lbss)/ &&
		$2 !~ /^\.data\.rel\.ro/ && $3 !~ /^0+$/ {
			print "liblathe-" lib ".a: " object " " $2 " 0x" $3
		}' >"$scratch/writable"
	nm "$archive" 2>/dev/null | awk '$2 == "C" { print "common " $3 }' \
		>>"$scratch/writable"
	while read -r line; do
		fault "mutable state in $line"
	done <"$scratch/writable"

	headers=$(ls "$(folder_of "$lib")"/lathe_*.h)
	for symbol in $(nm -g --defined-only "$archive" 2>/dev/null |
		awk 'NF == 3 { print $3 }' | sort -u); do
		case $symbol in
		lathep_*) ;;
		lathe_${lib}_*)
			grep -qw "$symbol" $headers ||
				fault "$symbol is in no public header" ;;
		*) fault "liblathe-$lib.a defines $symbol" ;;
		esac
	done
done

# Twice the same name would make the order of linking matter.
for lib in $libraries; do
	nm -g --defined-only "$(archive_of "$lib")" 2>/dev/null |
		awk 'NF == 3 && $2 != "W" { print $3 }'
done | sort | uniq -d >"$scratch/twice"
while read -r symbol; do
	fault "$symbol is defined twice"
done <"$scratch/twice"

# What the headers promise is there.
for lib in $libraries; do
	headers=$(ls "$(folder_of "$lib")"/lathe_*.h)
	# Without comments; a declaration's name stands before its bracket.
	for header in $headers; do
		"$CC" -I. -E -P -x c "$header" 2>/dev/null
	done |
		grep -o "lathe_${lib}_[a-z0-9_]* *(" | tr -d ' (' |
		sort -u >"$scratch/promised"
	nm -g --defined-only "$(archive_of "$lib")" 2>/dev/null |
		awk 'NF == 3 { print $3 }' | sort -u >"$scratch/defined"
	for symbol in $(comm -23 "$scratch/promised" "$scratch/defined"); do
		# Inline functions and types of callbacks are no symbols.
		grep -q "inline.*$symbol\|typedef.*$symbol" $headers ||
			fault "$symbol is declared, nobody defines it"
	done
done
finish
