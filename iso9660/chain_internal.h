/* SPDX-License-Identifier: MIT */
/*
 * chain_internal.h - sessions of an image file or an overwritable medium:
 * what chain.c (finding them) and append.c (the place of the next one) share.
 */
#ifndef LATHE_ISO9660_CHAIN_INTERNAL_H
#define LATHE_ISO9660_CHAIN_INTERNAL_H

#include "iso9660/reader_internal.h"

#define LATHEP_ISO9660_DESCRIPTORS 16u /* behind the system area, 6.2.1 */
#define LATHEP_ISO9660_GRID 32u /* sessions of ours begin at multiples */

struct lathe_iso9660_chain {
	const struct lathe_blocks *blocks;
	struct lathe_iso9660_link *link;
	uint32_t count, room;	/* of 'link' */
	uint32_t root;		/* of the head, LBA; 0: there is none */
	uint32_t past;		/* the end of what the search found last */
	bool to_zero;		/* the last mark leads to LBA 0 */
	bool gap;
	uint8_t *buffer;	/* a block to peek at, then those searched */
	struct lathe_iso9660_chain_options options;

	/* Of one session that is looked at: not on the stack. */
	struct lathe_iso9660_view view;
	struct lathe_iso9660_link found;
	struct lathe_failure failure;
};

/* What a primary descriptor says before anything is checked. */
struct lathep_iso9660_spot {
	uint32_t root;		/* LBA of the root directory */
	bool own;		/* the mark is there */
	struct lathep_iso9660_mark mark;
};

/* ---- copies of heads: head_copy.c --------------------------------------- */

/*
 * How many descriptors a copy of a head at block 'at' has, as its first block
 * says and its checksum proves; 0: there is none. 'buffer' takes one block.
 */
uint32_t lathep_iso9660_head_copied(const struct lathe_blocks *blocks,
				    uint32_t at, uint8_t *buffer);

#endif
