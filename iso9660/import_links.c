/* SPDX-License-Identifier: MIT */
/*
 * Files of which system use says that they have several names (RRIP 4.1.1),
 * and whose extent is the same: the first owns it, the others become further
 * names of it, so that a later session knows how many there are.
 */
#include <string.h>

#include "iso9660/reader_internal.h"

static bool may_share(const struct lathep_iso9660_node *node)
{
	return node->kind == LATHE_ISO9660_FILE && node->size &&
	       (node->flags & (LATHEP_ISO9660_SEVERAL_NAMES |
			       LATHEP_ISO9660_GONE |
			       LATHEP_ISO9660_SYMLINK |
			       LATHEP_ISO9660_SPECIAL)) ==
		       LATHEP_ISO9660_SEVERAL_NAMES;
}

/* In all sections, if there are several or odd ones. */
static bool same_sections(const struct lathe_iso9660_tree *tree,
			  const struct lathep_iso9660_node *a,
			  const struct lathep_iso9660_node *b)
{
	uint32_t x = 0, y = 0;
	const struct lathep_iso9660_section
		*p = lathep_iso9660_extra(tree, a,
					  LATHEP_ISO9660_EXTRA_SECTIONS, &x),
		*q = lathep_iso9660_extra(tree, b,
					  LATHEP_ISO9660_EXTRA_SECTIONS, &y);

	return a->u.file.lba == b->u.file.lba && a->size == b->size &&
	       x == y && (x == 0 || memcmp(p, q, x * sizeof(*p)) == 0);
}

static int by_extent(const void *ctx, uint32_t x, uint32_t y)
{
	const struct lathe_iso9660_tree *tree = ctx;
	const struct lathep_iso9660_node *a = lathep_iso9660_node(tree, x);
	const struct lathep_iso9660_node *b = lathep_iso9660_node(tree, y);

	if (a->u.file.lba != b->u.file.lba)
		return a->u.file.lba < b->u.file.lba ? -1 : 1;
	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	return (x > y) - (x < y);
}

/* The nodes 'ids' have one extent. */
static int share(struct lathe_iso9660_tree *tree, const uint32_t *ids,
		 uint32_t count)
{
	struct lathep_iso9660_names *names;
	uint32_t i;

	if (count < 2)
		return 0;
	names = lathep_iso9660_extra_add(tree,
					 lathep_iso9660_node(tree, ids[0]),
					 LATHEP_ISO9660_EXTRA_LINKS, 0,
					 sizeof(*names));
	if (!names)
		return LATHE_ERR_MEMORY;
	/* They are counted with all others at the end of the import. */
	memset(names, 0, sizeof(*names));
	for (i = 1; i < count; i++) {
		struct lathep_iso9660_node *node =
			lathep_iso9660_node(tree, ids[i]);

		node->flags |= LATHEP_ISO9660_LINK;
		memset(&node->u, 0, sizeof(node->u));
		node->u.link.target = ids[0];
	}
	return 0;
}

static int share_all(struct lathe_iso9660_tree *tree, const uint32_t *ids,
		     uint32_t count)
{
	const struct lathep_iso9660_node *a, *b;
	uint32_t i, first = 0;
	int err = 0;

	for (i = 1; i <= count && !err; i++) {
		a = lathep_iso9660_node(tree, ids[first]);
		b = i < count ? lathep_iso9660_node(tree, ids[i]) : NULL;
		if (b && same_sections(tree, a, b))
			continue;
		err = share(tree, ids + first, i - first);
		first = i;
	}
	return err;
}

/* How many there are; with 'ids' they are put there. */
static uint32_t gather(const struct lathe_iso9660_tree *tree, uint32_t *ids)
{
	uint32_t id, count = 0;

	for (id = LATHE_ISO9660_ROOT; id < tree->nodes.used; id++) {
		if (!may_share(lathep_iso9660_node(tree, id)))
			continue;
		if (ids)
			ids[count] = id;
		count++;
	}
	return count;
}

int lathep_iso9660_import_links(struct lathep_iso9660_import *imp)
{
	struct lathe_iso9660_tree *tree = imp->tree;
	uint32_t count = imp->susp ? gather(tree, NULL) : 0, *ids;
	size_t bytes = (size_t)count * 2 * sizeof(*ids);
	int err = LATHE_ERR_MEMORY;

	if (count < 2)
		return 0;
	ids = lathep_iso9660_take(&tree->hooks, bytes);
	if (ids) {
		gather(tree, ids);
		lathep_iso9660_sort(ids, count, ids + count, by_extent, tree);
		err = share_all(tree, ids, count);
		lathep_iso9660_give(&tree->hooks, ids, bytes);
	}
	return err ? lathep_iso9660_import_no_memory(imp->tree) : 0;
}
