/* SPDX-License-Identifier: MIT */
/*
 * Writing a tree of names that nobody vouches for below one directory of the
 * host. Nothing is ever made or changed outside of it: each name is a single
 * component, every step goes through the directory above, and no symbolic
 * link is followed.
 */
#ifndef LATHE_TOOL_EXTRACT_H
#define LATHE_TOOL_EXTRACT_H

#include "tools/volume.h"

#define EXTRACT_DEPTH 512u

/* A directory that is being filled. */
struct extract_level {
	uint32_t node;
	int fd;			/* -1: could not be made; skip what is in it */
	bool owned;		/* close it, set its date */
	uint8_t date[7];
};

struct extract {
	struct tool *tool;
	const struct volume *volume;
	struct lathe_iso9660_tree *tree;
	bool overwrite;
	int target;		/* the directory everything lands in */
	struct extract_level level[EXTRACT_DEPTH];
	uint32_t depth;
	uint8_t *buffer;	/* EXTRACT_CHUNK blocks */
	uint64_t blocks_done, blocks_all;
	uint32_t files, failed;
	int status;		/* of the first failure */
};

#define EXTRACT_CHUNK 128u	/* blocks of one read */

/* Extract 'node' and all below it, in its place below the target; what fails
 * is told, counted and skipped. */
void extract_node(struct extract *extract, uint32_t node);

/* One file into 'directory'. Returns 0 or, after complaining, the exit
 * status; then nothing of it is left there. */
int extract_file(struct extract *extract, int directory,
		 const struct lathe_iso9660_entry *entry);

/* A name that is a single component of a path, as a string. */
bool extract_name(const struct lathe_iso9660_entry *entry, char *out);

/* Complain about 'entry', by its path on the disc. Returns the status. */
int extract_complain(struct extract *extract,
		     const struct lathe_iso9660_entry *entry, int err,
		     const char *why);

#endif
