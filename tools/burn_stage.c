/* SPDX-License-Identifier: MIT */
/*
 * What comes before recording: the disc, the content, whether it fits.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/burn.h"
#include "tools/volume.h"
#include "tools/when.h"

#define ODDITIES_SHOWN 10
#define ANOTHER_OR_ERASED "use another disc, or let --blank erase this one"

static bool is_erasable(struct burn *burn)
{
	struct lathe_mmc_medium medium;

	return lathe_mmc_read_medium(&burn->drive.mmc, &medium) == 0 &&
	       medium.erasable;
}

/* What helps, in words of this program; NULL: what the library says. */
static const char *remedy(struct burn *burn, int err)
{
	const struct lathe_failure *failure =
		lathe_session_failure(burn->master);

	if (failure->scsi)
		return NULL;
	if ((err == LATHE_ERR_UNFINISHED || err == LATHE_ERR_UNSUPPORTED) &&
	    drive_says_damaged(&burn->drive))
		return is_erasable(burn) ? ANOTHER_OR_ERASED
					 : "use another disc";
	if (err == LATHE_ERR_UNFINISHED)
		return "go on with it by lathe resume, close it with lathe "
		       "close, or use another disc";
	if (err == LATHE_ERR_UNSUPPORTED && burn->options->resume)
		return "close it with lathe close, then record with lathe "
		       "burn";
	if (err == LATHE_ERR_NOT_APPENDABLE && is_erasable(burn))
		return ANOTHER_OR_ERASED;
	return NULL;
}

int burn_complain(struct burn *burn, int err)
{
	const struct lathe_failure *failure =
		lathe_session_failure(burn->master);
	const char *what = remedy(burn, err);

	return what ? complain_why(burn->tool, err, what, "%s: %s",
				   burn->drive.name, failure->text)
		    : complain(burn->tool, err, failure, "%s",
			       burn->drive.name);
}

/* ---- the disc ----------------------------------------------------------- */

/*
 * A used disc that is not continued by itself. Recording would refuse it as
 * not blank; said here, before any file is looked at, with the reason.
 */
static int refuse_used(struct burn *burn)
{
	const struct lathe_session_disc *disc =
		lathe_session_chosen(burn->master);
	bool foreign = disc->why == LATHE_SESSION_WHY_FOREIGN ||
		       disc->why == LATHE_SESSION_WHY_NO_JOLIET;

	if (disc->mode == LATHE_SESSION_MODE_MULTI || disc->blank ||
	    disc->why == LATHE_SESSION_WHY_UNFINISHED ||
	    (disc->medium.overwritable && burn->options->overwrite))
		return STATUS_OK;
	if (disc->why == LATHE_SESSION_WHY_CLEARED)
		return complain_why(burn->tool, LATHE_ERR_NOT_BLANK, NULL,
				    "%s: the disc is not blank, and %s",
				    burn->drive.name,
				    burn->options->overwrite
				    ? "--overwrite is for discs that can be "
				      "overwritten"
				    : "--single asks for a blank one");
	return complain_why(burn->tool,
			    foreign ? LATHE_ERR_FOREIGN : LATHE_ERR_NOT_BLANK,
			    foreign ? "--import takes its files over and "
				      "continues it; or use a blank disc"
			    : burn->overwritable
				    ? "--overwrite gives up what is on it; or "
				      "insert a blank disc"
				    : NULL,
			    "%s: %s", burn->drive.name, disc->why_text);
}

/* Files that were left out may be among these: some are always shown. */
static void odd(void *ctx, enum lathe_iso9660_oddity what, uint32_t lba,
		const char *text)
{
	struct burn *burn = ctx;

	(void)what;
	if (++burn->oddities <= ODDITIES_SHOWN || burn->tool->verbose)
		note(burn->tool, "block %s: %s", grouped(lba).text, text);
	else if (burn->oddities == ODDITIES_SHOWN + 1)
		note(burn->tool, "and more of that kind; -v lists all");
}

static int make_master(struct burn *burn)
{
	const struct content_options *content = &burn->options->content;
	struct lathe_session_config config = {
		.size = sizeof(config),
		.hooks = burn->tool->hooks,
		.map_names = !content->joliet_strict,
		.primary = { .level = content_level(content) },
		.joliet = { .long_names = content->joliet_long },
		.system_use = content_system_use(content),
		.system_use_options = &burn->content.rock_ridge,
		.renamed = content_renamed,
		.renamed_ctx = &burn->content,
		.odd = odd,
		.odd_ctx = burn,
	};
	int err = lathe_session_master_create(&config, &burn->master);

	if (err)
		return complain(burn->tool, err, NULL, "%s", burn->drive.name);
	return STATUS_OK;
}

