/* SPDX-License-Identifier: MIT */
/* blank_disc.c - erases a rewritable disc. */
#include "mmc/mmc_strategy.h"

enum { FULL_MS = 18000000, MINIMAL_MS = 3600000 };

/* ---- what every erasing operation has around it ------------------------- */

static int erase(struct lathe_mmc *mmc, const struct lathe_mmc_medium *medium,
		 uint8_t opcode,
		 int (*work)(struct lathe_mmc *mmc, const void *ctx),
		 const void *ctx)
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
	mmc->unsettled = opcode;
	mmc->has_last_write = 0;
	return work(mmc, ctx);
}

/* Whatever became of it; its own failure is the one to be told. */
static int lock_again(struct lathe_mmc *mmc, int err)
{
	struct lathe_failure why = mmc->failure;
	int lock_err = lathep_mmc_prevent(mmc, true);

	if (err == 0)
		return lock_err;
	mmc->failure = why;
	return err;
}

int lathep_mmc_erase(struct lathe_mmc *mmc,
		     const struct lathe_mmc_medium *medium, uint8_t opcode,
		     int (*work)(struct lathe_mmc *mmc, const void *ctx),
		     const void *ctx)
{
	bool unlocked;
	int err;

	mmc->guard = LATHEP_MMC_GUARD_RECORDING;
	mmc->ended = 0;
	mmc->simulating = 0;
	mmc->known = 0;
	err = erase(mmc, medium, opcode, work, ctx);
	unlocked = mmc->unsettled == opcode;
	mmc->guard = LATHEP_MMC_GUARD_NONE;
	mmc->unsettled = 0;
	if (mmc->locked && unlocked)
		err = lock_again(mmc, err);
	return lathep_mmc_leave(mmc, err);
}

/* ---- BLANK -------------------------------------------------------------- */

static int send_blank(struct lathe_mmc *mmc, bool full)
{
	uint8_t cdb[12];
	int err = lathep_mmc_command(
		mmc, cdb,
		lathe_mmc_encode_blank(cdb, sizeof(cdb), true,
				       full ? LATHE_MMC_BLANK_TYPE_FULL
					    : LATHE_MMC_BLANK_TYPE_MINIMAL),
		0);

	if (err)
		return err;
	return lathep_mmc_poll(mmc, full ? FULL_MS : MINIMAL_MS,
			       LATHE_PHASE_BLANKING);
}

static int blank(struct lathe_mmc *mmc, const void *ctx)
{
	const bool *full = ctx;
	struct lathe_mmc_disc_info info;
	int err = send_blank(mmc, *full);

	if (!err)
		err = lathep_mmc_disc_info(mmc, 0, &info);
	if (!err && info.disc_status != LATHE_MMC_DISC_BLANK)
		err = lathep_mmc_fail(mmc, LATHE_ERR_CORRUPT,
				      "after blanking the drive shows disc "
				      "status %u",
				      info.disc_status);
	return err;
}

int lathe_mmc_blank(struct lathe_mmc *mmc,
		    const struct lathe_mmc_medium *medium,
		    enum lathe_mmc_blanking how)
{
	const struct lathep_mmc_strategy *s =
		lathep_mmc_strategy(medium->profile);
	bool full = how == LATHE_MMC_BLANK_FULL ||
		    (how == LATHE_MMC_BLANK_USUAL &&
		     lathep_mmc_is(s, LATHEP_MMC_BLANK_FULLY));
	int err = lathep_mmc_enter_for(mmc, false);

	if (err)
		return err;
	if (how > LATHE_MMC_BLANK_USUAL)
		return lathep_mmc_fail(mmc, LATHE_ERR_ARG, "no such blanking");
	if (!medium->erasable || !lathep_mmc_is(s, LATHEP_MMC_BLANKABLE))
		return lathep_mmc_fail(mmc, LATHE_ERR_MEDIUM_TYPE,
				       "this medium can not be erased");
	return lathep_mmc_erase(mmc, medium, LATHE_MMC_BLANK_COMMAND, blank,
				&full);
}
