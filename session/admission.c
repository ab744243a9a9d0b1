/* SPDX-License-Identifier: MIT */
/*
 * admission.c - may this be recorded on the disc that is in the drive now?
 */
#include "session/burn_internal.h"

#include <stdio.h>
#include <string.h>

static int fail(struct lathe_session_master *master, int err, const char *what)
{
	return lathep_session_fail_plain(&master->failure, err, what);
}

/* ---- is it the right disc? ---------------------------------------------- */

static int wrong_disc(struct lathe_session_master *master, const char *what)
{
	return lathep_session_fail(&master->failure, LATHE_ERR_WRONG_DISC,
				   "this is not the disc that was chosen: %s",
				   what);
}

int lathep_session_same_disc(struct lathe_session_master *master, int err,
			     const struct lathe_session_identity *now)
{
	char what[64];
	int differs;

	if (err == LATHE_ERR_NO_MEDIUM)
		return wrong_disc(master, "there is none in the drive");
	if (err)
		return lathep_session_fail_mmc(&master->failure, master->mmc,
					       err, "identifying the disc");
	differs = lathe_session_identity_differs(&master->identity, now);
	if (differs < 0)
		return 0;
	snprintf(what, sizeof(what), "%.40s differs",
		 lathe_session_component_name((uint32_t)differs));
	return wrong_disc(master, what);
}

static int check_identity(struct lathep_session_burn *burn)
{
	const struct lathe_mmc_medium *medium = &burn->medium;
	struct lathe_session_identity now;
	int err = lathep_session_identify(
		burn->mmc, medium, medium->overwritable ? &burn->grown : NULL,
		&now);

	return lathep_session_same_disc(burn->master, err, &now);
}

static bool takes_first(struct lathep_session_burn *burn)
{
	const struct lathe_mmc_medium *medium = &burn->medium;

	if (!medium->overwritable)
		return medium->status == LATHE_MMC_STATUS_BLANK;
	if (burn->options->overwrite)
		memset(&burn->grown, 0, sizeof(burn->grown));
	return burn->grown.blank || burn->options->overwrite;
}

int lathep_session_check_blank(struct lathep_session_burn *burn)
{
	struct lathe_session_master *master = burn->master;
	const struct lathe_mmc_medium *medium = &burn->medium;
	const char *kind = lathe_mmc_kind_name(medium->kind);
	struct lathe_mmc_costs costs;

	if (lathe_mmc_session_costs(medium->kind, 0, &costs))
		return lathep_session_fail(&master->failure,
					   LATHE_ERR_MEDIUM_TYPE,
					   "a %s can not be recorded", kind);
	if (medium->status == LATHE_MMC_STATUS_PACKET)
		return lathep_session_fail(&master->failure,
					   LATHE_ERR_MEDIUM_TYPE,
					   "the %s is formatted for packet "
					   "writing: blank it first", kind);
	if (!takes_first(burn))
		return lathep_session_fail(
			&master->failure, LATHE_ERR_NOT_BLANK,
			"a blank disc is needed, the %s in the drive is %s",
			kind, medium->overwritable ?
				      "not empty" :
				      lathe_mmc_status_name(medium->status));
	if (!medium->writable)
		return lathep_session_fail(&master->failure,
					   LATHE_ERR_MEDIUM_TYPE,
					   "this %s can not be recorded in "
					   "this drive", kind);
	return 0;
}

/* Where the session goes that the drive does not place. */
static void take_place(struct lathep_session_burn *burn, bool multi)
{
	struct lathep_session_grown *grown = &burn->grown;

	/* That of the master heeds the files that were taken over. */
	if (multi)
		grown->place = burn->master->disc.place;
	if (!grown->sessions) {
		grown->place.start = LATHEP_SESSION_HEAD;
		grown->place.room = LATHE_ISO9660_HEAD_BLOCKS;
	}
	burn->place = grown->place;
	lathep_session_lay_over(grown, &burn->medium);
}

/* The track that an earlier burn left open is this one's. */
static void take_open_track(struct lathep_session_burn *burn)
{
	burn->resuming = true;
	burn->resume_blocks = lathep_session_reopen(burn->mmc, &burn->medium,
						    burn->master->open_start);
}

int lathep_session_burn_check_disc(struct lathep_session_burn *burn)
{
	struct lathe_session_master *master = burn->master;
	bool multi = master->disc.mode == LATHE_SESSION_MODE_MULTI;
	int err;

	err = lathep_session_read_medium(burn->mmc, &burn->medium);
	if (err == LATHE_ERR_NO_MEDIUM && multi)
		return wrong_disc(master, "there is none in the drive");
	if (err == LATHE_ERR_NO_MEDIUM)
		return fail(master, err, NULL);
	burn->raw = burn->medium;
	if (!err && burn->medium.overwritable)
		err = lathep_session_look(burn->mmc, &master->config.hooks,
					  &burn->medium, &burn->grown);
	if (err)
		return lathep_session_fail_mmc(&master->failure, burn->mmc,
					       err, "reading the disc's state");
	if (burn->stream)
		return lathep_session_stream_check(burn);
	err = multi || master->resuming ?
		      check_identity(burn) :
		      lathep_session_check_blank(burn);
	if (!err && burn->medium.overwritable)
		take_place(burn, multi);
	if (!err && master->resuming)
		take_open_track(burn);
	return err;
}

