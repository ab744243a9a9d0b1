/* SPDX-License-Identifier: MIT */
/*
 * lathe image: where the bytes go.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/image.h"
#include "tools/map.h"

static int source_failed(void *ctx, uint32_t node, uint64_t offset, int err,
			 const char *text)
{
	struct image_run *run = ctx;
	char path[1024];

	(void)offset;
	lathe_iso9660_path(run->content.tree, node, path, sizeof(path));
	note(run->tool, "not whole: %s; on the disc: %s", text, path);
	run->failed++;
	return run->options->on_source_error == 1 ? 0 : err;
}

int image_pwrite(struct image_run *run, const void *data, size_t bytes,
		 uint64_t offset)
{
	const char *at = data;
	ssize_t put;

	while (bytes > 0) {
		put = pwrite(run->fd, at, bytes, (off_t)offset);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return complain_errno(run->tool, image_target(run));
		at += put;
		bytes -= (size_t)put;
		offset += (uint64_t)put;
	}
	return STATUS_OK;
}

/* Writing failed, and errno says why. */
static int complain_output(struct image_run *run)
{
	/* Whoever reads a pipe has enough: no message is owed to him. */
	if (errno == EPIPE)
		return status_of(LATHE_ERR_IO);
	return complain_errno(run->tool, image_target(run));
}

int image_complain_stopped(struct image_run *run)
{
	return complain(run->tool, LATHE_ERR_CANCELLED, NULL, "%s",
			image_target(run));
}

int image_write_pipe(struct image_run *run, const void *data, size_t bytes)
{
	const char *at = data;
	ssize_t put;

	while (bytes > 0) {
		put = write(run->fd, at, bytes);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return complain_output(run);
		at += put;
		bytes -= (size_t)put;
	}
	return STATUS_OK;
}

int image_own_descriptors(struct image_run *run,
			  const struct lathe_iso9660_image *image)
{
	struct lathe_iso9660_cursor *cursor;
	uint8_t *block = run->own;
	int err;

	run->own_count = 0;
	err = lathe_iso9660_cursor_create(image, &run->tool->hooks, NULL,
					  &cursor);
	if (err)
		return complain(run->tool, err, NULL, "%s", image_target(run));
	while (!err && run->own_count < LATHE_ISO9660_HEAD_BLOCKS) {
		err = lathe_iso9660_cursor_read(
			cursor,
			image->start + IMAGE_SYSTEM_AREA + run->own_count, 1,
			block);
		run->own_count++;
		if (block[0] == 255)
			break;
		block += LATHE_BLOCK_BYTES;
	}
	lathe_iso9660_cursor_destroy(cursor);
	if (err)
		return complain(run->tool, err, NULL, "%s", image_target(run));
	return STATUS_OK;
}

/* Standard output may be a file in which others write before and behind. */
static uint64_t position(const struct image_run *run)
{
	off_t at = 0;

	if (run->fd == STDOUT_FILENO &&
	    !(fcntl(run->fd, F_GETFL) & O_APPEND))
		at = lseek(run->fd, 0, SEEK_CUR);
	return at > 0 ? (uint64_t)at : 0;
}

static void go_to(const struct image_run *run, uint64_t offset)
{
	/* A pipe has no place to go to. */
	if (run->fd == STDOUT_FILENO)
		(void)lseek(run->fd, (off_t)offset, SEEK_SET);
}

int image_put_volume(struct image_run *run,
		     const struct lathe_iso9660_plan *plan, uint64_t offset,
		     bool hold, struct lathe_iso9660_image *image)
{
	struct lathe_iso9660_on_source_error on_error = {
		.ctx = run, .failed = source_failed
	};
	struct lathe_iso9660_feed_options feed = { .threads = 2,
						   .hold_descriptor = hold };
	uint32_t failed = run->failed;
	int err;

	offset += position(run);
	errno = 0;
	err = lathe_iso9660_plan_write(plan, run->start, run->fd, offset,
				       &feed, &run->tool->hooks, &on_error,
				       image);
	/* Else it was a source, which has been told. */
	if (err == LATHE_ERR_IO && errno && run->failed == failed)
		return complain_output(run);
	if (err)
		return complain(run->tool, err, NULL, "%s", image_target(run));
	go_to(run, offset + (uint64_t)lathe_iso9660_plan_blocks(plan) *
				    LATHE_BLOCK_BYTES);
	return STATUS_OK;
}

static bool is_base(const struct image_run *run, const struct output *out)
{
	return run->has_base && out->dev == run->state.dev &&
	       out->ino == run->state.ino;
}

/* The list would take the place of what is recorded, or was before. */
static int open_list(struct image_run *run, bool wanted)
{
	const char *map = run->options->map;
	const struct output *image = &run->file, *list = &run->list;
	int status;

	if (!map || output_is_standard(map) || !wanted)
		return STATUS_OK;
	status = output_open(&run->list, run->tool, map, true);
	if (status)
		return status;
	if (is_base(run, list) ||
	    (image->fd >= 0 && image->dev == list->dev &&
	     image->ino == list->ino))
		return complain_usage(run->tool, "--map %s is the image itself",
				      map);
	if (list->device)
		return complain_usage(run->tool,
				      "--map %s is a disk, not a file", map);
	return output_begin(&run->list);
}

static int open_file(struct image_run *run, bool listed)
{
	const char *path = run->options->output;
	int status = output_open(&run->file, run->tool, path, true);

	if (status)
		return status;
	if (is_base(run, &run->file))
		return complain_usage(run->tool,
				      "-o %s is the image of -M itself: "
				      "without -o it grows in place",
				      path);
	status = open_list(run, listed);
	return status ? status : output_begin(&run->file);
}

