/* SPDX-License-Identifier: MIT */
/*
 * Directories that were moved up because they lay too deep (RRIP 4.1.5): a
 * record with CL stands where they belong, one with RE where they are. They
 * are read where they are, and put where they belong when all was read.
 *
 * A link counts only if it leads to a directory that was moved, that no other
 * link led to and that it is not in. So nothing can become a loop, and what no
 * link leads to stays where it is.
 */
#include <string.h>

#include "iso9660/reader_internal.h"

struct relocated {
	uint32_t lba, node;
	uint32_t from;		/* it was put where it belongs from there */
};

struct child_link {
	uint32_t lba, parent;
	uint32_t name, id;	/* in the tree's arena */
	uint16_t name_len;
	uint8_t id_len;		/* 0: it may not be recorded again */
	bool weak;
};

void lathep_iso9660_relocated_init(struct lathep_iso9660_import *imp)
{
	const struct lathe_hooks *hooks = &imp->tree->hooks;

	lathep_iso9660_store_init(&imp->moved, hooks,
				  sizeof(struct relocated));
	lathep_iso9660_store_init(&imp->links, hooks,
				  sizeof(struct child_link));
}

int lathep_iso9660_note_relocated(struct lathep_iso9660_import *imp,
				  uint32_t lba, uint32_t node)
{
	struct relocated *one = lathep_iso9660_store_add(&imp->moved);

	if (!one)
		return lathep_iso9660_import_no_memory(imp->tree);
	one->lba = lba;
	one->node = node;
	one->from = 0;
	return 0;
}

int lathep_iso9660_note_child_link(struct lathep_iso9660_import *imp,
				   uint32_t parent,
				   const struct lathep_iso9660_record *record)
{
	struct lathe_iso9660_tree *tree = imp->tree;
	char name[LATHE_ISO9660_NAME_MAX];
	struct child_link link = { .parent = parent }, *kept;
	bool keep, odd;
	int len;

	link.lba = lathep_iso9660_shifted(imp->susp->child_lba,
					  imp->heads.shift);
	len = lathep_iso9660_import_name(imp, record, name, &keep);
	/* It stands there as a file, but is the identifier of a directory. */
	if (keep && !memchr(record->id, ';', record->id_len))
		link.id_len = record->id_len;
	len = lathep_iso9660_rock_ridge_name(imp, record, name, len,
					     &link.weak, &odd);
	link.name_len = (uint16_t)len;
	link.name = lathep_iso9660_arena_copy(&tree->arena, name,
					      (uint32_t)len);
	link.id = lathep_iso9660_arena_copy(&tree->arena, record->id,
					    record->id_len);
	kept = lathep_iso9660_store_add(&imp->links);
	if (!link.name || !link.id || !kept)
		return lathep_iso9660_import_no_memory(imp->tree);
	*kept = link;
	return 0;
}

/* ---- when all was read -------------------------------------------------- */

static struct relocated *moved_at(const struct lathep_iso9660_import *imp,
				  uint32_t i)
{
	return lathep_iso9660_at(&imp->moved, i);
}

static int by_lba(const void *ctx, uint32_t x, uint32_t y)
{
	uint32_t a = moved_at(ctx, x)->lba, b = moved_at(ctx, y)->lba;

	return (a > b) - (a < b);
}

static struct relocated *find(const struct lathep_iso9660_import *imp,
			      const uint32_t *order, uint32_t lba)
{
	uint32_t low = 0, high = imp->moved.used, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (moved_at(imp, order[middle])->lba < lba)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == imp->moved.used || moved_at(imp, order[low])->lba != lba)
		return NULL;
	return moved_at(imp, order[low]);
}

/* How deep is it, 1 for the root? '*inside': below 'node', or it. */
static uint32_t depth_of(const struct lathep_iso9660_import *imp, uint32_t id,
			 uint32_t node, bool *inside)
{
	uint32_t depth = 1;

	*inside = false;
	for (; id != LATHE_ISO9660_ROOT; depth++) {
		*inside |= id == node;
		if (depth > imp->tree->limits.depth)
			break;
		id = lathep_iso9660_node(imp->tree, id)->parent;
	}
	return depth;
}

