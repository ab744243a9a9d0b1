/* SPDX-License-Identifier: MIT */
/*
 * Directories that lie deeper than eight levels (ECMA-119 6.8.2.1) move to
 * one of their own in the root, RRIP 4.1.5. Where they belong stands a record
 * with CL; it is they themselves whose names are recorded there. In the new
 * place nodes of the plan stand in for them.
 */
#include <string.h>

#include "iso9660/plan_internal.h"
#include "iso9660/system_use_internal.h"

#define DEEPEST 8u
#define MOVED_LEVEL 3u	/* of what is in a directory in the root */

static int no_memory(struct lathe_iso9660_plan *plan)
{
	return lathep_iso9660_no_memory(plan->tree, "for a directory");
}

/* A node of the plan. It is in no list of the tree. */
static struct lathep_iso9660_node *new_node(struct lathe_iso9660_plan *plan,
					    uint32_t *id)
{
	struct lathep_iso9660_node *node =
		lathep_iso9660_store_add(&plan->tree->nodes);

	if (!node)
		return NULL;
	*id = plan->tree->nodes.used - 1;
	memset(node, 0, sizeof(*node));
	node->kind = LATHE_ISO9660_DIRECTORY;
	node->flags = LATHEP_ISO9660_STANDS_IN;
	return node;
}

/* A name that nothing in the root has. */
static uint16_t free_name(const struct lathe_iso9660_tree *tree, char name[16])
{
	uint16_t len = 8;

	memcpy(name, "rr_moved", 8);
	while (len < 15 && lathep_iso9660_lookup_find(
				   tree, LATHE_ISO9660_ROOT, name, len))
		name[len++] = '_';
	return len;
}

static int make_home(struct lathe_iso9660_plan *plan)
{
	struct lathe_iso9660_tree *tree = plan->tree;
	struct lathep_iso9660_node *home = new_node(plan, &plan->home);
	char name[16];
	uint16_t len = free_name(tree, name);
	uint32_t at = lathep_iso9660_arena_copy(&tree->arena, name, len);

	if (!home || !at)
		return no_memory(plan);
	home->parent = LATHE_ISO9660_ROOT;
	home->name = at;
	home->name_len = len;
	memcpy(home->date, lathep_iso9660_node(tree, home->parent)->date,
	       sizeof(home->date));
	home->u.folder.dir = plan->rows++;
	return 0;
}

/* 'last' is the newest that moved, or 0. */
static int relocate(struct lathe_iso9660_plan *plan, uint32_t id,
		    uint32_t *last)
{
	struct lathe_iso9660_tree *tree = plan->tree;
	struct lathep_iso9660_node *node, *moved, *home;
	uint32_t stand_in;
	int err = plan->home ? 0 : make_home(plan);

	if (err)
		return err;
	node = new_node(plan, &stand_in);
	if (!node)
		return no_memory(plan);
	moved = lathep_iso9660_node(tree, id);
	home = lathep_iso9660_node(tree, plan->home);
	*node = *moved;
	node->flags = LATHEP_ISO9660_STANDS_IN |
		      (moved->flags & (LATHEP_ISO9660_RECORDED |
				       LATHEP_ISO9660_HIDDEN));
	node->parent = plan->home;
	node->ids = 0;
	node->pinned = 0;
	node->next = 0;
	node->u.folder.indexed = id;
	moved->flags |= LATHEP_ISO9660_MOVED;
	if (*last)
		lathep_iso9660_node(tree, *last)->next = stand_in;
	else
		home->u.folder.first = stand_in;
	home->u.folder.count++;
	*last = stand_in;
	plan->empty_files = true;
	return 0;
}

static int walk(struct lathe_iso9660_plan *plan, uint8_t *level)
{
	struct lathe_iso9660_tree *tree = plan->tree;
	uint32_t id = LATHE_ISO9660_ROOT, last = 0;
	int err = 0;

	for (; id && !err;
	     id = lathep_iso9660_next(tree, LATHE_ISO9660_ROOT, id, true)) {
		const struct lathep_iso9660_node *node =
			lathep_iso9660_node(tree, id);
		uint8_t above;

		if (node->kind != LATHE_ISO9660_DIRECTORY)
			continue;
		above = id == LATHE_ISO9660_ROOT
				? 0
				: level[lathep_iso9660_node(tree, node->parent)
						->u.folder.dir];
		level[node->u.folder.dir] = (uint8_t)(above + 1);
		if (above < DEEPEST)
			continue;
		level[node->u.folder.dir] = MOVED_LEVEL;
		err = relocate(plan, id, &last);
	}
	return err;
}

int lathep_iso9660_relocate_deep(struct lathe_iso9660_plan *plan)
{
	uint32_t rows = plan->rows;
	uint8_t *level;
	int err;

	level = lathep_iso9660_take(&plan->hooks, rows);
	if (!level)
		return no_memory(plan);
	err = walk(plan, level);
	lathep_iso9660_give(&plan->hooks, level, rows);
	return err;
}

void lathep_iso9660_forget_relocated(struct lathe_iso9660_plan *plan)
{
	struct lathe_iso9660_tree *tree = plan->tree;
	uint32_t id = lathep_iso9660_node(tree, plan->home)->u.folder.first;

	for (; id; id = lathep_iso9660_node(tree, id)->next)
		lathep_iso9660_node(tree, lathep_iso9660_node(tree, id)
						  ->u.folder.indexed)
			->flags &= (uint16_t)~LATHEP_ISO9660_MOVED;
	tree->nodes.used = plan->home;
}
