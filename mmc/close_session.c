/* SPDX-License-Identifier: MIT */
/* close_session.c - closes the last session and has the drive confirm it. */
#include "mmc/mmc_strategy.h"

enum {
	/* How long a drive may take to show a closed session. */
	SHOW_MS = 10000,
	SHOW_PAUSE_MS = 1000
};

static bool shows_closed(const struct lathe_mmc_disc_info *info, bool final)
{
	if (final)
		return info->disc_status == LATHE_MMC_DISC_FINAL &&
		       info->session_state != LATHE_MMC_SESSION_DAMAGED;
	return info->disc_status == LATHE_MMC_DISC_APPENDABLE &&
	       info->session_state == LATHE_MMC_SESSION_EMPTY;
}

/* UNFINISHED where the drive shows that it is not; then no failure is told. */
static int is_closed(struct lathe_mmc *mmc, bool final)
{
	struct lathe_mmc_disc_info info;
	int err = lathep_mmc_disc_info(mmc, 0, &info);

	return err || shows_closed(&info, final) ? err : LATHE_ERR_UNFINISHED;
}

/* "Closed" is what the drive shows, not what its commands returned. A session
 * that is incomplete on a final disc may be at work still. */
static int check_closed(struct lathe_mmc *mmc, bool final)
{
	struct lathe_mmc_disc_info info;
	uint32_t waited_ms = 0;

	for (;;) {
		int err = lathep_mmc_disc_info(mmc, 0, &info);

		if (err)
			return err;
		if (shows_closed(&info, final) &&
		    (waited_ms >= SHOW_MS ||
		     info.session_state != LATHE_MMC_SESSION_INCOMPLETE))
			return 0;
		if (waited_ms >= SHOW_MS)
			break;
		waited_ms += lathep_mmc_sleep(mmc, SHOW_PAUSE_MS);
	}
	if (!final && info.disc_status == LATHE_MMC_DISC_FINAL)
		return lathep_mmc_fail(mmc, LATHE_ERR_NOT_APPENDABLE,
				       "closed, but the drive made the disc "
				       "final");
	return lathep_mmc_fail(mmc, LATHE_ERR_UNFINISHED,
			       "the drive shows disc status %u, session %u",
			       info.disc_status, info.session_state);
}

/* There is no session, only what the drive has begun. */
static int settle(struct lathe_mmc *mmc, const struct lathe_mmc_medium *medium)
{
	struct lathep_mmc_job job = { .medium = mmc->strategy };
	struct lathe_mmc_disc_info info;
	int err = lathep_mmc_same_disc(mmc, medium, &info);

	job.info = &info;
	if (err || !mmc->way->close)
		return err;
	return mmc->way->close(mmc, &job, 0);
}

static int wants_session(struct lathe_mmc *mmc, const char *why)
{
	return lathep_mmc_fail(mmc, LATHE_ERR_UNSUPPORTED,
			       "%s: the disc is final only with one more "
			       "session",
			       why);
}

/*
 * Behind a closed session. MMC-6 6.3: DVD+R and BD-R have functions of their
 * own for that. On DVD-R and CD the close of an empty session is GOOD and
 * records nothing, so that it would take one more. What a drive makes of it
 * shows in the end.
 */
static int finish(struct lathe_mmc *mmc, const struct lathep_mmc_job *job)
{
	int err;

	if (!(mmc->way->flags & LATHEP_MMC_FINISHES))
		return wants_session(mmc, "the last session is closed");
	mmc->unsettled = LATHE_MMC_CLOSE_TRACK_SESSION;
	err = mmc->way->close(mmc, job, 0);
	if (!err)
		err = check_closed(mmc, true);
	if (err == LATHE_ERR_UNFINISHED)
		return wants_session(mmc, "the drive left it open");
	if (!lathep_mmc_unknown(mmc, err))
		return err;
	mmc->failure.err = LATHE_ERR_UNSUPPORTED;
	return LATHE_ERR_UNSUPPORTED;
}

static int close_session(struct lathe_mmc *mmc,
			 const struct lathe_mmc_medium *medium, bool final)
{
	struct lathep_mmc_job job = { .medium = mmc->strategy, .final = final };
	struct lathe_mmc_disc_info info;
	uint32_t open_track = 0;
	int err, closed;

	job.data_mode = mmc->ended ? mmc->data_mode
				   : lathep_mmc_choose_data_mode(medium, 0);
	if (!mmc->ended) {
		err = lathep_mmc_same_disc(mmc, medium, &info);
		if (err)
			return err;
		/* A cut session may look like an empty one. */
		if (medium->status != LATHE_MMC_STATUS_UNFINISHED &&
		    shows_closed(&info, final))
			return 0;
		if (medium->status == LATHE_MMC_STATUS_APPENDABLE && final)
			return finish(mmc, &job);
		if (medium->status != LATHE_MMC_STATUS_UNFINISHED)
			return lathep_mmc_fail(
				mmc, LATHE_ERR_STATE,
				"no session is open");
		open_track = medium->open_track ? medium->open_track : 1;
	} else if (mmc->changed) {
		return lathep_mmc_another_medium(mmc);
	}
	/* A close whose answer was lost may have been done. Before the first
	 * one that would prove nothing: some drives show the state late. */
	if (mmc->ended && mmc->close_sent) {
		err = is_closed(mmc, final);
		if (err != LATHE_ERR_UNFINISHED)
			return err;
	}
	mmc->close_sent = 1;
	if (!mmc->unsettled)
		mmc->unsettled = LATHE_MMC_CLOSE_TRACK_SESSION;
	err = mmc->way->close ? mmc->way->close(mmc, &job, open_track) : 0;
	if (!err)
		return check_closed(mmc, final);
	/* One that a drive was at was sent again, and there was none left. */
	if (final && lathep_mmc_unknown(mmc, err)) {
		closed = is_closed(mmc, final);
		if (closed != LATHE_ERR_UNFINISHED)
			return closed;
	}
	return err;
}

int lathe_mmc_close_session(struct lathe_mmc *mmc,
			    const struct lathe_mmc_medium *medium, bool final)
{
	const struct lathep_mmc_strategy *s =
		lathep_mmc_strategy(medium->profile);
	int err = lathep_mmc_enter_for(mmc, false);

	if (err)
		return err;
	if (!s->usual || medium->pseudo_overwrite)
		return lathep_mmc_fail(mmc, LATHE_ERR_MEDIUM_TYPE,
				       "this medium can not be closed");
	if (mmc->simulating) {
		mmc->ended = 0;
		mmc->simulating = 0;
		mmc->unsettled = 0;
		return 0;
	}
	mmc->strategy = s;
	/* What a cut burn left is closed in the usual way. */
	if (!mmc->ended)
		mmc->way = s->usual;
	mmc->guard = LATHEP_MMC_GUARD_RECORDING;
	err = lathep_mmc_is(s, LATHEP_MMC_OVERWRITABLE)
		      ? settle(mmc, medium)
		      : close_session(mmc, medium, final);
	mmc->guard = LATHEP_MMC_GUARD_NONE;
	if (err == 0) {
		/* The medium is another than the one that was read. */
		mmc->ended = 0;
		mmc->known = 0;
	}
	/* What an earlier burn left is over with this call, closed or not. */
	if (!mmc->ended)
		mmc->unsettled = 0;
	return lathep_mmc_leave(mmc, err);
}
