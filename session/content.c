/* SPDX-License-Identifier: MIT */
/*
 * content.c - staging: edits that take place whole or not at all, the layout
 * of the content as it stands, and the totals.
 */
#include "session/session_internal.h"

#include <string.h>

static int fail(struct lathe_session_master *master, int err, const char *what)
{
	return lathep_session_fail_plain(&master->failure, err, what);
}

/* ---- the volume's name -------------------------------------------------- */

static bool is_set(const uint8_t created[17])
{
	static const uint8_t none[17];

	return memcmp(created, none, sizeof(none)) != 0;
}

int lathe_session_set_volume(struct lathe_session_master *master,
			     const char *name, const uint8_t created[17])
{
	size_t len = name ? strlen(name) : 0;

	lathep_session_enter(master);
	if (len >= sizeof(master->volume))
		return lathep_session_fail(&master->failure, LATHE_ERR_LIMIT,
					   "the volume name has %zu bytes, at "
					   "most %zu are possible", len,
					   sizeof(master->volume) - 1);
	if (master->editing)
		return lathep_session_fail(&master->failure, LATHE_ERR_STATE,
					   "the volume name can not be changed "
					   "within an edit");
	lathep_session_drop_plan(master);
	memset(master->volume, 0, sizeof(master->volume));
	if (len)
		memcpy(master->volume, name, len);
	master->named = len != 0;
	master->primary_given = false;
	memset(master->created, 0, sizeof(master->created));
	if (created)
		memcpy(master->created, created, sizeof(master->created));
	return 0;
}

/* The name to record, in 'out'. ECMA-119 8.4.26.1: the date is digits,
 * YYYYMMDD first. */
static void volume_name(const struct lathe_session_master *master,
			char out[129])
{
	const uint8_t *date = master->created;

	memset(out, 0, 129);
	if (master->named) {
		memcpy(out, master->volume, sizeof(master->volume));
	} else if (is_set(date)) {
		memcpy(out, date, 4);
		out[4] = '_';
		memcpy(out + 5, date + 4, 2);
		out[7] = '_';
		memcpy(out + 8, date + 6, 2);
	} else if (master->disc.mode == LATHE_SESSION_MODE_MULTI &&
		   master->disc.found.volume_id[0]) {
		memcpy(out, master->disc.found.volume_id, 128);
	} else {
		memcpy(out, "LATHE", 5);
	}
}

/* A name that stays is not cut or mapped anew in ISO 9660. */
static const uint8_t *primary_id(const struct lathe_session_master *master,
				 const char *name)
{
	const struct lathe_session_disc *disc = &master->disc;

	if (master->primary_given)
		return master->primary_id;
	if (disc->mode == LATHE_SESSION_MODE_MULTI &&
	    strcmp(name, disc->found.volume_id) == 0)
		return disc->found.primary_id;
	return NULL;
}

bool lathe_session_is_named(const struct lathe_iso9660_found *found,
			const struct lathe_iso9660_primary_options *primary,
			    const char *name)
{
	const struct lathe_iso9660_volume volume = { .volume_id = name };
	uint8_t made[LATHE_BLOCK_BYTES];
	char shown[129];

	if (strcmp(name, found->volume_id) == 0)
		return true;
	lathe_iso9660_primary.describe(primary, &volume, made);
	if (memcmp(made + 40, found->primary_id, sizeof(found->primary_id)))
		return false;
	if (!(found->hierarchies & LATHEP_SESSION_JOLIET_BIT))
		return true;
	lathe_joliet_hierarchy.describe(NULL, &volume, made);
	lathe_joliet_hierarchy.volume_id(made, shown);
	return strcmp(shown, found->volume_id) == 0;
}

/* A name that was asked for and is new counts as content. */
static bool is_renamed(const struct lathe_session_master *master)
{
	return master->named &&
	       !lathe_session_is_named(&master->disc.found,
				       &master->config.primary,
				       master->volume);
}

bool lathep_session_has_content(const struct lathe_session_master *master)
{
	if (master->staged)
		return true;
	/* Until a disc is read again its files are not in the tree. */
	return !master->stale &&
	       master->disc.mode == LATHE_SESSION_MODE_MULTI &&
	       (is_renamed(master) || master->disc.files_short);
}

/* ---- the layout --------------------------------------------------------- */

void lathep_session_drop_plan(struct lathe_session_master *master)
{
	lathe_iso9660_plan_destroy(master->plan);
	master->plan = NULL;
}

