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

static int complain_final(struct burn *burn, uint32_t need, uint32_t closing,
			  uint32_t room)
{
	return complain_why(burn->tool, LATHE_ERR_FULL,
			    "leave something out, or leave --keep-appendable "
			    "out",
			    "%s: %s blocks are needed and %s more to keep the "
			    "disc appendable, and when it is erased there is "
			    "room for %s",
			    burn->drive.name, grouped(need).text,
			    grouped(closing).text, grouped(room).text);
}

#define CD_BLOCKS 333000u	/* 74 minutes: the shorter ones in use */
#define DVD_RW_BLOCKS 2298496u	/* ECMA-338, one side of 12 cm */

/* What is free on a disc that is erased; 0: not known. Of one that is final, or
 * cut, the drive tells a part alone: as much as such discs have at least. */
static uint32_t room_of(const struct lathe_mmc_medium *medium)
{
	uint32_t least = medium->kind == LATHE_MMC_KIND_DVD_RW ? DVD_RW_BLOCKS
							       : CD_BLOCKS;
	bool part = medium->status == LATHE_MMC_STATUS_FINAL ||
		    medium->status == LATHE_MMC_STATUS_UNFINISHED;

	return part && !medium->overwritable && medium->capacity_blocks < least
		       ? least : medium->capacity_blocks;
}

/* Does a first session of so many blocks fit? */
static int check_room(struct burn *burn, const struct lathe_mmc_medium *medium,
		      uint32_t blocks)
{
	uint32_t room = room_of(medium);
	struct lathe_session_space space;
	struct lathe_mmc_costs costs;

	if (!room ||
	    lathe_mmc_session_costs_at(medium->kind, 0, blocks, &costs))
		return STATUS_OK;
	lathe_session_fit(&costs, room, blocks, &space);
	if (space.fit == LATHE_SESSION_FITS_NOT)
		return complain_room(burn, space.need, room);
	if (space.fit == LATHE_SESSION_FITS_FINAL &&
	    burn->options->keep_appendable)
		return complain_final(burn, space.need,
				      costs.closing_documented, room);
	return STATUS_OK;
}

/* The master says what a volume's name may be. */
static int check_volume(struct burn *burn)
{
	struct lathe_session_config config = {
		.size = sizeof(config), .hooks = burn->tool->hooks
	};
	const char *name = burn->options->content.volume;
	int err = lathe_session_master_create(&config, &burn->master);
	int status = STATUS_OK;

	if (err)
		return complain(burn->tool, err, NULL, "%s", burn->drive.name);
	if (lathe_session_set_volume(burn->master, name, NULL))
		status = burn_complain(
			burn, lathe_session_failure(burn->master)->err);
	lathe_session_master_destroy(burn->master);
	burn->master = NULL;
	return status;
}

/* Names and limits as in the session that is to come; what is told of them is
 * told then. */
static int plan(struct burn *burn, struct lathe_iso9660_tree *tree,
		const struct lathe_mmc_medium *medium)
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
	return check_room(burn, medium, need);
}

static int look_at_content(struct burn *burn, struct lathe_iso9660_tree *tree,
			   const struct lathe_mmc_medium *medium)
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
		status = check_volume(burn);
	if (status == STATUS_OK)
		status = plan(burn, tree, medium);
	content->tree = NULL;
	content->rehearsal = false;
	return status ? status : content_begin_anew(content);
}

/* A disc that is erased has no block but the first for it. */
static int look_at_image(struct burn *burn,
			 const struct lathe_mmc_medium *medium)
{
	if (burn_image_is_later(burn))
		return complain_why(burn->tool, LATHE_ERR_WRONG_DISC,
				    "leave --blank out, and insert the disc "
				    "that it continues",
				    "%s: the image was made for a later "
				    "session", burn->options->image);
	return check_room(burn, medium, burn->image.blocks);
}

int burn_rehearse(struct burn *burn, const struct lathe_mmc_medium *medium)
{
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config), .hooks = burn->tool->hooks
	};
	struct lathe_iso9660_tree *tree;
	int status = burn_check_erased(burn, medium), err;

	if (status)
		return status;
	if (burn->options->image)
		return look_at_image(burn, medium);
	err = lathe_iso9660_tree_create(&config, &tree);
	if (err)
		return complain(burn->tool, err, NULL, "%s", burn->drive.name);
	status = look_at_content(burn, tree, medium);
	lathe_iso9660_tree_destroy(tree);
	if (status == STATUS_OK && stop_asked())
		status = complain(burn->tool, LATHE_ERR_CANCELLED, NULL, "%s",
				  burn->drive.name);
	return status;
}
