/* SPDX-License-Identifier: MIT */
/*
 * resume.c - going on with a burn that was cut, on media whose open track
 * takes more data later. The same content laid out again gives the same
 * bytes; what is on the disc must be the beginning of them.
 */
#include "session/session_internal.h"

#include <string.h>

#define READ_BLOCKS 16u	/* of a DVD they are damaged together */

/* ---- choosing the disc -------------------------------------------------- */

/* What looking at it takes. Not on the stack: the reader needs that. */
struct looking {
	struct lathe_session_reader reader;
	struct lathe_iso9660_found found;
	uint8_t block[LATHE_BLOCK_BYTES];
};

static bool look(struct lathe_session_master *master, struct looking *looking)
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
static int take_names(struct lathe_session_master *master)
{
	const struct lathe_hooks *hooks = &master->config.hooks;
	struct looking *looking = lathep_session_alloc(hooks,
						       sizeof(*looking));

	if (!looking)
		return lathep_session_fail_plain(&master->failure,
						 LATHE_ERR_MEMORY, "resuming");
	if (look(master, looking)) {
		memcpy(master->volume, looking->found.volume_id,
		       sizeof(master->volume));
		master->named = master->volume[0] != 0;
		memcpy(master->primary_id, looking->found.primary_id,
		       sizeof(master->primary_id));
		master->primary_given = true;
		/* ECMA-119 8.4.26: volume creation date. */
		memcpy(master->created, looking->block + 813,
		       sizeof(master->created));
	}
	lathep_session_free(hooks, looking, sizeof(*looking));
	return 0;
}

uint32_t lathep_session_reopen(struct lathe_mmc_medium *medium, uint32_t start)
{
	uint32_t recorded = medium->next_writable - start;

	medium->free_blocks += recorded;
	medium->next_writable = start;
	return recorded;
}

int lathep_session_take_open(struct lathe_session_master *master)
{
	struct lathe_mmc_medium *medium = &master->disc.medium;
	int err = lathep_session_find_open(master->mmc, medium,
					   &master->open_start);

	if (err)
		return lathep_session_fail_mmc(&master->failure, master->mmc,
					       err, "finding the open track");
	if (!medium->has_next_writable ||
	    medium->next_writable < master->open_start)
		return lathep_session_fail(&master->failure,
					   LATHE_ERR_UNSUPPORTED,
					   "the open track takes no more data");
	err = take_names(master);
	if (err)
		return err;
	lathep_session_reopen(medium, master->open_start);
	master->resuming = true;
	return 0;
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
		&burn->master->failure, LATHE_ERR_CHANGED,
		"block %lu is not what this content has there: what was cut "
		"can be gone on with only as it was",
		(unsigned long)burn->image.start + at);
}

/* Files that were damaged by the cut are told in the end; directories that
 * were can not be helped. */
static int compare_group(struct lathep_session_burn *burn,
			 struct lathe_iso9660_cursor *cursor, uint8_t *ours,
			 uint8_t *theirs, uint32_t blocks)
{
	uint32_t at = burn->written, inside = blocks;
	int err = 0;

	memset(ours, 0, (size_t)blocks * LATHE_BLOCK_BYTES);
	if (at + inside > burn->volume)
		inside = at < burn->volume ? burn->volume - at : 0;
	if (inside)
		err = lathe_iso9660_cursor_read(
			cursor, burn->image.start + at, inside, ours);
	if (err)
		return lathep_session_fail_from(
			&burn->master->failure,
			lathe_iso9660_cursor_failure(cursor), err,
			"comparing what is on the disc");
	err = lathe_mmc_read(burn->mmc, burn->image.start + at, blocks, true,
			     theirs);
	if (err && !lathe_session_of_the_disc(burn->mmc, err))
		return lathep_session_fail_mmc(&burn->master->failure,
					       burn->mmc, err, "comparing");
	if (err || memcmp(ours, theirs, (size_t)blocks * LATHE_BLOCK_BYTES)) {
		if (in_metadata(burn, at, err != 0))
			return differs(burn, at);
		lathep_session_burn_mark_bad(burn, at / LATHEP_SESSION_GROUP);
		burn->resume_bad = true;
	}
	lathep_session_burn_keep(burn, ours, blocks);
	burn->written += blocks;
	lathep_session_progress(&burn->master->config.hooks,
				LATHE_PHASE_PREPARING, burn->written,
				burn->resume_blocks);
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
		err = compare_group(burn, cursor, room, room + bytes, blocks);
	}
	return err;
}

int lathep_session_burn_compare(struct lathep_session_burn *burn)
{
	const struct lathe_hooks *hooks = &burn->master->config.hooks;
	size_t bytes = (size_t)READ_BLOCKS * LATHE_BLOCK_BYTES;
	struct lathe_iso9660_cursor *cursor;
	uint8_t *room;
	int err;

	if (burn->resume_blocks > burn->track)
		return differs(burn, burn->track);
	room = lathep_session_alloc(hooks, 2 * bytes);
	if (!room)
		return lathep_session_fail_plain(&burn->master->failure,
						 LATHE_ERR_MEMORY, "comparing");
	err = lathe_iso9660_cursor_create(&burn->image, &burn->quiet, NULL,
					  &cursor);
	if (!err) {
		err = compare_all(burn, cursor, room);
		lathe_iso9660_cursor_destroy(cursor);
	}
	lathep_session_free(hooks, room, 2 * bytes);
	return err;
}
