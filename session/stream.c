/* SPDX-License-Identifier: MIT */
/*
 * stream.c - recording what is an image already, from its first block on.
 *
 * Addresses in an image are absolute, so it belongs to one place only. Where
 * that is shows in its first blocks: a directory and a path table say where
 * the root directory is.
 */
#include "session/burn_internal.h"

#include <string.h>

#define PVD 16u		/* block of the primary descriptor, ECMA-119 6.2.1 */
#define GROWABLE 48u	/* the same of a first session at 32 */

static int fail(struct lathep_session_burn *burn, int err, const char *what)
{
	return lathep_session_fail_plain(burn->failure, err, what);
}

/* ---- what comes in ------------------------------------------------------ */

/* Up to 'count' blocks; *got 0 at the end. */
static int take(struct lathep_session_burn *burn, uint8_t *out,
		uint32_t count, uint32_t *got)
{
	const struct lathe_session_stream *stream = burn->stream;
	int err;

	*got = 0;
	if (burn->ended)
		return 0;
	if (stream->blocks && count > stream->blocks - burn->taken)
		count = stream->blocks - burn->taken;
	if (!count)
		return 0;
	err = stream->read(stream->ctx, out, count, got);
	if (!err && *got > count)
		err = LATHE_ERR_CORRUPT;
	if (err)
		return fail(burn, err, "reading the image");
	if (!*got)
		burn->ended = true;
	burn->taken += *got;
	return 0;
}

static int peek(struct lathep_session_burn *burn)
{
	uint32_t got = 1;
	int err = 0;

	while (burn->peeked < LATHEP_SESSION_HELD && got && !err) {
		err = take(burn,
			   burn->peek + (size_t)burn->peeked *
						LATHE_BLOCK_BYTES,
			   LATHEP_SESSION_HELD - burn->peeked, &got);
		burn->peeked += err ? 0 : got;
	}
	return err;
}

int lathep_session_stream_open(struct lathep_session_burn *burn)
{
	int err;

	burn->peek = lathep_session_alloc(burn->hooks,
					  LATHEP_SESSION_HELD_BYTES);
	if (!burn->peek)
		return fail(burn, LATHE_ERR_MEMORY, "reading the image");
	err = peek(burn);
	if (err)
		return err;
	if (!burn->peeked)
		return fail(burn, LATHE_ERR_EMPTY, "the image");
	burn->volume = burn->stream->blocks;
	if (!burn->volume)
		burn->volume = burn->peeked;
	burn->metadata = burn->peeked;
	return 0;
}

/* ---- where it belongs --------------------------------------------------- */

static const uint8_t *at(const uint8_t *blocks, uint32_t i)
{
	return blocks + (size_t)i * LATHE_BLOCK_BYTES;
}

static bool is_primary(const uint8_t *blocks, uint32_t count, uint32_t i)
{
	return i < count && lathe_iso9660_primary.recognise(at(blocks, i));
}

/* ECMA-119 9.1: a record of the directory itself; 9.4: the root in a path
 * table of type L. One that can not be told belongs where most do. */
uint32_t lathe_session_image_start(const uint8_t *blocks, uint32_t count)
{
	uint32_t root, table, i;

	if (!is_primary(blocks, count, PVD) ||
	    is_primary(blocks, count, GROWABLE))
		return 0;
	root = lathe_get_le32(at(blocks, PVD) + 158);
	table = lathe_get_le32(at(blocks, PVD) + 140);
	for (i = PVD + 1; i < count; i++) {
		const uint8_t *b = at(blocks, i);

		if (lathe_get_le32(b + 2) != root)
			continue;
		if (b[0] >= 34 && b[32] == 1 && b[33] == 0 && root >= i)
			return root - i;
		if (b[0] == 1 && lathe_get_le16(b + 6) == 1 && b[8] == 0 &&
		    table >= i)
			return table - i;
	}
	return 0;
}

/* ---- may it be recorded? ------------------------------------------------ */

static int another_place(struct lathep_session_burn *burn, uint32_t origin,
			 uint32_t next)
{
	return lathep_session_fail(
		burn->failure, LATHE_ERR_WRONG_DISC,
		"the image was made for block %lu, the next session begins at "
		"%lu",
		(unsigned long)origin, (unsigned long)next);
}

