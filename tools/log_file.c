/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/drive.h"
#include "tools/lock.h"
#include "tools/output.h"

/* Whose lock it would be stays when we end. */
static int begin_stream(struct log_file *log, struct tool *tool, int stream)
{
	int fd = fcntl(stream, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	log->file = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (log->file)
		return STATUS_OK;
	if (fd >= 0)
		close(fd);
	return complain_errno(tool, log->path);
}

/* Several may keep one log, as /dev/null. */
static int begin_log(struct log_file *log, struct tool *tool, int fd)
{
	struct stat st;
	int status = STATUS_OK;

	if (!lock_take(fd, false))
		status = lock_complain(tool, log->path);
	else if (fstat(fd, &st) != 0 ||
		 (S_ISREG(st.st_mode) && ftruncate(fd, 0) != 0) ||
		 !(log->file = fdopen(fd, "w")))
		status = complain_errno(tool, log->path);
	if (!log->file)
		close(fd);
	return status;
}

int log_file_open(struct log_file *log, struct tool *tool, const char *path)
{
	struct stat st = { .st_mode = 0 };
	int status = emulated_refuse(tool, path), fd;

	*log = (struct log_file){ .path = path };
	if (status)
		return status;
	if (stat(path, &st) == 0 && S_ISBLK(st.st_mode))
		return complain_usage(tool, "%s is a disk, not a file", path);
	/* What was in front of it stays then, and all that is written comes
	 * one behind the other. */
	fd = output_stream(&st);
	if (fd >= 0)
		return begin_stream(log, tool, fd);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	return fd >= 0 ? begin_log(log, tool, fd)
		       : complain_errno(tool, path);
}

static void keep_errno(struct log_file *log)
{
	if (!log->sys_errno)
		log->sys_errno = errno;
}

void log_file_line(void *ctx, const char *text, size_t len)
{
	struct log_file *log = ctx;

	fwrite(text, 1, len, log->file);
	putc('\n', log->file);
	/* The log is wanted most where we do not live to close it. */
	if (fflush(log->file) != 0)
		keep_errno(log);
}

int log_file_close(struct log_file *log, struct tool *tool, int status)
{
	char what[4200];
	int told;

	if (!log->file)
		return status;
	if (fclose(log->file) != 0)
		keep_errno(log);
	log->file = NULL;
	if (!log->sys_errno)
		return status;
	snprintf(what, sizeof(what), "%s: lines of the log are missing",
		 log->path);
	errno = log->sys_errno;
	told = complain_errno(tool, what);
	return status ? status : told;
}