/*
 * The output is opened last, so that a wrong name on the command line does
 * not make one.
 */
static int open_output(struct image_run *run, bool listed)
{
	struct stat st;
	int status;

	if (!run->options->output) {
		run->fd = run->base.fd;
		run->regular = fstat(run->fd, &st) == 0 &&
			       S_ISREG(st.st_mode);
		return open_list(run, listed);
	}
	status = open_file(run, listed);
	run->fd = run->file.fd;
	return status;
}

/* Standard output that has something in it is one: no hole would hide that. */
static bool is_pipe(const struct image_run *run)
{
	struct stat st;

	return fstat(run->fd, &st) != 0 ||
	       !(S_ISREG(st.st_mode) || S_ISBLK(st.st_mode)) ||
	       (fcntl(run->fd, F_GETFL) & O_APPEND) ||
	       (run->fd == STDOUT_FILENO &&
		(st.st_size > 0 || lseek(run->fd, 0, SEEK_CUR) != 0));
}

/* A first session at LBA 32, its descriptors at 16 as well. */
static int write_growable(struct image_run *run,
			  const struct lathe_iso9660_plan *plan,
			  struct lathe_iso9660_image *image)
{
	static const uint8_t zeros[IMAGE_GROWABLE * LATHE_BLOCK_BYTES];
	const uint64_t at = IMAGE_SYSTEM_AREA * LATHE_BLOCK_BYTES;
	size_t bytes;
	int status, err;

	if (!is_pipe(run)) {
		status = image_put_volume(run, plan, sizeof(zeros), false,
					  image);
		if (status == STATUS_OK)
			status = image_own_descriptors(run, image);
		if (status == STATUS_OK)
			status = image_pwrite(run, run->own,
					      (size_t)run->own_count *
						      LATHE_BLOCK_BYTES,
					      at);
		return status;
	}
	err = lathe_iso9660_image_init(image, plan, run->start);
	if (err)
		return complain(run->tool, err, NULL, "%s", image_target(run));
	status = image_own_descriptors(run, image);
	bytes = (size_t)run->own_count * LATHE_BLOCK_BYTES;
	if (status == STATUS_OK)
		status = image_write_pipe(run, zeros, (size_t)at);
	if (status == STATUS_OK)
		status = image_write_pipe(run, run->own, bytes);
	if (status == STATUS_OK)
		status = image_write_pipe(run, zeros,
					  sizeof(zeros) - (size_t)at - bytes);
	if (status == STATUS_OK)
		status = image_put_volume(run, plan, 0, false, image);
	return status;
}

static int write_kind(struct image_run *run,
		      const struct lathe_iso9660_plan *plan,
		      struct lathe_iso9660_image *image)
{
	int status = STATUS_OK;

	if (run->appends && is_pipe(run))
		return image_append_to_pipe(run, plan, image);
	if (run->appends) {
		if (run->options->output)
			status = image_copy_base(run);
		if (status == STATUS_OK && plan)
			return image_append(run, plan, image);
		if (status == STATUS_OK)
			status = image_check_base(run, 0);
		go_to(run, run->state.bytes);
		return status;
	}
	if (run->options->growable)
		return write_growable(run, plan, image);
	return image_put_volume(run, plan, 0, false, image);
}

/* LBA of the first byte of what is written. */
static uint32_t origin_of(const struct image_run *run)
{
	return run->appends || run->options->growable ? 0 : run->start;
}

uint32_t image_growth(const struct image_run *run,
		      const struct lathe_iso9660_plan *plan)
{
	return run->start - origin_of(run) - run->used +
	       lathe_iso9660_plan_blocks(plan);
}

static int write_list(struct image_run *run,
		      const struct lathe_iso9660_image *image)
{
	const char *map = run->options->map;
	FILE *out = stdout;
	int status, fd;

	if (run->list.fd >= 0) {
		fd = fcntl(run->list.fd, F_DUPFD_CLOEXEC, 0);
		out = fd >= 0 ? fdopen(fd, "w") : NULL;
		if (!out)
			return complain_errno(run->tool, map);
	}
	status = map_image(run->tool, image, origin_of(run), map,
			   (enum map_format)run->options->map_format, out);
	if (out == stdout)
		return finish_output(run->tool, status);
	if (fclose(out) != 0 && status == STATUS_OK)
		status = complain_errno(run->tool, map);
	return status;
}

/* Before the first byte: what is on a disk goes with that. */
static int check_room(struct image_run *run,
		      const struct lathe_iso9660_plan *plan)
{
	uint64_t room = run->options->output ? run->file.room
			: run->regular	     ? UINT64_MAX
					     : run->state.bytes;
	uint64_t blocks = run->used;

	if (plan)
		blocks += image_growth(run, plan);
	return output_holds(run->tool, image_target(run), room,
			    blocks * LATHE_BLOCK_BYTES);
}

int image_output(struct image_run *run,
		 const struct lathe_iso9660_plan *plan)
{
	struct lathe_iso9660_image image;
	int status;

	run->file.fd = run->list.fd = -1;
	status = open_output(run, plan != NULL);
	if (status == STATUS_OK)
		status = check_room(run, plan);
	if (status == STATUS_OK)
		status = write_kind(run, plan, &image);
	status = output_end(&run->file, status, false);
	run->fd = -1;
	if (status == STATUS_OK && run->options->map && plan)
		status = write_list(run, &image);
	status = output_end(&run->list, status, false);
	if (status == STATUS_OK && run->failed > 0)
		return complain_why(run->tool, LATHE_ERR_CHANGED, NULL,
				    "%s: some files are not whole in it",
				    image_target(run));
	return status;
}
