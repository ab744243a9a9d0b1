/* SPDX-License-Identifier: MIT */
/*
 * Naming a folder without making identifiers. Mostly the names of a folder
 * differ early, and in the same order as their identifiers: then all a plan
 * needs to know of these is how long they are.
 */
#include "iso9660/plan_internal.h"
#include "iso9660/system_use_internal.h"

/* Somebody may have to be told how a name was changed. */
static bool is_told(const struct lathep_iso9660_naming *naming,
		    const struct lathep_iso9660_node *node, bool pinned)
{
	const struct lathe_iso9660_plan_options *options = naming->options;

	if (!pinned && (options->renamed || options->strict >> naming->h & 1))
		return true;
	return options->renamed && naming->h == 0 && naming->plan->system_use &&
	       node->name_len > LATHEP_ISO9660_SYSTEM_USE_NAME;
}

/* The length of a child's identifier, 0 if it has to be made. */
static uint8_t length_of(const struct lathep_iso9660_naming *naming,
			 const struct lathep_iso9660_node *node,
			 const char *name)
{
	const struct lathep_iso9660_laid *laid = naming->laid;
	const void *options = laid->options;
	bool pinned = laid->known != 0xff && (node->pinned >> laid->known & 1);

	if (node->ids || is_told(naming, node, pinned))
		return 0;
	if (pinned)
		options = NULL;
	return laid->hierarchy->length(options, name, node->name_len,
				       node->kind == LATHE_ISO9660_DIRECTORY);
}

bool lathep_iso9660_name_quickly(const struct lathep_iso9660_naming *naming)
{
	const struct lathep_iso9660_laid *laid = naming->laid;
	const struct lathe_iso9660_tree *tree = naming->plan->tree;
	const struct lathep_iso9660_node *node, *before = NULL;
	const char *name, *last = NULL;
	uint32_t i;

	if (!laid->hierarchy->order || !laid->hierarchy->length)
		return false;
	for (i = 0; i < naming->count; i++, before = node, last = name) {
		struct lathep_iso9660_named *child = &naming->child[i];

		node = lathep_iso9660_node(tree, child->node);
		name = lathep_iso9660_name(tree, node);
		child->len = length_of(naming, node, name);
		if (child->len == 0)
			return false;
		if (before && laid->hierarchy->order(
				      laid->options, last, before->name_len,
				      name, node->name_len) >= 0)
			return false;
	}
	return true;
}
