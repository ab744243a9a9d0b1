#!/bin/sh
# SPDX-License-Identifier: MIT
# Names that differ in case alone, extracted where such names are one: what the
# disc has there already is never replaced by another of its files, and no hard
# link leads to the wrong one. A file system that has one case is one here of
# which all names below a directory are made lower-case.
. tests/tools/lib_tools.sh
need "${CC:-cc}"

cat >"$scratch/shim.c" <<'C'
#define _GNU_SOURCE
#include <ctype.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

struct name {
	char text[256];
};

static const char *low(int directory, const char *path, struct name *name)
{
	size_t i, len = strlen(path);

	if (directory == AT_FDCWD || path[0] == '/' || len > 255)
		return path;
	for (i = 0; i <= len; i++)
		name->text[i] = (char)tolower((unsigned char)path[i]);
	return name->text;
}

#define OPENAT(function)                                                   \
	int function(int directory, const char *path, int flags, ...)      \
	{                                                                  \
		int (*next)(int, const char *, int, ...) =                 \
			dlsym(RTLD_NEXT, __func__);                        \
		struct name name;                                          \
		mode_t mode = 0;                                           \
		va_list arguments;                                         \
									   \
		va_start(arguments, flags);                                \
		if (flags & O_CREAT)                                       \
			mode = va_arg(arguments, mode_t);                  \
		va_end(arguments);                                         \
		return next(directory, low(directory, path, &name), flags, \
			    mode);                                         \
	}

OPENAT(openat)
OPENAT(openat64)

int mkdirat(int directory, const char *path, mode_t mode)
{
	int (*next)(int, const char *, mode_t) = dlsym(RTLD_NEXT, __func__);
	struct name name;

	return next(directory, low(directory, path, &name), mode);
}

#define FSTATAT(function, type)                                            \
	int function(int directory, const char *path, type *st, int flags) \
	{                                                                  \
		int (*next)(int, const char *, type *, int) =              \
			dlsym(RTLD_NEXT, __func__);                        \
		struct name name;                                          \
									   \
		return next(directory, low(directory, path, &name), st,    \
			    flags);                                        \
	}

FSTATAT(fstatat, struct stat)
FSTATAT(fstatat64, struct stat64)

int unlinkat(int directory, const char *path, int flags)
{
	int (*next)(int, const char *, int) = dlsym(RTLD_NEXT, __func__);
	struct name name;

	return next(directory, low(directory, path, &name), flags);
}

int symlinkat(const char *text, int directory, const char *path)
{
	int (*next)(const char *, int, const char *) =
		dlsym(RTLD_NEXT, __func__);
	struct name name;

	return next(text, directory, low(directory, path, &name));
}

int renameat(int from, const char *path, int to, const char *other)
{
	int (*next)(int, const char *, int, const char *) =
		dlsym(RTLD_NEXT, __func__);
	struct name name, new_name;

	return next(from, low(from, path, &name), to,
		    low(to, other, &new_name));
}

int linkat(int from, const char *path, int to, const char *other, int flags)
{
	int (*next)(int, const char *, int, const char *, int) =
		dlsym(RTLD_NEXT, __func__);
	struct name name, new_name;

	return next(from, low(from, path, &name), to,
		    low(to, other, &new_name), flags);
}
C
"${CC:-cc}" -shared -fPIC -o "$scratch/shim.so" "$scratch/shim.c" -ldl ||
	fault "no shim"

# The sanitizer wants to be in front.
folded() { # status, arguments
	wanted=$1
	shift
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0 \
		LD_PRELOAD=$scratch/shim.so "$lathe" "$@" >"$scratch/out" \
		2>"$scratch/err"
	equals "status of $*" $? "$wanted"
}

mkdir "$scratch/a" "$scratch/a/Dir" "$scratch/a/dir"
echo first >"$scratch/a/NAME"
echo another >"$scratch/a/name"
ln "$scratch/a/NAME" "$scratch/a/other"
ln "$scratch/a/name" "$scratch/a/OTHER2"
ln -s NAME "$scratch/a/LINK"
ln -s OTHER2 "$scratch/a/link"
echo one >"$scratch/a/Dir/one"
echo two >"$scratch/a/dir/two"
does image -o "$scratch/a.iso" "$scratch/a/"

# Into an empty place, over what is there, and over that again.
for how in "" --overwrite --overwrite; do
	say "extract $how"
	# shellcheck disable=SC2086
	folded 5 extract -i "$scratch/a.iso" -C "$scratch/got" $how
	says '/name: another file of the disc has this name here$'
	says '/link: another file of the disc has this name here$'
	says '/dir: is one with another directory of the disc here$'
	says '2 of 8 could not be extracted$'
	equals "the first one" "$(cat "$scratch/got/name")" first
	equals "its other name" "$(cat "$scratch/got/other")" first
	equals "names of one file" "$(stat -c %h "$scratch/got/name")" 2
	equals "the link" "$(readlink "$scratch/got/link")" NAME
	equals "a name of the one left out" \
		"$(cat "$scratch/got/other2")" another
	equals "the directories" "$(cat "$scratch"/got/dir/*)" "one
two"
	equals "names" "$(ls -A "$scratch/got" | tr '\n' ' ')" \
		"dir link name other other2 "
	# What was there before is replaced, and told so where it is not.
	[ -z "$how" ] || continue
	folded 5 extract -i "$scratch/a.iso" -C "$scratch/got"
	says '/NAME: exists already; --overwrite replaces it$'
	echo old >"$scratch/got/name"
done
finish
