/* SPDX-License-Identifier: MIT */
/*
 * lathe read: the tracks of data among those of audio.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "tools/read.h"

static void add(struct read_ranges *ranges, uint32_t lba, uint32_t end)
{
	if (end <= lba)
		return;
	ranges->range = must_realloc(ranges->range,
				     (ranges->count + 1) *
					     sizeof(*ranges->range));
	ranges->range[ranges->count++] =
		(struct read_range){ lba, end - lba };
	ranges->blocks += end - lba;
}

static uint32_t end_of(const struct lathe_session_info *info)
{
	return info->start + info->blocks;
}

/* Where a track ends behind which there are others. */
static uint32_t track_end(const struct lathe_mmc_track *track)
{
	uint32_t end = track->start + track->size_blocks;

	if (track->has_last_recorded && track->last_recorded >= track->start &&
	    track->last_recorded < end)
		end = track->last_recorded + 1;
	return end;
}

/* Only of a session of several tracks one can be audio, and another not. */
static int add_tracks(struct volume *volume,
		      const struct lathe_session_info *info, bool alone,
		      struct read_ranges *ranges)
{
	struct lathe_mmc_track track;
	uint32_t audio = 0, end, i;
	size_t before = ranges->count;
	int err;

	for (i = info->first_track; i <= info->last_track; i++) {
		err = lathe_mmc_read_track(&volume->drive.mmc, i, &track);
		if (err)
			return drive_complain(volume->tool, &volume->drive,
					      err);
		end = i == info->last_track ? end_of(info) : track_end(&track);
		if (track.data)
			add(ranges, track.start, end);
		else
			audio++;
	}
	ranges->audio += audio;
	if (audio > 0 && ranges->count == before && !alone)
		note(volume->tool, "session %u is audio: left out",
		     info->number);
	else if (audio > 0 && ranges->count > before)
		note(volume->tool, "%s of audio in session %u left out",
		     counted(audio, "track", "tracks").text, info->number);
	return STATUS_OK;
}

static int add_session(struct volume *volume,
		       const struct lathe_session_info *info, bool alone,
		       struct read_ranges *ranges)
{
	uint32_t start = info->start;

	/* On overwritable media the first blocks belong to no session
	 * alone. */
	if (volume->disc.medium.overwritable) {
		add(ranges, info->number == 1 && !alone ? 0 : start,
		    end_of(info));
		return STATUS_OK;
	}
	if (info->data && info->first_track == info->last_track) {
		add(ranges, start, end_of(info));
		return STATUS_OK;
	}
	return add_tracks(volume, info, alone, ranges);
}

static int complain_empty(struct volume *volume, uint32_t wanted,
			  bool audio)
{
	static const char remedy[] =
		"copy audio with a program that is made for it";

	if (!audio)
		return volume_complain_none(volume);
	if (wanted)
		return complain_why(volume->tool, LATHE_ERR_MEDIUM_TYPE,
				    remedy, "%s: session %" PRIu32
				    " is audio", volume->name, wanted);
	return complain_why(volume->tool, LATHE_ERR_MEDIUM_TYPE, remedy,
			    "%s: all of the disc is audio", volume->name);
}

int read_choose(struct volume *volume, uint32_t wanted,
		struct read_ranges *out)
{
	const struct lathe_session_info *info;
	int status = STATUS_OK;
	uint32_t i;

	*out = (struct read_ranges){ .range = NULL };
	if (volume->count == 0)
		return volume_complain_none(volume);
	if (wanted > volume->count)
		return volume_complain_session(volume, wanted);
	for (i = 0; i < volume->count && status == STATUS_OK; i++) {
		info = &volume->session[i];
		if (wanted && info->number != wanted)
			continue;
		status = add_session(volume, info, wanted != 0, out);
		if (wanted)
			out->offset = info->start;
	}
	if (status == STATUS_OK && out->count == 0)
		status = complain_empty(volume, wanted, out->audio > 0);
	if (status)
		free(out->range);
	return status;
}
