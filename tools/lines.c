/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/lines.h"

static int read_all(struct lines *lines, struct tool *tool, FILE *in,
		    const char *path)
{
	size_t room = 0, got;

	do {
		if (room - lines->bytes < 2) {
			room = room ? room * 2 : 65536;
			lines->text = must_realloc(lines->text, room);
		}
		got = fread(lines->text + lines->bytes, 1,
			    room - lines->bytes - 1, in);
		lines->bytes += got;
	} while (got > 0);
	return ferror(in) ? complain_errno(tool, path) : STATUS_OK;
}

/* A name has no NUL in it: of lines with some it would be a part. */
static int check_ends(struct tool *tool, const char *path,
		      const struct lines *lines, char end)
{
	if (end == '\0' || !memchr(lines->text, '\0', lines->bytes) ||
	    !memchr(lines->text, '\n', lines->bytes))
		return STATUS_OK;
	return complain_usage(tool,
			      "%s: there are both ends of lines and NUL in it; "
			      "give -0 if it is a path list whose names end "
			      "with NUL",
			      path);
}

int lines_read(struct lines *lines, struct tool *tool, const char *path,
	       char end)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *in = standard ? stdin : fopen(path, "rb");
	size_t i;
	int status;

	*lines = (struct lines){ NULL, 0 };
	if (!in)
		return complain_errno(tool, path);
	status = read_all(lines, tool, in, path);
	if (!standard)
		fclose(in);
	if (status == STATUS_OK && lines->bytes > 0)
		status = check_ends(tool, path, lines, end);
	if (status) {
		lines_free(lines);
		return status;
	}
	for (i = 0; i < lines->bytes; i++)
		if (lines->text[i] == end)
			lines->text[i] = '\0';
	/* The last line needs no end. */
	if (lines->bytes > 0 && lines->text[lines->bytes - 1] != '\0')
		lines->text[lines->bytes++] = '\0';
	return STATUS_OK;
}

void lines_free(struct lines *lines)
{
	free(lines->text);
	*lines = (struct lines){ NULL, 0 };
}

const char *lines_next(const struct lines *lines, const char *line)
{
	const char *next = line ? line + strlen(line) + 1 : lines->text;

	if (lines->bytes == 0 || next >= lines->text + lines->bytes)
		return NULL;
	return next;
}
