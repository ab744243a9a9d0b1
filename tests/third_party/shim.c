/* SPDX-License-Identifier: MIT */
/*
 * shim.c - the calls of the C library through which a program sees a device:
 * open, stat, access, write, locks; shim_ioctl.c and shim_sleep.c have the
 * others. What is not about the device goes on to the system unchanged.
 */
#define _GNU_SOURCE
#include "shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define MAJOR_SR 11
#define MAJOR_SG 21
#define DESCRIPTORS 1024

__attribute__((constructor)) static void never_as_root(void)
{
	static const char text[] =
		"shim: refuses to run a burner with the rights of root\n";

	if (getuid() != 0 && geteuid() != 0)
		return;
	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(126);
}

/* ---- which paths and descriptors are the drive -------------------------- */

static enum shim_node node_of_path(const char *path)
{
	if (!path)
		return SHIM_NODE_NONE;
	if (strcmp(path, "/dev/sr0") == 0 || strcmp(path, "/dev/cdrom") == 0)
		return SHIM_NODE_SR;
	if (strcmp(path, "/dev/sg0") == 0)
		return SHIM_NODE_SG;
	return SHIM_NODE_NONE;
}

/* How a descriptor was opened, plus one; 0 if it was not opened here. */
static unsigned char opened_as[DESCRIPTORS];

static const char *disc_path(void)
{
	const char *path = getenv("LATHE_SHIM_DISC");

	return path ? path : "/nonexistent";
}

/*
 * Descriptors are dup'ed and survive an exec, tables do not: the drive is
 * whatever descriptor leads to the image file.
 */
enum shim_node shim_node_of_fd(int fd)
{
	struct stat disc, file;

	if (fd < 0 || syscall(SYS_newfstatat, fd, "", &file, AT_EMPTY_PATH) ||
	    !S_ISREG(file.st_mode) ||
	    syscall(SYS_newfstatat, AT_FDCWD, disc_path(), &disc, 0) ||
	    file.st_dev != disc.st_dev || file.st_ino != disc.st_ino)
		return SHIM_NODE_NONE;
	if (fd < DESCRIPTORS && opened_as[fd])
		return (enum shim_node)(opened_as[fd] - 1);
	return SHIM_NODE_SR;
}

/* ---- open, close -------------------------------------------------------- */

static int open_drive(enum shim_node node, int flags)
{
	static const uint8_t test_unit_ready[6];
	uint8_t sense[64];
	int fd;

	if (node == SHIM_NODE_SR && (flags & O_ACCMODE) == O_RDONLY)
		node = SHIM_NODE_SR_READ_ONLY;
	fd = (int)syscall(SYS_openat, AT_FDCWD, disc_path(),
			  O_RDONLY | (flags & O_CLOEXEC), 0);
	shim_trace("shim: open, flags %#x: %d\n", (unsigned)flags, fd);
	if (fd < 0)
		return fd;
	if (fd < DESCRIPTORS)
		opened_as[fd] = (unsigned char)(node + 1);
	/* sr looks at the medium when it is opened, and so takes a pending
	 * unit attention away; some programs cannot do without. */
	if (node != SHIM_NODE_SG)
		(void)shim_simple(node, test_unit_ready, 6, NULL, 0, sense);
	return fd;
}

static int open_any(int folder, const char *path, int flags, mode_t mode)
{
	enum shim_node node = node_of_path(path);

	if (node != SHIM_NODE_NONE)
		return open_drive(node, flags);
	return (int)syscall(SYS_openat, folder, path, flags, mode);
}

/* The third argument of open, which is there only if a file may be made. */
#define TAKE_MODE(flags)                                                       \
	mode_t mode = 0;                                                       \
	if ((flags) & (O_CREAT | __O_TMPFILE)) {                               \
		va_list args;                                                  \
		va_start(args, flags);                                         \
		mode = va_arg(args, mode_t);                                   \
		va_end(args);                                                  \
	}

