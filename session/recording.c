/* SPDX-License-Identifier: MIT */
/*
 * recording.c - recording the content: removal prevented, identity, capacity,
 * sources, and only then the first WRITE; closing; reading back.
 */
#include "session/burn_internal.h"

#include <stdio.h>
#include <string.h>

static int fail(struct lathe_session_master *master, int err, const char *what)
{
	return lathep_session_fail_plain(&master->failure, err, what);
}

/* ---- before the drive is asked ------------------------------------------ */

bool lathep_session_makes_sense(
	const struct lathe_session_record_options *options, bool final)
{
	return options->size == sizeof(*options) &&
	       options->verify <= LATHE_SESSION_VERIFY_FULL &&
	       !(options->keep_appendable &&
		 (final | options->final | options->at_once));
}

static int check_call(struct lathe_session_master *master,
		      const struct lathe_session_record_options *options)
{
	struct lathe_failure *failure = &master->failure;
	int err = 0;

	if (!lathep_session_makes_sense(options, master->final))
		err = LATHE_ERR_ARG;
	else
		err = lathep_session_check_chosen(master);
	if (!err && master->editing)
		err = LATHE_ERR_STATE;
	if (!err && !lathep_session_has_content(master))
		err = LATHE_ERR_EMPTY;
	return err ? lathep_session_fail_plain(failure, err,
					       "recording") :
		     0;
}

/* ---- are the sources as they were? -------------------------------------- */

static void source_differs(void *ctx, uint32_t node, int err,
			   const char *text)
{
	struct lathep_session_burn *burn = ctx;

	if (burn->options->not_whole)
		burn->options->not_whole(burn->options->not_whole_ctx, node, 0,
					 err, text);
}

static int check_sources(struct lathep_session_burn *burn)
{
	struct lathe_iso9660_tree *tree = burn->master->tree;
	int err = lathe_iso9660_check_sources(tree, source_differs, burn);

	/* The first one, and why. */
	return err ? lathep_session_fail_from(burn->failure,
					      lathe_iso9660_tree_failure(tree),
					      err, "before recording") :
		     0;
}

/* ---- the steps ---------------------------------------------------------- */

static int prevent_removal(struct lathep_session_burn *burn)
{
	int err = lathe_mmc_lock_tray(burn->mmc, true);

	/* What is in the drive is asked about next; a drive without a lock has
	 * none to fail. */
	if (!err || err == LATHE_ERR_NO_MEDIUM)
		return 0;
	return lathep_session_burn_fail_mmc(burn, err, "preventing removal");
}

void lathep_session_burn_take_space(struct lathep_session_burn *burn)
{
	struct lathe_session_report *report = burn->report;

	burn->track = burn->space.track;
	report->track_blocks = burn->track;
	report->volume_blocks = burn->volume;
	report->predicted_next = burn->image.start + burn->track +
				 burn->costs.closing_physical;
}

/* Where everything goes. The place of the first block is known before the
 * drive is asked to write there. */
static int place(struct lathep_session_burn *burn)
{
	struct lathe_session_report *report = burn->report;
	uint32_t start = burn->medium.next_writable;
	int err = 0;

	burn->image.start = start;
	if (burn->plan)
		err = lathe_iso9660_image_init(&burn->image, burn->plan, start);
	if (err)
		return lathep_session_fail_plain(burn->failure, err,
						 "preparing");
	report->session = (uint16_t)(burn->medium.sessions + 1u);
	report->start = start;
	lathep_session_burn_take_space(burn);
	return lathep_session_burn_room(burn);
}

static int prepare(struct lathep_session_burn *burn)
{
	struct lathe_session_master *master = burn->master;
	int err;

	if (burn->stream) {
		err = lathep_session_stream_open(burn);
	} else {
		err = lathep_session_need_plan(master, false);
		burn->plan = master->plan;
		burn->volume = master->volume_blocks;
		burn->metadata = master->metadata_blocks;
	}
	if (err)
		return err;
	err = prevent_removal(burn);
	if (!err)
		err = lathep_session_burn_check_disc(burn);
	if (!err)
		err = lathep_session_burn_check_room(burn);
	if (!err && !burn->stream)
		err = check_sources(burn);
	if (!err)
		err = place(burn);
	if (!err && burn->resuming)
		err = lathep_session_burn_compare(burn);
	if (!err)
		err = lathep_session_burn_begin_grown(burn);
	/* What comes next can not be undone. */
	return err ? err : lathep_session_burn_heed(burn);
}

