/* SPDX-License-Identifier: MIT */
/*
 * reader_internal.h - what the files that read volumes share: descriptors,
 * directory records, and the state of an import.
 *
 * Nothing that was read is trusted: a number is used only after it was
 * compared with what is left of its record, block, directory and disc.
 */
#ifndef LATHE_ISO9660_READER_INTERNAL_H
#define LATHE_ISO9660_READER_INTERNAL_H

#include "iso9660/iso9660_internal.h"

/* ---- directory records: record_read.c ----------------------------------- */

/* 9.1.6 */
#define LATHEP_ISO9660_FLAG_HIDDEN 0x01u
#define LATHEP_ISO9660_FLAG_DIRECTORY 0x02u
#define LATHEP_ISO9660_FLAG_ASSOCIATED 0x04u
#define LATHEP_ISO9660_FLAG_MORE 0x80u /* not the last section */

struct lathep_iso9660_record {
	const uint8_t *id;	/* in the block that was parsed */
	uint8_t id_len;		/* at least 1 */
	uint8_t record_len;
	uint8_t xar;		/* 9.1.2, blocks */
	uint8_t flags, unit, gap;
	bool halves;		/* little and big endian differed */
	uint8_t date[7];
	uint32_t lba, bytes;	/* 9.1.3, 9.1.4 */
};

/*
 * The record that 'p' begins with, 'left' bytes before its block or field
 * ends. 'end' is the disc's: where the two forms of a number differ, the one
 * that lies on the disc is taken, little endian first. Returns 0, or
 * LATHE_ERR_CORRUPT where lengths do not fit each other (9.1.1, 9.1.10).
 */
int lathep_iso9660_record_parse(const uint8_t *p, size_t left, uint32_t end,
				struct lathep_iso9660_record *out);

/* Does an extent lie on the disc? Empty ones do, wherever they point. */
bool lathep_iso9660_on_disc(uint32_t lba, uint32_t xar, uint64_t bytes,
			    uint32_t end);

/* ---- descriptors: probe.c ----------------------------------------------- */

enum lathep_iso9660_mark_state {
	LATHEP_ISO9660_NOT_MARKED,
	LATHEP_ISO9660_MARK_BROKEN, /* ours, but something in it is not */
	LATHEP_ISO9660_MARKED
};

/* What the descriptors of a session say. */
struct lathep_iso9660_heads {
	struct lathe_iso9660_found found;
	struct {
		uint32_t lba, bytes; /* of the root directory; 0: none */
	} root[LATHE_ISO9660_HIERARCHIES];
	bool halves;		/* some number differs from its other half */
	enum lathep_iso9660_mark_state mark_state;
	struct lathep_iso9660_mark mark;
};

/*
 * Read the descriptors at 'start'. 'get' delivers one block, good until it
 * is called again. Errors as lathe_iso9660_probe().
 */
int lathep_iso9660_read_heads(
	int (*get)(void *ctx, uint32_t lba, const uint8_t **block), void *ctx,
	uint32_t end, uint32_t start, const struct lathe_iso9660_use *uses,
	uint32_t use_count, struct lathep_iso9660_heads *out,
	struct lathe_failure *failure);

/* ---- the import --------------------------------------------------------- */

/* Blocks read at once: import_window.c. */
struct lathep_iso9660_window {
	uint8_t *data;		/* room for WINDOW_MOST blocks */
	uint32_t first, count;	/* blocks in it */
	uint32_t ahead;		/* blocks worth reading beyond the asked one */
	uint64_t blocks_read;

	/* CRC-32C of an own volume's metadata, taken as it comes by: pieces
	 * in the order of addresses, joined at the end. */
	bool summing;
	uint32_t sum_first, sum_end;
	struct {
		uint32_t first, end, crc;
	} piece[16];
	uint32_t pieces;
	uint32_t mark_block;	/* whose CRC field counts as zero */
};

/* Directories that wait, the lowest address first: import_queue.c. */
struct lathep_iso9660_waiting {
	uint32_t lba, bytes;
	uint32_t node;		/* of the tree; or the pending row */
	uint32_t depth;
};

struct lathep_iso9660_queue {
	struct lathep_iso9660_waiting *heap;
	uint32_t count, room;
	uint32_t *seen;		/* first blocks of directories, + 1; hashed */
	uint32_t seen_count, seen_room;
};