/* Out of a list that is in the order of making. */
static void take_out(struct lathe_iso9660_tree *tree, uint32_t id)
{
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	struct lathep_iso9660_node *folder =
		lathep_iso9660_node(tree, node->parent);

	if (folder->u.folder.dir == id)
		folder->u.folder.dir = node->prev;
	lathep_iso9660_unlink_child(tree, id);
}

static int put_back(struct lathep_iso9660_import *imp,
		    const struct child_link *link, uint32_t id)
{
	struct lathe_iso9660_tree *tree = imp->tree;
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	struct lathep_iso9660_node *folder =
		lathep_iso9660_node(tree, link->parent);

	take_out(tree, id);
	node->parent = link->parent;
	node->name = link->name;
	node->name_len = link->name_len;
	node->flags &= (uint16_t)~LATHEP_ISO9660_WEAK_NAME;
	if (link->weak)
		node->flags |= LATHEP_ISO9660_WEAK_NAME;
	lathep_iso9660_link_child(tree, id);
	imp->mixed = true;
	if (folder->u.folder.count == 1)
		folder->u.folder.dir = id;
	lathep_iso9660_unpin(tree, node, imp->h);
	if (link->id_len == 0)
		return 0;
	return lathep_iso9660_pin(tree, id, imp->h,
				  lathep_iso9660_byte_at(&tree->arena,
							 link->id),
				  link->id_len);
}

static int follow(struct lathep_iso9660_import *imp, const uint32_t *order,
		  const struct child_link *link)
{
	struct relocated *moved = find(imp, order, link->lba);
	uint32_t id = moved && !moved->from ? moved->node : 0;
	bool inside = false;

	if (id && depth_of(imp, link->parent, id, &inside) >=
			  imp->tree->limits.depth)
		return lathep_iso9660_too_deep(imp);
	if (!id || inside)
		return lathep_iso9660_odd(
			imp, LATHE_ISO9660_ODD_LOOP, 0,
			"no relocated directory at block %lu: left out",
			(unsigned long)link->lba);
	moved->from = lathep_iso9660_node(imp->tree, id)->parent;
	return put_back(imp, link, id);
}

/* What was below them is deeper now. */
static int check_depth(struct lathep_iso9660_import *imp)
{
	const struct lathe_iso9660_tree *tree = imp->tree;
	uint32_t id;
	bool unused;

	for (id = LATHE_ISO9660_ROOT; id < tree->nodes.used; id++)
		if (lathep_iso9660_node(tree, id)->kind ==
			    LATHE_ISO9660_DIRECTORY &&
		    depth_of(imp, id, 0, &unused) > tree->limits.depth)
			return lathep_iso9660_too_deep(imp);
	return 0;
}

int lathep_iso9660_move_relocated(struct lathep_iso9660_import *imp)
{
	const struct lathe_hooks *hooks = &imp->tree->hooks;
	uint32_t count = imp->moved.used, i, *order;
	size_t bytes = ((size_t)count + 1) * 2 * sizeof(*order);
	int err = 0;

	if (imp->links.used == 0)
		return 0;
	order = lathep_iso9660_take(hooks, bytes);
	if (!order)
		return lathep_iso9660_import_no_memory(imp->tree);
	for (i = 0; i < count; i++)
		order[i] = i;
	lathep_iso9660_sort(order, count, order + count, by_lba, imp);
	for (i = 0; !err && i < imp->links.used; i++)
		err = follow(imp, order, lathep_iso9660_at(&imp->links, i));
	lathep_iso9660_give(hooks, order, bytes);
	return err ? err : check_depth(imp);
}

void lathep_iso9660_drop_relocated(struct lathep_iso9660_import *imp)
{
	struct lathep_iso9660_node *node;
	uint32_t i, id;

	for (i = 0; i < imp->moved.used; i++) {
		id = moved_at(imp, i)->from;
		node = lathep_iso9660_node(imp->tree, id);
		if (!id || node->u.folder.count ||
		    node->parent != LATHE_ISO9660_ROOT ||
		    node->flags & LATHEP_ISO9660_GONE)
			continue;
		lathep_iso9660_unlink_child(imp->tree, id);
		node->flags |= LATHEP_ISO9660_GONE;
	}
}
