/* SPDX-License-Identifier: MIT */
/*
 * Reading for the import: a window of up to 256 KiB that moves over the disc,
 * and the checksum of an own volume's metadata, taken from what comes by.
 *
 * How far to read ahead is learned: twice as far after each read that went
 * on where the last one ended, half as far after each one that did not, so
 * that directories which lie scattered cost little more than themselves.
 */
#include <string.h>

#include "iso9660/reader_internal.h"

#define WINDOW_MOST 128u /* blocks: what a cache near the processor holds */
#define WINDOW_BEGIN 16u
#define ASIDE_MOST 16u

static int open_window(struct lathep_iso9660_import *imp,
		       struct lathep_iso9660_window *w, uint32_t most)
{
	memset(w, 0, sizeof(*w));
	w->ahead = WINDOW_BEGIN;
	w->most = imp->blocks->end < most ? imp->blocks->end : most;
	w->data = lathep_iso9660_take(&imp->tree->hooks,
				      (size_t)w->most * LATHE_BLOCK_BYTES);
	return w->data ? 0 : LATHE_ERR_MEMORY;
}

static void close_window(struct lathep_iso9660_import *imp,
			 struct lathep_iso9660_window *w)
{
	lathep_iso9660_give(&imp->tree->hooks, w->data,
			    (size_t)w->most * LATHE_BLOCK_BYTES);
	w->data = NULL;
}

int lathep_iso9660_window_open(struct lathep_iso9660_import *imp)
{
	return open_window(imp, &imp->window, WINDOW_MOST);
}

void lathep_iso9660_window_close(struct lathep_iso9660_import *imp)
{
	close_window(imp, &imp->window);
	close_window(imp, &imp->aside);
}

/* ---- the checksum ------------------------------------------------------- */

/* Blocks of the window that begin at 'lba'. The field that holds the result
 * counts as zero. */
static uint32_t sum_blocks(const struct lathep_iso9660_window *w, uint32_t crc,
			   uint32_t lba, uint32_t count)
{
	static const uint8_t zeros[4];
	const uint8_t *p = w->data + (size_t)(lba - w->first) *
					     LATHE_BLOCK_BYTES;
	size_t left = (size_t)count * LATHE_BLOCK_BYTES;
	const size_t field = LATHEP_ISO9660_MARK_CRC;

	/* The mark stands in the first block of all that are summed. */
	if (lba == w->sum_first) {
		crc = lathe_iso9660_crc32c(crc, p, field);
		crc = lathe_iso9660_crc32c(crc, zeros, sizeof(zeros));
		p += field + sizeof(zeros);
		left -= field + sizeof(zeros);
	}
	return lathe_iso9660_crc32c(crc, p, left);
}

/* Where what is not summed yet begins, at or behind 'lba', and where it
 * ends; 'before': the piece that ends where it begins, or 'pieces'. */
static uint32_t find_gap(const struct lathep_iso9660_window *w, uint32_t lba,
			 uint32_t *end, uint32_t *before)
{
	uint32_t i;
	bool moved;

	do {
		moved = false;
		for (i = 0; i < w->pieces; i++) {
			if (w->piece[i].first <= lba && lba < w->piece[i].end) {
				lba = w->piece[i].end;
				moved = true;
			}
		}
	} while (moved);
	*end = w->sum_end;
	*before = w->pieces;
	for (i = 0; i < w->pieces; i++) {
		if (w->piece[i].end == lba)
			*before = i;
		if (w->piece[i].first > lba && w->piece[i].first < *end)
			*end = w->piece[i].first;
	}
	return lba;
}

/* Sum what is new in the window. When there are too many pieces, what is
 * not summed now will be read again at the end. */
static void sum_window(struct lathep_iso9660_window *w)
{
	uint32_t lba = w->first > w->sum_first ? w->first : w->sum_first;
	uint32_t last = w->first + w->count, end, before, stop;

	for (;;) {
		lba = find_gap(w, lba, &end, &before);
		stop = end < last ? end : last;
		if (lba >= stop)
			return;
		if (before == w->pieces) {
			if (w->pieces == sizeof(w->piece) / sizeof(w->piece[0]))
				return;
			w->piece[before].first = lba;
			w->piece[before].crc = 0;
			w->pieces++;
		}
		w->piece[before].crc = sum_blocks(w, w->piece[before].crc, lba,
						  stop - lba);
		w->piece[before].end = stop;
		lba = stop;
	}
}

void lathep_iso9660_window_sum(struct lathep_iso9660_import *imp)
{
	const struct lathep_iso9660_mark *mark = &imp->heads.mark;
	struct lathep_iso9660_window *w = &imp->window;

	w->summing = true;
	w->sum_first = mark->self.start + 16;
	w->sum_end = mark->self.start + mark->metadata;
	sum_window(w);
}

