/* SPDX-License-Identifier: MIT */
/*
 * transport_sgio.c - Linux: commands through the SG_IO ioctl, on block nodes
 * (sr) and on character nodes (sg).
 */
#if defined(__linux__)
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#endif

#include "mmc/lathe_mmc.h"

#if defined(__linux__)

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <scsi/sg.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

enum {
	HOLDER_PAUSE_MS = 100,
	SAFE_TRANSFER = 65536, /* larger ones fail on many queues */
	NODE_PATH = 320,

	/* Host status, as the kernel's SCSI layer numbers it. */
	HOST_NO_CONNECT = 0x01,
	HOST_TIME_OUT = 0x03,
	HOST_BAD_TARGET = 0x04,
	HOST_ABORT = 0x05,
	/* Driver status: a timeout; "sense data came" is no error. */
	DRIVER_TIMEOUT = 0x06,
	DRIVER_SENSE = 0x08
};

uint64_t lathe_mmc_sgio_now_ms(void *ctx)
{
	struct timespec t;

	(void)ctx;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void lathe_mmc_sgio_sleep_ms(void *ctx, uint32_t ms)
{
	struct timespec t = { (time_t)(ms / 1000),
			      (long)(ms % 1000) * 1000000 };

	(void)ctx;
	while (nanosleep(&t, &t) != 0 && errno == EINTR)
		;
}

/* ---- one command -------------------------------------------------------- */

/* The ioctl itself failed, so the command was not sent. */
static uint8_t cause_of_errno(int error, uint32_t data_len)
{
	switch (error) {
	case EPERM:
	case EACCES:
		return LATHE_CAUSE_REFUSED;
	case EIO:    /* sr, beyond the queue's limit */
	case EINVAL: /* sg */
	case ENOMEM: /* sg, far beyond */
		if (data_len > LATHE_BLOCK_BYTES)
			return LATHE_CAUSE_TOO_LARGE;
		return LATHE_CAUSE_RESET;
	case ENODEV:
	case ENXIO:
	case ENOTTY:
	case EBADF:
		return LATHE_CAUSE_GONE;
	default:
		return LATHE_CAUSE_RESET;
	}
}

/* It was sent, but its answer is not the drive's. */
static uint8_t cause_of_status(unsigned host, unsigned driver)
{
	switch (host) {
	case 0:
		break;
	case HOST_NO_CONNECT:
	case HOST_BAD_TARGET:
		return LATHE_CAUSE_GONE;
	case HOST_TIME_OUT:
	case HOST_ABORT:
		return LATHE_CAUSE_TIMED_OUT;
	default:
		/* Whatever it was: nothing is sure any more. */
		return LATHE_CAUSE_RESET;
	}
	driver &= 0x0f;
	if (driver == 0 || driver == DRIVER_SENSE)
		return LATHE_CAUSE_OK;
	return driver == DRIVER_TIMEOUT ? LATHE_CAUSE_TIMED_OUT
					: LATHE_CAUSE_RESET;
}

static void prepare(struct sg_io_hdr *hdr, struct lathe_cmd *cmd)
{
	memset(hdr, 0, sizeof(*hdr));
	hdr->interface_id = 'S';
	hdr->cmdp = cmd->cdb;
	hdr->cmd_len = cmd->cdb_len;
	hdr->sbp = cmd->sense;
	hdr->mx_sb_len = sizeof(cmd->sense);
	hdr->timeout = cmd->timeout_ms;
	hdr->dxfer_direction = SG_DXFER_NONE;
	if (cmd->data_len == 0)
		return;
	hdr->dxfer_direction =
		cmd->to_drive ? SG_DXFER_TO_DEV : SG_DXFER_FROM_DEV;
	hdr->dxferp = cmd->data;
	/* Exactly what the CDB announces: with more, newer kernels reset the
	 * link behind a short last WRITE. */
	hdr->dxfer_len = cmd->data_len;
}

/*
 * Returns 0 or errno. The sg driver gives the wait up for a signal, even for
 * ^Z: what became of the command is not known then, and one that the system
 * restarts is a second WRITE. So signals of this thread wait until it is done.
 */
static int carry_out(int fd, struct sg_io_hdr *hdr)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = ioctl(fd, SG_IO, hdr) != 0 ? errno : 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

int lathe_mmc_sgio_execute(void *ctx, struct lathe_cmd *cmd)
{
	struct lathe_mmc_sgio *sgio = ctx;
	struct sg_io_hdr hdr;

	cmd->status = 0;
	cmd->sense_len = 0;
	cmd->moved = 0;
	cmd->host_status = 0;
	cmd->driver_status = 0;
	prepare(&hdr, cmd);
	cmd->sys_errno = carry_out(sgio->fd, &hdr);
	if (cmd->sys_errno) {
		sgio->sys_errno = cmd->sys_errno;
		cmd->cause = cause_of_errno(cmd->sys_errno, cmd->data_len);
		return LATHE_ERR_TRANSPORT;
	}

	cmd->status = hdr.status;
	cmd->host_status = hdr.host_status;
	cmd->driver_status = hdr.driver_status;
	cmd->sense_len = hdr.sb_len_wr;
	cmd->moved = cmd->data_len;
	if (hdr.resid > 0)
		cmd->moved = (uint32_t)hdr.resid < cmd->data_len
				     ? cmd->data_len - (uint32_t)hdr.resid
				     : 0;
	cmd->cause = cause_of_status(hdr.host_status, hdr.driver_status);
	/* Sense data are the drive's own word, whatever the host says. */
	if (cmd->status != 0 && cmd->sense_len != 0)
		cmd->cause = LATHE_CAUSE_OK;
	return cmd->cause == LATHE_CAUSE_OK ? 0 : LATHE_ERR_TRANSPORT;
}

/* ---- opening ------------------------------------------------------------ */

static int err_of_open(int error)
{
	switch (error) {
	case ENOENT:
	case ENODEV:
	case ENXIO:
		return LATHE_ERR_NO_DEVICE;
	case EACCES:
	case EPERM:
	case EROFS:
		return LATHE_ERR_DENIED;
	case EBUSY:
	case EAGAIN:
		return LATHE_ERR_BUSY;
	default:
		return LATHE_ERR_IO;
	}
}

/* O_EXCL keeps out mounting and other burners, the lock those who know
 * nothing of O_EXCL. Returns a descriptor, or -1 with errno. */
static int open_once(const char *path, bool read_only)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd, error;

	fd = open(path, read_only ? O_RDONLY | O_NONBLOCK | O_CLOEXEC
				  : O_RDWR | O_EXCL | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || read_only || fcntl(fd, F_SETLK, &lock) == 0)
		return fd;
	error = errno;
	/* Not every node can be locked; one that is locked is in use. */
	if (error != EAGAIN && error != EACCES)
		return fd;
	close(fd);
	errno = EBUSY;
	return -1;
}