static int begin(struct lathep_session_burn *burn)
{
	struct lathe_mmc_recording *how = &burn->how;
	uint32_t start = 0, lead, wanted;
	int err;

	/* Comparing has told of it already. */
	if (!burn->resuming)
		lathep_session_progress(burn->hooks, LATHE_PHASE_PREPARING, 0,
					0);
	how->simulate = burn->options->simulate;
	how->final = burn->final;
	how->speed_kb_per_s = burn->options->speed_kb_per_s;
	how->reserve = burn->options->reserve;
	how->stream = burn->options->stream;
	if (burn->options->at_once)
		how->write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE;
	lead = lathep_session_burn_lead(burn);
	how->overwrite_start = burn->medium.next_writable - lead;
	how->track_blocks = lead + burn->track;
	/* A DVD-RW has to grow beforehand as far as it may have to. */
	if (burn->stream && !burn->stream->blocks)
		how->track_blocks = burn->raw.overwritable ?
					    lead + burn->medium.free_blocks :
					    0;
	how->resume = burn->resuming;
	how->layer_break = burn->layer_break;
	err = lathe_mmc_begin_track(burn->mmc, &burn->raw, how, &start);
	if (err)
		return lathep_session_burn_fail_mmc(burn, err, "preparing");
	/* The place may be another than was announced: then what is free
	 * behind it is too. A medium that grows may begin in front of it, but
	 * not within its sessions. */
	wanted = burn->medium.next_writable + burn->written - lead;
	if (burn->raw.overwritable && start < wanted &&
	    start >= burn->grown.newest.end)
		burn->gap = wanted - start;
	if (start + burn->gap != wanted)
		return lathep_session_fail(
			burn->failure, LATHE_ERR_CORRUPT,
			"preparing: the drive would write at %lu, before it "
			"said %lu",
			(unsigned long)start, (unsigned long)wanted);
	return lathep_session_burn_begin(burn);
}

/* Some media end by themselves: a short first session of a DVD+R DL, the last
 * one that a drive can keep account of. What was recorded is there. */
static bool made_final(struct lathep_session_burn *burn)
{
	if (burn->options->keep_appendable ||
	    burn->master->config.strict_totals)
		return false;
	/* The next disc is closed as its own kind is. */
	lathe_mmc_abandon_track(burn->mmc);
	burn->final = true;
	burn->report->final_by_drive = true;
	lathep_session_log(burn->hooks, LATHE_LOG_WARNING, "session.final",
			   "the drive made the disc final when it closed the "
			   "session");
	return true;
}

static int write_and_close(struct lathep_session_burn *burn)
{
	const struct lathe_hooks *hooks = burn->hooks;
	int err;

	burn->report->phase = LATHE_PHASE_WRITING;
	burn->began_ms = lathe_mmc_now_ms(burn->mmc);
	err = burn->stream ? lathep_session_stream_write(burn) :
			     lathep_session_burn_write(burn);
	if (!err)
		err = lathep_session_burn_fill(burn);
	if (err)
		return err;

	burn->report->phase = LATHE_PHASE_CLOSING;
	burn->content = burn->volume;
	lathep_session_progress(hooks, LATHE_PHASE_CLOSING, 0, 0);
	burn->stage = LATHEP_SESSION_STAGE_ENDING;
	err = lathe_mmc_end_track(burn->mmc);
	if (!err && !burn->raw.overwritable) {
		burn->stage = LATHEP_SESSION_STAGE_CLOSING;
		err = lathe_mmc_close_session(burn->mmc, &burn->raw,
					      burn->final);
	}
	burn->wrote_ms = lathe_mmc_now_ms(burn->mmc);
	if (err == LATHE_ERR_NOT_APPENDABLE && made_final(burn))
		err = 0;
	if (err) {
		burn->drive_failed = true;
		return lathep_session_burn_fail_mmc(burn, err, "closing");
	}
	if (!burn->raw.overwritable)
		return 0;
	burn->stage = LATHEP_SESSION_STAGE_SHOWING;
	return lathep_session_burn_show(burn);
}

static int tell_sources(struct lathep_session_burn *burn)
{
	if (!burn->source_failed)
		return 0;
	return lathep_session_fail(
		burn->failure, LATHE_ERR_CHANGED,
		"%lu file%s changed or could not be read: not whole on the "
		"disc",
		(unsigned long)burn->report->files_not_whole,
		LATHEP_SESSION_S(burn->report->files_not_whole));
}

