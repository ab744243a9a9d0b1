/* SPDX-License-Identifier: MIT */
/*
 * One hierarchy of a volume becomes the nodes of a tree: the one that the
 * names come from.
 */
#include <string.h>

#include "iso9660/reader_internal.h"

static void fill_node(struct lathep_iso9660_node *node,
		      const struct lathep_iso9660_item *item)
{
	const struct lathep_iso9660_record *record = &item->record;

	node->flags |= LATHEP_ISO9660_IMPORTED;
	if (record->flags & LATHEP_ISO9660_FLAG_HIDDEN)
		node->flags |= LATHEP_ISO9660_HIDDEN;
	memcpy(node->date, record->date, 7);
	if (node->kind == LATHE_ISO9660_DIRECTORY)
		return;
	if (record->flags & LATHEP_ISO9660_FLAG_ASSOCIATED)
		node->flags |= LATHEP_ISO9660_ASSOCIATED;
	/* The address of an empty file means nothing: writers put there
	 * what they like, and it is never compared. */
	node->size = item->size;
	if (item->size)
		node->u.file.lba = record->lba + record->xar;
}

int lathep_iso9660_import_node(struct lathep_iso9660_import *imp,
			       const struct lathep_iso9660_item *item,
			       uint32_t parent, uint32_t *out)
{
	const struct lathep_iso9660_record *record = &item->record;
	bool directory = record->flags & LATHEP_ISO9660_FLAG_DIRECTORY;
	struct lathe_iso9660_tree *tree = imp->tree;
	char name[LATHE_ISO9660_NAME_MAX], shown[LATHEP_ISO9660_SHOWN];
	struct lathep_iso9660_node *node, *folder;
	bool keep = true, odd, weak = false;
	int plain, len, err;

	plain = lathep_iso9660_plain_name(imp, record, name);
	len = plain ? plain
		    : lathep_iso9660_import_name(imp, record, name, &keep);
	odd = !keep;
	if (lathep_iso9660_with_system_use(imp))
		len = lathep_iso9660_rock_ridge_name(imp, record, name, len,
						     &weak, &odd);
	if (odd) {
		lathep_iso9660_show_name(name, (size_t)len, shown);
		err = lathep_iso9660_odd(imp, LATHE_ISO9660_ODD_NAME, imp->at,
					 "an identifier that is no name: now "
					 "'%s'", shown);
		if (err)
			return err;
	}
	err = lathep_iso9660_node_add(tree, parent, name, (size_t)len,
				      directory ? LATHE_ISO9660_DIRECTORY
						: LATHE_ISO9660_FILE, out);
	if (err)
		return err;
	folder = lathep_iso9660_node(tree, parent);
	if (folder->u.folder.count == 1)
		folder->u.folder.dir = *out;
	if (folder->flags & LATHEP_ISO9660_MIXED)
		imp->mixed = true;
	node = lathep_iso9660_node(tree, *out);
	fill_node(node, item);
	node->present |= (uint8_t)(1u << imp->h);
	if (weak)
		node->flags |= LATHEP_ISO9660_WEAK_NAME;
	if (lathep_iso9660_with_system_use(imp)) {
		err = lathep_iso9660_system_use_apply(imp, *out, false);
		if (err)
			return err;
		if (imp->ours && node->flags & LATHEP_ISO9660_SYMLINK)
			node->u.file.lba = record->lba;
	}
	if (node->size && (item->odd || item->section_count > 1)) {
		err = lathep_iso9660_set_sections(tree, *out, item->sections,
						  item->section_count);
		if (err)
			return err;
	}
	if (plain)
		node->pinned |= (uint8_t)(1u << imp->h);
	if (plain || !keep)
		return 0;
	return lathep_iso9660_pin(tree, *out, imp->h, record->id,
				  record->id_len);
}

struct base {
	uint32_t parent, depth;
};

static int take(void *ctx, struct lathep_iso9660_import *imp,
		const struct lathep_iso9660_item *item)
{
	const struct base *base = ctx;
	struct lathep_iso9660_waiting waiting = { 0 };
	bool system_use = lathep_iso9660_with_system_use(imp);
	uint32_t node;
	int err;

	if (system_use && imp->susp->child_link &&
	    !(item->record.flags & LATHEP_ISO9660_FLAG_DIRECTORY))
		return lathep_iso9660_note_child_link(imp, base->parent,
						      &item->record);
	if (item->record.flags & LATHEP_ISO9660_FLAG_DIRECTORY) {
		err = lathep_iso9660_directory_enter(
			imp, &item->record, base->parent, base->depth + 1,
			&waiting);
		if (err || waiting.depth == 0)
			return err;
	}
	err = lathep_iso9660_import_node(imp, item, base->parent, &node);
	if (!err && waiting.depth && system_use && imp->susp->relocated)
		err = lathep_iso9660_note_relocated(
			imp, item->record.lba + item->record.xar, node);
	if (err)
		return err;
	waiting.node = node;
	return waiting.bytes ? lathep_iso9660_queue_push(imp, waiting) : 0;
}

int lathep_iso9660_import_base(struct lathep_iso9660_import *imp)
{
	struct lathep_iso9660_waiting waiting;
	struct base base;
	uint32_t first;
	int err = lathep_iso9660_import_enter_root(imp, LATHE_ISO9660_ROOT);

	while (!err && lathep_iso9660_queue_pop(&imp->queue, &waiting)) {
		base.parent = waiting.node;
		base.depth = waiting.depth;
		lathep_iso9660_node(imp->tree, base.parent)->size = waiting.lba;
		first = imp->tree->nodes.used;
		if (imp->own &&
		    lathep_iso9660_push(&imp->base_dirs, waiting.node))
			return lathep_iso9660_import_no_memory(imp->tree);
		err = lathep_iso9660_directory_read(imp, &waiting, false, take,
						    &base);
		if (!err && !(lathep_iso9660_node(imp->tree, waiting.node)
				      ->flags & LATHEP_ISO9660_MIXED))
			err = lathep_iso9660_note_keep(imp, &waiting,
						       waiting.node, first);
	}
	return err ? err : lathep_iso9660_move_relocated(imp);
}
