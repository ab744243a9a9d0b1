/* SPDX-License-Identifier: MIT */
/*
 * session_plan.c - how every session of ours is laid out: ISO 9660, with the
 * system use that is asked for, and Joliet, the mark with the session before.
 */
#include "session/session_internal.h"

#include <string.h>

int lathep_session_new_tree(const struct lathe_hooks *hooks,
			    const struct lathe_iso9660_limits *limits,
			    struct lathe_iso9660_tree **tree)
{
	struct lathe_iso9660_tree_config config;

	memset(&config, 0, sizeof(config));
	config.size = sizeof(config);
	config.hooks = *hooks;
	if (limits)
		config.limits = *limits;
	return lathe_iso9660_tree_create(&config, tree);
}

int lathep_session_make_plan(const struct lathe_session_config *config,
			     struct lathe_iso9660_tree *tree,
			     const struct lathep_session_layout *layout,
			     struct lathe_iso9660_plan **plan)
{
	struct lathe_iso9660_use use = { &lathe_joliet_hierarchy,
					 &config->joliet };
	const struct lathe_session_disc *disc = layout->disc;
	struct lathe_iso9660_plan_options options;

	memset(&options, 0, sizeof(options));
	options.size = sizeof(options);
	options.primary = &config->primary;
	options.uses = &use;
	/* Where the descriptors go there may be no room for another one:
	 * primary, Joliet, terminator. */
	if (!disc || !disc->medium.overwritable ||
	    disc->place.room >= 3 + (disc->found.hierarchies &
						     LATHEP_SESSION_JOLIET_BIT
					     ? 0 : disc->boot_records))
		options.use_count = 1;
	options.system_use = config->system_use;
	options.system_use_options = config->system_use_options;
	options.volume.volume_id = layout->name;
	options.volume.primary_id = layout->primary_id;
	options.volume.application = "LATHE";
	if (layout->created) {
		memcpy(options.volume.created, layout->created, 17);
		memcpy(options.volume.modified, layout->created, 17);
	}
	/* A foreign session has no mark: where there is a table of contents,
	 * the chain begins anew behind it. */
	if (disc && disc->medium.overwritable)
		options.previous = disc->place.previous;
	else if (disc && disc->found.own)
		options.previous = disc->found.self;
	if (!layout->map_names && options.use_count)
		options.strict = LATHEP_SESSION_JOLIET_BIT;
	if (layout->tell) {
		options.renamed = config->renamed;
		options.renamed_ctx = config->renamed_ctx;
	}
	return lathe_iso9660_plan_create(tree, &options, plan);
}
