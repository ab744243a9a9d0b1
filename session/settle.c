/* SPDX-License-Identifier: MIT */
/*
 * settle.c - what the drive says of the disc after a recording.
 */
#include "session/burn_internal.h"

static int differs(struct lathep_session_burn *burn, const char *what,
		   uint32_t is, uint32_t should)
{
	return lathep_session_fail(burn->failure, LATHE_ERR_VERIFY,
				   "verifying: the drive says %s %lu, %lu was "
				   "expected",
				   what, (unsigned long)is,
				   (unsigned long)should);
}

static enum lathe_session_end end_of(const struct lathep_session_burn *burn,
				     const struct lathe_mmc_medium *now)
{
	const struct lathe_mmc_medium *before = &burn->medium;

	if (now->sessions > before->sessions) {
		if (now->status == LATHE_MMC_STATUS_APPENDABLE)
			return LATHE_SESSION_END_APPENDABLE;
		if (now->status == LATHE_MMC_STATUS_FINAL)
			return LATHE_SESSION_END_FINAL;
		return LATHE_SESSION_END_OPEN;
	}
	if (now->status == before->status &&
	    now->next_writable == before->next_writable)
		return LATHE_SESSION_END_UNTOUCHED;
	return LATHE_SESSION_END_OPEN;
}

void lathep_session_burn_settle(struct lathep_session_burn *burn)
{
	struct lathe_session_report *report = burn->report;
	bool grown = burn->raw.overwritable;
	struct lathe_mmc_medium *medium = grown ? &burn->raw : &burn->now;
	int err;

	burn->exchanged |= burn->mmc->changed;
	/* What an earlier command left behind may come with the first one. */
	err = lathep_session_read_medium(burn->mmc, medium);
	if (err && err != LATHE_ERR_NO_DEVICE)
		err = lathep_session_read_medium(burn->mmc, medium);
	burn->settled = err;
	report->end = LATHE_SESSION_END_UNKNOWN;
	if (grown) {
		lathep_session_burn_settle_grown(burn);
		return;
	}
	/* The disc that was written to is another one. */
	if (err || burn->exchanged) {
		medium->status = LATHE_MMC_STATUS_NONE;
		return;
	}
	report->end = end_of(burn, medium);
	report->final_by_drive |= report->end == LATHE_SESSION_END_FINAL &&
				  !burn->final;
	report->next_writable = 0;
	if (medium->has_next_writable)
		report->next_writable = medium->next_writable;
}

/* READ TRACK INFORMATION: some drives count the run-out in the size, some the
 * ECC block of linking that a SYNC has cost. */
static int check_track(struct lathep_session_burn *burn,
		       const struct lathe_mmc_medium *medium)
{
	uint32_t link = burn->costs.alignment > 1 ? burn->costs.alignment : 0;
	uint32_t most = burn->track + burn->costs.run_out + link;
	struct lathe_mmc_track track;
	uint32_t size;
	int err;

	err = lathe_mmc_read_track(burn->mmc, medium->last_track, &track);
	if (err)
		return lathep_session_burn_fail_mmc(burn, err, "verifying");
	/* What was gone on with may have been closed: then it is the first
	 * track of this session, and the last one is right behind it. */
	if (track.start != burn->image.start && !burn->resuming)
		return differs(burn, "the track starts at", track.start,
			       burn->image.start);
	size = track.start - burn->image.start + track.size_blocks;
	if (size < burn->track || size > most)
		return differs(burn, "the track's blocks are", size,
			       burn->track);
	if (!track.data)
		return differs(burn, "data tracks are", 0, 1);
	return 0;
}

/* MMC-6 6.25.3.4: where POINT 'track' of 'session' starts. */
static bool find_in_toc(const uint8_t *toc, size_t bytes, uint32_t session,
			uint32_t track, uint32_t *start)
{
	size_t at;

	for (at = 4; at + 11 <= bytes; at += 11) {
		const uint8_t *p = toc + at;
		uint32_t frames = (p[8] * 60u + p[9]) * 75u + p[10];

		if (p[0] != session || p[1] >> 4 != 1 || p[3] != track)
			continue;
		*start = frames >= 150 ? frames - 150 : 0;
		return true;
	}
	return false;
}

