/* SPDX-License-Identifier: MIT */
/* emu_blank.c - BLANK, MMC-6 6.2: CD-RW and DVD-RW, also formatted ones. */
#include "mmc/emulator/emu_recording.h"

enum { BLANK_FULL, BLANK_MINIMAL };

#define DVD_MINIMAL_BLOCKS 12288u	/* lead-in and recording management */

uint32_t lathep_emu_blank(struct lathe_emulator *e, struct lathe_cmd *c)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_job job = { .kind = EMU_JOB_BLANK };
	uint64_t blocks;

	job.detail = c->cdb[1] & 7;
	if (!disc->media->erasable ||
	    lathep_emu_way(disc) == EMU_WAY_RANDOM)
		return EMU_INCOMPATIBLE;
	if (job.detail > BLANK_MINIMAL)
		return EMU_BAD_FIELD;
	blocks = lathep_emu_way(disc) == EMU_WAY_CD ? disc->media->lead_in
						    : DVD_MINIMAL_BLOCKS;
	if (job.detail == BLANK_FULL)
		blocks = disc->limit;
	e->test_open = false;
	e->cue.valid = false;
	lathep_emu_start_job(e, &job, 5000000u + blocks *
			     lathep_emu_block_us(e), c->cdb[1] & 0x10);
	return EMU_GOOD;
}

void lathep_emu_finish_blank(struct lathe_emulator *e, uint8_t type)
{
	struct emu_disc *disc = emu_disc(e);

	lathep_emu_drop_pending(e);
	lathep_emu_disc_erase(disc);
	/* The lead-in of a DVD-RW then still says where data are, so that it
	 * can only be written at once. */
	disc->minimal = type == BLANK_MINIMAL &&
			lathep_emu_way(disc) == EMU_WAY_DVD_R;
	e->underrun = false;
	/* First what tells of the data, then the data: whoever is killed in
	 * between leaves no disc that tells of data which are gone. After a
	 * minimal blanking the old data physically remain. */
	if (!lathep_emu_save(e->store) && type == BLANK_FULL)
		e->store->ops->discard(e->store);
}

/*
 * Interrupted, a drive has erased the table of contents first, and the disc is
 * blank. One that begins with the data leaves tracks and sessions that tell of
 * blocks nobody can read, until the disc is blanked again.
 */
void lathep_emu_cut_blank(struct lathe_emulator *e, uint8_t type)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t end = disc->formatted;

	if (!emu_quirk(e, EMU_Q_BLANK_CUT_SPOILS)) {
		lathep_emu_finish_blank(e, type);
		return;
	}
	if (disc->tracks)
		end = disc->track[disc->tracks - 1].start +
		      disc->track[disc->tracks - 1].blocks;
	lathep_emu_drop_pending(e);
	disc->damages = 0;
	if (end)
		lathep_emu_damage(disc, 0, end);
}
