/* SPDX-License-Identifier: MIT */
/* emu_track_end.c - SYNCHRONIZE CACHE, and all that ends or interrupts a
 * track: padding, suspending, damage. MMC-6 6.41. */
#include "mmc/emulator/emu_recording.h"

#define FLUSH_US 200000u

/* Zeros behind the last block. What can not be stored is damage. */
static void pad(struct lathe_emulator *e, struct emu_track *track,
		uint32_t blocks)
{
	if (blocks && e->store->ops->zero(e->store,
					  track->start + track->blocks, blocks))
		lathep_emu_damage(emu_disc(e), track->start + track->blocks,
				  blocks);
	track->blocks += blocks;
}

/* Blocks that the ECC block in work still lacks; a disc that was made small
 * may end within it. A session at once ends where it was reserved to end. */
static uint32_t ecc_padding(const struct emu_disc *disc,
			    const struct emu_track *track)
{
	uint32_t last = track->reserved ? track->start + track->reserved
					: disc->limit;
	uint32_t end = track->start + track->blocks;
	uint32_t whole = lathep_emu_align(disc, end);

	if (track->type != EMU_TRACK_PACKET || end >= last)
		return 0;
	return (whole < last ? whole : last) - end;
}

/* Blocks that a track lacks when it ends: its reserved size, or the minimum
 * as far as there is room for it. */
static uint32_t end_padding(const struct emu_disc *disc,
			    const struct emu_track *track)
{
	uint32_t least = track->reserved ? track->reserved
					 : disc->media->min_track;

	if (!track->reserved && least > disc->limit - track->start)
		least = disc->limit - track->start;
	return track->blocks < least ? least - track->blocks
				     : ecc_padding(disc, track);
}

/* What the drive has taken is on the medium; some drives then link. */
void lathep_emu_flush_track(struct lathe_emulator *e, uint32_t number)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_track *track = lathep_emu_track(disc, number);
	uint32_t room;

	lathep_emu_flush(e);
	pad(e, track, ecc_padding(disc, track));
	if (e->unsynced && emu_quirk(e, EMU_Q_SYNC_LINKS) &&
	    track->type == EMU_TRACK_PACKET &&
	    lathep_emu_way(disc) == EMU_WAY_DVD_R) {
		room = track->reserved ? track->reserved
				       : disc->limit - track->start;
		if (track->blocks + EMU_DVD_R_LINK <= room)
			pad(e, track, EMU_DVD_R_LINK);
	}
	e->unsynced = false;
}

void lathep_emu_finish_flush(struct lathe_emulator *e)
{
	lathep_emu_flush(e);
	if (emu_disc(e)->open)
		lathep_emu_flush_track(e, emu_disc(e)->open);
	e->taken_end = 0;
	lathep_emu_save(e->store);
}

/* Another track goes on: this one waits. */
void lathep_emu_suspend_track(struct lathe_emulator *e)
{
	struct emu_disc *disc = emu_disc(e);

	if (!disc->open)
		return;
	lathep_emu_flush_track(e, disc->open);
	lathep_emu_track(disc, disc->open)->state = EMU_TRACK_RESERVED;
	disc->open = 0;
}

void lathep_emu_finish_track(struct lathe_emulator *e, uint32_t number)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_track *track = lathep_emu_track(disc, number);

	lathep_emu_flush(e);
	pad(e, track, end_padding(disc, track));
	lathep_emu_end_track(disc, number);
	e->underrun = false;
	e->unsynced = false;
	lathep_emu_save(e->store);
}

uint64_t lathep_emu_finish_track_us(const struct lathe_emulator *e,
				    uint32_t number)
{
	struct emu_disc *disc = emu_disc(e);
	const struct emu_track *track = lathep_emu_track(disc, number);
	uint64_t blocks = disc->buffered + disc->media->run_out +
			  end_padding(disc, track);

	return 1000000u + blocks * lathep_emu_block_us(e);
}

/* ---- SYNCHRONIZE CACHE -------------------------------------------------- */

