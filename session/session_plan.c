/* SPDX-License-Identifier: MIT */
/*
 * session_plan.c - how every session of ours is laid out: ISO 9660 and
 * Joliet, the mark with the session before.
 */
#include "session/session_internal.h"

#include <string.h>

int lathep_session_new_tree(const struct lathe_session_config *config,
			    struct lathe_iso9660_tree **tree)
{
	struct lathe_iso9660_tree_config tree_config;

	memset(&tree_config, 0, sizeof(tree_config));
	tree_config.size = sizeof(tree_config);
	tree_config.hooks = config->hooks;
	tree_config.limits = config->limits;
	return lathe_iso9660_tree_create(&tree_config, tree);
}

int lathep_session_make_plan(const struct lathe_session_config *config,
			     struct lathe_iso9660_tree *tree,
			     const struct lathe_session_disc *disc,
			     const char *name, const uint8_t created[17],
			     bool tell, struct lathe_iso9660_plan **plan)
{
	struct lathe_iso9660_use use = { &lathe_joliet_hierarchy,
					 &config->joliet };
	struct lathe_iso9660_plan_options options;

	memset(&options, 0, sizeof(options));
	options.size = sizeof(options);
	options.primary = &config->primary;
	options.uses = &use;
	options.use_count = 1;
	options.volume.volume_id = name;
	options.volume.application = "LATHE";
	if (created) {
		memcpy(options.volume.created, created, 17);
		memcpy(options.volume.modified, created, 17);
	}
	/* A foreign session has no mark: the chain begins anew behind it. */
	if (disc && disc->found.own)
		options.previous = disc->found.self;
	if (!config->map_names)
		options.strict = LATHEP_SESSION_JOLIET_BIT;
	if (tell) {
		options.renamed = config->renamed;
		options.renamed_ctx = config->renamed_ctx;
	}
	return lathe_iso9660_plan_create(tree, &options, plan);
}
