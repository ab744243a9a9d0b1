/* SPDX-License-Identifier: MIT */
/*
 * burn.c - from the image to the drive: read ahead, cut into commands, a
 * checksum kept for each group of blocks.
 */
#include "session/burn_internal.h"

#include <stdio.h>
#include <string.h>

int lathep_session_burn_fail_mmc(struct lathep_session_burn *burn, int err,
				 const char *what)
{
	return lathep_session_fail_mmc(burn->failure, burn->mmc, err, what);
}

static size_t bitmap_bytes(uint32_t bits)
{
	return (size_t)bits / 8 + 1;
}

/* What is kept about each group of blocks. */
int lathep_session_burn_room(struct lathep_session_burn *burn)
{
	const struct lathe_hooks *hooks = burn->hooks;
	struct lathe_iso9660_counts count = { .new_files = 0 };

	if (burn->plan)
		lathe_iso9660_count(burn->master->tree, &count);
	burn->extents = count.new_files;
	burn->groups_room = burn->track / LATHEP_SESSION_GROUP + 1;
	/* A stream of unknown length may take all there is. */
	if (burn->stream)
		burn->groups_room = burn->medium.free_blocks /
					    LATHEP_SESSION_GROUP + 1;
	burn->crc = lathep_session_alloc(hooks, burn->groups_room *
							sizeof(*burn->crc));
	burn->group_bad = lathep_session_alloc(
		hooks, bitmap_bytes(burn->groups_room));
	burn->extent_bad = lathep_session_alloc(hooks,
						bitmap_bytes(burn->extents));
	if (burn->crc && burn->group_bad && burn->extent_bad)
		return 0;
	return lathep_session_fail_plain(burn->failure, LATHE_ERR_MEMORY,
					 "preparing");
}

int lathep_session_burn_begin(struct lathep_session_burn *burn)
{
	burn->chunk = lathe_mmc_write_chunk(burn->mmc);
	if (!burn->chunk)
		burn->chunk = 1;
	burn->carry = lathep_session_alloc(
		burn->hooks, (size_t)burn->chunk * LATHE_BLOCK_BYTES);
	if (burn->carry)
		return 0;
	return lathep_session_fail_plain(burn->failure, LATHE_ERR_MEMORY,
					 "preparing");
}

void lathep_session_burn_end(struct lathep_session_burn *burn)
{
	const struct lathe_hooks *hooks = burn->hooks;

	lathep_session_free(hooks, burn->crc,
			    burn->groups_room * sizeof(*burn->crc));
	lathep_session_free(hooks, burn->group_bad,
			    bitmap_bytes(burn->groups_room));
	lathep_session_free(hooks, burn->extent_bad,
			    bitmap_bytes(burn->extents));
	lathep_session_free(hooks, burn->carry,
			    (size_t)burn->chunk * LATHE_BLOCK_BYTES);
	lathep_session_free(hooks, burn->peek,
			    LATHEP_SESSION_HELD_BYTES);
	lathep_session_free(hooks, burn->first, LATHEP_SESSION_HELD_BYTES);
	lathep_session_free(hooks, burn->head, LATHEP_SESSION_HEAD_BYTES);
}

/* ---- one command -------------------------------------------------------- */

void lathep_session_burn_keep(struct lathep_session_burn *burn,
			      const uint8_t *data, uint32_t blocks)
{
	uint32_t at = burn->written;

	while (blocks) {
		uint32_t group = at / LATHEP_SESSION_GROUP;
		uint32_t n = LATHEP_SESSION_GROUP - at % LATHEP_SESSION_GROUP;
		size_t bytes;

		if (n > blocks)
			n = blocks;
		bytes = (size_t)n * LATHE_BLOCK_BYTES;
		if (at % LATHEP_SESSION_GROUP == 0)
			burn->crc[group] = 0;
		burn->crc[group] = lathe_iso9660_crc32c(burn->crc[group],
							 data, bytes);
		at += n;
		blocks -= n;
		data += bytes;
	}
}

/* Between two commands, by the user or by a source. */
static int stopped(struct lathep_session_burn *burn, int err)
{
	struct lathe_failure *failure = burn->failure;
	char what[40];

	snprintf(what, sizeof(what), "writing at LBA %lu",
		 (unsigned long)burn->image.start + burn->written);
	lathep_session_fail_plain(failure, err, what);
	failure->has_lba = true;
	failure->lba = burn->image.start + burn->written;
	return err;
}

int lathep_session_burn_heed(struct lathep_session_burn *burn)
{
	const struct lathe_hooks *hooks = burn->hooks;

	if (burn->rescuing || !hooks->cancelled ||
	    !hooks->cancelled(hooks->ctx))
		return 0;
	return stopped(burn, LATHE_ERR_CANCELLED);
}

static void report_progress(const struct lathep_session_burn *burn)
{
	const struct lathe_hooks *hooks = burn->hooks;
	struct lathe_progress now = { .phase = LATHE_PHASE_WRITING,
				      .done = burn->written,
				      .total = burn->track };

	if (burn->stream && !burn->stream->blocks)
		now.total = 0;

	if (!hooks->progress)
		return;
	if (burn->feed)
		lathe_iso9660_feed_level(burn->feed, &now.buffer_full,
					 &now.buffer_room);
	hooks->progress(hooks->ctx, &now);
}

int lathep_session_burn_send(struct lathep_session_burn *burn, uint32_t lba,
			     const uint8_t *data, uint32_t blocks)
{
	int err = lathep_session_burn_heed(burn);

	if (err)
		return err;
	burn->write_sent = true;
	err = lathe_mmc_write(burn->mmc, lba, blocks, data);
	if (!err)
		return 0;
	burn->drive_failed = true;
	return lathep_session_burn_fail_mmc(burn, err, "writing");
}