static int open_patiently(const char *path, bool read_only, uint32_t wait_ms)
{
	uint64_t start = lathe_mmc_sgio_now_ms(NULL);

	for (;;) {
		int fd = open_once(path, read_only);

		if (fd >= 0 || errno != EBUSY ||
		    lathe_mmc_sgio_now_ms(NULL) - start >= wait_ms)
			return fd;
		/* udev looks into every disc that comes in. */
		lathe_mmc_sgio_sleep_ms(NULL, HOLDER_PAUSE_MS);
		errno = EBUSY;
	}
}

/* /sys/dev/block/11:0 and the like. */
static void sysfs_of(const struct stat *st, char *out, size_t room)
{
	snprintf(out, room, "/sys/dev/%s/%u:%u",
		 S_ISBLK(st->st_mode) ? "block" : "char", major(st->st_rdev),
		 minor(st->st_rdev));
}

/* The one entry of a directory that begins with 'prefix'. */
static bool only_entry(const char *dir, const char *prefix, char *out,
		       size_t room)
{
	struct dirent *e;
	bool found = false;
	DIR *d = opendir(dir);

	if (!d)
		return false;
	while (!found && (e = readdir(d)) != NULL) {
		size_t len = strlen(e->d_name);

		if (strncmp(e->d_name, prefix, strlen(prefix)) != 0 ||
		    len >= room)
			continue;
		memcpy(out, e->d_name, len + 1);
		found = true;
	}
	closedir(d);
	return found;
}

/* The other node of the same drive, as a path in /dev. */
static bool sibling_of(const struct stat *st, char *out, size_t room)
{
	bool block = S_ISBLK(st->st_mode);
	char node[64], dir[NODE_PATH], name[64];

	sysfs_of(st, node, sizeof(node));
	snprintf(dir, sizeof(dir), "%s/device/%s", node,
		 block ? "scsi_generic" : "block");
	if (!only_entry(dir, block ? "sg" : "sr", name, sizeof(name)))
		return false;
	snprintf(out, room, "/dev/%s", name);
	return true;
}

