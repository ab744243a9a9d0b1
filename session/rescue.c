/* SPDX-License-Identifier: MIT */
/*
 * rescue.c - how a disc is left after a recording that was cancelled or that
 * failed.
 *
 * Earlier sessions of a write-once disc mount until the cut one is closed: an
 * open track is in no TOC. So a session is closed only when its metadata are
 * on the disc. If they are not and the drive still takes data, the rest of
 * them is written first. Then the track is filled to its minimum, ended, its
 * metadata are read back, the session is closed appendable, and the files
 * that are not whole are listed. In all other cases the track stays open.
 */
#include "session/burn_internal.h"

#include <string.h>

/* What reading the metadata back has shown. */
enum proof {
	PROVEN,
	REFUTED,	/* unreadable, something else, or the drive is gone */
	NO_ANSWER	/* the drive does not read an open session */
};

/* ---- writing what is missing -------------------------------------------- */

/*
 * Where the drive goes on after a failed command. What it acknowledged beyond
 * that is lost, and what it took of the failed command was never acknowledged:
 * the checksum of a group that is cut there is of something else, and does not
 * agree when all is read back.
 */
static bool find_position(struct lathep_session_burn *burn)
{
	uint32_t next = 0;
	bool possible = false;

	lathe_mmc_resync(burn->mmc, &possible, &next);
	next -= burn->image.start;
	if (!possible || next > burn->track)
		return false;
	burn->written = next;
	return true;
}

/* What does not fill a command waits in front of the zeros: a DVD-R takes
 * whole packets only. */
static int write_metadata(struct lathep_session_burn *burn,
			  struct lathe_iso9660_cursor *cursor)
{
	int err = 0;

	while (burn->written < burn->metadata && !err) {
		uint32_t n = burn->metadata - burn->written;

		if (n > burn->chunk)
			n = burn->chunk;
		err = lathe_iso9660_cursor_read(
			cursor, burn->image.start + burn->written, n,
			burn->carry);
		if (!err && n < burn->chunk) {
			burn->carry_blocks = n;
			break;
		}
		if (!err)
			err = lathep_session_burn_emit(burn, burn->carry, n);
	}
	return err;
}

/* Fill the track: the rest of the metadata, then zeros. */
static int complete_track(struct lathep_session_burn *burn,
			  struct lathe_iso9660_cursor *cursor)
{
	const struct lathe_mmc_costs *costs = &burn->costs;
	uint32_t there, end;
	int err;

	err = write_metadata(burn, cursor);
	if (err)
		return err;
	there = burn->written + burn->carry_blocks;
	end = there < costs->minimum_track ? costs->minimum_track : there;
	if (end % costs->alignment)
		end += costs->alignment - end % costs->alignment;
	return lathep_session_burn_zeros(burn, end - there);
}

/* ---- the proof ---------------------------------------------------------- */

static enum proof judge_read_error(const struct lathe_mmc *mmc, int err)
{
	uint8_t key = lathe_mmc_failure(mmc)->key;

	return err == LATHE_ERR_SENSE && (key == 0x5 || key == 0x8) ?
		       NO_ANSWER :
		       REFUTED;
}

/* Metadata come from the layout, not from sources: encoded again they must
 * be the same bytes. 'ours' and 'theirs' have room for a group each. */
static enum proof compare_metadata(struct lathep_session_burn *burn,
				   struct lathe_iso9660_cursor *cursor,
				   uint8_t *ours, uint8_t *theirs)
{
	uint32_t at, n;
	int err;

	for (at = 0; at < burn->metadata; at += n) {
		n = burn->metadata - at;
		if (n > LATHEP_SESSION_GROUP)
			n = LATHEP_SESSION_GROUP;
		err = lathe_mmc_read(burn->mmc, burn->image.start + at, n, true,
				     theirs);
		if (err)
			return judge_read_error(burn->mmc, err);
		if (lathe_iso9660_cursor_read(cursor, burn->image.start + at,
					      n, ours) ||
		    memcmp(ours, theirs, (size_t)n * LATHE_BLOCK_BYTES) != 0)
			return REFUTED;
	}
	return PROVEN;
}

static enum proof prove_metadata(struct lathep_session_burn *burn,
				 struct lathe_iso9660_cursor *cursor)
{
	size_t bytes = (size_t)LATHEP_SESSION_GROUP * LATHE_BLOCK_BYTES;
	uint8_t *room = lathep_session_alloc(burn->hooks, 2 * bytes);
	enum proof proof = REFUTED;

	if (room)
		proof = compare_metadata(burn, cursor, room, room + bytes);
	lathep_session_free(burn->hooks, room, 2 * bytes);
	return proof;
}

/* ---- the way to a closed session ---------------------------------------- */

/* The track filled and ended, as far as that is still to be done. */
static bool finish_track(struct lathep_session_burn *burn,
			 struct lathe_iso9660_cursor *cursor)
{
	bool possible;

