/* SPDX-License-Identifier: MIT */
/*
 * lathe read: the tracks of data among those of audio, and what sessions of an
 * overwritable disc hold.
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
		(struct read_range){ .lba = lba, .blocks = end - lba };
	ranges->blocks += end - lba;
}

static uint32_t end_of(const struct lathe_session_info *info)
{
	return info->start + info->blocks;
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
		end = i == info->last_track ? end_of(info)
					    : volume_track_end(&track);
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

/* ---- copies of heads ---------------------------------------------------- */

/* SPEC, 5: how many blocks are kept in front of the copy at 'lba'. */
#define KEPT_AT 32
#define KEPT_BLOCKS 32u

static bool keeps_more(const struct volume *volume, uint32_t lba)
{
	uint8_t block[LATHE_BLOCK_BYTES];

	return lba >= KEPT_BLOCKS &&
	       volume->whole.read(volume->whole.ctx, lba, 1, block) == 0 &&
	       lathe_get_le32(block + KEPT_AT) == KEPT_BLOCKS;
}

/* The descriptors of a session that begins at block 0 are kept where no
 * session is. */
static void add_copies(const struct volume *volume, struct read_ranges *ranges)
{
	const struct lathe_iso9660_link *link;
	uint32_t i;

	for (i = 0; i < volume->count; i++) {
		link = lathe_iso9660_chain_link(volume->chain, i);
		if (link->moved)
			add(ranges,
			    link->heads - (keeps_more(volume, link->heads)
						   ? KEPT_BLOCKS
						   : 0),
			    link->heads + LATHE_ISO9660_COPY_BLOCKS);
	}
}

static int by_lba(const void *a, const void *b)
{
	const struct read_range *left = a, *right = b;

	return left->lba < right->lba ? -1 : left->lba > right->lba;
}

/* In order, each block once. */
static void sort(struct read_ranges *ranges)
{
	struct read_range *range = ranges->range;
	uint32_t end = 0, cut;
	size_t i;

	qsort(range, ranges->count, sizeof(*range), by_lba);
	for (i = 0; i < ranges->count; i++) {
		cut = range[i].lba < end ? end - range[i].lba : 0;
		if (cut > range[i].blocks)
			cut = range[i].blocks;
		range[i].lba += cut;
		range[i].blocks -= cut;
		ranges->blocks -= cut;
		if (range[i].blocks)
			end = range[i].lba + range[i].blocks;
	}
}

/* ---- what no session is known to hold ----------------------------------- */

static void add_between(struct read_ranges *ranges, uint32_t lba, uint32_t end)
{
	size_t before = ranges->count;

	add(ranges, lba, end);
	if (ranges->count > before)
		ranges->range[before].between = true;
}

/* Sessions of other programs that lie far apart are not all found. What the
 * newest one shows may be in any of them. */
static void add_rest(struct volume *volume, struct read_ranges *ranges)
{
	size_t count = ranges->count, i;
	uint32_t end = 0;

	for (i = 0; i < count; i++) {
		const struct read_range range = ranges->range[i];

		add_between(ranges, end, range.lba);
		if (range.lba + range.blocks > end)
			end = range.lba + range.blocks;
	}
	add_between(ranges, end, volume_files_end(volume));
	qsort(ranges->range, ranges->count, sizeof(*ranges->range), by_lba);
}

/* ---- the choice --------------------------------------------------------- */

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
	if (status == STATUS_OK && !wanted && volume->chain) {
		add_copies(volume, out);
		sort(out);
		add_rest(volume, out);
	}
	if (status == STATUS_OK && out->count == 0)
		status = complain_empty(volume, wanted, out->audio > 0);
	if (status)
		free(out->range);
	return status;
}
