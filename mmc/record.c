/* SPDX-License-Identifier: MIT */
/*
 * record.c - a recording from its first command to the closed session. What
 * differs between media is asked of the strategy.
 */
#include <inttypes.h>

#include "mmc/mmc_internal.h"

enum {
	READY_MS = 60000,
	/* How long a drive may take to show a closed session. */
	SHOW_MS = 10000,
	SHOW_PAUSE_MS = 1000
};

static int refuse(struct lathe_mmc *mmc, int err, const char *why)
{
	return lathep_mmc_fail(mmc, err, "%s", why);
}

/* ---- is it still the disc that was read? -------------------------------- */

static int another_disc(struct lathe_mmc *mmc, const char *what)
{
	return lathep_mmc_fail(mmc, LATHE_ERR_WRONG_DISC,
			       "the disc is not in the state in which it was "
			       "read: %s differs", what);
}

/*
 * The kernel may have eaten the unit attention of a change, so the disc itself
 * is asked again. *info gets what it says now.
 */
static int same_disc(struct lathe_mmc *mmc,
		     const struct lathe_mmc_medium *medium,
		     struct lathe_mmc_disc_info *info)
{
	bool blank = medium->status == LATHE_MMC_STATUS_BLANK;
	uint32_t complete;
	int err;

	if (mmc->changed)
		return another_disc(mmc, "the medium");
	err = lathep_mmc_test_ready(mmc, READY_MS, 0);
	if (!err)
		err = lathep_mmc_disc_info(mmc, 0, info);
	if (err)
		return err;
	if (info->erasable != medium->erasable)
		return another_disc(mmc, "the kind");
	if (info->has_disc_id && medium->has_disc_id &&
	    info->disc_id != medium->disc_id)
		return another_disc(mmc, "the disc id");
	if (blank != (info->disc_status == LATHE_MMC_DISC_BLANK) &&
	    medium->status != LATHE_MMC_STATUS_UNFINISHED)
		return another_disc(mmc, "the status");
	complete = info->sessions;
	if (info->session_state != LATHE_MMC_SESSION_COMPLETE && complete > 0)
		complete--;
	if (info->disc_status != LATHE_MMC_DISC_BLANK &&
	    complete != medium->sessions)
		return another_disc(mmc, "the number of sessions");
	return 0;
}

/* ---- beginning ---------------------------------------------------------- */

static int may_record(struct lathe_mmc *mmc,
		      const struct lathe_mmc_medium *medium,
		      const struct lathe_mmc_recording *recording)
{
	const struct lathep_mmc_strategy *s =
		lathep_mmc_strategy(medium->profile);

	if (!s->prepare)
		return refuse(mmc, LATHE_ERR_MEDIUM_TYPE,
			      "no way is known to record on this medium");
	if (medium->status == LATHE_MMC_STATUS_UNFINISHED)
		return refuse(mmc, LATHE_ERR_UNFINISHED,
			      "the last session was cut short and is open");
	if (medium->status != LATHE_MMC_STATUS_BLANK &&
	    medium->status != LATHE_MMC_STATUS_APPENDABLE)
		return refuse(mmc, LATHE_ERR_NOT_APPENDABLE,
			      "the disc takes no further session");
	if (!medium->writable)
		return refuse(mmc, LATHE_ERR_MEDIUM_TYPE,
			      "this drive can not record on this medium");
	if (recording->simulate && !medium->can_simulate)
		return refuse(mmc, LATHE_ERR_UNSUPPORTED,
			      "the drive announces no test write");
	if (recording->data_mode > 2)
		return refuse(mmc, LATHE_ERR_ARG, "data mode above 2");
	mmc->strategy = s;
	return 0;
}

static uint8_t choose_data_mode(const struct lathe_mmc_medium *medium,
				uint8_t asked)
{
	if (asked)
		return asked;
	return medium->data_mode ? medium->data_mode : 1;
}

/* Where the drive takes the first block; the plan was made for it. */
static int find_start(struct lathe_mmc *mmc,
		      const struct lathe_mmc_medium *medium,
		      const struct lathe_mmc_disc_info *info,
		      struct lathe_mmc_track_info *track)
{
	int err = lathep_mmc_open_track(mmc, info, track);

