/* SPDX-License-Identifier: MIT */
/*
 * tracks.c - the sessions of a disc, from its track information.
 *
 * READ TRACK INFORMATION and not the TOC: drives invent TOCs for media other
 * than CD. A CD track written at once ends in run-out blocks that count in
 * its size and can not be read.
 */
#include "session/session_internal.h"

#include <string.h>

/* How far in front of a track's end its last recorded block may lie. */
#define LAST_BLOCKS 32u

uint32_t lathep_session_run_out(enum lathe_mmc_kind kind)
{
	struct lathe_mmc_costs costs;

	/* A finished CD-R shows as CD-ROM in drives that only read. */
	if (kind == LATHE_MMC_KIND_CD_ROM)
		kind = LATHE_MMC_KIND_CD_R;
	if (lathe_mmc_session_costs(kind, 0, &costs))
		return 0;
	return costs.run_out;
}

/* One past the last block of a complete track that holds data. */
static uint32_t track_end(const struct lathe_mmc_medium *medium,
			  const struct lathe_mmc_track *track)
{
	uint32_t end = track->start + track->size_blocks;
	uint32_t run_out = lathep_session_run_out(medium->kind);

	if (end < track->start)
		return UINT32_MAX;
	/* Run-out, padding and linking are left out of it; an address further
	 * in front is none. */
	if (track->has_last_recorded && track->last_recorded > track->start &&
	    track->last_recorded < end &&
	    end - track->last_recorded <= LAST_BLOCKS)
		end = track->last_recorded + 1;
	/* Drives differ on whether the size counts the run-out. READ CAPACITY
	 * always does. */
	if (end == medium->readable_end && end - track->start > run_out)
		end -= run_out;
	return end;
}

int lathep_session_costs(const struct lathe_mmc_medium *medium,
			 uint32_t volume_blocks, struct lathe_mmc_costs *out)
{
	uint32_t end = medium->next_writable;
	int err;

	end = volume_blocks > UINT32_MAX - end ? UINT32_MAX :
						 end + volume_blocks;
	err = lathe_mmc_session_costs_at(medium->kind, medium->sessions, end,
					 out);
	/* The next session, and what is at LBA 0, begin at such a multiple. */
	if (!err && medium->overwritable)
		out->alignment = LATHEP_SESSION_HEAD;
	return err;
}

int lathep_session_read_medium(struct lathe_mmc *mmc,
			       struct lathe_mmc_medium *medium)
{
	struct lathe_mmc_track track;
	int err;

	err = lathe_mmc_wait_ready(mmc, LATHEP_SESSION_READY_MS);
	if (!err)
		err = lathe_mmc_read_medium(mmc, medium);
	if (!err && medium->status == LATHE_MMC_STATUS_NONE)
		err = LATHE_ERR_NO_MEDIUM;
	if (err || !medium->sessions || medium->readable_end ||
	    medium->overwritable)
		return err;
	/* READ CAPACITY was refused: the last track tells as well. */
	err = lathe_mmc_read_track(mmc, medium->last_track, &track);
	if (!err)
		medium->readable_end = track_end(medium, &track) +
				       lathep_session_run_out(medium->kind);
	return err;
}

int lathep_session_find_end(struct lathe_mmc *mmc,
			    struct lathe_session_disc *disc)
{
	const struct lathe_mmc_medium *medium = &disc->medium;
	struct lathe_mmc_track track;
	int err;

	if (!medium->sessions || !medium->last_track)
		return 0;
	err = lathe_mmc_read_track(mmc, medium->last_track, &track);
	if (!err)
		disc->last_end = track_end(medium, &track);
	return err;
}

int lathep_session_probe(struct lathe_mmc *mmc,
			 const struct lathe_mmc_medium *medium, uint32_t start,
			 const struct lathe_joliet_options *joliet,
			 struct lathe_iso9660_found *found)
{
	struct lathe_iso9660_use use = { &lathe_joliet_hierarchy, joliet };
	struct lathe_session_reader reader;

	lathe_session_reader_init(&reader, mmc, medium, false);
	return lathe_iso9660_probe(&reader.blocks, start, &use, 1, found,
				   NULL);
}

bool lathep_session_no_run_out(const struct lathe_mmc_medium *medium,
			       const struct lathe_iso9660_found *found,
			       uint32_t start)
{
	uint32_t end = medium->readable_end, volume = found->volume_blocks;
	uint32_t least = end - lathep_session_run_out(medium->kind);

	/* Some programs count from the session's start. */
	return (volume > least && volume <= end) ||
	       (!found->own && volume + start > least &&
		volume + start <= end);
}

/* Look for lathe's mark and a name. */
static int describe_volume(struct lathe_mmc *mmc,
			   const struct lathe_mmc_medium *medium,
			   struct lathe_session_info *info)
{
	struct lathe_iso9660_found found;
	int err = lathep_session_probe(mmc, medium, info->start, NULL, &found);

	/* What the drive can not read is none; one that is gone, or was
	 * stopped, has not looked. */
	if (err)
		return err == LATHE_ERR_SENSE ||
				       lathe_mmc_failure(mmc)->err != err ?
			       0 : err;
	if (medium->readable_end - (info->start + info->blocks) ==
		    lathep_session_run_out(medium->kind) &&
	    lathep_session_no_run_out(medium, &found, info->start))
		info->blocks = medium->readable_end - info->start;
	info->has_volume = true;
	info->own = found.own && found.self.start == info->start;
	memcpy(info->volume, found.volume_id, sizeof(info->volume));
	info->volume[sizeof(info->volume) - 1] = 0;
	return 0;
}

/* Note a track of the session. */
static void add_track(struct lathe_session_info *info,
		      const struct lathe_mmc_medium *medium,
		      const struct lathe_mmc_track *track)
{
	uint32_t end = track_end(medium, track);

	if (!info->first_track) {
		info->first_track = track->number;
		info->start = track->start;
		info->data = track->data;
	}
	info->last_track = track->number;
	if (end > info->start)
		info->blocks = end - info->start;
}

int lathe_session_get(struct lathe_mmc *mmc,
		      const struct lathe_session_disc *disc, uint32_t number,
		      struct lathe_session_info *out)
{
	const struct lathe_mmc_medium *medium = &disc->medium;
	struct lathe_session_info info;
	struct lathe_mmc_track track;
	uint32_t i;
	int err;

	if (!number || number > medium->sessions)
		return LATHE_ERR_NOT_FOUND;
	if (medium->overwritable)
		return lathep_session_get_grown(mmc, medium, number, out);
	memset(&info, 0, sizeof(info));
	info.number = (uint16_t)number;
	for (i = medium->first_track ? medium->first_track : 1;
	     i <= medium->last_track; i++) {
		err = lathe_mmc_read_track(mmc, i, &track);
		if (err)
			return err;
		if (track.session > number)
			break;
		if (track.session == number)
			add_track(&info, medium, &track);
	}
	if (!info.first_track)
		return LATHE_ERR_NOT_FOUND;
	err = info.data ? describe_volume(mmc, medium, &info) : 0;
	if (!err)
		*out = info;
	return err;
}
