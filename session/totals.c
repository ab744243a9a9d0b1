/* SPDX-License-Identifier: MIT */
/*
 * totals.c - how much there is room for, and how much of it is used. The
 * earlier sessions and their gaps count as used: the total is a property of
 * the disc.
 */
#include "session/session_internal.h"

#include <string.h>

/* In single-session mode with a used disc in the drive: as if that disc were
 * blank. */
static void find_place(const struct lathe_session_master *master,
		       struct lathep_session_place *place)
{
	const struct lathe_session_disc *disc = &master->disc;
	const struct lathe_mmc_medium *medium = &disc->medium;

	memset(place, 0, sizeof(*place));
	struct lathe_mmc_medium as = *medium;

	if (disc->mode != LATHE_SESSION_MODE_MULTI && !disc->blank) {
		as.sessions = 0;
		as.next_writable = 0;
		as.free_blocks = medium->capacity_blocks;
	}
	if (medium->overwritable && !as.next_writable) {
		as.next_writable = LATHEP_SESSION_HEAD;
		as.free_blocks -= as.free_blocks < LATHEP_SESSION_HEAD ?
					  as.free_blocks :
					  LATHEP_SESSION_HEAD;
	}
	place->next = as.next_writable;
	place->free_blocks = as.free_blocks;
	lathep_session_costs(&as, master->volume_blocks, &place->costs);
}

void lathep_session_fit_there(const struct lathe_session_master *master,
			      struct lathep_session_place *place,
			      struct lathe_session_space *space)
{
	find_place(master, place);
	lathe_session_fit(&place->costs, place->free_blocks,
			  master->volume_blocks, space);
	/* However much is free behind it. */
	if (master->disc.medium.single_session &&
	    space->fit == LATHE_SESSION_FITS_APPENDABLE)
		space->fit = LATHE_SESSION_FITS_FINAL;
}

static uint32_t saturated_sum(uint32_t a, uint32_t b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

void lathep_session_add_up(const struct lathe_session_master *master,
			   struct lathe_session_sizes *out)
{
	struct lathep_session_place place;
	uint32_t reserve = 0;

	lathep_session_fit_there(master, &place, &out->space);
	if (master->config.strict_totals && !master->final)
		reserve = master->disc.medium.single_session ?
				  UINT32_MAX :
				  place.costs.closing_documented;
	if (reserve > place.free_blocks)
		reserve = place.free_blocks;
	out->volume_blocks = master->volume_blocks;
	out->metadata_blocks = master->metadata_blocks;
	out->total_blocks = saturated_sum(place.next,
					  place.free_blocks - reserve);
	out->used_blocks = saturated_sum(place.next, out->space.need);
}