	if (err == LATHE_ERR_NOT_FOUND &&
	    medium->status == LATHE_MMC_STATUS_BLANK)
		return 0; /* a blank disc starts at 0 */
	if (err == LATHE_ERR_NOT_FOUND)
		return refuse(mmc, LATHE_ERR_NOT_APPENDABLE,
			      "the drive gives no next writable address");
	if (err)
		return err;
	if (medium->has_next_writable &&
	    track->next_writable != medium->next_writable)
		return another_disc(mmc, "the next writable address");
	return 0;
}

static int begin_track(struct lathe_mmc *mmc,
		       const struct lathe_mmc_medium *medium,
		       const struct lathe_mmc_recording *recording,
		       struct lathe_mmc_track_info *track)
{
	struct lathep_mmc_job job = {
		.simulate = recording->simulate,
		.final = recording->final,
		.data_mode = choose_data_mode(medium, recording->data_mode),
	};
	struct lathe_mmc_disc_info info;
	int err;

	err = same_disc(mmc, medium, &info);
	if (!err)
		err = lathep_mmc_set_speed(mmc, recording->speed_kb_per_s);
	job.calibrate = !err && info.opc_entries == 0;
	if (!err)
		err = mmc->strategy->prepare(mmc, &job);
	if (!err)
		err = find_start(mmc, medium, &info, track);
	if (!err)
		mmc->data_mode = job.data_mode;
	return err;
}

int lathe_mmc_begin_track(struct lathe_mmc *mmc,
			  const struct lathe_mmc_medium *medium,
			  const struct lathe_mmc_recording *recording,
			  uint32_t *start)
{
	struct lathe_mmc_track_info track = { 0 };
	int err;

	lathep_mmc_enter(mmc);
	if (mmc->writing)
		return refuse(mmc, LATHE_ERR_STATE, "a track is open already");
	err = may_record(mmc, medium, recording);
	if (err)
		return err;

	mmc->guard = LATHEP_MMC_GUARD_RECORDING;
	mmc->reset = 0;
	mmc->simulating = recording->simulate;
	err = begin_track(mmc, medium, recording, &track);
	if (err) {
		mmc->guard = LATHEP_MMC_GUARD_NONE;
		mmc->simulating = 0;
		return lathep_mmc_leave(mmc, err);
	}
	mmc->writing = 1;
	mmc->ended = 0;
	mmc->close_sent = 0;
	mmc->has_last_write = 0;
	mmc->open_track = track.track ? track.track : 1;
	mmc->track_start = track.next_writable;
	mmc->write_lba = track.next_writable;
	*start = track.next_writable;
	return lathep_mmc_leave(mmc, 0);
}

/* ---- writing ------------------------------------------------------------ */

uint32_t lathe_mmc_write_chunk(const struct lathe_mmc *mmc)
{
	uint32_t most = mmc->max_transfer / LATHE_BLOCK_BYTES;
	uint32_t best = mmc->strategy && mmc->strategy->chunk_blocks ?
				mmc->strategy->chunk_blocks :
				16;

	return best < most ? best : most;
}

uint32_t lathe_mmc_write_position(const struct lathe_mmc *mmc)
{
	return mmc->write_lba;
}

static int write_once(struct lathe_mmc *mmc, uint32_t count,
		      const uint8_t *blocks)
{
	struct lathep_mmc_request rq = { 0 };

	lathep_mmc_request(&rq,
			   lathe_mmc_encode_write_10(rq.cmd.cdb,
						     sizeof(rq.cmd.cdb),
						     mmc->write_lba, count,
						     false),
			   LATHEP_MMC_EXACT | LATHEP_MMC_SPLITTABLE |
				   LATHEP_MMC_CANCELLABLE);
	rq.has_lba = true;
	rq.lba = mmc->write_lba;
	rq.blocks = count;
	/* A transport only reads what goes to the drive. */
	rq.cmd.data = (uint8_t *)(uintptr_t)blocks;
	rq.cmd.data_len = count * LATHE_BLOCK_BYTES;
	rq.cmd.to_drive = true;
	return lathep_mmc_run(mmc, &rq);
}

