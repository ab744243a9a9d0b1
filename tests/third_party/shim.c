/* SPDX-License-Identifier: MIT */
/*
 * shim.c - the calls of the C library through which a program sees a device:
 * open, stat, access, ioctl, locks, sleeps. What is not about the device goes
 * on to the system unchanged.
 */
#define _GNU_SOURCE
#include "shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/cdrom.h>
#include <linux/fs.h>
#include <poll.h>
#include <scsi/sg.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

/* Linux has them, <scsi/sg.h> of the C library has not. */
#define IOCTL_GET_IDLUN 0x5382
#define IOCTL_GET_BUS_NUMBER 0x5386

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
static enum shim_node node_of_fd(int fd)
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
		enum shim_node node = node_of_fd(fd);                          \
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
		enum shim_node node = node_of_fd(fd);                          \
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
					.data = (uint8_t *)(uintptr_t)data + done,
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
	enum shim_node node = node_of_fd(fd);
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
	enum shim_node node = node_of_fd(fd);

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
	if (command == F_SETLK && node_of_fd(fd) != SHIM_NODE_NONE)
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

/* ---- ioctl -------------------------------------------------------------- */

static int fail(int error)
{
	errno = error;
	return -1;
}

static uint8_t direction_of(const sg_io_hdr_t *io)
{
	switch (io->dxfer_direction) {
	case SG_DXFER_TO_DEV:
		return 2;
	case SG_DXFER_FROM_DEV:
	case SG_DXFER_TO_FROM_DEV:
		return 1;
	default:
		return 0;
	}
}

static int generic_io(enum shim_node node, sg_io_hdr_t *io)
{
	struct shim_cmd cmd = { .cdb = io->cmdp,
				.cdb_len = io->cmd_len,
				.direction = direction_of(io),
				.data = io->dxferp,
				.data_len = io->dxfer_len,
				.timeout_ms = io->timeout,
				.node = node };

	/* None of these programs scatters its buffers. */
	if (io->interface_id != 'S' || io->iovec_count)
		return fail(EINVAL);
	shim_execute(&cmd);
	if (cmd.sys_errno)
		return fail(cmd.sys_errno);

	io->status = cmd.status;
	io->masked_status = (cmd.status >> 1) & 0x1f;
	io->msg_status = 0;
	io->host_status = cmd.host_status;
	io->driver_status = cmd.driver_status;
	io->resid = (int)(io->dxfer_len - cmd.moved);
	io->duration = 0;
	io->info = cmd.status || cmd.host_status || cmd.driver_status ?
			   SG_INFO_CHECK :
			   SG_INFO_OK;
	io->sb_len_wr = cmd.sense_len < io->mx_sb_len ? cmd.sense_len :
							io->mx_sb_len;
	if (!io->sbp)
		io->sb_len_wr = 0;
	if (io->sb_len_wr)
		memcpy(io->sbp, cmd.sense, io->sb_len_wr);
	return 0;
}

static int drive_status(enum shim_node node)
{
	static const uint8_t test_unit_ready[6];
	uint8_t sense[64], status;
	int tries = 2;

	do {
		status = shim_simple(node, test_unit_ready, 6, NULL, 0, sense);
	} while (status == 2 && (sense[2] & 15) == 6 && --tries);
	if (status != 2)
		return CDS_DISC_OK;
	if (sense[12] == 0x3a)
		return sense[13] == 2 ? CDS_TRAY_OPEN : CDS_NO_DISC;
	return (sense[2] & 15) == 2 ? CDS_DRIVE_NOT_READY : CDS_DISC_OK;
}

static int simple_command(enum shim_node node, uint8_t opcode, uint8_t byte4)
{
	uint8_t cdb[6] = { opcode, 0, 0, 0, byte4, 0 }, sense[64];

	return shim_simple(node, cdb, 6, NULL, 0, sense) ? fail(EIO) : 0;
}

static int capacity(enum shim_node node, uint64_t *bytes)
{
	static const uint8_t read_capacity[10] = { 0x25 };
	uint8_t reply[8] = { 0 }, sense[64];

	if (shim_simple(node, read_capacity, 10, reply, 8, sense))
		return fail(EIO);
	*bytes = ((uint64_t)reply[0] << 24 | (uint64_t)reply[1] << 16 |
		  (uint64_t)reply[2] << 8 | reply[3]) *
			 2048 +
		 2048;
	return 0;
}

