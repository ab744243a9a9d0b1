/* SPDX-License-Identifier: MIT */
/*
 * Directories as they were read. In an own volume most directories will be
 * recorded as they are, and a large one has thousands of records: which of
 * them begins each block is noted when they are read, so that a plan need not
 * look at any of them. What is noted is what a plan would find: each block is
 * as full as it can be, the records have no system use, and stand for files
 * of one section, in the order of their nodes.
 */
#include <string.h>

#include "iso9660/reader_internal.h"

#define LEAST 8u /* files: less are laid out as quickly */

void lathep_iso9660_note_begin(struct lathep_iso9660_import *imp)
{
	struct lathep_iso9660_note *note = &imp->note;

	note->regular = imp->own;
	note->blocks = note->plain = note->empty = 0;
}

int lathep_iso9660_note_block(struct lathep_iso9660_import *imp,
			      uint32_t record, uint32_t bytes)
{
	struct lathep_iso9660_note *note = &imp->note;
	void *p;

	if (note->blocks && note->used + bytes <= LATHE_BLOCK_BYTES)
		note->regular = false;
	if (!note->regular)
		return 0;
	p = lathep_iso9660_grow(&imp->tree->hooks, note->start, &note->room,
				note->blocks + 1, sizeof(*note->start));
	if (!p)
		return lathep_iso9660_import_no_memory(imp->tree);
	note->start = p;
	note->start[note->blocks++] = record;
	return 0;
}

int lathep_iso9660_note_keep(struct lathep_iso9660_import *imp,
			     const struct lathep_iso9660_waiting *dir,
			     uint32_t folder, uint32_t first)
{
	const struct lathep_iso9660_note *note = &imp->note;
	struct lathep_iso9660_node *node =
		lathep_iso9660_node(imp->tree, folder);
	size_t starts = note->blocks * sizeof(*note->start);
	struct lathep_iso9660_layout *layout;

	if (!note->regular || note->plain < LEAST ||
	    note->records != note->plain + 2 ||
	    node->u.folder.count != note->plain ||
	    (uint64_t)note->blocks * LATHE_BLOCK_BYTES != dir->bytes ||
	    starts > LATHEP_ISO9660_CHUNK / 2)
		return 0;
	layout = lathep_iso9660_extra_add(
		imp->tree, node, lathep_iso9660_extra_layout(imp->h),
		note->blocks, (uint32_t)(sizeof(*layout) + starts));
	if (!layout)
		return lathep_iso9660_import_no_memory(imp->tree);
	layout->first = first;
	layout->count = note->plain;
	layout->empty = note->empty;
	memcpy(layout + 1, note->start, starts);
	return 0;
}

void lathep_iso9660_note_free(struct lathep_iso9660_import *imp)
{
	lathep_iso9660_give(&imp->tree->hooks, imp->note.start,
			    imp->note.room * sizeof(*imp->note.start));
}

bool lathep_iso9660_is_as_read(const struct lathe_iso9660_tree *tree,
			       const struct lathep_iso9660_node *folder)
{
	const struct lathep_iso9660_layout *layout;
	bool any = false;
	uint32_t h;

	for (h = 0; folder->extra && h < tree->known_count; h++) {
		layout = lathep_iso9660_extra(
			tree, folder, lathep_iso9660_extra_layout(h), NULL);
		if (!layout)
			continue;
		if (layout->count != folder->u.folder.count)
			return false;
		any = true;
	}
	return any;
}