static int write_all(struct lathe_mmc *mmc, uint32_t count,
		     const uint8_t *blocks)
{
	while (count > 0) {
		uint32_t n = lathe_mmc_write_chunk(mmc);
		int err;

		if (n > count)
			n = count;
		err = write_once(mmc, n, blocks);
		if (err == LATHEP_MMC_SPLIT)
			continue;
		if (err)
			return err;
		mmc->unsettled = LATHE_MMC_WRITE_10;
		mmc->last_write_lba = mmc->write_lba;
		mmc->has_last_write = 1;
		mmc->write_lba += n;
		count -= n;
		blocks += (size_t)n * LATHE_BLOCK_BYTES;
	}
	return 0;
}

int lathe_mmc_write(struct lathe_mmc *mmc, uint32_t lba, uint32_t count,
		    const uint8_t *blocks)
{
	lathep_mmc_enter(mmc);
	if (!mmc->writing)
		return refuse(mmc, LATHE_ERR_STATE, "no track is open");
	if (count == 0 || lba != mmc->write_lba || count > UINT32_MAX - lba)
		return lathep_mmc_fail(mmc, LATHE_ERR_ARG,
				       "the track goes on at LBA %" PRIu32
				       ", not at %" PRIu32, mmc->write_lba,
				       lba);
	return lathep_mmc_leave(mmc, write_all(mmc, count, blocks));
}

/* ---- after an error ----------------------------------------------------- */

static int resync(struct lathe_mmc *mmc, bool *possible, uint32_t *next)
{
	struct lathe_mmc_disc_info info;
	struct lathe_mmc_track_info track;
	int err;

	err = lathep_mmc_test_ready(mmc, READY_MS, 0);
	if (!err)
		err = lathep_mmc_disc_info(mmc, 0, &info);
	if (!err)
		err = lathep_mmc_open_track(mmc, &info, &track);
	if (err && err != LATHE_ERR_NOT_FOUND)
		return err;
	/* What lies before the track or behind all that was sent is no place
	 * to go on: then it is another disc or another track. */
	*possible = err == 0 && !mmc->reset &&
		    track.next_writable >= mmc->track_start &&
		    track.next_writable <=
			    mmc->write_lba + lathe_mmc_write_chunk(mmc);
	*next = *possible ? track.next_writable : mmc->write_lba;
	return 0;
}

int lathe_mmc_resync(struct lathe_mmc *mmc, bool *possible, uint32_t *next)
{
	uint8_t unsettled = mmc->unsettled;
	bool can = false;
	uint32_t lba = 0;
	int err;

	lathep_mmc_enter(mmc);
	if (!mmc->writing)
		return refuse(mmc, LATHE_ERR_STATE, "no track is open");
	/* A reset is an answer here, not an error: "no". */
	mmc->guard = LATHEP_MMC_GUARD_DISC;
	mmc->unsettled = 0;
	err = resync(mmc, &can, &lba);
	mmc->guard = LATHEP_MMC_GUARD_RECORDING;
	mmc->unsettled = unsettled;
	if (err)
		return lathep_mmc_leave(mmc, err);
	if (can)
		mmc->write_lba = lba;
	*possible = can;
	*next = lba;
	return lathep_mmc_leave(mmc, 0);
}

void lathe_mmc_abandon_track(struct lathe_mmc *mmc)
{
	lathep_mmc_enter(mmc);
	mmc->writing = 0;
	mmc->ended = 0;
	mmc->close_sent = 0;
	mmc->simulating = 0;
	mmc->unsettled = 0;
	mmc->guard = LATHEP_MMC_GUARD_NONE;
}

/* ---- ending ------------------------------------------------------------- */