int lathep_session_need_plan(struct lathe_session_master *master, bool tell)
{
	struct lathep_session_layout layout = { .tell = tell };
	char name[129];
	int err;

	if (master->plan)
		return 0;
	volume_name(master, name);
	if (master->disc.mode == LATHE_SESSION_MODE_MULTI)
		layout.disc = &master->disc;
	layout.name = name;
	layout.primary_id = primary_id(master, name);
	layout.created = master->created;
	layout.map_names = master->config.map_names;
	err = lathep_session_make_plan(&master->config, master->tree, &layout,
				       &master->plan);
	if (err) {
		master->plan = NULL;
		return lathep_session_fail_from(
			&master->failure,
			lathe_iso9660_tree_failure(master->tree), err,
			"laying out the content");
	}
	master->volume_blocks = lathe_iso9660_plan_blocks(master->plan);
	master->metadata_blocks = lathe_iso9660_plan_metadata(master->plan);
	return 0;
}

int lathep_session_empty_tree(struct lathe_session_master *master,
			      struct lathe_iso9660_tree **tree)
{
	int err = lathep_session_new_tree(&master->config.hooks,
					  &master->config.limits, tree);

	return err ? fail(master, err, "making an empty tree") : 0;
}

void lathep_session_take_tree(struct lathe_session_master *master,
			      struct lathe_iso9660_tree *tree)
{
	lathep_session_drop_plan(master);
	lathe_iso9660_tree_destroy(master->tree);
	master->tree = tree;
	master->editing = false;
	master->staged = false;
}

/* ---- totals ------------------------------------------------------------- */

int lathe_session_totals(struct lathe_session_master *master,
			 struct lathe_session_sizes *out)
{
	int err;

	lathep_session_enter(master);
	err = lathep_session_check_chosen(master);
	if (err)
		return fail(master, err, NULL);
	if (master->editing)
		return lathep_session_fail(&master->failure, LATHE_ERR_STATE,
					   "the content is being changed");
	err = lathep_session_refresh(master);
	if (!err)
		err = lathep_session_need_plan(master, false);
	if (!err)
		lathep_session_add_up(master, out);
	return err;
}

/* ---- edits -------------------------------------------------------------- */

int lathe_session_edit(struct lathe_session_master *master,
		       struct lathe_iso9660_tree **tree)
{
	int err;

	lathep_session_enter(master);
	err = lathep_session_check_chosen(master);
	if (err)
		return fail(master, err, NULL);
	if (master->editing)
		return lathep_session_fail(&master->failure, LATHE_ERR_STATE,
					   "an edit has begun already");
	err = lathep_session_refresh(master);
	if (err)
		return err;
	/* A living plan freezes the tree. */
	lathep_session_drop_plan(master);
	err = lathe_iso9660_save(master->tree, &master->savepoint);
	if (err)
		return fail(master, err, "beginning an edit");
	master->editing = true;
	*tree = master->tree;
	return 0;
}

void lathe_session_abort(struct lathe_session_master *master)
{
	if (!master->editing)
		return;
	lathep_session_drop_plan(master);
	lathe_iso9660_rollback(master->tree, &master->savepoint);
	master->editing = false;
}

/* Does what is laid out fit on the disc that was chosen? */
static int check_room(struct lathe_session_master *master)
{
	bool strict = master->config.strict_totals && !master->final;
	struct lathe_session_space space;
	struct lathep_session_place place;

	lathep_session_fit_there(master, &place, &space);
	if (space.fit == LATHE_SESSION_FITS_NOT)
		return lathep_session_fail(
			&master->failure, LATHE_ERR_FULL,
			"the content needs %u blocks, there is room for %u",
			space.need, place.free_blocks);
	if (strict && master->disc.medium.single_session)
		return lathep_session_fail_single(&master->failure,
						  &master->disc.medium);
	if (strict && space.fit == LATHE_SESSION_FITS_FINAL)
		return lathep_session_fail(
			&master->failure, LATHE_ERR_FULL,
			"the content needs %u blocks and closing %u more, "
			"there is room for %u", space.need,
			place.costs.closing_documented, place.free_blocks);
	return 0;
}

int lathe_session_commit(struct lathe_session_master *master)
{
	int err;

	lathep_session_enter(master);
	if (!master->editing)
		return lathep_session_fail(&master->failure, LATHE_ERR_STATE,
					   "no edit has begun");
	err = lathep_session_need_plan(master, true);
	if (!err)
		err = check_room(master);
	if (err) {
		lathe_session_abort(master);
		return err;
	}
	master->staged = lathe_iso9660_changed(master->tree);
	master->editing = false;
	return 0;
}
