/* SPDX-License-Identifier: MIT */
/*
 * strategy_overwrite.c - media of which any block may be written at any time:
 * DVD-RAM, BD-RE, DVD+RW, and DVD-RW in restricted overwrite. The caller
 * chooses where to write. What has to be formatted first is formatted the
 * quick way. Each step asks the drive for the state that it begins with, so
 * that it may follow whatever was done before.
 */
#include "mmc/mmc_strategy.h"

enum { SETTLE_MS = 2000 };

static int another_format(struct lathe_mmc *mmc)
{
	return lathep_mmc_another_disc(mmc, "the format");
}

static bool is_formatted(const struct lathe_mmc *mmc,
			 const struct lathep_mmc_job *job)
{
	return job->disc->status == LATHE_MMC_STATUS_OVERWRITABLE ||
	       mmc->formatted;
}

/*
 * READ FORMAT CAPACITIES. A disc that was read as unformatted counted as empty:
 * if it is formatted after all, it may hold something. A drive that has just
 * got it may need a moment to know.
 */
static int ask_format(struct lathe_mmc *mmc, const struct lathep_mmc_job *job,
		      struct lathep_mmc_capacities *now)
{
	bool formatted = is_formatted(mmc, job);
	uint32_t end = 0;
	int err;

	memset(now, 0, sizeof(*now));
	if (!formatted)
		lathep_mmc_sleep(mmc, SETTLE_MS);
	err = lathep_mmc_format_capacities(mmc, now);
	if (err && !lathep_mmc_optional(mmc, err))
		return err;
	if (formatted)
		return 0;
	if (now->state != LATHE_MMC_FORMAT_DONE)
		err = lathep_mmc_read_end(mmc, &end);
	if (!err && (end || now->state == LATHE_MMC_FORMAT_DONE))
		err = another_format(mmc);
	return err;
}

/* ---- DVD-RAM, BD-RE ----------------------------------------------------- */

static int prepare_random(struct lathe_mmc *mmc, struct lathep_mmc_job *job)
{
	bool formatted = is_formatted(mmc, job);
	struct lathep_mmc_capacities now;
	int err = ask_format(mmc, job, &now);

	if (err)
		return err;
	/* What was read as formatted may hold something, and what is not
	 * called unformatted as well. */
	if (formatted == (now.state == LATHE_MMC_FORMAT_NONE))
		return another_format(mmc);
	if (formatted)
		return 0;
	err = lathep_mmc_format_quick(mmc, job->medium);
	mmc->formatted = !err;
	return err;
}

#define ANY_OF(a, b) \
	(LATHEP_MMC_FEATURE_BIT(a) | LATHEP_MMC_FEATURE_BIT(b))

const struct lathep_mmc_way lathep_mmc_random = {
	.flags = LATHEP_MMC_FLUSHES,
	/* The first one may not be current before the disc is formatted. */
	.any = ANY_OF(LATHE_MMC_FEATURE_RANDOM_WRITABLE,
		      LATHE_MMC_FEATURE_FORMATTABLE),
	.prepare = prepare_random,
	.end_track = lathep_mmc_synchronize,
};

/* ---- DVD+RW ------------------------------------------------------------- */

enum { NOT_STARTED = 0, STOPPED = 1, RUNNING = 2 };

static int prepare_plus(struct lathe_mmc *mmc, struct lathep_mmc_job *job)
{
	uint8_t background = job->info->background_format;
	bool formatted = is_formatted(mmc, job);
	struct lathep_mmc_capacities now;
	int err;

	if (background != NOT_STARTED && !formatted)
		return another_format(mmc);
	if (background != NOT_STARTED)
		return background == STOPPED
			       ? lathep_mmc_format_background(mmc, true)
			       : 0;
	/* What is formatted all the same, by the drive's word or since it
	 * could be read, must not be formatted over what is on it. */
	err = ask_format(mmc, job, &now);
	if (err)
		return err;
	if (formatted)
		return now.state == LATHE_MMC_FORMAT_NONE ? another_format(mmc)
							  : 0;
	err = lathep_mmc_format_background(mmc, false);
	mmc->formatted = !err;
	return err;
}

/* A format that still runs is stopped, so that the disc can be taken out and
 * read elsewhere; it goes on with the next session. */
static int close_plus(struct lathe_mmc *mmc, const struct lathep_mmc_job *job,
		      uint32_t open_track)
{
	int err;

	(void)open_track;
	if (job->info->background_format != RUNNING)
		return 0;
	err = lathep_mmc_send_close(mmc, LATHE_MMC_CLOSE_SESSION, 0);
	if (lathep_mmc_unknown(mmc, err))
		err = lathep_mmc_send_close(mmc, LATHE_MMC_STOP_FORMAT, 0);
	/* Where it can not be stopped it goes on. */
	return lathep_mmc_unless_unknown(mmc, err);
}