/* The drive's own word on the track just ended. */
static int check_track(struct lathe_mmc *mmc)
{
	struct lathe_mmc_track_info track;
	int err;

	err = lathep_mmc_track_info(mmc, LATHE_MMC_BY_TRACK, mmc->open_track,
				    0, &track);
	if (err)
		return lathep_mmc_unknown(mmc, err) ? 0 : err;
	if (track.damaged)
		return lathep_mmc_fail(mmc, LATHE_ERR_CORRUPT,
				       "the drive says that track %u is "
				       "damaged", mmc->open_track);
	return 0;
}

static int end_track(struct lathe_mmc *mmc)
{
	int err = mmc->strategy->end_track(mmc);

	if (err)
		return err;
	if (mmc->simulating) {
		/* Left behind it would make the next burn a test as well. */
		lathep_mmc_clear_test_write(mmc);
		return 0;
	}
	return check_track(mmc);
}

int lathe_mmc_end_track(struct lathe_mmc *mmc)
{
	int err;

	lathep_mmc_enter(mmc);
	if (!mmc->writing)
		return refuse(mmc, LATHE_ERR_STATE, "no track is open");
	err = end_track(mmc);
	if (err)
		return lathep_mmc_leave(mmc, err);
	mmc->writing = 0;
	mmc->ended = 1;
	mmc->guard = LATHEP_MMC_GUARD_NONE;
	return lathep_mmc_leave(mmc, 0);
}

/* ---- closing ------------------------------------------------------------ */

static bool shows_closed(const struct lathe_mmc_disc_info *info, bool final)
{
	if (final)
		return info->disc_status == LATHE_MMC_DISC_FINAL &&
		       info->session_state == LATHE_MMC_SESSION_COMPLETE;
	return info->disc_status == LATHE_MMC_DISC_APPENDABLE &&
	       info->session_state == LATHE_MMC_SESSION_EMPTY;
}

/* "Closed" is what the drive shows, not what its commands returned. */
static int check_closed(struct lathe_mmc *mmc, bool final)
{
	struct lathe_mmc_disc_info info;
	uint32_t waited_ms = 0;

	for (;;) {
		int err = lathep_mmc_disc_info(mmc, 0, &info);

		if (err)
			return err;
		if (shows_closed(&info, final))
			return 0;
		if (waited_ms >= SHOW_MS)
			break;
		waited_ms += lathep_mmc_sleep(mmc, SHOW_PAUSE_MS);
	}
	if (!final && info.disc_status == LATHE_MMC_DISC_FINAL)
		return refuse(mmc, LATHE_ERR_NOT_APPENDABLE,
			      "the session is closed, but the drive made the "
			      "disc final");
	return lathep_mmc_fail(mmc, LATHE_ERR_UNFINISHED,
			       "after closing the drive shows disc status %u, "
			       "last session %u", info.disc_status,
			       info.session_state);
}

static int close_session(struct lathe_mmc *mmc,
			 const struct lathe_mmc_medium *medium, bool final)
{
	struct lathep_mmc_job job = { .final = final };
	struct lathe_mmc_disc_info info;
	uint32_t open_track = 0;
	int err;

	job.data_mode = mmc->ended ? mmc->data_mode :
				     choose_data_mode(medium, 0);
	if (!mmc->ended) {
		err = same_disc(mmc, medium, &info);
		if (err)
			return err;
		if (shows_closed(&info, final))
			return 0;
		if (medium->status != LATHE_MMC_STATUS_UNFINISHED)
			return refuse(mmc, LATHE_ERR_STATE,
				      "no session is open on this disc");
		open_track = medium->open_track ? medium->open_track : 1;
	} else if (mmc->changed) {
		return another_disc(mmc, "the medium");
	}
	/* A close whose answer was lost may have been done. Before the first
	 * one that would prove nothing: some drives show the state late. */
	if (mmc->ended && mmc->close_sent) {
		err = lathep_mmc_disc_info(mmc, 0, &info);
		if (err)
			return err;
		if (shows_closed(&info, final))
			return 0;
	}
	mmc->close_sent = 1;
	if (!mmc->unsettled)
		mmc->unsettled = LATHE_MMC_CLOSE_TRACK_SESSION;
	err = mmc->strategy->close(mmc, &job, open_track);
	return err ? err : check_closed(mmc, final);
}

