/* SPDX-License-Identifier: MIT */
/*
 * Own volumes say which directories of their hierarchies are one (see
 * directory_map.c). Directories are met in the order of their addresses,
 * which on own volumes is that of path tables: so each has its number.
 */
#include <string.h>

#include "iso9660/reader_internal.h"

/* Of more directories than may be nothing is known. */
static int corrupt(struct lathep_iso9660_import *imp)
{
	const struct lathep_iso9660_mark *mark = &imp->heads.mark;

	return lathep_iso9660_fail(lathep_iso9660_import_failure(imp),
				   imp->partner_room < mark->metadata
					   ? LATHE_ERR_LIMIT
					   : LATHE_ERR_CORRUPT,
				   "the table of directories of the session at "
				   "block %lu does not fit",
				   (unsigned long)mark->self.start);
}

static int read_numbers(struct lathep_iso9660_import *imp, uint32_t lba,
			bool inverse)
{
	const struct lathep_iso9660_mark *mark = &imp->heads.mark;
	uint32_t blocks = lathep_iso9660_map_blocks(mark), i, number;
	const uint8_t *block = NULL;
	int err;

	for (i = 0; i < mark->directories; i++) {
		uint32_t at = i % (LATHE_BLOCK_BYTES / 4);

		if (at == 0) {
			err = lathep_iso9660_window_get(imp, lba++, --blocks,
							&block);
			if (err)
				return err;
		}
		number = lathe_get_le32(block + 4 * at);
		if (number > imp->partner_room || i >= imp->partner_room)
			return corrupt(imp);
		if (!inverse)
			imp->partner[i] = number;
		else if (number)
			imp->partner[number - 1] = i + 1;
	}
	return 0;
}

int lathep_iso9660_map_read(struct lathep_iso9660_import *imp, uint32_t base)
{
	const struct lathep_iso9660_mark *mark = &imp->heads.mark;
	uint32_t h = base ? base : imp->h;
	const uint8_t *block;
	size_t bytes;
	int err;

	/* Two hierarchies beside ISO 9660 are joined by what they hold. Only
	 * of an own volume has the mark been looked at. */
	if (!imp->own || (base && imp->h))
		return 0;
	/* Numbers are not above what the mark allows for directories, nor is
	 * there room for more. */
	imp->partner_room = mark->metadata < imp->tree->limits.nodes
				    ? mark->metadata
				    : imp->tree->limits.nodes;
	/* What is claimed of a disc that is cut takes no memory. */
	err = lathep_iso9660_window_peek(
		imp, mark->self.start + imp->partner_room - 1, &block);
	if (err)
		return err;
	bytes = imp->partner_room * sizeof(*imp->partner);
	imp->partner = lathep_iso9660_take_zeros(&imp->tree->hooks, bytes);
	if (!imp->partner)
		return lathep_iso9660_import_no_memory(imp->tree);
	return read_numbers(imp, mark->map[imp->heads.root[h].ordinal],
			    base == 0);
}

void lathep_iso9660_map_drop(struct lathep_iso9660_import *imp)
{
	lathep_iso9660_give(&imp->tree->hooks, imp->partner,
			    imp->partner_room * sizeof(*imp->partner));
	imp->partner = NULL;
}

int lathep_iso9660_map_find(struct lathep_iso9660_import *imp, uint32_t number,
			    uint32_t parent, uint32_t *folder)
{
	const struct lathep_iso9660_node *node;
	uint32_t partner;

	*folder = 0;
	if (number >= imp->partner_room)
		return corrupt(imp);
	partner = imp->partner[number];
	if (partner == 0)
		return 0;
	if (partner > imp->base_dirs.used)
		return corrupt(imp);
	*folder = lathep_iso9660_u32(&imp->base_dirs, partner - 1);
	node = lathep_iso9660_node(imp->tree, *folder);
	if (node->parent != parent || node->present & 1u << imp->h)
		return corrupt(imp);
	return 0;
}
