/* SPDX-License-Identifier: MIT */
/*
 * overwrite.c - a session on a medium of which any block may be written at
 * any time.
 *
 * Readers look at LBA 16 there, so the descriptors of the newest session are
 * copied to that place, last of all: the session but for its first descriptor;
 * that; then the head. Each is on the medium before the next one is begun. So
 * a cut at any point leaves the older sessions as they were, or a new one that
 * is found without the head.
 */
#include "session/burn_internal.h"

#include <string.h>

_Static_assert(LATHEP_SESSION_HEAD == LATHEP_SESSION_GROUP, "one checksum");

/* ---- in front of the volume --------------------------------------------- */

/* In front of the first session zeros make room for the head: some media grow
 * at their end only. In front of a later one LBA 0 to 31 and a copy of the head
 * may go. Other media have no such place. */
uint32_t lathep_session_burn_lead(const struct lathep_session_burn *burn)
{
	if (burn->place.copy)
		return 2 * LATHEP_SESSION_HEAD;
	return burn->place.start == LATHEP_SESSION_HEAD ? LATHEP_SESSION_HEAD :
							  0;
}

/* Descriptors that stand at LBA 16 alone, and what is beside them: it is
 * written as a whole with them, and lost if that is cut. */
static int make_copy(struct lathep_session_burn *burn, uint8_t *out)
{
	uint32_t count = burn->grown.newest.found.descriptors;
	bool whole;
	int err;

	err = lathep_session_read_head(&burn->reader.blocks, burn->hooks, 0,
				       burn->head, &whole);
	if (!err)
		err = burn->reader.drive_err;
	if (!err)
		err = lathe_iso9660_head_copy(
			lathep_session_set(burn->head), count,
			burn->place.copy, out);
	if (!err)
		lathep_session_mark_saved(burn->head, out);
	return err;
}

int lathep_session_burn_write_lead(struct lathep_session_burn *burn)
{
	uint32_t at = burn->image.start - lathep_session_burn_lead(burn), n;
	int err = 0;

	/* Zeros up to where a medium that grows goes on: nothing waits yet. */
	for (at -= burn->gap; burn->gap && !err; burn->gap -= n, at += n) {
		n = burn->gap < burn->chunk ? burn->gap : burn->chunk;
		err = lathep_session_burn_send(burn, at, burn->carry, n);
	}
	if (burn->place.copy && !err) {
		err = lathep_session_burn_send(burn, at, burn->head,
					       LATHEP_SESSION_HEAD);
		at += LATHEP_SESSION_HEAD;
	}
	if (at < burn->image.start && !err)
		err = lathep_session_burn_send(burn, at, burn->first,
					       LATHEP_SESSION_HEAD);
	return err;
}

/* Before the track is begun: what is read now can not be read then. */
int lathep_session_burn_begin_grown(struct lathep_session_burn *burn)
{
	const struct lathe_hooks *hooks = burn->hooks;
	int err = 0;

	if (!burn->raw.overwritable)
		return 0;
	burn->first = lathep_session_alloc(hooks, LATHEP_SESSION_HELD_BYTES);
	burn->head = lathep_session_alloc(hooks, LATHEP_SESSION_HEAD_BYTES);
	if (!burn->first || !burn->head)
		return lathep_session_fail_plain(burn->failure,
						 LATHE_ERR_MEMORY, "preparing");
	lathep_session_strict_reader(&burn->reader, burn->mmc, &burn->raw,
				     false);
	if (burn->place.copy)
		err = make_copy(burn, burn->first);
	if (err)
		return lathep_session_burn_fail_mmc(
			burn, err, "keeping the descriptors at 16");
	return 0;
}

/* ---- the volume --------------------------------------------------------- */

/* A session begins by what is there. */
static bool is_head(const uint8_t *blocks)
{
	uint32_t i;

	for (i = 0; i < LATHEP_SESSION_HEAD; i++)
		if (lathe_iso9660_primary.recognise(
			    blocks + (size_t)i * LATHE_BLOCK_BYTES))
			return true;
	return false;
}