/* Where other systems do not see the newest session that was found, that may
 * be since a newer one can not be read. */
static int refuse_hidden(struct burn *burn)
{
	const struct burn_options *options = burn->options;

	if (!lathe_session_chosen(burn->master)->head_torn ||
	    options->single || options->overwrite)
		return STATUS_OK;
	return volume_refuse_hidden(burn->tool, &burn->drive);
}

/* Nothing was cut short: that is for lathe burn. */
static int complain_whole(struct burn *burn)
{
	return complain_why(burn->tool, LATHE_ERR_STATE,
			    "record with lathe burn", "%s: %s",
			    burn->drive.name,
			    lathe_session_failure(burn->master)->text);
}

/* A disc of another program is taken over. */
static int import(struct burn *burn)
{
	const struct lathe_session_disc *disc =
		lathe_session_chosen(burn->master);
	uint8_t *blocks;
	int err = lathe_session_import(burn->master);

	if (err)
		return err;
	blocks = must_realloc(NULL, 16 * LATHE_BLOCK_BYTES);
	if (lathe_mmc_read(&burn->drive.mmc,
			   disc->medium.last_session_start + 16, 16, false,
			   blocks) == 0)
		content_tell_udf(&burn->content, burn->drive.name, blocks, 16);
	free(blocks);
	return 0;
}

int burn_choose(struct burn *burn)
{
	const struct burn_options *options = burn->options;
	int status = make_master(burn), err;

	if (status)
		return status;
	err = lathe_session_set_format(burn->master,
				       LATHE_SESSION_FORMAT_JOLIET);
	if (err == 0 && options->resume) {
		err = lathe_session_resume(burn->master, &burn->drive.mmc);
		if (err == LATHE_ERR_STATE)
			return complain_whole(burn);
	} else if (err == 0) {
		err = lathe_session_set_recorder(burn->master,
						 &burn->drive.mmc);
	}
	if (err == 0)
		status = refuse_hidden(burn);
	if (status)
		return status;
	if (err == 0 && options->import &&
	    lathe_session_chosen(burn->master)->found.descriptors)
		err = import(burn);
	if (err == 0 && !burn->goes_on &&
	    (options->single || options->overwrite))
		err = lathe_session_clear(burn->master);
	if (err)
		return burn_complain(burn, err);
	lathe_session_set_final(burn->master, burn->final);
	status = refuse_used(burn);
	if (status == STATUS_OK && options->layer_break && !burn->goes_on)
		err = lathe_session_set_layer_break(burn->master,
						    options->layer_break);
	return err ? burn_complain(burn, err) : status;
}

/* ---- the content -------------------------------------------------------- */

/* Does the disc get another name than it has, or its first one? */
static bool is_renamed(const struct burn *burn)
{
	const struct lathe_session_disc *disc =
		lathe_session_chosen(burn->master);
	const struct content_options *content = &burn->options->content;

	if (disc->mode != LATHE_SESSION_MODE_MULTI)
		return true;
	return content->volume
		       ? content_renames(content, &disc->found)
		       : !disc->found.volume_id[0];
}

static int name_volume(struct burn *burn)
{
	const struct lathe_session_disc *disc =
		lathe_session_chosen(burn->master);
	const char *name = burn->options->content.volume;
	uint8_t created[17];
	int64_t seconds;
	bool given;
	int status, err;

	status = when_asked(burn->tool, &given, &seconds);
	if (status)
		return status;
	when_described(given ? seconds : (int64_t)time(NULL), created);
	/* A continued disc keeps its name. */
	if (!name && !is_renamed(burn))
		name = disc->found.volume_id;
	content_tell_volume(&burn->content);
	err = lathe_session_set_volume(burn->master, name, created);
	return err ? burn_complain(burn, err) : STATUS_OK;
}

static int edit(struct burn *burn)
{
	const struct lathe_session_disc *disc =
		lathe_session_chosen(burn->master);
	int status, err;

	burn->content.lacks_joliet =
		disc->mode == LATHE_SESSION_MODE_MULTI &&
		(disc->found.hierarchies & FOUND_JOLIET) == 0;
	err = lathe_session_edit(burn->master, &burn->content.tree);
	if (err)
		return burn_complain(burn, err);
	/* Primary, Joliet, terminator. */
	if (disc->mode == LATHE_SESSION_MODE_MULTI &&
	    disc->medium.overwritable &&
	    disc->place.room < 3 + (burn->content.lacks_joliet
					    ? disc->boot_records : 0))
		content_without_joliet(&burn->content, burn->drive.name);
	status = content_add(&burn->content, burn->operands);
	if (status) {
		lathe_session_abort(burn->master);
		return status;
	}
	err = lathe_session_commit(burn->master);
	return err ? burn_complain(burn, err) : STATUS_OK;
}