	if (burn->stage == LATHEP_SESSION_STAGE_CLOSING)
		return true;
	burn->carry_blocks = 0;
	possible = !burn->drive_failed || find_position(burn);
	/* What comes behind it fills the track. */
	burn->content = burn->written < burn->volume ? burn->written :
						       burn->volume;
	return possible && complete_track(burn, cursor) == 0 &&
	       lathe_mmc_end_track(burn->mmc) == 0;
}

static bool may_close(const struct lathep_session_burn *burn,
		      enum proof proof)
{
	if (proof == PROVEN)
		return true;
	/* Many drives read nothing of a session that is not closed. Where no
	 * command failed, what they acknowledged is on the disc. */
	return proof == NO_ANSWER && !burn->drive_failed;
}

static void close_ended(struct lathep_session_burn *burn,
			struct lathe_iso9660_cursor *cursor)
{
	/* Asked for as final, it stays so only if it is whole. */
	bool final = burn->final &&
		     burn->stage == LATHEP_SESSION_STAGE_CLOSING;

	if (may_close(burn, prove_metadata(burn, cursor)))
		lathe_mmc_close_session(burn->mmc, &burn->raw, final);
}

/* The drive takes no more data, or could not end the track. Perhaps enough
 * are on the disc: then it closes the session as that of an older burn. */
static void close_cut(struct lathep_session_burn *burn,
		      struct lathe_iso9660_cursor *cursor)
{
	lathe_mmc_abandon_track(burn->mmc);
	lathep_session_burn_settle(burn);
	if (burn->now.status == LATHE_MMC_STATUS_UNFINISHED &&
	    burn->written >= burn->metadata &&
	    prove_metadata(burn, cursor) == PROVEN)
		lathe_mmc_close_session(burn->mmc, &burn->now, false);
}

static void list_files(struct lathep_session_burn *burn)
{
	enum lathe_session_verify level = LATHE_SESSION_VERIFY_FULL;
	uint32_t group;
	int err = 0;

	/* Where the drive did what it was told, as much as was asked for. */
	if (!burn->drive_failed)
		level = burn->options->verify;
	if (level == LATHE_SESSION_VERIFY_FULL ||
	    level == LATHE_SESSION_VERIFY_QUICK)
		err = lathep_session_burn_verify(burn, level);
	/* What could not be looked at after a failure counts as damaged. */
	if (err && err != LATHE_ERR_VERIFY && burn->drive_failed)
		for (group = 0; group < burn->groups_room; group++)
			lathep_session_burn_mark_bad(burn, group);
	lathep_session_burn_list_bad(burn);
}

static void rescue(struct lathep_session_burn *burn,
		   struct lathe_iso9660_cursor *cursor)
{
	lathep_session_progress(burn->hooks, LATHE_PHASE_CLOSING, 0, 0);
	if (finish_track(burn, cursor))
		close_ended(burn, cursor);
	else
		close_cut(burn, cursor);
}

/* Nobody knows what its directories are: closed when all of it is there. That
 * nothing fits behind it may show in the end alone. */
static void rescue_stream(struct lathep_session_burn *burn)
{
	if (burn->ended && burn->track && burn->cause.err == LATHE_ERR_FULL &&
	    !lathep_session_burn_fill(burn))
		burn->stage = LATHEP_SESSION_STAGE_ENDING;
	if (burn->stage == LATHEP_SESSION_STAGE_ENDING &&
	    !lathe_mmc_end_track(burn->mmc))
		burn->stage = LATHEP_SESSION_STAGE_CLOSING;
	if (burn->stage == LATHEP_SESSION_STAGE_CLOSING)
		lathe_mmc_close_session(burn->mmc, &burn->raw, burn->final);
}

void lathep_session_burn_rescue(struct lathep_session_burn *burn)
{
	struct lathe_iso9660_cursor *cursor = NULL;

	burn->cause = *burn->failure;
	burn->rescuing = true;
	if (burn->raw.overwritable) {
		lathep_session_burn_rescue_grown(burn);
	} else if (burn->options->simulate) {
		/* Left open, a test write looks like a burn that was cut. */
		lathe_mmc_end_track(burn->mmc);
	} else if (burn->write_sent && burn->stream) {
		rescue_stream(burn);
	} else if (burn->write_sent &&
		   !lathe_iso9660_cursor_create(&burn->image, &burn->quiet,
						NULL, &cursor)) {
		rescue(burn, cursor);
		lathe_iso9660_cursor_destroy(cursor);
	}
	/* The next disc is closed as its own kind is. */
	lathe_mmc_abandon_track(burn->mmc);
	lathep_session_burn_settle(burn);
	if (cursor && (burn->report->end == LATHE_SESSION_END_APPENDABLE ||
		       burn->report->end == LATHE_SESSION_END_FINAL))
		list_files(burn);
	*burn->failure = burn->cause;
}
