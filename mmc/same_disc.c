/* SPDX-License-Identifier: MIT */
/*
 * same_disc.c - is the disc in the drive still the one that was read, in the
 * state that was read? Asked before anything that can not be undone.
 */
#include "mmc/mmc_strategy.h"

int lathep_mmc_another_disc(struct lathe_mmc *mmc, const char *what)
{
	return lathep_mmc_fail(mmc, LATHE_ERR_WRONG_DISC,
			       "the disc is not as it was read: %s differs",
			       what);
}

int lathep_mmc_another_medium(struct lathe_mmc *mmc)
{
	return lathep_mmc_another_disc(mmc, "the medium");
}

bool lathep_mmc_is_blank(const struct lathep_mmc_strategy *medium,
			 const struct lathe_mmc_disc_info *info)
{
	if (info->disc_status == LATHE_MMC_DISC_BLANK)
		return true;
	/* A BD-R that is formatted, or about to be, calls itself appendable. */
	return lathep_mmc_is(medium, LATHEP_MMC_EMPTY_IS_BLANK) &&
	       info->disc_status == LATHE_MMC_DISC_APPENDABLE &&
	       info->session_state == LATHE_MMC_SESSION_EMPTY &&
	       info->sessions <= 1;
}

uint16_t lathep_mmc_complete_sessions(const struct lathe_mmc_disc_info *info)
{
	/* Whatever its last one is called, a final disc takes no other. */
	bool open = info->session_state != LATHE_MMC_SESSION_COMPLETE &&
		    info->disc_status <= LATHE_MMC_DISC_APPENDABLE;

	return (uint16_t)(info->sessions - (open && info->sessions > 0));
}

int lathep_mmc_same_disc(struct lathe_mmc *mmc,
			 const struct lathe_mmc_medium *medium,
			 struct lathe_mmc_disc_info *info)
{
	const struct lathep_mmc_strategy *s =
		lathep_mmc_strategy(medium->profile);
	bool blank = medium->status == LATHE_MMC_STATUS_BLANK;
	bool now_blank;
	uint32_t complete;
	int err;

	if (mmc->changed)
		return lathep_mmc_another_medium(mmc);
	err = lathep_mmc_test_ready(mmc, LATHEP_MMC_READY_MS, 0);
	if (!err)
		err = lathep_mmc_disc_info(mmc, 0, info);
	/* Overwritable media work without it. */
	if (medium->overwritable && lathep_mmc_unknown(mmc, err)) {
		memset(info, 0, sizeof(*info));
		return 0;
	}
	if (err)
		return err;
	if (info->erasable != medium->erasable)
		return lathep_mmc_another_disc(mmc, "the kind");
	if (info->has_disc_id && medium->has_disc_id &&
	    info->disc_id != medium->disc_id)
		return lathep_mmc_another_disc(mmc, "the disc id");
	/* Their status and sessions say nothing and change as we go. */
	if (medium->overwritable)
		return 0;
	complete = lathep_mmc_complete_sessions(info);
	/* A BD-R whose empty session is not counted; where it begins is
	 * compared later. */
	if (lathep_mmc_is(s, LATHEP_MMC_EMPTY_IS_BLANK) &&
	    info->session_state == LATHE_MMC_SESSION_EMPTY &&
	    complete + 1 == medium->sessions)
		return 0;
	now_blank = lathep_mmc_is_blank(s, info);
	/* What is cut or damaged may call itself blank all the same. */
	if (blank != now_blank &&
	    medium->status != LATHE_MMC_STATUS_UNFINISHED &&
	    medium->status != LATHE_MMC_STATUS_DAMAGED)
		return lathep_mmc_another_disc(mmc, "the status");
	if (!now_blank && complete != medium->sessions)
		return lathep_mmc_another_disc(mmc, "the number of sessions");
	return 0;
}

uint8_t lathep_mmc_choose_data_mode(const struct lathe_mmc_medium *medium,
				    uint8_t asked)
{
	if (asked)
		return asked;
	return medium->data_mode ? medium->data_mode : 1;
}
