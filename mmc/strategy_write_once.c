/* SPDX-License-Identifier: MIT */
/*
 * strategy_write_once.c - DVD+R and sequential BD-R, one layer or more. The
 * function of CLOSE TRACK/SESSION decides whether the disc can be continued;
 * page 05h means nothing to these media, but for some firmware, which heeds its
 * multi-session bits on DVD+R. One track a session.
 */
#include "mmc/mmc_strategy.h"

static int set_layer_break(struct lathe_mmc *mmc, uint32_t blocks)
{
	uint8_t data[LATHE_MMC_LAYER_BREAK_BYTES], cdb[12];
	int err = lathe_mmc_build_layer_break(blocks, data, sizeof(data));

	if (err)
		return err;
	return lathep_mmc_send_list(mmc, cdb,
				    lathe_mmc_encode_send_disc_structure(
					    cdb, sizeof(cdb),
					    LATHE_MMC_STRUCTURE_LAYER_BREAK,
					    sizeof(data)),
				    0, data, sizeof(data));
}

static int prepare(struct lathe_mmc *mmc, struct lathep_mmc_job *job)
{
	uint32_t layer_break = job->how->layer_break;
	int err = 0;

	if (layer_break)
		err = set_layer_break(mmc, layer_break);
	return err ? err : lathep_mmc_reserve(mmc, job);
}

/* 'other' is asked for where the drive does not know 'final'; 0: none. */
static int close_by(struct lathe_mmc *mmc, const struct lathep_mmc_job *job,
		    uint32_t open_track, enum lathe_mmc_close_function final,
		    enum lathe_mmc_close_function other)
{
	int err = lathep_mmc_close_left_track(mmc, open_track);

	if (err)
		return err;
	if (!job->final)
		return lathep_mmc_send_close(mmc, LATHE_MMC_CLOSE_SESSION, 0);
	err = lathep_mmc_send_close(mmc, final, 0);
	if (other && lathep_mmc_unknown(mmc, err) && mmc->failure.asc == 0x24)
		err = lathep_mmc_send_close(mmc, other, 0);
	return err;
}

/* Some drives finalise two layers with 101b only, so that is first. */
static int close_dvd(struct lathe_mmc *mmc, const struct lathep_mmc_job *job,
		     uint32_t open_track)
{
	int err = lathep_mmc_allow_sessions(mmc, job->final);

	if (err)
		return err;
	return close_by(mmc, job, open_track, LATHE_MMC_FINALIZE_MINIMUM,
			LATHE_MMC_FINALIZE);
}

static int close_bd(struct lathe_mmc *mmc, const struct lathep_mmc_job *job,
		    uint32_t open_track)
{
	return close_by(mmc, job, open_track, LATHE_MMC_FINALIZE, 0);
}

#define WRITE_ONCE                                                     \
	.flags = LATHEP_MMC_ASKS_NEXT | LATHEP_MMC_FLUSHES |           \
		 LATHEP_MMC_FINISHES,                                  \
	.prepare = prepare, .end_track = lathep_mmc_flush_and_close_track

const struct lathep_mmc_way lathep_mmc_dvd_plus_r = {
	WRITE_ONCE,
	.any = LATHEP_MMC_FEATURE_BIT(LATHE_MMC_FEATURE_DVD_PLUS_R) |
	       LATHEP_MMC_FEATURE_BIT(LATHE_MMC_FEATURE_DVD_PLUS_R_DL),
	.close = close_dvd,
};

const struct lathep_mmc_way lathep_mmc_bd_r = {
	WRITE_ONCE,
	.any = LATHEP_MMC_FEATURE_BIT(LATHE_MMC_FEATURE_BD_WRITE),
	.close = close_bd,
};
