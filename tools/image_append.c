/* SPDX-License-Identifier: MIT */
/*
 * One more session for an image. The order of writing keeps every older
 * session readable whenever it is cut: the copy of the head, the session but
 * for its first descriptor, that, and last the head.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "tools/image.h"

static uint64_t byte_of(uint32_t lba)
{
	return (uint64_t)lba * LATHE_BLOCK_BYTES;
}

static int synchronize(struct image_run *run)
{
	/* Not everything that can be written can be synchronized. */
	if (fsync(run->fd) == 0 || errno == EINVAL || errno == EROFS)
		return STATUS_OK;
	return complain_errno(run->tool, image_target(run));
}

/* The copy of the descriptors that will give their place away. */
static int make_copy(struct image_run *run, uint8_t *out)
{
	int err = lathe_iso9660_head_copy(run->old_head, run->old_count,
					  run->place.copy, out);

	if (err)
		return complain(run->tool, err, NULL, "%s",
				run->options->base);
	return STATUS_OK;
}

/* What is behind the head stays, but for checksums of the old one. */
static void clear_tags(struct image_run *run)
{
	const struct lathe_blocks *old = &run->base.whole;
	uint32_t i;
	uint8_t *block;

	for (i = run->new_count; i < run->place.room; i++) {
		block = run->new_head + byte_of(i);
		if (old->read(old->ctx, IMAGE_SYSTEM_AREA + i, 1, block))
			return;
		if (!lathe_iso9660_is_tag(block))
			continue;
		memset(block, 0, LATHE_BLOCK_BYTES);
		run->new_count = i + 1;
	}
}

static int make_head(struct image_run *run)
{
	uint32_t dropped;
	int count = lathe_iso9660_head_make(run->own, run->own_count,
					    run->old_head, run->old_count,
					    run->place.room, run->new_head,
					    &dropped);

	if (count < 0)
		return complain_why(
			run->tool, LATHE_ERR_UNSUPPORTED,
			"use -C and an image of its own",
			"%s: the first session's directories leave no room "
			"for the descriptors of another one",
			run->options->base);
	run->new_count = (uint32_t)count;
	clear_tags(run);
	if (dropped > 0)
		note(run->tool,
		     "%s: no room for its boot record: the image starts no "
		     "computer any more",
		     run->options->base);
	return STATUS_OK;
}

static int put_copy(struct image_run *run)
{
	int status;

	if (!run->place.copy)
		return STATUS_OK;
	status = make_copy(run, run->buffer);
	if (status == STATUS_OK)
		status = image_pwrite(run, run->buffer, sizeof(run->buffer),
				      byte_of(run->place.copy));
	return status;
}

/* The session gets its descriptors when all else of it is there. */
static int put_session(struct image_run *run,
		       const struct lathe_iso9660_plan *plan,
		       struct lathe_iso9660_image *image)
{
	uint64_t at = byte_of(run->place.start);
	int status = image_put_volume(run, plan, at, true, image);

	if (status == STATUS_OK)
		status = synchronize(run);
	if (status == STATUS_OK)
		status = image_own_descriptors(run, image);
	if (status == STATUS_OK)
		status = make_head(run);
	if (status == STATUS_OK)
		status = image_pwrite(run, run->own,
				      (size_t)run->own_count *
					      LATHE_BLOCK_BYTES,
				      at + byte_of(IMAGE_SYSTEM_AREA));
	if (status == STATUS_OK)
		status = synchronize(run);
	return status;
}

static int put_head(struct image_run *run)
{
	int status = image_pwrite(run, run->new_head,
				  (size_t)run->new_count * LATHE_BLOCK_BYTES,
				  byte_of(IMAGE_SYSTEM_AREA));

	if (status == STATUS_OK)
		status = synchronize(run);
	return status;
}

static bool is_in_place(const struct image_run *run)
{
	return run->fd == run->base.fd;
}

/* Nothing leads to what was written: take it away again, if nobody else has
 * made the file longer meanwhile. */
