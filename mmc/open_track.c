/* SPDX-License-Identifier: MIT */
/* open_track.c - which track takes the next WRITE, and where. */
#include "mmc/mmc_strategy.h"

uint32_t lathep_mmc_plain_lba(uint32_t lba)
{
	/* FFFFFF6Ah is -150: some drives tell a blank CD's pre-gap. */
	return lba >= 0xffffff6au ? 0 : lba;
}

/*
 * A reserved track that is not full yet lies in front of the invisible one,
 * and is the one to be written. On CD nobody reserves.
 */
static int take_reserved_track(struct lathe_mmc *mmc,
			       const struct lathe_mmc_disc_info *info,
			       struct lathe_mmc_track_info *out)
{
	struct lathe_mmc_track_info before;
	int err;

	if (lathep_mmc_is(mmc->strategy, LATHEP_MMC_TOC_IS_TRUE) ||
	    out->next_writable != out->start ||
	    out->track <= info->last_session_first_track)
		return 0;
	err = lathep_mmc_track_info(mmc, LATHE_MMC_BY_TRACK, out->track - 1u,
				    &before);
	if (err)
		return lathep_mmc_unless_unknown(mmc, err);
	if (before.has_next_writable)
		*out = before;
	return 0;
}

int lathep_mmc_open_track(struct lathe_mmc *mmc,
			  const struct lathe_mmc_disc_info *info,
			  struct lathe_mmc_track_info *out)
{
	uint32_t numbers[3], n = 0;
	struct lathe_mmc_track_info track;

	memset(out, 0, sizeof(*out));
	if (lathep_mmc_is(mmc->strategy, LATHEP_MMC_ASK_INVISIBLE))
		numbers[n++] = LATHE_MMC_INVISIBLE_TRACK;
	numbers[n++] = info->last_session_last_track;
	numbers[n++] = info->last_session_first_track;

	for (uint32_t i = 0; i < n; i++) {
		int err;

		if (numbers[i] == 0)
			continue;
		err = lathep_mmc_track_info(mmc, LATHE_MMC_BY_TRACK, numbers[i],
					    &track);
		if (lathep_mmc_unknown(mmc, err))
			continue;
		if (err)
			return err;
		track.start = lathep_mmc_plain_lba(track.start);
		track.next_writable = lathep_mmc_plain_lba(track.next_writable);
		/* Some answer FFh with FFh itself. */
		if (track.track == LATHE_MMC_INVISIBLE_TRACK)
			track.track = info->last_session_last_track;
		if (track.has_next_writable || out->track == 0)
			*out = track;
		if (track.has_next_writable)
			return take_reserved_track(mmc, info, out);
	}
	return LATHE_ERR_NOT_FOUND;
}

/* Without a complete session or a format many drives have no capacity, and
 * say so in many ways; these are none of them. */
static bool is_trouble(const struct lathe_failure *f)
{
	switch (f->key) {
	case LATHE_MMC_KEY_MEDIUM:
		/* Below 20h the disc can not be read just now, from 30h on
		 * its format is told. */
		return f->asc != 0 && f->asc < 0x20;
	case LATHE_MMC_KEY_HARDWARE:
	case LATHE_MMC_KEY_UNIT_ATTENTION:
	case LATHE_MMC_KEY_ABORTED:
		return true;
	default:
		return f->deferred;
	}
}

int lathep_mmc_read_end(struct lathe_mmc *mmc, uint32_t *end)
{
	struct lathe_mmc_capacity capacity;
	int err = lathep_mmc_capacity(mmc, &capacity);

	*end = 0;
	if (err == LATHE_ERR_SENSE && !is_trouble(&mmc->failure))
		return 0;
	if (err)
		return err;
	/* Behind FFFFFFFFh lies 0 again. */
	if (capacity.last_lba != 0)
		*end = capacity.last_lba + 1;
	return 0;
}
