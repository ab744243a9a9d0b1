/* SPDX-License-Identifier: MIT */
/*
 * A file that the program writes as a whole. One that is there already stays
 * as it is until the new one is complete, and is replaced by it at once.
 */
#ifndef LATHE_TOOL_OUTPUT_H
#define LATHE_TOOL_OUTPUT_H

#include "tools/tool.h"

struct output {
	struct tool *tool;
	const char *name;	/* for messages */
	int fd;			/* -1: not open */
	bool regular;		/* a file, and not standard output */
	bool device;		/* of blocks */
	uint64_t room;		/* bytes that a disk has; else UINT64_MAX */
	uint64_t dev, ino, rdev; /* of what was found or made */

	/* Private. */
	bool made;		/* it was not there */
	bool begun;		/* and is written in its place */
	uint64_t bytes;		/* that it had */
	uint32_t mode, uid, gid;
	int old;		/* what has its name, locked; -1: 'fd' is it */
	char *path;		/* of the file, behind all links */
	char *beside;		/* what will take its place; NULL: in place */
};

/* Complain about what does not fit on the disk 'name'. */
int output_holds(struct tool *tool, const char *name, uint64_t room,
		 uint64_t bytes);

/* The file that 'path' leads to, behind all links; where a system does not tell
 * that, as far down, 'path' itself if it is no link. To be freed; NULL: nobody
 * knows. There is a "/" in it. */
char *real_path(const char *path);

/* The standard stream, 1 or 2, that goes to this regular file; or -1. */
struct stat;
int output_stream(const struct stat *st);

/* "-", or another name of standard output. */
bool output_is_standard(const char *path);

/*
 * Open 'path' and change nothing of it, so that it can be looked at; what is
 * not there is made. Without 'replace' one that is there is refused. Each
 * returns 0 or, after complaining, the exit status; output_end() is owed in any
 * case.
 */
int output_open(struct output *out, struct tool *tool, const char *path,
		bool replace);

/* out->fd becomes an empty file. A stop at once will not leave it. One that
 * somebody else has locked, as an image that grows, is refused. */
int output_begin(struct output *out);

/* Without 'status' and errors the new file takes its place, else it goes.
 * 'keep': what was written is worth something: it stays beside an old one,
 * which is told. */
int output_end(struct output *out, int status, bool keep);

#endif
