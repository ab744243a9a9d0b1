/* SPDX-License-Identifier: MIT */
/*
 * resume.c - going on with a burn that was cut, on media whose open track
 * takes more data later. The same content laid out again gives the same
 * bytes; what is on the disc must be the beginning of them.
 */
#include "session/burn_internal.h"

#include <string.h>

#define READ_BLOCKS 16u	/* of a DVD they are damaged together */

/* ---- choosing the disc -------------------------------------------------- */

int lathep_session_find_cut(struct lathe_mmc *mmc,
			    const struct lathe_mmc_medium *medium,
			    uint32_t *start, struct lathe_failure *failure)
{
	int err = lathep_session_find_open(mmc, medium, start);

	if (err)
		return lathep_session_fail_mmc(failure, mmc, err,
					       "finding the open track");
	/* A CD's track is written in one go, and one at once as well. */
	if (!medium->has_next_writable || medium->next_writable < *start ||
	    medium->at_once_only || lathep_session_run_out(medium->kind))
		return lathep_session_fail(failure, LATHE_ERR_UNSUPPORTED,
					   "the open track takes no more data");
	return 0;
}

static bool look(struct lathe_session_master *master,
		 struct lathep_session_looking *looking)
{
	struct lathe_iso9660_use use = { &lathe_joliet_hierarchy, NULL };
	const struct lathe_blocks *blocks = &looking->reader.blocks;
	uint32_t start = master->open_start;

	lathep_session_open_reader(&looking->reader, master->mmc,
				   &master->disc.medium);
	return !lathe_iso9660_probe(blocks, start, &use, 1, &looking->found,
				    NULL) &&
	       !blocks->read(blocks->ctx, start + 16, 1, looking->block);
}

/* Volume name and date of the session that was cut, if it came that far. */
static void take_names(struct lathe_session_master *master,
		       struct lathep_session_looking *looking)
{
	if (!look(master, looking))
		return;
	memcpy(master->volume, looking->found.volume_id,
	       sizeof(master->volume));
	master->named = master->volume[0] != 0;
	memcpy(master->primary_id, looking->found.primary_id,
	       sizeof(master->primary_id));
	master->primary_given = true;
	/* ECMA-119 8.4.26: volume creation date. */
	memcpy(master->created, looking->block + 813, sizeof(master->created));
}

/* MMC-6 6.27: behind a track that is reserved there is the rest of the disc, in
 * which its session is closed. */
static uint32_t room_behind(struct lathe_mmc *mmc, uint32_t number)
{
	struct lathe_mmc_track track;

	if (lathe_mmc_read_track(mmc, number, &track) || !track.reserved ||
	    lathe_mmc_read_track(mmc, number + 1, &track))
		return 0;
	return track.free_blocks;
}

uint32_t lathep_session_reopen(struct lathe_mmc *mmc,
			       struct lathe_mmc_medium *medium, uint32_t start)
{
	uint32_t recorded = medium->next_writable - start;

	medium->free_blocks += recorded + room_behind(mmc, medium->open_track);
	medium->next_writable = start;
	medium->capacity_blocks = start + medium->free_blocks;
	return recorded;
}

void lathep_session_take_open(struct lathe_session_master *master,
			      uint32_t start,
			      struct lathep_session_looking *looking)
{
	master->open_start = start;
	take_names(master, looking);
	lathep_session_reopen(master->mmc, &master->disc.medium, start);
	master->resuming = true;
}

/* ---- comparing ---------------------------------------------------------- */

/* Nobody needs the system area, which holds zeros: it may be damaged. */
static bool in_metadata(const struct lathep_session_burn *burn, uint32_t at,
			bool unreadable)
{
	return at < burn->metadata &&
	       !(unreadable && at < LATHEP_SESSION_SYSTEM_AREA);
}

static int differs(struct lathep_session_burn *burn, uint32_t at)
{
	return lathep_session_fail(
		burn->failure, LATHE_ERR_CHANGED,
		"block %lu is not this content's: a cut burn goes on as it "
		"was, or is closed",
		(unsigned long)burn->image.start + at);
}

/* Files that were damaged by the cut are told in the end; directories that
 * were can not be helped. */
static int compare_group(struct lathep_session_burn *burn,
			 struct lathe_iso9660_cursor *cursor, uint8_t *ours,
			 uint8_t *theirs, uint32_t blocks)
{
	uint32_t at = burn->written, inside = blocks, same = 0;
	int err = 0;

	memset(ours, 0, (size_t)blocks * LATHE_BLOCK_BYTES);
	if (at + inside > burn->volume)
		inside = at < burn->volume ? burn->volume - at : 0;
	if (inside)
		err = lathe_iso9660_cursor_read(
			cursor, burn->image.start + at, inside, ours);
	if (err)
		return lathep_session_fail_from(
			burn->failure, lathe_iso9660_cursor_failure(cursor),
			err, "comparing what is on the disc");
	err = lathe_mmc_read(burn->mmc, burn->image.start + at, blocks, true,
			     theirs);
	if (err && !lathe_session_of_the_disc(burn->mmc, err))
		return lathep_session_burn_fail_mmc(burn, err, "comparing");
	while (!err && same < blocks &&
	       !memcmp(ours + (size_t)same * LATHE_BLOCK_BYTES,
		       theirs + (size_t)same * LATHE_BLOCK_BYTES,
		       LATHE_BLOCK_BYTES))
		same++;
	if (same < blocks) {
		if (in_metadata(burn, at + same, err != 0))
			return differs(burn, at + same);
		lathep_session_burn_mark_bad(burn, at / LATHEP_SESSION_GROUP);
		burn->resume_bad = true;
	}
	lathep_session_burn_keep(burn, ours, blocks);
	burn->written += blocks;
	lathep_session_progress(burn->hooks, LATHE_PHASE_PREPARING,
				burn->written, burn->resume_blocks);
	return 0;
}

static int compare_all(struct lathep_session_burn *burn,
		       struct lathe_iso9660_cursor *cursor, uint8_t *room)
{
	size_t bytes = (size_t)READ_BLOCKS * LATHE_BLOCK_BYTES;
	uint32_t blocks;
	int err = 0;

	while (burn->written < burn->resume_blocks && !err) {
		blocks = burn->resume_blocks - burn->written;
		if (blocks > READ_BLOCKS)
			blocks = READ_BLOCKS;
		err = lathep_session_burn_heed(burn);
		if (!err)
			err = compare_group(burn, cursor, room, room + bytes,
					    blocks);
	}
	return err;
}

int lathep_session_burn_compare(struct lathep_session_burn *burn)
{
	const struct lathe_hooks *hooks = burn->hooks;
	size_t bytes = (size_t)READ_BLOCKS * LATHE_BLOCK_BYTES;
	struct lathe_iso9660_cursor *cursor;
	int err = LATHE_ERR_MEMORY;
	uint8_t *room;

	/* Of a reserved track that is all there is. */
	if (burn->resume_blocks > burn->track ||
	    burn->track - burn->resume_blocks > burn->raw.free_blocks)
		return differs(burn, burn->track);
	room = lathep_session_alloc(hooks, 2 * bytes);
	if (room)
		err = lathe_iso9660_cursor_create(&burn->image, &burn->quiet,
						  NULL, &cursor);
	if (!err) {
		err = compare_all(burn, cursor, room);
		lathe_iso9660_cursor_destroy(cursor);
	} else {
		lathep_session_fail_plain(burn->failure, err, "comparing");
	}
	lathep_session_free(hooks, room, 2 * bytes);
	return err;
}
