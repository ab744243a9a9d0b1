/* SPDX-License-Identifier: MIT */
/*
 * Before a disc is erased: can what is to take its place be recorded at all?
 * A name that is spelt wrongly must not cost what the disc has.
 */
#include <inttypes.h>

#include "tools/burn.h"
#include "tools/when.h"

static int complain_room(struct burn *burn, uint64_t need, uint32_t room)
{
	return complain_why(burn->tool, LATHE_ERR_FULL, NULL,
			    "%s: %s blocks are needed, and when it is erased "
			    "there is room for %s",
			    burn->drive.name, grouped(need).text,
			    grouped(room).text);
}

/* Names and limits as in the session that is to come; what is told of them is
 * told then. */
static int plan(struct burn *burn, struct lathe_iso9660_tree *tree,
		uint32_t room)
{
	const struct content_options *content = &burn->options->content;
	const struct lathe_joliet_options joliet = {
		.long_names = content->joliet_long
	};
	const struct lathe_iso9660_primary_options primary = {
		.level = content_level(content)
	};
	const struct lathe_iso9660_use use = { &lathe_joliet_hierarchy,
					       &joliet };
	struct lathe_iso9660_plan_options how = {
		.size = sizeof(how),
		.primary = &primary,
		.uses = &use,
		.use_count = 1,
		.volume.volume_id = content->volume,
		.strict = content->joliet_strict ? 2 : 0,
		.system_use = content_system_use(content),
		.system_use_options = &burn->content.rock_ridge,
	};
	struct lathe_iso9660_plan *made;
	uint32_t need;
	int err = lathe_iso9660_plan_create(tree, &how, &made);

	if (err)
		return complain(burn->tool, err,
				lathe_iso9660_tree_failure(tree), "%s",
				burn->drive.name);
	need = lathe_iso9660_plan_blocks(made);
	lathe_iso9660_plan_destroy(made);
	return room && need > room ? complain_room(burn, need, room)
				   : STATUS_OK;
}

static int look_at_content(struct burn *burn, struct lathe_iso9660_tree *tree,
			   uint32_t room)
{
	struct content *content = &burn->content;
	int64_t seconds;
	bool given;
	int status = when_asked(burn->tool, &given, &seconds);

	content->tree = tree;
	content->rehearsal = true;
	if (status == STATUS_OK)
		status = content_add(content, burn->operands);
	if (status == STATUS_OK && !lathe_iso9660_changed(tree))
		status = complain(burn->tool, LATHE_ERR_EMPTY, NULL, "%s",
				  burn->drive.name);
	if (status == STATUS_OK)
		status = content_refuse_twins(content);
	if (status == STATUS_OK)
		status = plan(burn, tree, room);
	content->tree = NULL;
	content->rehearsal = false;
	return status ? status : content_begin_anew(content);
}

static int look_at_image(struct burn *burn, uint32_t room)
{
	return room && burn->image.blocks > room
		       ? complain_room(burn, burn->image.blocks, room)
		       : STATUS_OK;
}

int burn_rehearse(struct burn *burn, const struct lathe_mmc_medium *medium)
{
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config), .hooks = burn->tool->hooks
	};
	struct lathe_iso9660_tree *tree;
	int status, err;

	if (burn->options->image)
		return look_at_image(burn, medium->capacity_blocks);
	err = lathe_iso9660_tree_create(&config, &tree);
	if (err)
		return complain(burn->tool, err, NULL, "%s", burn->drive.name);
	status = look_at_content(burn, tree, medium->capacity_blocks);
	lathe_iso9660_tree_destroy(tree);
	if (status == STATUS_OK && stop_asked())
		status = complain(burn->tool, LATHE_ERR_CANCELLED, NULL, "%s",
				  burn->drive.name);
	return status;
}
