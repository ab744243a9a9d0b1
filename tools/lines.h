/* SPDX-License-Identifier: MIT */
/*
 * Files of lines: path lists, rules.
 */
#ifndef LATHE_TOOL_LINES_H
#define LATHE_TOOL_LINES_H

#include "tools/options.h"

struct lines {
	char *text;	/* all of it; lines end with NUL */
	size_t bytes;
};

/* Read 'path', "-": standard input. 'end' stands behind each line but the
 * last one. Returns 0 or, after complaining, the exit status. */
int lines_read(struct lines *lines, struct tool *tool, const char *path,
	       char end);
void lines_free(struct lines *lines);

/* The line behind 'line', NULL: the first one. NULL at the end. */
const char *lines_next(const struct lines *lines, const char *line);

#endif
