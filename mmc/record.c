/* SPDX-License-Identifier: MIT */
/*
 * record.c - one track, from its first command to its end. What differs
 * between media is asked of the strategy.
 */
#include <inttypes.h>

#include "mmc/mmc_internal.h"

enum { READY_MS = 60000 };

/* ---- beginning ---------------------------------------------------------- */

static int may_record(struct lathe_mmc *mmc,
		      const struct lathe_mmc_medium *medium,
		      const struct lathe_mmc_recording *recording)
{
	const struct lathep_mmc_strategy *s =
		lathep_mmc_strategy(medium->profile);

	if (!s->prepare)
		return lathep_mmc_fail(
			mmc, LATHE_ERR_MEDIUM_TYPE,
			"no way is known to record on this medium");
	if (medium->status == LATHE_MMC_STATUS_UNFINISHED)
		return lathep_mmc_fail(
			mmc, LATHE_ERR_UNFINISHED,
			"the last session was cut short and is open");
	if (medium->status != LATHE_MMC_STATUS_BLANK &&
	    medium->status != LATHE_MMC_STATUS_APPENDABLE)
		return lathep_mmc_fail(mmc, LATHE_ERR_NOT_APPENDABLE,
				       "the disc takes no further session");
	if (medium->status == LATHE_MMC_STATUS_APPENDABLE &&
	    !medium->has_next_writable)
		return lathep_mmc_fail(mmc, LATHE_ERR_NOT_APPENDABLE,
				       "the disc is full");
	if (!medium->writable)
		return lathep_mmc_fail(
			mmc, LATHE_ERR_MEDIUM_TYPE,
			"this drive can not record on this medium");
	if (recording->simulate && !medium->can_simulate)
		return lathep_mmc_fail(mmc, LATHE_ERR_UNSUPPORTED,
				       "the drive announces no test write");
	if (recording->data_mode > 2)
		return lathep_mmc_fail(mmc, LATHE_ERR_ARG, "data mode above 2");
	mmc->strategy = s;
	return 0;
}

/* Where the drive takes the first block; the plan was made for it. */
static int find_start(struct lathe_mmc *mmc,
		      const struct lathe_mmc_medium *medium,
		      const struct lathe_mmc_disc_info *info,
		      struct lathe_mmc_track_info *track)
{
	int err = lathep_mmc_open_track(mmc, info, track);

	if (err == LATHE_ERR_NOT_FOUND &&
	    medium->status == LATHE_MMC_STATUS_BLANK) {
		/* A blank disc starts at 0, whatever stands there. */
		track->next_writable = 0;
		return 0;
	}
	if (err == LATHE_ERR_NOT_FOUND)
		return lathep_mmc_fail(
			mmc, LATHE_ERR_NOT_APPENDABLE,
			"the drive gives no next writable address");
	if (err)
		return err;
	if (medium->has_next_writable &&
	    track->next_writable != medium->next_writable)
		return lathep_mmc_another_disc(mmc,
					       "the next writable address");
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
		.data_mode = lathep_mmc_choose_data_mode(medium,
							 recording->data_mode),
	};
	struct lathe_mmc_disc_info info;
	int err;

	err = lathep_mmc_same_disc(mmc, medium, &info);
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
		return lathep_mmc_fail(mmc, LATHE_ERR_STATE,
				       "a track is open already");
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
	mmc->resynced = 0;
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
	uint32_t best = mmc->strategy && mmc->strategy->chunk_blocks
				? mmc->strategy->chunk_blocks
				: 16;

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

	lathep_mmc_request(
		&rq,
		lathe_mmc_encode_write_10(rq.cmd.cdb, sizeof(rq.cmd.cdb),
					  mmc->write_lba, count, false),
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
		return lathep_mmc_fail(mmc, LATHE_ERR_STATE,
				       "no track is open");
	if (count == 0 || lba != mmc->write_lba || count > UINT32_MAX - lba)
		return lathep_mmc_fail(mmc, LATHE_ERR_ARG,
				       "the track goes on at LBA %" PRIu32
				       ", not at %" PRIu32,
				       mmc->write_lba, lba);
	if (mmc->changed)
		return lathep_mmc_another_disc(mmc, "the medium");
	if (mmc->reset)
		return lathep_mmc_fail(mmc, LATHE_ERR_STATE,
				       "the drive was reset: the track can "
				       "not go on");
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
	*possible = err == 0 && !mmc->reset && !mmc->changed &&
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
		return lathep_mmc_fail(mmc, LATHE_ERR_STATE,
				       "no track is open");
	/* A reset is an answer here, not an error: "no". */
	mmc->guard = LATHEP_MMC_GUARD_DISC;
	mmc->unsettled = 0;
	err = resync(mmc, &can, &lba);
	mmc->guard = LATHEP_MMC_GUARD_RECORDING;
	mmc->unsettled = unsettled;
	if (err)
		return lathep_mmc_leave(mmc, err);
	if (can) {
		mmc->write_lba = lba;
		mmc->resynced = 1;
	}
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

/*
 * The drive's own word on the track just ended. Where a write had failed and
 * recording went on, the caller knows of the damage already.
 */
static int check_track(struct lathe_mmc *mmc)
{
	struct lathe_mmc_track_info track;
	int err;

	err = lathep_mmc_track_info(mmc, LATHE_MMC_BY_TRACK, mmc->open_track, 0,
				    &track);
	if (err)
		return lathep_mmc_unknown(mmc, err) ? 0 : err;
	if (!track.damaged)
		return 0;
	lathep_mmc_log(mmc, LATHE_LOG_WARNING, "mmc.damaged",
		       "the drive says that track %u is damaged",
		       mmc->open_track);
	if (mmc->resynced)
		return 0;
	return lathep_mmc_fail(mmc, LATHE_ERR_CORRUPT,
			       "the drive says that track %u is damaged",
			       mmc->open_track);
}

/* *ended: whether the track is, whatever else is returned. */
static int end_track(struct lathe_mmc *mmc, bool *ended)
{
	int err = mmc->strategy->end_track(mmc);

	*ended = err == 0;
	if (err)
		return err;
	if (!mmc->simulating)
		return check_track(mmc);
	/* Left behind, a test write makes the next burn a test as well. */
	lathep_mmc_clear_test_write(mmc);
	return 0;
}

int lathe_mmc_end_track(struct lathe_mmc *mmc)
{
	bool ended;
	int err;

	lathep_mmc_enter(mmc);
	if (!mmc->writing)
		return lathep_mmc_fail(mmc, LATHE_ERR_STATE,
				       "no track is open");
	if (mmc->changed)
		return lathep_mmc_another_disc(mmc, "the medium");
	err = end_track(mmc, &ended);
	if (ended) {
		mmc->writing = 0;
		mmc->ended = 1;
		mmc->guard = LATHEP_MMC_GUARD_NONE;
	}
	return lathep_mmc_leave(mmc, err);
}