static int verify(struct lathep_session_burn *burn)
{
	enum lathe_session_verify level = burn->options->verify;
	int err;

	burn->report->phase = LATHE_PHASE_VERIFYING;
	lathep_session_burn_settle(burn);
	if (burn->options->simulate)
		return tell_sources(burn);
	err = lathep_session_burn_check_state(burn, level);
	if (!err && (level == LATHE_SESSION_VERIFY_QUICK ||
		     level == LATHE_SESSION_VERIFY_FULL))
		err = lathep_session_burn_verify(burn, level);
	/* Also what comparing has found, whatever ended the reading. */
	lathep_session_burn_list_bad(burn);
	if (!err && burn->resume_bad)
		err = lathep_session_fail(
			burn->failure, LATHE_ERR_VERIFY,
			"what the cut burn recorded is damaged: %lu file%s "
			"not whole",
			(unsigned long)burn->report->files_not_whole,
			LATHEP_SESSION_S(burn->report->files_not_whole));
	burn->report->verified = !err;
	return err ? err : tell_sources(burn);
}

static int record(struct lathep_session_burn *burn)
{
	int err;

	burn->report->phase = LATHE_PHASE_PREPARING;
	err = prepare(burn);
	if (err)
		return err;
	err = begin(burn);
	if (!err)
		err = write_and_close(burn);
	if (err)
		lathep_session_burn_rescue(burn);
	else
		err = verify(burn);
	return err;
}

/* ---- around it ---------------------------------------------------------- */

int lathep_session_unlock(struct lathe_mmc *mmc)
{
	int err = lathe_mmc_lock_tray(mmc, false);

	/* What an earlier command left behind may come with this one. */
	return err ? lathe_mmc_lock_tray(mmc, false) : 0;
}

/* The tray is unlocked whatever became of the burn. It is opened after
 * success, and when nothing was written because the user did not want it. */
static void let_go(struct lathep_session_burn *burn, int err)
{
	bool untouched = err == LATHE_ERR_CANCELLED && !burn->write_sent;

	if (lathep_session_unlock(burn->mmc))
		lathep_session_log(burn->hooks, LATHE_LOG_WARNING,
				   "session.locked",
				   "the tray is still locked");
	if (burn->options->eject && (!err || untouched) &&
	    lathe_mmc_eject(burn->mmc))
		lathep_session_log(burn->hooks, LATHE_LOG_WARNING,
				   "session.eject",
				   "the disc was not ejected");
}

int lathep_session_run(struct lathe_session_master *master,
		       const struct lathe_session_stream *stream,
		       const struct lathe_session_record_options *options,
		       struct lathe_session_report *report)
{
	struct lathep_session_burn *burn;
	bool heeded;
	int err;

	burn = lathep_session_alloc(&master->config.hooks, sizeof(*burn));
	if (!burn)
		return fail(master, LATHE_ERR_MEMORY, "recording");
	burn->master = master;
	burn->stream = stream;
	burn->options = options;
	burn->report = report;
	burn->mmc = master->mmc;
	burn->failure = &master->failure;
	burn->hooks = &master->config.hooks;
	burn->final = options->final || master->final;
	burn->layer_break = options->layer_break ? options->layer_break :
						   master->layer_break;

	/* Progress and cancelling are done command by command. */
	burn->quiet = master->config.hooks;
	burn->quiet.progress = NULL;
	burn->quiet.cancelled = NULL;
	burn->on_error.ctx = burn;
	burn->on_error.failed = lathep_session_burn_source_error;

	/* One place decides when to stop: see the header. */
	heeded = lathe_mmc_heed_cancel(burn->mmc, false);
	err = record(burn);
	let_go(burn, err);
	lathe_mmc_heed_cancel(burn->mmc, heeded);
	lathep_session_burn_end(burn);
	lathep_session_free(&master->config.hooks, burn, sizeof(*burn));
	return err;
}

int lathe_session_record(struct lathe_session_master *master,
			 const struct lathe_session_record_options *options,
			 struct lathe_session_report *report)
{
	struct lathe_iso9660_tree *next;
	int err;

	memset(report, 0, sizeof(*report));
	lathep_session_enter(master);
	report->phase = LATHE_PHASE_PREPARING;
	err = check_call(master, options);
	/* Made beforehand: nothing can go wrong behind a success. */
	if (!err)
		err = lathep_session_empty_tree(master, &next);
	if (err)
		return err;
	err = lathep_session_run(master, NULL, options, report);
	/* What was recorded is the disc's now: the next content starts from
	 * there. */
	if (!err && !options->simulate) {
		master->stale = true;
		master->cleared = false;
		if (!options->keep_content) {
			lathep_session_take_tree(master, next);
			return 0;
		}
		/* Also what was a name alone. */
		master->staged = true;
	}
	lathe_iso9660_tree_destroy(next);
	return err;
}
