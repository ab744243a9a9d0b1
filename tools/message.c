/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/tool.h"

static void head(struct tool *tool)
{
	progress_break(&tool->progress);
	fflush(stdout);
	fprintf(stderr, "lathe%s%s: ", tool->command ? " " : "",
		tool->command ? tool->command : "");
}

/* ISO 6429: the set C0 and DEL; C1, in UTF-8. Some terminals take U+009B for
 * ESC [. Bytes of what 'p' begins with if it is one of these, else 0. */
static size_t steers(const char *p, size_t len)
{
	unsigned char c = (unsigned char)p[0];

	if (c < 0x20 || c == 0x7f)
		return 1;
	return c == 0xc2 && len > 1 && (p[1] & 0xe0) == 0x80 ? 2 : 0;
}

void put_printable(FILE *out, const char *text)
{
	size_t len = strlen(text), n;

	for (; len > 0; text += n, len -= n) {
		n = steers(text, len);
		putc(n ? '?' : *text, out);
		n += !n;
	}
}

size_t make_printable(char *text, size_t len)
{
	size_t at = 0, used = 0, n;

	for (; at < len; at += n) {
		n = steers(text + at, len - at);
		text[used++] = n ? '?' : text[at];
		n += !n;
	}
	return used;
}

/* A path may be of any length, and the reason stands behind it. */
static void put_formatted(const char *format, va_list arguments)
{
	char text[2048], *all = NULL;
	va_list again;
	int len;

	va_copy(again, arguments);
	len = vsnprintf(text, sizeof(text), format, arguments);
	if (len >= (int)sizeof(text)) {
		all = must_realloc(NULL, (size_t)len + 1);
		vsnprintf(all, (size_t)len + 1, format, again);
	}
	va_end(again);
	put_printable(stderr, all ? all : text);
	free(all);
}

void note(struct tool *tool, const char *format, ...)
{
	va_list arguments;

	head(tool);
	va_start(arguments, format);
	put_formatted(format, arguments);
	va_end(arguments);
	putc('\n', stderr);
}

static void put_remedy(const char *remedy)
{
	if (*remedy)
		fprintf(stderr, "  what to do: %s\n", remedy);
}

static void put_scsi(const struct lathe_failure *failure)
{
	fprintf(stderr, "  command %02Xh", failure->opcode);
	if (failure->has_lba)
		fprintf(stderr, ", LBA %" PRIu32, failure->lba);
	fprintf(stderr, ", status %02Xh, %ssense %X/%02X/%02X", failure->status,
		failure->deferred ? "deferred " : "", failure->key,
		failure->asc, failure->ascq);
	if (failure->cause != LATHE_CAUSE_OK)
		fprintf(stderr, ", transport cause %u", failure->cause);
	putc('\n', stderr);
}

int complain(struct tool *tool, int err, const struct lathe_failure *failure,
	     const char *format, ...)
{
	bool told = failure && failure->err != 0 && failure->text[0];
	va_list arguments;

	head(tool);
	va_start(arguments, format);
	put_formatted(format, arguments);
	va_end(arguments);
	fputs(": ", stderr);
	put_printable(stderr, told ? failure->text : lathe_err_meaning(err));
	putc('\n', stderr);
	if (told && failure->scsi)
		put_scsi(failure);
	put_remedy(lathe_err_remedy(err));
	return status_of(err);
}

int complain_why(struct tool *tool, int err, const char *remedy,
		 const char *format, ...)
{
	va_list arguments;

	head(tool);
	va_start(arguments, format);
	put_formatted(format, arguments);
	va_end(arguments);
	putc('\n', stderr);
	put_remedy(remedy ? remedy : lathe_err_remedy(err));
	return status_of(err);
}

int error_of_errno(int sys_errno)
{
	switch (sys_errno) {
	case ENOENT:
		return LATHE_ERR_NOT_FOUND;
	case EEXIST:
		return LATHE_ERR_EXISTS;
	case ENOMEM:
		return LATHE_ERR_MEMORY;
	case EBUSY:
		return LATHE_ERR_BUSY;
	default:
		return LATHE_ERR_IO;
	}
}

/* What helps against an errno value; NULL: what helps against its error. */
static const char *remedy_of_errno(int sys_errno)
{
	switch (sys_errno) {
	case EACCES:
	case EPERM:
		return "ask its owner for the permission, or name another";
	case EBUSY:
		return "unmount it, or end what else uses it";
	case ENOSPC:
	case EDQUOT:
		return "make room there, or choose another place";
	case EFBIG:
		return "raise the limit of a file's size, or choose another "
		       "file system";
	case EROFS:
		return "choose a place that can be written";
	case EISDIR:
		return "name a file, not a directory";
	case ENOTDIR:
		return "name a directory";
	default:
		return NULL;
	}
}

int complain_errno(struct tool *tool, const char *what)
{
	int sys_errno = errno;

	/* Only what asks to stop interrupts us. */
	if (sys_errno == EINTR)
		return complain(tool, LATHE_ERR_CANCELLED, NULL, "%s", what);
	return complain_why(tool, error_of_errno(sys_errno),
			    remedy_of_errno(sys_errno), "%s: %s", what,
			    strerror(sys_errno));
}

int complain_usage(struct tool *tool, const char *format, ...)
{
	va_list arguments;

	head(tool);
	va_start(arguments, format);
	put_formatted(format, arguments);
	va_end(arguments);
	fprintf(stderr, "\n  what to do: see lathe %s%s--help\n",
		tool->command ? tool->command : "", tool->command ? " " : "");
	return STATUS_USAGE;
}

int refuse_terminal(struct tool *tool)
{
	if (!isatty(STDOUT_FILENO))
		return STATUS_OK;
	return complain_usage(tool, "-o -: standard output is a terminal, and "
				    "would get an image: redirect it");
}

int finish_output(struct tool *tool, int status)
{
	if (fflush(stdout) == 0) {
		if (!ferror(stdout))
			return status;
		/* It was one of the lines before; errno is another's by now. */
		if (tool->progress.out_errno)
			errno = tool->progress.out_errno;
	}
	/* Whoever reads us has enough: no message is owed to him. */
	if (errno != EPIPE && !tool->output_failed)
		complain_errno(tool, "standard output");
	tool->output_failed = true;
	return status ? status : status_of(LATHE_ERR_IO);
}

struct grouped grouped(uint64_t number)
{
	struct grouped out;
	char digits[24];
	size_t len, i, at = 0;

	len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, number);
	for (i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out.text[at++] = ',';
		out.text[at++] = digits[i];
	}
	out.text[at] = '\0';
	return out;
}

struct counted counted(uint64_t number, const char *one, const char *many)
{
	struct counted out;

	snprintf(out.text, sizeof(out.text), "%s %.27s", grouped(number).text,
		 number == 1 ? one : many);
	return out;
}

struct sized sized(uint64_t blocks)
{
	struct sized out;

	snprintf(out.text, sizeof(out.text), "%.1f MB",
		 (double)blocks * LATHE_BLOCK_BYTES / 1048576.0);
	return out;
}

void *must_realloc(void *p, size_t bytes)
{
	p = realloc(p, bytes);
	if (!p && bytes > 0) {
		fputs("lathe: memory ran out\n", stderr);
		exit(STATUS_FAILED);
	}
	return p;
}