int lathep_session_burn_emit(struct lathep_session_burn *burn,
			     const uint8_t *data, uint32_t blocks)
{
	int err = lathep_session_burn_send(burn,
					   burn->image.start + burn->written,
					   data, blocks);

	if (err)
		return err;
	lathep_session_burn_keep(burn, data, blocks);
	burn->written += blocks;
	if (!burn->rescuing)
		report_progress(burn);
	return 0;
}

/* ---- cutting into commands ---------------------------------------------- */

static int flush_carry(struct lathep_session_burn *burn)
{
	uint32_t blocks = burn->carry_blocks;

	burn->carry_blocks = 0;
	return blocks ? lathep_session_burn_emit(burn, burn->carry, blocks) : 0;
}

/* Fill what waits for a whole command up. Returns the blocks that went. */
static uint32_t fill_carry(struct lathep_session_burn *burn,
			   const uint8_t *data, uint32_t blocks)
{
	uint32_t n = burn->chunk - burn->carry_blocks;
	uint8_t *at = burn->carry +
		      (size_t)burn->carry_blocks * LATHE_BLOCK_BYTES;

	if (n > blocks)
		n = blocks;
	if (data)
		memcpy(at, data, (size_t)n * LATHE_BLOCK_BYTES);
	else
		memset(at, 0, (size_t)n * LATHE_BLOCK_BYTES);
	burn->carry_blocks += n;
	return n;
}

/* 'data' NULL: zeros. Whole commands go straight from where they are. */
int lathep_session_burn_push(struct lathep_session_burn *burn,
			     const uint8_t *data, uint32_t blocks)
{
	int err = 0;

	while (blocks && !err) {
		uint32_t n = burn->chunk;

		if (data && !burn->carry_blocks && blocks >= n) {
			err = lathep_session_burn_emit(burn, data, n);
		} else {
			n = fill_carry(burn, data, blocks);
			if (burn->carry_blocks == burn->chunk)
				err = flush_carry(burn);
		}
		if (data)
			data += (size_t)n * LATHE_BLOCK_BYTES;
		blocks -= n;
	}
	return err;
}

int lathep_session_burn_zeros(struct lathep_session_burn *burn,
			      uint32_t blocks)
{
	int err = lathep_session_burn_push(burn, NULL, blocks);

	return err ? err : flush_carry(burn);
}

/* ---- the whole volume --------------------------------------------------- */

int lathep_session_burn_source_error(void *ctx, uint32_t node,
				     uint64_t offset, int err,
				     const char *text)
{
	struct lathep_session_burn *burn = ctx;

	lathep_session_burn_source_failed(burn, node, offset, err, text);
	if (burn->options->stop_on_source_error)
		return LATHE_ERR_CHANGED;
	return 0;
}

static int feed_volume(struct lathep_session_burn *burn)
{
	const uint8_t *data;
	uint32_t lba, blocks;
	int err;

	for (;;) {
		err = lathe_iso9660_feed_next(burn->feed, &data, &lba, &blocks);
		if (err)
			return stopped(burn, err);
		if (!blocks)
			return 0;
		err = lathep_session_burn_push(burn, data, blocks);
		if (err)
			return err;
	}
}

/* The first blocks of the volume, to be kept. */
static int read_first(struct lathep_session_burn *burn, uint32_t blocks)
{
	struct lathe_iso9660_cursor *cursor;
	int err;

	memset(burn->first, 0, LATHEP_SESSION_HEAD_BYTES);
	err = lathe_iso9660_cursor_create(&burn->image, &burn->quiet,
					  &burn->on_error, &cursor);
	if (err)
		return err;
	err = lathe_iso9660_cursor_read(cursor, burn->image.start, blocks,
					burn->first);
	lathe_iso9660_cursor_destroy(cursor);
	return err;
}

/* *first: where the rest of the volume begins. */
static int write_first(struct lathep_session_burn *burn, uint32_t *first)
{
	int err;

	err = lathep_session_burn_write_lead(burn);
	if (err)
		return err;
	*first = burn->volume < LATHEP_SESSION_HEAD ? burn->volume :
						      LATHEP_SESSION_HEAD;
	err = read_first(burn, *first);
	if (err)
		return lathep_session_fail_plain(burn->failure, err,
						 "preparing to read");
	return lathep_session_burn_hold(burn, *first);
}

static int write_rest(struct lathep_session_burn *burn, uint32_t first)
{
	struct lathe_iso9660_feed_options options = burn->options->feed;
	int err;

	if (options.chunk_blocks)
		options.chunk_blocks += burn->chunk - 1 -
					(options.chunk_blocks - 1) %
						burn->chunk;
	err = lathe_iso9660_feed_create(&burn->image,
					burn->image.start + first,
					burn->volume - first, &options,
					&burn->quiet, &burn->on_error,
					&burn->feed);
	if (err)
		return lathep_session_fail_plain(burn->failure, err,
						 "preparing to read");
	err = feed_volume(burn);
	lathe_iso9660_feed_destroy(burn->feed);
	burn->feed = NULL;
	return err;
}

int lathep_session_burn_write(struct lathep_session_burn *burn)
{
	uint32_t first = burn->written;
	int err = 0;

	report_progress(burn);
	if (burn->first)
		err = write_first(burn, &first);
	if (!err && first < burn->volume)
		err = write_rest(burn, first);
	return err;
}

/* Less than a command may still wait. */
int lathep_session_burn_fill(struct lathep_session_burn *burn)
{
	uint32_t there = burn->written + burn->carry_blocks;

	return lathep_session_burn_zeros(
		burn, there < burn->track ? burn->track - there : 0);
}
