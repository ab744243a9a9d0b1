/* SPDX-License-Identifier: MIT */
/*
 * strategy_cd_sao.c - CD-R and CD-RW, session at once: one data track on a
 * blank disc, whose length is known before its first block. A cue sheet tells
 * the drive the whole session; SYNCHRONIZE CACHE behind the last block has it
 * write the lead-out, and page 05h decides whether another session may follow.
 * No CLOSE command is sent.
 */
#include "mmc/mmc_strategy.h"

enum {
	PRE_GAP = 150,
	ENTRIES = 4,
	LONGEST = 404849 /* the lead-out at 89:59:74 */
};

/* 'form' is that of the track's pre-gap. */
static void make_sheet(uint8_t *sheet, uint32_t blocks,
		       enum lathe_mmc_cue_form form)
{
	const struct lathe_mmc_cue entries[ENTRIES] = {
		/* Lead-in, pre-gap and track 1, lead-out. */
		{ 0, 0, LATHE_MMC_CUE_DATA_GAP, -PRE_GAP },
		{ 1, 0, form, -PRE_GAP },
		{ 1, 1, LATHE_MMC_CUE_DATA, 0 },
		{ LATHE_MMC_TOC_LEAD_OUT, 1, LATHE_MMC_CUE_DATA_GAP,
		  (int32_t)blocks },
	};

	for (uint32_t i = 0; i < ENTRIES; i++)
		lathe_mmc_build_cue(&entries[i],
				    sheet + i * LATHE_MMC_CUE_BYTES,
				    LATHE_MMC_CUE_BYTES);
}

static int send_sheet(struct lathe_mmc *mmc, uint32_t blocks,
		      enum lathe_mmc_cue_form form)
{
	uint8_t sheet[ENTRIES * LATHE_MMC_CUE_BYTES], cdb[10];

	make_sheet(sheet, blocks, form);
	return lathep_mmc_send_list(mmc, cdb,
				    lathe_mmc_encode_send_cue_sheet(
					    cdb, sizeof(cdb), sizeof(sheet)),
				    0, sheet, sizeof(sheet));
}

static int prepare(struct lathe_mmc *mmc, struct lathep_mmc_job *job)
{
	static const struct lathe_mmc_write_parameters sao = {
		.write_type = LATHE_MMC_WRITE_SAO,
		.track_mode = 4,
	};
	uint32_t blocks = job->how->track_blocks;
	int err;

	if (job->data_mode != 1 || blocks > LONGEST)
		return lathep_mmc_fail(mmc, LATHE_ERR_UNSUPPORTED,
				       "at once is for data mode 1 and 90 "
				       "minutes");
	err = lathep_mmc_prepare_page(mmc, job, sao);
	if (!err)
		err = lathep_mmc_calibrate(mmc, job);
	if (err)
		return err;
	/* The pre-gap comes from us; some drives want to make it. */
	job->lead_blocks = PRE_GAP;
	err = send_sheet(mmc, blocks, LATHE_MMC_CUE_DATA);
	if (!lathep_mmc_unknown(mmc, err))
		return err;
	job->lead_blocks = 0;
	return send_sheet(mmc, blocks, LATHE_MMC_CUE_DATA_GAP);
}

const struct lathep_mmc_way lathep_mmc_cd_sao = {
	.any = LATHEP_MMC_FEATURE_BIT(LATHE_MMC_FEATURE_CD_MASTERING),
	.test = LATHEP_MMC_FEATURE_BIT(LATHE_MMC_FEATURE_CD_MASTERING),
	.prepare = prepare,
	.end_track = lathep_mmc_synchronize,
};
