/* SPDX-License-Identifier: MIT */
/* strategy_steps.c - what the ways to record have in common. */
#include <inttypes.h>

#include "mmc/mmc_strategy.h"

enum {
	CLOSE_MS = 3600000,
	SYNC_MS = 900000,
	PAUSE_BLOCKS = 150 /* audio pause: anything else upsets drives */
};

/* Every field is set: what a drive has there by default may be illegal. */
int lathep_mmc_prepare_page(struct lathe_mmc *mmc,
			    const struct lathep_mmc_job *job,
			    struct lathe_mmc_write_parameters want)
{
	int err;

	want.buffer_underrun_free = true;
	want.test_write = job->simulate;
	want.multi_session = job->final ? 0 : 3;
	want.block_type = job->data_mode == 2 ? 10 : 8;
	want.session_format = job->data_mode == 2 ? 0x20 : 0x00;
	want.audio_pause = PAUSE_BLOCKS;
	err = lathep_mmc_set_write_page(mmc, &want);
	if (!lathep_mmc_unknown(mmc, err))
		return err;
	/* Before buffer underrun protection its bit was reserved. */
	want.buffer_underrun_free = false;
	return lathep_mmc_set_write_page(mmc, &want);
}

/* SEND OPC: unknown or unwanted is fine, failed calibration is not. */
int lathep_mmc_calibrate(struct lathe_mmc *mmc,
			 const struct lathep_mmc_job *job)
{
	uint8_t cdb[10];
	int err;

	/* Calibration spends a piece of the disc: not for a simulation. */
	if (!job->calibrate || job->simulate)
		return 0;
	err = lathep_mmc_command(
		mmc, cdb, lathe_mmc_encode_send_opc(cdb, sizeof(cdb)), 0);
	if (err == LATHE_ERR_SENSE && !mmc->failure.deferred)
		switch (mmc->failure.asc) {
		case 0x20:
		case 0x24:
		case 0x27:
		case 0x2c:
		case 0x30:
			return 0;
		default:
			break;
		}
	return err;
}

int lathep_mmc_send_reserve(struct lathe_mmc *mmc, uint32_t blocks)
{
	uint8_t cdb[10];

	return lathep_mmc_command(
		mmc, cdb,
		lathe_mmc_encode_reserve_track(cdb, sizeof(cdb), blocks), 0);
}

int lathep_mmc_reserve(struct lathe_mmc *mmc, const struct lathep_mmc_job *job)
{
	uint32_t align = job->medium->alignment;
	uint32_t blocks = job->how->track_blocks;
	int err;

	/* What is reserved stays so: not for a simulation. */
	if (!job->how->reserve || job->how->resume || job->simulate ||
	    blocks == 0)
		return 0;
	if (blocks % align)
		blocks += align - blocks % align;
	err = lathep_mmc_send_reserve(mmc, blocks);
	if (!lathep_mmc_unknown(mmc, err))
		return err;
	lathep_mmc_log(mmc, LATHE_LOG_WARNING, "mmc.no-reserve", "%s",
		       mmc->failure.text);
	return 0;
}

int lathep_mmc_synchronize(struct lathe_mmc *mmc)
{
	uint8_t cdb[10];
	int err = lathep_mmc_command(
		mmc, cdb,
		lathe_mmc_encode_synchronize_cache(cdb, sizeof(cdb), false),
		LATHEP_MMC_REPEATABLE);

	if (err)
		return err;
	return lathep_mmc_poll(mmc, SYNC_MS, LATHE_PHASE_CLOSING);
}

int lathep_mmc_send_close(struct lathe_mmc *mmc,
			  enum lathe_mmc_close_function function,
			  uint32_t track)
{
	uint8_t cdb[10];
	int err = lathep_mmc_command(
		mmc, cdb,
		lathe_mmc_encode_close(cdb, sizeof(cdb), true, function,
				       track),
		0);

	if (err)
		return err;
	return lathep_mmc_poll(mmc, CLOSE_MS, LATHE_PHASE_CLOSING);
}

/*
 * A drive may refuse to close what it has closed already, the answer to which
 * was lost: its word on the track decides. A blank one is nothing to close,
 * unless something was 'written' there.
 */
static int close_track(struct lathe_mmc *mmc, uint32_t number, bool written)
{
	struct lathe_failure why;
	struct lathe_mmc_track_info track;
	int err = lathep_mmc_send_close(mmc, LATHE_MMC_CLOSE_TRACK, number);

	if (!lathep_mmc_unknown(mmc, err))
		return err;
	why = mmc->failure;
	if (!lathep_mmc_track_info(mmc, LATHE_MMC_BY_TRACK, number, &track) &&
	    (track.blank ? !written : !track.has_next_writable))
		return 0;
	mmc->failure = why;
	return err;
}

/* A reserved track that is full has no next writable address: then the drive
 * names the one behind it, which is blank. To close one that is closed does
 * nothing. */
static int close_last_track(struct lathe_mmc *mmc, uint32_t number,
			    bool written)
{
	struct lathe_mmc_track_info track;
	int err = 0;

	if (!written && number > 1 &&
	    !lathep_mmc_track_info(mmc, LATHE_MMC_BY_TRACK, number, &track) &&
	    track.blank)
		err = close_track(mmc, number - 1, true);
	return err ? err : close_track(mmc, number, written);
}

int lathep_mmc_flush_and_close_track(struct lathe_mmc *mmc)
{
	int err = lathep_mmc_synchronize(mmc);

	/* In a simulation there is no track. */
	if (err || mmc->simulating)
		return err;
	if (!mmc->unsettled)
		mmc->unsettled = LATHE_MMC_CLOSE_TRACK_SESSION;
	return close_last_track(mmc, mmc->open_track,
				mmc->write_lba != mmc->track_start);
}

int lathep_mmc_close_left_track(struct lathe_mmc *mmc, uint32_t track)
{
	int err;

	if (track == 0)
		return 0;
	err = lathep_mmc_synchronize(mmc);
	return err ? err : close_last_track(mmc, track, false);
}
