#!/bin/sh
# SPDX-License-Identifier: MIT
# Copying is enough: every source compiles with nothing but -I., each library
# compiles from a tree that holds only what it may use, lathe.mk serves a
# makefile elsewhere, and the headers suit C99 and C++.
. tests/house/lib_house.sh

root=$PWD
copy() { # library, destination
	folder=$(folder_of "$1")
	mkdir -p "$2/$folder"
	cp "$folder"/*.[ch] "$2/$folder/" 2>/dev/null
}

for lib in $libraries; do
	tree=$scratch/$lib
	mkdir -p "$tree/objects"
	cp lathe.h "$tree/"
	for part in $lib $(uses_of "$lib"); do
		copy "$part" "$tree"
	done
	(cd "$tree/objects" &&
		"$CC" -std=c11 -I.. -c ../"$(folder_of "$lib")"/*.c) \
		>"$scratch/output" 2>&1 ||
		fault "$lib does not compile alone:
$(head -n 20 "$scratch/output")"
done

# The whole, as one command.
whole=$scratch/whole
mkdir -p "$whole"
(cd "$whole" && "$CC" -std=c11 -I"$root" -c $(cd "$root" &&
	library_sources | sed "s|^|$root/|")) >"$scratch/output" 2>&1 ||
	fault "the one command fails:
$(head -n 20 "$scratch/output")"

# What other projects define for everything is no trouble.
(cd "$whole" && "$CC" -std=c11 -I"$root" -Wall -Werror -D_GNU_SOURCE \
	-D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 \
	-D_TIME_BITS=64 -fsyntax-only $(cd "$root" &&
		library_sources | sed "s|^|$root/|")) \
	>"$scratch/output" 2>&1 || fault "defines of others:
$(head -n 20 "$scratch/output")"

# Two objects of one name would overwrite each other there.
twins=$(library_sources | sed 's|.*/||' | sort | uniq -d)
[ -z "$twins" ] || fault "sources of the same name:" $twins

cat >"$scratch/Makefile" <<END
include $root/lathe.mk
print:
	@echo \$(LATHE_DIR)
	@ls \$(LATHE_MMC_SRC) \$(LATHE_EMULATOR_SRC) \$(LATHE_ISO9660_SRC) \\
		\$(LATHE_JOLIET_SRC) \$(LATHE_SESSION_SRC)
END
make -s -C "$scratch" print >"$scratch/output" 2>&1 ||
	fault "lathe.mk does not serve: $(cat "$scratch/output")"
listed=$(($(wc -l <"$scratch/output") - 1))
[ "$listed" = "$(library_sources | wc -l)" ] ||
	fault "lathe.mk lists $listed sources, there are" \
		"$(library_sources | wc -l)"

# Each alone, and all at once: two headers may clash.
headers="lathe.h $(ls mmc/lathe_*.h mmc/emulator/lathe_*.h iso9660/lathe_*.h \
	joliet/lathe_*.h session/lathe_*.h)"
for header in $headers all; do
	case $header in
	all) printf '#include "%s"\n' $headers ;;
	*) echo "#include \"$header\"" ;;
	esac >"$scratch/header.c"
	cp "$scratch/header.c" "$scratch/header.cc"
	"$CC" -std=c99 -I. -Wall -Wextra -Wpedantic -Werror -fsyntax-only \
		"$scratch/header.c" >"$scratch/output" 2>&1 ||
		fault "$header as C99:
$(head -n 10 "$scratch/output")"
	command -v c++ >/dev/null 2>&1 || continue
	# A type and a function of one name are legal there, and a burden.
	c++ -std=c++11 -I. -Wall -Wextra -Wpedantic -Wconversion -Wshadow \
		-Werror -fsyntax-only "$scratch/header.cc" \
		>"$scratch/output" 2>&1 || fault "$header as C++:
$(head -n 10 "$scratch/output")"
done
command -v c++ >/dev/null 2>&1 || echo "no c++: headers not tried as C++"

# C++ looks for names that stand within a struct there alone.
within=$(grep -nE '^[[:space:]]+(enum|struct|union) [a-z0-9_]+ \{' $headers) &&
	fault "named within a struct, out of C++'s sight:
$within"
finish
