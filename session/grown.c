/* SPDX-License-Identifier: MIT */
/*
 * grown.c - the sessions of an overwritable medium. The drive knows nothing
 * of them: they are found by the descriptors at LBA 16 and by the marks.
 */
#include "session/session_internal.h"

#include <string.h>

/* The first session begins there: what is in front of it is the head's. */
#define FIRST_START 32u

/* How far behind a session the next one may begin: programs round up to 16 or
 * 32 blocks, and a copy of a head takes 32. */
#define SEARCH_BLOCKS 64u

/* 'far': where no session begins near the start, up to the first one. */
static int read_chain(const struct lathe_blocks *blocks,
		      const struct lathe_hooks *hooks, bool far,
		      struct lathe_iso9660_chain **out)
{
	struct lathe_iso9660_use use = { &lathe_joliet_hierarchy, NULL };
	struct lathe_iso9660_chain_options options;
	struct lathep_session_search search;
	struct lathe_iso9660_chain *chain;
	int err = lathep_session_search_begin(&search, blocks, hooks, far);

	if (err)
		return err;
	memset(&options, 0, sizeof(options));
	options.size = sizeof(options);
	options.hooks = *hooks;
	options.uses = &use;
	options.use_count = 1;
	options.next_data = lathep_session_search_next;
	options.ctx = &search;
	options.search_blocks = SEARCH_BLOCKS;
	options.to_first = far;
	err = lathe_iso9660_chain_read(blocks, &options, &chain);
	lathep_session_search_end(&search);
	if (err)
		return err;
	if (search.err)
		lathe_iso9660_chain_destroy(chain);
	else
		*out = chain;
	return search.err;
}

int lathe_session_chain(const struct lathe_blocks *blocks,
			const struct lathe_hooks *hooks,
			struct lathe_iso9660_chain **out)
{
	return read_chain(blocks, lathep_session_hooks(hooks), false, out);
}

/* ---- is there anything that somebody may miss? -------------------------- */

static bool is_zero(const uint8_t *block)
{
	uint32_t i;

	for (i = 0; i < LATHE_BLOCK_BYTES; i++)
		if (block[i])
			return false;
	return true;
}

/* MMC-6: not recorded, out of range, not of a track. */
static bool is_nothing(const struct lathe_failure *failure)
{
	return failure->key == 0x8 || failure->asc == 0x21 ||
	       failure->asc == 0x64;
}

/* Boot code, partition tables and all file systems begin in the first 64
 * blocks: there only zeros are nothing. 'room' takes one block. What was never
 * recorded is nothing, too; what can not be read may be anything. Behind the
 * end that the drive tells, or if it tells none, the first block of that kind
 * is the end. */
static int look_at_each(struct lathe_session_reader *reader, bool gaps,
			uint8_t *room, bool *blank)
{
	uint32_t lba, end = reader->blocks.end;
	int err;

	for (lba = 0; *blank && lba < 64; lba++) {
		err = lathe_mmc_read(reader->mmc, lba, 1, false, room);
		if (!err && !is_zero(room))
			*blank = false;
		if (!err)
			continue;
		if (!lathe_session_of_the_disc(reader->mmc, err))
			return err;
		if ((!gaps && (!end || lba < end)) ||
		    !is_nothing(lathe_mmc_failure(reader->mmc)))
			*blank = false;
		else if (lba >= end)
			return 0;
	}
	return 0;
}

static int look_blank(struct lathe_session_reader *reader, bool gaps,
		      const struct lathe_hooks *hooks, bool *blank)
{
	uint8_t *room = lathep_session_alloc(hooks, LATHE_BLOCK_BYTES);
	int err;

	if (!room)
		return LATHE_ERR_MEMORY;
	*blank = true;
	err = look_at_each(reader, gaps, room, blank);
	lathep_session_free(hooks, room, LATHE_BLOCK_BYTES);
	return err;
}

/* ---- the sessions ------------------------------------------------------- */

