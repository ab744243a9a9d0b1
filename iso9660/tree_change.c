/* SPDX-License-Identifier: MIT */
/*
 * Removing, renaming, and undoing. Nodes are only ever appended; a change of
 * an older one is noted in the journal, so that going back to a savepoint
 * undoes the notes and drops the nodes, newest first, each in its turn.
 */
#include <string.h>

#include "iso9660/system_use_internal.h"

/* ---- the journal -------------------------------------------------------- */

int lathep_iso9660_journal(struct lathe_iso9660_tree *tree, uint32_t id,
			   enum lathep_iso9660_event what)
{
	struct lathep_iso9660_undo *undo = NULL;

	if (!what || !lathep_iso9660_store_reserve(&tree->copies, 1))
		undo = lathep_iso9660_store_add(&tree->journal);
	if (!undo)
		return lathep_iso9660_no_memory(tree, "to note a change");
	undo->node = id;
	undo->nodes = tree->nodes.used;
	undo->copy = tree->copies.used;
	undo->what = what;
	if (what)
		memcpy(lathep_iso9660_at(&tree->copies, tree->copies.used++),
		       lathep_iso9660_node(tree, id),
		       sizeof(struct lathep_iso9660_node));
	return 0;
}

/* Enter all from 'top' down into the counts, or take it out of them. */
static void count_below(struct lathe_iso9660_tree *tree, uint32_t top,
			bool enter)
{
	uint32_t id;

	for (id = top; id; id = lathep_iso9660_next(tree, top, id, true)) {
		struct lathep_iso9660_node *node =
			lathep_iso9660_node(tree, id);

		if (enter)
			node->flags &= (uint16_t)~LATHEP_ISO9660_GONE;
		else
			node->flags |= LATHEP_ISO9660_GONE;
		lathep_iso9660_count_node(tree, node, enter);
	}
}

void lathep_iso9660_detach(struct lathe_iso9660_tree *tree, uint32_t id)
{
	count_below(tree, id, false);
	lathep_iso9660_unlink_child(tree, id);
}

/* Back to how it was when it was noted; what is in a folder has been undone
 * already. */
static void restore(struct lathe_iso9660_tree *tree, uint32_t id,
		    const struct lathep_iso9660_node *copy)
{
	const uint16_t keep = LATHEP_ISO9660_SORTED | LATHEP_ISO9660_MIXED |
			      LATHEP_ISO9660_AS_READ;
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	bool moves = node->parent != copy->parent || node->name != copy->name;

	if (moves)
		lathep_iso9660_unlink_child(tree, id);
	node->parent = copy->parent;
	node->name = copy->name;
	node->name_len = copy->name_len;
	node->posix = copy->posix;
	node->ids = copy->ids;
	node->extra = copy->extra;
	node->present = copy->present;
	node->pinned = copy->pinned;
	node->flags = (uint16_t)((copy->flags & ~keep) | (node->flags & keep));
	memcpy(node->date, copy->date, sizeof(node->date));
	if (moves)
		lathep_iso9660_link_child(tree, id);
}

static void undo_last(struct lathe_iso9660_tree *tree,
		      const struct lathep_iso9660_undo *undo)
{
	if (undo->what) {
		restore(tree, undo->node,
			lathep_iso9660_at(&tree->copies, undo->copy));
		tree->copies.used = undo->copy;
	} else if (lathep_iso9660_node(tree, undo->node)->flags &
		   LATHEP_ISO9660_GONE) {
		count_below(tree, undo->node, true);
		lathep_iso9660_link_child(tree, undo->node);
	}
	tree->journal.used--;
}

static void drop_nodes(struct lathe_iso9660_tree *tree, uint32_t nodes)
{
	while (tree->nodes.used > nodes) {
		uint32_t id = tree->nodes.used - 1;

		lathep_iso9660_count_node(tree, lathep_iso9660_node(tree, id),
					  false);
		lathep_iso9660_unlink_child(tree, id);
		tree->nodes.used--;
	}
}

