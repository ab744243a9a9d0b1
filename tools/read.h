/* SPDX-License-Identifier: MIT */
/*
 * lathe read: which blocks of a disc are copied, and where they go.
 */
#ifndef LATHE_TOOL_READ_H
#define LATHE_TOOL_READ_H

#include "tools/output.h"
#include "tools/volume.h"

/* ---- what is copied: read_ranges.c -------------------------------------- */

struct read_range {
	uint32_t lba, blocks;
	bool between;		/* known sessions, or behind them: it may hold
				 * what no one lists, or was never recorded */
};

struct read_ranges {
	struct read_range *range; /* in order; free() */
	size_t count;
	uint64_t blocks;	/* of all of them */
	uint32_t audio;		/* tracks that are left out */
	uint32_t offset;	/* LBA of the first block of the image */
};

/* The data of session 'wanted', of all sessions if it is 0; what is audio is
 * left out, and told. Returns 0 or, after complaining, the exit status. */
int read_choose(struct volume *volume, uint32_t wanted,
		struct read_ranges *out);

/* ---- where it goes: read_output.c --------------------------------------- */

struct read_output {
	struct output file;	/* if regular, what is not written is a hole */
	uint64_t at;		/* else zeros: so many bytes are written */
};

/* Open 'path', "-" is standard output, which must not be what 'drive' reads.
 * Returns 0 or, after complaining, the exit status; output_end() is owed in
 * any case. */
int read_output_open(struct read_output *out, struct tool *tool,
		     const char *path, bool overwrite,
		     const struct drive *drive);

/* Offsets in bytes, growing. Return 0 or, after complaining, the status. */
int read_output_put(struct read_output *out, const uint8_t *data, size_t bytes,
		    uint64_t offset);
int read_output_end(struct read_output *out, uint64_t bytes);

#endif
