/* SPDX-License-Identifier: MIT */
/*
 * Image files. A thread writes what it has read or made, while that is still
 * in its processor's cache; a pipe is written by the caller's, in order. The
 * bytes of large files are copied by the system, which shares them where the
 * file system can, and which may work on several of them at once.
 */
#if !defined(__linux__)
#define _POSIX_C_SOURCE 200809L
#elif !defined(_GNU_SOURCE)
#define _GNU_SOURCE		/* copy_file_range, fallocate */
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

#define CHUNK_BLOCKS 128u	/* 256 KiB: stays in a cache */
#define RING_CHUNKS 16u		/* of a pipe; of a file at most */

/* Bytes of one write into a file. Linux caches what one brings in one piece of
 * memory; a host that takes idle memory of its guests back takes pieces of
 * 128 KiB and more, and smaller ones stay at hand. */
#define PART (16u << 10)

#define RESERVED 32768u		/* blocks at once: 64 MiB */

struct target {
	const struct lathe_iso9660_image *image;
	int fd;
	bool in_order;		/* a pipe, or as good as one */
	uint64_t offset;	/* of the image's first byte */
	uint64_t fresh;		/* nothing was in the file from here on */
	uint32_t reserved;	/* LBA up to which the system was told */
	bool summing;		/* the metadata, for the mark */
	uint32_t crc;		/* of those that were written */
	bool hold;		/* the first descriptor stays zeros */
};

