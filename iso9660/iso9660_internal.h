/* SPDX-License-Identifier: MIT */
/*
 * iso9660_internal.h - the structures that the files of this library share.
 */
#ifndef LATHE_ISO9660_INTERNAL_H
#define LATHE_ISO9660_INTERNAL_H

#include "iso9660/lathe_iso9660.h"

/* ---- nodes -------------------------------------------------------------- */

enum lathep_iso9660_flag {
	LATHEP_ISO9660_IMPORTED = 1,	/* extents are absolute, on a disc */
	LATHEP_ISO9660_PINNED = 2,	/* iso_name is recorded: never changes */
	LATHEP_ISO9660_HIDDEN = 4,	/* 9.1.6 bit 0 */
	LATHEP_ISO9660_ASSOCIATED = 8,	/* 9.1.6 bit 2 */
	LATHEP_ISO9660_GONE = 16,	/* removed or replaced; kept for rollback */
	LATHEP_ISO9660_OVERRIDE = 32	/* extra holds identifiers of further
					 * hierarchies that differ from the
					 * preferred form of the name */
};

/*
 * One file or directory: a cache line. Nodes live in chunks of 1024, named by
 * chunk << 10 | slot, so that a growing tree is never copied.
 */
struct lathep_iso9660_node {
	uint32_t parent, next;	/* next: sibling in order of adding */
	uint32_t name;		/* canonical bytes in the name arena */
	uint32_t iso_name;	/* identifier as recorded; 0: not made */
	uint16_t name_len;
	uint8_t iso_len;
	uint8_t kind;		/* enum lathep_iso9660_node_kind */
	uint8_t present;	/* bit h: in hierarchy h on the imported disc */
	uint8_t spare;
	uint16_t flags;		/* LATHEP_ISO9660_ bits */
	uint32_t generation;	/* of the savepoint that made it */
	uint32_t extra;		/* rare things, or 0: see extra.c */
	uint64_t size;
	uint8_t date[8];	/* 7 bytes as on disc, 1 spare */
	union {
		struct {
			uint32_t lba;	/* imported: absolute */
			uint32_t source; /* new: row of the source table */
			uint32_t cookie; /* new: row or number in the source */
		} file;
		struct {
			uint32_t first, count, dir;
		} folder;
		struct {
			uint32_t target;
		} link;
	} u;
};

_Static_assert(sizeof(struct lathep_iso9660_node) == 64, "one cache line");

#endif
