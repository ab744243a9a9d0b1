/* SPDX-License-Identifier: MIT */
/*
 * What few nodes have: sections of an imported file that are not one plain
 * extent, the number of names of a shared extent, the name under which a
 * renamed file is known to its source. A list of records in the arena.
 */
#include <string.h>

#include "iso9660/iso9660_internal.h"

void *lathep_iso9660_extra(const struct lathe_iso9660_tree *tree,
			   const struct lathep_iso9660_node *node,
			   enum lathep_iso9660_extra_type type,
			   uint32_t *count)
{
	struct lathep_iso9660_extra *extra;
	uint32_t at;

	for (at = node->extra; at; at = extra->next) {
		extra = lathep_iso9660_byte_at(&tree->arena, at);
		if (extra->type == type) {
			if (count)
				*count = extra->count;
			return extra + 1;
		}
	}
	return NULL;
}

void *lathep_iso9660_extra_add(struct lathe_iso9660_tree *tree,
			       struct lathep_iso9660_node *node,
			       enum lathep_iso9660_extra_type type,
			       uint32_t count, uint32_t bytes)
{
	struct lathep_iso9660_extra *extra;
	uint32_t at = lathep_iso9660_arena_take(
		&tree->arena, (uint32_t)sizeof(*extra) + bytes, 4);

	if (!at)
		return NULL;
	extra = lathep_iso9660_byte_at(&tree->arena, at);
	extra->next = node->extra;
	extra->type = (uint16_t)type;
	extra->count = (uint16_t)count;
	node->extra = at;
	return extra + 1;
}

int lathep_iso9660_set_sections(struct lathe_iso9660_tree *tree,
				uint32_t id,
				const struct lathep_iso9660_section *sections,
				uint32_t count)
{
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);
	uint32_t bytes = (uint32_t)(count * sizeof(*sections)), i;
	void *p;

	if (count == 0)
		return LATHE_ERR_ARG;
	if (count > tree->limits.sections || count > 5000)
		return lathep_iso9660_fail(&tree->failure, LATHE_ERR_LIMIT,
					   "a file of more than %lu sections",
					   (unsigned long)
						   tree->limits.sections);
	p = lathep_iso9660_extra_add(tree, node,
				     LATHEP_ISO9660_EXTRA_SECTIONS, count,
				     bytes);
	if (!p)
		return lathep_iso9660_no_memory(tree, "for sections");
	memcpy(p, sections, bytes);
	node->u.file.lba = sections[0].lba + sections[0].xar;
	node->size = 0;
	for (i = 0; i < count; i++)
		node->size += sections[i].bytes;
	return 0;
}

uint32_t
lathep_iso9660_section_count(const struct lathe_iso9660_tree *tree,
			     const struct lathep_iso9660_node *owner)
{
	uint32_t count;

	if (lathep_iso9660_extra(tree, owner, LATHEP_ISO9660_EXTRA_SECTIONS,
				 &count))
		return count;
	if (owner->size <= LATHE_ISO9660_SECTION_BYTES)
		return 1;
	return (uint32_t)((owner->size - 1) / LATHE_ISO9660_SECTION_BYTES + 1);
}

void lathep_iso9660_section_at(const struct lathe_iso9660_tree *tree,
			       const struct lathep_iso9660_node *owner,
			       uint32_t i, struct lathep_iso9660_section *out)
{
	const struct lathep_iso9660_section *kept = lathep_iso9660_extra(
		tree, owner, LATHEP_ISO9660_EXTRA_SECTIONS, NULL);
	uint64_t rest;

	if (kept) {
		*out = kept[i];
		return;
	}
	rest = owner->size - (uint64_t)i * LATHE_ISO9660_SECTION_BYTES;
	memset(out, 0, sizeof(*out));
	out->lba = owner->u.file.lba +
		   i * (LATHE_ISO9660_SECTION_BYTES / LATHE_BLOCK_BYTES);
	out->bytes = rest < LATHE_ISO9660_SECTION_BYTES
			     ? (uint32_t)rest : LATHE_ISO9660_SECTION_BYTES;
}

const char *lathep_iso9660_source_name(const struct lathe_iso9660_tree *tree,
				       const struct lathep_iso9660_node *owner,
				       size_t *len)
{
	uint32_t bytes;
	const char *name = lathep_iso9660_extra(
		tree, owner, LATHEP_ISO9660_EXTRA_SOURCE_NAME, &bytes);

	if (name) {
		*len = bytes;
		return name;
	}
	*len = owner->name_len;
	return lathep_iso9660_name(tree, owner);
}
