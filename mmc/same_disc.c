/* SPDX-License-Identifier: MIT */
/*
 * same_disc.c - is the disc in the drive still the one that was read, in the
 * state that was read? Asked before anything that can not be undone.
 */
#include "mmc/mmc_internal.h"

enum { READY_MS = 60000 };

int lathep_mmc_another_disc(struct lathe_mmc *mmc, const char *what)
{
	return lathep_mmc_fail(mmc, LATHE_ERR_WRONG_DISC,
			       "the disc is not in the state in which it was "
			       "read: %s differs",
			       what);
}

/*
 * The kernel may have eaten the unit attention of a change, so the disc itself
 * is asked again. *info gets what it says now.
 */
int lathep_mmc_same_disc(struct lathe_mmc *mmc,
			 const struct lathe_mmc_medium *medium,
			 struct lathe_mmc_disc_info *info)
{
	bool blank = medium->status == LATHE_MMC_STATUS_BLANK;
	uint32_t complete;
	int err;

	if (mmc->changed)
		return lathep_mmc_another_disc(mmc, "the medium");
	err = lathep_mmc_test_ready(mmc, READY_MS, 0);
	if (!err)
		err = lathep_mmc_disc_info(mmc, 0, info);
	if (err)
		return err;
	if (info->erasable != medium->erasable)
		return lathep_mmc_another_disc(mmc, "the kind");
	if (info->has_disc_id && medium->has_disc_id &&
	    info->disc_id != medium->disc_id)
		return lathep_mmc_another_disc(mmc, "the disc id");
	/* What is cut or damaged may call itself blank all the same. */
	if (blank != (info->disc_status == LATHE_MMC_DISC_BLANK) &&
	    medium->status != LATHE_MMC_STATUS_UNFINISHED &&
	    medium->status != LATHE_MMC_STATUS_DAMAGED)
		return lathep_mmc_another_disc(mmc, "the status");
	complete = info->sessions;
	if (info->session_state != LATHE_MMC_SESSION_COMPLETE && complete > 0)
		complete--;
	if (info->disc_status != LATHE_MMC_DISC_BLANK &&
	    complete != medium->sessions)
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