int lathep_session_take_links(const struct lathe_iso9660_chain *chain,
			      uint32_t end, struct lathep_session_grown *out)
{
	const struct lathe_iso9660_link *link;
	uint32_t i;
	bool moved;
	int err;

	out->sessions = lathe_iso9660_chain_count(chain);
	for (i = 0; i < out->sessions; i++) {
		link = lathe_iso9660_chain_link(chain, i);
		out->newest = *link;
		/* Of the first one, whose head gave its place to another. */
		moved = !link->start && link->moved;
		if (!i || moved)
			out->copied = link->heads;
		if (moved && link->heads + LATHE_ISO9660_COPY_BLOCKS > end)
			end = link->heads + LATHE_ISO9660_COPY_BLOCKS;
	}
	err = lathe_iso9660_chain_append(chain, end, &out->place);
	if (err || !out->place.copy)
		return err;
	/* In front of the copy all else is kept that is written with it. */
	if (out->place.previous.start == out->place.copy)
		out->place.previous.start += LATHEP_SESSION_HEAD;
	out->place.copy += LATHEP_SESSION_HEAD;
	out->place.start += LATHEP_SESSION_HEAD;
	return 0;
}

/* What the head says that the volume ends at (ECMA-119 8.4.8), and partitions
 * behind it: another program may have recorded more than its files there. 0:
 * that can not be read. Also its root directory (8.4.18), and its boot records
 * (8.2). */
static int read_head(struct lathe_session_reader *reader,
		     const struct lathe_hooks *hooks, uint32_t *end,
		     uint32_t *root, uint32_t *boot_records)
{
	const struct lathe_blocks *blocks = &reader->blocks;
	uint8_t *area = lathep_session_alloc(hooks,
					     LATHE_SESSION_PARTITION_BYTES);
	uint32_t volume = 0, i;
	int err;

	if (!area)
		return LATHE_ERR_MEMORY;
	*end = 0;
	err = blocks->read(blocks->ctx, 0, 16, area);
	if (err) {
		memset(area, 0, LATHE_SESSION_PARTITION_BYTES);
		err = blocks->read(blocks->ctx, 0, 1, area);
	}
	if (!err)
		*end = lathe_session_partitions_end(area, blocks->end);
	for (i = 16; i < 32 && !blocks->read(blocks->ctx, i, 1, area) &&
		     memcmp(area + 1, "CD001", 5) == 0 && area[0] != 255; i++) {
		*boot_records += area[0] == 0;
		if (i != 16 || !lathe_iso9660_primary.recognise(area))
			continue;
		volume = lathe_get_le32(area + 80);
		*root = lathe_get_le32(area + 158);
	}
	if (volume > *end && volume <= blocks->end)
		*end = volume;
	lathep_session_free(hooks, area, LATHE_SESSION_PARTITION_BYTES);
	return 0;
}

/* A volume's size may count from its start or from LBA 0: where that makes a
 * difference, another program's files say where it ends. Damage is told when
 * they are read. */
static int heed_newest(const struct lathe_blocks *blocks,
		       const struct lathe_hooks *hooks,
		       struct lathep_session_grown *out)
{
	const struct lathe_iso9660_link *newest = &out->newest;
	struct {
		struct lathe_iso9660_import_options options;
		struct lathe_iso9660_view view;
	} *room;
	struct lathe_iso9660_tree *tree = NULL;
	int err;

	if (newest->found.own || !newest->start ||
	    newest->found.volume_blocks <= newest->start)
		return 0;
	room = lathep_session_alloc(hooks, sizeof(*room));
	if (!room)
		return LATHE_ERR_MEMORY;
	room->options.size = sizeof(room->options);
	err = lathep_session_new_tree(hooks, NULL, &tree);
	lathe_iso9660_view_init(&room->view, blocks, newest);
	if (!err)
		err = lathe_iso9660_import(tree, &room->view.blocks,
					   newest->start, &room->options, NULL);
	if (!err)
		lathep_session_heed_files(&out->place, tree);
	lathe_iso9660_tree_destroy(tree);
	lathep_session_free(hooks, room, sizeof(*room));
	return err == LATHE_ERR_MEMORY || err == LATHE_ERR_CANCELLED ? err : 0;
}

static int take_chain(struct lathe_session_reader *reader,
		      const struct lathe_hooks *hooks,
		      const struct lathe_iso9660_chain *chain,
		      struct lathep_session_grown *out)
{
	uint32_t end, root = 0;
	bool agrees;
	int err = read_head(reader, hooks, &end, &root, &out->boot_records);

	if (!err)
		err = lathep_session_take_links(chain, end, out);
	if (!err)
		err = heed_newest(&reader->blocks, hooks, out);
	if (!err)
		err = lathep_session_head_agrees(&reader->blocks, hooks, out,
						 &agrees);
	out->torn = !err && !agrees;
	/* It shows one that was not found: root directories are in the order of
	 * sessions. */
	if (root > out->newest.root)
		memset(&out->newest, 0, sizeof(out->newest));
	return err;
}