static int check_appended(struct lathep_session_burn *burn, uint32_t origin)
{
	const struct lathe_mmc_medium *medium = &burn->medium;
	bool appendable = medium->status == LATHE_MMC_STATUS_APPENDABLE ||
			  burn->grown.sessions;

	if (!appendable && !lathep_session_check_blank(burn))
		return another_place(burn, origin, 0);
	if (!appendable || !medium->has_next_writable)
		return fail(burn, LATHE_ERR_NOT_APPENDABLE, NULL);
	if (origin != medium->next_writable)
		return another_place(burn, origin, medium->next_writable);
	if (burn->options->at_once)
		return fail(burn, LATHE_ERR_NOT_BLANK, "at once");
	return 0;
}

int lathep_session_stream_check(struct lathep_session_burn *burn)
{
	uint32_t look = LATHE_SESSION_IMAGE_LOOK;
	uint32_t origin = lathe_session_image_start(
		burn->peek, burn->peeked < look ? burn->peeked : look);
	int err;

	burn->place = burn->grown.place;
	if (burn->raw.overwritable)
		lathep_session_lay_over(&burn->grown, &burn->medium);
	if (origin)
		return check_appended(burn, origin);
	err = lathep_session_check_blank(burn);
	if (!err && burn->raw.overwritable) {
		memset(&burn->grown, 0, sizeof(burn->grown));
		memset(&burn->place, 0, sizeof(burn->place));
		lathep_session_lay_over(&burn->grown, &burn->medium);
	}
	return err;
}

/* ---- writing it --------------------------------------------------------- */

static int push(struct lathep_session_burn *burn, const uint8_t *data,
		uint32_t blocks)
{
	uint32_t there = burn->written + burn->carry_blocks;

	if (there + blocks > burn->medium.free_blocks - burn->costs.run_out)
		return lathep_session_fail(
			burn->failure, LATHE_ERR_FULL,
			"the image goes on behind the %lu blocks that are "
			"free",
			(unsigned long)burn->medium.free_blocks);
	return lathep_session_burn_push(burn, data, blocks);
}

/* What was looked at; overwritable: without what leads to it, for later. */
static int push_peeked(struct lathep_session_burn *burn)
{
	int err;

	if (!burn->first)
		return push(burn, burn->peek, burn->peeked);
	err = lathep_session_burn_write_lead(burn);
	if (err)
		return err;
	memcpy(burn->first, burn->peek,
	       (size_t)burn->peeked * LATHE_BLOCK_BYTES);
	return lathep_session_burn_hold(burn, burn->peeked);
}

static int push_all(struct lathep_session_burn *burn)
{
	uint32_t got = 1;
	int err = 0;

	while (got && !err) {
		err = take(burn, burn->peek, LATHEP_SESSION_HELD, &got);
		if (!err && got)
			err = push(burn, burn->peek, got);
	}
	return err;
}

/* How much it was, and the padding that follows from it. */
static int take_length(struct lathep_session_burn *burn)
{
	int err;

	if (burn->stream->blocks && burn->taken < burn->stream->blocks) {
		burn->source_failed = true;
		burn->report->files_not_whole++;
		return 0;
	}
	if (burn->stream->blocks)
		return 0;
	burn->volume = burn->taken;
	err = lathep_session_burn_check_room(burn);
	lathep_session_burn_take_space(burn);
	return err;
}

int lathep_session_stream_write(struct lathep_session_burn *burn)
{
	int err = push_peeked(burn);

	if (!err)
		err = push_all(burn);
	return err ? err : take_length(burn);
}

/* ---- the call ----------------------------------------------------------- */

int lathe_session_record_stream(struct lathe_mmc *mmc,
				const struct lathe_hooks *hooks,
				const struct lathe_session_stream *stream,
			const struct lathe_session_record_options *options,
				struct lathe_session_report *report,
				struct lathe_failure *failure)
{
	struct lathe_session_master *master;
	int err;

	memset(report, 0, sizeof(*report));
	if (!lathep_session_makes_sense(options, false) ||
	    (options->at_once && !stream->blocks))
		return lathep_session_fail_plain(failure, LATHE_ERR_ARG,
						 "recording");
	hooks = lathep_session_hooks(hooks);
	master = lathep_session_alloc(hooks, sizeof(*master));
	if (!master)
		return lathep_session_fail_plain(failure, LATHE_ERR_MEMORY,
						 "recording");
	master->config.hooks = *hooks;
	master->mmc = mmc;
	err = lathep_session_run(master, stream, options, report);
	if (failure)
		*failure = master->failure;
	lathep_session_free(hooks, master, sizeof(*master));
	return err;
}