int lathe_mmc_close_session(struct lathe_mmc *mmc,
			    const struct lathe_mmc_medium *medium, bool final)
{
	const struct lathep_mmc_strategy *s =
		lathep_mmc_strategy(medium->profile);
	int err;

	lathep_mmc_enter(mmc);
	if (mmc->writing)
		return refuse(mmc, LATHE_ERR_STATE, "the track is not ended");
	if (!s->close)
		return refuse(mmc, LATHE_ERR_MEDIUM_TYPE,
			      "no way is known to close this medium");
	if (mmc->ended && mmc->simulating) {
		mmc->ended = 0;
		mmc->simulating = 0;
		mmc->unsettled = 0;
		return 0;
	}
	mmc->strategy = s;
	mmc->guard = LATHEP_MMC_GUARD_RECORDING;
	err = close_session(mmc, medium, final);
	mmc->guard = LATHEP_MMC_GUARD_NONE;
	if (err == 0) {
		/* The medium is another than the one that was read. */
		mmc->ended = 0;
		mmc->known = 0;
		mmc->unsettled = 0;
	}
	return lathep_mmc_leave(mmc, err);
}

/* ---- blanking ----------------------------------------------------------- */

static int send_blank(struct lathe_mmc *mmc, enum lathe_mmc_blanking how)
{
	struct lathep_mmc_request rq = { 0 };
	bool full = how == LATHE_MMC_BLANK_FULL;
	int err;

	lathep_mmc_request(&rq,
			   lathe_mmc_encode_blank(
				   rq.cmd.cdb, sizeof(rq.cmd.cdb), true,
				   full ? LATHE_MMC_BLANK_TYPE_FULL :
					  LATHE_MMC_BLANK_TYPE_MINIMAL),
			   0);
	err = lathep_mmc_run(mmc, &rq);
	if (err)
		return err;
	return lathep_mmc_poll(mmc, full ? 18000000 : 3600000,
			       LATHE_PHASE_BLANKING);
}

static int blank(struct lathe_mmc *mmc, const struct lathe_mmc_medium *medium,
		 enum lathe_mmc_blanking how)
{
	struct lathe_mmc_disc_info info;
	int err;

	err = same_disc(mmc, medium, &info);
	if (err)
		return err;
	/* A program that was killed leaves its lock behind, and then some
	 * drives refuse. */
	err = lathep_mmc_prevent(mmc, false);
	if (err && !lathep_mmc_unknown(mmc, err))
		return err;
	mmc->unsettled = LATHE_MMC_BLANK_COMMAND;
	mmc->has_last_write = 0;
	err = send_blank(mmc, how);
	if (!err)
		err = lathep_mmc_disc_info(mmc, 0, &info);
	if (!err && info.disc_status != LATHE_MMC_DISC_BLANK)
		err = lathep_mmc_fail(mmc, LATHE_ERR_CORRUPT,
				      "after blanking the drive shows disc "
				      "status %u", info.disc_status);
	return err;
}

int lathe_mmc_blank(struct lathe_mmc *mmc, const struct lathe_mmc_medium *medium,
		    enum lathe_mmc_blanking how)
{
	int err;

	lathep_mmc_enter(mmc);
	if (mmc->writing)
		return refuse(mmc, LATHE_ERR_STATE, "a track is open");
	if (!medium->erasable ||
	    !lathep_mmc_strategy(medium->profile)->blankable)
		return refuse(mmc, LATHE_ERR_MEDIUM_TYPE,
			      "this medium can not be erased");
	mmc->guard = LATHEP_MMC_GUARD_RECORDING;
	mmc->ended = 0;
	mmc->simulating = 0;
	mmc->known = 0;
	err = blank(mmc, medium, how);
	mmc->guard = LATHEP_MMC_GUARD_NONE;
	mmc->unsettled = 0;
	if (!err && mmc->locked)
		err = lathep_mmc_prevent(mmc, true);
	return lathep_mmc_leave(mmc, err);
}
