# SPDX-License-Identifier: MIT
# A file system that has one case is one here of which all names below a
# directory are made lower-case. With PASSING the number of a file is another
# one after each that was opened or made, as on FAT, where the kernel makes it up
# when it looks at a file again that it had forgotten; PASSING=executable: of
# files that may be executed. With NO_MODES permissions are taken and forgotten,
# and dates begin with 1980, as on FAT. With RESERVED no file "con" can be made,
# and where there is a short name for one that is written otherwise: none of it,
# which is found when it is made.
. tests/tools/lib_tools.sh
need "${CC:-cc}"

cat >"$scratch/shim.c" <<'C'
#define _GNU_SOURCE
#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static unsigned long made;

static int count(int got, const char *name)
{
	if (got >= 0 && getenv("PASSING") && strncmp(name, ".lathe", 6) != 0)
		__atomic_add_fetch(&made, 1, __ATOMIC_RELAXED);
	return got;
}

static int passes(mode_t mode)
{
	const char *which = getenv("PASSING");

	return which && S_ISREG(mode) &&
	       (strcmp(which, "executable") != 0 || mode & 0100);
}

#define NUMBER(st)                                                         \
	((st)->st_ino += passes((st)->st_mode) ? made * 1000000 : 0)

/* -1 and errno where FAT makes no such name. */
static int takes(int directory, const char *path)
{
	if (!getenv("RESERVED"))
		return 0;
	errno = 0;
	if (strcmp(path, "con") == 0)
		errno = EINVAL;
	else if (strcmp(path, "\303\211") == 0 &&
		 faccessat(directory, "\303\251", F_OK, 0) == 0)
		errno = EEXIST;
	else
		return 0;
	return -1;
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
		if ((flags & O_CREAT) && takes(directory, path) != 0)      \
			return -1;                                         \
		return count(next(directory, low(directory, path, &name),  \
				  flags, mode),                            \
			     directory == AT_FDCWD ? ".lathe" : path);     \
	}

OPENAT(openat)
OPENAT(openat64)

int mkdirat(int directory, const char *path, mode_t mode)
{
	int (*next)(int, const char *, mode_t) = dlsym(RTLD_NEXT, __func__);
	struct name name;

	if (takes(directory, path) != 0)
		return -1;
	return next(directory, low(directory, path, &name), mode);
}

#define FSTATAT(function, type)                                            \
	int function(int directory, const char *path, type *st, int flags) \
	{                                                                  \
		int (*next)(int, const char *, type *, int) =              \
			dlsym(RTLD_NEXT, __func__);                        \
		struct name name;                                          \
		int got = next(directory, low(directory, path, &name), st, \
			       flags);                                     \
									   \
		if (got == 0)                                              \
			NUMBER(st);                                        \
		return got;                                                \
	}

#define FSTAT(function, type)                                              \
	int function(int fd, type *st)                                     \
	{                                                                  \
		int (*next)(int, type *) = dlsym(RTLD_NEXT, __func__);     \
		int got = next(fd, st);                                    \
									   \
		if (got == 0)                                              \
			NUMBER(st);                                        \
		return got;                                                \
	}

int fchmod(int fd, mode_t mode)
{
	int (*next)(int, mode_t) = dlsym(RTLD_NEXT, __func__);

	return getenv("NO_MODES") ? 0 : next(fd, mode);
}

#define FUTIMENS(function)                                                 \
	int function(int fd, const struct timespec times[2])               \
	{                                                                  \
		int (*next)(int, const struct timespec[2]) =               \
			dlsym(RTLD_NEXT, __func__);                        \
		struct timespec later[2] = { times[0], times[1] };         \
									   \
		if (getenv("NO_MODES") && later[1].tv_sec < 315532800)     \
			later[1].tv_sec = 315532800;                       \
		later[1].tv_sec -= getenv("NO_MODES") ? later[1].tv_sec % 2 : 0; \
		return next(fd, later);                                    \
	}

FUTIMENS(futimens)
FSTAT(fstat, struct stat)
FSTAT(fstat64, struct stat64)
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

	if (takes(to, other) != 0)
		return -1;
	return count(next(from, low(from, path, &name), to,
			  low(to, other, &new_name)),
		     other);
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
