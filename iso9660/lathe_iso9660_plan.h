/* SPDX-License-Identifier: MIT */
/*
 * lathe_iso9660_plan.h - a tree laid out: what stands where in a volume.
 *
 * Part of lathe_iso9660.h, which says what holds for all of it.
 */
#ifndef LATHE_ISO9660_PLAN_H
#define LATHE_ISO9660_PLAN_H

#include "iso9660/lathe_iso9660_tree.h"
#include "iso9660/lathe_iso9660_volume.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lathe_iso9660_plan;

/* Told about each name that is recorded differently in some hierarchy. */
struct lathe_iso9660_renamed {
	uint32_t node;
	uint32_t hierarchy;	/* 0: ISO 9660; or 1 + its place in 'uses' */
	uint32_t changes;	/* LATHE_ISO9660_CHANGE_ bits */
	const uint8_t *id;	/* as recorded */
	uint8_t id_len;
	bool system_use;	/* 'id' is the name in the system use field of
				 * hierarchy 0: the tree's is too long even
				 * for it (255 bytes in Rock Ridge) */
};

struct lathe_iso9660_plan_options {
	size_t size;		/* sizeof(struct lathe_iso9660_plan_options) */

	/* Hierarchy 0 is lathe_iso9660_primary with these options, NULL for
	 * the defaults; the others follow, each one once: of two of a kind
	 * readers see the first. */
	const struct lathe_iso9660_primary_options *primary;
	const struct lathe_iso9660_use *uses;
	uint32_t use_count;	/* at most LATHE_ISO9660_HIERARCHIES - 1 */

	struct lathe_iso9660_volume volume;

	/* For hierarchy 0; NULL: no system use. Its own struct of options,
	 * borrowed as long as the plan lives, or NULL. */
	const struct lathe_iso9660_system_use *system_use;
	const void *system_use_options;

	/* The session before this one, if it was lathe's: goes to the mark,
	 * so that the sessions can be found without a TOC. blocks 0: none. */
	struct lathe_iso9660_session previous;

	/* Files of at least this many bytes begin at an even block, so that
	 * a file system can share their blocks; 0: 1 MiB. UINT64_MAX: none. */
	uint64_t align_from_bytes;

	/* Zero blocks at the end that belong to the volume. */
	uint32_t pad_blocks;

	/* Names must be recorded unchanged in the hierarchies whose bit is
	 * set (bit 1: the first of 'uses'): LATHE_ERR_NAME names the first
	 * that is not. Imported names are exempt. */
	uint32_t strict;

	void (*renamed)(void *ctx, const struct lathe_iso9660_renamed *what);
	void *renamed_ctx;
};

/*
 * Lay the tree out. Addresses are relative to the volume's first block but
 * for imported extents. The tree is frozen until the plan is destroyed; it
 * has one plan at a time. lathe_iso9660_tree_failure() tells of errors; the
 * hooks of the tree are the plan's.
 *   LATHE_ERR_STATE  the tree has a plan
 *   LATHE_ERR_ARG    more than LATHE_ISO9660_HIERARCHIES - 1 'uses', or one
 *                    that is NULL or lathe_iso9660_primary
 *   LATHE_ERR_NAME   see 'strict'
 *   LATHE_ERR_LIMIT  more than 65,535 directories that hold directories, a
 *                    volume above 2^32 - 1 blocks, ...; the failure names it
 * Same tree content and options, same bytes: the order of adding, addresses
 * in memory, locale, clock and hash seed do not matter.
 */
int lathe_iso9660_plan_create(struct lathe_iso9660_tree *tree,
			      const struct lathe_iso9660_plan_options *options,
			      struct lathe_iso9660_plan **out);
void lathe_iso9660_plan_destroy(struct lathe_iso9660_plan *plan);

/* Blocks of the volume, pad_blocks included. */
uint32_t lathe_iso9660_plan_blocks(const struct lathe_iso9660_plan *plan);

/* Blocks from the first one to the end of the last directory, of all
 * hierarchies, or of the continuation areas behind it: what must be on a disc
 * for the volume to be found whole. */
uint32_t lathe_iso9660_plan_metadata(const struct lathe_iso9660_plan *plan);

/* Where new file 'node' lies, relative to the volume's first block; its
 * sections follow one another. Of a link, that of what it shares; of an empty
 * file, *bytes is 0. LATHE_ERR_NOT_FOUND: not a new file. */
int lathe_iso9660_plan_extent(const struct lathe_iso9660_plan *plan,
			      uint32_t node, uint32_t *first, uint64_t *bytes);

/* The same in the order of addresses: extent 'i' from 0, each extent once,
 * empty files not at all; false beyond the last. */
bool lathe_iso9660_plan_nth_extent(const struct lathe_iso9660_plan *plan,
				   uint32_t i, uint32_t *node, uint32_t *first,
				   uint64_t *bytes);

#ifdef __cplusplus
}
#endif

#endif
