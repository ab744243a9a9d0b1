/* SPDX-License-Identifier: MIT */
/*
 * record.c - an open track, from its first block to its end. What differs
 * between media is asked of the strategy.
 */
#include <inttypes.h>

#include "mmc/mmc_strategy.h"

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

static int write_once(struct lathe_mmc *mmc, uint32_t lba, uint32_t count,
		      const uint8_t *blocks)
{
	uint32_t unit = mmc->strategy->alignment;
	bool stream = mmc->streaming && lba % unit == 0 && count % unit == 0;
	struct lathep_mmc_request rq;
	int len = stream ? lathe_mmc_encode_write_12(rq.cmd.cdb,
						     sizeof(rq.cmd.cdb), lba,
						     count, true)
			 : lathe_mmc_encode_write_10(rq.cmd.cdb,
						     sizeof(rq.cmd.cdb), lba,
						     count, false);

	lathep_mmc_request(&rq, len,
			   LATHEP_MMC_EXACT | LATHEP_MMC_SPLITTABLE |
				   LATHEP_MMC_CANCELLABLE);
	rq.has_lba = true;
	rq.lba = lba;
	rq.blocks = count;
	/* A transport only reads what goes to the drive. */
	return lathep_mmc_send(mmc, &rq, (uint8_t *)(uintptr_t)blocks,
			       (size_t)count * LATHE_BLOCK_BYTES);
}

/* The pre-gap, block by block: it is short. */
static int write_lead(struct lathe_mmc *mmc)
{
	const uint8_t zeros[LATHE_BLOCK_BYTES] = { 0 };

	while (mmc->lead_blocks > 0) {
		int err = write_once(mmc, mmc->write_lba - mmc->lead_blocks, 1,
				     zeros);

		if (err)
			return err;
		mmc->unsettled = LATHE_MMC_WRITE_10;
		mmc->lead_blocks--;
	}
	return 0;
}

static int write_all(struct lathe_mmc *mmc, uint32_t count,
		     const uint8_t *blocks)
{
	while (count > 0) {
		uint32_t n = lathe_mmc_write_chunk(mmc);
		int err;

		if (n > count)
			n = count;
		err = write_once(mmc, mmc->write_lba, n, blocks);
		if (err == LATHEP_MMC_SPLIT) {
			err = lathep_mmc_check_packet(mmc, mmc->way);
			if (!err)
				continue;
		}
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
	int err = lathep_mmc_enter_for(mmc, true);

	if (err)
		return err;
	if (count == 0 || lba != mmc->write_lba || count > UINT32_MAX - lba)
		return lathep_mmc_fail(mmc, LATHE_ERR_ARG,
				       "the track goes on at LBA %" PRIu32
				       ", not at %" PRIu32,
				       mmc->write_lba, lba);
	if (mmc->changed)
		return lathep_mmc_another_medium(mmc);
	if (mmc->reset)
		return lathep_mmc_fail(mmc, LATHE_ERR_STATE,
				       "the drive was reset: the track can "
				       "not go on");
	err = write_lead(mmc);
	if (!err)
		err = write_all(mmc, count, blocks);
	return lathep_mmc_leave(mmc, err);
}

/* ---- after an error ----------------------------------------------------- */

static int resync(struct lathe_mmc *mmc, bool *possible, uint32_t *next)
{
	struct lathe_mmc_disc_info info;
	struct lathe_mmc_track_info track;
	int err;

	err = lathep_mmc_test_ready(mmc, LATHEP_MMC_READY_MS, 0);
	/* Any block can be written anew. */
	if (!err && lathep_mmc_is(mmc->strategy, LATHEP_MMC_OVERWRITABLE)) {
		*possible = !mmc->reset && !mmc->changed;
		*next = mmc->write_lba;
		return 0;
	}
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
	int err = lathep_mmc_enter_for(mmc, true);

	if (err)
		return err;
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

	if (lathep_mmc_is(mmc->strategy, LATHEP_MMC_OVERWRITABLE))
		return 0;
	err = lathep_mmc_track_info(mmc, LATHE_MMC_BY_TRACK, mmc->open_track,
				    &track);
	if (err)
		return lathep_mmc_unless_unknown(mmc, err);
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
	int err = mmc->way->end_track(mmc);

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
	int err = lathep_mmc_enter_for(mmc, true);

	if (err)
		return err;
	if (mmc->changed)
		return lathep_mmc_another_medium(mmc);
	err = end_track(mmc, &ended);
	if (ended) {
		mmc->writing = 0;
		mmc->ended = 1;
		mmc->guard = LATHEP_MMC_GUARD_NONE;
	}
	return lathep_mmc_leave(mmc, err);
}
