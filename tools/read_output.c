/* SPDX-License-Identifier: MIT */
/*
 * lathe read: a file with holes, or a pipe or device that gets zeros in
 * their place.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/read.h"

/* ---- opening ------------------------------------------------------------ */

static bool is_file(const struct stat *st, const char *path,
		    const char *ending)
{
	char name[4096];
	struct stat other;

	if (!path)
		return false;
	snprintf(name, sizeof(name), "%s%s", path, ending);
	return stat(name, &other) == 0 && other.st_dev == st->st_dev &&
	       other.st_ino == st->st_ino;
}

/* The disc itself, as its drive or its file? */
static bool is_source(const struct stat *st, const struct drive *drive)
{
	const struct emulated *emulated = &drive->emulated;
	struct stat node;

	if (drive->sgio.fd >= 0 && !S_ISREG(st->st_mode))
		return fstat(drive->sgio.fd, &node) == 0 &&
		       node.st_rdev == st->st_rdev;
	return is_file(st, emulated->path, "") ||
	       is_file(st, emulated->path, ".disc") ||
	       is_file(st, emulated->swap, "") ||
	       is_file(st, emulated->swap, ".disc");
}

/* It is emptied when nothing speaks against it any more. */
static int look_at(struct read_output *out, const struct drive *drive)
{
	struct stat st;

	if (fstat(out->fd, &st) != 0)
		return complain_errno(out->tool, out->name);
	if (is_source(&st, drive))
		return complain_usage(out->tool,
				      "-o %s is the disc that is to be read",
				      out->name);
	out->regular = out->fd != STDOUT_FILENO && S_ISREG(st.st_mode);
	if (out->regular && ftruncate(out->fd, 0) != 0)
		return complain_errno(out->tool, out->name);
	return STATUS_OK;
}

int read_output_open(struct read_output *out, const char *path, bool overwrite,
		     const struct drive *drive)
{
	const int flags = O_WRONLY | O_CREAT | O_CLOEXEC;
	int status;

	out->name = path;
	if (strcmp(path, "-") == 0) {
		out->name = "standard output";
		out->fd = STDOUT_FILENO;
		status = refuse_terminal(out->tool);
		return status ? status : look_at(out, drive);
	}
	out->fd = open(path, overwrite ? flags : flags | O_EXCL, 0666);
	if (out->fd < 0)
		return complain_errno(out->tool, path);
	status = look_at(out, drive);
	if (status)
		close(out->fd);
	return status;
}

/* ---- writing ------------------------------------------------------------ */

static int complain_write(const struct read_output *out)
{
	/* Whoever reads a pipe has enough: no message is owed to him. */
	if (errno == EPIPE)
		return status_of(LATHE_ERR_IO);
	return complain_errno(out->tool, out->name);
}

static int write_all(struct read_output *out, const uint8_t *data,
		     size_t bytes, uint64_t offset)
{
	ssize_t n;

	while (bytes > 0) {
		n = out->regular ? pwrite(out->fd, data, bytes, (off_t)offset)
				 : write(out->fd, data, bytes);
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
	int status = out->regular ? STATUS_OK : fill(out, offset);

	return status ? status : write_all(out, data, bytes, offset);
}

int read_output_end(struct read_output *out, uint64_t bytes)
{
	if (!out->regular)
		return fill(out, bytes);
	return ftruncate(out->fd, (off_t)bytes) == 0 ? STATUS_OK
						     : complain_write(out);
}

int read_output_close(struct read_output *out, int status, bool keep)
{
	if (out->fd == STDOUT_FILENO)
		return status;
	if (close(out->fd) != 0 && status == STATUS_OK)
		status = complain_errno(out->tool, out->name);
	if (status && !keep && out->regular)
		unlink(out->name);
	return status;
}
