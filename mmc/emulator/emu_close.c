/* SPDX-License-Identifier: MIT */
/* emu_close.c - CLOSE TRACK/SESSION and BLANK, MMC-6 6.3 and 6.2, and what
 * becomes of the disc when work in the background ends. */
#include "mmc/emulator/emulator_internal.h"

/* ---- CLOSE TRACK/SESSION ------------------------------------------------ */

static uint32_t close_track(struct lathe_emulator *e, uint32_t number,
			    bool immediate)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_job job = { .kind = EMU_JOB_CLOSE_TRACK };
	struct emu_track *track;
	uint64_t blocks;

	if (emu_quirk(e, EMU_Q_CLOSE_TRACK_FAILS))
		return EMU_BAD_FIELD;
	if (number == 0xff)
		number = disc->open ? disc->open : disc->tracks + 1;
	if (number == disc->tracks + 1 && !disc->final)
		return EMU_GOOD;	/* the invisible track: nothing */
	if (number < 1 || number > disc->tracks)
		return EMU_BAD_FIELD;
	track = lathep_emu_track(disc, number);
	if (track->state == EMU_TRACK_COMPLETE)
		return EMU_GOOD;
	job.track = number;
	blocks = disc->buffered + track->reserved + disc->media->min_track;
	lathep_emu_start_job(e, &job, 1000000u + blocks *
			     lathep_emu_block_us(e), immediate);
	return EMU_GOOD;
}

static uint32_t close_session(struct lathe_emulator *e, bool immediate)
{
	struct emu_disc *disc = emu_disc(e);
	const struct emu_media *m = disc->media;
	struct emu_job job = { .kind = EMU_JOB_CLOSE_SESSION };
	uint32_t first = lathep_emu_complete_tracks(disc) + 1, i;
	uint64_t blocks;

	if (disc->open)
		return EMU_OPEN_TRACK;
	for (i = first; i <= disc->tracks; i++)
		if (lathep_emu_track(disc, i)->state == EMU_TRACK_RESERVED)
			return EMU_RESERVED_TRACK;
	if (disc->tracks < first)
		return EMU_GOOD;	/* an empty session */
	job.detail = e->page_05[3] >> 6;
	blocks = m->lead_in + (disc->sessions ? m->lead_out_next
					      : m->lead_out_first);
	lathep_emu_start_job(e, &job, 2000000u + blocks *
			     lathep_emu_block_us(e), immediate);
	return EMU_GOOD;
}

uint32_t lathep_emu_close(struct lathe_emulator *e, struct lathe_cmd *c)
{
	bool immediate = c->cdb[1] & 1;

	switch (c->cdb[2] & 7) {
	case 1:
		return close_track(e, lathe_get_be16(c->cdb + 4), immediate);
	case 2:
		return close_session(e, immediate);
	default:
		return EMU_BAD_FIELD;
	}
}

/* ---- BLANK -------------------------------------------------------------- */

enum { BLANK_FULL, BLANK_MINIMAL };

uint32_t lathep_emu_blank(struct lathe_emulator *e, struct lathe_cmd *c)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_job job = { .kind = EMU_JOB_BLANK };
	uint64_t blocks;

	job.detail = c->cdb[1] & 7;
	if (!disc->media->erasable)
		return EMU_INCOMPATIBLE;
	if (job.detail > BLANK_MINIMAL)
		return EMU_BAD_FIELD;
	blocks = job.detail == BLANK_FULL ? disc->limit : disc->media->lead_in;
	e->test_open = false;
	lathep_emu_start_job(e, &job, 5000000u + blocks *
			     lathep_emu_block_us(e), c->cdb[1] & 0x10);
	return EMU_GOOD;
}

static void finish_blank(struct lathe_emulator *e, uint8_t type)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t limit = disc->limit;

	lathep_emu_disc_blank(disc, disc->kind);
	disc->limit = limit;
	e->underrun = false;
	/* First what tells of the data, then the data: whoever is killed in
	 * between leaves no disc that tells of data which are gone. After a
	 * minimal blanking the old data physically remain. */
	if (!e->store->ops->save(e->store) && type == BLANK_FULL)
		e->store->ops->discard(e->store);
}

/* ---- the end of work in the background ---------------------------------- */

void lathep_emu_finish_job(struct lathe_emulator *e)
{
	struct emu_job job = e->job;

	e->job.kind = EMU_JOB_NONE;
	switch (job.kind) {
	case EMU_JOB_SYNC:
	case EMU_JOB_CLOSE_TRACK:
		lathep_emu_finish_track(e, job.track);
		break;
	case EMU_JOB_CLOSE_SESSION:
		lathep_emu_close_session(emu_disc(e), job.detail);
		e->store->ops->save(e->store);
		break;
	case EMU_JOB_BLANK:
		finish_blank(e, job.detail);
		break;
	case EMU_JOB_LOAD:
		e->tray_open = false;
		e->media_event = 2;	/* NewMedia */
		lathep_emu_attend(e, EMU_MEDIUM_CHANGED);
		break;
	default:
		break;
	}
}