int open(const char *path, int flags, ...)
{
	TAKE_MODE(flags)
	return open_any(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	TAKE_MODE(flags)
	return open_any(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
	TAKE_MODE(flags)
	return open_any(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...)
{
	TAKE_MODE(flags)
	return open_any(folder, path, flags | O_LARGEFILE, mode);
}

/* The names that fortified programs call. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);

int __open_2(const char *path, int flags)
{
	return open_any(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags)
{
	return open_any(AT_FDCWD, path, flags | O_LARGEFILE, 0);
}

int close(int fd)
{
	if (fd >= 0 && fd < DESCRIPTORS)
		opened_as[fd] = 0;
	return (int)syscall(SYS_close, fd);
}

/* ---- stat, access ------------------------------------------------------- */

/* Fills a struct stat or stat64 with what a device node has. */
#define DESCRIBE(node, out)                                                    \
	do {                                                                   \
		bool sg = (node) == SHIM_NODE_SG;                              \
		memset(out, 0, sizeof(*(out)));                                \
		(out)->st_mode = (mode_t)(sg ? S_IFCHR : S_IFBLK) | 0660;      \
		(out)->st_rdev = makedev(sg ? MAJOR_SG : MAJOR_SR, 0);         \
		(out)->st_ino = sg ? 102 : 101;                                \
		(out)->st_nlink = 1;                                           \
		(out)->st_blksize = 4096;                                      \
		(out)->st_uid = getuid();                                      \
	} while (0)

/* Call the C library's own function of that name. */
#define NEXT(name, parameters, ...)                                            \
	do {                                                                   \
		static int(*next) parameters;                                  \
		if (!next)                                                     \
			*(void **)&next = dlsym(RTLD_NEXT, name);              \
		if (!next) {                                                   \
			errno = ENOSYS;                                        \
			return -1;                                             \
		}                                                              \
		return next(__VA_ARGS__);                                      \
	} while (0)

#define STAT_BY_PATH(function, structure)                                      \
	int function(const char *path, struct structure *out)                  \
	{                                                                      \
		enum shim_node node = node_of_path(path);                      \
		if (node == SHIM_NODE_NONE)                                    \
			NEXT(#function, (const char *, struct structure *),    \
			     path, out);                                       \
		DESCRIBE(node, out);                                           \
		return 0;                                                      \
	}

#define STAT_BY_FD(function, structure)                                        \
	int function(int fd, struct structure *out)                            \
	{                                                                      \
		enum shim_node node = shim_node_of_fd(fd);                     \
		if (node == SHIM_NODE_NONE)                                    \
			NEXT(#function, (int, struct structure *), fd, out);   \
		DESCRIBE(node, out);                                           \
		return 0;                                                      \
	}

/* Programs built against a C library before 2.33 call these instead. */
#define OLD_STAT_BY_PATH(function, structure)                                  \
	int function(int version, const char *path, struct structure *out);    \
	int function(int version, const char *path, struct structure *out)     \
	{                                                                      \
		enum shim_node node = node_of_path(path);                      \
		if (node == SHIM_NODE_NONE)                                    \
			NEXT(#function,                                        \
			     (int, const char *, struct structure *), version, \
			     path, out);                                       \
		DESCRIBE(node, out);                                           \
		return 0;                                                      \
	}

#define OLD_STAT_BY_FD(function, structure)                                    \
	int function(int version, int fd, struct structure *out);              \
	int function(int version, int fd, struct structure *out)               \
	{                                                                      \
		enum shim_node node = shim_node_of_fd(fd);                     \
		if (node == SHIM_NODE_NONE)                                    \
			NEXT(#function, (int, int, struct structure *),        \
			     version, fd, out);                                \
		DESCRIBE(node, out);                                           \
		return 0;                                                      \
	}

STAT_BY_PATH(stat, stat)
STAT_BY_PATH(stat64, stat64)
STAT_BY_PATH(lstat, stat)
STAT_BY_PATH(lstat64, stat64)
STAT_BY_FD(fstat, stat)
STAT_BY_FD(fstat64, stat64)
OLD_STAT_BY_PATH(__xstat, stat)
OLD_STAT_BY_PATH(__xstat64, stat64)
OLD_STAT_BY_PATH(__lxstat, stat)
OLD_STAT_BY_PATH(__lxstat64, stat64)
OLD_STAT_BY_FD(__fxstat, stat)
OLD_STAT_BY_FD(__fxstat64, stat64)

int access(const char *path, int mode)
{
	if (node_of_path(path) != SHIM_NODE_NONE)
		return 0;
	return (int)syscall(SYS_faccessat, AT_FDCWD, path, mode);
}

/* ---- writing to the block device ----------------------------------------- */

enum { WRITE_MOST = 32768, BLOCK = 2048 };

/* What the kernel does with whole blocks that are written through sr. */
static ssize_t write_blocks(enum shim_node node, const uint8_t *data,
			    size_t bytes, off_t at)
{
	size_t done = 0;

	if (node != SHIM_NODE_SR || bytes % BLOCK || at % BLOCK) {
		errno = EINVAL;
		return -1;
	}
	while (done < bytes) {
		uint32_t part = bytes - done < WRITE_MOST ?
					(uint32_t)(bytes - done) : WRITE_MOST;
		uint32_t lba = (uint32_t)(((uint64_t)at + done) / BLOCK);
		uint8_t cdb[10] = { 0x2a, 0, (uint8_t)(lba >> 24),
				    (uint8_t)(lba >> 16), (uint8_t)(lba >> 8),
				    (uint8_t)lba, 0, 0,
				    (uint8_t)(part / BLOCK) };
		struct shim_cmd cmd = { .cdb = cdb, .cdb_len = 10,
					.direction = 2,
					.data = (uint8_t *)(uintptr_t)data +
						done,
					.data_len = part,
					.timeout_ms = 60000, .node = node };

		shim_execute(&cmd);
		if (cmd.sys_errno || cmd.status) {
			errno = EIO;
			return done ? (ssize_t)done : -1;
		}
		done += part;
	}
	return (ssize_t)done;
}

ssize_t write(int fd, const void *data, size_t bytes)
{
	enum shim_node node = shim_node_of_fd(fd);
	ssize_t done;
	off_t at;

	if (node == SHIM_NODE_NONE)
		return syscall(SYS_write, fd, data, bytes);
	at = lseek(fd, 0, SEEK_CUR);
	done = write_blocks(node, data, bytes, at);
	if (done > 0)
		lseek(fd, at + done, SEEK_SET);
	return done;
}

static ssize_t write_at(int fd, const void *data, size_t bytes, off_t at)
{
	enum shim_node node = shim_node_of_fd(fd);

	if (node == SHIM_NODE_NONE)
		return syscall(SYS_pwrite64, fd, data, bytes, at);
	return write_blocks(node, data, bytes, at);
}

ssize_t pwrite(int fd, const void *data, size_t bytes, off_t at)
{
	return write_at(fd, data, bytes, at);
}

ssize_t pwrite64(int fd, const void *data, size_t bytes, off64_t at)
{
	return write_at(fd, data, bytes, (off_t)at);
}

/* ---- locks -------------------------------------------------------------- */

/* The stand-in is open for reading: a lock for writing would be refused,
 * which on the device it is not. */
static int control_any(int fd, int command, void *argument)
{
	if (command == F_SETLK && shim_node_of_fd(fd) != SHIM_NODE_NONE)
		return 0;
	return (int)syscall(SYS_fcntl, fd, command, argument);
}

int fcntl(int fd, int command, ...)
{
	va_list args;
	void *argument;

	va_start(args, command);
	argument = va_arg(args, void *);
	va_end(args);
	return control_any(fd, command, argument);
}

int fcntl64(int fd, int command, ...)
{
	va_list args;
	void *argument;

	va_start(args, command);
	argument = va_arg(args, void *);
	va_end(args);
	return control_any(fd, command, argument);
}
