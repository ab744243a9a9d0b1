/* SPDX-License-Identifier: MIT */
/*
 * master.c - format, recorder, and the mode that follows from the disc.
 */
#include "session/session_internal.h"

#include <string.h>

static int fail(struct lathe_session_master *master, int err, const char *what)
{
	return lathep_session_fail_plain(&master->failure, err, what);
}

int lathe_session_master_create(const struct lathe_session_config *config,
				struct lathe_session_master **out)
{
	struct lathe_session_master *master;

	if (config->size != sizeof(*config))
		return LATHE_ERR_ARG;
	master = lathep_session_alloc(&config->hooks, sizeof(*master));
	if (!master)
		return LATHE_ERR_MEMORY;
	master->config = *config;
	*out = master;
	return 0;
}

void lathe_session_master_destroy(struct lathe_session_master *master)
{
	struct lathe_hooks hooks;

	if (!master)
		return;
	hooks = master->config.hooks;
	lathep_session_drop_plan(master);
	lathe_iso9660_tree_destroy(master->tree);
	lathep_session_free(&hooks, master, sizeof(*master));
}

const struct lathe_failure *
lathe_session_failure(const struct lathe_session_master *master)
{
	return &master->failure;
}

int lathep_session_check_chosen(const struct lathe_session_master *master)
{
	if (master->format == LATHE_SESSION_FORMAT_NONE)
		return LATHE_ERR_NO_FORMAT;
	return master->mmc ? 0 : LATHE_ERR_NO_RECORDER;
}

const struct lathe_session_disc *
lathe_session_chosen(const struct lathe_session_master *master)
{
	return master->mmc ? &master->disc : NULL;
}

enum lathe_session_mode
lathe_session_current_mode(const struct lathe_session_master *master)
{
	return lathep_session_check_chosen(master) ? LATHE_SESSION_MODE_NONE :
						     master->disc.mode;
}

struct lathe_iso9660_tree *
lathe_session_tree(struct lathe_session_master *master)
{
	return master->tree;
}

void lathe_session_set_final(struct lathe_session_master *master, bool final)
{
	master->final = final;
}

int lathe_session_set_layer_break(struct lathe_session_master *master,
				  uint32_t blocks)
{
	int err;

	lathep_session_enter(master);
	err = lathep_session_check_chosen(master);
	if (err)
		return fail(master, err, "choosing a layer break");
	err = lathep_session_refresh(master);
	if (!err)
		err = lathep_session_heed_layer_break(&master->disc.medium,
						      blocks, &master->failure);
	if (!err)
		master->layer_break = blocks;
	return err;
}

/* Why a disc can not be chosen; 0 if it can. */
static int refusal(enum lathe_session_why why)
{
	switch (why) {
	case LATHE_SESSION_WHY_NO_MEDIUM:
		return LATHE_ERR_NO_MEDIUM;
	case LATHE_SESSION_WHY_NO_STRATEGY:
		return LATHE_ERR_MEDIUM_TYPE;
	case LATHE_SESSION_WHY_FINAL:
	case LATHE_SESSION_WHY_NO_ROOM:
		return LATHE_ERR_NOT_APPENDABLE;
	case LATHE_SESSION_WHY_UNFINISHED:
		return LATHE_ERR_UNFINISHED;
	case LATHE_SESSION_WHY_CORRUPT:
		return LATHE_ERR_CORRUPT;
	default:
		return 0;
	}
}

/* The disc that was read becomes the master's; 'tree' is its content or
 * NULL, and the master's from here on. */
static void adopt(struct lathe_session_master *master, struct lathe_mmc *mmc,
		  const struct lathe_session_disc *disc,
		  const struct lathe_session_identity *identity,
		  struct lathe_iso9660_tree *tree)
{
	lathep_session_take_tree(master, tree);
	master->mmc = mmc;
	master->disc = *disc;
	master->identity = *identity;
	master->stale = false;
	master->cleared = false;
	master->layer_break = 0;
}

/* What is being looked at, before the master takes it. */
struct choice {
	struct lathe_session_disc disc;
	struct lathe_session_identity identity;
	struct lathe_iso9660_tree *tree;
	bool resume, cut;
	uint32_t open_start;
	struct lathep_session_looking looking;
};

/* The session before the one that was cut is what that began from. */
static int examine_open(struct lathe_session_master *master,
			struct lathe_mmc *mmc, struct choice *choice)
{
	struct lathe_session_disc *disc = &choice->disc;
	int err;