static int check_toc(struct lathep_session_burn *burn,
		     const struct lathe_mmc_medium *medium)
{
	uint8_t *toc = burn->carry; /* nothing waits there any more */
	uint32_t start = 0;
	size_t moved = 0;
	bool found;
	int err;

	err = lathe_mmc_read_full_toc(burn->mmc, toc,
				      (size_t)burn->chunk * LATHE_BLOCK_BYTES,
				      &moved);
	found = !err && find_in_toc(toc, moved, medium->sessions,
				    medium->last_track, &start);
	/* One that is longer than a command tells of the first sessions. */
	if (err ? err == LATHE_ERR_SENSE &&
			  lathe_mmc_failure(burn->mmc)->key == 0x5 :
		  !found && lathe_get_be16(toc) + 2u > moved) {
		lathep_session_log(burn->hooks, LATHE_LOG_INFO,
				   "session.no-full-toc",
				   "there is no full TOC to compare");
		return 0;
	}
	if (err)
		return lathep_session_burn_fail_mmc(burn, err, "verifying");
	if (!found)
		return lathep_session_fail(burn->failure, LATHE_ERR_VERIFY,
					   "verifying: session %u is not in "
					   "the table of contents",
					   medium->sessions);
	if (start != burn->image.start)
		return differs(burn, "the TOC has the session at", start,
			       burn->image.start);
	return 0;
}

/* A drive that goes on elsewhere than predicted is worth a word; its own
 * answer is the only truth. */
static void compare_prediction(struct lathep_session_burn *burn)
{
	const struct lathe_session_report *report = burn->report;

	if (!report->next_writable ||
	    report->next_writable == report->predicted_next)
		return;
	lathep_session_log(burn->hooks, LATHE_LOG_INFO, "session.next-writable",
			   "the next session starts at %lu, %lu was predicted",
			   (unsigned long)report->next_writable,
			   (unsigned long)report->predicted_next);
}

int lathep_session_burn_check_state(struct lathep_session_burn *burn,
				    enum lathe_session_verify level)
{
	enum lathe_session_end wanted = LATHE_SESSION_END_APPENDABLE;
	const struct lathe_mmc_medium *medium = &burn->now;
	int err;

	if (burn->final)
		wanted = LATHE_SESSION_END_FINAL;
	if (burn->report->end == LATHE_SESSION_END_UNKNOWN)
		return lathep_session_burn_fail_mmc(
			burn, burn->settled ? burn->settled : LATHE_ERR_VERIFY,
			"verifying");
	if (burn->raw.overwritable)
		return lathep_session_burn_check_grown(burn, level);
	if (medium->sessions != burn->medium.sessions + 1u)
		return differs(burn, "the disc's sessions are",
			       medium->sessions, burn->medium.sessions + 1u);
	if (burn->report->end != wanted)
		return lathep_session_fail(
			burn->failure, LATHE_ERR_VERIFY,
			"verifying: the drive calls the disc %s",
			lathe_mmc_status_name(medium->status));
	if (level == LATHE_SESSION_VERIFY_NONE)
		return 0;

	if (medium->last_session_start != burn->image.start)
		return differs(burn, "the last session starts at",
			       medium->last_session_start, burn->image.start);
	if (medium->readable_end < burn->image.start + burn->track)
		return differs(burn, "readable blocks are",
			       medium->readable_end,
			       burn->image.start + burn->track);
	err = check_track(burn, medium);
	/* Of other media than CD drives make one up. */
	if (!err && burn->costs.run_out)
		err = check_toc(burn, medium);
	if (!err)
		compare_prediction(burn);
	return err;
}
