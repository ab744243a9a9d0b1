/* SPDX-License-Identifier: MIT */
/*
 * strategy_cd_tao.c - CD-R and CD-RW, track at once: one data track a session.
 * The drive writes pre-gap, run-out, lead-in and lead-out. SYNCHRONIZE CACHE
 * ends the track, so none may come before its last block, and no CLOSE TRACK
 * is sent, which some drives refuse.
 */
#include "mmc/mmc_internal.h"

enum {
	CLOSE_MS = 3600000,
	SYNC_MS = 900000,
	PAUSE_BLOCKS = 150 /* audio pause: anything else upsets drives */
};

/* Every field is set: what a drive has there by default may be illegal. */
static int set_page(struct lathe_mmc *mmc, const struct lathep_mmc_job *job,
		    bool simulate)
{
	struct lathe_mmc_write_parameters page = {
		.buffer_underrun_free = true,
		.test_write = simulate,
		.write_type = LATHE_MMC_WRITE_TAO,
		.multi_session = job->final ? 0 : 3,
		.track_mode = 4,
		.block_type = job->data_mode == 2 ? 10 : 8,
		.session_format = job->data_mode == 2 ? 0x20 : 0x00,
		.audio_pause = PAUSE_BLOCKS,
	};
	int err = lathep_mmc_set_write_page(mmc, &page);

	if (!lathep_mmc_unknown(mmc, err))
		return err;
	/* Before buffer underrun protection its bit was reserved. */
	page.buffer_underrun_free = false;
	return lathep_mmc_set_write_page(mmc, &page);
}

/* SEND OPC: unknown or unwanted is fine, failed calibration is not. */
static int calibrate(struct lathe_mmc *mmc)
{
	struct lathep_mmc_request rq = { 0 };
	int err;

	lathep_mmc_request(
		&rq, lathe_mmc_encode_send_opc(rq.cmd.cdb, sizeof(rq.cmd.cdb)),
		0);
	err = lathep_mmc_run(mmc, &rq);
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

int lathep_mmc_cd_tao_prepare(struct lathe_mmc *mmc,
			      const struct lathep_mmc_job *job)
{
	int err = set_page(mmc, job, job->simulate);

	if (err)
		return err;
	/* Calibration spends a piece of the disc: not for a simulation. */
	return job->calibrate && !job->simulate ? calibrate(mmc) : 0;
}

static int synchronize(struct lathe_mmc *mmc)
{
	struct lathep_mmc_request rq = { 0 };
	int err;

	lathep_mmc_request(&rq,
			   lathe_mmc_encode_synchronize_cache(
				   rq.cmd.cdb, sizeof(rq.cmd.cdb), false),
			   LATHEP_MMC_REPEATABLE);
	err = lathep_mmc_run(mmc, &rq);
	if (err)
		return err;
	return lathep_mmc_poll(mmc, SYNC_MS, LATHE_PHASE_CLOSING);
}

int lathep_mmc_cd_tao_end_track(struct lathe_mmc *mmc)
{
	return synchronize(mmc);
}

static int send_close(struct lathe_mmc *mmc,
		      enum lathe_mmc_close_function function, uint32_t track)
{
	struct lathep_mmc_request rq = { 0 };
	int err;

	lathep_mmc_request(&rq,
			   lathe_mmc_encode_close(rq.cmd.cdb,
						  sizeof(rq.cmd.cdb), true,
						  function, track),
			   0);
	/* Old Pioneers say "in progress" for a long time. */
	rq.patience_ms = CLOSE_MS;
	err = lathep_mmc_run(mmc, &rq);
	if (err)
		return err;
	return lathep_mmc_poll(mmc, CLOSE_MS, LATHE_PHASE_CLOSING);
}

int lathep_mmc_cd_tao_close(struct lathe_mmc *mmc,
			    const struct lathep_mmc_job *job,
			    uint32_t open_track)
{
	int err = 0;

	/* A cut burn may have left its track open in the drive. */
	if (open_track)
		err = synchronize(mmc);
	if (!err)
		err = set_page(mmc, job, false);
	if (!err)
		err = send_close(mmc, LATHE_MMC_CLOSE_SESSION, 0);
	if (err != LATHE_ERR_SENSE || mmc->failure.asc != 0x72 ||
	    mmc->failure.ascq != 0x03 || !open_track)
		return err;

	/* 72/03: there is an incomplete track; it comes first. */
	err = send_close(mmc, LATHE_MMC_CLOSE_TRACK, open_track);
	if (!err)
		err = send_close(mmc, LATHE_MMC_CLOSE_SESSION, 0);
	return err;
}
