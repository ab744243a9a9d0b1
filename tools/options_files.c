/* SPDX-License-Identifier: MIT */
/*
 * What is written anew must not be what is read, under whatever names: it
 * would be lost before anybody looked into it. Standard input is read once.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/content.h"
#include "tools/options.h"
#include "tools/output.h"

struct written {
	struct tool *tool;
	const struct option *row;
	const char *path;
	struct stat st;
	bool there;
};

static const char *text_of(const struct option *row, const void *from)
{
	const char *field = (const char *)from + row->offset;

	return *(const char *const *)(const void *)field;
}

static const struct option_list *list_of(const struct option *row,
					 const void *from)
{
	const char *field = (const char *)from + row->offset;

	return (const struct option_list *)(const void *)field;
}

/* A pipe or /dev/null may be both. */
static bool is_it(const struct written *written, const char *path)
{
	struct stat st;
	int got = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &st)
					 : stat(path, &st);

	return written->there && got == 0 &&
	       (S_ISREG(st.st_mode) || S_ISBLK(st.st_mode)) &&
	       st.st_dev == written->st.st_dev &&
	       st.st_ino == written->st.st_ino;
}

static int check_read(const struct written *written, const char *path)
{
	if (!path || !is_it(written, path))
		return STATUS_OK;
	return complain_usage(written->tool,
			      "--%s %s is to be written, and is read as well",
			      written->row->name, written->path);
}

static int check_reads(const struct written *written,
		       const struct option_list *list)
{
	int status = STATUS_OK;
	size_t i;

	for (i = 0; i < list->count && status == STATUS_OK; i++)
		status = check_read(written, list->item[i]);
	return status;
}

static int check_operands(const struct written *written,
			  const struct option_list *operands)
{
	const char *equals;
	int status = STATUS_OK;
	size_t i;

	for (i = 0; i < operands->count && status == STATUS_OK; i++) {
		equals = operands->item[i][0] == '/'
				 ? content_equals(operands->item[i])
				 : NULL;
		status = check_read(written, operands->item[i]);
		if (status == STATUS_OK && equals)
			status = check_read(written, equals + 1);
	}
	return status;
}

static int check_row(const struct written *written, const struct option *row,
		     const void *from)
{
	const char *path;

	if (row->kind == OPTION_READ)
		return check_read(written, text_of(row, from));
	if (row->kind == OPTION_READS)
		return check_reads(written, list_of(row, from));
	if (row->kind != OPTION_WRITE || row >= written->row)
		return STATUS_OK;
	path = text_of(row, from);
	if (!path || strcmp(path, "-") == 0 ||
	    (!is_it(written, path) &&
	     (written->there || strcmp(path, written->path) != 0)))
		return STATUS_OK;
	return complain_usage(written->tool, "--%s and --%s are one file, %s",
			      row->name, written->row->name, path);
}

static int check_written(const struct written *written,
			 const struct command *command, const void *from,
			 const struct option_list *operands)
{
	const struct option *row;
	int status = STATUS_OK;

	for (row = command->options; row->name && status == STATUS_OK; row++)
		status = check_row(written, row, from);
	if (status == STATUS_OK && command->takes_files)
		status = check_operands(written, operands);
	return status;
}

/* ---- standard input ----------------------------------------------------- */

static bool is_standard_input(const char *path)
{
	return path && (strcmp(path, "-") == 0 ||
			strcmp(path, "/dev/stdin") == 0 ||
			strcmp(path, "/dev/fd/0") == 0 ||
			strcmp(path, "/proc/self/fd/0") == 0);
}

static size_t count_input(const struct option *row, const void *from)
{
	const struct option_list *list;
	size_t i, count = 0;

	if (row->kind == OPTION_READ)
		return is_standard_input(text_of(row, from));
	if (row->kind != OPTION_READS)
		return 0;
	list = list_of(row, from);
	for (i = 0; i < list->count; i++)
		count += is_standard_input(list->item[i]);
	return count;
}

/* Of two that read it one would get nothing. */
static int check_input(struct tool *tool, const struct command *command,
		       const void *from)
{
	const struct option *row, *first = NULL;
	size_t count;

	for (row = command->options; row->name; row++) {
		count = count_input(row, from);
		if (count > 1 || (count > 0 && first))
			return complain_usage(tool,
					      "standard input can be read "
					      "once, by --%s or by --%s",
					      first ? first->name : row->name,
					      row->name);
		if (count > 0)
			first = row;
	}
	return STATUS_OK;
}

/* ---- standard output ---------------------------------------------------- */

static bool is_standard_output(const char *path)
{
	struct stat st;

	return output_is_standard(path) ||
	       (stat(path, &st) == 0 && output_stream(&st) == STDOUT_FILENO);
}

/* Of two that are written there none would be what it is. */
static int check_output(struct tool *tool, const struct command *command,
			const void *from)
{
	const struct option *row, *first = NULL;
	const char *path;
	bool asked = false;

	for (row = command->options; row->name; row++) {
		path = row->kind == OPTION_WRITE ? text_of(row, from) : NULL;
		if (!path || !is_standard_output(path))
			continue;
		asked = asked || output_is_standard(path);
		if (first && asked)
			return complain_usage(tool,
					      "--%s and --%s can not both be "
					      "standard output",
					      first->name, row->name);
		first = row;
	}
	return STATUS_OK;
}

int options_check_files(struct tool *tool, const struct command *command,
			const void *from, const struct option_list *operands)
{
	struct written written = { .tool = tool };
	const struct option *row;
	int status = check_input(tool, command, from);

	if (status == STATUS_OK)
		status = check_output(tool, command, from);
	for (row = command->options; row->name && status == STATUS_OK; row++) {
		if (row->kind != OPTION_WRITE)
			continue;
		written.row = row;
		written.path = text_of(row, from);
		if (!written.path || strcmp(written.path, "-") == 0)
			continue;
		written.there = stat(written.path, &written.st) == 0;
		status = check_written(&written, command, from, operands);
	}
	return status;
}