/* ---- does it fit? ------------------------------------------------------- */

#define ONE_MORE "this %s takes only one session more, as the final one"

int lathep_session_fail_single(struct lathe_failure *failure,
			       const struct lathe_mmc_medium *medium)
{
	return lathep_session_fail(failure, LATHE_ERR_FULL, ONE_MORE,
				   lathe_mmc_kind_name(medium->kind));
}

/* Nothing can follow: as final as one that leaves no room. */
static int check_single(struct lathep_session_burn *burn, bool strict)
{
	if (burn->final || burn->options->at_once) {
		burn->final = true;
		return 0;
	}
	if (strict)
		return lathep_session_fail_single(burn->failure, &burn->medium);
	burn->final = true;
	burn->report->final_for_room = true;
	lathep_session_log(burn->hooks, LATHE_LOG_WARNING, "session.final",
			   ONE_MORE, lathe_mmc_kind_name(burn->medium.kind));
	return 0;
}

/* ECMA-364: the second layer goes back from where the first one ends, so it is
 * no larger; both have whole ECC blocks. The drive tells the new size only when
 * the track is begun. */
int lathep_session_heed_layer_break(struct lathe_mmc_medium *medium,
				    uint32_t blocks,
				    struct lathe_failure *failure)
{
	/* As the drive told it, whatever was chosen before. */
	uint32_t room = medium->capacity_blocks > medium->next_writable
				? medium->capacity_blocks -
					  medium->next_writable
				: medium->free_blocks;

	bool none = !medium->has_layer_break ||
		    medium->status != LATHE_MMC_STATUS_BLANK;

	if (none ? blocks : blocks % 16)
		return lathep_session_fail_plain(
			failure, none ? LATHE_ERR_UNSUPPORTED : LATHE_ERR_ARG,
			"a layer break is for blank DVD+R DL, at a multiple of "
			"16 blocks");
	if (none)
		return 0;
	medium->free_blocks = blocks && blocks < room / 2 ? 2 * blocks : room;
	return 0;
}

int lathep_session_burn_check_room(struct lathep_session_burn *burn)
{
	struct lathe_session_master *master = burn->master;
	struct lathe_session_space *space = &burn->space;
	bool strict = burn->options->keep_appendable ||
		      master->config.strict_totals;
	int err;

	err = lathep_session_heed_layer_break(&burn->medium, burn->layer_break,
					      &master->failure);
	if (err)
		return err;
	err = lathep_session_costs(&burn->medium, burn->volume, &burn->costs);
	if (err)
		return fail(master, err, "recording");
	lathe_session_fit(&burn->costs, burn->medium.free_blocks, burn->volume,
			  space);
	if (space->fit == LATHE_SESSION_FITS_NOT)
		return lathep_session_fail(
			&master->failure, LATHE_ERR_FULL,
			"the session needs %lu blocks, there is room for %lu",
			(unsigned long)space->need,
			(unsigned long)burn->medium.free_blocks);
	if (burn->final && burn->raw.overwritable) {
		burn->final = false;
		lathep_session_log(&master->config.hooks, LATHE_LOG_WARNING,
				   "session.never-final",
				   "a %s is never final: any block of it may "
				   "be written again",
				   lathe_mmc_kind_name(burn->raw.kind));
	}
	if (burn->options->at_once || burn->medium.single_session)
		return check_single(burn, strict);
	if (space->fit != LATHE_SESSION_FITS_FINAL || burn->final)
		return 0;
	if (strict)
		return lathep_session_fail(
			&master->failure, LATHE_ERR_FULL,
			"the session needs %lu blocks and closing %lu more, "
			"there is room for %lu: it fits as the final one",
			(unsigned long)space->need,
			(unsigned long)burn->costs.closing_documented,
			(unsigned long)burn->medium.free_blocks);
	burn->final = true;
	burn->report->final_for_room = true;
	lathep_session_log(&master->config.hooks, LATHE_LOG_WARNING,
			   "session.final",
			   "the disc becomes final: the session needs %lu "
			   "blocks, closing %lu more, there is room for %lu",
			   (unsigned long)space->need,
			   (unsigned long)burn->costs.closing_documented,
			   (unsigned long)burn->medium.free_blocks);
	return 0;
}
