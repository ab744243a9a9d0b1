/* SPDX-License-Identifier: MIT */
/*
 * lathe_iso9660_import.h - volumes that exist, and the tree in them.
 *
 * Part of lathe_iso9660.h, which says what holds for all of it.
 */
#ifndef LATHE_ISO9660_IMPORT_H
#define LATHE_ISO9660_IMPORT_H

#include "iso9660/lathe_iso9660_tree.h"
#include "iso9660/lathe_iso9660_volume.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What stands at a session's start. */
struct lathe_iso9660_found {
	uint32_t start;
	uint32_t volume_blocks;	/* Volume Space Size, 8.4.8, as recorded */
	uint32_t descriptors;	/* blocks from start + 16 to the terminator,
				 * which is included */
	uint32_t hierarchies;	/* bit h: recognised; bit 0 the PVD */
	bool system_use;	/* hierarchy 0 has what was asked for; set by
				 * an import */
	bool own;		/* lathe's mark is there and agrees with the
				 * descriptors; its checksum over all
				 * metadata is compared by an import */
	struct lathe_iso9660_session self, previous;	/* from the mark */
	int64_t shift;		/* to be added to the addresses in it: not 0
				 * where it was made for another place; set by
				 * an import */
	char volume_id[129];	/* of the best hierarchy, UTF-8 */
	char application[129];
	uint8_t primary_id[32];	/* of the PVD, 8.4.6, as recorded */
};

/*
 * Look for a volume at session start 'start'. 'uses' are the hierarchies to
 * recognise besides ISO 9660, at most LATHE_ISO9660_HIERARCHIES - 1; NULL with
 * a 'use_count' of 0. 'failure' may be NULL. *out is filled in on success.
 *   LATHE_ERR_NO_VOLUME  no primary volume descriptor
 *   LATHE_ERR_CORRUPT    descriptors that contradict themselves
 *   LATHE_ERR_UNSUPPORTED  logical blocks of another size than 2048 bytes
 *   LATHE_ERR_ARG        too many 'uses', or NULL with a count
 *   errors of blocks->read
 */
int lathe_iso9660_probe(const struct lathe_blocks *blocks, uint32_t start,
			const struct lathe_iso9660_use *uses,
			uint32_t use_count, struct lathe_iso9660_found *out,
			struct lathe_failure *failure);

/*
 * What a volume may be odd in, and what becomes of it. All but DUPLICATE and
 * SINGLE, which a session of ours may take over from a foreign one, are
 * LATHE_ERR_CORRUPT on an own volume, unless it is read as 'damaged'.
 */
enum lathe_iso9660_oddity {
	LATHE_ISO9660_ODD_HALVES,	/* little and big endian differ: the one
					 * that lies on the disc is taken */
	LATHE_ISO9660_ODD_RECORD,	/* a record does not parse: the rest of
					 * its block is left out; sections
					 * without an end: the file is; a link
					 * without a whole text: an empty file
					 * is there in its place */
	LATHE_ISO9660_ODD_EXTENT,	/* not on the disc: left out; a
					 * directory that says it is elsewhere,
					 * or whose block is another's: kept; a
					 * volume made for another address: its
					 * addresses are translated; no primary
					 * root: another hierarchy is all */
	LATHE_ISO9660_ODD_NAME,		/* no name, or one with "/": kept under
					 * another, not pinned */
	LATHE_ISO9660_ODD_DUPLICATE,	/* two of one name: one is renamed */
	LATHE_ISO9660_ODD_LOOP,		/* a directory in itself (on an own
					 * volume one of two names), more of
					 * them than fit on the disc, a link to
					 * a relocated one that is not: left
					 * out */
	LATHE_ISO9660_ODD_SINGLE,	/* not in all hierarchies: kept */
	LATHE_ISO9660_ODD_SYSTEM_USE,	/* entries that are wrong: left out */
	LATHE_ISO9660_ODD_BOOT		/* a boot record (8.2): its catalog and
					 * images stay where they are, but no
					 * later session leads to them */
};

struct lathe_iso9660_import_options {
	size_t size;	/* sizeof(struct lathe_iso9660_import_options) */
	const struct lathe_iso9660_use *uses;	/* as for a probe */
	uint32_t use_count;

	/* Read the system use of hierarchy 0 with this; NULL: not at all. */
	const struct lathe_iso9660_system_use *system_use;

	/*
	 * The names come from this hierarchy where it is present: bit number
	 * + 1; 0: hierarchy 0 where 'system_use' is there, then the last of
	 * 'uses' that is there, then ISO 9660.
	 * System use that gives no name, or one that is no UTF-8: the name of
	 * another hierarchy, if the file is in one; else the identifier, or
	 * the name with each malformed byte as the code point of its number
	 * (told as ODD_NAME).
	 */
	uint32_t names_from;
#define LATHE_ISO9660_NAMES_OF_FIRST 2u	/* of the first of 'uses' */

	/* Read an own volume as one of another program, for what there is left
	 * of it: neither mark nor checksum count, what is odd is told and no
	 * error; found.own is false. Nothing to build a session on. */
	bool damaged;

	/* Told of odd things; 'lba' is the block they stand in, or 0. May be
	 * NULL. 'text' ends with "left out" where something is lost by it. */
	void (*odd)(void *ctx, enum lathe_iso9660_oddity what, uint32_t lba,
		    const char *text);
	void *odd_ctx;
};

/*
 * Read the tree of the volume at 'start' into 'tree', which must be fresh.
 * Every hierarchy is read and joined; recorded identifiers are kept for the
 * next session. Limits of the tree's config bound memory and time; after an
 * error the tree is empty, and can be used for another try. *found, unless it
 * is NULL, is filled in on success; 'blocks' is not looked at later.
 * Progress of the tree's hooks: IMPORTING, before each read, about as many
 * blocks as the metadata of an own volume are; without an end of its own.
 *   LATHE_ERR_NO_VOLUME, LATHE_ERR_CORRUPT, LATHE_ERR_LIMIT,
 *   LATHE_ERR_UNSUPPORTED (logical block size other than 2048, ...),
 *   LATHE_ERR_STATE      the tree is not fresh
 *   LATHE_ERR_CANCELLED  by the tree's hook, asked before each read
 *   errors of blocks->read
 */
int lathe_iso9660_import(struct lathe_iso9660_tree *tree,
			 const struct lathe_blocks *blocks, uint32_t start,
			 const struct lathe_iso9660_import_options *options,
			 struct lathe_iso9660_found *found);

#ifdef __cplusplus
}
#endif

#endif