int lathe_iso9660_save(struct lathe_iso9660_tree *tree,
		       struct lathe_iso9660_savepoint *out)
{
	out->opaque[0] = tree->nodes.used;
	out->opaque[1] = tree->arena.used;
	out->opaque[2] = tree->journal.used;
	out->opaque[3] = tree->sources.used | (uint64_t)tree->posix.used << 32;
	return 0;
}

void lathe_iso9660_rollback(struct lathe_iso9660_tree *tree,
			    const struct lathe_iso9660_savepoint *to)
{
	if (lathep_iso9660_begin_change(tree))
		return;
	while (tree->journal.used > to->opaque[2]) {
		const struct lathep_iso9660_undo *undo = lathep_iso9660_at(
			&tree->journal, tree->journal.used - 1);

		drop_nodes(tree, undo->nodes);
		undo_last(tree, undo);
	}
	drop_nodes(tree, (uint32_t)to->opaque[0]);
	tree->arena.used = (uint32_t)to->opaque[1];
	tree->sources.used = (uint32_t)to->opaque[3];
	tree->posix.used = (uint32_t)(to->opaque[3] >> 32);
}

int lathep_iso9660_back(struct lathe_iso9660_tree *tree,
			const struct lathe_iso9660_savepoint *save, int err)
{
	struct lathe_failure failure = tree->failure;

	lathe_iso9660_rollback(tree, save);
	tree->failure = failure;
	return err;
}

/* ---- changes ------------------------------------------------------------ */

int lathep_iso9660_make_present(struct lathe_iso9660_tree *tree, uint32_t id)
{
	uint8_t all = (uint8_t)((1u << tree->known_count) - 1);
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	int err;

	while ((node->flags & LATHEP_ISO9660_IMPORTED) &&
	       (node->present & all) != all && id != LATHE_ISO9660_ROOT) {
		err = lathep_iso9660_journal(tree, id,
					     LATHEP_ISO9660_UNDO_CHANGE);
		if (err)
			return err;
		node->present = all;
		id = node->parent;
		node = lathep_iso9660_node(tree, id);
	}
	return 0;
}

static int check_node(struct lathe_iso9660_tree *tree, uint32_t id)
{
	int err = lathep_iso9660_begin_change(tree);

	if (err)
		return err;
	if (id == LATHE_ISO9660_ROOT)
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_ARG,
					   "the root can not be removed or "
					   "renamed");
	return lathep_iso9660_check_alive(tree, id);
}

int lathe_iso9660_remove(struct lathe_iso9660_tree *tree, uint32_t node)
{
	int err = check_node(tree, node);

	if (!err)
		err = lathep_iso9660_journal(tree, node,
					     LATHEP_ISO9660_UNDO_REMOVAL);
	if (!err)
		lathep_iso9660_detach(tree, node);
	return err;
}

/* Directories from the root down to the deepest one at or below 'top'. */
static uint32_t height(const struct lathe_iso9660_tree *tree, uint32_t top)
{
	uint32_t depth = 1, deepest = 1, id = top, next;

	while ((next = lathep_iso9660_next(tree, top, id, true)) != 0) {
		if (lathep_iso9660_node(tree, next)->parent == id) {
			depth++;
		} else {
			uint32_t up = id;

			while (lathep_iso9660_node(tree, up)->parent !=
			       lathep_iso9660_node(tree, next)->parent) {
				up = lathep_iso9660_node(tree, up)->parent;
				depth--;
			}
		}
		id = next;
		if (lathep_iso9660_node(tree, id)->kind ==
			    LATHE_ISO9660_DIRECTORY &&
		    depth > deepest)
			deepest = depth;
	}
	return deepest;
}

/* Would a directory lie inside itself, or too deep? */
static int check_move(struct lathe_iso9660_tree *tree, uint32_t id,
		      uint32_t parent)
{
	uint32_t up, depth = 1;

	for (up = parent; up != LATHE_ISO9660_ROOT;
	     up = lathep_iso9660_node(tree, up)->parent, depth++)
		if (up == id)
			return lathep_iso9660_fail(&tree->failure,
						   LATHE_ERR_ARG,
						   "a directory can not be "
						   "moved into itself");
	if (lathep_iso9660_node(tree, id)->kind != LATHE_ISO9660_DIRECTORY)
		return 0;
	return lathep_iso9660_check_depth(
		tree, parent, (uint64_t)depth + height(tree, id) - 1);
}