int lathep_session_burn_hold(struct lathep_session_burn *burn, uint32_t blocks)
{
	uint8_t *held, *block;
	uint32_t i;
	int err;

	/* Zeros in place of a descriptor; the rest is as it will be. */
	held = lathep_session_alloc(burn->hooks, LATHEP_SESSION_HELD_BYTES);
	if (!held)
		return lathep_session_fail_plain(burn->failure,
						 LATHE_ERR_MEMORY, "writing");
	memcpy(held, burn->first, LATHEP_SESSION_HELD_BYTES);
	for (i = 0, block = held; i < blocks; i++, block += LATHE_BLOCK_BYTES)
		if (i == LATHEP_SESSION_SYSTEM_AREA ||
		    lathe_iso9660_primary.recognise(block))
			memset(block, 0, LATHE_BLOCK_BYTES);
	err = lathep_session_burn_push(burn, held, blocks);
	lathep_session_free(burn->hooks, held, LATHEP_SESSION_HELD_BYTES);
	return err;
}

/* ---- what comes last ---------------------------------------------------- */

/* Whole ECC blocks at 'lba', on the medium when this returns. */
static int put(struct lathep_session_burn *burn, uint32_t lba,
	       const uint8_t *data)
{
	return lathep_session_put(burn->mmc, &burn->raw, &burn->how, lba,
				  data);
}

/* The search tries each 16th block of what can not be read as a whole. */
static bool begins_session(struct lathep_session_burn *burn, uint32_t at)
{
	const struct lathe_blocks *blocks = &burn->reader.blocks;
	uint8_t *head = burn->head;

	if (blocks->read(blocks->ctx, at, LATHEP_SESSION_HEAD, head)) {
		memset(head, 0, LATHEP_SESSION_HEAD_BYTES);
		blocks->read(blocks->ctx, at, 1, head);
		blocks->read(blocks->ctx, at + 16, 1, lathep_session_set(head));
	}
	return is_head(head);
}

/* What is behind the session comes from a time when the medium held something
 * else: it must not be taken for a later session. */
static int forget_behind(struct lathep_session_burn *burn)
{
	uint32_t at = burn->image.start + burn->track, end = at + 96;
	uint32_t readable;
	int err = 0;

	lathep_session_strict_reader(&burn->reader, burn->mmc, &burn->raw,
				     false);
	readable = burn->reader.blocks.end;
	for (; at < end && at + LATHEP_SESSION_HEAD <= readable && !err;
	     at += LATHEP_SESSION_HEAD) {
		if (!begins_session(burn, at))
			continue;
		memset(burn->head, 0, LATHEP_SESSION_HEAD_BYTES);
		err = put(burn, at, burn->head);
	}
	return err ? err : burn->reader.drive_err;
}

static int make_head(struct lathep_session_burn *burn)
{
	const uint8_t *set = lathep_session_set(burn->first);
	uint32_t dropped, room = burn->place.room, copied = burn->place.copy;
	bool whole;
	int err;

	if (!copied)
		copied = burn->grown.copied;
	err = lathep_session_read_head(&burn->reader.blocks, burn->hooks,
				       copied, burn->head, &whole);
	if (burn->reader.drive_err)
		err = burn->reader.drive_err;
	if (err)
		return err;
	err = lathep_session_make_head(burn->hooks, set,
				       lathep_session_count_set(set),
				       burn->image.start, burn->volume, room,
				       burn->head, &dropped);
	if (!err && dropped)
		lathep_session_log(burn->hooks, LATHE_LOG_WARNING,
				   "session.no-boot",
				   "no room for the boot record: the disc "
				   "starts no computer any more");
	return err;
}

/* The first one last. What is compared in the end is that. */
static int put_first(struct lathep_session_burn *burn)
{
	uint32_t i = LATHEP_SESSION_HELD / LATHEP_SESSION_HEAD;
	int err = 0;

	while (i-- && !err) {
		uint32_t at = i * LATHEP_SESSION_HEAD;
		const uint8_t *data =
			burn->first + (size_t)at * LATHE_BLOCK_BYTES;

		if (i && !is_head(data))
			continue;
		err = put(burn, burn->image.start + at, data);
		burn->crc[i] = lathe_iso9660_crc32c(0, data,
						    LATHEP_SESSION_HEAD_BYTES);
	}
	return err;
}