	err = lathep_session_find_cut(mmc, &disc->medium, &choice->open_start,
				      &master->failure);
	choice->cut = !err;
	if (err || !disc->found.own)
		return err;
	err = lathep_session_read_tree(mmc, &master->config, disc,
				       &choice->tree, &master->failure);
	if (!err)
		disc->mode = LATHE_SESSION_MODE_MULTI;
	return err;
}

/* Strict totals keep the reserve free: without it whatever is staged would be
 * LATHE_ERR_FULL. */
static int check_reserve(struct lathe_session_master *master,
			 const struct lathe_session_disc *disc)
{
	uint32_t reserve = disc->costs.closing_documented;

	if (!master->config.strict_totals || master->final ||
	    disc->mode != LATHE_SESSION_MODE_MULTI ||
	    (uint64_t)disc->smallest_need + reserve <=
		    disc->medium.free_blocks)
		return 0;
	return lathep_session_fail(
		&master->failure, LATHE_ERR_NOT_APPENDABLE,
		"the smallest further session needs %lu blocks and closing "
		"%lu more, there is room for %lu",
		(unsigned long)disc->smallest_need, (unsigned long)reserve,
		(unsigned long)disc->medium.free_blocks);
}

static int examine_choice(struct lathe_session_master *master,
			  struct lathe_mmc *mmc, struct choice *choice)
{
	int err;

	err = lathep_session_examine(mmc, &master->config, &choice->disc,
				     &choice->identity, &choice->tree,
				     &master->failure);
	if (err)
		return err;
	err = refusal(choice->disc.why);
	if (err == LATHE_ERR_UNFINISHED && choice->resume)
		err = examine_open(master, mmc, choice);
	else if (choice->resume && err != LATHE_ERR_NO_MEDIUM &&
		 !choice->disc.medium.overwritable)
		return lathep_session_fail(&master->failure, LATHE_ERR_STATE,
					   "nothing on this disc was cut "
					   "short: %s", choice->disc.why_text);
	else if (err)
		return lathep_session_fail(&master->failure, err,
					   "choosing the recorder: %s",
					   choice->disc.why_text);
	else
		err = check_reserve(master, &choice->disc);
	return err || choice->tree ?
		       err :
		       lathep_session_empty_tree(master, &choice->tree);
}

/* Name and date of a session that was gone on with are for that alone. */
static void stop_resuming(struct lathe_session_master *master)
{
	master->resuming = false;
	if (master->primary_given)
		lathe_session_set_volume(master, NULL, NULL);
}

static int choose(struct lathe_session_master *master, struct lathe_mmc *mmc,
		  bool resume)
{
	const struct lathe_hooks *hooks = &master->config.hooks;
	struct choice *choice;
	int err;

	choice = lathep_session_alloc(hooks, sizeof(*choice));
	if (!choice)
		return fail(master, LATHE_ERR_MEMORY, "choosing the recorder");
	choice->resume = resume;
	err = examine_choice(master, mmc, choice);
	if (err)
		lathe_iso9660_tree_destroy(choice->tree);
	else
		adopt(master, mmc, &choice->disc, &choice->identity,
		      choice->tree);
	if (!err)
		stop_resuming(master);
	if (!err && choice->cut)
		lathep_session_take_open(master, choice->open_start,
					 &choice->looking);
	lathep_session_free(hooks, choice, sizeof(*choice));
	return err;
}

static int set_recorder(struct lathe_session_master *master,
			struct lathe_mmc *mmc, bool resume)
{
	lathep_session_enter(master);
	if (master->format == LATHE_SESSION_FORMAT_NONE)
		return fail(master, LATHE_ERR_NO_FORMAT,
			    "choosing the recorder");
	if (master->editing || master->staged)
		return lathep_session_fail(&master->failure, LATHE_ERR_STATE,
					   "choosing the recorder: content is "
					   "staged, which would be lost");
	return choose(master, mmc, resume);
}

int lathe_session_resume(struct lathe_session_master *master,
			 struct lathe_mmc *mmc)
{
	return set_recorder(master, mmc, true);
}

int lathe_session_set_recorder(struct lathe_session_master *master,
			       struct lathe_mmc *mmc)
{
	return set_recorder(master, mmc, false);
}

int lathep_session_refresh(struct lathe_session_master *master)
{
	if (!master->stale || master->cleared || master->staged)
		return 0;
	return choose(master, master->mmc, false);
}

int lathe_session_set_format(struct lathe_session_master *master,
			     enum lathe_session_format format)
{
	struct lathe_iso9660_tree *tree = NULL;
	int err;