static uint32_t start_flush(struct lathe_emulator *e, bool immediate)
{
	struct emu_job job = { .kind = EMU_JOB_FLUSH };

	lathep_emu_start_job(e, &job, FLUSH_US + emu_disc(e)->buffered *
			     lathep_emu_block_us(e), immediate);
	return EMU_GOOD;
}

/* In track-at-once this ends the track: whatever is flushed is followed by
 * padding, run-out and an entry in the PMA. A session at once ends when its
 * last block is there. All else is only flushed. */
uint32_t lathep_emu_sync_cache(struct lathe_emulator *e, struct lathe_cmd *c)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_job job = { .kind = EMU_JOB_SYNC };
	bool immediate = c->cdb[1] & 2;

	e->test_open = false;
	e->test_blocks = 0;
	e->test_reserved = 0;
	if (lathep_emu_random(disc) && !disc->buffered)
		e->taken_end = 0;
	if (lathep_emu_random(disc))
		return disc->buffered ? start_flush(e, immediate) : EMU_GOOD;
	if (e->cue.valid || (disc->open && lathep_emu_track(
			disc, disc->open)->type == EMU_TRACK_SESSION))
		return lathep_emu_sync_session(e, immediate);
	if (!disc->open)
		return EMU_GOOD;
	if (lathep_emu_track(disc, disc->open)->type == EMU_TRACK_PACKET)
		return start_flush(e, immediate);
	job.track = disc->open;
	lathep_emu_start_job(e, &job, lathep_emu_finish_track_us(e, job.track),
			     immediate);
	return EMU_GOOD;
}

/* ---- damage ------------------------------------------------------------- */

/* The ECC block of the last recorded block is torn: it counts as used. */
static void tear(struct emu_disc *disc, struct emu_track *track)
{
	uint32_t last = track->start + track->blocks - 1;
	uint32_t end = lathep_emu_align(disc, last + 1);

	lathep_emu_damage(disc, last, 1);
	track->blocks = end - track->start;
	if (track->reserved && track->blocks > track->reserved)
		track->blocks = track->reserved;
	if (track->blocks > disc->limit - track->start)
		track->blocks = disc->limit - track->start;
	track->damaged = true;
}

/* What is written in one go can not be taken up again. */
void lathep_emu_break_session(struct emu_disc *disc)
{
	struct emu_track *track;

	if (!disc->open)
		return;
	track = lathep_emu_track(disc, disc->open);
	if (track->type == EMU_TRACK_SESSION) {
		track->damaged = true;
		track->lost = true;
	}
}

/* Who is killed leaves what was on the medium, and what was in work torn. */
void lathep_emu_tear_open_track(struct emu_disc *disc)
{
	struct emu_track *track = lathep_emu_track(disc, disc->open);
	uint32_t end = track->start + track->blocks;

	if (!track->lost && lathep_emu_align(disc, end) != end)
		tear(disc, track);
	lathep_emu_break_session(disc);
}

void lathep_emu_spoil_track(struct lathe_emulator *e)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_track *track = lathep_emu_track(disc, disc->open);

	lathep_emu_flush(e);
	if (track->blocks)
		tear(disc, track);
	track->damaged = true;
	lathep_emu_break_session(disc);
	lathep_emu_save(e->store);
}

/* The power is gone. Blocks still in the buffer are lost; the ECC block that
 * was being written is torn. */
void lathep_emu_lose_buffer(struct lathe_emulator *e)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_track *track;

	if (lathep_emu_random(disc)) {
		lathep_emu_lose_pending(e);
		return;
	}
	if (!disc->open)
		return;
	track = lathep_emu_track(disc, disc->open);
	lathep_emu_break_session(disc);
	if (!disc->buffered)
		return;
	if (disc->buffered > track->blocks)
		disc->buffered = track->blocks;
	track->blocks -= disc->buffered;
	disc->buffered = 0;
	if (emu_quirk(e, EMU_Q_CLEAN_CUT)) {
		track->blocks -= track->blocks % disc->media->ecc_blocks;
		return;
	}
	track->blocks++;
	tear(disc, track);
}
