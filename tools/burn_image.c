/* SPDX-License-Identifier: MIT */
/*
 * lathe burn --image: a file, or what comes from a pipe.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/burn.h"

/* Whole blocks, the last one filled up with zeros. */
static int read_blocks(void *ctx, uint8_t *out, uint32_t count, uint32_t *got)
{
	size_t want = (size_t)count * LATHE_BLOCK_BYTES, have = 0;
	const int *fd = ctx;
	ssize_t n = 1;

	while (have < want && n != 0) {
		n = read(*fd, out + have, want - have);
		if (n < 0 && errno == EINTR && !stop_asked())
			continue;
		if (n < 0 && errno == EINTR)
			return LATHE_ERR_CANCELLED;
		if (n < 0)
			return LATHE_ERR_IO;
		have += (size_t)n;
	}
	if (have % LATHE_BLOCK_BYTES)
		memset(out + have, 0,
		       LATHE_BLOCK_BYTES - have % LATHE_BLOCK_BYTES);
	*got = (uint32_t)((have + LATHE_BLOCK_BYTES - 1) / LATHE_BLOCK_BYTES);
	return 0;
}

static int record(struct burn *burn, int fd, uint32_t blocks)
{
	struct lathe_session_record_options options = burn_recording(burn);
	struct lathe_session_stream stream = { &fd, read_blocks, blocks };
	struct lathe_session_report report = { .session = 0 };
	struct lathe_failure failure = { .err = 0 };
	int status, err;

	err = lathe_session_record_stream(&burn->drive.mmc, &burn->tool->hooks,
					  &stream, &options, &report,
					  &failure);
	progress_break(&burn->tool->progress);
	if (err == 0) {
		burn_show_report(burn, &report);
		return finish_output(burn->tool, STATUS_OK);
	}
	status = complain(burn->tool, err, &failure, "%s", burn->drive.name);
	burn_show_end(burn, &report);
	return status;
}

int burn_image(struct burn *burn)
{
	const char *name = burn->options->image;
	bool is_stdin = strcmp(name, "-") == 0;
	uint64_t blocks = 0;
	struct stat st;
	int fd, status;

	fd = is_stdin ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0)
		return complain_errno(burn->tool, name);
	if (S_ISREG(st.st_mode))
		blocks = ((uint64_t)st.st_size + LATHE_BLOCK_BYTES - 1) /
			 LATHE_BLOCK_BYTES;
	if (blocks > UINT32_MAX)
		status = complain(burn->tool, LATHE_ERR_LIMIT, NULL, "%s",
				  name);
	else if (S_ISREG(st.st_mode) && blocks == 0)
		status = complain(burn->tool, LATHE_ERR_EMPTY, NULL, "%s",
				  name);
	else
		status = record(burn, fd, (uint32_t)blocks);
	if (!is_stdin)
		close(fd);
	return status;
}
