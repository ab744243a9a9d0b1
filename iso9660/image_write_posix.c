/* SPDX-License-Identifier: MIT */
/*
 * Image files. Into a regular file each thread writes what it has read, in
 * its place; the bytes of large files are copied by the system, which shares
 * them where the file system can. Pipes get all in order.
 */
#if defined(__linux__)
#define _GNU_SOURCE		/* copy_file_range */
#else
#define _POSIX_C_SOURCE 200809L
#endif
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include "iso9660/lathe_iso9660.h"

#if defined(__unix__) || defined(__APPLE__)

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iso9660/feed_internal.h"

#define LARGE_BLOCKS 128u	/* 256 KiB: worth a copy by the system */
#define LARGE_JOB 32768u	/* 64 MiB */

struct target {
	const struct lathe_iso9660_image *image;
	int fd;
	uint64_t offset;	/* of the image's first byte */
};

static int put_at(int fd, const uint8_t *data, uint64_t bytes, uint64_t at)
{
	while (bytes) {
		size_t part = bytes < 0x40000000 ? (size_t)bytes : 0x40000000;
		ssize_t n = pwrite(fd, data, part, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return LATHE_ERR_IO;
		data += n;
		bytes -= (uint64_t)n;
		at += (uint64_t)n;
	}
	return 0;
}

static int put(int fd, const uint8_t *data, uint64_t bytes)
{
	while (bytes) {
		size_t part = bytes < 0x40000000 ? (size_t)bytes : 0x40000000;
		ssize_t n = write(fd, data, part);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return LATHE_ERR_IO;
		data += n;
		bytes -= (uint64_t)n;
	}
	return 0;
}

static uint64_t place_of(const struct target *target, uint32_t lba)
{
	return target->offset +
	       (uint64_t)(lba - target->image->start) * LATHE_BLOCK_BYTES;
}

/* As many bytes as the system copies; the rest, if any, has to be read. */
static uint64_t copy_by_system(int from, uint64_t from_at, int to,
			       uint64_t to_at, uint64_t bytes)
{
	uint64_t done = 0;

#if defined(__linux__)
	while (done < bytes) {
		off_t in = (off_t)(from_at + done);
		off_t out = (off_t)(to_at + done);
		ssize_t n = copy_file_range(from, &in, to, &out,
					    (size_t)(bytes - done), 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (uint64_t)n;
	}
#else
	(void)from;
	(void)from_at;
	(void)to;
	(void)to_at;
	(void)bytes;
#endif
	return done;
}

/* Blocks of a large file that the system did not copy. */
static int copy_by_reading(const struct target *target,
			   struct lathe_iso9660_cursor *cursor,
			   struct lathep_iso9660_job *job, uint32_t done,
			   uint32_t chunk)
{
	int err = 0;

	while (done < job->blocks && !err) {
		uint32_t part = job->blocks - done < chunk ? job->blocks - done
							   : chunk;
		uint32_t lba = job->lba + done;

		err = lathe_iso9660_cursor_read(cursor, lba, part, job->data);
		if (!err)
			err = put_at(target->fd, job->data,
				     (uint64_t)part * LATHE_BLOCK_BYTES,
				     place_of(target, lba));
		done += part;
	}
	return err;
}

static int write_large(const struct target *target,
		       struct lathe_iso9660_cursor *cursor,
		       struct lathep_iso9660_job *job, uint32_t chunk)
{
	struct lathe_iso9660_segment segment;
	uint64_t bytes, room, done = 0;
	int err = lathe_iso9660_cursor_segment(cursor, job->lba, &segment);
	int from;

	if (err)
		return err;
	room = (uint64_t)job->blocks * LATHE_BLOCK_BYTES;
	bytes = segment.bytes < room ? segment.bytes : room;
	from = lathep_iso9660_cursor_descriptor(cursor, job->lba);
	if (from >= 0)
		done = copy_by_system(from, segment.offset, target->fd,
				      place_of(target, job->lba), bytes);
	if (done < bytes)
		return copy_by_reading(target, cursor, job,
				       (uint32_t)(done / LATHE_BLOCK_BYTES),
				       chunk);
	memset(job->data, 0, LATHE_BLOCK_BYTES);
	return put_at(target->fd, job->data, room - bytes,
		      place_of(target, job->lba) + bytes);
}

static int write_job(void *ctx, struct lathe_iso9660_cursor *cursor,
		     struct lathep_iso9660_job *job, uint32_t chunk)
{
	const struct target *target = ctx;

	if (job->large)
		return write_large(target, cursor, job, chunk);
	return put_at(target->fd, job->data,
		      (uint64_t)job->blocks * LATHE_BLOCK_BYTES,
		      place_of(target, job->lba));
}

/* Take all jobs; 'fd' not -1: write them to it, one after the other. */
static int run(struct lathe_iso9660_feed *feed, const struct lathe_hooks *hooks,
	       uint32_t total, int fd)
{
	struct lathe_progress progress = { .phase = LATHE_PHASE_WRITING,
					   .total = total };
	const uint8_t *data = NULL;
	uint32_t lba, blocks;
	int err;

	for (;;) {
		if (hooks && hooks->cancelled && hooks->cancelled(hooks->ctx))
			return LATHE_ERR_CANCELLED;
		err = lathe_iso9660_feed_next(feed, &data, &lba, &blocks);
		if (err || blocks == 0)
			return err;
		if (fd >= 0)
			err = put(fd, data,
				  (uint64_t)blocks * LATHE_BLOCK_BYTES);
		if (err)
			return err;
		progress.done += blocks;
		if (hooks && hooks->progress)
			hooks->progress(hooks->ctx, &progress);
	}
}

int lathe_iso9660_image_write(const struct lathe_iso9660_image *image, int fd,
			      uint64_t offset,
			      const struct lathe_iso9660_feed_options *options,
			      const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error)
{
	struct target target = { image, fd, offset };
	struct lathep_iso9660_sink sink = { &target, write_job, LARGE_BLOCKS,
					    LARGE_JOB };
	uint32_t blocks = lathe_iso9660_plan_blocks(image->plan);
	struct lathe_iso9660_feed *feed;
	struct stat st;
	bool regular;
	int err;

	if (fstat(fd, &st) != 0)
		return LATHE_ERR_IO;
	/* What can only grow at its end is as good as a pipe. */
	regular = (S_ISREG(st.st_mode) || S_ISBLK(st.st_mode)) &&
		  !(fcntl(fd, F_GETFL) & O_APPEND);
	if (!regular && offset != 0)
		return LATHE_ERR_ARG;
	err = lathep_iso9660_feed_create(image, image->start, blocks, options,
					 hooks, on_error,
					 regular ? &sink : NULL, &feed);
	if (err)
		return err;
	err = run(feed, hooks, blocks, regular ? -1 : fd);
	lathe_iso9660_feed_destroy(feed);
	return err;
}

#else

int lathe_iso9660_image_write(const struct lathe_iso9660_image *image, int fd,
			      uint64_t offset,
			      const struct lathe_iso9660_feed_options *options,
			      const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error)
{
	(void)image;
	(void)fd;
	(void)offset;
	(void)options;
	(void)hooks;
	(void)on_error;
	return LATHE_ERR_UNSUPPORTED;
}

#endif
