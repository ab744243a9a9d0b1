/* SPDX-License-Identifier: MIT */
/* blank_disc.c - erases a rewritable disc. */
#include "mmc/mmc_internal.h"

enum { FULL_MS = 18000000, MINIMAL_MS = 3600000 };

static int send_blank(struct lathe_mmc *mmc, enum lathe_mmc_blanking how)
{
	struct lathep_mmc_request rq = { 0 };
	bool full = how == LATHE_MMC_BLANK_FULL;
	int err;

	lathep_mmc_request(
		&rq,
		lathe_mmc_encode_blank(rq.cmd.cdb, sizeof(rq.cmd.cdb), true,
				       full ? LATHE_MMC_BLANK_TYPE_FULL
					    : LATHE_MMC_BLANK_TYPE_MINIMAL),
		0);
	err = lathep_mmc_run(mmc, &rq);
	if (err)
		return err;
	return lathep_mmc_poll(mmc, full ? FULL_MS : MINIMAL_MS,
			       LATHE_PHASE_BLANKING);
}

static int blank(struct lathe_mmc *mmc, const struct lathe_mmc_medium *medium,
		 enum lathe_mmc_blanking how)
{
	struct lathe_mmc_disc_info info;
	int err;

	err = lathep_mmc_same_disc(mmc, medium, &info);
	if (err)
		return err;
	/* A program that was killed leaves its lock behind, and then some
	 * drives refuse. */
	err = lathep_mmc_prevent(mmc, false);
	if (err && !lathep_mmc_unknown(mmc, err))
		return err;
	mmc->unsettled = LATHE_MMC_BLANK_COMMAND;
	mmc->has_last_write = 0;
	err = send_blank(mmc, how);
	if (!err)
		err = lathep_mmc_disc_info(mmc, 0, &info);
	if (!err && info.disc_status != LATHE_MMC_DISC_BLANK)
		err = lathep_mmc_fail(mmc, LATHE_ERR_CORRUPT,
				      "after blanking the drive shows disc "
				      "status %u",
				      info.disc_status);
	return err;
}

/* Whatever became of the blanking; its own failure is the one to be told. */
static int lock_again(struct lathe_mmc *mmc, int err)
{
	struct lathe_failure why = mmc->failure;
	int lock_err = lathep_mmc_prevent(mmc, true);

	if (err == 0)
		return lock_err;
	mmc->failure = why;
	return err;
}

int lathe_mmc_blank(struct lathe_mmc *mmc,
		    const struct lathe_mmc_medium *medium,
		    enum lathe_mmc_blanking how)
{
	bool unlocked;
	int err;

	lathep_mmc_enter(mmc);
	if (mmc->writing)
		return lathep_mmc_fail(mmc, LATHE_ERR_STATE, "a track is open");
	if (!medium->erasable ||
	    !lathep_mmc_strategy(medium->profile)->blankable)
		return lathep_mmc_fail(mmc, LATHE_ERR_MEDIUM_TYPE,
				       "this medium can not be erased");
	mmc->guard = LATHEP_MMC_GUARD_RECORDING;
	mmc->ended = 0;
	mmc->simulating = 0;
	mmc->known = 0;
	err = blank(mmc, medium, how);
	unlocked = mmc->unsettled == LATHE_MMC_BLANK_COMMAND;
	mmc->guard = LATHEP_MMC_GUARD_NONE;
	mmc->unsettled = 0;
	if (mmc->locked && unlocked)
		err = lock_again(mmc, err);
	return lathep_mmc_leave(mmc, err);
}

int lathe_mmc_format(struct lathe_mmc *mmc,
		     const struct lathe_mmc_medium *medium,
		     const struct lathe_mmc_formatting *how)
{
	(void)medium;
	(void)how;
	lathep_mmc_enter(mmc);
	return lathep_mmc_fail(mmc, LATHE_ERR_MEDIUM_TYPE,
			       "this medium can not be formatted");
}