/* Errors of the drive are no blank blocks. */
static int look(struct lathe_mmc *mmc, const struct lathe_hooks *hooks,
		const struct lathe_mmc_medium *medium, bool far,
		struct lathep_session_grown *out)
{
	struct lathe_iso9660_chain *chain;
	struct lathe_session_reader reader;
	int err;

	memset(out, 0, sizeof(*out));
	out->place.start = FIRST_START;
	out->place.room = LATHE_ISO9660_HEAD_BLOCKS;
	out->blank = medium->status == LATHE_MMC_STATUS_UNFORMATTED;
	if (medium->status != LATHE_MMC_STATUS_OVERWRITABLE)
		return 0;
	lathep_session_strict_reader(&reader, mmc, medium, false);
	err = read_chain(&reader.blocks, hooks, far, &chain);
	if (err)
		return reader.drive_err ? reader.drive_err : err;
	if (lathe_iso9660_chain_count(chain))
		err = take_chain(&reader, hooks, chain, out);
	else if (!reader.drive_err)
		err = look_blank(&reader, medium->has_gaps, hooks, &out->blank);
	lathe_iso9660_chain_destroy(chain);
	return reader.drive_err ? reader.drive_err : err;
}

int lathep_session_look(struct lathe_mmc *mmc, const struct lathe_hooks *hooks,
			const struct lathe_mmc_medium *medium,
			struct lathep_session_grown *out)
{
	return look(mmc, hooks, medium, false, out);
}

int lathep_session_look_everywhere(struct lathe_mmc *mmc,
				   const struct lathe_hooks *hooks,
				   const struct lathe_mmc_medium *medium,
				   struct lathep_session_grown *out)
{
	return look(mmc, hooks, medium, true, out);
}

static void describe(const struct lathe_iso9660_link *link, uint32_t number,
		     struct lathe_session_info *out)
{
	memset(out, 0, sizeof(*out));
	out->number = (uint16_t)number;
	out->first_track = out->last_track = (uint16_t)number;
	out->start = link->start;
	out->blocks = link->end - link->start;
	out->data = true;
	out->own = link->found.own;
	out->has_volume = true;
	memcpy(out->volume, link->found.volume_id, sizeof(out->volume));
}

int lathep_session_get_grown(struct lathe_mmc *mmc,
			     const struct lathe_mmc_medium *medium,
			     uint32_t number, struct lathe_session_info *out)
{
	const struct lathe_iso9660_link *link;
	struct lathe_session_reader reader;
	struct lathe_iso9660_chain *chain;
	int err;

	lathep_session_strict_reader(&reader, mmc, medium, false);
	err = lathe_session_chain(&reader.blocks, lathe_mmc_hooks(mmc), &chain);
	if (err)
		return err;
	link = lathe_iso9660_chain_link(chain, number - 1);
	if (reader.drive_err)
		err = reader.drive_err;
	else if (link)
		describe(link, number, out);
	else
		err = LATHE_ERR_NOT_FOUND;
	lathe_iso9660_chain_destroy(chain);
	return err;
}

void lathep_session_lay_over(const struct lathep_session_grown *grown,
			     struct lathe_mmc_medium *medium)
{
	uint32_t next = grown->place.start;

	medium->sessions = grown->sessions > UINT16_MAX ?
				   UINT16_MAX :
				   (uint16_t)grown->sessions;
	medium->last_session_start = grown->newest.start;
	medium->last_session_data = grown->sessions != 0;
	medium->has_next_writable = medium->writable;
	medium->next_writable = next;
	medium->free_blocks = medium->capacity_blocks > next ?
				      medium->capacity_blocks - next :
				      0;
}

/* ---- what the files of a taken over tree say ---------------------------- */

/* Volumes of other programs may say to end before their files do, and have
 * files where further descriptors would go. */
void lathep_session_heed_files(struct lathe_iso9660_append *place,
			       struct lathe_iso9660_tree *tree)
{
	uint32_t front = place->start, behind, first, end;

	if (place->copy)
		front = place->copy - LATHEP_SESSION_HEAD;
	lathe_iso9660_imported_blocks(tree, &first, &end);
	if (first < 16u + place->room)
		place->room = first > 16 ? first - 16 : 0;
	if (end <= front || end > UINT32_MAX - 64u)
		return;
	behind = end + 31u;
	behind -= behind % 32u + front;
	place->start += behind;
	if (!place->copy)
		return;
	if (place->previous.start == place->copy)
		place->previous.start += behind;
	place->copy += behind;
}