/* All records of one file, or the one of a directory. */
struct lathep_iso9660_item {
	struct lathep_iso9660_record record; /* the first */
	uint64_t size;		/* of all sections */
	const struct lathep_iso9660_section *sections;
	uint32_t section_count;
	bool odd;		/* extents that only a section list can say */
};

struct lathep_iso9660_import {
	struct lathe_iso9660_tree *tree;
	const struct lathe_blocks *blocks;
	const struct lathe_iso9660_import_options *options;
	struct lathep_iso9660_heads heads;
	bool own;		/* nothing odd is tolerated */
	struct lathep_iso9660_window window;

	/* The hierarchy that is being read. */
	uint32_t h;
	const struct lathe_iso9660_hierarchy *table;
	struct lathep_iso9660_queue queue;
	uint64_t directory_bytes; /* may still be read in it */
	uint32_t at;		/* the block being parsed, for messages */

	struct lathep_iso9660_section *sections; /* of the file being read */
	uint32_t section_room;

	/* Joining a further hierarchy: import_join.c. */
	struct lathep_iso9660_join *join;
};

static inline struct lathe_failure *
lathep_iso9660_import_failure(struct lathep_iso9660_import *imp)
{
	return &imp->tree->failure;
}

/* Tell of something odd. Returns 0, or LATHE_ERR_CORRUPT where it may not
 * be. 'format' as printf's. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
int lathep_iso9660_odd(struct lathep_iso9660_import *imp,
		       enum lathe_iso9660_oddity what, uint32_t lba,
		       const char *format, ...);

/* import_window.c */
int lathep_iso9660_window_open(struct lathep_iso9660_import *imp);
void lathep_iso9660_window_close(struct lathep_iso9660_import *imp);
/* Block 'lba', of an extent that goes on for 'more' blocks behind it. */
int lathep_iso9660_window_get(struct lathep_iso9660_import *imp, uint32_t lba,
			      uint32_t more, const uint8_t **block);
/* Sum the metadata that come by from now on; at the end compare. */
void lathep_iso9660_window_sum(struct lathep_iso9660_import *imp);
int lathep_iso9660_window_verify(struct lathep_iso9660_import *imp);

/* import_queue.c */
int lathep_iso9660_queue_push(struct lathep_iso9660_import *imp,
			      struct lathep_iso9660_waiting waiting,
			      bool *seen);
bool lathep_iso9660_queue_pop(struct lathep_iso9660_queue *queue,
			      struct lathep_iso9660_waiting *out);
void lathep_iso9660_queue_empty(struct lathep_iso9660_import *imp);

/*
 * import_directory.c: read one directory, block by block. 'take' gets each
 * file and each directory in it, but not "." and "..". 'first_only' stops
 * behind the blocks that were read with the first one; what is behind is
 * read when it is called again without.
 */
int lathep_iso9660_directory_read(
	struct lathep_iso9660_import *imp,
	const struct lathep_iso9660_waiting *dir, bool first_only,
	int (*take)(void *ctx, struct lathep_iso9660_import *imp,
		    const struct lathep_iso9660_item *item),
	void *ctx);
/* Queue the directory that a record tells of, if it can be read. */
int lathep_iso9660_directory_enter(struct lathep_iso9660_import *imp,
				   const struct lathep_iso9660_record *record,
				   uint32_t node, uint32_t depth,
				   bool *entered);

/* import_base.c: one hierarchy into nodes. */
int lathep_iso9660_import_base(struct lathep_iso9660_import *imp);
/* Make a node of a record; *node 0: left out. */
int lathep_iso9660_import_node(struct lathep_iso9660_import *imp,
			       const struct lathep_iso9660_item *item,
			       uint32_t parent, uint32_t *node);

/* import_join.c: a further hierarchy onto them. */
int lathep_iso9660_import_join(struct lathep_iso9660_import *imp);

/* import_name.c */
/* A record's name, fit for a tree. '*keep': its identifier may be recorded
 * again. Returns the length. */
int lathep_iso9660_import_name(struct lathep_iso9660_import *imp,
			       const struct lathep_iso9660_record *record,
			       char name[LATHE_ISO9660_NAME_MAX], bool *keep);
/* How alike a name and an identifier of a hierarchy with fewer characters
 * are: see there. */
#define LATHEP_ISO9660_ALIKE_ALL 0xFFFFu
uint32_t lathep_iso9660_alike(const char *name, size_t len, const uint8_t *id,
			      uint8_t id_len, bool wide);
/* Names are unique in each folder from here on. */
int lathep_iso9660_import_unique(struct lathep_iso9660_import *imp);

#endif
