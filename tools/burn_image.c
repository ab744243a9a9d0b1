/* SPDX-License-Identifier: MIT */
/*
 * lathe burn --image: a file, or what comes from a pipe.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/burn.h"

#define PRIMARY 16u /* ECMA-119 6.2.1 */
#define HEAD_BYTES ((size_t)LATHE_SESSION_IMAGE_LOOK * LATHE_BLOCK_BYTES)

/* After a read that failed: is it to be tried again? Others who have the same
 * pipe may have made it one that does not wait; a disc must not be lost by
 * that. */
static bool may_come(int fd)
{
	struct pollfd more = { .fd = fd, .events = POLLIN };

	if (errno == EAGAIN && poll(&more, 1, -1) >= 0)
		return true;
	return errno == EINTR && !stop_asked();
}

/* LATHE_ERR_CANCELLED: what it waits for is not waited for any more. */
static int read_some(int fd, uint8_t *out, size_t want, size_t *got)
{
	ssize_t n;

	do
		n = read(fd, out, want);
	while (n < 0 && may_come(fd));
	if (n < 0)
		return errno == EINTR ? LATHE_ERR_CANCELLED : LATHE_ERR_IO;
	*got = (size_t)n;
	return 0;
}

/* Whole blocks, the last one filled up with zeros. */
static int read_whole(struct burn_image *image, uint8_t *out, uint32_t count,
		      uint32_t *got)
{
	size_t want = (size_t)count * LATHE_BLOCK_BYTES, have, n = 1;
	int err = 0;

	have = want < image->head_bytes ? want : image->head_bytes;
	if (have > 0) {
		memcpy(out, image->head, have);
		image->head_bytes -= have;
		memmove(image->head, image->head + have, image->head_bytes);
	}
	while (have < want && n != 0 && !err) {
		err = read_some(image->fd, out + have, want - have, &n);
		have += err ? 0 : n;
	}
	if (err)
		return err;
	if (have % LATHE_BLOCK_BYTES)
		memset(out + have, 0,
		       LATHE_BLOCK_BYTES - have % LATHE_BLOCK_BYTES);
	*got = (uint32_t)((have + LATHE_BLOCK_BYTES - 1) / LATHE_BLOCK_BYTES);
	return 0;
}

/* ECMA-119 8.4.8, of what comes first. */
static void keep_claim(struct burn_image *image, const uint8_t *data,
		       uint32_t blocks)
{
	const uint8_t *primary;

	if (image->at > PRIMARY || blocks <= PRIMARY - image->at)
		return;
	primary = data + (size_t)(PRIMARY - image->at) * LATHE_BLOCK_BYTES;
	if (!image->told_short && lathe_iso9660_primary.recognise(primary))
		image->claimed = lathe_get_le32(primary + 80);
}

/* Whoever wrote to a pipe may have failed, and a file may be half of one. Some
 * programs count from the start of a session, others from that of the disc. */
static void tell_short(const struct burn *burn, uint32_t start)
{
	const struct burn_image *image = &burn->image;
	uint64_t end = (uint64_t)start + image->at;

	if (image->claimed > end)
		note(burn->tool,
		     "%s is cut short: it ends at block %" PRIu64
		     ", its volume at block %" PRIu32,
		     burn->options->image, end, image->claimed);
}

/* Behind the file comes what is added to it. */
static int read_blocks(void *ctx, uint8_t *out, uint32_t count, uint32_t *got)
{
	struct burn_image *image = ctx;
	uint32_t left = image->file_blocks - image->at;
	int err = 0;

	if (image->copy_at && image->at >= image->file_blocks) {
		memset(out, 0, (size_t)count * LATHE_BLOCK_BYTES);
		*got = count;
	} else {
		err = read_whole(image, out,
				 image->copy_at && count > left ? left : count,
				 got);
	}
	if (err)
		return err;
	keep_claim(image, out, *got);
	burn_lay_over(image, out, *got);
	image->at += *got;
	return 0;
}

/* Whoever was to write to a pipe may have failed: what it begins with, and
 * what tells where it belongs, is waited for. */