int lathep_iso9660_window_verify(struct lathep_iso9660_import *imp)
{
	struct lathep_iso9660_window *w = &imp->window;
	uint32_t lba = w->sum_first, i, crc = 0, next, blocks;
	const uint8_t *block;
	int err;

	w->summing = false;
	while (lba < w->sum_end) {
		next = w->sum_end;
		for (i = 0; i < w->pieces; i++) {
			if (w->piece[i].first == lba)
				break;
			if (w->piece[i].first > lba && w->piece[i].first < next)
				next = w->piece[i].first;
		}
		if (i < w->pieces) {
			blocks = w->piece[i].end - lba;
			crc = lathep_iso9660_crc32c_join(
				crc, w->piece[i].crc,
				(uint64_t)blocks * LATHE_BLOCK_BYTES);
		} else {
			err = lathep_iso9660_window_get(imp, lba,
							next - lba - 1, &block);
			if (err)
				return err;
			blocks = w->first + w->count - lba;
			if (blocks > next - lba)
				blocks = next - lba;
			crc = sum_blocks(w, crc, lba, blocks);
		}
		lba += blocks;
	}
	if (crc != imp->heads.mark.crc)
		return lathep_iso9660_fail(
			lathep_iso9660_import_failure(imp), LATHE_ERR_CORRUPT,
			"the checksum over the metadata of the session at "
			"block %lu (blocks %lu to %lu) does not hold",
			(unsigned long)imp->heads.found.self.start,
			(unsigned long)w->sum_first,
			(unsigned long)w->sum_end - 1);
	return 0;
}

/* ---- reading ------------------------------------------------------------ */

/* Asked before each read. */
static int pause_for_user(struct lathep_iso9660_import *imp)
{
	const struct lathe_hooks *hooks = &imp->tree->hooks;
	struct lathe_progress progress = { .phase = LATHE_PHASE_IMPORTING };

	if (hooks->cancelled && hooks->cancelled(hooks->ctx))
		return lathep_iso9660_fail(lathep_iso9660_import_failure(imp),
					   LATHE_ERR_CANCELLED,
					   "the import was cancelled");
	progress.done = imp->window.blocks_read;
	progress.total = imp->own ? imp->heads.mark.metadata : 0;
	/* Reading ahead may go beyond the last directory. */
	if (imp->own && progress.total < progress.done)
		progress.total = progress.done;
	if (hooks->progress)
		hooks->progress(hooks->ctx, &progress);
	return 0;
}

static int fill(struct lathep_iso9660_import *imp,
		struct lathep_iso9660_window *w, uint32_t lba, uint32_t count)
{
	int err;

	w->count = 0;
	err = imp->blocks->read(imp->blocks->ctx, lba, count, w->data);
	if (err)
		return err;
	w->first = lba;
	w->count = count;
	w->blocks_read += count;
	if (w->summing)
		sum_window(w);
	return 0;
}

static bool in_window(const struct lathep_iso9660_window *w, uint32_t lba,
		      const uint8_t **block)
{
	if (lba < w->first || lba - w->first >= w->count)
		return false;
	*block = w->data + (size_t)(lba - w->first) * LATHE_BLOCK_BYTES;
	return true;
}

static int fill_some(struct lathep_iso9660_import *imp,
		     struct lathep_iso9660_window *w, uint32_t lba,
		     uint32_t count, const uint8_t **block)
{
	int err = fill(imp, w, lba, count);

	/* What was read ahead may lie in a gap that no drive can read. */
	if (err && count > 1)
		err = fill(imp, w, lba, 1);
	if (err)
		return lathep_iso9660_fail(
			lathep_iso9660_import_failure(imp), err,
			"block %lu could not be read", (unsigned long)lba);
	*block = w->data;
	return 0;
}

int lathep_iso9660_window_get(struct lathep_iso9660_import *imp, uint32_t lba,
			      uint32_t more, const uint8_t **block)
{
	struct lathep_iso9660_window *w = &imp->window;
	uint32_t count, last = w->first + w->count;
	int err;

	if (in_window(w, lba, block))
		return 0;
	err = pause_for_user(imp);
	if (err)
		return err;
	if (lba >= last && lba - last <= w->ahead)
		w->ahead = w->ahead < WINDOW_MOST / 2 ? 2 * w->ahead
						      : WINDOW_MOST;
	else
		w->ahead = w->ahead > 1 ? w->ahead / 2 : 1;
	count = more < w->ahead ? w->ahead : more + 1;
	if (count > w->most)
		count = w->most;
	if (count > imp->blocks->end - lba)
		count = imp->blocks->end - lba;
	return fill_some(imp, w, lba, count, block);
}

int lathep_iso9660_window_peek(struct lathep_iso9660_import *imp, uint32_t lba,
			       const uint8_t **block)
{
	struct lathep_iso9660_window *w = &imp->aside;
	uint32_t count;
	int err;

	if (in_window(&imp->window, lba, block) || in_window(w, lba, block))
		return 0;
	if (!w->data) {
		err = open_window(imp, w, ASIDE_MOST);
		if (err)
			return lathep_iso9660_import_no_memory(imp->tree);
	}
	err = pause_for_user(imp);
	if (err)
		return err;
	/* Ahead only where it seems to go on. */
	count = lba >= w->first && lba - w->first < 4 * ASIDE_MOST ? w->most
								   : 1;
	if (count > imp->blocks->end - lba)
		count = imp->blocks->end - lba;
	return fill_some(imp, w, lba, count, block);
}