const struct lathep_mmc_way lathep_mmc_dvd_plus_rw = {
	.flags = LATHEP_MMC_FLUSHES,
	.any = ANY_OF(LATHE_MMC_FEATURE_DVD_PLUS_RW,
		      LATHE_MMC_FEATURE_RANDOM_WRITABLE),
	.prepare = prepare_plus,
	.end_track = lathep_mmc_synchronize,
	.close = close_plus,
};

/* ---- DVD-RW, restricted overwrite --------------------------------------- */

/*
 * After a quick format nothing is formatted yet: the disc grows as it is
 * written, gapless from its end on, and is in an intermediate state until its
 * session is closed. Then what is there can be overwritten, and the disc can
 * be made to grow anew.
 */
struct extent {
	struct lathep_mmc_capacities formats;
	bool growing;		/* the intermediate state */
	bool told;		/* the end is a next writable address */
	uint32_t end;		/* of what is there */
};

int lathep_mmc_read_growth(struct lathe_mmc *mmc, uint32_t *end, bool *told)
{
	struct lathe_mmc_track_info track;
	int err = lathep_mmc_track_info(mmc, LATHE_MMC_BY_TRACK, 1, &track);

	*told = !err && track.has_next_writable;
	if (*told)
		*end = track.next_writable;
	return lathep_mmc_unless_unknown(mmc, err);
}

static int read_extent(struct lathe_mmc *mmc,
		       const struct lathe_mmc_disc_info *info,
		       struct extent *out)
{
	int err = lathep_mmc_format_capacities(mmc, &out->formats);

	if (err)
		return err;
	out->growing = out->formats.state == LATHE_MMC_FORMAT_UNKNOWN ||
		       info->session_state == LATHE_MMC_SESSION_INCOMPLETE;
	out->told = false;
	err = lathep_mmc_read_end(mmc, &out->end);
	if (err || !out->growing)
		return err;
	return lathep_mmc_read_growth(mmc, &out->end, &out->told);
}

static int prepare_minus(struct lathe_mmc *mmc, struct lathep_mmc_job *job)
{
	uint32_t blocks = job->how->track_blocks;
	struct extent have;
	int err = read_extent(mmc, job->info, &have);

	if (err)
		return err;
	/* From its end on the caller writes: not over what could be read. */
	if (!have.told && have.end < job->disc->readable_end)
		return lathep_mmc_another_disc(mmc, "the formatted size");
	/* What a cut left there is overwritten only in another state. */
	if (have.growing && job->start < have.end) {
		have.growing = false;
		err = lathep_mmc_send_close(mmc, LATHE_MMC_CLOSE_SESSION, 0);
		if (!err)
			err = lathep_mmc_format_capacities(mmc, &have.formats);
		if (err)
			return err;
	}
	if (job->start < have.end &&
	    (blocks == 0 || blocks <= have.end - job->start))
		return 0;
	if (!have.growing)
		err = lathep_mmc_format_grow(mmc, &have.formats);
	/* No holes: the caller fills them. */
	if (job->start > have.end)
		job->start = have.end;
	return err;
}

/* Leave the intermediate state, if the disc is in it. */
static int stop_growing(struct lathe_mmc *mmc)
{
	struct lathe_mmc_disc_info info;
	struct extent have;
	int err = lathep_mmc_disc_info(mmc, 0, &info);

	if (!err)
		err = read_extent(mmc, &info, &have);
	if (err || !have.growing)
		return err;
	return lathep_mmc_send_close(mmc, LATHE_MMC_CLOSE_SESSION, 0);
}

static int end_minus(struct lathe_mmc *mmc)
{
	int err = lathep_mmc_synchronize(mmc);

	return err ? err : stop_growing(mmc);
}

static int close_minus(struct lathe_mmc *mmc, const struct lathep_mmc_job *job,
		       uint32_t open_track)
{
	(void)job;
	(void)open_track;
	return stop_growing(mmc);
}

const struct lathep_mmc_way lathep_mmc_dvd_rw_overwrite = {
	.flags = LATHEP_MMC_FLUSHES | LATHEP_MMC_WHOLE_PACKETS,
	.any = ANY_OF(LATHE_MMC_FEATURE_RESTRICTED_OVERWRITE,
		      LATHE_MMC_FEATURE_RIGID_OVERWRITE),
	.prepare = prepare_minus,
	.end_track = end_minus,
	.close = close_minus,
};
