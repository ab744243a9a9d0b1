/* SPDX-License-Identifier: MIT */
/*
 * fit.c - does a session fit, and does another one fit behind it?
 *
 * What a session needs is what its track takes: volume, minimum length,
 * alignment, run-out. The closing reserve does not decide whether a session
 * fits, only whether the disc stays appendable: a drive's free blocks already
 * leave room for the lead-out. The pad that keeps read-ahead away from the
 * run-out takes what is left over and is never a reason to refuse.
 */
#include "session/session_internal.h"

static uint64_t align_up(uint64_t blocks, uint32_t alignment)
{
	if (alignment < 2)
		return blocks;
	return (blocks + alignment - 1) / alignment * alignment;
}

static uint64_t track_for(const struct lathe_mmc_costs *costs, uint64_t blocks)
{
	if (blocks < costs->minimum_track)
		blocks = costs->minimum_track;
	return align_up(blocks, costs->alignment);
}

static uint32_t saturate(uint64_t blocks)
{
	return blocks > UINT32_MAX ? UINT32_MAX : (uint32_t)blocks;
}

void lathe_session_fit(const struct lathe_mmc_costs *costs,
		       uint32_t free_blocks, uint32_t volume_blocks,
		       struct lathe_session_space *out)
{
	uint64_t shortest = track_for(costs, volume_blocks);
	uint64_t track = track_for(costs, (uint64_t)volume_blocks +
						  costs->read_ahead_pad);
	uint64_t need = shortest + costs->run_out;
	uint64_t room, behind;

	out->need = saturate(need);
	out->pad = 0;
	out->track = 0;
	out->fit = LATHE_SESSION_FITS_NOT;
	if (need > free_blocks)
		return;

	room = free_blocks - costs->run_out;
	if (track > room) {
		/* 'shortest' fits and is aligned, so this is not below it. */
		track = room;
		if (costs->alignment > 1)
			track -= track % costs->alignment;
	}
	behind = track - volume_blocks;
	out->track = (uint32_t)track;
	out->pad = behind < costs->read_ahead_pad ? (uint32_t)behind :
						    costs->read_ahead_pad;
	out->fit = need + costs->closing_documented <= free_blocks ?
			   LATHE_SESSION_FITS_APPENDABLE :
			   LATHE_SESSION_FITS_FINAL;
}
