/* SPDX-License-Identifier: MIT */
/*
 * Symbolic links, which plain ISO 9660 can not hold: one that leads to a
 * regular file becomes a further name of that file's extent if the tree holds
 * it, else a file with its content.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include "iso9660/lathe_iso9660.h"

#if defined(__unix__) || defined(__APPLE__)

#include <string.h>

#include "iso9660/host_posix.h"

static struct lathep_iso9660_symlink *
link_at(const struct lathep_iso9660_adding *a, uint32_t i)
{
	return lathep_iso9660_at(&a->links, i);
}

/* Links by the stamp of what they lead to: chains from a table. */
static void fill_table(const struct lathep_iso9660_adding *a, uint32_t *table,
		       uint32_t size)
{
	uint32_t i;

	memset(table, 0, size * sizeof(*table));
	for (i = 0; i < a->links.used; i++) {
		struct lathep_iso9660_symlink *link = link_at(a, i);
		uint32_t *slot = &table[link->is.stamp & (size - 1)];

		link->chain = *slot;
		*slot = i + 1;
	}
}

/* A node with the stamp that a link looks for is looked at itself. */
static void match_node(struct lathep_iso9660_adding *a, uint32_t id,
		       const uint32_t *table, uint32_t size)
{
	const struct lathep_iso9660_node *node =
		lathep_iso9660_node(a->tree, id);
	uint32_t stamp, i;

	if (node->kind != LATHE_ISO9660_FILE ||
	    (node->flags & (LATHEP_ISO9660_IMPORTED | LATHEP_ISO9660_LINK)))
		return;
	stamp = (uint32_t)node->u.file.cookie;
	for (i = table[stamp & (size - 1)]; i; i = link_at(a, i - 1)->chain) {
		struct lathep_iso9660_symlink *link = link_at(a, i - 1);

		if (link->is.stamp == stamp && !link->target &&
		    lathep_iso9660_same_file(a->host, a->tree, id, &link->is))
			link->target = id;
	}
}

static int find_targets(struct lathep_iso9660_adding *a)
{
	const struct lathe_hooks *hooks = &a->host->config.hooks;
	uint32_t size = 16, *table, id;

	while (size < a->links.used && size < (1u << 30))
		size *= 2;
	table = lathep_iso9660_realloc(hooks, NULL, 0, size * sizeof(*table));
	if (!table)
		return lathep_iso9660_adding_fail(a, LATHE_ERR_MEMORY, 0, "",
						  "no memory for links");
	fill_table(a, table, size);
	for (id = LATHE_ISO9660_ROOT + 1; id < a->tree->nodes.used; id++)
		match_node(a, id, table, size);
	lathep_iso9660_realloc(hooks, table, size * sizeof(*table), 0);
	return 0;
}

static int add_link(struct lathep_iso9660_adding *a,
		    const struct lathep_iso9660_symlink *link)
{
	const char *name = lathep_iso9660_byte_at(&a->link_names, link->name);
	struct stat st;

	if (lathep_iso9660_file_stat(
		    a->host, LATHEP_ISO9660_FOLLOW | (uint64_t)link->row << 32,
		    name, strlen(name), &st) != 0)
		return lathep_iso9660_adding_fail(
			a, LATHE_ERR_IO, link->row, name,
			"the link changed while files were added");
	if (link->target &&
	    lathep_iso9660_known_add(a->host, &link->is, link->target))
		return lathep_iso9660_adding_fail(a, LATHE_ERR_MEMORY, 0, "",
						  "no memory for links");
	return lathep_iso9660_adding_file(a, link->row, LATHEP_ISO9660_FOLLOW,
					  link->parent, name, name, &st, true);
}

int lathep_iso9660_adding_symlinks(struct lathep_iso9660_adding *a)
{
	uint32_t i;
	int err;

	if (a->links.used == 0)
		return 0;
	err = find_targets(a);
	for (i = 0; i < a->links.used && !err; i++)
		err = add_link(a, link_at(a, i));
	return err;
}

#else
/* ISO C wants something in each file. */
typedef int lathep_iso9660_no_symlinks;
#endif
