/* SPDX-License-Identifier: MIT */
/*
 * polling.c - waits for what runs in the drive after its command returned. Some
 * drives answer TEST UNIT READY with GOOD while a close still runs, so READ
 * DISC INFORMATION has to agree.
 */
#include "mmc/mmc_internal.h"

enum {
	INTERVAL_MS = 500,
	SIGHT_MS = 10000,
	TRAY_OPEN = 2 /* the qualifier of 3Ah */
};

void lathep_mmc_progress(struct lathe_mmc *mmc, enum lathe_phase phase,
			 const struct lathe_mmc_sense *sense)
{
	const struct lathe_hooks *hooks = &mmc->config.hooks;
	struct lathe_progress progress = { .phase = phase, .total = 65536 };

	if (!hooks->progress)
		return;
	if (sense && sense->has_progress)
		progress.done = sense->progress;
	else
		progress.total = 0;
	hooks->progress(hooks->ctx, &progress);
}

/* One question to the drive; its sense data are kept for the progress. */
static int ask_ready(struct lathe_mmc *mmc, struct lathe_mmc_sense *sense)
{
	struct lathep_mmc_request rq;
	int err;

	lathep_mmc_request(&rq,
			   lathe_mmc_encode_test_unit_ready(rq.cmd.cdb,
							    sizeof(rq.cmd.cdb)),
			   LATHEP_MMC_REPEATABLE | LATHEP_MMC_NO_WAIT);
	err = lathep_mmc_run(mmc, &rq);
	memset(sense, 0, sizeof(*sense));
	if (rq.has_sense)
		*sense = rq.sense;
	return err;
}

/*
 * Drives that leave the progress out of TEST UNIT READY tell it here. What
 * else comes this way comes only once: a deferred error must not be lost.
 */
static int ask_progress(struct lathe_mmc *mmc, struct lathe_mmc_sense *sense)
{
	struct lathep_mmc_request rq;
	struct lathe_mmc_sense told;
	uint8_t data[18];

	lathep_mmc_request(&rq,
			   lathe_mmc_encode_request_sense(rq.cmd.cdb,
							  sizeof(rq.cmd.cdb),
							  false, sizeof(data)),
			   LATHEP_MMC_REPEATABLE | LATHEP_MMC_NO_WAIT);
	rq.cmd.data = data;
	rq.cmd.data_len = sizeof(data);
	if (lathep_mmc_run(mmc, &rq) != 0 ||
	    lathe_mmc_parse_sense(data, rq.cmd.moved, &told) != 0)
		return LATHEP_MMC_NOT_READY;
	if (told.deferred && told.key != LATHE_MMC_KEY_RECOVERED &&
	    mmc->unsettled) {
		rq.sense = told;
		rq.has_sense = true;
		return lathep_mmc_fail_deferred(mmc, &rq);
	}
	if (told.has_progress)
		*sense = told;
	return LATHEP_MMC_NOT_READY;
}

/* Some drives do not know it for media that have no sessions. */
static int ask_disc(struct lathe_mmc *mmc)
{
	struct lathe_mmc_disc_info info;
	int err = lathep_mmc_disc_info(mmc, LATHEP_MMC_NO_WAIT, &info);

	return lathep_mmc_unless_unknown(mmc, err);
}

int lathep_mmc_poll(struct lathe_mmc *mmc, uint32_t limit_ms,
		    enum lathe_phase phase)
{
	uint8_t guard = mmc->guard, changed = mmc->changed;
	struct lathe_mmc_sense sense;
	uint32_t waited_ms = 0;
	int err;

	/* The operation was accepted: that the medium now looks changed may
	 * be its effect. A reset still counts, by mmc->unsettled. */
	mmc->guard = LATHEP_MMC_GUARD_NONE;
	do {
		/* Busy may not show at once, so wait first. */
		waited_ms += lathep_mmc_sleep(mmc, INTERVAL_MS);
		err = ask_ready(mmc, &sense);
		if (err == 0)
			err = ask_disc(mmc);
		else if (err == LATHEP_MMC_NOT_READY && !sense.has_progress &&
			 mmc->config.hooks.progress)
			err = ask_progress(mmc, &sense);
		/* Some see no disc while they look at it anew. */
		if (err == LATHE_ERR_NO_MEDIUM && waited_ms < SIGHT_MS &&
		    mmc->failure.ascq != TRAY_OPEN)
			err = LATHEP_MMC_NOT_READY;
		if (err == LATHEP_MMC_NOT_READY)
			lathep_mmc_progress(mmc, phase, &sense);
	} while (err == LATHEP_MMC_NOT_READY && waited_ms < limit_ms);
	mmc->guard = guard;
	mmc->changed = changed;
	if (err == LATHEP_MMC_NOT_READY)
		return lathep_mmc_fail(mmc, LATHE_ERR_TIMEOUT,
				       "the drive is still busy after %lu s",
				       (unsigned long)(waited_ms / 1000));
	return err;
}