/* The limit of the block node's queue, 0 if it is not told. */
static uint32_t queue_limit(const struct stat *st, const char *sibling)
{
	char node[64], path[NODE_PATH], text[32];
	struct stat block = *st;
	unsigned long kib = 0;
	FILE *f;

	if (!S_ISBLK(st->st_mode) &&
	    (!sibling || stat(sibling, &block) != 0 || !S_ISBLK(block.st_mode)))
		return 0;
	sysfs_of(&block, node, sizeof(node));
	snprintf(path, sizeof(path), "%s/queue/max_sectors_kb", node);
	f = fopen(path, "r");
	if (!f)
		return 0;
	if (fgets(text, sizeof(text), f))
		kib = strtoul(text, NULL, 10);
	fclose(f);
	if (kib == 0)
		return 0;
	return kib > SAFE_TRANSFER / 1024 ? SAFE_TRANSFER
					  : (uint32_t)kib * 1024;
}

static int give_up(struct lathe_mmc_sgio *sgio, int err)
{
	int error = sgio->sys_errno;

	lathe_mmc_sgio_close(sgio);
	sgio->sys_errno = error;
	return err;
}

/*
 * Hold the sibling too: exclusive use of an sg node does not keep the sr node
 * from being mounted, nor the other way round. One that is not there or not
 * ours to open is left alone; one that is in use means that the drive is.
 */
static int hold_sibling(struct lathe_mmc_sgio *sgio, const char *path,
			uint32_t wait_ms)
{
	sgio->sibling_fd = open_patiently(path, false, wait_ms);
	if (sgio->sibling_fd >= 0 || errno != EBUSY)
		return 0;
	sgio->sys_errno = errno;
	snprintf(sgio->busy_sibling, sizeof(sgio->busy_sibling), "%.*s",
		 (int)sizeof(sgio->busy_sibling) - 1, path);
	return LATHE_ERR_BUSY;
}

int lathe_mmc_sgio_open(struct lathe_mmc_sgio *sgio, const char *path,
			bool read_only, uint32_t wait_ms)
{
	char sibling[NODE_PATH];
	bool has_sibling;
	struct stat st;
	int version = 0;

	memset(sgio, 0, sizeof(*sgio));
	sgio->fd = sgio->sibling_fd = -1;
	if (stat(path, &st) != 0) {
		sgio->sys_errno = errno;
		return err_of_open(errno);
	}
	if (!S_ISBLK(st.st_mode) && !S_ISCHR(st.st_mode))
		return LATHE_ERR_UNSUPPORTED;
	sgio->fd = open_patiently(path, read_only, wait_ms);
	if (sgio->fd < 0) {
		sgio->sys_errno = errno;
		return err_of_open(errno);
	}
	if (ioctl(sgio->fd, SG_GET_VERSION_NUM, &version) != 0)
		sgio->sys_errno = errno;
	if (version < 30000)
		return give_up(sgio, LATHE_ERR_UNSUPPORTED);
	has_sibling = sibling_of(&st, sibling, sizeof(sibling));
	if (has_sibling && !read_only) {
		int err = hold_sibling(sgio, sibling, wait_ms);

		if (err)
			return give_up(sgio, err);
	}
	sgio->max_transfer = queue_limit(&st, has_sibling ? sibling : NULL);
	return 0;
}

void lathe_mmc_sgio_close(struct lathe_mmc_sgio *sgio)
{
	if (sgio->sibling_fd >= 0)
		close(sgio->sibling_fd);
	if (sgio->fd >= 0)
		close(sgio->fd);
	sgio->fd = sgio->sibling_fd = -1;
}

#else /* another system: there is no such transport */

#include <string.h>
#include <time.h>

int lathe_mmc_sgio_open(struct lathe_mmc_sgio *sgio, const char *path,
			bool read_only, uint32_t wait_ms)
{
	(void)path;
	(void)read_only;
	(void)wait_ms;
	memset(sgio, 0, sizeof(*sgio));
	sgio->fd = sgio->sibling_fd = -1;
	return LATHE_ERR_UNSUPPORTED;
}

void lathe_mmc_sgio_close(struct lathe_mmc_sgio *sgio)
{
	(void)sgio;
}

int lathe_mmc_sgio_execute(void *ctx, struct lathe_cmd *cmd)
{
	(void)ctx;
	cmd->cause = LATHE_CAUSE_GONE;
	return LATHE_ERR_TRANSPORT;
}

uint64_t lathe_mmc_sgio_now_ms(void *ctx)
{
	struct timespec t;

	(void)ctx;
	timespec_get(&t, TIME_UTC);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void lathe_mmc_sgio_sleep_ms(void *ctx, uint32_t ms)
{
	(void)ctx;
	(void)ms;
}

#endif
