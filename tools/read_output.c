/* SPDX-License-Identifier: MIT */
/*
 * lathe read: a file with holes, or a pipe or device that gets zeros in
 * their place.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "tools/read.h"

/* ---- opening ------------------------------------------------------------ */

int read_output_open(struct read_output *out, struct tool *tool,
		     const char *path, bool overwrite,
		     const struct drive *drive)
{
	int status = output_open(&out->file, tool, path, overwrite);

	if (status)
		return status;
	if (drive_is(drive, out->file.fd))
		return complain_usage(tool,
				      "-o %s is the disc that is to be read",
				      out->file.name);
	return output_begin(&out->file);
}

/* ---- writing ------------------------------------------------------------ */

static int complain_write(const struct read_output *out)
{
	/* Whoever reads a pipe has enough: no message is owed to him. */
	if (errno == EPIPE)
		return status_of(LATHE_ERR_IO);
	return complain_errno(out->file.tool, out->file.name);
}

static int write_all(struct read_output *out, const uint8_t *data,
		     size_t bytes, uint64_t offset)
{
	const int fd = out->file.fd;
	ssize_t n;

	while (bytes > 0) {
		n = out->file.regular ? pwrite(fd, data, bytes, (off_t)offset)
				      : write(fd, data, bytes);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return complain_write(out);
		data += n;
		bytes -= (size_t)n;
		offset += (uint64_t)n;
	}
	out->at = offset;
	return STATUS_OK;
}

/* Zeros up to there. */
static int fill(struct read_output *out, uint64_t offset)
{
	static const uint8_t zeros[64 * LATHE_BLOCK_BYTES];
	int status = STATUS_OK;
	size_t n;

	while (status == STATUS_OK && out->at < offset) {
		n = offset - out->at < sizeof(zeros)
			    ? (size_t)(offset - out->at)
			    : sizeof(zeros);
		status = write_all(out, zeros, n, out->at);
	}
	return status;
}

int read_output_put(struct read_output *out, const uint8_t *data, size_t bytes,
		    uint64_t offset)
{
	int status = out->file.regular ? STATUS_OK : fill(out, offset);

	return status ? status : write_all(out, data, bytes, offset);
}

int read_output_end(struct read_output *out, uint64_t bytes)
{
	if (!out->file.regular)
		return fill(out, bytes);
	if (ftruncate(out->file.fd, (off_t)bytes) != 0)
		return complain_write(out);
	return STATUS_OK;
}