static void undo(struct image_run *run, uint64_t end)
{
	off_t now = lseek(run->fd, 0, SEEK_END);

	if (!run->regular || now < 0 || (uint64_t)now > end)
		return;
	if (ftruncate(run->fd, (off_t)run->state.bytes) == 0)
		(void)fsync(run->fd);
}

int image_append(struct image_run *run, const struct lathe_iso9660_plan *plan,
		 struct lathe_iso9660_image *image)
{
	uint64_t end = byte_of(run->place.start) +
		       byte_of(lathe_iso9660_plan_blocks(plan));
	int status = image_check_base(run, 0);

	if (status)
		return status;
	status = put_copy(run);
	if (status == STATUS_OK)
		status = put_session(run, plan, image);
	if (status == STATUS_OK && is_in_place(run))
		status = image_check_base(run, run->regular
						       ? end
						       : run->state.bytes);
	if (status) {
		if (is_in_place(run))
			undo(run, end);
		return status;
	}
	return put_head(run);
}

/* ---- a pipe ------------------------------------------------------------- */

static int pipe_zeros(struct image_run *run, uint64_t bytes)
{
	static const uint8_t zeros[65536];
	int status = STATUS_OK;

	while (bytes > 0 && status == STATUS_OK) {
		size_t part = bytes < sizeof(zeros) ? (size_t)bytes
						    : sizeof(zeros);

		status = image_write_pipe(run, zeros, part);
		bytes -= part;
	}
	return status;
}

/* The old image, with the new head in it. */
static int pipe_old(struct image_run *run)
{
	uint8_t *buffer = run->buffer;
	uint64_t at = 0, head = byte_of(IMAGE_SYSTEM_AREA);
	size_t head_bytes = (size_t)run->new_count * LATHE_BLOCK_BYTES, i, got;
	int status = STATUS_OK;

	while (at < run->state.bytes && status == STATUS_OK) {
		status = image_read_base(run, buffer, IMAGE_BUFFER, at, &got);
		if (status)
			break;
		for (i = 0; i < got && at + i < head + head_bytes; i++)
			if (at + i >= head)
				buffer[i] = run->new_head[at + i - head];
		status = image_write_pipe(run, buffer, got);
		at += got;
		if (status == STATUS_OK && stop_asked())
			status = image_complain_stopped(run);
	}
	return status;
}

static int pipe_copy(struct image_run *run)
{
	int status = make_copy(run, run->buffer);

	if (status == STATUS_OK)
		status = image_write_pipe(run, run->buffer,
					  sizeof(run->buffer));
	return status;
}

/* What the head will be. */
static int plan_head(struct image_run *run,
		     const struct lathe_iso9660_plan *plan,
		     struct lathe_iso9660_image *image)
{
	int err = lathe_iso9660_image_init(image, plan, run->place.start);
	int status;

	if (err)
		return complain(run->tool, err, NULL, "%s",
				run->options->base);
	status = image_own_descriptors(run, image);
	return status ? status : make_head(run);
}

int image_append_to_pipe(struct image_run *run,
			 const struct lathe_iso9660_plan *plan,
			 struct lathe_iso9660_image *image)
{
	uint32_t behind = run->place.copy ? run->place.copy : run->place.start;
	int status = plan ? plan_head(run, plan, image) : STATUS_OK;

	if (status == STATUS_OK)
		status = image_check_base(run, 0);
	if (status == STATUS_OK && byte_of(behind) < run->state.bytes)
		/* A device that goes on behind its last session. */
		run->state.bytes = byte_of(behind);
	if (status == STATUS_OK)
		status = pipe_old(run);
	if (status || !plan)
		return status;
	status = pipe_zeros(run, byte_of(behind) - run->state.bytes);
	if (status == STATUS_OK && run->place.copy)
		status = pipe_copy(run);
	if (status == STATUS_OK)
		status = image_put_volume(run, plan, 0, false, image);
	return status;
}
