/* SPDX-License-Identifier: MIT */
/*
 * Image files. Threads read; the caller's writes what they have read, since
 * a file takes one write at a time anyway. The bytes of large files are copied
 * by the system, which shares them where the file system can, and which may
 * work on several of them at once.
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
	bool in_order;		/* a pipe, or as good as one */
	uint64_t offset;	/* of the image's first byte */
	bool summing;		/* the metadata, for the mark */
	uint32_t crc;		/* of those that were written */
	bool hold;		/* the first descriptor stays zeros */
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

/* Blocks of a job whose checksum goes to the mark: it covers what is behind
 * the system area up to the last directory. */
static uint32_t summed_blocks(const struct target *target,
			      const struct lathep_iso9660_job *job,
			      uint32_t *first)
{
	uint32_t begin = job->lba - target->image->start;
	uint32_t end = begin + job->blocks;
	uint32_t metadata = target->image->plan->metadata;

	*first = begin < LATHEP_ISO9660_SYSTEM_BLOCKS
			 ? LATHEP_ISO9660_SYSTEM_BLOCKS - begin : 0;
	if (end > metadata)
		end = metadata;
	return end > begin + *first ? end - begin - *first : 0;
}

static int job_done(void *ctx, struct lathe_iso9660_cursor *cursor,
		    struct lathep_iso9660_job *job, uint32_t chunk)
{
	const struct target *target = ctx;
	uint32_t first, blocks;

	if (job->large)
		return write_large(target, cursor, job, chunk);
	if (!target->summing)
		return 0;
	blocks = summed_blocks(target, job, &first);
	job->crc = lathe_iso9660_crc32c(
		0, job->data + (size_t)first * LATHE_BLOCK_BYTES,
		(size_t)blocks * LATHE_BLOCK_BYTES);
	return 0;
}

/* Until all else is written nothing shall look like a volume. */
static void hold_descriptor(const struct lathep_iso9660_job *job,
			    uint32_t start)
{
	uint32_t lba = start + LATHEP_ISO9660_SYSTEM_BLOCKS;

	if (job->lba <= lba && lba - job->lba < job->blocks)
		memset(job->data + (size_t)(lba - job->lba) *
					   LATHE_BLOCK_BYTES,
		       0, LATHE_BLOCK_BYTES);
}

/* What a thread has read. */
static int write_job(struct target *target,
		     const struct lathep_iso9660_job *job)
{
	uint64_t bytes = (uint64_t)job->blocks * LATHE_BLOCK_BYTES;
	uint32_t first, blocks;

	if (job->large)
		return 0;
	if (target->in_order)
		return put(target->fd, job->data, bytes);
	if (target->summing) {
		blocks = summed_blocks(target, job, &first);
		if (blocks)
			target->crc = lathep_iso9660_crc32c_join(
				target->crc, job->crc,
				(uint64_t)blocks * LATHE_BLOCK_BYTES);
	}
	if (target->hold)
		hold_descriptor(job, target->image->start);
	return put_at(target->fd, job->data, bytes,
		      place_of(target, job->lba));
}

static int run(struct lathe_iso9660_feed *feed, const struct lathe_hooks *hooks,
	       struct target *target)
{
	struct lathe_progress progress = {
		.phase = LATHE_PHASE_WRITING,
		.total = target->image->plan->blocks
	};
	const struct lathep_iso9660_job *job;
	int err;

	for (;;) {
		if (hooks && hooks->cancelled && hooks->cancelled(hooks->ctx))
			return LATHE_ERR_CANCELLED;
		err = lathep_iso9660_feed_next(feed, &job);
		if (err || !job)
			return err;
		err = write_job(target, job);
		if (err)
			return err;
		progress.done += job->blocks;
		if (hooks && hooks->progress)
			hooks->progress(hooks->ctx, &progress);
	}
}

static int look_at(int fd, uint64_t offset, bool *in_order)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return LATHE_ERR_IO;
	/* What can only grow at its end is as good as a pipe. */
	*in_order = !(S_ISREG(st.st_mode) || S_ISBLK(st.st_mode)) ||
		    (fcntl(fd, F_GETFL) & O_APPEND);
	return *in_order && offset != 0 ? LATHE_ERR_ARG : 0;
}

static int write_image(struct target *target,
		       const struct lathe_iso9660_feed_options *options,
		       const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error)
{
	struct lathep_iso9660_sink sink = { target, job_done, LARGE_BLOCKS,
					    LARGE_JOB };
	const struct lathe_iso9660_image *image = target->image;
	struct lathe_iso9660_feed *feed;
	int err = lathep_iso9660_feed_create(
		image, image->start, image->plan->blocks, options, hooks,
		on_error, target->in_order ? NULL : &sink, &feed);

	if (err)
		return err;
	target->hold = options && options->hold_descriptor;
	err = run(feed, hooks, target);
	lathe_iso9660_feed_destroy(feed);
	return err;
}

int lathe_iso9660_image_write(const struct lathe_iso9660_image *image, int fd,
			      uint64_t offset,
			      const struct lathe_iso9660_feed_options *options,
			      const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error)
{
	struct target target = { .image = image, .fd = fd, .offset = offset };
	int err = look_at(fd, offset, &target.in_order);

	return err ? err : write_image(&target, options, hooks, on_error);
}

/* The descriptor that holds the mark, with the checksum in it. */
static int write_mark(const struct target *target)
{
	const struct lathe_iso9660_image *image = target->image;
	const struct lathep_iso9660_region *region = lathep_iso9660_region_at(
		image->plan, LATHEP_ISO9660_SYSTEM_BLOCKS);
	uint8_t block[LATHE_BLOCK_BYTES];

	lathep_iso9660_encode_block(image, region, 0, block);
	return put_at(target->fd, block, sizeof(block),
		      place_of(target, image->start +
					       LATHEP_ISO9660_SYSTEM_BLOCKS));
}

int lathe_iso9660_plan_write(const struct lathe_iso9660_plan *plan,
			     uint32_t start, int fd, uint64_t offset,
			     const struct lathe_iso9660_feed_options *options,
			     const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error,
			     struct lathe_iso9660_image *out)
{
	struct lathe_iso9660_image image = { plan, start, 0 };
	struct target target = { .image = &image, .fd = fd, .offset = offset,
				 .summing = true };
	int err = look_at(fd, offset, &target.in_order);

	if (!err && target.in_order)
		err = lathe_iso9660_image_init(&image, plan, start);
	else if (!err && plan->blocks > UINT32_MAX - start)
		err = LATHE_ERR_LIMIT;
	if (!err)
		err = write_image(&target, options, hooks, on_error);
	if (!err && !target.in_order) {
		image.metadata_crc = target.crc;
		if (!target.hold)
			err = write_mark(&target);
	}
	if (!err && out)
		*out = image;
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

int lathe_iso9660_plan_write(const struct lathe_iso9660_plan *plan,
			     uint32_t start, int fd, uint64_t offset,
			     const struct lathe_iso9660_feed_options *options,
			     const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error,
			     struct lathe_iso9660_image *out)
{
	(void)plan;
	(void)start;
	(void)fd;
	(void)offset;
	(void)options;
	(void)hooks;
	(void)on_error;
	(void)out;
	return LATHE_ERR_UNSUPPORTED;
}

#endif