static int show(struct lathep_session_burn *burn)
{
	int err = forget_behind(burn);

	if (!err)
		err = put_first(burn);
	/* An image that begins at LBA 0 has its head in it. */
	if (!burn->image.start) {
		memcpy(burn->head, burn->first, LATHEP_SESSION_HEAD_BYTES);
	} else {
		if (!err)
			err = make_head(burn);
		if (!err)
			err = put(burn, 0, burn->head);
	}
	if (!err)
		err = lathe_mmc_close_session(burn->mmc, &burn->raw, false);
	burn->shown = !err;
	return err;
}

int lathep_session_burn_show(struct lathep_session_burn *burn)
{
	int err;

	/* These few blocks may be checked by the drive. */
	burn->how.stream = false;
	err = show(burn);
	return err ? lathep_session_burn_fail_mmc(burn, err,
						  "writing the descriptors") :
		     0;
}

/* ---- how the medium is now ---------------------------------------------- */

void lathep_session_burn_settle_grown(struct lathep_session_burn *burn)
{
	struct lathe_session_report *report = burn->report;
	struct lathep_session_grown now;

	/* Whoever stopped the burn wants to know what is there. */
	if (!burn->settled)
		burn->settled = lathep_session_look(
			burn->mmc, &burn->quiet, &burn->raw, &now);
	if (burn->settled || burn->exchanged)
		return;
	report->next_writable = now.place.start;
	/* Whatever is found there was there before. */
	if (burn->stage != LATHEP_SESSION_STAGE_SHOWING)
		report->end = burn->write_sent ? LATHE_SESSION_END_OPEN :
						 LATHE_SESSION_END_UNTOUCHED;
	else if (!burn->image.start && burn->shown)
		report->end = LATHE_SESSION_END_APPENDABLE;
	else if (now.sessions && now.newest.start == burn->image.start &&
		 (!burn->grown.sessions ||
		  now.newest.start != burn->grown.newest.start))
		report->end = now.torn ? LATHE_SESSION_END_TORN :
					 LATHE_SESSION_END_APPENDABLE;
	else if (!burn->shown && now.sessions == burn->grown.sessions)
		report->end = LATHE_SESSION_END_OPEN;
}

/* Read back past the cache. */
static int check_head(struct lathep_session_burn *burn)
{
	uint8_t *is = burn->first;
	int err = lathe_mmc_read(burn->mmc, 0, LATHEP_SESSION_HEAD, true, is);

	if (err)
		return lathep_session_burn_fail_mmc(
			burn, LATHE_ERR_VERIFY,
			"verifying the descriptors at 16");
	if (memcmp(is, burn->head, LATHEP_SESSION_HEAD_BYTES) == 0)
		return 0;
	return lathep_session_fail(burn->failure, LATHE_ERR_VERIFY,
				   "verifying: blocks 0 to 31 differ from what "
				   "was sent");
}

int lathep_session_burn_check_grown(struct lathep_session_burn *burn,
				    enum lathe_session_verify level)
{
	if (burn->report->end != LATHE_SESSION_END_APPENDABLE)
		return lathep_session_fail(
			burn->failure, LATHE_ERR_VERIFY,
			"verifying: the session at %lu is not found again",
			(unsigned long)burn->image.start);
	return level == LATHE_SESSION_VERIFY_NONE ? 0 : check_head(burn);
}

/* ---- after a failure ---------------------------------------------------- */

void lathep_session_burn_rescue_grown(struct lathep_session_burn *burn)
{
	bool complete = burn->stage == LATHEP_SESSION_STAGE_SHOWING;

	if (!complete)
		lathe_mmc_end_track(burn->mmc);
	lathe_mmc_abandon_track(burn->mmc);
	/* A second try costs nothing, and little is missing. Media that are
	 * formatted as they are written want an end, whatever failed. */
	if (complete)
		show(burn);
	else if (!burn->options->simulate &&
		 !lathe_mmc_wait_ready(burn->mmc, LATHEP_SESSION_READY_MS))
		lathe_mmc_close_session(burn->mmc, &burn->raw, false);
}
