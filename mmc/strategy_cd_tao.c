/* SPDX-License-Identifier: MIT */
/*
 * strategy_cd_tao.c - CD-R and CD-RW, track at once: one data track a session.
 * The drive writes pre-gap, run-out, lead-in and lead-out. SYNCHRONIZE CACHE
 * ends the track, so none may come before its last block, and no CLOSE TRACK
 * is sent, which some drives refuse.
 */
#include "mmc/mmc_strategy.h"

static int set_page(struct lathe_mmc *mmc, const struct lathep_mmc_job *job)
{
	static const struct lathe_mmc_write_parameters tao = {
		.write_type = LATHE_MMC_WRITE_TAO,
		.track_mode = 4,
	};

	return lathep_mmc_prepare_page(mmc, job, tao);
}

static int prepare(struct lathe_mmc *mmc, struct lathep_mmc_job *job)
{
	int err = set_page(mmc, job);

	return err ? err : lathep_mmc_calibrate(mmc, job);
}

static int close_session(struct lathe_mmc *mmc,
			 const struct lathep_mmc_job *job, uint32_t open_track)
{
	uint32_t behind;
	int err = 0;

	/* A cut burn may have left its track open in the drive. */
	if (open_track)
		err = lathep_mmc_synchronize(mmc);
	if (!err)
		err = set_page(mmc, job);
	if (!err)
		err = lathep_mmc_send_close(mmc, LATHE_MMC_CLOSE_SESSION, 0);
	behind = mmc->failure.ascq - 3u;
	if (err != LATHE_ERR_SENSE || mmc->failure.asc != 0x72 || behind > 1 ||
	    open_track <= behind)
		return err;

	/* 72/03: there is an incomplete track; it comes first. 72/04: it was
	 * reserved, and lies in front of the one that is named. */
	err = lathep_mmc_send_close(mmc, LATHE_MMC_CLOSE_TRACK,
				    open_track - behind);
	if (!err)
		err = lathep_mmc_send_close(mmc, LATHE_MMC_CLOSE_SESSION, 0);
	return err;
}

const struct lathep_mmc_way lathep_mmc_cd_tao = {
	.flags = LATHEP_MMC_ASKS_NEXT,
	.any = LATHEP_MMC_FEATURE_BIT(LATHE_MMC_FEATURE_CD_TAO),
	.test = LATHEP_MMC_FEATURE_BIT(LATHE_MMC_FEATURE_CD_TAO),
	.prepare = prepare,
	.end_track = lathep_mmc_synchronize,
	.close = close_session,
};