/* A source that finds its file by the name goes on doing so. */
static int keep_source_name(struct lathe_iso9660_tree *tree,
			    struct lathep_iso9660_node *node)
{
	void *p;

	if (!lathep_iso9660_has_source(node) ||
	    lathep_iso9660_extra(tree, node, LATHEP_ISO9660_EXTRA_SOURCE_NAME,
				 NULL))
		return 0;
	p = lathep_iso9660_extra_add(tree, node,
				     LATHEP_ISO9660_EXTRA_SOURCE_NAME,
				     node->name_len, node->name_len);
	if (!p)
		return LATHE_ERR_MEMORY;
	memcpy(p, lathep_iso9660_name(tree, node), node->name_len);
	return 0;
}

static int move(struct lathe_iso9660_tree *tree, uint32_t id, uint32_t parent,
		const char *name, size_t len)
{
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	uint32_t at;
	int err = lathep_iso9660_make_present(tree, parent);

	if (!err)
		err = lathep_iso9660_journal(tree, id,
					     LATHEP_ISO9660_UNDO_CHANGE);
	if (!err)
		err = keep_source_name(tree, node);
	if (err)
		return err;
	at = lathep_iso9660_arena_copy(&tree->arena, name, (uint32_t)len);
	if (!at)
		return LATHE_ERR_MEMORY;
	lathep_iso9660_unlink_child(tree, id);
	node->parent = parent;
	node->name = at;
	node->name_len = (uint16_t)len;
	node->ids = 0;
	node->pinned = 0;
	/* 9.1.6: it belonged to the file whose name it had. */
	node->flags &= (uint16_t)~LATHEP_ISO9660_ASSOCIATED;
	if (!lathep_iso9660_bare(node))
		node->present = (uint8_t)((1u << tree->known_count) - 1);
	lathep_iso9660_link_child(tree, id);
	return 0;
}

int lathe_iso9660_rename(struct lathe_iso9660_tree *tree, uint32_t id,
			 uint32_t parent, const char *name, size_t len)
{
	struct lathe_iso9660_savepoint save;
	uint32_t found;
	int err = check_node(tree, id);

	if (!err)
		err = lathep_iso9660_check_folder(tree, parent);
	if (!err)
		err = lathep_iso9660_check_name(tree, name, len);
	if (!err)
		err = check_move(tree, id, parent);
	if (err)
		return err;
	found = lathep_iso9660_lookup_find(tree, parent, name, len);
	if (found == id)
		return 0;
	if (found)
		return lathep_iso9660_exists(tree, name, len, found,
					     LATHE_ISO9660_FILE);
	err = lathep_iso9660_check_name_bytes(tree, parent, len);
	if (err)
		return err;
	lathe_iso9660_save(tree, &save);
	err = move(tree, id, parent, name, len);
	if (err) {
		lathe_iso9660_rollback(tree, &save);
		return lathep_iso9660_no_memory(tree, "to rename");
	}
	return 0;
}

int lathe_iso9660_set_attributes(struct lathe_iso9660_tree *tree, uint32_t id,
				 const struct lathe_iso9660_attributes *attr)
{
	struct lathe_iso9660_savepoint save;
	int err = lathep_iso9660_begin_change(tree);

	if (!err)
		err = lathep_iso9660_check_alive(tree, id);
	if (err)
		return err;
	lathe_iso9660_save(tree, &save);
	err = lathep_iso9660_journal(tree, id, LATHEP_ISO9660_UNDO_CHANGE);
	if (!err)
		err = lathep_iso9660_set_attributes(tree, id, attr);
	return err ? lathep_iso9660_back(tree, &save, err) : 0;
}
