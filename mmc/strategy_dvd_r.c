/* SPDX-License-Identifier: MIT */
/*
 * strategy_dvd_r.c - DVD-R and DVD-RW, sequential. Incremental: one track a
 * session, which the host closes before it closes the border. Disc at once: a
 * single track whose exact length is reserved; the drive writes lead-in and
 * lead-out by itself when the buffer is flushed behind its last block.
 */
#include "mmc/mmc_strategy.h"

enum { PACKET_BLOCKS = 16, LINK_SIZE = 16 };

/* ---- incremental -------------------------------------------------------- */

static int set_incremental(struct lathe_mmc *mmc,
			   const struct lathep_mmc_job *job)
{
	struct lathe_mmc_write_parameters page = {
		.write_type = LATHE_MMC_WRITE_PACKET,
		.track_mode = 5,
		.has_link_size = true,
		.link_size = mmc->link_size ? mmc->link_size : LINK_SIZE,
		.fixed_packet = true,
		.packet_blocks = PACKET_BLOCKS,
	};

	return lathep_mmc_prepare_page(mmc, job, page);
}

static int prepare_incremental(struct lathe_mmc *mmc,
			       struct lathep_mmc_job *job)
{
	int err = set_incremental(mmc, job);

	if (!err)
		err = lathep_mmc_calibrate(mmc, job);
	return err ? err : lathep_mmc_reserve(mmc, job);
}

static int close_border(struct lathe_mmc *mmc, const struct lathep_mmc_job *job,
			uint32_t open_track)
{
	int err = lathep_mmc_close_left_track(mmc, open_track);

	/* The page decides whether a further border is possible. */
	if (!err)
		err = set_incremental(mmc, job);
	if (!err)
		err = lathep_mmc_send_close(mmc, LATHE_MMC_CLOSE_SESSION, 0);
	return err;
}

const struct lathep_mmc_way lathep_mmc_dvd_r_incremental = {
	.flags = LATHEP_MMC_ASKS_NEXT | LATHEP_MMC_FLUSHES |
		 LATHEP_MMC_WHOLE_PACKETS,
	.any = LATHEP_MMC_FEATURE_BIT(LATHE_MMC_FEATURE_DVD_R_WRITE),
	.all = LATHEP_MMC_FEATURE_BIT(LATHE_MMC_FEATURE_INCREMENTAL),
	.test = LATHEP_MMC_FEATURE_BIT(LATHE_MMC_FEATURE_DVD_R_WRITE),
	.prepare = prepare_incremental,
	.end_track = lathep_mmc_flush_and_close_track,
	.close = close_border,
};

/* ---- disc at once ------------------------------------------------------- */

static int prepare_at_once(struct lathe_mmc *mmc, struct lathep_mmc_job *job)
{
	static const struct lathe_mmc_write_parameters at_once = {
		.write_type = LATHE_MMC_WRITE_SAO,
		.track_mode = 5,
	};
	int err = lathep_mmc_prepare_page(mmc, job, at_once);

	if (!err)
		err = lathep_mmc_calibrate(mmc, job);
	if (!err)
		err = lathep_mmc_send_reserve(mmc, job->how->track_blocks);
	return err;
}

const struct lathep_mmc_way lathep_mmc_dvd_r_at_once = {
	.flags = LATHEP_MMC_ONLY_FINAL,
	.any = LATHEP_MMC_FEATURE_BIT(LATHE_MMC_FEATURE_DVD_R_WRITE),
	.test = LATHEP_MMC_FEATURE_BIT(LATHE_MMC_FEATURE_DVD_R_WRITE),
	.prepare = prepare_at_once,
	.end_track = lathep_mmc_synchronize,
};
