/* SPDX-License-Identifier: MIT */
/*
 * lathe image -M IMAGE -o NEW: the copy that is continued. Its blocks are
 * shared where the file system can do that, and holes stay holes.
 */
#define _GNU_SOURCE /* SEEK_DATA, copy_file_range */
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined(__linux__) && defined(__has_include)
#if __has_include(<linux/fs.h>) /* not with every C library */
#include <linux/fs.h>
#endif
#endif

#include "tools/image.h"

#define AT_ONCE (64u << 20)

/* The next run of data in [at, end); false: only holes are left. */
static bool next_run(int fd, uint64_t at, uint64_t end, uint64_t *begin,
		     uint64_t *stop)
{
	*begin = at;
	*stop = end;
#ifdef SEEK_DATA
	off_t data = lseek(fd, (off_t)at, SEEK_DATA), hole;

	if (data < 0)
		return errno != ENXIO && at < end;
	hole = lseek(fd, data, SEEK_HOLE);
	*begin = (uint64_t)data;
	if (hole > data && (uint64_t)hole < end)
		*stop = (uint64_t)hole;
#endif
	return *begin < end;
}

static ssize_t copy_by_system(int from, int to, uint64_t at, size_t bytes)
{
#if defined(__linux__)
	off_t in = (off_t)at, out = (off_t)at;

	return copy_file_range(from, &in, to, &out, bytes, 0);
#else
	(void)from;
	(void)to;
	(void)at;
	(void)bytes;
	return -1;
#endif
}

static ssize_t copy_by_hand(struct image_run *run, uint64_t at, size_t bytes)
{
	uint8_t buffer[65536];
	ssize_t got;

	if (bytes > sizeof(buffer))
		bytes = sizeof(buffer);
	do
		got = pread(run->base.fd, buffer, bytes, (off_t)at);
	while (got < 0 && errno == EINTR);
	if (got > 0 && image_pwrite(run, buffer, (size_t)got, at))
		return -1;
	return got;
}

static int copy_run(struct image_run *run, uint64_t begin, uint64_t stop)
{
	bool by_system = true;
	ssize_t got;
	size_t bytes;

	while (begin < stop) {
		if (stop_asked())
			return status_of(LATHE_ERR_CANCELLED);
		bytes = stop - begin < AT_ONCE ? (size_t)(stop - begin)
					       : AT_ONCE;
		got = by_system ? copy_by_system(run->base.fd, run->fd, begin,
						 bytes)
				: copy_by_hand(run, begin, bytes);
		if (got <= 0 && !by_system)
			return complain(run->tool, LATHE_ERR_IO, NULL, "%s",
					run->options->base);
		if (got <= 0)
			by_system = false;
		else
			begin += (uint64_t)got;
	}
	return STATUS_OK;
}

int image_copy_base(struct image_run *run)
{
	uint64_t at = 0, begin, stop, end = run->state.bytes;
	int status = STATUS_OK;
	struct stat st;

#if defined(__linux__) && defined(FICLONE)
	if (ioctl(run->fd, FICLONE, run->base.fd) == 0)
		return STATUS_OK;
#endif
	while (at < end && status == STATUS_OK &&
	       next_run(run->base.fd, at, end, &begin, &stop)) {
		status = copy_run(run, begin, stop);
		at = stop;
	}
	/* What ends in a hole. */
	if (status == STATUS_OK && fstat(run->fd, &st) == 0 &&
	    S_ISREG(st.st_mode) && ftruncate(run->fd, (off_t)end) != 0)
		return complain_errno(run->tool, image_target(run));
	return status;
}
