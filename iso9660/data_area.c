/* SPDX-License-Identifier: MIT */
/*
 * Where the bytes of new files go: folder by folder in the order of names.
 * Large files begin at even blocks, so that a file system can share them with
 * their source; what lies before them takes the next file of one block.
 */
#include <string.h>

#include "iso9660/plan_internal.h"
#include "iso9660/system_use_internal.h"

struct placing {
	struct lathe_iso9660_plan *plan;
	uint64_t next;		/* relative to the volume */
	uint32_t holes;		/* blocks left free so far, not filled */
	uint32_t first_hole;	/* no hole stands before this in plan->data */
};

/* A hole is a 0 in plan->data, one block in front of its successor. */
static void fill_hole(struct placing *p, uint32_t id,
		      struct lathep_iso9660_node *owner)
{
	struct lathep_iso9660_store *data = &p->plan->data;
	uint32_t i = p->first_hole;

	while (lathep_iso9660_u32(data, i) != 0)
		i++;
	*(uint32_t *)lathep_iso9660_at(data, i) = id;
	owner->u.file.lba =
		lathep_iso9660_extent(p->plan, i + 1)->u.file.lba - 1;
	p->first_hole = i + 1;
	p->holes--;
}

static int place(struct placing *p, uint32_t id,
		 struct lathep_iso9660_node *owner)
{
	uint64_t blocks = lathep_iso9660_blocks(owner->size);
	char path[LATHEP_ISO9660_PATH_TEXT];
	int err;

	if (blocks == 1 && p->holes) {
		fill_hole(p, id, owner);
		owner->flags |= LATHEP_ISO9660_PLACED;
		return 0;
	}
	if (owner->size >= p->plan->align_from_bytes && p->next % 2) {
		err = lathep_iso9660_push(&p->plan->data, 0);
		if (err)
			return err;
		p->holes++;
		p->next++;
	}
	err = lathep_iso9660_push(&p->plan->data, id);
	if (err)
		return err;
	/* Not before it is on the list that lathep_iso9660_forget_data()
	 * goes by: else the next plan would leave it out. */
	owner->flags |= LATHEP_ISO9660_PLACED;
	owner->u.file.lba = (uint32_t)p->next;
	p->next += blocks;
	if (p->next > UINT32_MAX)
		return lathep_iso9660_fail(
			&p->plan->tree->failure, LATHE_ERR_LIMIT,
			"more than 2^32 - 1 blocks: \"%s\" does not fit",
			lathep_iso9660_path_text(p->plan->tree, id, path));
	return 0;
}

static int place_file(struct placing *p, uint32_t id)
{
	struct lathe_iso9660_tree *tree = p->plan->tree;
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	struct lathep_iso9660_node *owner = lathep_iso9660_owner(tree, node);

	if (owner->size == 0 || node->flags & (LATHEP_ISO9660_SYMLINK |
					       LATHEP_ISO9660_SPECIAL))
		p->plan->empty_files = true;
	if (owner->size == 0 || lathep_iso9660_bare(node))
		return 0;
	if (owner->flags & (LATHEP_ISO9660_IMPORTED | LATHEP_ISO9660_PLACED))
		return 0;
	if (owner != node)
		id = node->u.link.target;
	return place(p, id, owner);
}

/* Holes that nothing filled are gaps between extents from now on. */
static void drop_holes(struct lathep_iso9660_store *data)
{
	uint32_t i, n = 0;

	for (i = 0; i < data->used; i++) {
		uint32_t id = lathep_iso9660_u32(data, i);

		if (id)
			*(uint32_t *)lathep_iso9660_at(data, n++) = id;
	}
	data->used = n;
}

int lathep_iso9660_lay_data(struct lathe_iso9660_plan *plan, uint32_t first)
{
	struct lathe_iso9660_tree *tree = plan->tree;
	struct placing p = { plan, first, 0, 0 };
	const struct lathep_iso9660_layout *layout = NULL;
	uint32_t folder = LATHE_ISO9660_ROOT, id;
	int err = 0;

	for (; folder && !err;
	     folder = lathep_iso9660_next(tree, LATHE_ISO9660_ROOT, folder,
					  !layout)) {
		struct lathep_iso9660_node *node =
			lathep_iso9660_node(tree, folder);

		if (node->kind != LATHE_ISO9660_DIRECTORY)
			continue;
		layout = lathep_iso9660_stays(plan, node)
				 ? lathep_iso9660_layout_of(plan, 0, node, NULL)
				 : NULL;
		if (layout) {
			plan->empty_files |= layout->empty > 0;
			continue;
		}
		for (id = node->u.folder.first; id && !err;
		     id = lathep_iso9660_node(tree, id)->next)
			if (lathep_iso9660_node(tree, id)->kind ==
			    LATHE_ISO9660_FILE)
				err = place_file(&p, id);
	}
	if (!err)
		drop_holes(&plan->data);
	plan->data_blocks = p.next - first;
	return err;
}

void lathep_iso9660_forget_data(struct lathe_iso9660_plan *plan)
{
	uint32_t i;

	for (i = 0; i < plan->data.used; i++) {
		uint32_t id = lathep_iso9660_u32(&plan->data, i);

		if (id)
			lathep_iso9660_node(plan->tree, id)->flags &=
				(uint16_t)~LATHEP_ISO9660_PLACED;
	}
}

static uint64_t measure(struct lathe_iso9660_plan *plan,
			const struct lathep_iso9660_region *region)
{
	(void)region;
	return plan->data_blocks;
}

const struct lathep_iso9660_provider lathep_iso9660_data = {
	.measure = measure,
	.data = true
};

uint32_t lathep_iso9660_extent_at(const struct lathe_iso9660_plan *plan,
				  uint32_t block)
{
	uint32_t low = 0, high = plan->data.used;

	/* Extents before 'low' begin at 'block' or before it. */
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (lathep_iso9660_extent(plan, middle)->u.file.lba <= block)
			low = middle + 1;
		else
			high = middle;
	}
	return low - 1;
}

int lathe_iso9660_plan_extent(const struct lathe_iso9660_plan *plan,
			      uint32_t node, uint32_t *first, uint64_t *bytes)
{
	const struct lathep_iso9660_node *owner;

	if (!lathep_iso9660_alive(plan->tree, node))
		return LATHE_ERR_NOT_FOUND;
	owner = lathep_iso9660_owner(plan->tree,
				     lathep_iso9660_node(plan->tree, node));
	if (owner->kind != LATHE_ISO9660_FILE || lathep_iso9660_bare(owner) ||
	    (owner->flags & LATHEP_ISO9660_IMPORTED))
		return LATHE_ERR_NOT_FOUND;
	*first = owner->size ? owner->u.file.lba : plan->empty_block;
	*bytes = owner->size;
	return 0;
}

bool lathe_iso9660_plan_nth_extent(const struct lathe_iso9660_plan *plan,
				   uint32_t i, uint32_t *node, uint32_t *first,
				   uint64_t *bytes)
{
	const struct lathep_iso9660_node *owner;

	if (i >= plan->data.used)
		return false;
	*node = lathep_iso9660_u32(&plan->data, i);
	owner = lathep_iso9660_node(plan->tree, *node);
	*first = owner->u.file.lba;
	*bytes = owner->size;
	return true;
}
