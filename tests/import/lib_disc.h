/* SPDX-License-Identifier: MIT */
/*
 * Discs in memory, made byte by byte from ECMA-119, not by the code under
 * test; and what an import of them costs and says.
 */
#ifndef TESTS_IMPORT_LIB_DISC_H
#define TESTS_IMPORT_LIB_DISC_H

#include "iso9660/lathe_iso9660.h"
#include "joliet/lathe_joliet.h"

/* ---- discs -------------------------------------------------------------- */

struct disc {
	uint8_t *data;		/* exactly as long as it claims */
	uint32_t blocks;
	uint32_t reads;		/* commands */
	uint64_t blocks_read;
	uint32_t *times;	/* how often each block was read; may be NULL */
	uint32_t broken;	/* block that can not be read; 0: none */
	uint32_t fail_at;	/* command that fails, by 'reads'; 0: none */
	bool fail_on;		/* and all behind it */
	int fail_with;		/* its error; 0: LATHE_ERR_IO */
	struct lathe_blocks source;
};

struct disc *disc_new(uint32_t blocks);
void disc_free(struct disc *disc);
uint8_t *disc_block(struct disc *disc, uint32_t lba);

/* 8.4, 8.5, 8.3: descriptors with a root directory. */
void disc_primary(struct disc *disc, uint32_t lba, uint32_t root_lba,
		  uint32_t root_bytes);
void disc_joliet(struct disc *disc, uint32_t lba, uint32_t root_lba,
		 uint32_t root_bytes);
void disc_terminator(struct disc *disc, uint32_t lba);

/* The volume at block 0 becomes one of ours: the mark of SPEC.md 1.6 over
 * blocks 16 to 'metadata', with the table of directories at 'map', which has
 * that many numbers; 0: there is no Joliet. To be called last. */
void disc_mark(struct disc *disc, uint32_t metadata, uint32_t directories,
	       uint32_t map);

/* A directory being filled: 6.8.1. */
struct dir {
	struct disc *disc;
	uint32_t lba, blocks;
	uint32_t at;		/* byte in the extent */
	bool wide;		/* identifiers in UCS-2, from ASCII */
};

/* With its first two records. */
struct dir dir_begin(struct disc *disc, uint32_t lba, uint32_t blocks,
		     uint32_t parent_lba, uint32_t parent_blocks, bool wide);

#define DIRECTORY 0x02
#define ASSOCIATED 0x04
#define HIDDEN 0x01
#define MORE 0x80

/* Append a record, 9.1; returns it, for further damage. */
uint8_t *dir_add(struct dir *dir, const char *id, uint32_t lba,
		 uint32_t bytes, uint8_t flags);
uint8_t *dir_add_raw(struct dir *dir, const void *id, uint8_t len,
		     uint32_t lba, uint32_t bytes, uint8_t flags);

/* Append to the system use field (9.1.13) of the record added last. */
void dir_use(struct dir *dir, uint8_t *record, const void *bytes,
	     uint32_t len);

/* ---- imports ------------------------------------------------------------ */

struct import {
	/* Given before a run, and kept. */
	uint64_t fail_at;	/* this allocation fails; 0: none */
	bool fail_on;		/* and all behind it */
	uint64_t cancel_at;	/* cancelled from then on; 0: never */
	const struct lathe_iso9660_use *uses; /* NULL: Joliet alone */
	uint32_t use_count;
	bool damaged;		/* as in the options */

	/* Of the run. */
	struct lathe_iso9660_tree *tree;
	struct lathe_iso9660_found found;
	int err;
	uint32_t odd[16];	/* by kind */
	uint32_t odd_lba;	/* of the last */
	char text[256];		/* of the last */
	size_t live, peak;	/* bytes */
	uint64_t allocations, asked;
	uint64_t progress;	/* blocks done, as told last */
};

/* Memory, cancelling and progress as given and counted there. */
struct lathe_hooks import_hooks(struct import *import);

extern const struct lathe_iso9660_use joliet_use;

/* Import the volume at 'start', with Rock Ridge where there is any; 'limits'
 * may be NULL. */
void import_run(struct import *import, struct disc *disc, uint32_t start,
		const struct lathe_iso9660_limits *limits,
		uint32_t names_from);
/* Once more, into the tree that an import which failed has left. */
void import_again(struct import *import, struct disc *disc, uint32_t start,
		  uint32_t names_from);
/* Free the tree; nothing may be left. */
void import_end(struct import *import);

/* All blocks of an image at 'start', for which there is room; destroys the
 * plan. */
void disc_put(struct disc *disc, struct lathe_iso9660_plan *plan,
	      uint32_t start);

/* Record the tree as a session of our own at 'start': the disc grows by it,
 * 'pad' blocks behind it included. 'previous' may be NULL. */
void disc_record(struct disc *disc, struct lathe_iso9660_tree *tree,
		 uint32_t start, const struct lathe_iso9660_session *previous,
		 uint32_t pad, uint32_t *metadata);

/* With Rock Ridge. */
void disc_record_rock_ridge(struct disc *disc, struct lathe_iso9660_tree *tree,
			    uint32_t start);

/* The same where it has to succeed; returns import_list(). */
const char *import_good(struct import *import, struct disc *disc,
			uint32_t start);
/* What stands at a path, which has to be there. */
struct lathe_iso9660_entry import_entry(const struct import *import,
					const char *path);
/* This was told 'count' times, and nothing else was. */
void import_only_odd(const struct import *import, int kind, uint32_t count);

/* Grow or shrink; new blocks are zeros. */
void disc_resize(struct disc *disc, uint32_t blocks);

/* "/a 5, /b/, /b/c 0": all names, a directory with "/" behind it, a file
 * with its size; in byte order, in a buffer of the import's process. */
const char *import_list(struct import *import);

#endif
