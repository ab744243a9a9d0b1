/* SPDX-License-Identifier: MIT */
/* A log of commands: it grows line by line while others work. */
#ifndef LATHE_TOOL_LOG_FILE_H
#define LATHE_TOOL_LOG_FILE_H

#include "tools/tool.h"

struct log_file {
	FILE *file;		/* NULL: there is none */
	const char *path;
	int sys_errno;		/* of the first line that is not in it */
};

/* Nothing of an old one is kept. Returns 0 or, after complaining, the exit
 * status; then there is none. */
int log_file_open(struct log_file *log, struct tool *tool, const char *path);
/* 'ctx' is the log. */
void log_file_line(void *ctx, const char *text, size_t len);
/* Returns 'status' or, where that is 0 and lines are missing, that one. */
int log_file_close(struct log_file *log, struct tool *tool, int status);

#endif