	lathep_session_enter(master);
	if (format != LATHE_SESSION_FORMAT_NONE &&
	    format != LATHE_SESSION_FORMAT_JOLIET)
		return lathep_session_fail(&master->failure, LATHE_ERR_ARG,
					   "there is no format %d",
					   (int)format);
	if (format == LATHE_SESSION_FORMAT_JOLIET) {
		err = lathep_session_empty_tree(master, &tree);
		if (err)
			return err;
	}
	lathep_session_take_tree(master, tree);
	master->format = format;
	/* A recorder chosen under another format counts as not inspected. */
	master->stale = true;
	master->cleared = false;
	return 0;
}

int lathe_session_clear(struct lathe_session_master *master)
{
	struct lathe_iso9660_tree *tree;
	int err;

	lathep_session_enter(master);
	if (master->format == LATHE_SESSION_FORMAT_NONE)
		return fail(master, LATHE_ERR_NO_FORMAT,
			    "clearing the content");
	err = lathep_session_empty_tree(master, &tree);
	if (err)
		return err;
	lathep_session_take_tree(master, tree);
	master->cleared = true;
	stop_resuming(master);
	lathep_session_judge(&master->disc, LATHE_SESSION_MODE_SINGLE,
			     LATHE_SESSION_WHY_CLEARED,
			     "the content was cleared: a blank disc is "
			     "needed");
	return 0;
}

/* ---- continuing another program's disc ---------------------------------- */

static int may_import(struct lathe_session_master *master)
{
	struct lathe_failure *failure = &master->failure;
	const struct lathe_session_disc *disc = &master->disc;
	int err = lathep_session_check_chosen(master);

	if (err)
		return fail(master, err, "importing");
	if (master->editing || master->staged || master->cleared ||
	    master->stale)
		return lathep_session_fail(failure, LATHE_ERR_STATE,
					   "importing: choose the recorder "
					   "first, with nothing staged");
	if (disc->medium.status != LATHE_MMC_STATUS_APPENDABLE &&
	    disc->medium.status != LATHE_MMC_STATUS_BLANK &&
	    disc->medium.status != LATHE_MMC_STATUS_OVERWRITABLE &&
	    !master->resuming)
		return lathep_session_fail(failure, LATHE_ERR_NOT_APPENDABLE,
					   "importing: %s", disc->why_text);
	if (!disc->found.descriptors)
		return lathep_session_fail(failure, LATHE_ERR_NO_VOLUME,
					   "importing: %s", disc->why_text);
	return 0;
}

static int same_disc(struct lathe_session_master *master)
{
	struct lathe_session_identity now;
	int err = lathe_session_identify(master->mmc, &now);

	return lathep_session_same_disc(master, err, &now);
}

static int import_choice(struct lathe_session_master *master,
			 struct choice *choice)
{
	int err;

	choice->disc = master->disc;
	choice->identity = master->identity;
	err = lathep_session_read_tree(master->mmc, &master->config,
				       &choice->disc, &choice->tree,
				       &master->failure);
	if (err)
		return err;
	if (choice->disc.smallest_need > choice->disc.medium.free_blocks)
		return lathep_session_fail(
			&master->failure, LATHE_ERR_NOT_APPENDABLE,
			"importing: at least %u blocks are needed, %u are free",
			choice->disc.smallest_need,
			choice->disc.medium.free_blocks);
	lathep_session_judge(&choice->disc, LATHE_SESSION_MODE_MULTI,
			     LATHE_SESSION_WHY_IMPORTED,
			     "session %u, written by another program, was "
			     "imported", choice->disc.medium.sessions);
	return check_reserve(master, &choice->disc);
}

int lathe_session_import(struct lathe_session_master *master)
{
	const struct lathe_hooks *hooks = &master->config.hooks;
	struct choice *choice;
	int err;

	lathep_session_enter(master);
	err = may_import(master);
	if (err)
		return err;
	err = same_disc(master);
	if (err || master->disc.mode == LATHE_SESSION_MODE_MULTI)
		return err;
	choice = lathep_session_alloc(hooks, sizeof(*choice));
	if (!choice)
		return fail(master, LATHE_ERR_MEMORY, "importing");
	err = import_choice(master, choice);
	if (err)
		lathe_iso9660_tree_destroy(choice->tree);
	else
		adopt(master, master->mmc, &choice->disc, &choice->identity,
		      choice->tree);
	lathep_session_free(hooks, choice, sizeof(*choice));
	return err;
}