static int read_head(struct burn *burn)
{
	struct burn_image *image = &burn->image;
	size_t got = 1;
	int err = 0;

	image->head = must_realloc(NULL, HEAD_BYTES);
	while (!err && got > 0 && image->head_bytes < HEAD_BYTES) {
		err = read_some(image->fd, image->head + image->head_bytes,
				HEAD_BYTES - image->head_bytes, &got);
		image->head_bytes += err ? 0 : got;
	}
	if (err == LATHE_ERR_IO)
		return complain_errno(burn->tool, burn->options->image);
	if (!err && image->head_bytes == 0)
		err = LATHE_ERR_EMPTY;
	return err ? complain(burn->tool, err, NULL, "%s",
			      burn->options->image)
		   : STATUS_OK;
}

int burn_open_image(struct burn *burn)
{
	const char *name = burn->options->image;
	struct burn_image *image = &burn->image;
	uint64_t bytes, blocks;
	struct stat st;
	int status;
	off_t at;

	image->fd = strcmp(name, "-") == 0 ? STDIN_FILENO
					   : open(name, O_RDONLY | O_CLOEXEC);
	if (image->fd < 0 || fstat(image->fd, &st) != 0)
		return complain_errno(burn->tool, name);
	/* What is written would not be there to be read any more. */
	if (drive_is(&burn->drive, image->fd))
		return complain_usage(burn->tool,
				      "--image %s is the disc that is to be "
				      "recorded",
				      name);
	if (!S_ISREG(st.st_mode))
		return read_head(burn);
	at = lseek(image->fd, 0, SEEK_CUR);
	bytes = at < st.st_size ? (uint64_t)(st.st_size - at) : 0;
	blocks = (bytes + LATHE_BLOCK_BYTES - 1) / LATHE_BLOCK_BYTES;
	if (blocks > UINT32_MAX || blocks == 0)
		return complain(burn->tool,
				blocks ? LATHE_ERR_LIMIT : LATHE_ERR_EMPTY,
				NULL, "%s", name);
	image->blocks = image->file_blocks = (uint32_t)blocks;
	if (at > 0)
		return STATUS_OK;
	status = burn_look_at_image(burn);
	if (status == STATUS_OK && lseek(image->fd, 0, SEEK_SET) != 0)
		status = complain_errno(burn->tool, name);
	return status;
}

/* The engine puts an image behind other sessions where its addresses are those
 * of the next one. */
static int refuse_used(struct burn *burn)
{
	const struct burn_options *options = burn->options;
	struct lathe_session_disc disc;
	int err;

	if (options->overwrite ? burn->overwritable : !options->single)
		return STATUS_OK;
	err = lathe_session_inspect(&burn->drive.mmc, &burn->tool->hooks,
				    &disc);
	if (err)
		return drive_complain(burn->tool, &burn->drive, err);
	/* That there is no disc is told in any case. */
	if (disc.blank || disc.medium.kind == LATHE_MMC_KIND_NONE)
		return STATUS_OK;
	return complain_why(burn->tool, LATHE_ERR_NOT_BLANK, NULL,
			    "%s: the disc is not blank, and --%s asks for a "
			    "blank one", burn->drive.name,
			    options->single ? "single" : "overwrite");
}

int burn_image(struct burn *burn)
{
	struct lathe_session_record_options options = burn_recording(burn);
	struct lathe_session_stream stream = { .ctx = &burn->image,
					       .read = read_blocks };
	struct lathe_session_report report = { .session = 0 };
	struct lathe_failure failure = { .err = 0 };
	int status = refuse_used(burn), err;

	if (status)
		return status;
	burn_keep_first(burn);
	stream.blocks = burn->image.blocks;
	err = lathe_session_record_stream(&burn->drive.mmc, &burn->tool->hooks,
					  &stream, &options, &report,
					  &failure);
	progress_break(&burn->tool->progress);
	if (err == 0) {
		burn_show_report(burn, &report);
		tell_short(burn, report.start);
		return finish_output(burn->tool, STATUS_OK);
	}
	status = complain(burn->tool, err, &failure, "%s", burn->drive.name);
	burn_show_end(burn, &report);
	return status;
}