struct lathe_mmc_costs burn_costs(const struct burn *burn,
				  const struct lathe_session_disc *disc)
{
	struct lathe_mmc_costs costs = disc->costs;

	lathe_mmc_session_costs_at(disc->medium.kind, disc->medium.sessions,
				   disc->medium.next_writable +
					   burn->totals.volume_blocks,
				   &costs);
	return costs;
}

/* The documented budget is smaller than what closing really takes: a session
 * in between leaves an appendable disc with no room. */
static void warn_of_no_room(struct burn *burn,
			    const struct lathe_session_disc *disc)
{
	uint32_t cost = burn_costs(burn, disc).closing_physical;
	uint64_t behind = (uint64_t)burn->totals.space.track + cost +
			  disc->next_costs.minimum_track;

	if (behind <= burn_place(burn).free)
		return;
	if (cost == 0)
		note(burn->tool, "%s: no further session will fit behind it",
		     burn->drive.name);
	else
		note(burn->tool,
		     "%s: closing keeps to its budget, but really takes "
		     "about %s blocks: no further session will fit",
		     burn->drive.name, grouped(cost).text);
}

static int check_fit(struct burn *burn)
{
	const struct burn_options *options = burn->options;
	const struct lathe_session_disc *disc =
		lathe_session_chosen(burn->master);
	const struct lathe_session_space *space = &burn->totals.space;

	if (burn->final || burn->at_once)
		return STATUS_OK;
	if (space->fit == LATHE_SESSION_FITS_APPENDABLE)
		warn_of_no_room(burn, disc);
	if (space->fit != LATHE_SESSION_FITS_FINAL)
		return STATUS_OK;
	if (options->keep_appendable && disc->medium.single_session)
		return complain_why(
			burn->tool, LATHE_ERR_FULL,
			"use another kind of disc, or leave "
			"--keep-appendable out",
			"%s: this %s takes only one session more, as the final "
			"one",
			burn->drive.name,
			lathe_mmc_kind_name(disc->medium.kind));
	if (options->keep_appendable)
		return complain_why(
			burn->tool, LATHE_ERR_FULL,
			"leave something out, or leave "
			"--keep-appendable out",
			"%s: %s blocks are needed and %s more to "
			"keep the disc appendable, there is room for %s",
			burn->drive.name, grouped(space->need).text,
			grouped(burn_costs(burn, disc).closing_documented).text,
			grouped(disc->medium.free_blocks).text);
	note(burn->tool,
	     "%s: this session fits, but none behind it: the disc "
	     "becomes final",
	     burn->drive.name);
	return STATUS_OK;
}

/* What recording refuses; a plan of it would be none. */
static bool is_empty(const struct burn *burn)
{
	const struct lathe_session_disc *disc =
		lathe_session_chosen(burn->master);
	const struct content_options *content = &burn->options->content;

	return (content->plan || content->print_size) && !burn->nothing &&
	       !lathe_iso9660_changed(burn->content.tree) &&
	       (disc->mode != LATHE_SESSION_MODE_MULTI ||
		(!is_renamed(burn) && !disc->files_short));
}

int burn_stage(struct burn *burn)
{
	int status, err;

	/* What is gone on with has its name and date. */
	status = burn->options->resume ? STATUS_OK : name_volume(burn);
	if (status == STATUS_OK)
		status = edit(burn);
	if (status == STATUS_OK)
		status = content_told(&burn->content);
	if (status)
		return status;
	err = lathe_session_totals(burn->master, &burn->totals);
	if (err)
		return burn_complain(burn, err);
	burn->nothing = content_unchanged(&burn->content) && !is_renamed(burn);
	if (is_empty(burn))
		return complain(burn->tool, LATHE_ERR_EMPTY, NULL, "%s",
				burn->drive.name);
	if (!burn->nothing) {
		status = check_fit(burn);
		return status ? status : burn_check_wishes(burn);
	}
	burn->totals = (struct lathe_session_sizes){ .used_blocks = 0 };
	return STATUS_OK;
}