/* Bytes of the file at 'at'; what is in order goes to its end. */
static int put(const struct target *target, const uint8_t *data,
	       uint64_t bytes, uint64_t at)
{
	while (bytes) {
		size_t part = bytes < PART ? (size_t)bytes : PART;
		ssize_t n = target->in_order
				    ? write(target->fd, data, (size_t)bytes)
				    : pwrite(target->fd, data, part,
					     (off_t)at);

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

/* Blocks [done, end) of a large file, which the system did not copy. */
static int copy_by_reading(const struct target *target,
			   struct lathe_iso9660_cursor *cursor,
			   struct lathep_iso9660_job *job, uint32_t done,
			   uint32_t end, uint32_t chunk)
{
	int err = 0;

	while (done < end && !err) {
		uint32_t part = end - done < chunk ? end - done : chunk;
		uint32_t lba = job->lba + done;

		err = lathe_iso9660_cursor_read(cursor, lba, part, job->data);
		if (!err)
			err = put(target, job->data,
				  (uint64_t)part * LATHE_BLOCK_BYTES,
				  place_of(target, lba));
		done += part;
	}
	return err;
}

#if defined(SEEK_DATA) && defined(SEEK_HOLE)
/* As find_stored(), of what the system says. */
static void ask_holes(int from, uint64_t base, uint64_t at, uint64_t end,
		      uint64_t *first, uint64_t *last)
{
	off_t found = lseek(from, (off_t)(base + at), SEEK_DATA);

	*first = found < 0 && errno == ENXIO ? end : at;
	*last = end;
	if (found < 0)
		return;
	if ((uint64_t)found > base + at)
		*first = ((uint64_t)found - base) / LATHE_BLOCK_BYTES *
			 LATHE_BLOCK_BYTES;
	if (*first >= end) {
		*first = end;
		return;
	}
	found = lseek(from, found, SEEK_HOLE);
	/* None is beyond all. */
	if ((uint64_t)found > base + *first && (uint64_t)found < base + end)
		*last = lathep_iso9660_blocks((uint64_t)found - base) *
			LATHE_BLOCK_BYTES;
}
#endif

/*
 * The next bytes at or behind 'at' that a source stores, in whole blocks, as
 * 'at' and 'end' are: 'base' is where the run begins that they count in.
 * Without holes, or where nobody knows, all are stored.
 */
static void find_stored(int from, uint64_t base, uint64_t at, uint64_t end,
			uint64_t *first, uint64_t *last)
{
#if defined(SEEK_DATA) && defined(SEEK_HOLE)
	struct stat st;

	if (from >= 0) {
		ask_holes(from, base, at, end, first, last);
		/* One that became shorter, even just now, has no hole at its
		 * end. */
		if (fstat(from, &st) == 0 &&
		    (uint64_t)st.st_size >= base + end)
			return;
	}
#else
	(void)from;
	(void)base;
#endif
	*first = at;
	*last = end;
}

/* Zeros that need not be written where nothing was before. */
static int leave_out(const struct target *target,
		     struct lathep_iso9660_job *job, uint64_t at,
		     uint64_t bytes, uint32_t chunk)
{
	uint64_t most = (uint64_t)chunk * LATHE_BLOCK_BYTES, part;
	int err = 0;

	if (at >= target->fresh)
		return 0;
	memset(job->data, 0, (size_t)most);
	for (; bytes && !err; bytes -= part, at += part) {
		part = bytes < most ? bytes : most;
		err = put(target, job->data, part, at);
	}
	return err;
}

/* All but the last block, which has zeros behind the file; who reads it looks
 * whether that is still what it was. */
static int copy_large(void *ctx, struct lathe_iso9660_cursor *cursor,
		      struct lathep_iso9660_job *job, uint32_t chunk)
{
	const struct target *target = ctx;
	const uint64_t bytes = (uint64_t)(job->blocks - 1) * LATHE_BLOCK_BYTES;
	uint64_t at = 0, first, last, to = place_of(target, job->lba), base;
	const int from = lathep_iso9660_cursor_descriptor(cursor, job->lba,
							  &base);
	int err = 0;

	while (at < bytes && !err) {
		find_stored(from, base, at, bytes, &first, &last);
		err = leave_out(target, job, to + at, first - at, chunk);
		at = first;
		if (from >= 0 && !err)
			at += copy_by_system(from, base + at, target->fd,
					     to + at, last - at);
		if (at < last && !err)
			err = copy_by_reading(
				target, cursor, job,
				(uint32_t)(at / LATHE_BLOCK_BYTES),
				(uint32_t)(last / LATHE_BLOCK_BYTES), chunk);
		at = last;
	}
	return err ? err : copy_by_reading(target, cursor, job,
					   job->blocks - 1, job->blocks, 1);
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

/* A file system that knows beforehand what will come need not look for room
 * page by page. Whether it can be told, and has room, is seen when the blocks
 * are written. */
static void reserve(struct target *target, const struct lathep_iso9660_job *job)
{
	uint64_t at = place_of(target, job->lba);
	uint32_t blocks = job->run < RESERVED ? job->run : RESERVED;

	if (at < target->fresh || job->lba < target->reserved)
		return;
	target->reserved = job->lba + blocks;
#if defined(__linux__)
	if (fallocate(target->fd, FALLOC_FL_KEEP_SIZE, (off_t)at,
		      (off_t)blocks * LATHE_BLOCK_BYTES) != 0)
		target->reserved = UINT32_MAX;
#endif
}

/* What a thread does with what it has read; not for pipes. */
static void job_made(void *ctx, struct lathep_iso9660_job *job)
{
	const struct target *target = ctx;
	uint32_t first, blocks = 0;

	if (target->summing)
		blocks = summed_blocks(target, job, &first);
	if (blocks)
		job->crc = lathe_iso9660_crc32c(
			0, job->data + (size_t)first * LATHE_BLOCK_BYTES,
			(size_t)blocks * LATHE_BLOCK_BYTES);
	if (target->hold)
		hold_descriptor(job, target->image->start);
}

static int put_job(const struct target *target,
		   const struct lathep_iso9660_job *job)
{
	return put(target, job->data,
		   (uint64_t)job->blocks * LATHE_BLOCK_BYTES,
		   place_of(target, job->lba));
}

static int job_put(void *ctx, const struct lathep_iso9660_job *job)
{
	reserve(ctx, job);
	return put_job(ctx, job);
}

/* In order: checksums follow each other. */
static void sum_job(struct target *target, const struct lathep_iso9660_job *job)
{
	uint32_t first, blocks;

	if (job->large || !target->summing)
		return;
	blocks = summed_blocks(target, job, &first);
	if (blocks)
		target->crc = lathep_iso9660_crc32c_join(
			target->crc, job->crc,
			(uint64_t)blocks * LATHE_BLOCK_BYTES);
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
		sum_job(target, job);
		err = target->in_order ? put_job(target, job) : 0;
		if (err)
			return err;
		progress.done += job->blocks;
		if (hooks && hooks->progress)
			hooks->progress(hooks->ctx, &progress);
	}
}

static int look_at(struct target *target)
{
	struct stat st;

	if (fstat(target->fd, &st) != 0)
		return LATHE_ERR_IO;
	/* What can only grow at its end is as good as a pipe. */
	target->in_order = !(S_ISREG(st.st_mode) || S_ISBLK(st.st_mode)) ||
			   (fcntl(target->fd, F_GETFL) & O_APPEND);
	target->summing = target->summing && !target->in_order;
	target->fresh = S_ISREG(st.st_mode) ? (uint64_t)st.st_size
					    : UINT64_MAX;
	return target->in_order && target->offset != 0 ? LATHE_ERR_ARG : 0;
}

/* Zeros at the end that were left out belong to the file all the same. What a
 * file system, as XFS, has reserved behind it does not. */
static int reach_end(const struct target *target)
{
	uint64_t end = target->offset +
		       (uint64_t)target->image->plan->blocks *
			       LATHE_BLOCK_BYTES;
	struct stat st;

	if (target->in_order || target->fresh >= end)
		return 0;
	if (fstat(target->fd, &st) != 0)
		return LATHE_ERR_IO;
	if ((uint64_t)st.st_size <= end &&
	    ftruncate(target->fd, (off_t)end) != 0)
		return LATHE_ERR_IO;
	return 0;
}

static const struct lathep_iso9660_outlet into_file = {
	.ctx = NULL, .made = job_made, .put = job_put, .copy = copy_large,
	.large_blocks = LARGE_BLOCKS, .large_job = LARGE_JOB
};

static int write_image(struct target *target,
		       const struct lathe_iso9660_feed_options *options,
		       const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error)
{
	struct lathep_iso9660_outlet outlet = into_file;
	const struct lathe_iso9660_image *image = target->image;
	struct lathe_iso9660_feed_options how = { 0 };
	struct lathe_iso9660_feed *feed;
	int err, sys_errno;

	outlet.ctx = target;
	if (options)
		how = *options;
	if (how.chunk_blocks == 0 && how.ring_chunks == 0) {
		how.chunk_blocks = CHUNK_BLOCKS;
		how.ring_chunks = RING_CHUNKS;
		if (!target->in_order && how.threads < RING_CHUNKS - 2)
			how.ring_chunks = how.threads + 2;
	}
	target->hold = how.hold_descriptor && !target->in_order;
	err = lathep_iso9660_feed_create(
		image, image->start, image->plan->blocks, &how, hooks,
		on_error, target->in_order ? NULL : &outlet, &feed);
	if (err)
		return err;
	err = run(feed, hooks, target);
	sys_errno = errno;
	lathe_iso9660_feed_destroy(feed);
	errno = sys_errno;
	return err ? err : reach_end(target);
}

int lathe_iso9660_image_write(const struct lathe_iso9660_image *image, int fd,
			      uint64_t offset,
			      const struct lathe_iso9660_feed_options *options,
			      const struct lathe_hooks *hooks,
		const struct lathe_iso9660_on_source_error *on_error)
{
	struct target target = { .image = image, .fd = fd, .offset = offset };
	int err = look_at(&target);

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
	return put(target, block, sizeof(block),
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
	int err = look_at(&target);

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