static int block_ioctl(enum shim_node node, unsigned long request,
		       void *argument)
{
	switch (request) {
	case CDROM_DRIVE_STATUS:
		return drive_status(node);
	case CDROM_MEDIA_CHANGED:
	case BLKFLSBUF:
		return 0;
	case CDROM_GET_CAPABILITY:
		return CDC_OPEN_TRAY | CDC_CLOSE_TRAY | CDC_LOCK | CDC_CD_R |
		       CDC_CD_RW | CDC_MULTI_SESSION | CDC_DRIVE_STATUS;
	case CDROMEJECT:
		return simple_command(node, 0x1b, 2);
	case CDROMCLOSETRAY:
		return simple_command(node, 0x1b, 3);
	case CDROM_LOCKDOOR:
		return simple_command(node, 0x1e, argument ? 1 : 0);
	case BLKGETSIZE64:
		return capacity(node, argument);
	default:
		return fail(EINVAL);
	}
}

static int drive_ioctl(enum shim_node node, unsigned long request,
		       void *argument)
{
	switch (request) {
	case SG_IO:
		return generic_io(node, argument);
	case SG_GET_VERSION_NUM:
		*(int *)argument = node == SHIM_NODE_SG ? 30536 : 30527;
		return 0;
	case IOCTL_GET_IDLUN:
		memset(argument, 0, 2 * sizeof(int));
		return 0;
	case IOCTL_GET_BUS_NUMBER:
	case SG_EMULATED_HOST:
		*(int *)argument = 0;
		return 0;
	case SG_GET_SCSI_ID:
		if (node != SHIM_NODE_SG)
			return fail(EINVAL);
		memset(argument, 0, sizeof(struct sg_scsi_id));
		((struct sg_scsi_id *)argument)->scsi_type = 5;
		return 0;
	case SG_SET_TIMEOUT:
	case SG_SET_RESERVED_SIZE:
		return 0;
	case SG_GET_TIMEOUT:
		return 6000;
	case SG_GET_RESERVED_SIZE:
		*(int *)argument = 131072;
		return 0;
	default:
		if (node == SHIM_NODE_SG)
			return fail(EINVAL);
		return block_ioctl(node, request, argument);
	}
}

int ioctl(int fd, unsigned long request, ...)
{
	enum shim_node node;
	void *argument;
	va_list args;

	va_start(args, request);
	argument = va_arg(args, void *);
	va_end(args);
	node = node_of_fd(fd);
	if (node == SHIM_NODE_NONE)
		return (int)syscall(SYS_ioctl, fd, request, argument);
	if (request != SG_IO)
		shim_trace("shim: ioctl %#lx\n", request);
	return drive_ioctl(node, request, argument);
}

/* ---- sleeps ------------------------------------------------------------- */

/*
 * The recorder's clock is told how long a sleep was to last, and the sleep
 * itself takes a moment. Threads beside the one that speaks to the drive
 * sleep a little longer: they only watch.
 */
static void sleep_short(uint64_t microseconds)
{
	struct timespec moment = { 0, 0 };
	uint64_t most = shim_report_sleep(microseconds) ? 200 : 10000;

	moment.tv_nsec = (long)(microseconds < most ? microseconds : most) *
			 1000;
	(void)syscall(SYS_nanosleep, &moment, NULL);
}

int usleep(useconds_t microseconds)
{
	sleep_short(microseconds);
	return 0;
}

unsigned sleep(unsigned seconds)
{
	sleep_short((uint64_t)seconds * 1000000);
	return 0;
}

static uint64_t in_microseconds(const struct timespec *time)
{
	return (uint64_t)time->tv_sec * 1000000 + (uint64_t)time->tv_nsec / 1000;
}

int nanosleep(const struct timespec *time, struct timespec *left)
{
	sleep_short(in_microseconds(time));
	if (left)
		memset(left, 0, sizeof(*left));
	return 0;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
		    struct timespec *left)
{
	if (flags & TIMER_ABSTIME)
		return syscall(SYS_clock_nanosleep, clock, flags, time, left) ?
			       errno :
			       0;
	return nanosleep(time, left);
}

int poll(struct pollfd *files, nfds_t count, int timeout_ms)
{
	if (count == 0 && timeout_ms > 0) {
		sleep_short((uint64_t)timeout_ms * 1000);
		return 0;
	}
	return (int)syscall(SYS_poll, files, count, timeout_ms);
}

int select(int count, fd_set *in, fd_set *out, fd_set *exceptional,
	   struct timeval *timeout)
{
	if (count == 0 && timeout) {
		sleep_short((uint64_t)timeout->tv_sec * 1000000 +
			    (uint64_t)timeout->tv_usec);
		return 0;
	}
	return (int)syscall(SYS_select, count, in, out, exceptional, timeout);
}
