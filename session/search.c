/* SPDX-License-Identifier: MIT */
/*
 * search.c - where descriptors may stand on a medium without a table of
 * contents, found with few commands.
 *
 * A window of blocks is read with one command. Where that fails the places
 * are asked singly at which programs begin sessions. Where several windows
 * in a row give nothing, mostly since nothing was ever recorded there, the
 * steps grow; the edge of what can be read again is then found by halving.
 * What is recorded behind such a stretch is met with if it is a sixteenth of
 * it, or a 256th of the medium.
 */
#include "session/session_internal.h"

#include <string.h>

#define WINDOW 32u		/* blocks; an ECC block of a BD, two of a DVD */
#define GRID 16u		/* sessions begin at multiples of it */
#define NOTHING_MOST 4u		/* windows in a row before the steps grow */
#define GROWTH 16u		/* a step is that part of what gave nothing */
#define STEPS_LEAST 256u	/* that a medium is crossed in */
#define FAILED_MOST 1000u	/* reads; each may take seconds */

int lathep_session_search_begin(struct lathep_session_search *search,
				const struct lathe_blocks *blocks,
				const struct lathe_hooks *hooks, bool far)
{
	memset(search, 0, sizeof(*search));
	search->blocks = blocks;
	search->hooks = hooks;
	search->far = far;
	search->window = lathep_session_alloc(hooks,
					      WINDOW * LATHE_BLOCK_BYTES);
	return search->window ? 0 : LATHE_ERR_MEMORY;
}

void lathep_session_search_end(struct lathep_session_search *search)
{
	lathep_session_free(search->hooks, search->window,
			    WINDOW * LATHE_BLOCK_BYTES);
}

/* ---- one window --------------------------------------------------------- */

static bool read_some(struct lathep_session_search *search, uint32_t lba,
		      uint32_t count)
{
	const struct lathe_blocks *blocks = search->blocks;
	uint32_t i;

	if (blocks->read(blocks->ctx, lba, count, search->window)) {
		if (++search->failed > FAILED_MOST && search->far)
			search->err = LATHE_ERR_CORRUPT;
		return false;
	}
	for (i = 0; i < count; i++)
		if (lathe_iso9660_primary.recognise(
			    search->window + (size_t)i * LATHE_BLOCK_BYTES))
			search->found |= 1u << (lba - search->from + i);
	return true;
}

/* The window that begins at 'from', as a whole. */
static bool read_whole(struct lathep_session_search *search, uint32_t from)
{
	uint32_t end = search->blocks->end;

	search->from = from;
	search->to = end - from < WINDOW ? end : from + WINDOW;
	search->found = 0;
	return read_some(search, from, search->to - from);
}

/* ... or what of it can be read. False: nothing. */
static bool read_window(struct lathep_session_search *search, uint32_t from)
{
	bool some = read_whole(search, from);
	uint32_t at;

	if (some)
		return true;
	for (at = from; at < search->to; at += GRID)
		some = read_some(search, at, 1) || some;
	return some;
}

static uint32_t next_found(const struct lathep_session_search *search,
			   uint32_t lba)
{
	while (lba < search->to &&
	       !(search->found >> (lba - search->from) & 1u))
		lba++;
	return lba;
}

/* ---- what gives nothing ------------------------------------------------- */

static bool stopped(struct lathep_session_search *search)
{
	const struct lathe_hooks *hooks = search->hooks;

	if (!search->err && hooks->cancelled && hooks->cancelled(hooks->ctx))
		search->err = LATHE_ERR_CANCELLED;
	return search->err != 0;
}

/* Windows, at least one. */
static uint32_t whole(uint32_t blocks)
{
	return blocks < WINDOW ? WINDOW : blocks - blocks % WINDOW;
}

/* From the window at 'low' on, which gives nothing: the next place that may
 * give something, or the end. */
static uint32_t cross(struct lathep_session_search *search, uint32_t low)
{
	uint32_t end = search->blocks->end, step = WINDOW, high = low;
	uint32_t begin = low, longest = whole(end / STEPS_LEAST);

	for (;;) {
		if (stopped(search) || end - high <= WINDOW)
			return end;
		if (step >= end - high)
			step = whole((end - high) / 2);
		high += step;
		if (read_whole(search, high))
			break;
		low = high;
		step = whole((high - begin) / GROWTH);
		if (step > longest)
			step = longest;
	}
	while (high - low > WINDOW && !stopped(search)) {
		uint32_t between = low + whole((high - low) / 2);

		if (read_whole(search, between))
			high = between;
		else
			low = between;
	}
	/* Its second half may be good. */
	read_window(search, low);
	return next_found(search, low);
}

/* ---- the search --------------------------------------------------------- */

uint32_t lathep_session_search_next(void *ctx, uint32_t lba)
{
	struct lathep_session_search *search = ctx;
	uint32_t end = search->blocks->end;

	if (lba >= end || stopped(search))
		return end;
	if (lba >= search->from && lba < search->to)
		return next_found(search, lba);
	if (search->far)
		lathep_session_progress(search->hooks, LATHE_PHASE_INSPECTING,
					lba, end);
	if (read_window(search, lba - lba % WINDOW))
		search->nothing = 0;
	else if (search->far && ++search->nothing >= NOTHING_MOST)
		return cross(search, search->from);
	return next_found(search, lba);
}
