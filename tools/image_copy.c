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

static int copy_by_hand(struct image_run *run, uint64_t at, size_t bytes,
			size_t *got)
{
	int status;

	if (bytes > IMAGE_BUFFER)
		bytes = IMAGE_BUFFER;
	status = image_read_base(run, run->buffer, bytes, at, got);
	return status ? status : image_pwrite(run, run->buffer, *got, at);
}

static int copy_run(struct image_run *run, uint64_t begin, uint64_t stop)
{
	bool by_system = true;
	int status = STATUS_OK;
	size_t bytes, done;
	ssize_t got;

	while (begin < stop && status == STATUS_OK) {
		bytes = stop - begin < AT_ONCE ? (size_t)(stop - begin)
					       : AT_ONCE;
		got = by_system ? copy_by_system(run->base.fd, run->fd, begin,
						 bytes)
				: 0;
		by_system = got > 0;
		done = by_system ? (size_t)got : 0;
		if (!by_system)
			status = copy_by_hand(run, begin, bytes, &done);
		begin += done;
		if (status == STATUS_OK && stop_asked())
			status = image_complain_stopped(run);
	}
	return status;
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
