/* SPDX-License-Identifier: MIT */
/*
 * Identifiers as they are recorded. Most are derived from the name whenever
 * they are needed; kept are only those that differ: recorded so by an earlier
 * session, or numbered by a plan to tell them apart.
 */
#include <string.h>

#include "iso9660/iso9660_internal.h"

const uint8_t *lathep_iso9660_kept_id(const struct lathe_iso9660_tree *tree,
				      const struct lathep_iso9660_node *node,
				      uint8_t h, uint8_t *len)
{
	const struct lathep_iso9660_id *id;
	uint32_t at;

	for (at = node->ids; at; at = id->next) {
		id = lathep_iso9660_byte_at(&tree->arena, at);
		if (id->h == h) {
			*len = id->len;
			return (const uint8_t *)(id + 1);
		}
	}
	return NULL;
}

uint32_t lathep_iso9660_keep_id(struct lathe_iso9660_tree *tree, uint32_t node,
				uint8_t h, const uint8_t *bytes, uint8_t len)
{
	struct lathep_iso9660_node *owner = lathep_iso9660_node(tree, node);
	struct lathep_iso9660_id *id;
	uint32_t at = lathep_iso9660_arena_take(
		&tree->arena, (uint32_t)sizeof(*id) + len, 4);

	if (!at)
		return 0;
	id = lathep_iso9660_byte_at(&tree->arena, at);
	id->next = owner->ids;
	id->chain = 0;
	id->node = node;
	id->h = h;
	id->len = len;
	memcpy(id + 1, bytes, len);
	owner->ids = at;
	return at;
}

void lathep_iso9660_import_begin(struct lathe_iso9660_tree *tree,
				 const struct lathe_iso9660_use *uses,
				 uint32_t use_count)
{
	uint32_t h;

	tree->known[0] = &lathe_iso9660_primary;
	tree->known_count = 1;
	for (h = 0; h < use_count && h + 1 < LATHE_ISO9660_HIERARCHIES; h++)
		tree->known[tree->known_count++] = uses[h].hierarchy;
}

int lathep_iso9660_pin(struct lathe_iso9660_tree *tree, uint32_t id,
		       uint32_t h, const uint8_t *bytes, uint8_t len)
{
	struct lathep_iso9660_node *node = lathep_iso9660_node(tree, id);

	if (h >= tree->known_count)
		return LATHE_ERR_ARG;
	node->present |= (uint8_t)(1u << h);
	node->pinned |= (uint8_t)(1u << h);
	if (lathep_iso9660_is_derived(tree, tree->known[h], node, bytes, len))
		return 0;
	if (!lathep_iso9660_keep_id(tree, id, (uint8_t)h, bytes, len))
		return lathep_iso9660_no_memory(tree, "for an identifier");
	return 0;
}
